"""Webinars, who leads them, who was connected when, and what the register says."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspire_lms.kernel.db import Base, Id, Words, ref
from inspire_lms.plugins.webinar.planning import LEAST_MINUTES, MOST_MINUTES
from inspire_lms.plugins.webinar.rules import Source, State


def _one_of(column: str, values: type[State] | type[Source]) -> str:
    return f"{column} IN ({', '.join(repr(each.value) for each in values)})"


class Plan(Base):
    """What the edition file says about the webinars of a cohort."""

    __tablename__ = "webinar_plan"
    __table_args__ = (
        CheckConstraint("threshold BETWEEN 0 AND 100", name="threshold_is_per_cent"),
        CheckConstraint(f"minutes BETWEEN {LEAST_MINUTES} AND {MOST_MINUTES}", name="length_in_range"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[int] = ref("programmes_cohort.id", index=False, unique=True)
    first_day: Mapped[date]
    at: Mapped[str] = mapped_column(String(5))
    """HH:MM on the wall clock of the cohort."""
    minutes: Mapped[int]
    skipped: Mapped[list[Any]]
    """ISO days, one of each week without a webinar."""
    trainers: Mapped[list[Any]]
    """E-mail addresses, in order."""
    link: Mapped[str]
    host_link: Mapped[str]
    threshold: Mapped[int]
    """Per cent of all scheduled minutes that the certificate asks for."""


class Webinar(Base):
    """One webinar of one cohort."""

    __tablename__ = "webinar_webinar"
    __table_args__ = (
        UniqueConstraint("cohort_id", "number"),
        CheckConstraint(_one_of("state", State), name="state_is_known"),
        CheckConstraint("(state = 'planned') = (published_at IS NULL)", name="only_a_planned_one_is_unannounced"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="only_a_cancelled_one_has_that_time"),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        CheckConstraint(f"minutes BETWEEN {LEAST_MINUTES} AND {MOST_MINUTES}", name="length_in_range"),
        CheckConstraint("number > 0", name="numbers_begin_at_one"),
        CheckConstraint("sequence >= 0", name="sequence_is_counted"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="somebody_closed_the_register"),
        CheckConstraint("closed_at IS NULL OR (state = 'published' AND closed_at >= ends_at)", name="only_what_is_over_is_closed"),
        Index("ix_webinar_webinar_when", "state", "starts_at"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[int] = ref("programmes_cohort.id", index=False)
    unit_id: Mapped[int | None] = ref("curriculum_unit.id")
    number: Mapped[int]
    title: Mapped[Words]
    state: Mapped[str] = mapped_column(String(12), default=State.PLANNED.value)
    wall_clock: Mapped[str] = mapped_column(String(16))
    """The start as it was agreed: YYYY-MM-DDTHH:MM on the clock of *zone*. starts_at follows from it."""
    zone: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    minutes: Mapped[int]
    link: Mapped[str] = mapped_column(default="")
    """Where trainees meet; empty until it is known."""
    host_link: Mapped[str] = mapped_column(default="")
    """Where the trainer starts the meeting; no page or mail of a trainee holds it."""
    uid: Mapped[str] = mapped_column(unique=True)
    """Of the calendar entry; the same for life."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Of the calendar entry; grows with each change after publishing."""
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    """Why it was last moved or cancelled; those concerned read it."""
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = ref("people_person.id")

    @property
    def local(self) -> datetime:
        """The start on the wall clock of the zone; naive."""
        return datetime.fromisoformat(self.wall_clock)


class Leader(Base):
    """A person who leads a webinar: trainer, substitute, guest."""

    __tablename__ = "webinar_leader"
    __table_args__ = (UniqueConstraint("webinar_id", "person_id"),)

    id: Mapped[Id]
    webinar_id: Mapped[int] = ref("webinar_webinar.id", index=False)
    person_id: Mapped[int] = ref("people_person.id")


