"""Until when somebody may appeal, and who may answer: not who decided, taught or graded (ISO/IEC 17024; domain.md 9.2)."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from inspire_lms.kernel.errors import Reason, When
from inspire_lms.plugins.certificate.rules import AppealState

APPEAL_DAYS = 15
"""Days in which a decision or a revocation can be appealed against, when the edition file does not say."""
LAST_SECOND = time(23, 59, 59)
MOST_GROUNDS = 4000
"""Characters of an appeal, and of its answer."""


def last_moment(at: datetime, days: int, zone: str) -> datetime:
    """Give the end of the day on which the time to appeal ends: *days* after that of the decision, on the clocks of *zone*."""
    day = at.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
    return datetime.combine(day, LAST_SECOND, tzinfo=ZoneInfo(zone))


def why_not_appeal(until: datetime, zone: str, *, has_appealed: bool, at: datetime) -> Reason | None:
    """Say why nobody can appeal at *at* any more; None when one can."""
    if has_appealed:
        return Reason("You have appealed already; one appeal is answered once.")
    if at > until:
        return Reason("The time to appeal ended: {until}.", until=When(until, zone))
    return None


def why_not_answer(
    by: int, *, person_id: int, decided_by: int, graders: Collection[int], teachers: Collection[int], state: str
) -> Reason | None:
    """Say why *by* may not answer an appeal of a person; None when there is nothing against it."""
    if state != AppealState.OPEN:
        return Reason("This appeal has been answered already.")
    if by == person_id:
        return Reason("Nobody answers the own appeal.")
    if by == decided_by:
        return Reason("You took the decision that is appealed against. Somebody else has to answer.")
    if by in graders:
        return Reason("You graded work of this person. Somebody who neither taught nor graded has to answer.")
    if by in teachers:
        return Reason("You taught this group. Somebody who neither taught nor graded has to answer.")
    return None
