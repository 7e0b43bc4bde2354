"""Evaluators: who is asked, what they give, and what happens when one is too near or two are too far apart."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple, Protocol

from sqlalchemy import delete, select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused
from inspire_lms.plugins.online_call import rules, scoring
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.judging import committee, letters, queries
from inspire_lms.plugins.online_call.judging.holding import hold
from inspire_lms.plugins.online_call.marking import queries as marking
from inspire_lms.plugins.online_call.marking import scales
from inspire_lms.plugins.online_call.models import Application, Call, Mark, Review
from inspire_lms.plugins.online_call.recusing import queries as recusing
from inspire_lms.plugins.online_call.rules import REVIEWS, STEPPED_BACK, ReviewState, State
from inspire_lms.plugins.online_call.seeing import phases

THIRD = REVIEWS + 1
"""The turn of the evaluation that decides between two others."""


class Judgeable(Protocol):
    """What of an application settles who may evaluate it."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def person_id(self) -> int:
        """The applicant."""

    @property
    def administration(self) -> str:
        """The employer."""


class Planned(NamedTuple):
    """A request for an evaluation that is to be made."""

    application_id: int
    evaluator_id: int
    turn: int


def plan(call: Call, applications: Sequence[Judgeable]) -> list[Planned]:
    """Say who would be asked for the *applications* of a call that lack one of the first two evaluations; nothing is written.

    Whoever works for the same administration, is the applicant, or has stepped back is left out. When nobody is
    left the turn stays open, and the coordinator asks somebody.
    """
    candidates, load = committee.evaluators(call), committee.loads(call.id)
    employed = committee.employers(candidates)
    numbers = [each.id for each in applications]
    reviews, declared, found = _reviews_of(numbers), recusing.declared(numbers), list[Planned]()
    for application in applications:
        own = reviews.get(application.id, [])
        near = committee.colleagues(employed, application.administration) | {application.person_id, *(each.evaluator_id for each in own)}
        near |= declared.get(application.id, set())
        taken = {each.turn for each in own if each.state not in STEPPED_BACK}
        for turn in sorted(set(range(1, REVIEWS + 1)) - taken):
            chosen = rules.choose(candidates, load, near)
            if chosen is None:
                break
            near.add(chosen)
            load[chosen] = load.get(chosen, 0) + 1
            found.append(Planned(application.id, chosen, turn))
    return found


def ask_for(applications: Sequence[Application]) -> None:
    """Ask evaluators for the applications of one call that lack one of the first two; inside a transaction."""
    if applications:
        ask_as(applications[0].call, plan(applications[0].call, applications))


def ask_as(call: Call, planned: Sequence[Planned]) -> None:
    """Ask as it was planned a moment ago in the same transaction, and write one letter to each evaluator."""
    since = clock.now()
    for each in planned:
        _ask(*each)
    session.flush()
    letters.asked(call, Counter(each.evaluator_id for each in planned), since=since)


def ask(application_id: int, evaluator_id: int, *, by: int) -> None:
    """Ask a person of the coordinator's choice for the next evaluation that an application lacks.

    Raises Refused when nothing is lacking, the person may not evaluate it, or *by* is too near to the applicant.
    """
    with transaction():
        application = hold(application_id)
        not_now = rules.why_not_review(State(application.state), ReviewState.ASKED, published=queries.is_settled(application))
        if reason := not_now or recusing.why_not(application, by):
            raise Refused(reason)
        turn = _lacking_turn(application)
        if turn is None:
            raise Refused(Reason("This application has all the evaluations that it needs."))
        if evaluator_id not in who_may(application):
            raise Refused(Reason("This person may not evaluate this application."))
        _ask_alone(application, evaluator_id, turn)
        after = {"turn": turn, "evaluator": evaluator_id}
        audit.record("online_call.asked", ("application", application.id), by=by, after=after, cohort_id=application.cohort_id)


def who_may(application: Application) -> list[int]:
    """List whom the coordinator may ask: staff of the country without a conflict who were not asked yet."""
    asked = set(session.scalars(select(Review.evaluator_id).where(Review.application_id == application.id)))
    everybody = committee.others(application.call)
    kept_out = asked | recusing.kept_out([recusing.Applied.of(application)], everybody)[application.id]
    return [person for person in everybody if person not in kept_out]


def give(
    review_id: int,
    marks: Mapping[str, Decimal],
    comment: str,
    *,
    by: int,
    reasons: Mapping[str, str] = MappingProxyType({}),
    seen: str = "",
) -> None:
    """Give the marks of one evaluator, or change them while the ranking is not published; *reasons* by criterion code.

    *seen* is marking.queries.digest_of the criteria that were shown; empty where nothing was shown. Raises NotThere when somebody
    else was asked, Invalid with a reason for each mark that its criterion does not have or that lacks its reason, Refused, also when
    the criteria were corrected in between.
    """
    with transaction():
        review = _own(review_id, by)
        application = review.application
        if reason := marking.why_not(review) or why_not_now(review):
            raise Refused(reason)
        criteria = applying.criteria(application.call_id)
        known, explains = marking.scales_of(criteria), application.call.explains_extremes
        if seen and seen != marking.digest_of(criteria, explains_extremes=explains):
            raise Refused(Reason("The criteria were corrected after you opened this page. Look at your points again, then keep them."))
        if wrong := scales.problems(marks, reasons, known, explains_extremes=explains):
            raise Invalid(wrong)
        before = {"total": review.total}
        session.execute(delete(Mark).where(Mark.review_id == review.id))
        told = [(each, marks[each.code], reasons.get(each.code, "").strip()) for each in criteria]
        session.add_all(
            Mark(review_id=review.id, criterion_id=each.id, points=points, most=each.weight, reason=why) for each, points, why in told
        )
        review.state, review.done_at, review.comment = ReviewState.DONE, clock.now(), comment.strip()
        review.total = scales.total_of(marks, known)
        session.flush()
        look_at_the_gap(application)
        after = {"total": review.total}
        audit.record("online_call.scored", ("review", review.id), by=by, before=before, after=after, cohort_id=review.cohort_id)


