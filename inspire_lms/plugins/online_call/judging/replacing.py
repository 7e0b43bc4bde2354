"""Evaluators who do not answer, or may not evaluate any more: the request is taken back, so that somebody else gives the evaluation."""

from collections.abc import Sequence

from sqlalchemy import select

from inspire_lms.kernel import audit
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.access.queries import cohort_contexts
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, Reason, Refused
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.plugins.online_call import rules
from inspire_lms.plugins.online_call.judging import queries, reviewing
from inspire_lms.plugins.online_call.judging.holding import hold
from inspire_lms.plugins.online_call.judging.queries import SCORE, Waiting
from inspire_lms.plugins.online_call.marking import queries as marking
from inspire_lms.plugins.online_call.models import Application, Review
from inspire_lms.plugins.online_call.recusing import queries as recusing
from inspire_lms.plugins.online_call.rules import STEPPED_BACK, ReviewState

NO_ROLE, OWN = "no role any more", "the own application"
"""The reasons in the record when a request was taken back by itself."""


def take_back(review_id: int, why: str, *, by: int) -> None:
    """Take back a request that nobody has answered; *why* stays in the record. The coordinator asks somebody else.

    Raises NotThere, Invalid without a reason, Refused when the evaluation was given, the ranking is published, or *by* is too near.
    """
    with transaction():
        review = reviewing.held(review_id)
        if not why.strip():
            raise Invalid({"why": Reason("Say in a few words why the request is taken back.")})
        published = queries.is_settled(review.application)
        not_now = rules.why_not_take_back(ReviewState(review.state), published=published)
        if reason := not_now or recusing.why_not(review.application, by):
            raise Refused(reason)
        _remove(review, why.strip(), by=by)


def replace_absent() -> None:
    """Take back what is asked of people who may not evaluate there any more, and ask the next ones, call by call."""
    gone: dict[int, list[Waiting]] = {}
    for each in queries.unanswered():
        context_id = cohort_contexts().get(each.cohort_id)
        if is_on_for_cohort("online_call", each.cohort_id) and not access.may(each.evaluator_id, SCORE, context_id):
            gone.setdefault(each.call_id, []).append(each)
    for waiting in gone.values():
        with transaction():
            _replace(waiting)


def replace_applicant(application: Application) -> None:
    """Take back what the applicant was asked or has given about the own application, as two accounts of one person can bring it about.

    Inside a transaction that holds the application. The next one is asked. What a list that is out rests on stays: two people
    open that again.
    """
    own = (Review.application_id == application.id, Review.evaluator_id == application.person_id, Review.state.not_in(STEPPED_BACK))
    review = session.scalar(select(Review).where(*own))
    if review is not None and marking.why_not(review) is None:
        _remove(review, OWN, by=None)
        reviewing.ask_for([application])
        reviewing.look_at_the_gap(application)


def _replace(waiting: Sequence[Waiting]) -> None:
    applications: dict[int, Application] = {}
    for each in waiting:
        applications[each.application_id] = hold(each.application_id)
        review = session.get(Review, each.review_id, populate_existing=True)
        if review is not None and review.state == ReviewState.ASKED:
            _remove(review, NO_ROLE, by=None)
    reviewing.ask_for(list(applications.values()))
    for application in applications.values():
        reviewing.look_at_the_gap(application)


def _remove(review: Review, reason: str, *, by: int | None) -> None:
    after = {"turn": review.turn, "evaluator": review.evaluator_id, "reason": reason}
    audit.record("online_call.taken-back", ("application", review.application_id), by=by, after=after, cohort_id=review.cohort_id)
    session.delete(review)
    session.flush()
