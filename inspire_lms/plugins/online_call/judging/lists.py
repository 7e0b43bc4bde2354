"""The tables of the committee: applications, and the ranking with its cut-off."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask import url_for

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import _, number, show, when
from inspire_lms.kernel.web.tables import Cell, Column, Table, cut
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.judging.queries import Judged
from inspire_lms.plugins.online_call.judging.room import Room
from inspire_lms.plugins.online_call.offering.queries import Placed
from inspire_lms.plugins.online_call.overview.found import Cut
from inspire_lms.plugins.online_call.overview.found import Row as Provisional
from inspire_lms.plugins.online_call.questions import form_of
from inspire_lms.plugins.online_call.ranking import told
from inspire_lms.plugins.online_call.ranking.terms import quotas_of
from inspire_lms.plugins.online_call.rules import REVIEWS, Standing, State

STATES: Mapping[str, tuple[str, Message]] = {
    State.SUBMITTED: ("now", Message("To be checked")),
    State.ELIGIBLE: ("ok", Message("Eligible")),
    State.NOT_ELIGIBLE: ("bad", Message("Not eligible")),
    State.WITHDRAWN: ("bad", Message("Withdrawn")),
}
STANDINGS: Mapping[str, tuple[str, Message]] = {
    Standing.UNSUITABLE: ("bad", Message("Not suitable")),
    Standing.RESERVE: ("wait", Message("Reserve list")),
    Standing.OFFERED: ("now", Message("Offer open")),
    Standing.ACCEPTED: ("ok", Message("Accepted")),
    Standing.DECLINED: ("bad", Message("Declined")),
    Standing.LAPSED: ("bad", Message("Lapsed")),
    Standing.WITHDRAWN: ("bad", Message("Withdrawn")),
}
"""Shape and word of each state."""
TURNS = (1, 2, 3)


def applications(rows: Sequence[Any]) -> Table:
    """List the submitted applications of a call, as queries.applications gives them."""
    return Table(
        columns=(
            Column("name", Message("Applicant")),
            Column("number", Message("Protocol number")),
            Column("administration", Message("Administration")),
            Column("submitted", Message("Submitted")),
            Column("rules", Message("What the rules found")),
            Column("state", Message("State")),
        ),
        rows=[_application(row) for row in rows],
        empty=Message("There is no such application."),
    )


def _application(row: Any) -> dict[str, Any]:  # noqa: ANN401 (a row)
    kind, text = STATES[row.state]
    name = f"{row.family_name}, {row.given_name}" if row.given_name else row.family_name
    return {
        "name": Cell(name, href=url_for("online_call.file", application_id=row.id)),
        "number": row.protocol_number,
        "administration": row.administration,
        "submitted": row.submitted_at,
        "rules": _findings(row.failed, row.unsure),
        "state": Cell(text, status=kind),
    }


def _findings(failed: int, unsure: int) -> Cell:
    if failed:
        return Cell(Message("Conditions not met: {n}", n=failed), status="bad")
    if unsure:
        return Cell(Message("To be looked at: {n}", n=unsure), status="warn")
    return Cell(Message("All conditions met"), status="ok")


def ranking(room: Room) -> Table:
    """Show the page of the ranking, provisional or published, that the room has gathered."""
    columns = (
        Column("position", Message("No."), kind="num"),
        Column("name", Message("Applicant")),
        Column("first", "A", kind="num"),
        Column("second", "B", kind="num"),
        Column("total", Message("Total"), kind="num"),
        Column("state", Message("State")),
    )
    titles = {each.code: each.title for each in applying.criteria(room.call.id)} if room.rows else {}
    rows = [_shown(room, each, titles) for each in room.rows]
    return Table(columns=columns, rows=rows, look="rank", heading="name", empty=Message("There is no eligible application yet."))


def _shown(room: Room, row: Provisional | Placed | Cut, titles: Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(row, Placed):
        return _placed(room, row, titles)
    if isinstance(row, Provisional):
        return _scored(room, row, titles) if row.position else _unscored(room, room.known[row.application_id])
    if row is Cut.PLACES:
        return cut(_cut_off(room))
    return cut(Message("Fewer than {points} points: not on the reserve list.", points=room.call.suitable_from), ends=True)


def _scored(room: Room, row: Provisional, titles: Mapping[str, Any]) -> dict[str, Any]:
    judged = room.known[row.application_id]
    note = told.note(row.settled_by, _moved(room, row.moved_by, is_in=row.is_chosen), titles)
    return _row(judged, row.position, row.total, _outlook(room, judged, row, note), more=_more(room, judged))


def _moved(room: Room, groups: Sequence[str], *, is_in: bool) -> Message | None:
    return told.moved(groups, is_in=is_in, quotas=quotas_of(room.call.quotas), form=form_of(room.call.form)) if groups else None


def _unscored(room: Room, judged: Judged) -> dict[str, Any]:
    return _row(judged, None, None, _waiting(room, judged), hide=judged.id in room.hidden)


def _placed(room: Room, place: Placed, titles: Mapping[str, Any]) -> dict[str, Any]:
    kind, text = STANDINGS[place.standing]
    state = Cell(text, status=kind, note=_note(room, place, titles))
    reviewed = room.known.get(place.application_id)
    if reviewed is None:
        return _gone(place, state)
    return _row(reviewed, place.position, place.total, state, more=_more(room, reviewed))


def _note(room: Room, place: Placed, titles: Mapping[str, Any]) -> Message | str | None:
    moved = _moved(room, place.moved_by, is_in=room.published is not None and place.position > room.published.seats)
    note, at = told.note(place.settled_by, moved, titles), _when(place, room.call.cohort.zone)
    return f"{at}; {show(note)}" if note and at else note or at


def _cut_off(room: Room) -> Message:
    points = number(room.cut_off, 2) if room.cut_off is not None else ""
    seats = room.offers if not room.published else room.published.seats
    return Message(
        "Cut-off: {seats} places, {points} points. Below it the reserve list, called up in this order.", seats=seats, points=points
    )


def _row(
    judged: Judged, position: int | None, total: Decimal | None, state: Cell, *, hide: bool = False, more: Sequence[str] = ()
) -> dict[str, Any]:
    given = {turn: judged.turn(turn) for turn in TURNS}
    shown = {turn: _points(one.total) if one and one.total is not None and not hide else "–" for turn, one in given.items()}
    notes = [show(state.note), *more] if state.note else more
    return {
        "position": position if position is not None else "–",
        "name": Cell(judged.name, href=url_for("online_call.file", application_id=judged.id), note=judged.administration),
        "first": shown[1],
        "second": shown[2],
        "total": Cell(number(total, 2) if total is not None else "–", note=f"C {shown[3]}" if given[3] else None),
        "state": replace(state, note="; ".join(notes)) if more else state,
    }


def _more(room: Room, judged: Judged) -> list[str]:
    """Say what stands beside the total, and how far the totals spread when three are still too far apart."""
    totals = [each.total for each in judged.reviews if each.total is not None]
    apart = max(totals) - min(totals) if totals else Decimal(0)
    far = _("{apart} points apart; the limit is {limit}", apart=number(apart, 1), limit=room.call.gap)
    is_far = len(totals) > REVIEWS and apart > room.call.gap
    return [*([far] if is_far else ()), *([room.beside[judged.id]] if judged.id in room.beside else ())]


def _points(total: Decimal) -> str:
    return number(total, 0 if total == int(total) else 1)


def _gone(place: Placed, state: Cell) -> dict[str, Any]:
    name = Cell(_("Withdrawn application"), href=url_for("online_call.file", application_id=place.application_id))
    blank = {"first": "–", "second": "–"}
    return {"position": place.position, "name": name, **blank, "total": number(place.total, 2), "state": state}


def _when(place: Placed, zone: str) -> str | None:
    at = place.offer_until if place.standing == Standing.OFFERED else place.answered_at
    return when(at, zone, "short") if at else None


def _outlook(room: Room, judged: Judged, row: Provisional, note: Message | None) -> Cell:
    if judged.is_third_due:
        totals = [each.total for each in judged.reviews if each.turn <= REVIEWS and each.total is not None]
        apart = number(abs(totals[0] - totals[1]), 1)
        return Cell(
            Message("Third evaluation due"),
            status="warn",
            note=Message("{apart} points apart; the limit is {limit}", apart=apart, limit=room.call.gap),
        )
    if judged.lacks:
        return _waiting(room, judged)
    if not row.is_suitable:
        return Cell(Message("Not suitable"), status="bad", note=note)
    if row.is_chosen:
        return Cell(Message("Place to offer"), status="ok", note=note)
    return Cell(Message("Reserve {n}", n=row.waiting), status="wait", note=note)


def _waiting(room: Room, judged: Judged) -> Cell:
    if judged.id in room.hidden:
        return Cell(Message("Waits for your evaluation"), status="now")
    return Cell(Message("Evaluations to come: {n}", n=judged.lacks), status="wait")
