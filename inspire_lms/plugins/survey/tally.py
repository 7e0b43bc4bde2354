"""Counts, means and gains of answers. Values in, values out; whoever asks has checked that enough people took part."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from inspire_lms.plugins.survey.rules import NOT_APPLICABLE, POINTS, SMALLEST


@dataclass(frozen=True)
class Distribution:
    """How many chose each point of a scale."""

    counts: tuple[int, ...]
    """From the first point to the last."""
    not_applicable: int

    @property
    def n(self) -> int:
        """Say how many chose a point."""
        return sum(self.counts)

    @property
    def is_shown(self) -> bool:
        """Say whether enough people chose a point; zero is shown too, since it tells about nobody."""
        return self.n == 0 or self.n >= SMALLEST

    @property
    def mean(self) -> Decimal | None:
        """Give the mean point, 1 to 5, rounded half up to two places; None when nobody chose one."""
        if not self.n:
            return None
        total = Decimal(sum(point * count for point, count in enumerate(self.counts, start=1)))
        return (total / self.n).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def high(self) -> Decimal | None:
        """Give the share of the two highest points in per cent, rounded half up to one place; None when nobody chose one."""
        if not self.n:
            return None
        return (Decimal(100 * sum(self.counts[-2:])) / self.n).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Gain:
    """How sure people felt before and feel now."""

    before: Distribution
    now: Distribution
    pairs: int
    """People who gave both."""


def distribution(points: Iterable[int | None]) -> Distribution:
    """Count points; None (no answer) is left out. Raises ValueError for a point off the scale."""
    counts, apart = [0] * POINTS, 0
    for point in points:
        if point is None:
            continue
        if point == NOT_APPLICABLE:
            apart += 1
        elif 1 <= point <= POINTS:
            counts[point - 1] += 1
        else:
            msg = f"{point} is no point of the scale."
            raise ValueError(msg)
    return Distribution(tuple(counts), apart)


def gain(pairs: Iterable[tuple[int | None, int | None]]) -> Gain:
    """Compare before and now over people."""
    given = list(pairs)
    both = sum(1 for before, now in given if before and now)
    return Gain(distribution(before for before, _now in given), distribution(now for _before, now in given), both)


def column(sheets: Iterable[Mapping[str, Any]], code: str) -> list[Any]:
    """List what the sheets say to one question; None where one says nothing."""
    return [sheet.get(code) for sheet in sheets]


def comments(sheets: Iterable[Mapping[str, Any]], code: str) -> list[str]:
    """List what was written to one question in alphabetical order, which tells nothing about who wrote when."""
    return sorted((text for text in column(sheets, code) if text), key=str.casefold)


def satisfaction(sheets: Iterable[Mapping[str, Any]], codes: Iterable[str]) -> Distribution:
    """Count all points given to the questions *codes* together; nothing when fewer than SMALLEST people gave any.

    People are counted and not points: two people who answer three questions give six.
    """
    wanted = list(codes)
    given = [points for sheet in sheets if any(points := [sheet.get(code) for code in wanted])]
    return distribution(point for points in given for point in points) if len(given) >= SMALLEST else distribution(())