def declare_conflict(review_id: int, note: str, *, by: int) -> None:
    """Step back from an application; somebody else is asked if there is anybody. Raises Invalid, NotThere, Refused."""
    with transaction():
        review = _own(review_id, by)
        if not note.strip():
            raise Invalid({"note": Reason("Say in a few words what the conflict is.")})
        _step_back(review, ReviewState.CONFLICT, note)
        audit.record("online_call.stepped-back", ("review", review.id), by=by, cohort_id=review.cohort_id)


def abstain(review_id: int, why: str, *, by: int) -> None:
    """Decline to judge an application, without a conflict; somebody else is asked as then. Raises Invalid, NotThere, Refused."""
    with transaction():
        review = _own(review_id, by)
        if not why.strip():
            raise Invalid({"why": Reason("Say in a few words why you abstain.")})
        _step_back(review, ReviewState.ABSTAINED, why)
        audit.record("online_call.abstained", ("review", review.id), by=by, cohort_id=review.cohort_id)


def _step_back(review: Review, state: ReviewState, why: str) -> None:
    if reason := marking.why_not(review):
        raise Refused(reason)
    session.execute(delete(Mark).where(Mark.review_id == review.id))
    review.state, review.comment = state, why.strip()
    review.done_at = review.total = None
    session.flush()
    ask_for([review.application])
    look_at_the_gap(review.application)


def why_not_now(review: Review) -> Reason | None:
    """Say why marks cannot be given in the phase that it is now; what was opened again after a list waits for no phase."""
    call = review.application.call
    if queries.has_list(call.id):
        return None
    return phases.why_not_mark(phases.phases_of(call.phases), call.cohort.zone, ReviewState(review.state), at=clock.now())


def look_at_the_gap(application: Application) -> None:
    """Ask a third person when two are too far apart; take an unanswered request back when they are not any more."""
    reviews = _reviews_of([application.id]).get(application.id, [])
    third = next((each for each in reviews if each.turn == THIRD and each.state not in STEPPED_BACK), None)
    if _is_gap(reviews, application.call.gap):
        if third is None:
            _ask_third(application, [each.evaluator_id for each in reviews])
    elif third is not None and third.state == ReviewState.ASKED:
        session.delete(third)
        session.flush()


def _ask_third(application: Application, asked: Sequence[int]) -> None:
    candidates = committee.evaluators(application.call)
    near = recusing.kept_out([recusing.Applied.of(application)], candidates)[application.id] | set(asked)
    chosen = rules.choose(candidates, committee.loads(application.call_id), near)
    if chosen is not None:
        _ask_alone(application, chosen, THIRD)


def _is_gap(reviews: Sequence[Review], gap: Decimal) -> bool:
    totals = [each.total for each in reviews if each.turn <= REVIEWS and each.state == ReviewState.DONE and each.total is not None]
    return scoring.needs_third(totals, gap)


def _lacking_turn(application: Application) -> int | None:
    reviews = [each for each in _reviews_of([application.id]).get(application.id, []) if each.state not in STEPPED_BACK]
    taken = {each.turn for each in reviews}
    needed = THIRD if _is_gap(reviews, application.call.gap) else REVIEWS
    return next((turn for turn in range(1, needed + 1) if turn not in taken), None)


def _ask_alone(application: Application, evaluator_id: int, turn: int) -> None:
    since = clock.now()
    _ask(application.id, evaluator_id, turn)
    letters.asked(application.call, {evaluator_id: 1}, since=since)


def _ask(application_id: int, evaluator_id: int, turn: int) -> None:
    review = Review(
        application_id=application_id, evaluator_id=evaluator_id, turn=turn, state=ReviewState.ASKED, comment="", asked_at=clock.now()
    )
    session.add(review)
    session.flush()


def _reviews_of(application_ids: Sequence[int]) -> dict[int, list[Review]]:
    found: dict[int, list[Review]] = {}
    for review in session.scalars(select(Review).where(Review.application_id.in_(application_ids)).order_by(Review.turn, Review.id)):
        found.setdefault(review.application_id, []).append(review)
    return found


def _own(review_id: int, person_id: int) -> Review:
    review = held(review_id)
    if review.evaluator_id != person_id:
        raise NotThere
    return review


def held(review_id: int) -> Review:
    """Load a review with its application held, so that two evaluators who finish at once do not miss each other. Raises NotThere."""
    application_id = session.scalar(select(Review.application_id).where(Review.id == review_id))
    if application_id is None:
        raise NotThere
    hold(application_id)
    review = session.get(Review, review_id, populate_existing=True)
    if review is None:
        raise NotThere
    return review
