"""Reading what is taught."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from inspire_lms.kernel.curriculum.models import Competence, Framework, Level, Unit
from inspire_lms.kernel.db import session


@dataclass(frozen=True)
class Workload:
    """The time that a whole course takes, in minutes."""

    live: int
    study: int

    @property
    def total(self) -> int:
        """Live and study together."""
        return self.live + self.study


def framework(framework_id: int) -> Framework | None:
    """Find a framework."""
    return session.get(Framework, framework_id)


def framework_with(code: str) -> Framework | None:
    """Find a framework by its code in the edition file."""
    return session.scalar(select(Framework).where(Framework.code == code))


def units(framework_id: int) -> Sequence[Unit]:
    """List the units in order, each with its learning outcomes; two statements."""
    return session.scalars(select(Unit).where(Unit.framework_id == framework_id).order_by(Unit.number)).all()


def competences(framework_id: int) -> Sequence[Competence]:
    """List the competences in their order."""
    return session.scalars(select(Competence).where(Competence.framework_id == framework_id).order_by(Competence.place)).all()


def levels(framework_id: int) -> Sequence[Level]:
    """List the levels, the lowest first."""
    return session.scalars(select(Level).where(Level.framework_id == framework_id).order_by(Level.number)).all()


def workload(framework_id: int) -> Workload:
    """Sum up the time of all units."""
    found = session.execute(
        select(func.coalesce(func.sum(Unit.live_minutes), 0), func.coalesce(func.sum(Unit.study_minutes), 0)).where(
            Unit.framework_id == framework_id
        )
    ).one()
    return Workload(live=int(found[0]), study=int(found[1]))
