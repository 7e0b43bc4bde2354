"""The question that is asked before people are told of a time although something speaks against it."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.webinar import queries
from inspire_lms.plugins.webinar.plan.queries import warnings


@dataclass(frozen=True)
class Clash:
    """A webinar against whose time something speaks."""

    number: int
    starts_at: datetime
    zone: str
    against: tuple[Reason, ...]


class Question:
    """Asks once about exactly these clashes; what was asked for is done when the answer comes back with their code."""

    def __init__(self, agreed: str) -> None:
        """Take the code with which somebody agreed; empty when nobody was asked yet."""
        self.agreed = agreed
        self.clashes: tuple[Clash, ...] = ()

    def why_not(self, clashes: tuple[Clash, ...]) -> Reason | None:
        """Keep what has to be asked, and say so; None when nothing speaks against it, or when somebody agreed to just that."""
        self.clashes = clashes
        if not clashes or self.code == self.agreed:
            return None
        return Reason("Something speaks against the time. Nothing is stored and nobody is told before you confirm that it is meant so.")

    @property
    def code(self) -> str:
        """Give what tells these clashes from any others: a new one that turns up meanwhile is asked about too."""
        said = [(each.number, each.starts_at.isoformat(), [str(one) for one in each.against]) for each in self.clashes]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def among(cohort: Cohort, webinar_ids: Collection[int]) -> tuple[Clash, ...]:
    """List those of some webinars of a cohort against whose time something speaks, in the order of their numbers."""
    against = warnings(cohort.id, cohort.country)
    return tuple(
        Clash(row.number, row.starts_at, row.zone, against[row.id])
        for row in queries.of_cohort(cohort.id)
        if row.id in webinar_ids and against.get(row.id)
    )
