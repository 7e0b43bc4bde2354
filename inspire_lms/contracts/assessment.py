"""What people showed that they can."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from inspire_lms.contracts import Enquiry, Fact


@dataclass(frozen=True)
class AttemptGraded(Fact):
    """All answers of an attempt have their marks."""

    cohort_id: int
    assessment_id: int
    person_id: int


@dataclass(frozen=True)
class ChanceGiven(Fact):
    """A person was given more time or another attempt."""

    cohort_id: int
    assessment_id: int
    person_id: int


@dataclass(frozen=True)
class Result:
    """The best graded attempt of one person in one assessment."""

    code: str
    """The assessment's code in the edition file: pre-test, final-test, essay."""
    kind: str
    """One of pre, final, essay."""
    title: str
    """In the reader's language."""
    percent: Decimal
    """0 to 100, two places."""
    pass_mark: int | None
    """Per cent; None when the result does not count."""
    graded_at: datetime
    first_attempt: bool
    """True when it was the person's first attempt."""
    by_competence: Mapping[str, Decimal]
    """Per cent by competence code."""

    @property
    def is_passed(self) -> bool:
        """True when there is no pass mark or it is reached."""
        return self.pass_mark is None or self.percent >= self.pass_mark


@dataclass(frozen=True)
class BestResults(Enquiry[Mapping[int, tuple[Result, ...]]]):
    """The best graded result of each person in each assessment of a cohort, by person id."""

    cohort_id: int


@dataclass(frozen=True)
class Graders(Enquiry[Mapping[int, tuple[int, ...]]]):
    """Who gave marks by hand to each trainee of a cohort, by person id: first marks and corrections, whether or not they made a result."""

    cohort_id: int


@dataclass(frozen=True)
class RequiredAssessments(Enquiry[tuple[tuple[str, str, str, int | None], ...]]):
    """The assessments of a cohort's edition, in order: code, kind, title in the reader's language, pass mark in per cent."""

    cohort_id: int


@dataclass(frozen=True)
class Chance:
    """An assessment in which one person can still get a result, or a better one."""

    code: str
    until: datetime | None
    """Until when something can be handed in; None when nothing can any more and what was handed in waits for its marks."""


@dataclass(frozen=True)
class Chances(Enquiry[Mapping[int, tuple[Chance, ...]]]):
    """In which assessments a result, or a better one, is still possible, for each trainee of a cohort, by person id."""

    cohort_id: int
