"""The tables of the committee: applications, and the ranking with its cut-off."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from flask import url_for

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import _, number, show, when
from inspire_lms.kernel.web.tables import ROWS_A_PAGE, Cell, Column, Paged, Table, cut
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.judging import queries
from inspire_lms.plugins.online_call.judging.queries import Judged
from inspire_lms.plugins.online_call.judging.room import FEW, Ranked, Room
from inspire_lms.plugins.online_call.offering.queries import Placed
from inspire_lms.plugins.online_call.questions import form_of
from inspire_lms.plugins.online_call.ranking import told
from inspire_lms.plugins.online_call.ranking.order import Line
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
Maker = Callable[[], Mapping[str, Any]]
"""What makes a row when it is shown."""


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


def ranking(room: Room, asked: str) -> tuple[Table, Paged]:
    """Show the page of the ranking, provisional or published, that is *asked* for; one that does not exist gives the nearest.

    Only the rows of the page are put into words: numbers in the reader's language are what a long list costs.
    """
    columns = (
        Column("position", Message("No."), kind="num"),
        Column("name", Message("Applicant")),
        Column("first", "A", kind="num"),
        Column("second", "B", kind="num"),
        Column("total", Message("Total"), kind="num"),
        Column("state", Message("State")),
    )
    rows: Sequence[Maker | Placed] = _provisional(room, room.ranked) if room.ranked else _published(room)
    pages = max(1, -(-len(rows) // ROWS_A_PAGE))
    page = min(pages, max(1, int(asked))) if asked.isascii() and asked.isdecimal() else 1
    shown = rows[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    placed = _placed(room, [each for each in shown if isinstance(each, Placed)])
    drawn = [placed(each) if isinstance(each, Placed) else each() for each in shown]
    before, after = (f"?page={each}#ranking" if 1 <= each <= pages else None for each in (page - 1, page + 1))
    table = Table(columns=columns, rows=drawn, look="rank", heading="name", empty=Message("There is no eligible application yet."))
    return table, Paged((), page, pages, len(rows), before, after)


def _provisional(room: Room, found: Ranked) -> list[Maker]:
    titles = _titles(room)
    by_number = {each.number: each for each in found.judged}
    rows: list[Maker] = []
    below = sum(line.is_suitable for line in found.lines) + 1
    # Where quotas moved somebody no line parts those with a place from those without: the last column says it.
    is_plain, waiting = not any(line.moved_by for line in found.lines), 0
    for line in found.lines:
        waiting += not line.is_chosen
        if is_plain and line.position == room.offers + 1 and line.is_suitable:
            rows.append(partial(cut, _cut_off(room)))
        if line.position == below:
            too_few = Message("Fewer than {points} points: not on the reserve list.", points=room.call.suitable_from)
            rows.append(partial(cut, too_few, ends=True))
        rows.append(partial(_scored, room, by_number[line.entry.number], line, waiting, titles))
    scored = {line.entry.number for line in found.lines}
    return rows + [partial(_unscored, room, each) for each in found.judged if each.number not in scored]


def _titles(room: Room) -> dict[str, Any]:
    return {each.code: each.title for each in applying.criteria(room.call.id)}


def _scored(room: Room, judged: Judged, line: Line, waiting: int, titles: Mapping[str, Any]) -> dict[str, Any]:
    note = told.note(line.settled_by, _moved(room, line.moved_by, is_in=line.is_chosen), titles)
    outlook = _outlook(room, judged, line, waiting, note)
    return _row(judged, line.position, line.entry.total, outlook, more=_more(room, judged))


def _moved(room: Room, groups: Sequence[str], *, is_in: bool) -> Message | None:
    return told.moved(groups, is_in=is_in, quotas=quotas_of(room.call.quotas), form=form_of(room.call.form)) if groups else None


def _unscored(room: Room, judged: Judged) -> dict[str, Any]:
    return _row(judged, None, None, _waiting(room, judged), hide=_is_hidden(room, judged))


def _is_hidden(room: Room, judged: Judged) -> bool:
    return room.ranked is not None and judged.id in room.ranked.hidden


def _published(room: Room) -> list[Maker | Placed]:
    rows: list[Maker | Placed] = [*room.places.values()]
    is_plain = not any(each.moved_by for each in room.places.values())
    if room.published and is_plain and len(rows) > room.published.seats:
        rows.insert(room.published.seats, partial(cut, _cut_off(room)))
    return rows


def _placed(room: Room, shown: Sequence[Placed]) -> Callable[[Placed], Mapping[str, Any]]:
    """Give what makes the rows of a published ranking; only those that are *shown* are read."""
    if not shown:
        return lambda _place: {}
    wanted = tuple(each.application_id for each in shown) if len(room.places) > FEW else None
    known, titles = {each.id: each for each in queries.reviewed(room.call.id, wanted)}, _titles(room)

    def made(place: Placed) -> Mapping[str, Any]:
        kind, text = STANDINGS[place.standing]
        state = Cell(text, status=kind, note=_note(room, place, titles))
        reviewed = known.get(place.application_id)
        if reviewed is None:
            return _gone(place, state)
        return _row(reviewed, place.position, place.total, state, more=_more(room, reviewed))

    return made


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


def _outlook(room: Room, judged: Judged, line: Line, waiting: int, note: Message | None) -> Cell:
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
    if not line.is_suitable:
        return Cell(Message("Not suitable"), status="bad", note=note)
    if line.is_chosen:
        return Cell(Message("Place to offer"), status="ok", note=note)
    return Cell(Message("Reserve {n}", n=waiting), status="wait", note=note)


def _waiting(room: Room, judged: Judged) -> Cell:
    if _is_hidden(room, judged):
        return Cell(Message("Waits for your evaluation"), status="now")
    return Cell(Message("Evaluations to come: {n}", n=judged.lacks), status="wait")
