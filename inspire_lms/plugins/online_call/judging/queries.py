"""Reads for the committee: who waits for a decision, what was asked for and given."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import joinedload

from inspire_lms.kernel import clock
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.db import once_a_page, read_along, session
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.online_call import scoring
from inspire_lms.plugins.online_call.correcting import queries as corrections
from inspire_lms.plugins.online_call.eligibility import Finding
from inspire_lms.plugins.online_call.models import Application, Call, Criterion, Mark, Outcome, Review
from inspire_lms.plugins.online_call.offering.models import Ranking
from inspire_lms.plugins.online_call.publishing import queries as publications
from inspire_lms.plugins.online_call.rules import REVIEWS, STEPPED_BACK, Phase, ReviewState, State

SCORE = "online_call:score"
"""What evaluators may do; the coordinator may ask other staff who may."""
_BUSY = (Phase.OPEN, Phase.CLOSED, Phase.BEFORE)
_ORDER = {ReviewState.ASKED: 0, ReviewState.DONE: 1}


class Given(NamedTuple):
    """What one evaluator gave, or has still to give."""

    id: int
    application_id: int
    evaluator_id: int
    turn: int
    state: str
    total: Decimal | None


class Judged(NamedTuple):
    """One eligible application, who evaluates it and what they gave."""

    id: int
    person_id: int
    name: str
    administration: str
    number: str
    submitted_at: datetime
    reviews: tuple[Given, ...]
    """Those who have stepped back left out; in order of their turns."""
    score: scoring.Score | None = None
    """None before the first evaluation, and where nobody asked for it."""
    is_third_due: bool = False
    """Two are far apart and a third is not given yet."""

    def turn(self, number: int) -> Given | None:
        """Give the evaluation of a turn."""
        return next((each for each in self.reviews if each.turn == number), None)

    @property
    def lacks(self) -> int:
        """How many of the first two evaluations are not given."""
        return REVIEWS - sum(1 for each in self.reviews if each.turn <= REVIEWS and each.state == ReviewState.DONE)


@once_a_page
def ranking_of(call_id: int) -> Ranking | None:
    """Give the published ranking of a call."""
    return session.scalar(select(Ranking).where(Ranking.call_id == call_id))


@once_a_page
def call(cohort_id: int) -> Call | None:
    """Give the call of a cohort; its edition and its published ranking are read in the same statement."""
    whole = select(Call, Ranking).join(Ranking, Ranking.call_id == Call.id, isouter=True).where(Call.cohort_id == cohort_id)
    row = session.execute(whole.options(joinedload(Call.cohort).joinedload(Cohort.edition))).first()
    if row is None:
        return None
    read_along(ranking_of, row[0].id, gives=row[1])
    return row[0]


def busiest_room(person_id: int) -> int | None:
    """Give the cohort whose selection a person may open and that asks for most now; None when there is none.

    First comes an open call, then one that waits for its ranking, then one that has still to open; the latest edition among equals.
    """
    chosen = select(Call, Ranking.id).join(Ranking, Ranking.call_id == Call.id, isouter=True)
    rows = session.execute(chosen.where(Call.cohort_id.in_(cohorts_where(person_id, "online_call:select"))))
    now = clock.now()
    keys = [(_business(one.window.phase(now), published), -one.cohort.edition_id, one.cohort_id) for one, published in rows]
    return min(keys)[2] if keys else None


def _business(phase: Phase, published: int | None) -> int:
    return len(_BUSY) if published else _BUSY.index(phase)


def is_published(call_id: int) -> bool:
    """Say whether the ranking of a call is published."""
    return ranking_of(call_id) is not None


def is_settled(application: Application) -> bool:
    """Say whether nothing about an application can change any more: the final list is out, and it was not opened again."""
    return is_published(application.call_id) and not corrections.is_reopened(application.id)


def has_list(call_id: int) -> bool:
    """Say whether a list of a call is published, provisional or final: from then on only what is opened again can change."""
    return is_published(call_id) or publications.is_provisional(call_id)


def cohorts_where(person_id: int, capability: str) -> list[int]:
    """List the cohorts in which a person has a capability and the call is switched on, the oldest first."""
    return [each for each in access.cohort_ids_where(person_id, capability) if is_on_for_cohort("online_call", each)]


def other_rooms(call: Call, person_id: int) -> Sequence[Any]:
    """List cohort and opening of the other calls whose committee room a person may open, by country, the latest edition first."""
    ids = [each for each in cohorts_where(person_id, "online_call:select") if each != call.cohort_id]
    chosen = select(Cohort, Call.opens_at).join(Call, Call.cohort_id == Cohort.id).where(Cohort.id.in_(ids))
    return session.execute(chosen.order_by(Cohort.country, Cohort.edition_id.desc())).all() if ids else ()


def own_review(review_id: int, person_id: int) -> Review | None:
    """Give a review that this person was asked for, and may still give."""
    found = session.scalar(select(Review).where(Review.id == review_id, Review.evaluator_id == person_id))
    return found if found is not None and found.cohort_id in cohorts_where(person_id, SCORE) else None


def own_reviews(person_id: int) -> Select[Any]:
    """Choose the reviews that a person was asked for and may still give or see, open ones first."""
    columns: tuple[Any, ...] = (Review.id, Review.state, Review.total, Review.turn, Application.protocol_number, Application.administration)
    chosen: Select[Any] = (
        select(*columns, Person.given_name, Person.family_name, Call.cohort_id, Call.id.label("call_id"))
        .join(Application, Review.application_id == Application.id)
        .join(Call, Application.call_id == Call.id)
        .join(Person, Application.person_id == Person.id)
        .where(Review.evaluator_id == person_id, Application.state == State.ELIGIBLE, Call.cohort_id.in_(cohorts_where(person_id, SCORE)))
        .order_by(case(_ORDER, value=Review.state, else_=len(_ORDER)), Application.submitted_at, Review.id)
    )
    return chosen


def own_states(person_id: int) -> dict[str, int]:
    """Count these reviews by state."""
    counted = own_reviews(person_id).with_only_columns(Review.state, func.count()).order_by(None).group_by(Review.state)
    return {row[0]: row[1] for row in session.execute(counted)}


class Waiting(NamedTuple):
    """A request for an evaluation that still counts and was not answered."""

    review_id: int
    application_id: int
    evaluator_id: int
    call_id: int
    cohort_id: int


def unanswered() -> list[Waiting]:
    """List the requests that were not answered, of all calls whose ranking is not published, and of what was opened again."""
    rows = session.execute(
        select(Review.id, Review.application_id, Review.evaluator_id, Call.id, Call.cohort_id)
        .join(Application, Review.application_id == Application.id)
        .join(Call, Application.call_id == Call.id)
        .join(Ranking, Ranking.call_id == Call.id, isouter=True)
        .where(Review.state == ReviewState.ASKED, Application.state == State.ELIGIBLE)
        .where(or_(Ranking.id.is_(None), Application.id.in_(corrections.reopened())))
        .order_by(Call.id, Application.submitted_at, Review.id)
    )
    return [Waiting(*row) for row in rows]


def marks_of(review_id: int) -> dict[str, Decimal]:
    """Give the points of one review, by criterion code."""
    chosen = select(Criterion.code, Mark.points).join(Mark, Mark.criterion_id == Criterion.id).where(Mark.review_id == review_id)
    rows = session.execute(chosen)
    return {row.code: row.points for row in rows}


def applications(call_id: int, state: str | None = None) -> Select[Any]:
    """Choose the submitted applications of a call in the order of their submission, for a list."""
    failed, unsure = _findings(Finding.FAIL), _findings(Finding.UNKNOWN)
    columns = (Application.id, Application.protocol_number, Application.state, Application.administration, Application.submitted_at)
    chosen = (
        select(*columns, Person.given_name, Person.family_name, failed.label("failed"), unsure.label("unsure"))
        .join(Person, Application.person_id == Person.id)
        .where(Application.call_id == call_id, Application.submitted_at.is_not(None))
        .order_by(Application.submitted_at, Application.id)
    )
    return chosen.where(Application.state == state) if state else chosen


def _findings(finding: Finding) -> Any:  # noqa: ANN401 (a scalar subquery)
    return (
        select(func.count(Outcome.id))
        .where(Outcome.application_id == Application.id, Outcome.finding == finding)
        .correlate(Application)
        .scalar_subquery()
    )


@once_a_page
def states(call_id: int) -> dict[str, int]:
    """Count the applications of a call by state."""
    rows = session.execute(select(Application.state, func.count()).where(Application.call_id == call_id).group_by(Application.state))
    return {row[0]: row[1] for row in rows}


def judged(call: Call, criteria: Sequence[str] | None = None) -> list[Judged]:
    """Give every eligible application of a call with its evaluations and its score; three statements, however many there are.

    The scores hold the points of these *criteria*, by code; None means all.
    """
    marks = marks_by_review(call.id, criteria, only_counting=True)
    return [scored(each, marks, call.gap) for each in reviewed(call.id)]


def scored(each: Judged, marks: Mapping[int, Mapping[str, Decimal]], gap: Decimal) -> Judged:
    """Bring the evaluations of one application together, by the points of each review; *gap* says when a third is due."""
    done = [(one.turn, marks.get(one.id, {}), one.total) for one in each.reviews if one.total is not None]
    if not done:
        return each
    first_two = [total for turn, _points, total in done if turn <= REVIEWS]
    is_third_due = len(first_two) == len(done) and scoring.needs_third(first_two, gap)
    score = scoring.score([points for _turn, points, _total in done], [total for _turn, _points, total in done])
    return each._replace(score=score, is_third_due=is_third_due)


@once_a_page
def reviewed(call_id: int, only: tuple[int, ...] | None = None) -> list[Judged]:
    """Give eligible applications of a call in the order of their submission, without scores: *only* these, by id, or all."""
    columns: tuple[Any, ...] = (Application.id, Application.person_id, Application.administration, Application.protocol_number)
    chosen: Select[Any] = (
        select(*columns, Application.submitted_at, Person.given_name, Person.family_name)
        .join(Person, Application.person_id == Person.id)
        .where(Application.call_id == call_id, Application.state == State.ELIGIBLE)
        .order_by(Application.submitted_at, Application.id)
    )
    reviews = reviews_of(call_id, only)
    return [
        Judged(id_, person_id, f"{family}, {given}" if given else family, administration, number, at, tuple(reviews.get(id_, ())))
        for id_, person_id, administration, number, at, given, family in session.execute(
            chosen if only is None else chosen.where(Application.id.in_(only))
        )
    ]


def evaluations(call_id: int) -> dict[int, tuple[int, int]]:
    """Count the evaluations of eligible applications by turn: how many are given, of how many that were asked for."""
    rows = session.execute(
        select(Review.turn, func.count(case((Review.state == ReviewState.DONE, 1))), func.count())
        .join(Application, Review.application_id == Application.id)
        .where(Application.call_id == call_id, Application.state == State.ELIGIBLE, Review.state.not_in(STEPPED_BACK))
        .group_by(Review.turn)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def reviews_of(call_id: int, only: Sequence[int] | None = None) -> dict[int, list[Given]]:
    """Give what was asked for and given in a call, by application, who has stepped back left out; *only* for these, or for all."""
    chosen = (
        select(Review.id, Review.application_id, Review.evaluator_id, Review.turn, Review.state, Review.total)
        .where(Review.state.not_in(STEPPED_BACK))
        .order_by(Review.application_id, Review.turn)
    )
    of_call = select(Application.id).where(Application.call_id == call_id)
    found: dict[int, list[Given]] = {}
    for row in session.execute(chosen.where(Review.application_id.in_(of_call if only is None else only))):
        found.setdefault(row[1], []).append(Given._make(row))
    return found


def marks_by_review(
    call_id: int, criteria: Sequence[str] | None = None, *, only_counting: bool = False
) -> dict[int, dict[str, Decimal]]:
    """Give the points of a call, by review and criterion code; in these *criteria*, or in all; without what stands beside the total."""
    chosen = (
        select(Mark.review_id, Criterion.code, Mark.points)
        .join(Criterion, Mark.criterion_id == Criterion.id)
        .where(Criterion.call_id == call_id)
        .order_by(Mark.review_id, Criterion.position)
    )
    if only_counting:
        chosen = chosen.where(Criterion.counts)
    found: dict[int, dict[str, Decimal]] = {}
    for review_id, code, points in session.execute(chosen if criteria is None else chosen.where(Criterion.code.in_(criteria))):
        found.setdefault(review_id, {})[code] = points
    return found
