"""Reading attempts: where a person stands in a cohort, one attempt, its questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import g, has_request_context, request
from sqlalchemy import select

from inspire_lms.kernel.access.queries import cohort_ids_with_role
from inspire_lms.kernel.db import Words, session
from inspire_lms.kernel.plugin import is_on_for_cohort, switched_off
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.assessment import rules
from inspire_lms.plugins.assessment.bank.kept import contents
from inspire_lms.plugins.assessment.grading import is_passed
from inspire_lms.plugins.assessment.kinds.shape import Content
from inspire_lms.plugins.assessment.models import Assessment, Attempt, Extension, Response, Window
from inspire_lms.plugins.assessment.rules import State, Terms


@dataclass(frozen=True)
class Tried:
    """One attempt, without its answers."""

    id: int
    number: int
    state: str
    ends_at: datetime
    submitted_at: datetime | None
    percent: Decimal | None


@dataclass(frozen=True)
class Stand:
    """Where a person stands in one assessment of a cohort."""

    id: int
    """The window's."""
    cohort_id: int
    assessment_id: int
    code: str
    purpose: str
    title: Words
    about: Words
    pass_mark: int | None
    questions_each: int
    competences: Sequence[str]
    terms: Terms
    """With what was granted to the person."""
    tried: tuple[Tried, ...]
    """In the order they were made."""

    @property
    def running(self) -> Tried | None:
        """The attempt that is open, if there is one."""
        return next((each for each in self.tried if each.state == State.OPEN), None)

    @property
    def best(self) -> Tried | None:
        """The graded attempt that counts: the best, the earliest of equals."""
        graded = [each for each in self.tried if each.percent is not None]
        return max(graded, key=lambda each: (each.percent or Decimal(0), -each.number)) if graded else None

    @property
    def is_passed(self) -> bool:
        """Say whether the best result reaches the pass mark."""
        return self.best is not None and self.best.percent is not None and is_passed(self.best.percent, self.pass_mark)

    @property
    def is_waiting(self) -> bool:
        """Say whether something was handed in and waits for its marks."""
        return any(each.state == State.SUBMITTED for each in self.tried)


def stands(cohort_ids: Sequence[int], person_id: int) -> list[Stand]:
    """Say where a person stands in the assessments of some cohorts; two statements, once in a GET."""
    kept: dict[Any, list[Stand]] = g.setdefault("assessment_stands", {}) if has_request_context() and request.method == "GET" else {}
    wanted = (tuple(sorted(cohort_ids)), person_id)
    if wanted not in kept:
        kept[wanted] = _stands(wanted[0], person_id) if cohort_ids else []
    return kept[wanted]


def _stands(cohort_ids: Sequence[int], person_id: int) -> list[Stand]:
    chosen = Window.cohort_id.in_(cohort_ids)
    rows: Sequence[Any] = session.execute(
        select(
            Window.id, Window.cohort_id, Assessment.id.label("assessment_id"), Assessment.code, Assessment.purpose, Assessment.title,
            Assessment.about, Assessment.pass_mark, Assessment.questions_each, Assessment.competences, Window.opens_at, Window.closes_at,
            Cohort.zone, Assessment.minutes, Assessment.attempts,
            Extension.minutes.label("more_minutes"), Extension.attempts.label("more_attempts"), Extension.until,
        )
        .join(Assessment, Assessment.id == Window.assessment_id)
        .join(Cohort, Cohort.id == Window.cohort_id)
        .outerjoin(Extension, (Extension.window_id == Window.id) & (Extension.person_id == person_id))
        .where(chosen)
        .order_by(Window.cohort_id, Assessment.position)
    ).all()  # fmt: skip
    tried: dict[int, list[Tried]] = {}
    columns = (Attempt.window_id, Attempt.id, Attempt.number, Attempt.state, Attempt.ends_at, Attempt.submitted_at, Attempt.percent)
    made = select(*columns).join(Window, Window.id == Attempt.window_id).where(chosen, Attempt.person_id == person_id)
    for window_id, *rest in session.execute(made.order_by(Attempt.number)):
        tried.setdefault(window_id, []).append(_tried(*rest))
    return [Stand(*[*row[:10], _terms(row), tuple(tried.get(row.id, ()))]) for row in rows]


def _tried(*columns: Any) -> Tried:  # noqa: ANN401 (a row)
    return Tried(*columns)


