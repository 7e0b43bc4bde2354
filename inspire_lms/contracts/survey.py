"""Who took part in a survey; never who answered what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from inspire_lms.contracts import Enquiry, Fact


@dataclass(frozen=True)
class SurveyAnswered(Fact):
    """A person took part in the survey of a cohort. It says nothing about the answers."""

    cohort_id: int
    person_id: int


@dataclass(frozen=True)
class Participation:
    """Whether one person took part."""

    answered: int
    """Surveys of the cohort in which the person took part."""
    owed: int
    """Surveys of the cohort, open or not, that the person is asked to answer."""
    closed: int = 0
    """Surveys that closed without the person: they can no longer be answered."""
    until: datetime | None = None
    """When the next of those that the person can still answer closes; None when there is none."""


@dataclass(frozen=True)
class SurveysOwed(Enquiry[Mapping[int, Participation]]):
    """Participation in the surveys of a cohort, by person id."""

    cohort_id: int