class Report(Base):
    """An attendance report of a meeting tool: read, then confirmed by a person. Until then nobody is present by it."""

    __tablename__ = "webinar_report"
    __table_args__ = (
        UniqueConstraint("webinar_id", "digest"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="somebody_confirmed_it"),
    )

    id: Mapped[Id]
    webinar_id: Mapped[int] = ref("webinar_webinar.id", index=False)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file, in hexadecimal."""
    name: Mapped[str]
    kind: Mapped[str]
    left_out: Mapped[int]
    rows: Mapped[list[Any]]
    """The connections as the tool wrote them: name, e-mail, came, left (ISO, UTC). Nobody's of the group: without name and e-mail."""
    answers: Mapped[dict[str, Any]]
    """Who each participant is, by the participant's key; those who are nobody of the group are left out."""
    read_at: Mapped[datetime]
    read_by: Mapped[int] = ref("people_person.id")
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = ref("people_person.id")


class Stay(Base):
    """One connection of one person."""

    __tablename__ = "webinar_stay"
    __table_args__ = (
        UniqueConstraint("webinar_id", "person_id", "came_at", "left_at", "source"),
        CheckConstraint(_one_of("source", Source), name="source_is_known"),
        CheckConstraint("left_at IS NULL OR left_at >= came_at", name="nobody_leaves_before_coming"),
        CheckConstraint("seen_at >= came_at", name="seen_after_coming"),
        CheckConstraint("(source = 'imported') = (report_id IS NOT NULL)", name="an_imported_one_has_its_report"),
        CheckConstraint("source = 'joined' OR left_at IS NOT NULL", name="only_a_joined_one_is_open"),
        CheckConstraint("(struck_at IS NULL) = (struck_by IS NULL)", name="somebody_struck_it"),
    )

    id: Mapped[Id]
    webinar_id: Mapped[int] = ref("webinar_webinar.id", index=False)
    person_id: Mapped[int] = ref("people_person.id")
    source: Mapped[str] = mapped_column(String(8))
    came_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    """None while the person is connected through our page."""
    seen_at: Mapped[datetime]
    """The last sign of life of our page; equal to came_at when it never gave one."""
    report_id: Mapped[int | None] = ref("webinar_report.id")
    struck_at: Mapped[datetime | None]
    """Set when somebody declared that this connection does not count; it stays on the register."""
    struck_by: Mapped[int | None] = ref("people_person.id")


class Line(Base):
    """One line of a closed register: what counts for one person."""

    __tablename__ = "webinar_line"
    __table_args__ = (
        UniqueConstraint("webinar_id", "person_id"),
        CheckConstraint(f"minutes BETWEEN 0 AND {MOST_MINUTES}", name="minutes_in_range"),
    )

    id: Mapped[Id]
    webinar_id: Mapped[int] = ref("webinar_webinar.id", index=False)
    person_id: Mapped[int] = ref("people_person.id")
    is_leader: Mapped[bool]
    minutes: Mapped[int]


class Amendment(Base):
    """A change that a person made to what somebody's line says: the old value, the new one, who, why, when. Never altered."""

    __tablename__ = "webinar_amendment"
    __table_args__ = (CheckConstraint("reason <> ''", name="a_change_has_a_reason"),)

    id: Mapped[Id]
    webinar_id: Mapped[int] = ref("webinar_webinar.id")
    person_id: Mapped[int] = ref("people_person.id")
    minutes_before: Mapped[int]
    minutes_after: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    made_by: Mapped[int] = ref("people_person.id")
    made_at: Mapped[datetime]
    after_closing: Mapped[bool]


class CalendarKey(Base):
    """The secret part of the address of a person's calendar."""

    __tablename__ = "webinar_calendar_key"

    id: Mapped[Id]
    person_id: Mapped[int] = ref("people_person.id")
    token: Mapped[str] = mapped_column(String(43), unique=True)
    """256 bits of chance. It opens the calendar and nothing else, and is shown to its owner again and again."""
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
