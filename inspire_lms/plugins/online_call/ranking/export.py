"""The ranking as a file, with every criterion of every evaluation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.tables import Column, Table
from inspire_lms.plugins.online_call.announcing import queries as announced
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.judging import queries
from inspire_lms.plugins.online_call.judging.lists import STANDINGS, STATES, TURNS
from inspire_lms.plugins.online_call.judging.queries import Judged
from inspire_lms.plugins.online_call.judging.room import Ranked
from inspire_lms.plugins.online_call.marking import queries as marking
from inspire_lms.plugins.online_call.models import Call, Criterion
from inspire_lms.plugins.online_call.offering.queries import Placed
from inspire_lms.plugins.online_call.rules import State
from inspire_lms.plugins.online_call.scoring import TWO_PLACES


@dataclass(frozen=True)
class Written:
    """All that the evaluators of a call have given, by review."""

    marks: Mapping[int, Mapping[str, Decimal]]
    reasons: Mapping[int, Mapping[str, str]]
    comments: Mapping[int, str]

    @classmethod
    def of(cls, call: Call) -> Self:
        """Gather it."""
        return cls(queries.marks_by_review(call.id), marking.reasons_in(call.id), marking.comments_in(call.id))


def export(call: Call, found: Ranked, places: Mapping[int, Placed]) -> Table:
    """Lay out every eligible application with every criterion of every evaluation, for a file."""
    criteria, written = applying.criteria(call.id), Written.of(call)
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
            Column(f"{turn}-{each.code}", _title(each, "ABC"[turn - 1]), kind="num")
            for turn in TURNS
            for each in sorted(criteria, key=lambda one: not one.counts)
        ),
        *(Column(f"{turn}-total", Message("{turn}: total", turn="ABC"[turn - 1]), kind="num") for turn in TURNS),
        Column("total", Message("Total"), kind="num"),
        Column("state", Message("State")),
        Column("notice", Message("Version of the notice"), kind="num"),
        *_words_of(call, criteria),
    ]
    seen = [each for each in found.judged if each.id not in found.hidden]
    under = announced.applied_under(call.id)
    rows = [{"notice": under.get(each.id)} | _exported(each, places.get(each.id), written, positions.get(each.number)) for each in seen]
    return Table(columns=columns, rows=sorted(rows, key=lambda row: (row["position"] is None, row["position"] or 0)))


def _title(criterion: Criterion, letter: str) -> Message:
    if criterion.counts:
        return Message("{turn}: {criterion}", turn=letter, criterion=criterion.title)
    return Message("{turn}: {criterion} (beside the total)", turn=letter, criterion=criterion.title)


def _words_of(call: Call, criteria: Sequence[Criterion]) -> Iterator[Column]:
    """Give the columns of what evaluators wrote: reasons where extremes need them, and the comment."""
    for turn in TURNS:
        letter = "ABC"[turn - 1]
        for each in criteria if call.explains_extremes else ():
            yield Column(f"{turn}-{each.code}-why", Message("{turn}: reason for {criterion}", turn=letter, criterion=each.title))
        yield Column(f"{turn}-comment", Message("{turn}: comment", turn=letter))


def _exported(judged: Judged, place: Placed | None, written: Written, position: int | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "position": position,
        "number": judged.number,
        "name": judged.name,
        "administration": judged.administration,
        "submitted": judged.submitted_at,
        "total": place.total if place else judged.score.total if judged.score else None,
    }
    for given in judged.reviews:
        if given.total is None:
            continue
        row |= {f"{given.turn}-{code}": points.quantize(TWO_PLACES) for code, points in written.marks.get(given.id, {}).items()}
        row |= {f"{given.turn}-{code}-why": reason for code, reason in written.reasons.get(given.id, {}).items()}
        row |= {f"{given.turn}-total": given.total.quantize(TWO_PLACES), f"{given.turn}-comment": written.comments.get(given.id)}
    row["state"] = STANDINGS[place.standing][1] if place else STATES[State.ELIGIBLE][1]
    return row
