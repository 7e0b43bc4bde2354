"""Two accounts turned out to be one person: one application in each call goes on, and evaluations go over."""

from sqlalchemy import delete, select, update

from inspire_lms.contracts.people import PeopleMerged
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call import rules
from inspire_lms.plugins.online_call.appealing import filing as appeals
from inspire_lms.plugins.online_call.applying import attached
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.authorising import erasing
from inspire_lms.plugins.online_call.authorising.models import Authorisation
from inspire_lms.plugins.online_call.correcting.models import Correction
from inspire_lms.plugins.online_call.judging import replacing
from inspire_lms.plugins.online_call.judging.holding import hold, hold_call
from inspire_lms.plugins.online_call.looking import actions as looking
from inspire_lms.plugins.online_call.mending.models import Mending
from inspire_lms.plugins.online_call.models import Application, Attachment, Review
from inspire_lms.plugins.online_call.offering.leaving import leave
from inspire_lms.plugins.online_call.overriding.models import Override
from inspire_lms.plugins.online_call.recusing import actions as recusing
from inspire_lms.plugins.online_call.rules import Standing, State
from inspire_lms.plugins.online_call.seconding import actions as seconding


def merge(fact: PeopleMerged) -> None:
    """Let the applications and reviews of a person who had two accounts belong to the one that stays.

    Where both accounts applied in the same call the application that is further goes on, the one of the account that
    stays among equals; the other is withdrawn, or deleted when it is a draft. Where both evaluated the same application,
    each keeps its own; nobody evaluates the own application.
    """
    with transaction():
        for call_id in _calls(fact):
            hold_call(call_id)
            _keep_one(call_id, fact)
        there = select(Application.call_id).where(Application.person_id == fact.to_id)
        session.execute(
            update(Application).where(Application.person_id == fact.from_id, Application.call_id.not_in(there)).values(person_id=fact.to_id)
        )
        asked = select(Review.application_id).where(Review.evaluator_id == fact.to_id)
        session.execute(
            update(Review).where(Review.evaluator_id == fact.from_id, Review.application_id.not_in(asked)).values(evaluator_id=fact.to_id)
        )
        for application in session.scalars(select(Application).where(Application.person_id == fact.to_id)).all():
            replacing.replace_applicant(application)
        session.execute(update(Mending).where(Mending.asked_by_id == fact.from_id).values(asked_by_id=fact.to_id))
        looking.go_over(fact.from_id, fact.to_id)
        appeals.go_over(fact.from_id, fact.to_id)
        recusing.go_over(fact.from_id, fact.to_id)
        for kind in (Override, Correction):
            seconding.go_over(kind, fact.from_id, fact.to_id)


def _calls(fact: PeopleMerged) -> list[int]:
    """List the calls in which one of the accounts applied, or the one evaluates whose account goes, as they are held one after another."""
    applied = select(Application.call_id).where(Application.person_id.in_([fact.from_id, fact.to_id]))
    evaluated = select(Application.call_id).join(Review, Review.application_id == Application.id).where(Review.evaluator_id == fact.from_id)
    return sorted({*session.scalars(applied), *session.scalars(evaluated)})


def _keep_one(call_id: int, fact: PeopleMerged) -> None:
    twin, own = applying.own_in(call_id, fact.from_id), applying.own_in(call_id, fact.to_id)
    if twin is None or own is None:
        return
    if _rank(twin) > _rank(own):
        if own.state != State.DRAFT:
            _exchange(twin, own)
        twin, own = own, twin
    if twin.state == State.DRAFT:
        attached.remove(Attachment.application_id == twin.id)
        erasing.forget(Authorisation.application_id == twin.id)
        session.execute(delete(Application).where(Application.id == twin.id))
    elif twin.state != State.WITHDRAWN:
        leave(hold(twin.id), by=None)


def _rank(application: Application) -> int:
    place = applying.place(application.id)
    return rules.how_far(State(application.state), Standing(place.standing) if place else None)


def _exchange(one: Application, other: Application) -> None:
    """Let each belong to the person of the other.

    A person has one application in a call at most, at every moment: one of them waits with somebody who has none.
    """
    applied = select(Application.person_id).where(Application.call_id == one.call_id)
    aside = session.scalar(select(Person.id).where(Person.id.not_in(applied)).order_by(Person.id).limit(1))
    if aside is None:
        return
    first, second = one.person_id, other.person_id
    for application, person_id in ((one, aside), (other, first), (one, second)):
        application.person_id = person_id
        session.flush()
