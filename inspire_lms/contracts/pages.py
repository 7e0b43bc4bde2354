"""What pages gather from plugins. Words are in the reader's language already; addresses are paths."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from inspire_lms.contracts import Enquiry


@dataclass(frozen=True)
class MenuEntry:
    """One entry of the main menu."""

    order: int
    """Small numbers stand first."""
    text: str
    href: str


@dataclass(frozen=True)
class MenuEntries(Enquiry[tuple[MenuEntry, ...]]):
    """What a person finds in the main menu. It is asked on every page: the answer may not run SQL of its own."""

    person_id: int | None
    """None for a visitor."""


@dataclass(frozen=True)
class NextThing:
    """One thing that a person should do now."""

    heading: str
    text: str
    button: str
    href: str
    until: datetime | None
    """The deadline; None when there is none. The earliest comes first."""
    urgency: int
    """0: happening now; 1: waits for this person; 2: may be done."""
    note: str = ""
    zone: str = ""
    """In which the deadline is told; empty: that of the cohort that was asked about, else that of the page."""


@dataclass(frozen=True)
class NextThings(Enquiry[tuple[NextThing, ...]]):
    """What a person should do now; the home page shows the first by urgency and deadline."""

    person_id: int


@dataclass(frozen=True)
class HomePart:
    """A section of a page that a plugin brings: a template and what it shows."""

    order: int
    template: str
    """A template of the plugin, included as it is; it draws one part or several."""
    shows: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PublicParts(Enquiry[tuple[HomePart, ...]]):
    """What the public front page shows."""


@dataclass(frozen=True)
class PersonParts(Enquiry[tuple[HomePart, ...]]):
    """What a person's home page shows before and beside any cohort: own applications, work waiting for a member of staff."""

    person_id: int


@dataclass(frozen=True)
class PathParts(Enquiry[tuple[HomePart, ...]]):
    """What "my path" shows to a trainee of a cohort."""

    cohort_id: int
    person_id: int


@dataclass(frozen=True)
class AgendaEntry:
    """Something with a date."""

    starts_at: datetime
    ends_at: datetime | None
    text: str
    href: str


@dataclass(frozen=True)
class AgendaEntries(Enquiry[tuple[AgendaEntry, ...]]):
    """The dates of a trainee or member of staff in a cohort, past and to come."""

    cohort_id: int
    person_id: int


@dataclass(frozen=True)
class Figure:
    """One figure about a cohort."""

    code: str
    """Stable, for example applied, eligible, offered, enrolled, attending, assessed, certified, surveyed."""
    order: int
    kind: str
    """funnel: people who reached a stage; kpi: an indicator of domain.md 9.5."""
    title: str
    value: Decimal | None
    """None when there is nothing to measure yet."""
    unit: str
    """people, percent, days, points or ratio."""
    target: Decimal | None
    """At least this much; None without a target."""
    target_is_maximum: bool = False
    """True when the figure should stay below the target."""
    href: str = ""
    """The page with the rows behind the figure."""
    note: str = ""


@dataclass(frozen=True)
class CohortFigures(Enquiry[tuple[Figure, ...]]):
    """What a plugin knows about a cohort in numbers."""

    cohort_id: int


@dataclass(frozen=True)
class CohortTasks(Enquiry[tuple[NextThing, ...]]):
    """What waits for the coordinator of a cohort."""

    cohort_id: int
