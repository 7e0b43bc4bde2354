"""What the evaluations of a call say as they are now, and what its final list says: found once, without a name in it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum, auto
from typing import NamedTuple

from inspire_lms.plugins.online_call.judging import queries
from inspire_lms.plugins.online_call.judging.queries import Judged
from inspire_lms.plugins.online_call.judging.reviewing import THIRD
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.offering import publishing
from inspire_lms.plugins.online_call.offering import queries as offering
from inspire_lms.plugins.online_call.offering.models import Ranking
from inspire_lms.plugins.online_call.offering.publishing import Unsettled
from inspire_lms.plugins.online_call.overview import memory
from inspire_lms.plugins.online_call.overview.spread import FEW, Scored, Spread, spread
from inspire_lms.plugins.online_call.ranking.order import Line
from inspire_lms.plugins.online_call.rules import REVIEWS, ReviewState


class Cut(Enum):
    """A row of the ranking that parts two groups."""

    PLACES = auto()
    """Below it stands the reserve list."""
    SUITABLE = auto()
    """Below it stand those with fewer points than the least."""


class Row(NamedTuple):
    """One application in the provisional ranking."""

    application_id: int
    position: int | None = None
    """From 1; None while there is no score, or while the reader may not see it. What follows is of no meaning then."""
    total: Decimal | None = None
    is_suitable: bool = False
    is_chosen: bool = False
    """It would get an offer at first."""
    waiting: int = 0
    """Where it stands in the reserve list, from 1; of no meaning for those within the places."""
    settled_by: str | None = None
    """The step that separated it from the line above with the same total."""
    moved_by: tuple[str, ...] = ()
    """The groups of quotas that brought it in, or kept it out."""


class Point(Enum):
    """Something that can still move the cut-off."""

    THIRD = auto()
    """Two scores are too far apart, and nobody is asked for a third."""
    EVALUATOR = auto()
    """One of the first two evaluators is missing."""


class Found(NamedTuple):
    """All that the committee room needs of the evaluations, as far as the reader may see it."""

    rows: tuple[Row | Cut, ...]
    points: tuple[tuple[int, Point], ...]
    """What is open, by application."""
    unsettled: Unsettled
    given: Mapping[int, tuple[int, int]]
    """By turn, how many evaluations are given, and of how many."""
    offers: int
    """How many places publishing would offer."""
    spread: Spread | None


def found(call: Call, hidden: frozenset[int]) -> Found:
    """Find how a call stands; scores of *hidden* applications, which the reader has still to evaluate, stay out of sight."""
    cohort = call.cohort
    return memory.kept(call, (hidden, cohort.seats, cohort.taken), lambda: _find(call, hidden))


def _find(call: Call, hidden: frozenset[int]) -> Found:
    """Find it anew. Of the points, only the criteria that settle ties are asked for."""
    judged = queries.judged(call, call.chain)
    lines = publishing.provisional(call, [each for each in judged if each.id not in hidden])
    ids = {each.number: each.id for each in judged}
    chosen = [line.entry.total for line in lines if line.is_chosen]
    return Found(
        rows=tuple(_rows(lines, ids, judged)),
        points=tuple(_points(judged, hidden)),
        unsettled=Unsettled.of(judged),
        given=_given(judged),
        offers=len(chosen),
        spread=spread(
            Counter(line.entry.total for line in lines),
            min(chosen, default=None),
            (Scored(ids[line.entry.number], line.entry.total, line.is_chosen) for line in lines),
        ),
    )


def _rows(lines: Sequence[Line], ids: Mapping[str, int], judged: Sequence[Judged]) -> Iterator[Row | Cut]:
    offers, below = sum(line.is_chosen for line in lines), sum(line.is_suitable for line in lines) + 1
    # Where quotas moved somebody no line parts those with a place from those without: the last column says it.
    is_plain, waiting = not any(line.moved_by for line in lines), 0
    for line in lines:
        waiting += not line.is_chosen
        if is_plain and line.position == offers + 1 and line.is_suitable:
            yield Cut.PLACES
        if line.position == below:
            yield Cut.SUITABLE
        told = (line.is_suitable, line.is_chosen, waiting, line.settled_by, line.moved_by)
        yield Row(ids[line.entry.number], line.position, line.entry.total, *told)
    scored = {ids[line.entry.number] for line in lines}
    yield from (Row(each.id) for each in judged if each.id not in scored)


def _points(judged: Sequence[Judged], hidden: frozenset[int]) -> Iterator[tuple[int, Point]]:
    for each in judged:
        if each.is_third_due and each.turn(THIRD) is None and each.id not in hidden:
            yield each.id, Point.THIRD
        if sum(1 for one in each.reviews if one.turn <= REVIEWS) < REVIEWS:
            yield each.id, Point.EVALUATOR


def _given(judged: Sequence[Judged]) -> dict[int, tuple[int, int]]:
    done = Counter(one.turn for each in judged for one in each.reviews if one.state == ReviewState.DONE)
    thirds = sum(1 for each in judged if each.is_third_due or each.turn(THIRD) is not None)
    return {1: (done[1], len(judged)), 2: (done[2], len(judged)), THIRD: (done[THIRD], thirds)}


class Listed(NamedTuple):
    """What the final list says, whatever became of its lines."""

    lines: int
    offers: int
    """How many got an offer at first."""
    cut: int | None
    """How many lines stand above the line that parts the places from the reserve list; None without such a line."""
    given: Mapping[int, tuple[int, int]]
    """By turn, how many evaluations are given, and of how many."""
    spread: Spread | None


def listed(call: Call, published: Ranking) -> Listed:
    """Read the final list. It is not found from the evaluations again: that is what is fixed."""
    return memory.kept(call, "list", lambda: _list(call, published))


def _list(call: Call, published: Ranking) -> Listed:
    totals, leading = offering.totals(call.id), offering.leading(published)
    chosen, lines = offering.chosen_at_first(leading, published), sum(totals.values())
    selected = {each.application_id for each in chosen}
    few = offering.some_places(call.id, 0, FEW) if lines <= FEW else []
    scored = [Scored(each.application_id, each.total, each.application_id in selected) for each in few]
    # Where quotas moved somebody no line parts those with a place from those without: the last column says it.
    is_plain = not any(each.moved_by for each in leading)
    return Listed(
        lines=lines,
        offers=len(chosen),
        cut=published.seats if is_plain and lines > published.seats else None,
        given=queries.evaluations(call.id),
        spread=spread(totals, min((each.total for each in chosen), default=None), scored),
    )
