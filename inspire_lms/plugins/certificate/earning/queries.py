"""Counting what was earned and what was issued, for the figures and the tasks of a cohort."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Integer, Select, bindparam, case, exists, func, select

from inspire_lms.kernel.db import once_a_page, session
from inspire_lms.kernel.programmes.models import Participation
from inspire_lms.kernel.programmes.rules import HOLDS_A_SEAT
from inspire_lms.plugins.certificate.earning.rules import Completion
from inspire_lms.plugins.certificate.models import Batch, Certificate, Standing
from inspire_lms.plugins.certificate.rules import TOPS


class Counted(NamedTuple):
    """How the members of a cohort stand, those of whom nothing is kept yet left out."""

    met: int
    """Who completes the course."""
    open: int
    """Who still can."""
    kept: int
    waiting: int
    """Who has met all and was never given the document for it, not even one that was revoked."""


def _counting() -> Select[int, int, int, int]:
    cohort_id = bindparam("cohort_id", type_=Integer)
    whole = Certificate.kind.in_(TOPS) | (Certificate.kind == Standing.earned)
    holds = exists().where(Certificate.cohort_id == cohort_id, Certificate.person_id == Standing.person_id, whole)
    waits = Standing.earned.is_not(None) & (Standing.met == Standing.demanded) & ~holds
    conditions = (Standing.completion == Completion.MET, Standing.completion == Completion.OPEN, Standing.id.is_not(None), waits)
    met, still, kept, waiting = (func.count(case((one, 1))) for one in conditions)
    is_member = (Participation.cohort_id == Standing.cohort_id) & (Participation.person_id == Standing.person_id)
    chosen = select(met, still, kept, waiting).join(Participation, is_member)
    return chosen.where(Standing.cohort_id == cohort_id, Participation.state.in_(HOLDS_A_SEAT))


# Made once: putting a statement together costs more than running it.
_COUNTING = _counting()


@once_a_page
def count(cohort_id: int) -> Counted:
    """Count how the members of a cohort stand; one statement."""
    return Counted._make(session.execute(_COUNTING, {"cohort_id": cohort_id}).one())


@dataclass(frozen=True)
class Issued:
    """What the figures of a cohort are made of."""

    person_id: int
    kind: str
    state: str
    issued_at: datetime
    decided_at: datetime
    replaces_id: int | None


def issued_in(cohort_id: int) -> list[Issued]:
    """List everything that was issued in a cohort."""
    chosen = (
        select(Certificate.person_id, Certificate.kind, Certificate.state, Certificate.issued_at, Batch.decided_at, Certificate.replaces_id)
        .join(Batch, Batch.id == Certificate.batch_id)
        .where(Certificate.cohort_id == cohort_id, Certificate.issued_at.is_not(None))
    )
    return [Issued(**row) for row in session.execute(chosen).mappings()]
