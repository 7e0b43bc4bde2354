"""When a country gets more or fewer places after the final list: the list follows, and whoever waits is called up."""

from sqlalchemy import select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Reason, Refused
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.offering.actions import call_up
from inspire_lms.plugins.online_call.offering.models import Ranking


def follow(call: Call, before: int, *, by: int | None) -> None:
    """Give the published list of a call that is held as many places more, or fewer, as the country has now than *before*.

    Free places are offered at once to who comes next, while the reserve list lasts: also when only its end was put off. The
    publications keep the places by which they were made. Raises Refused when more are offered or taken than there would be.
    """
    held = select(Ranking).where(Ranking.call_id == call.id).with_for_update(key_share=True)
    published = session.scalar(held.execution_options(populate_existing=True))
    if published is None:
        return
    seats, now = published.seats + call.cohort.seats - before, clock.now()
    if seats < published.held:
        reason = Reason("Places that are offered or taken: {n}. There cannot be fewer places than these.", n=published.held)
        raise Refused(Reason("{country}: {reason}", country=call.cohort.country_name, reason=reason))
    was, published.seats = published.seats, seats
    session.flush()
    called = call_up(published.id) if now <= call.reserve_until else []
    if seats != was or called:
        told, after = ("ranking", published.id), {"seats": seats, "offered": len(called)}
        audit.record("online_call.seats-changed", told, by=by, before={"seats": was}, after=after, cohort_id=call.cohort_id)
