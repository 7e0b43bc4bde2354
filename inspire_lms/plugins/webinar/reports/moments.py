"""Dates and times as meeting tools write them: the order of day and month is that of who exports, and is not said."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from inspire_lms.plugins.webinar.reports.headings import plain

ORDERS = ("ymd", "dmy", "mdy")
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""What lies before or after is no moment of a meeting, and near the ends of the calendar no zone can be reckoned with."""
_NUMBERS = re.compile(r"^(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(.*)$", re.DOTALL)
_DAY_FIRST = re.compile(r"^(?:[^\W\d_]+,?\s+)?(\d{1,2})\s+([^\W\d_]+)\.?\s+(\d{4})(.*)$", re.DOTALL)
_MONTH_FIRST = re.compile(r"^([^\W\d_]+)\.?\s+(\d{1,2}),?\s+(\d{4})(.*)$", re.DOTALL)
_TIME = re.compile(r"^[,T\s]*(?:ore|ora|στις|at)?\s*(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d+)?\s*(.*)$", re.DOTALL)
_MORNING, _AFTERNOON = frozenset({"am", "a m", "π μ", "πμ"}), frozenset({"pm", "p m", "μ μ", "μμ"})
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan gen ian ιαν", "feb φεβ", "mar μαρ", "apr απρ", "may mag mai μαι", "jun giu iun ιουν", "jul lug iul ιουλ",
            "aug ago αυγ", "sep set σεπ", "oct ott οκτ", "nov noi νοε", "dec dic δεκ",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip


def parsed(text: str, order: str) -> datetime | None:
    """Read one moment on the wall clock, numbers of the date in *order* (ymd, dmy, mdy); None when it is none."""
    text = " ".join(text.split())
    if match := _NUMBERS.match(text):
        *numbers, rest = match.groups()
        named = dict(zip(order, numbers, strict=True))
        if len(named["y"]) not in {2, 4} or (len(named["y"]) == 2 and order == "ymd"):  # noqa: PLR2004 (26 or 2026)
            return None
        return _moment(named["y"], int(named["m"]), named["d"], rest)
    if match := _DAY_FIRST.match(text):
        day, month, year, rest = match.groups()
        return _moment(year, _month(month), day, rest)
    if match := _MONTH_FIRST.match(text):
        month, day, year, rest = match.groups()
        return _moment(year, _month(month), day, rest)
    return None


def order_of(texts: Iterable[str], day: date) -> str | None:
    """Tell in which order day and month stand: the one in which all *texts* are moments and most lie on *day*, or near it.

    None when no order reads at least nine of ten; the rest are mistakes that the reader names by their line.
    """
    written = [text for text in texts if text.strip()]
    readings = {order: [parsed(text, order) for text in written] for order in ORDERS}
    good = {order: [each for each in reading if each] for order, reading in readings.items()}
    likely = [order for order in ORDERS if written and len(good[order]) * 10 >= len(written) * 9]
    return max(likely, key=lambda order: _near(good[order], day), default=None)


def looks_like_a_moment(text: str) -> bool:
    """Say whether *text* is a date with a time in some order."""
    return any(parsed(text, order) for order in ORDERS)


def _near(moments: Sequence[datetime], day: date) -> int:
    return sum(1 for each in moments if abs(each.date() - day) <= timedelta(days=1))


def _month(name: str) -> int:
    word = plain(name)
    return next((_MONTHS[word[:length]] for length in (4, 3) if word[:length] in _MONTHS), 0)


def _moment(year: str, month: int, day: str, rest: str) -> datetime | None:
    match = _TIME.match(rest)
    if not match:
        return None
    hour, minute, second, half = match.groups()
    hours, mark = int(hour), plain(half)
    if mark and mark not in _MORNING | _AFTERNOON:
        return None
    if mark:
        hours = hours % 12 + (12 if mark in _AFTERNOON else 0)
    in_full = int(year) + (2000 if len(year) == 2 else 0)  # noqa: PLR2004 (26 or 2026)
    if not FIRST_YEAR <= in_full <= LAST_YEAR:
        return None
    try:
        # The zone is not in the report; the reader adds it.
        return datetime(in_full, month, int(day), hours, int(minute), int(second or 0))  # noqa: DTZ001
    except ValueError:
        return None
