"""From the marks of several evaluators to one score. Points are decimals with two places, rounded half up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from inspire_lms.kernel.errors import Reason

TWO_PLACES, NOUGHT = Decimal("0.01"), Decimal(0)
REVIEWS_BEFORE_A_THIRD = 2


@dataclass(frozen=True)
class Score:
    """What an application is worth."""

    total: Decimal
    points: Mapping[str, Decimal]
    """By criterion code; each is the mean of the evaluations that count."""
    counted: tuple[int, ...]
    """Which evaluations count, by their place in the order they were asked for, from 0."""


def total_of(marks: Mapping[str, Decimal]) -> Decimal:
    """Sum up one evaluator's marks."""
    return sum(marks.values(), NOUGHT)


def problems(marks: Mapping[str, Decimal], weights: Mapping[str, int]) -> dict[str, Reason]:
    """Say for each criterion what is wrong with its mark; a missing mark is wrong too."""
    wrong: dict[str, Reason] = {}
    for code, most in weights.items():
        given = marks.get(code)
        if given is None:
            wrong[code] = Reason("Give points from 0 to {most}.", most=most)
        elif not 0 <= given <= most:
            wrong[code] = Reason("From 0 to {most} points; {given} is outside.", most=most, given=given)
    return wrong


def needs_third(totals: Sequence[Decimal], gap: Decimal) -> bool:
    """Say whether two totals lie more than *gap* points apart."""
    return len(totals) == REVIEWS_BEFORE_A_THIRD and abs(totals[0] - totals[1]) > gap


def score(reviews: Sequence[Mapping[str, Decimal]], totals: Sequence[Decimal] | None = None) -> Score:
    """Bring the evaluations of one application together.

    *totals* are what each evaluator gave in all, where *reviews* hold only some of the criteria; None sums the marks up.
    Two count both. Of three, the two whose totals are nearest count; when the middle one is as far from the lower
    as from the upper, all three count. Raises ValueError without an evaluation.
    """
    if not reviews:
        msg = "There is nothing to score."
        raise ValueError(msg)
    totals = [total_of(marks) for marks in reviews] if totals is None else totals
    counted = _nearest(totals)
    codes = {code: None for marks in reviews for code in marks}
    points = {code: _mean([reviews[place].get(code, NOUGHT) for place in counted]) for code in codes}
    return Score(total=_mean([totals[place] for place in counted]), points=points, counted=counted)


def _nearest(totals: Sequence[Decimal]) -> tuple[int, ...]:
    everything = tuple(range(len(totals)))
    if len(totals) <= REVIEWS_BEFORE_A_THIRD:
        return everything
    distances = {pair: abs(totals[pair[0]] - totals[pair[1]]) for pair in combinations(everything, 2)}
    least = min(distances.values())
    nearest = [pair for pair, distance in distances.items() if distance == least]
    return nearest[0] if len(nearest) == 1 else tuple(sorted({place for pair in nearest for place in pair}))


def _mean(values: Sequence[Decimal]) -> Decimal:
    return (sum(values, NOUGHT) / len(values)).quantize(TWO_PLACES, rounding=ROUND_HALF_UP)
