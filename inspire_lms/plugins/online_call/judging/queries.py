"""Reads for the committee: who waits for a decision, what was given, who may evaluate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from inspire_lms.kernel import clock
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.db import once_a_page, session
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.people.names import fold
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.plugins.online_call import scoring
from inspire_lms.plugins.online_call.eligibility import Finding
from inspire_lms.plugins.online_call.models import Application, Call, Criterion, Mark, Outcome, Place, Ranking, Review
from inspire_lms.plugins.online_call.ranking import Entry
from inspire_lms.plugins.online_call.rules import Phase, ReviewState, State

SCORE = "online_call:score"
"""What evaluators may do; the coordinator may ask other staff who may."""
_BUSY = (Phase.OPEN, Phase.CLOSED, Phase.BEFORE)


@dataclass(frozen=True)
class Given:
    """What one evaluator gave, or has still to give."""

    id: int
    application_id: int
    evaluator_id: int
    turn: int
    state: str
    total: Decimal | None


@dataclass(frozen=True)
class Judged:
    """One eligible application with all that was said about it."""

    id: int
    person_id: int
    name: str
    administration: str
    number: str
    submitted_at: datetime
    reviews: tuple[Given, ...]
    """Conflicts left out; in order of their turns."""
    score: scoring.Score | None
    """None before the first evaluation."""
    is_third_due: bool
    """Two are far apart and a third is not given yet."""

    def turn(self, number: int) -> Given | None:
        """Give the evaluation of a turn."""
        return next((each for each in self.reviews if each.turn == number), None)

    @property
    def lacks(self) -> int:
        """How many of the first two evaluations are not given."""
        return 2 - sum(1 for each in self.reviews if each.turn < 3 and each.state == ReviewState.DONE)  # noqa: PLR2004 (the third turn)


@once_a_page
def call(cohort_id: int) -> Call | None:
    """Give the call of a cohort."""
    return session.scalar(select(Call).where(Call.cohort_id == cohort_id))


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


@once_a_page
def ranking_of(call_id: int) -> Ranking | None:
    """Give the published ranking of a call."""
    return session.scalar(select(Ranking).where(Ranking.call_id == call_id))


def is_published(call_id: int) -> bool:
    """Say whether the ranking of a call is published."""
    return ranking_of(call_id) is not None


def cohorts_where(person_id: int, capability: str) -> list[int]:
    """List the cohorts in which a person has a capability and the call is switched on, the oldest first."""
    return [each for each in access.cohort_ids_where(person_id, capability) if is_on_for_cohort("online_call", each)]


def own_review(review_id: int, person_id: int) -> Review | None:
    """Give a review that this person was asked for, and may still give."""
    found = session.scalar(select(Review).where(Review.id == review_id, Review.evaluator_id == person_id))
    return found if found is not None and found.cohort_id in cohorts_where(person_id, SCORE) else None


def own_reviews(person_id: int) -> Select[Any]:
    """Choose the reviews that a person was asked for and may still give or see, open ones first."""
    columns: tuple[Any, ...] = (Review.id, Review.state, Review.total, Review.turn, Application.protocol_number, Application.administration)
    chosen: Select[Any] = (
        select(*columns, Person.given_name, Person.family_name, Call.cohort_id)
        .join(Application, Review.application_id == Application.id)
        .join(Call, Application.call_id == Call.id)
        .join(Person, Application.person_id == Person.id)
        .where(Review.evaluator_id == person_id, Application.state == State.ELIGIBLE, Call.cohort_id.in_(cohorts_where(person_id, SCORE)))
        .order_by(Review.state, Application.submitted_at, Review.id)
    )
    return chosen


class Waiting(NamedTuple):
    """A request for an evaluation that still counts and was not answered."""

    review_id: int
    application_id: int
    evaluator_id: int
    call_id: int
    cohort_id: int


def unanswered() -> list[Waiting]:
    """List the requests that were not answered, of all calls whose ranking is not published."""
    rows = session.execute(
        select(Review.id, Review.application_id, Review.evaluator_id, Call.id, Call.cohort_id)
        .join(Application, Review.application_id == Application.id)
        .join(Call, Application.call_id == Call.id)
        .join(Ranking, Ranking.call_id == Call.id, isouter=True)
        .where(Review.state == ReviewState.ASKED, Application.state == State.ELIGIBLE, Ranking.id.is_(None))
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


def states(call_id: int) -> dict[str, int]:
    """Count the applications of a call by state."""
    rows = session.execute(select(Application.state, func.count()).where(Application.call_id == call_id).group_by(Application.state))
    return {row[0]: row[1] for row in rows}


def judged(call: Call) -> list[Judged]:
    """Give every eligible application of a call with its evaluations; three statements, however many there are."""
    columns = (Application.id, Application.person_id, Application.administration, Application.protocol_number, Application.submitted_at)
    rows = session.execute(
        select(*columns, Person.given_name, Person.family_name)
        .join(Person, Application.person_id == Person.id)
        .where(Application.call_id == call.id, Application.state == State.ELIGIBLE)
        .order_by(Application.submitted_at, Application.id)
    ).all()
    reviews, marks = reviews_of(call.id), marks_by_review(call.id)
    return [_judged(row, reviews.get(row.id, ()), marks, call.gap) for row in rows]


def _judged(row: Any, reviews: Sequence[Given], marks: Mapping[int, Mapping[str, Decimal]], gap: Decimal) -> Judged:  # noqa: ANN401 (a row)
    done = [each for each in reviews if each.state == ReviewState.DONE]
    first_two = [each.total for each in done if each.turn < 3 and each.total is not None]  # noqa: PLR2004 (the third turn)
    has_third = any(each.turn == 3 for each in done)  # noqa: PLR2004
    return Judged(
        id=row.id,
        person_id=row.person_id,
        name=f"{row.family_name}, {row.given_name}" if row.given_name else row.family_name,
        administration=row.administration,
        number=row.protocol_number,
        submitted_at=row.submitted_at,
        reviews=tuple(reviews),
        score=scoring.score([marks[each.id] for each in done]) if done else None,
        is_third_due=scoring.needs_third(first_two, gap) and not has_third,
    )


def reviews_of(call_id: int) -> dict[int, list[Given]]:
    """Give what was asked for and given in a call, by application; conflicts left out."""
    rows = session.execute(
        select(Review.id, Review.application_id, Review.evaluator_id, Review.turn, Review.state, Review.total)
        .join(Application, Review.application_id == Application.id)
        .where(Application.call_id == call_id, Review.state != ReviewState.CONFLICT)
        .order_by(Review.application_id, Review.turn)
    )
    found: dict[int, list[Given]] = {}
    for row in rows:
        found.setdefault(row.application_id, []).append(Given(*row))
    return found


def marks_by_review(call_id: int) -> dict[int, dict[str, Decimal]]:
    """Give all points of a call, by review and criterion code."""
    rows = session.execute(
        select(Mark.review_id, Criterion.code, Mark.points)
        .join(Criterion, Mark.criterion_id == Criterion.id)
        .where(Criterion.call_id == call_id)
        .order_by(Mark.review_id, Criterion.position)
    )
    found: dict[int, dict[str, Decimal]] = {}
    for review_id, code, points in rows:
        found.setdefault(review_id, {})[code] = points
    return found


def entries(applications_judged: Sequence[Judged]) -> dict[str, tuple[Judged, Entry]]:
    """Make what is ranked of those that have a score, by protocol number."""
    return {
        each.number: (each, Entry(each.number, each.score.total, each.score.points, each.submitted_at))
        for each in applications_judged
        if each.score is not None
    }


def places_of(call_id: int) -> dict[int, Place]:
    """Give the lines of the published ranking, by application."""
    rows = session.scalars(select(Place).join(Ranking).where(Ranking.call_id == call_id).order_by(Place.position))
    return {each.application_id: each for each in rows}


def evaluators(call: Call) -> list[int]:
    """List who may be asked without further ado: the evaluators of the country."""
    return access.people_with_role("evaluator", call.cohort.context_id)


def others(call: Call) -> list[int]:
    """List who may be asked when nobody else is left: evaluators, then the coordinators of the country."""
    return list(dict.fromkeys([*evaluators(call), *access.people_with_role("coordinator", call.cohort.context_id)]))


def employers(person_ids: Sequence[int]) -> dict[int, str]:
    """Give the administration of each of these people, folded for comparing; those who have not told are left out."""
    return {person: fold(work.organisation) for person, work in people.works_of(person_ids).items()}


def colleagues(employed: Mapping[int, str], administration: str) -> set[int]:
    """Say who of *employed* works for the same administration, however it is written."""
    wanted = fold(administration)
    return {person for person, employer in employed.items() if wanted and employer == wanted}


def loads(call_id: int) -> dict[int, int]:
    """Count the reviews that each evaluator of a call was asked for."""
    rows = session.execute(
        select(Review.evaluator_id, func.count())
        .join(Application, Review.application_id == Application.id)
        .where(Application.call_id == call_id, Review.state != ReviewState.CONFLICT)
        .group_by(Review.evaluator_id)
    )
    return {row[0]: row[1] for row in rows}
