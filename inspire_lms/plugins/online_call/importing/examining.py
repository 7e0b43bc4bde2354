"""The dry run: a table is read from end to end and compared with who is known; nothing is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field

from inspire_lms.kernel import clock, files
from inspire_lms.kernel.errors import NotThere, Reason
from inspire_lms.kernel.people.names import fold, tidy
from inspire_lms.plugins.online_call import questions
from inspire_lms.plugins.online_call.confirming.rules import Seen, sealed
from inspire_lms.plugins.online_call.importing import entries, queries, rules
from inspire_lms.plugins.online_call.importing.columns import OPTIONAL, headings
from inspire_lms.plugins.online_call.importing.entries import Entry, Wrong
from inspire_lms.plugins.online_call.importing.models import Import
from inspire_lms.plugins.online_call.importing.rules import Doubt, Target, Told
from inspire_lms.plugins.online_call.importing.sheets import table
from inspire_lms.plugins.online_call.models import Call

SHOWN = 200
"""Mistakes that one page shows; when these are mended the rest is shown."""


@dataclass(frozen=True)
class DryRun:
    """What a table would do."""

    rows: int
    wrong: tuple[Wrong, ...]
    """The first mistakes, SHOWN at most."""
    mistakes: int
    """All of them."""
    doubts: tuple[Doubt, ...]
    """Rows of which somebody must say who it is; none while there are mistakes."""
    unanswered: tuple[Doubt, ...]
    targets: tuple[Target, ...]
    """What is written, in the order in which it was received; empty while something is open."""
    contradictions: Mapping[int, Reason]
    """By row: answers that cannot both be true."""
    names: Mapping[int, str] = field(default_factory=dict)
    """Who has applied, as the table says it, by row."""

    @property
    def is_ready(self) -> bool:
        """Whether it can be confirmed."""
        return not (self.mistakes or self.unanswered or self.contradictions) and bool(self.targets)

    @property
    def seal(self) -> Seen:
        """What confirming it is: for whom which row is written, and whose account is prepared."""
        return sealed(len(self.targets), [astuple(each) for each in self.targets])

    @property
    def left_out(self) -> int:
        """How many rows are not written."""
        return self.rows - len(self.targets)

    @property
    def accounts(self) -> int:
        """How many accounts have to be prepared."""
        return sum(each.person_id is None for each in self.targets)


def read(call: Call, content: bytes, name: str, kind: str) -> Iterator[tuple[Entry | None, Sequence[Wrong]]]:
    """Read a table row by row: the application that it tells, or what is wrong. Raises Invalid when it is no table for this call."""
    form = questions.form_of(call.form)
    found = table.opened(content, name, kind, needed=headings(questions.all_questions(form)), optional=OPTIONAL)
    now = clock.now()
    for line in found.lines:
        yield entries.taken(line, found.columns, form, window=call.window, language=call.cohort.language, at=now)


def content_of(held: Import) -> tuple[bytes, str]:
    """Give the table of an import that waits, and of which kind it is. Raises NotThere for one that is confirmed."""
    if held.file_id is None:
        raise NotThere
    kept, content = files.fetch(held.file_id)
    return content, kept.kind


def dry_run(held: Import) -> DryRun:
    """Say what an import would do now; the answers that were given so far count. Raises NotThere for one that is confirmed."""
    content, kind = content_of(held)
    told: list[Told] = []
    wrong: list[Wrong] = []
    rows = mistakes = 0
    for entry, found in read(held.call, content, held.name, kind):
        rows, mistakes = rows + 1, mistakes + len(found)
        wrong += found[: SHOWN - len(wrong)]
        if entry is not None and not mistakes:
            told.append(_told(entry))
    if mistakes:
        return DryRun(rows, tuple(wrong), mistakes, (), (), (), {})
    return _compared(held, told)


def _told(entry: Entry) -> Told:
    return Told(
        row=entry.row,
        email=entry.email,
        key=rules.name_key(entry.given, entry.family, entry.language),
        name=f"{entry.given} {entry.family}".strip(),
        administration=fold(tidy(str(entry.answers.get("administration", "")))),
        received_at=entry.received_at,
    )


def _compared(held: Import, told: list[Told]) -> DryRun:
    accounts = queries.accounts(held.call_id, (each.email for each in told))
    namesakes = queries.namesakes(held.call, {each.key for each in told})
    found = rules.doubts(told, accounts, namesakes)
    open_ = tuple(rules.unanswered(found, held.answers))
    if open_:
        return DryRun(len(told), (), 0, tuple(found), open_, (), {})
    targets, contradictions = rules.settled(told, found, held.answers, accounts, namesakes)
    targets.sort(key=lambda each: (each.received_at, each.row))
    names = {each.row: each.name for each in told}
    return DryRun(len(told), (), 0, tuple(found), (), tuple(targets), contradictions, names)
