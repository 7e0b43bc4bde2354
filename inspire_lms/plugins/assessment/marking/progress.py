"""Reading how a cohort gets on: attempts and gains by person, windows, what was granted to single persons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, select

from inspire_lms.kernel.db import Words, session
from inspire_lms.plugins.assessment.grading import gain
from inspire_lms.plugins.assessment.models import Assessment, Attempt, Extension, Window
from inspire_lms.plugins.assessment.rules import Purpose


class Progress(NamedTuple):
    """One attempt of somebody in a cohort, in short."""

    attempt_id: int
    person_id: int
    number: int
    code: str
    purpose: str
    pass_mark: int | None
    state: str
    percent: Decimal | None


# Made once: putting a statement together costs more than running it.
_PROGRESS = (
    select(
        Attempt.id, Attempt.person_id, Attempt.number, Assessment.code, Assessment.purpose, Assessment.pass_mark, Attempt.state,
        Attempt.percent,
    )
    .join(Window, Window.id == Attempt.window_id)
    .join(Assessment, Assessment.id == Window.assessment_id)
    .where(Window.cohort_id == bindparam("cohort_id", type_=Integer))
    .order_by(Assessment.position, Attempt.person_id, Attempt.number)
)  # fmt: skip


def progress(cohort_id: int) -> list[Progress]:
    """List all attempts of a cohort; one statement."""
    return [Progress._make(row) for row in session.execute(_PROGRESS, {"cohort_id": cohort_id})]


def gains(rows: Sequence[Progress]) -> dict[int, Decimal | None]:
    """Give the gain from the best pre-test to the best final test, by person; people without one of them are left out."""
    best: dict[tuple[int, str], Decimal] = {}
    for each in rows:
        if each.percent is not None:
            key = (each.person_id, each.purpose)
            best[key] = max(best.get(key, Decimal(0)), each.percent)
    return {
        person_id: gain(pre, best[person_id, Purpose.FINAL])
        for (person_id, purpose), pre in best.items()
        if purpose == Purpose.PRE and (person_id, Purpose.FINAL) in best
    }


@dataclass(frozen=True)
class Sitting:
    """An assessment in a cohort, as those who extend it see it."""

    window_id: int
    code: str
    title: Words
    opens_at: datetime
    closes_at: datetime


def sittings(cohort_id: int) -> list[Sitting]:
    """List the assessments of a cohort in order."""
    rows: Sequence[Any] = session.execute(
        select(Window.id, Assessment.code, Assessment.title, Window.opens_at, Window.closes_at)
        .join(Assessment, Assessment.id == Window.assessment_id)
        .where(Window.cohort_id == cohort_id)
        .order_by(Assessment.position)
    ).all()
    return [Sitting(*row) for row in rows]


@dataclass(frozen=True)
class Granted:
    """What one person was granted beyond the others."""

    person_id: int
    window_id: int
    title: Words
    minutes: int
    attempts: int
    until: datetime | None
    reason: str
    granted_at: datetime


def extensions(cohort_id: int) -> list[Granted]:
    """List what was granted in a cohort."""
    rows: Sequence[Any] = session.execute(
        select(
            Extension.person_id, Extension.window_id, Assessment.title, Extension.minutes, Extension.attempts, Extension.until,
            Extension.reason, Extension.granted_at,
        )
        .join(Window, Window.id == Extension.window_id)
        .join(Assessment, Assessment.id == Window.assessment_id)
        .where(Window.cohort_id == cohort_id)
        .order_by(Extension.granted_at)
    ).all()  # fmt: skip
    return [Granted(*row) for row in rows]
