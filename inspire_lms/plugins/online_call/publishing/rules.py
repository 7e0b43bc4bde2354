"""Kinds of publications, until when one may appeal against a provisional list, and when the final one may follow."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from inspire_lms.kernel.errors import Message, Reason, When

SHOWN = timedelta(days=365)
"""How long the public list is shown where the edition file names no last day."""


class Kind(StrEnum):
    """What a published list is."""

    PROVISIONAL = "provisional"
    FINAL = "final"
    CORRECTED = "corrected"
    """A final list that replaces the one before it."""


KINDS: Mapping[str, Message] = {
    Kind.PROVISIONAL: Message("Provisional ranking"),
    Kind.FINAL: Message("Final ranking"),
    Kind.CORRECTED: Message("Corrected final ranking"),
}
"""The kinds in words."""


def appeal_until(at: datetime, days: int, until: time, zone: str, later: Callable[[date, int], date]) -> datetime:
    """Say until when one may appeal against a list published at *at*: the clock time *until* of the last of *days* working days.

    *later* counts the working days of the country from the day after; the day of the publication does not count.
    """
    local = at.astimezone(ZoneInfo(zone))
    return datetime.combine(later(local.date(), days), until, ZoneInfo(zone)).astimezone(at.tzinfo)


def why_not_provisional(*, appeal_days: int, is_provisional: bool) -> Reason | None:
    """Say why no provisional list can be published."""
    if is_provisional:
        return Reason("The provisional list is published already.")
    return None if appeal_days else Reason("The call of this country has no provisional list.")


def why_not_final(*, appeal_days: int, until: datetime | None, zone: str, appeals: int, at: datetime) -> Reason | None:
    """Say why the final list cannot follow at *at*; *until* is when the time to appeal ends, None without a provisional list."""
    if until is None:
        return Reason("The provisional list comes first: the call lets applicants appeal.") if appeal_days else None
    if at < until:
        return Reason("Applicants may appeal until {until}. The final list can be published from that moment on.", until=When(until, zone))
    return Reason("Appeals that are not answered: {n}.", n=appeals) if appeals else None


def last_public_day(published_at: datetime, zone: str, until: date | None) -> date:
    """Say on which day, in the zone of the country, the public list is shown for the last time."""
    return until or (published_at.astimezone(ZoneInfo(zone)) + SHOWN).date()


def is_public(published_at: datetime, zone: str, until: date | None, *, at: datetime) -> bool:
    """Say whether the public list is still shown at *at*."""
    return at.astimezone(ZoneInfo(zone)).date() <= last_public_day(published_at, zone, until)
