"""Selections with a provisional list: say in `but` what matters to the case."""

from datetime import UTC, datetime, timedelta

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.appealing import filing
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.publishing import provisional
from tests.plugins.online_call.builders import PUBLISHED, a_call, judged

APPEAL_UNTIL = datetime(2027, 1, 18, 11, 0, tzinfo=UTC)
"""Five working days after Monday 11 January 2027, at noon in Rome."""
IN_TIME, IN_PEACE = PUBLISHED + timedelta(days=1), APPEAL_UNTIL + timedelta(hours=1)
"""While one may appeal, and after it."""


def a_provisional_list(totals, *, seats=20, **but):
    """A call whose ranking is published provisionally: one application for each total. Gives call, applications in their order, coordinator."""
    call = a_call(seats=seats, **{"appeal_days": 5} | but)
    call_id = call.id
    ids, coordinator = judged(call, totals)
    with clock.frozen(PUBLISHED):
        provisional.publish(call_id, by=coordinator.id)
    return session.get(Call, call_id), [session.get(Application, each) for each in ids], coordinator


def an_appeal(application, grounds="The second criterion was not read.", *, at=IN_TIME):
    """The appeal of the owner of an application."""
    with clock.frozen(at):
        return filing.file(application.id, grounds, by=application.person_id)
