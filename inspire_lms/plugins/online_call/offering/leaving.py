"""Withdrawing an application, in every state, with the consequence that belongs to it; and forgetting who was erased."""

from sqlalchemy import delete, select

from inspire_lms.contracts.admission import PlaceGivenUp
from inspire_lms.contracts.people import PersonErased
from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import NotThere, Refused
from inspire_lms.plugins.online_call import rules
from inspire_lms.plugins.online_call.appealing import filing as appeals
from inspire_lms.plugins.online_call.applying import letters
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.correcting import queries as corrections
from inspire_lms.plugins.online_call.correcting.models import Correction
from inspire_lms.plugins.online_call.judging.holding import hold, hold_call
from inspire_lms.plugins.online_call.models import Application, Review
from inspire_lms.plugins.online_call.offering import actions, queries
from inspire_lms.plugins.online_call.overriding.models import Override
from inspire_lms.plugins.online_call.overriding.rules import OverrideState
from inspire_lms.plugins.online_call.retention import thinning
from inspire_lms.plugins.online_call.rules import ReviewState, Standing, State
from inspire_lms.plugins.online_call.seconding import actions as seconding


def withdraw(application_id: int, *, by: int) -> None:
    """Withdraw one's own application: it leaves the selection, the reserve list or the course, and a place that it held goes on.

    Raises NotThere when it is not the person's own, Refused when there is nothing to withdraw.
    """
    with transaction():
        application = hold(application_id)
        if application.person_id != by:
            raise NotThere
        place = applying.place(application.id)
        standing = Standing(place.standing) if place else None
        if reason := rules.why_not_withdraw(State(application.state), standing):
            raise Refused(reason)
        leave(application, by=by)
        letters.withdrawn(application)


def leave(application: Application, *, by: int | None) -> None:
    """Withdraw an application that is held, with the consequence that belongs to its state; inside a transaction, without a letter."""
    before = {"state": application.state}
    place = applying.place(application.id)
    if place is not None and rules.FOLLOWS[Standing(place.standing)]:
        before["standing"] = place.standing
        actions.give_up(application.id, by=by)
    application.state, application.withdrawn_at = State.WITHDRAWN, clock.now()
    session.execute(delete(Review).where(Review.application_id == application.id, Review.state == ReviewState.ASKED))
    seconding.drop(Override, application, (OverrideState.PROPOSED,))
    appeals.drop(application)
    seconding.drop(Correction, application, corrections.OPEN)
    audit.record(
        "online_call.withdrawn",
        ("application", application.id),
        by=by,
        before=before,
        after={"state": application.state},
        cohort_id=application.cohort_id,
        about=application.person_id,
    )


def heard_that_a_place_was_given_up(fact: PlaceGivenUp) -> None:
    """Call up the next one when somebody left the course by another way than the own application."""
    with transaction():
        application_id = queries.accepted_in(fact.cohort_id, fact.person_id)
        if application_id is not None:
            application = hold(application_id)
            # Somebody who has come back in the meantime keeps the place.
            if not queries.takes_part(fact.cohort_id, fact.person_id):
                leave(application, by=None)


def forget(fact: PersonErased) -> None:
    """Withdraw what an erased person had applied for, and remove what was written and attached; the number stays."""
    with transaction():
        mine = select(Application.id).where(Application.person_id == fact.person_id)
        for call_id in sorted(session.scalars(select(Application.call_id).where(Application.person_id == fact.person_id))):
            hold_call(call_id)
        under_way = mine.where(Application.submitted_at.is_not(None), Application.withdrawn_at.is_(None))
        for application_id in session.scalars(under_way.order_by(Application.call_id)).all():
            leave(hold(application_id), by=None)
        thinning.empty(mine)
        session.execute(delete(Application).where(Application.person_id == fact.person_id, Application.state == State.DRAFT))
