"""The provisional list: every applicant is told that the own result can be seen, and until when one may appeal. Nothing is public."""

from collections.abc import Sequence
from datetime import datetime, time
from functools import partial

from sqlalchemy import ColumnElement, select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Reason, Refused
from inspire_lms.kernel.programmes.working_days import working_days_later
from inspire_lms.plugins.online_call.confirming.rules import Seen, sealed
from inspire_lms.plugins.online_call.confirming.rules import why_not as why_not_as_seen
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.judging.holding import hold_call
from inspire_lms.plugins.online_call.judging.queries import Judged
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering import publishing
from inspire_lms.plugins.online_call.publishing import letters, queries, rules, storing
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.publishing.rules import Kind
from inspire_lms.plugins.online_call.ranking import order
from inspire_lms.plugins.online_call.ranking import queries as ranking
from inspire_lms.plugins.online_call.ranking.order import Line
from inspire_lms.plugins.online_call.rules import State


def publish(call_id: int, *, by: int, seen: Seen | None = None) -> Publication:
    """Fix the list provisionally.

    Raises Refused when anything is still open, when it was done, when the call has no such list, or when it is not what *by* has *seen*.
    """
    with transaction():
        call = hold_call(call_id)
        applications = judging.judged(call)
        if reason := why_not(call, applications):
            raise Refused(reason)
        lines = publishing.provisional(call, applications)
        if reason := why_not_as_seen(seen, seal_of(call, lines)):
            raise Refused(reason)
        found = storing.store(call, Kind.PROVISIONAL, lines, ranking.terms_of(call), by=by, appeal_until=appeal_until(call, clock.now()))
        for application in session.scalars(select(Application).where(*is_told(call.id)).order_by(Application.id)):
            letters.provisional(found, application)
        return found


def why_not(call: Call, applications: Sequence[Judged]) -> Reason | None:
    """Say why no provisional list can be published now."""
    stage = rules.why_not_provisional(appeal_days=call.appeal_days, is_provisional=queries.is_provisional(call.id))
    return stage or publishing.why_unsettled(call, publishing.Unsettled.of(applications))


def is_told(call_id: int) -> tuple[ColumnElement[bool], ...]:
    """Choose the applications whose owners are told that the own result can be seen."""
    return Application.call_id == call_id, Application.state.in_([State.ELIGIBLE, State.NOT_ELIGIBLE])


def seal_of(call: Call, lines: Sequence[Line]) -> Seen:
    """Say what publishing these lines provisionally is: who stands where, who is told, and until when one may appeal."""
    told = list(session.scalars(select(Application.id).where(*is_told(call.id)).order_by(Application.id)))
    return sealed(len(told), told, order.digest(lines, ranking.terms_of(call)), appeal_until(call, clock.now()))


def appeal_until(call: Call, at: datetime) -> datetime:
    """Say until when one may appeal against a list published at *at*: in working days of the country."""
    later = partial(working_days_later, call.cohort.country)
    return rules.appeal_until(at, call.appeal_days, time.fromisoformat(call.offer_until), call.cohort.zone, later)
