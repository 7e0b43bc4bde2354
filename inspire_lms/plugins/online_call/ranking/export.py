"""The ranking as a file, with every criterion of every evaluation."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.tables import Column, Table
from inspire_lms.plugins.online_call.announcing import queries as announced
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.judging import queries
from inspire_lms.plugins.online_call.judging.lists import STANDINGS, STATES, TURNS
from inspire_lms.plugins.online_call.judging.queries import Judged
from inspire_lms.plugins.online_call.judging.room import Ranked
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.offering.queries import Placed
from inspire_lms.plugins.online_call.rules import State
from inspire_lms.plugins.online_call.scoring import TWO_PLACES


def export(call: Call, found: Ranked, places: Mapping[int, Placed]) -> Table:
    """Lay out every eligible application with every criterion of every evaluation, for a file."""
    criteria, marks = applying.criteria(call.id), queries.marks_by_review(call.id)
    positions = {line.entry.number: line.position for line in found.lines} | {
        each.number: places[each.id].position for each in found.judged if each.id in places
    }
    columns = [
        Column("position", Message("No."), kind="num"),
        Column("number", Message("Protocol number")),
        Column("name", Message("Applicant")),
        Column("administration", Message("Administration")),
        Column("submitted", Message("Submitted")),
        *(
            Column(f"{turn}-{each.code}", Message("{turn}: {criterion}", turn="ABC"[turn - 1], criterion=each.title), kind="num")
            for turn in TURNS
            for each in criteria
        ),
        *(Column(f"{turn}-total", Message("{turn}: total", turn="ABC"[turn - 1]), kind="num") for turn in TURNS),
        Column("total", Message("Total"), kind="num"),
        Column("state", Message("State")),
        Column("notice", Message("Version of the notice"), kind="num"),
    ]
    seen = [each for each in found.judged if each.id not in found.hidden]
    under = announced.applied_under(call.id)
    rows = [{"notice": under.get(each.id)} | _exported(each, places.get(each.id), marks, positions.get(each.number)) for each in seen]
    return Table(columns=columns, rows=sorted(rows, key=lambda row: (row["position"] is None, row["position"] or 0)))


def _exported(judged: Judged, place: Placed | None, marks: Mapping[int, Mapping[str, Decimal]], position: int | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "position": position,
        "number": judged.number,
        "name": judged.name,
        "administration": judged.administration,
        "submitted": judged.submitted_at,
        "total": place.total if place else judged.score.total if judged.score else None,
    }
    for given in judged.reviews:
        row |= {f"{given.turn}-{code}": points.quantize(TWO_PLACES) for code, points in marks.get(given.id, {}).items()}
        row[f"{given.turn}-total"] = given.total.quantize(TWO_PLACES) if given.total is not None else None
    row["state"] = STANDINGS[place.standing][1] if place else STATES[State.ELIGIBLE][1]
    return row
