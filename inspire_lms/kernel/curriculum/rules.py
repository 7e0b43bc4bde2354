"""Hours of a course, coverage of its competences, and what a gain is."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

MINUTES_OF_AN_HOUR = 60
FEWEST_LEVELS = 2
"""A framework with one level would not say how good somebody is."""


def hours(minutes: int) -> Decimal:
    """Give hours with one place at most: 120 minutes are 2 hours, 90 are 1.5."""
    exact = (Decimal(minutes) / MINUTES_OF_AN_HOUR).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return exact.to_integral_value() if exact == exact.to_integral_value() else exact


def not_covered(competences: Iterable[str], outcomes: Iterable[str]) -> tuple[str, ...]:
    """List the competences for which no unit has a learning outcome, in their own order."""
    taught = set(outcomes)
    return tuple(code for code in competences if code not in taught)


def gain(before: Decimal, after: Decimal, most: Decimal = Decimal(100)) -> Decimal | None:
    """Give the normalised gain, (after - before) / (most - before), to two places.

    None when there was nothing left to gain. Negative when somebody fell back.
    Source: indicators of the pilot, learning gain.
    """
    if before >= most:
        return None
    return ((after - before) / (most - before)).quantize(Decimal("0.01"), ROUND_HALF_UP)
