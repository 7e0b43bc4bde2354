"""When people meet, and who was there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from inspire_lms.contracts import Enquiry, Fact


@dataclass(frozen=True)
class WebinarScheduled(Fact):
    """A webinar was published, moved or cancelled."""

    cohort_id: int
    webinar_id: int
    starts_at: datetime
    cancelled: bool


@dataclass(frozen=True)
class WebinarDate:
    """When one webinar takes place."""

    title: str
    """In the reader's language."""
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class WebinarDates(Enquiry[tuple[WebinarDate, ...]]):
    """The published webinars of a cohort in order of time, for somebody who takes no part in it."""

    cohort_id: int


@dataclass(frozen=True)
class AttendanceConfirmed(Fact):
    """The attendance register of a webinar was closed, or amended after closing."""

    cohort_id: int
    webinar_id: int
    person_ids: tuple[int, ...]
    """The trainees on the register, present or not."""


@dataclass(frozen=True)
class Share:
    """What one trainee attended so far."""

    minutes: int
    """Minutes present in webinars whose register is closed."""
    held: int
    """Scheduled minutes of those webinars."""
    scheduled: int
    """Scheduled minutes of all webinars of the cohort, cancelled ones left out."""
    webinars: int
    """Webinars with a closed register in which the person was present at all."""
    webinars_scheduled: int
    threshold: int
    """Per cent of *scheduled* that the edition asks for."""

    @property
    def needed(self) -> int:
        """Minutes that the threshold stands for, rounded up."""
        return -(-self.scheduled * self.threshold // 100)

    @property
    def is_met(self) -> bool:
        """True when the threshold is reached already."""
        return self.scheduled > 0 and self.minutes >= self.needed

    @property
    def reachable(self) -> int:
        """The most minutes that are still possible."""
        return self.minutes + self.scheduled - self.held


@dataclass(frozen=True)
class Teachers(Enquiry[tuple[int, ...]]):
    """Who leads or has led a webinar of a cohort, by person id; it stays true when the role of trainer is taken away."""

    cohort_id: int


@dataclass(frozen=True)
class AttendanceShares(Enquiry[Mapping[int, Share]]):
    """How much each trainee of a cohort attended, by person id."""

    cohort_id: int
