"""VTIMEZONE in the form of rules, which every calendar program understands; lists of dates confuse Outlook."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class _Change:
    """One change of clocks."""

    local: datetime
    """What the clock showed when it was changed."""
    before: timedelta
    after: timedelta
    name: str

    @property
    def rule(self) -> tuple[int, str, int]:
        """Month, weekday as RRULE names it (-1SU is the last Sunday), hour."""
        day = self.local.date()
        is_last = day.day + 7 > monthrange(day.year, day.month)[1]
        nth = -1 if is_last else (day.day - 1) // 7 + 1
        return day.month, f"{nth}{_DAYS[day.weekday()]}", self.local.hour


@lru_cache(maxsize=64)
def vtimezone(name: str, first_year: int, last_year: int) -> bytes:
    """Describe a zone from *first_year* to *last_year*: two yearly rules, one offset, or else each change by itself."""
    zone = ZoneInfo(name)
    changes = _changes(zone, first_year, last_year)
    if not changes:
        start = datetime(first_year, 1, 1, tzinfo=zone)
        offset = start.utcoffset() or timedelta()
        parts = [_part(_Change(start.replace(tzinfo=None), offset, offset, start.tzname() or name))]
    elif _is_yearly(changes, first_year, last_year):
        parts = [_part(one, with_rule=True) for one in changes[:2]]
    else:
        first = changes[0]
        opening = _Change(datetime(first_year, 1, 1), first.before, first.before, name)  # noqa: DTZ001 (VTIMEZONE speaks of wall clocks)
        parts = [_part(one) for one in (opening, *changes)]
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}", *(line for part in parts for line in part), "END:VTIMEZONE", ""]
    return "\r\n".join(lines).encode("ascii")


def _changes(zone: ZoneInfo, first_year: int, last_year: int) -> list[_Change]:
    found: list[_Change] = []
    day, end = date(first_year, 1, 1), date(last_year + 1, 1, 1)
    while day < end:
        noon, next_noon = (datetime(each.year, each.month, each.day, 12, tzinfo=UTC) for each in (day, day + timedelta(days=1)))
        if noon.astimezone(zone).utcoffset() != next_noon.astimezone(zone).utcoffset():
            found.append(_change(zone, noon, next_noon))
        day += timedelta(days=1)
    return found


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> _Change:
    """Find the change between two moments to the minute."""
    old = before.astimezone(zone).utcoffset() or timedelta()
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) / 2
        middle = (
            middle.replace(second=0, microsecond=0) if middle.replace(second=0, microsecond=0) > before else before + timedelta(minutes=1)
        )
        before, after = (middle, after) if middle.astimezone(zone).utcoffset() == old else (before, middle)
    there = after.astimezone(zone)
    return _Change((after + old).replace(tzinfo=None), old, there.utcoffset() or timedelta(), there.tzname() or "")


def _is_yearly(changes: list[_Change], first_year: int, last_year: int) -> bool:
    """Say whether the same two rules hold in all the years."""
    rules = {(one.rule, one.before, one.after) for one in changes}
    return len(rules) == 2 and len(changes) == 2 * (last_year - first_year + 1)  # noqa: PLR2004 (into summer time and out of it)


def _part(change: _Change, *, with_rule: bool = False) -> list[str]:
    kind = "DAYLIGHT" if change.after > change.before else "STANDARD"
    month, weekday, _hour = change.rule
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{change.local:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_offset(change.before)}",
        f"TZOFFSETTO:{_offset(change.after)}",
        *([f"TZNAME:{change.name}"] if change.name.isalpha() else []),
        *([f"RRULE:FREQ=YEARLY;BYMONTH={month};BYDAY={weekday}"] if with_rule else []),
        f"END:{kind}",
    ]


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
