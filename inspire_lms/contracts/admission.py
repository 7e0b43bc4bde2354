"""Who was selected, and who took the place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from inspire_lms.contracts import Enquiry, Fact


@dataclass(frozen=True)
class RankingPublished(Fact):
    """A ranking was fixed and the first offers went out."""

    cohort_id: int
    ranking_id: int
    offered: tuple[int, ...]
    """Person ids, in the order of the ranking."""


@dataclass(frozen=True)
class PlaceAccepted(Fact):
    """A person accepted the offered place and is a trainee of the cohort now."""

    cohort_id: int
    person_id: int


@dataclass(frozen=True)
class PlaceGivenUp(Fact):
    """A trainee withdrew after having accepted a place."""

    cohort_id: int
    person_id: int


@dataclass(frozen=True)
class Admission:
    """How one person came into a cohort."""

    protocol_number: str
    applied_at: datetime
    accepted_at: datetime | None
    """None while the place is offered and not accepted."""


@dataclass(frozen=True)
class AdmittedPeople(Enquiry[Mapping[int, Admission]]):
    """Who was offered a place in the cohort, by person id."""

    cohort_id: int
