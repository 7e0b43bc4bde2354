"""The table of publications, and where a selection stands between the lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from inspire_lms.kernel import clock
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import _, locale, ngettext
from inspire_lms.kernel.web.tables import Cell, Column, Table
from inspire_lms.plugins.online_call.appealing import queries as appeals
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.publishing import queries
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.publishing.provisional import appeal_until
from inspire_lms.plugins.online_call.publishing.rules import KINDS, Kind


@dataclass(frozen=True)
class Stage:
    """Where a selection stands between the lists."""

    provisional: Publication | None
    is_provisional_next: bool
    """The list that comes next is the provisional one."""
    appeals: int
    """Appeals that wait for an answer."""
    until: Any
    """Until when one may appeal; before the provisional list is published, until when one could if it were published now."""
    is_window_open: bool
    table: Table


def stage(call: Call) -> Stage:
    """Gather it for the committee room."""
    found, now = queries.of_call(call.id), clock.now()
    provisional = next((each for each in found if each.kind == Kind.PROVISIONAL), None)
    is_final = any(each.kind != Kind.PROVISIONAL for each in found)
    is_next = bool(call.appeal_days) and not found
    until = provisional.appeal_until if provisional else appeal_until(call, now) if is_next else None
    is_open = provisional is not None and not is_final and until is not None and now < until
    return Stage(provisional, is_next, appeals.waiting(call.id) if provisional else 0, until, is_open, publications(found))


def next_deed(call: Call) -> str:
    """Say what the coordinator of a selection with all its evaluations does next; empty while applicants may appeal."""
    found = stage(call)
    if found.is_provisional_next:
        return _("Publish the provisional ranking")
    if found.appeals:
        return ngettext("Answer {n} appeal", "Answer {n} appeals", found.appeals)
    return "" if found.is_window_open else _("Publish the ranking")


def publications(found: Sequence[Publication]) -> Table:
    """List the publications of a call, the latest first, with their minutes in the language of the country and in English."""
    languages = dict.fromkeys((found[0].call.cohort.language, "en")) if found else {}
    return Table(
        columns=(
            Column("number", Message("No."), kind="num"),
            Column("kind", Message("Ranking")),
            Column("at", Message("Published")),
            Column("digest", Message("Fingerprint")),
            *(Column(language, Message("Minutes, {language}", language=_name(language))) for language in languages),
        ),
        rows=[_row(each, languages) for each in reversed(found)],
        heading="kind",
        empty=Message("Nothing has been published so far."),
    )


def _name(language: str) -> str:
    return str(locale().languages.get(language, language))


def _row(publication: Publication, languages: Iterable[str]) -> dict[str, Any]:
    replaces = Message("replaces no. {number}", number=publication.number - 1) if publication.number > 1 else None
    files = {each: url_for("online_call.minutes", publication_id=publication.id, language=each) for each in languages}
    about = Message("no. {number}", number=publication.number)
    return {
        "number": publication.number,
        "kind": Cell(KINDS[publication.kind], note=replaces),
        "at": publication.published_at,
        "digest": publication.digest[:16],
        **{each: Cell("PDF", href=href, about=about) for each, href in files.items()},
    }
