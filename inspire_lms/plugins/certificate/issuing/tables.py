"""The tables of the coordinator's pages: who stands where, and the register."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import url_for

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import _, on_day, show
from inspire_lms.kernel.web.tables import ROWS_A_PAGE, Cell, Column, Paged, Table
from inspire_lms.plugins.certificate import queries
from inspire_lms.plugins.certificate.earning.evidence import Trainee
from inspire_lms.plugins.certificate.issuing.overview import Overview
from inspire_lms.plugins.certificate.naming.rules import Answer
from inspire_lms.plugins.certificate.rules import KIND_NAMES, AppealState, Kind, State, given_for
from inspire_lms.plugins.certificate.validity.rules import ENDED, seen_as

STATE_LOOKS: Mapping[str, tuple[str, Message]] = {
    State.DECIDED: ("wait", Message("Being issued")),
    State.VALID: ("ok", Message("Valid")),
    ENDED: ("warn", Message("Expired")),
    State.REPLACED: ("warn", Message("Replaced")),
    State.REVOKED: ("bad", Message("Revoked")),
}
ANSWER_LOOKS: Mapping[Answer, tuple[str, Message]] = {
    Answer.NOT_ASKED: ("", Message("Not asked yet")),
    Answer.WAITING: ("wait", Message("No answer yet")),
    Answer.CONFIRMED: ("ok", Message("Confirmed")),
    Answer.CHANGED: ("warn", Message("Changed since it was confirmed")),
}
APPEAL_LOOKS: Mapping[str, tuple[str, Message]] = {
    AppealState.OPEN: ("wait", Message("Appeal waits for an answer")),
    AppealState.UPHELD: ("warn", Message("Appeal upheld: decide again")),
    AppealState.DISMISSED: ("bad", Message("Not given, appeal dismissed")),
}


def page_of_trainees(seen: Overview, asked: str) -> Paged:
    """Give one page of the trainees; what is no page of the list gives the nearest one."""
    pages = max(1, -(-seen.members // ROWS_A_PAGE))
    number = min(pages, max(1, int(asked) if asked.isascii() and asked.isdecimal() else 1))
    rows = seen.known.trainees[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE]
    before, after = (f"?page={one}" if 1 <= one <= pages else None for one in (number - 1, number + 1))
    return Paged(rows, number, pages, seen.members, before, after)  # type: ignore[arg-type]  # trainees in place of rows


def trainees_table(seen: Overview, trainees: Sequence[Trainee]) -> Table:
    """Make the table of trainees: what is met, what is missing, which document they hold."""
    columns = (
        Column("name", Message("Name")),
        Column("stands", Message("Criteria")),
        Column("missing", Message("Missing")),
        Column("named", Message("Name for the certificate"), kind="inl"),
        Column("holds", Message("Certificate")),
        Column("preview", Message("Preview"), kind="plain"),
    )
    return Table(columns, [_row(seen, one) for one in trainees], empty=Message("Nobody is enrolled in this group yet."))


def _row(seen: Overview, one: Trainee) -> dict[str, Cell]:
    person_id, lines = one.member.person_id, one.standing.lines
    met = len(lines) - len(one.standing.missing)
    look = "ok" if one.standing.earned is Kind.COMPETENCE else "half" if met else "wait"
    missing = " ".join(f"{show(line.title)}: {show(line.how)}" for line in one.standing.missing)
    kind = given_for(one.standing.earned, seen.top) or Kind.ATTENDANCE
    return {
        "name": Cell(seen.called[person_id]),
        "stands": Cell(_("{met} of {all}", met=met, all=len(lines)).replace(" ", "\u00a0"), status=look),
        "missing": Cell(missing or _("Nothing")),
        "named": Cell(ANSWER_LOOKS[seen.answer_of(one)][1], status=ANSWER_LOOKS[seen.answer_of(one)][0]),
        "holds": _held(seen, one),
        "preview": Cell(
            _("Preview"),
            href=url_for("certificate.preview", cohort_id=seen.cohort.id, person_id=person_id, kind=kind),
            about=seen.called[person_id],
        ),
    }


def _held(seen: Overview, one: Trainee) -> Cell:
    """Say which certificate a trainee holds, or held."""
    person_id = one.member.person_id
    for kind in Kind:
        if held := seen.current.get((person_id, kind)):
            state = seen_as(State.VALID, held.expires_on, seen.today)
            text, look = (STATE_LOOKS[ENDED][1], STATE_LOOKS[ENDED][0]) if state == ENDED else (Message("See it"), None)
            return Cell(text, href=url_for("certificate.one", certificate_id=held.id), status=look, about=seen.called[person_id])
    for kind in Kind:
        if revoked := seen.revoked.get((person_id, kind)):
            look, text = STATE_LOOKS[State.REVOKED]
            return Cell(text, href=url_for("certificate.one", certificate_id=revoked), status=look, about=seen.called[person_id])
    if denied := seen.denied.get(person_id):
        look, text = ("bad", Message("Not certified")) if denied.state is None else APPEAL_LOOKS[denied.state]
        href = url_for("certificate.answer", appeal_id=denied.appeal_id) if denied.appeal_id else None
        return Cell(text, href=href, status=look, about=seen.called[person_id])
    return Cell(_("None"))


def register_table(*, today: date, cohort_id: int | None = None, batch_id: int | None = None) -> Table:
    """Make the table of the register as it stands *today*: the latest of a cohort, which the file has whole; all of a batch."""
    columns = (
        Column("number", Message("Number")),
        Column("name", Message("Name")),
        Column("kind", Message("Document")),
        Column("issued", Message("Date of issue"), kind="inl"),
        Column("state", Message("Status"), kind="inl"),
    )
    rows = []
    for row in queries.register(cohort_id=cohort_id, batch_id=batch_id, latest=None if cohort_id is None else ROWS_A_PAGE):
        look, text = STATE_LOOKS[seen_as(row.state, row.expires_on, today)]
        until = _("Until {day}", day=on_day(row.expires_on, style="short")) if row.expires_on and not row.reason else None
        rows.append(
            {
                "number": Cell(row.number, href=url_for("certificate.one", certificate_id=row.id)),
                "name": row.name,
                "kind": KIND_NAMES[row.kind],
                "issued": on_day(row.issued_on, style="short"),
                "state": Cell(text, status=look, note=row.reason or until),
            }
        )
    return Table(columns, rows, empty=Message("Nothing has been issued yet."))


def register_file(*, today: date, cohort_id: int | None = None, batch_id: int | None = None) -> Table:
    """Make the register as a file has it: plain columns, nothing left out."""
    names = ("number", "name", "kind", "state", "issued_on", "issued_at", "expires_on", "ended_at", "reason", "digest")
    titles = (
        Message("Number"), Message("Name"), Message("Document"), Message("Status"), Message("Date of issue"), Message("Issued at (UTC)"),
        Message("Valid until"), Message("Not valid since (UTC)"), Message("Reason"), Message("SHA-256 of the file"),
    )  # fmt: skip
    rows = [
        {name: getattr(row, name) for name in names} | {"state": seen_as(row.state, row.expires_on, today)}
        for row in queries.register(cohort_id=cohort_id, batch_id=batch_id)
    ]
    return Table(tuple(Column(name, title) for name, title in zip(names, titles, strict=True)), rows)
