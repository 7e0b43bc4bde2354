"""Until when what an applicant wrote is kept, and what of it may be erased earlier."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.online_call.rules import FOLLOWS, Standing, State

ANNOUNCED = timedelta(days=30)
"""So long before it happens coordinators are told what will be deleted."""


def deleted_from(published_at: datetime | None, reserve_until: datetime, days: int) -> datetime:
    """Say from when on what people wrote is deleted: *days* after the final list, or after the end of a call that never had one."""
    return (published_at or reserve_until) + timedelta(days=days)


def private_from(ends_on: date, days: int, zone: str) -> datetime:
    """Say from when on the private answers of those who took part are deleted: when *days* have passed after the last day of the course."""
    return datetime.combine(ends_on + timedelta(days=days + 1), time(), ZoneInfo(zone)).astimezone(UTC)


def is_near(moment: datetime, *, at: datetime) -> bool:
    """Say whether what is deleted at *moment* is announced at *at*."""
    return moment - ANNOUNCED <= at < moment


def why_not_erase(state: State, standing: Standing | None, *, had_a_place: bool, has_text: bool) -> Reason | None:
    """Say why an applicant cannot have the own answers and files erased now."""
    if state is State.DRAFT:
        return Reason("A draft is deleted as a whole.")
    if had_a_place:
        return Reason("You had a place in the course: the application is proof of it for 5 years after the final payment of the project.")
    has_left = state is State.WITHDRAWN or (standing is not None and not FOLLOWS[standing])
    if not has_left:
        return Reason("Until you withdraw your application its answers are needed, to judge it and to explain the decision.")
    if not has_text:
        return Reason("Your answers and files are erased already.")
    return None
