"""Time that somebody was connected: overlaps merged, cut to the scheduled time, counted in minutes."""

from collections.abc import Iterable
from datetime import datetime, timedelta

Interval = tuple[datetime, datetime]
"""From, until; both aware. Until is not before from."""


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Join what overlaps or touches; the result is in order of time and has gaps between its members."""
    joined: list[Interval] = []
    for start, end in sorted(intervals):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def clipped(intervals: Iterable[Interval], window: Interval) -> tuple[Interval, ...]:
    """Cut *intervals* to *window*; what lies outside, or has no length, is left out."""
    opens, closes = window
    cut = ((max(start, opens), min(end, closes)) for start, end in intervals)
    return tuple((start, end) for start, end in cut if start < end)


def time_within(intervals: Iterable[Interval], window: Interval) -> timedelta:
    """Add up the time inside *window* that at least one interval covers."""
    return sum((end - start for start, end in merged(clipped(intervals, window))), timedelta())


def minutes_within(intervals: Iterable[Interval], window: Interval) -> int:
    """Count the minutes inside *window*, rounded half up once at the end: 29 seconds more or less change nothing."""
    return int((time_within(intervals, window) + timedelta(seconds=30)) // timedelta(minutes=1))
