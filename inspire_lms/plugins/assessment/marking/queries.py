"""Reading for those who mark: the queue with the names hidden, and the results of a cohort."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from inspire_lms.kernel.access.queries import cohort_ids_where
from inspire_lms.kernel.audit import AuditLine
from inspire_lms.kernel.curriculum.models import Competence
from inspire_lms.kernel.db import Words, session
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.assessment.bank.kept import contents
from inspire_lms.plugins.assessment.grading import Marked, by_competence, hidden_name
from inspire_lms.plugins.assessment.kinds import essay
from inspire_lms.plugins.assessment.kinds.shape import Content
from inspire_lms.plugins.assessment.models import Assessment, Attempt, Mark, Response, Version, Window
from inspire_lms.plugins.assessment.rules import State

Later = aliased(Mark)
AFTER_LATE = Message("A late answer was accepted and read.")
"""The reason of the next mark of an essay that went back into the queue: kept in English, read in each language."""


def cohorts_where(person_id: int, capability: str) -> list[int]:
    """List the cohorts in which a person has a capability, of editions with this plugin on."""
    return [each for each in cohort_ids_where(person_id, capability) if is_on_for_cohort("assessment", each)]


@dataclass(frozen=True)
class Waiting:
    """An essay that waits for a mark. Nothing in it says whose it is."""

    id: int
    cohort_id: int
    sign: str
    title: Words
    country_name: Words
    closes_at: datetime


def _waiting(cohort_ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(Response.id, Window.cohort_id, Attempt.seed, Assessment.title, Cohort.country_name, Window.closes_at)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .join(Window, Window.id == Attempt.window_id)
        .join(Assessment, Assessment.id == Window.assessment_id)
        .join(Cohort, Cohort.id == Window.cohort_id)
        .where(Window.cohort_id.in_(cohort_ids), Attempt.state == State.SUBMITTED, Response.points.is_(None))
    )


def waiting(cohort_ids: Sequence[int]) -> list[Waiting]:
    """List the essays that wait, in the order of their signs, which says nothing about who handed in first."""
    rows = session.execute(_waiting(cohort_ids)) if cohort_ids else ()
    found = [Waiting(id_, cohort_id, hidden_name(seed, id_), title, name, closes) for id_, cohort_id, seed, title, name, closes in rows]
    return sorted(found, key=lambda each: each.sign)


def count_waiting(cohort_ids: Sequence[int]) -> int:
    """Count the essays that wait."""
    return session.execute(select(func.count()).select_from(_waiting(cohort_ids).subquery())).scalar_one() if cohort_ids else 0


@dataclass(frozen=True)
class Work:
    """One answer to be marked, with its question, and still nothing about the person."""

    id: int
    cohort_id: int
    sign: str
    title: Words
    content: Content
    text: str
    points: Decimal | None


def work(response_id: int) -> Work | None:
    """Find an essay that was handed in."""
    row = session.execute(
        select(Response.id, Window.cohort_id, Attempt.seed, Assessment.title, Response.digest, Response.answer, Response.points)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .join(Window, Window.id == Attempt.window_id)
        .join(Assessment, Assessment.id == Window.assessment_id)
        .join(Version, Version.id == Response.version_id)
        .where(Response.id == response_id, Version.kind == "essay", Attempt.state != State.OPEN)
    ).one_or_none()
    if row is None:
        return None
    content = contents([row.digest])[row.digest][1]
    return Work(row.id, row.cohort_id, hidden_name(row.seed, row.id), row.title, content, (row.answer or [""])[0], row.points)


@dataclass(frozen=True)
class Given:
    """A mark that was given by hand."""

    number: int
    levels: dict[str, int]
    points: Decimal
    comment: str
    reason: str | Message | None
    marked_by: int
    marked_at: datetime


def marks(response_ids: Sequence[int]) -> dict[int, list[Given]]:
    """List the marks by hand of some answers, the first one first."""
    columns = (Mark.response_id, Mark.number, Mark.levels, Mark.points, Mark.comment, Mark.reason, Mark.marked_by, Mark.marked_at)
    found: dict[int, list[Given]] = {}
    for response_id, *rest in session.execute(select(*columns).where(Mark.response_id.in_(response_ids)).order_by(Mark.number)):
        given = Given(*rest)
        found.setdefault(response_id, []).append(replace(given, reason=AFTER_LATE) if given.reason == str(AFTER_LATE) else given)
    return found


def handed_in(response_ids: Sequence[int]) -> dict[int, list[str] | None]:
    """Give what had been handed in, by answer, where a late answer was accepted in its place; None when it was empty."""
    lines = session.execute(
        select(AuditLine.thing_id, AuditLine.before)
        .where(AuditLine.thing_kind == "assessment_response", AuditLine.thing_id.in_(response_ids))
        .where(AuditLine.did == "assessment.accepted_late")
        .order_by(AuditLine.id)
    )
    found: dict[int, list[str] | None] = {}
    for response_id, before in lines:
        found.setdefault(response_id, (before or {}).get("answer"))
    return found


@dataclass(frozen=True)
class Graded:
    """A graded attempt with what it showed by competence."""

    attempt_id: int
    person_id: int
    number: int
    code: str
    purpose: str
    title: Words
    pass_mark: int | None
    percent: Decimal
    graded_at: datetime
    marked: Sequence[Marked]

    @property
    def by_competence(self) -> dict[str, Decimal]:
        """Per cent by the code of the competence."""
        return by_competence(self.marked)


def graded(cohort_id: int, person_id: int | None = None) -> list[Graded]:
    """List the graded attempts of a cohort, or of one person in it; four statements whatever their number."""
    chosen = (Window.cohort_id == cohort_id) & (Attempt.state == State.GRADED)
    if person_id is not None:
        chosen &= Attempt.person_id == person_id
    heads: Sequence[Any] = session.execute(
        select(
            Attempt.id, Attempt.person_id, Attempt.number, Assessment.code, Assessment.purpose, Assessment.title, Assessment.pass_mark,
            Attempt.percent, Attempt.graded_at,
        )
        .join(Window, Window.id == Attempt.window_id)
        .join(Assessment, Assessment.id == Window.assessment_id)
        .where(chosen)
        .order_by(Assessment.position, Attempt.person_id, Attempt.number)
    ).all()  # fmt: skip
    parts: dict[int, list[Marked]] = {}
    for attempt_id, code, points, most in session.execute(_summed(chosen)):
        parts.setdefault(attempt_id, []).append(Marked(code, points, most))
    for attempt_id, marked in _essays(chosen):
        parts.setdefault(attempt_id, []).extend(marked)
    return [Graded(*[*row, parts.get(row.id, ())]) for row in heads]


def _summed(chosen: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 (a condition)
    """Sum up by attempt and competence what marks itself, and what was corrected without a rubric."""
    return (
        select(Attempt.id, Competence.code, func.sum(Response.points), func.sum(Response.most))
        .join(Response, Response.attempt_id == Attempt.id)
        .join(Version, Version.id == Response.version_id)
        .join(Competence, Competence.id == Version.competence_id)
        .join(Window, Window.id == Attempt.window_id)
        .where(chosen, Version.kind != "essay")
        .group_by(Attempt.id, Competence.code)
    )


def _essays(chosen: ColumnElement[bool]) -> list[tuple[int, list[Marked]]]:
    """Give attempt and marks by competence of each essay: the latest mark counts, and an empty essay has none and earned nothing."""
    newest = select(func.max(Later.number)).where(Later.response_id == Response.id).scalar_subquery()
    rows = session.execute(
        select(Attempt.id, Mark.levels, Response.digest, Competence.code)
        .join(Response, Response.attempt_id == Attempt.id)
        .join(Version, Version.id == Response.version_id)
        .join(Competence, Competence.id == Version.competence_id)
        .join(Window, Window.id == Attempt.window_id)
        .outerjoin(Mark, (Mark.response_id == Response.id) & (Mark.number == newest))
        .where(chosen, Version.kind == "essay")
    ).all()
    known = contents([row.digest for row in rows])
    return [
        (row.id, [Marked(code or row.code, *points) for code, *points in essay.earned(known[row.digest][1], row.levels)]) for row in rows
    ]


def graders_in(cohort_id: int) -> dict[int, tuple[int, ...]]:
    """Say who gave marks by hand in a cohort, by the person who was marked; one statement.

    Every mark counts, the first as well as a correction, in every attempt, and where the marks of another are still missing:
    nobody decides on a certificate of somebody whom they have graded.
    """
    rows = session.execute(
        select(Attempt.person_id, Mark.marked_by)
        .join(Window, Window.id == Attempt.window_id)
        .join(Response, Response.attempt_id == Attempt.id)
        .join(Mark, Mark.response_id == Response.id)
        .where(Window.cohort_id == cohort_id)
        .distinct()
        .order_by(Mark.marked_by)
    )
    found: dict[int, tuple[int, ...]] = {}
    for person_id, marked_by in rows:
        found[person_id] = (*found.get(person_id, ()), marked_by)
    return found


@dataclass(frozen=True)
class Answered:
    """One answer of a named person, for those who may correct its mark."""

    id: int
    cohort_id: int
    attempt_id: int
    position: int
    digest: str
    most: Decimal
    points: Decimal | None
    answer: Sequence[str] | None
    late_answer: Sequence[str] | None


def answered(response_id: int) -> Answered | None:
    """Find an answer that was handed in."""
    row: Any = session.execute(
        select(
            Response.id, Window.cohort_id, Response.attempt_id, Response.position, Response.digest, Response.most, Response.points,
            Response.answer, Response.late_answer,
        )
        .join(Attempt, Attempt.id == Response.attempt_id)
        .join(Window, Window.id == Attempt.window_id)
        .where(Response.id == response_id, Attempt.state != State.OPEN)
    ).one_or_none()  # fmt: skip
    return Answered(*row) if row else None
