"""What the trainees of a cohort can still reach: a result where there is none yet, or a better one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from inspire_lms.contracts.assessment import Chance, Chances
from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.assessment import rules
from inspire_lms.plugins.assessment.models import Assessment, Attempt, Extension, Window
from inspire_lms.plugins.assessment.rules import Terms


def chances(asked: Chances) -> Mapping[int, tuple[Chance, ...]]:
    """Say for each trainee of a cohort what is still possible; four statements, however many trainees there are."""
    now, windows = clock.now(), _windows(asked.cohort_id)
    granted, tried = _granted(asked.cohort_id), _tried(asked.cohort_id)
    found: dict[int, tuple[Chance, ...]] = {}
    for member in programmes.members(asked.cohort_id):
        own = []
        for window_id, (code, common) in windows.items():
            key = (window_id, member.person_id)
            terms = rules.extended(common, **granted[key]) if key in granted else common
            until = rules.last_moment(terms, tried.get(key, ()), at=now)
            if until or rules.is_waiting(tried.get(key, ()), at=now):
                own.append(Chance(code, until))
        found[member.person_id] = tuple(own)
    return found


def _windows(cohort_id: int) -> dict[int, tuple[str, Terms]]:
    """Give code and terms for everybody, by window."""
    rows: Any = session.execute(
        select(Window.id, Assessment.code, Window.opens_at, Window.closes_at, Cohort.zone, Assessment.minutes, Assessment.attempts)
        .join(Assessment, Assessment.id == Window.assessment_id)
        .join(Cohort, Cohort.id == Window.cohort_id)
        .where(Window.cohort_id == cohort_id)
        .order_by(Assessment.position)
    )
    return {window_id: (code, Terms(*terms)) for window_id, code, *terms in rows}


def _granted(cohort_id: int) -> dict[tuple[int, int], dict[str, Any]]:
    """Give what single persons were granted, by window and person."""
    columns = (Extension.window_id, Extension.person_id, Extension.minutes, Extension.attempts, Extension.until)
    rows = session.execute(select(*columns).join(Window, Window.id == Extension.window_id).where(Window.cohort_id == cohort_id))
    return {(row.window_id, row.person_id): {"minutes": row.minutes, "attempts": row.attempts, "until": row.until} for row in rows}


def _tried(cohort_id: int) -> dict[tuple[int, int], list[tuple[str, datetime]]]:
    """Give state and end of each attempt, by window and person."""
    columns = (Attempt.window_id, Attempt.person_id, Attempt.state, Attempt.ends_at)
    found: dict[tuple[int, int], list[tuple[str, datetime]]] = {}
    for window_id, person_id, state, ends_at in session.execute(
        select(*columns).join(Window, Window.id == Attempt.window_id).where(Window.cohort_id == cohort_id)
    ):
        found.setdefault((window_id, person_id), []).append((state, ends_at))
    return found
