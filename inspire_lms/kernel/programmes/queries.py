"""Reading programmes, cohorts and who takes part."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from inspire_lms.kernel.db import once_a_page, session
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.plugin import is_on
from inspire_lms.kernel.programmes.models import Cohort, Edition, Participation, Programme
from inspire_lms.kernel.programmes.rules import HOLDS_A_SEAT, State


class Member(NamedTuple):
    """Somebody who takes part in a cohort."""

    person_id: int
    name: str
    sort_key: str
    email: str
    language: str
    zone: str | None
    """The person's own zone; None means that of the cohort."""


def edition(edition_id: int) -> Edition | None:
    """Find an edition."""
    return session.get(Edition, edition_id)


def edition_with(code: str) -> Edition | None:
    """Find an edition by its code in the file."""
    return session.scalar(select(Edition).where(Edition.code == code))


def editions() -> Sequence[Edition]:
    """List all editions, the newest first."""
    return session.scalars(select(Edition).order_by(Edition.starts_on.desc(), Edition.id.desc())).all()


def programme_with(code: str) -> Programme | None:
    """Find a programme by its code in the file."""
    return session.scalar(select(Programme).where(Programme.code == code))


def has_sample() -> bool:
    """Say whether there is an edition of sample data."""
    return session.scalar(select(Edition.id).where(Edition.is_sample).limit(1)) is not None


@once_a_page
def cohort(cohort_id: int) -> Cohort | None:
    """Find a cohort, with its edition."""
    return session.scalar(_cohorts().where(Cohort.id == cohort_id))


def cohorts(edition_id: int) -> list[Cohort]:
    """List the cohorts of an edition in the order of its file."""
    return list(session.scalars(_cohorts().where(Cohort.edition_id == edition_id)))


def all_cohorts() -> list[Cohort]:
    """List the cohorts of all editions, the oldest first."""
    return list(session.scalars(_cohorts()))


def count_seats_taken() -> dict[int, int]:
    """Count those who hold a seat, by cohort; cohorts in which nobody does are left out."""
    chosen = select(Participation.cohort_id, func.count()).where(Participation.state.in_(HOLDS_A_SEAT))
    return {row[0]: row[1] for row in session.execute(chosen.group_by(Participation.cohort_id))}


def open_cohorts(plugin: str) -> list[Cohort]:
    """List the cohorts of all editions for which *plugin* is switched on."""
    return [each for each in all_cohorts() if is_on(plugin, each.edition_id)]


@once_a_page
def cohorts_of(person_id: int) -> list[Cohort]:
    """List the cohorts in which a person takes part or has finished, the newest first."""
    taking_part = select(Participation.cohort_id).where(Participation.person_id == person_id, Participation.state.in_(HOLDS_A_SEAT))
    return list(session.scalars(_cohorts().where(Cohort.id.in_(taking_part)).order_by(None).order_by(Cohort.id.desc())))


def cohorts_with(cohort_ids: Sequence[int]) -> list[Cohort]:
    """List the cohorts with these numbers, the oldest first."""
    return list(session.scalars(_cohorts().where(Cohort.id.in_(cohort_ids))))


def _cohorts() -> Select[Cohort]:
    return select(Cohort).options(joinedload(Cohort.edition, innerjoin=True)).order_by(Cohort.id)


@once_a_page
def members(cohort_id: int) -> list[Member]:
    """List who is enrolled in a cohort or has finished it, in the order of a directory."""
    return _listed(select_members(cohort_id))


def members_with_account(cohort_id: int) -> list[Member]:
    """List the members of a cohort but for those who have finished it and erased their account since."""
    return _listed(select_members(cohort_id).where(Person.erased_at.is_(None)))


def _listed(chosen: Select[int, str, str, str, str, str, str | None]) -> list[Member]:
    return [
        Member(person_id, f"{given} {family}".strip(), sort_key, email, language, zone)
        for person_id, given, family, sort_key, email, language, zone in session.execute(chosen)
    ]


def select_members(cohort_id: int) -> Select[int, str, str, str, str, str, str | None]:
    """Choose who is enrolled in a cohort or has finished it: id, names, sort key, address, language and zone."""
    return (
        select(Person.id, Person.given_name, Person.family_name, Person.sort_key, Person.email, Person.language, Person.zone)
        .join(Participation, Participation.person_id == Person.id)
        .where(Participation.cohort_id == cohort_id, Participation.state.in_(HOLDS_A_SEAT))
        .order_by(Person.sort_key, Person.id)
    )


def is_member(cohort_id: int, person_id: int) -> bool:
    """Say whether a person is enrolled in a cohort or has finished it."""
    found = participation(cohort_id, person_id)
    return found is not None and State(found.state) in HOLDS_A_SEAT


def participation(cohort_id: int, person_id: int) -> Participation | None:
    """Find a person's taking part in a cohort, withdrawn or not."""
    return session.scalar(select(Participation).where(Participation.cohort_id == cohort_id, Participation.person_id == person_id))


def withdrawals(cohort_id: int) -> Mapping[int, datetime]:
    """Say when those who withdrew from a cohort did so, by person id."""
    rows = session.execute(
        select(Participation.person_id, Participation.until).where(
            Participation.cohort_id == cohort_id, Participation.state == State.WITHDRAWN
        )
    )
    return {row.person_id: row.until for row in rows if row.until is not None}


def counts(edition_id: int) -> Mapping[int, Mapping[str, int]]:
    """Count the people of each cohort of an edition by state."""
    rows = session.execute(
        select(Participation.cohort_id, Participation.state, func.count())
        .join(Cohort, Cohort.id == Participation.cohort_id)
        .where(Cohort.edition_id == edition_id)
        .group_by(Participation.cohort_id, Participation.state)
    )
    found: dict[int, dict[str, int]] = {}
    for cohort_id, state, number in rows:
        found.setdefault(cohort_id, {})[state] = number
    return found
