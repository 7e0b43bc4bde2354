"""What the pages of letters show: the kinds with their counts, one page of letters, what goes and what does not."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import url_for

from inspire_lms.kernel.errors import Message, When, counted
from inspire_lms.kernel.i18n import locale
from inspire_lms.kernel.mail import UNSENT, MailState
from inspire_lms.kernel.web.tables import Cell, Column, Paged, Table
from inspire_lms.plugins.online_call.confirming.paging import one_page
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.posting import announcing, models, queries, rules
from inspire_lms.plugins.online_call.posting.kinds import KINDS
from inspire_lms.plugins.online_call.posting.rules import To
from inspire_lms.plugins.online_call.rules import Standing

STATES: Mapping[str, tuple[str, Message]] = {
    MailState.HELD: ("now", Message("Waits to be released")),
    MailState.QUEUED: ("half", Message("On its way")),
    MailState.SENT: ("ok", Message("Sent")),
    MailState.KEPT: ("wait", Message("Kept here, no mail server is set")),
    MailState.FAILED: ("bad", Message("Not sent")),
    MailState.REFUSED: ("bad", Message("Address refused")),
    MailState.DROPPED: ("half", Message("Dropped, not sent")),
}
"""Shape and word of each state."""
GROUPS: Mapping[str, Message] = {
    To.DRAFTS: Message("those with a draft"),
    To.SUBMITTED: Message("those whose application is in the running"),
    To.ELIGIBLE: Message("those who are eligible"),
    To.RESERVE: Message("those on the reserve list"),
    To.OFFERED: Message("those with an open offer"),
    To.ACCEPTED: Message("those who have accepted a place"),
}
"""For whom an announcement is."""
EDITED = Message("Other words were put in")
COUNTED = (MailState.HELD, MailState.QUEUED, MailState.SENT, MailState.KEPT, *UNSENT, MailState.DROPPED)


def language(code: str) -> str:
    """Name a language in that of the reader."""
    return str(locale().languages.get(code, code))


def groups(call: Call, counts: Mapping[tuple[str, str], Mapping[str, int]]) -> Table:
    """Show the letters of a call by kind and language, in the order of the kinds; columns for states that occur."""
    shown = [state for state in COUNTED if any(each.get(state) for each in counts.values())]
    rows = []
    for code, spoken in sorted(counts, key=lambda key: (list(KINDS).index(key[0]), key[1])):
        where: dict[str, Any] = {"cohort_id": call.cohort_id, "kind": code, "spoken": spoken}
        title = Cell(KINDS[code].title, href=url_for("online_call.letters", **where), about=language(spoken))
        rows.append({"kind": title, "language": language(spoken)} | {state: counts[code, spoken].get(state, 0) for state in shown})
    columns = [Column("kind", Message("Letter")), Column("language", Message("Language"))]
    empty = Message("No letter was written to an applicant of this call so far.")
    return Table(columns=[*columns, *(Column(state, STATES[state][1], "num") for state in shown)], rows=rows, empty=empty)


def letters(rows: Sequence[Any], zone: str) -> Table:
    """Show one page of letters."""
    return Table(
        columns=(
            Column("subject", Message("Subject")),
            Column("to", Message("To")),
            Column("language", Message("Language")),
            Column("state", Message("State")),
            Column("at", Message("Written")),
        ),
        rows=[
            {
                "subject": Cell(each.subject, href=url_for("online_call.letter", mail_id=each.id), note=EDITED if each.edited_at else None),
                "to": Cell(each.name or Message("Account erased"), note=each.address),
                "language": language(each.language),
                "state": Cell(STATES[each.state][1], status=STATES[each.state][0], note=_note(each, zone)),
                "at": When(each.sent_at or each.written_at, zone),
            }
            for each in rows
        ],
        empty=Message("There is no such letter."),
    )


def _note(row: Any, zone: str) -> Message | None:  # noqa: ANN401 (a row)
    """Say why a letter did not go, and how long the offer of its reader still runs."""
    if row.state in UNSENT and row.standing == Standing.OFFERED:
        return Message("The offer to this person runs until {moment}. {why}", why=Message(row.error), moment=When(row.offer_until, zone))
    return Message(row.error) if row.error else None


def sends(offers: int, spoken: Sequence[tuple[str, int]], letterbox: models.Letterbox | None) -> Message:
    """Say what publishing a ranking sends at once: a letter to everybody in it, or only the offers while letters wait."""
    people = sum(number for _language, number in spoken)
    listed = ", ".join(f"{language(code)} {number}" for code, number in spoken)
    if letterbox is None or not letterbox.is_closed:
        return counted(
            "The ranking is fixed, and {n} letter goes out now ({languages}).",
            "The ranking is fixed, and {n} letters go out now ({languages}).",
            n=people,
            languages=listed,
        )
    return Message(
        "The ranking is fixed. Offers that go out now: {offers}; their deadline runs. Letters that wait until you release them: {others}.",
        offers=offers,
        others=people - offers,
    )


def going(found: queries.Waiting) -> Table:
    """Show how many letters go, of which kind and in which language."""
    return Table(
        columns=(Column("kind", Message("Letter")), Column("language", Message("Language")), Column("number", Message("Letters"), "num")),
        rows=[{"kind": KINDS[kind].title, "language": language(code), "number": number} for kind, code, number in found.counts],
        total={"kind": Message("Together"), "language": "", "number": len(found.letters)},
        empty=Message("Nothing of this waits any more."),
    )


def whom(found: queries.Waiting) -> tuple[Table, Paged]:
    """Show to whom the letters go, 50 a page."""
    rows, paged = one_page(found.letters, lambda each: {"mail_id": each.mail_id, "kind": each.kind, "language": each.language})
    names = queries.receivers([each["mail_id"] for each in rows])

    def receiver(mail_id: int) -> Cell:
        return Cell(names.get(mail_id) or Message("Account erased"), href=url_for("online_call.letter", mail_id=mail_id))

    table = Table(
        columns=(Column("to", Message("To")), Column("kind", Message("Letter")), Column("language", Message("Language"))),
        rows=[
            {
                "to": receiver(each["mail_id"]),
                "kind": KINDS[each["kind"]].title,
                "language": language(each["language"]),
            }
            for each in rows
        ],
    )
    return table, paged


def not_going(untrue: Iterable[tuple[Any, Message]]) -> Table:
    """Show what is dropped, and why."""
    return Table(
        columns=(Column("kind", Message("Letter")), Column("why", Message("Why it is dropped"))),
        rows=[
            {"kind": Cell(KINDS[row.kind].title, href=url_for("online_call.letter", mail_id=row.mail_id)), "why": why}
            for row, why in untrue
        ],
    )


def announcements(call: Call, messages: Sequence[models.Message], numbers: Mapping[str, int], at: Any) -> Table:  # noqa: ANN401 (a moment)
    """Show what is announced, when and to whom; how many that would be now, of what is still to come."""
    return Table(
        columns=(
            Column("subject", Message("What")),
            Column("at", Message("When")),
            Column("to", Message("To whom")),
            Column("state", Message("State")),
        ),
        rows=[
            {
                "subject": Cell(announcing.subject(each, call, "…"), note=each.code),
                "at": When(each.due_at, call.cohort.zone),
                "to": Cell(GROUPS[each.to], note=_now(numbers[each.to]) if each.due_at > at else None),
                "state": Cell(_state(each, at)[1], status=_state(each, at)[0]),
            }
            for each in messages
        ],
        empty=Message("The edition file of this call announces nothing."),
    )


def _now(number: int) -> Message:
    return counted("now {n} person", "now {n} people", n=number)


def _state(message: models.Message, at: Any) -> tuple[str, Message]:  # noqa: ANN401
    if message.written_at:
        return "ok", Message("Written")
    if at < message.due_at:
        return "wait", Message("To come")
    if rules.is_due(message.due_at, message.of_at, message.loaded_at, at=at):
        return "half", Message("Being written")
    return "bad", Message("Not written: its moment was over")
