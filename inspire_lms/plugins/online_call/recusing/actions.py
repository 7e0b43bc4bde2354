"""Declaring a conflict of interest as coordinator."""

from sqlalchemy import delete, select, update

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, Reason, Refused
from inspire_lms.plugins.online_call.judging import reviewing
from inspire_lms.plugins.online_call.judging.holding import hold
from inspire_lms.plugins.online_call.marking import queries as marking
from inspire_lms.plugins.online_call.models import Application, Review
from inspire_lms.plugins.online_call.recusing import queries, rules
from inspire_lms.plugins.online_call.recusing.models import Recusal
from inspire_lms.plugins.online_call.rules import STEPPED_BACK


def declare(application_id: int, what: str, *, by: int) -> None:
    """Keep that *by* decides nothing more about an application; who evaluates it too steps back, and somebody else is asked.

    Raises NotThere, Refused a second time and about the own application, Invalid without a word.
    """
    with transaction():
        application = hold(application_id)
        if reason := why_not_declare(application, by):
            raise Refused(reason)
        if not what.strip():
            raise Invalid({"note": Reason("Say in a few words what the conflict is.")})
        session.add(Recusal(application_id=application.id, person_id=by, declared_at=clock.now(), what=what.strip()))
        session.flush()
        audit.record("online_call.recused", ("application", application.id), by=by, cohort_id=application.cohort_id)
        _step_back(application, what, by)


def why_not_declare(application: Application, by: int) -> Reason | None:
    """Say why *by* cannot declare a conflict of interest about an application."""
    return rules.why_not_declare(application.person_id, by, has_declared=queries.has_declared(application.id, by))


def _step_back(application: Application, what: str, by: int) -> None:
    asked = (Review.application_id == application.id, Review.evaluator_id == by, Review.state.not_in(STEPPED_BACK))
    review = session.scalar(select(Review).where(*asked))
    # What a list that is out rests on stays: two people open that again.
    if review is not None and marking.why_not(review) is None:
        reviewing.declare_conflict(review.id, what, by=by)


def go_over(from_id: int, to_id: int) -> None:
    """Let what somebody with two accounts has declared belong to the one that stays, once for each application."""
    twice = select(Recusal.application_id).where(Recusal.person_id == to_id)
    mine = Recusal.person_id == from_id
    session.execute(delete(Recusal).where(mine, Recusal.application_id.in_(twice)).execution_options(synchronize_session=False))
    session.execute(update(Recusal).where(mine).values(person_id=to_id))
