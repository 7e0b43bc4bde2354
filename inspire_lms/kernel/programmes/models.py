"""Programmes, editions, the cohort of each country, and who takes part in it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from inspire_lms.kernel.db import Base, Id, Words, ref
from inspire_lms.kernel.programmes.rules import State


class Programme(Base):
    """What partners run together, edition after edition."""

    __tablename__ = "programmes_programme"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("context_id"),
        CheckConstraint("code <> ''", name="a_programme_has_a_code"),
    )

    id: Mapped[Id]
    code: Mapped[str]
    title: Mapped[Words]
    aim: Mapped[Words]
    context_id: Mapped[int] = ref("access_context.id", index=False)


class Edition(Base):
    """One run of a programme, in several countries at once; loaded from one file."""

    __tablename__ = "programmes_edition"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("code <> ''", name="an_edition_has_a_code"),
        CheckConstraint("ends_on >= starts_on", name="it_ends_after_it_starts"),
    )

    id: Mapped[Id]
    programme_id: Mapped[int] = ref("programmes_programme.id")
    framework_id: Mapped[int] = ref("curriculum_framework.id")
    code: Mapped[str]
    title: Mapped[Words]
    role_title: Mapped[Words]
    """What somebody is who has learnt it, printed on certificates as it stood on the day of issue."""
    about: Mapped[Words]
    audience: Mapped[Words]
    funding: Mapped[Words]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    is_sample: Mapped[bool]
    """Sample data, and said so on every page."""
    loaded_at: Mapped[datetime]
    loaded_by: Mapped[int | None] = ref("people_person.id")
    """None for the command line."""
    programme: Mapped[Programme] = relationship(lazy="joined", innerjoin=True)


class Cohort(Base):
    """Those who take part in one country."""

    __tablename__ = "programmes_cohort"
    __table_args__ = (
        UniqueConstraint("edition_id", "country"),
        UniqueConstraint("context_id"),
        CheckConstraint("seats >= 1", name="there_is_a_seat"),
        CheckConstraint("taken BETWEEN 0 AND seats", name="never_more_than_the_seats"),
        CheckConstraint("length(country) = 2 AND country = upper(country)", name="a_country_has_two_capitals"),
    )

    id: Mapped[Id]
    edition_id: Mapped[int] = ref("programmes_edition.id", index=False)
    context_id: Mapped[int] = ref("access_context.id", index=False)
    country: Mapped[str]
    """ISO 3166: IT, GR, RO."""
    country_name: Mapped[Words]
    zone: Mapped[str]
    """IANA: Europe/Rome."""
    zone_name: Mapped[Words]
    language: Mapped[str]
    seats: Mapped[int]
    taken: Mapped[int]
    edition: Mapped[Edition] = relationship()


class Participation(Base):
    """One person's taking part in one cohort."""

    __tablename__ = "programmes_participation"
    __table_args__ = (
        UniqueConstraint("cohort_id", "person_id"),
        CheckConstraint("state IN ({})".format(", ".join(f"'{state}'" for state in State)), name="state_is_known"),
        CheckConstraint("(state = 'enrolled') = (until IS NULL)", name="who_is_enrolled_has_no_end"),
        CheckConstraint("until IS NULL OR until >= since", name="it_ends_after_it_began"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[int] = ref("programmes_cohort.id", index=False)
    person_id: Mapped[int] = ref("people_person.id")
    state: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
