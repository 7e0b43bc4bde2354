"""The provisional list: every applicant is told that the own result can be seen, and until when one may appeal. Nothing is public."""

from datetime import datetime, time
from functools import partial

from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Refused
from inspire_lms.kernel.programmes.working_days import working_days_later
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.judging.holding import hold_call
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering import publishing
from inspire_lms.plugins.online_call.publishing import letters, queries, rules, storing
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.publishing.rules import Kind
from inspire_lms.plugins.online_call.ranking import queries as ranking
from inspire_lms.plugins.online_call.rules import State


def publish(call_id: int, *, by: int) -> Publication:
    """Fix the list provisionally. Raises Refused when anything is still open, when it was done, or when the call has no such list."""
    with transaction():
        call = hold_call(call_id)
        applications = judging.judged(call)
        is_provisional = queries.is_provisional(call.id)
        if reason := rules.why_not_provisional(appeal_days=call.appeal_days, is_provisional=is_provisional):
            raise Refused(reason)
        if reason := publishing.why_unsettled(call, publishing.Unsettled.of(applications)):
            raise Refused(reason)
        lines = publishing.provisional(call, applications)
        found = storing.store(call, Kind.PROVISIONAL, lines, ranking.terms_of(call), by=by, appeal_until=appeal_until(call, clock.now()))
        told = select(Application).where(Application.call_id == call.id, Application.state.in_([State.ELIGIBLE, State.NOT_ELIGIBLE]))
        for application in session.scalars(told.order_by(Application.id)):
            letters.provisional(found, application)
        return found


def appeal_until(call: Call, at: datetime) -> datetime:
    """Say until when one may appeal against a list published at *at*: in working days of the country."""
    later = partial(working_days_later, call.cohort.country)
    return rules.appeal_until(at, call.appeal_days, time.fromisoformat(call.offer_until), call.cohort.zone, later)
