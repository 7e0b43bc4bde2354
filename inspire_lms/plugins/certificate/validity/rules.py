"""Until when a certificate is valid, and from when on it can be renewed. Days are those of the cohort's zone."""

import calendar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.certificate.rules import State, why_not_revoke

TOLD_BEFORE = timedelta(days=60)
"""How long before the end the holder is told, and from when on somebody may decide anew."""
ENDED = "expired"
"""What a valid certificate is called after its last day (contracts/award.py); the tables keep it as valid."""
MONTHS = 12


def day_in(zone: str, at: datetime) -> date:
    """Say which day it is in *zone*."""
    return at.astimezone(ZoneInfo(zone)).date()


def last_day(issued_on: date, months: int) -> date:
    """Give the last day of a validity of *months*: the day before the same day of the month in which it ends.

    Where that month has no such day, its last day: 31 January and one month give 28 February, not 27.
    """
    year, month = divmod(issued_on.year * MONTHS + issued_on.month - 1 + months, MONTHS)
    days = calendar.monthrange(year, month + 1)[1]
    if issued_on.day > days:
        return date(year, month + 1, days)
    return date(year, month + 1, issued_on.day) - timedelta(days=1)


def has_ended(expires_on: date | None, today: date) -> bool:
    """Say whether the last day is over."""
    return expires_on is not None and expires_on < today


def may_renew(expires_on: date | None, today: date) -> bool:
    """Say whether somebody may decide about the holder anew: after the end, and shortly before it."""
    return expires_on is not None and expires_on - TOLD_BEFORE <= today


def seen_as(state: str, expires_on: date | None, today: date) -> str:
    """Say how a certificate in *state* is shown on a day: a valid one has expired after its last day; the others stay what they are."""
    return ENDED if state == State.VALID and has_ended(expires_on, today) else state


def why_not_replace(state: str, expires_on: date | None, today: date) -> Reason | None:
    """Say why a certificate cannot be issued anew with another name; None when it can. What has ended would have ended before it began."""
    if reason := why_not_revoke(state):
        return reason
    if expires_on is not None and expires_on <= today:
        return Reason("This certificate ends today, or has ended. Decide about its holder again instead.")
    return None