def _terms(row: Any) -> Terms:  # noqa: ANN401 (a row)
    terms = Terms(row.opens_at, row.closes_at, row.zone, row.minutes, row.attempts)
    if row.more_minutes is None:
        return terms
    return rules.extended(terms, minutes=row.more_minutes, attempts=row.more_attempts, until=row.until)


def own_stand(window_id: int, person_id: int) -> Stand | None:
    """Find where a trainee stands in one assessment; None for those who are no trainee of that cohort."""
    return next((each for each in own_stands(person_id) if each.id == window_id), None)


def own_stands(person_id: int) -> list[Stand]:
    """Say where a person stands in all cohorts in which the person is a trainee and has tests: those of editions with this plugin on."""
    return stands([each for each in cohort_ids_with_role(person_id, "trainee") if is_on_for_cohort("assessment", each)], person_id)


def is_switched_off(attempt_id: int) -> bool:
    """Say whether an attempt belongs to an edition for which this plugin is off; no statement while nothing is off anywhere."""
    if not switched_off():
        return False
    cohort_id = session.scalar(select(Window.cohort_id).join(Attempt, Attempt.window_id == Window.id).where(Attempt.id == attempt_id))
    return cohort_id is not None and not is_on_for_cohort("assessment", cohort_id)


@dataclass(frozen=True)
class Head:
    """An attempt with what is said about it on each of its pages."""

    id: int
    person_id: int
    number: int
    state: str
    seed: str
    started_at: datetime
    ends_at: datetime
    submitted_at: datetime | None
    by_itself: bool
    receipt: str | None
    percent: Decimal | None
    graded_at: datetime | None
    window_id: int
    cohort_id: int
    assessment_id: int
    code: str
    purpose: str
    title: Words
    pass_mark: int | None
    attempts: int
    zone: str

    @property
    def is_passed(self) -> bool:
        """Say whether the result reaches the pass mark."""
        return self.percent is not None and is_passed(self.percent, self.pass_mark)


def own_attempt(attempt_id: int, person_id: int) -> Head | None:
    """Find an attempt of that person's own."""
    found = attempt(attempt_id)
    return found if found is not None and found.person_id == person_id else None


def attempt(attempt_id: int) -> Head | None:
    """Find an attempt, whoever's it is."""
    row: Any = session.execute(
        select(
            Attempt.id, Attempt.person_id, Attempt.number, Attempt.state, Attempt.seed, Attempt.started_at, Attempt.ends_at,
            Attempt.submitted_at, Attempt.by_itself, Attempt.receipt, Attempt.percent, Attempt.graded_at,
            Window.id.label("window_id"), Window.cohort_id, Assessment.id.label("assessment_id"), Assessment.code, Assessment.purpose,
            Assessment.title, Assessment.pass_mark, Assessment.attempts, Cohort.zone,
        )
        .join(Window, Window.id == Attempt.window_id)
        .join(Assessment, Assessment.id == Window.assessment_id)
        .join(Cohort, Cohort.id == Window.cohort_id)
        .where(Attempt.id == attempt_id)
    ).one_or_none()  # fmt: skip
    return Head(*row) if row else None


@dataclass(frozen=True)
class Asked:
    """One question of an attempt, with the answer to it."""

    id: int
    position: int
    digest: str
    most: Decimal
    answer: Sequence[str] | None
    flagged: bool
    saved_at: datetime | None
    saved_from: str
    points: Decimal | None
    late_answer: Sequence[str] | None
    late_at: datetime | None
    kind: str
    content: Content

    @property
    def words(self) -> Words:
        """The question's text."""
        return Words(self.content["text"])

    @property
    def is_answered(self) -> bool:
        """Say whether something was answered."""
        return bool(self.answer)


def asked(attempt_id: int) -> list[Asked]:
    """List the questions of an attempt in their order; one statement when the process keeps their contents."""
    rows: Sequence[Any] = session.execute(
        select(
            Response.id, Response.position, Response.digest, Response.most, Response.answer, Response.flagged,
            Response.saved_at, Response.saved_from, Response.points, Response.late_answer, Response.late_at,
        )
        .where(Response.attempt_id == attempt_id)
        .order_by(Response.position)
    ).all()  # fmt: skip
    known = contents([row.digest for row in rows])
    return [Asked(*[*row, *known[row.digest]]) for row in rows]
