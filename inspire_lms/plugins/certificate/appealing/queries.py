"""Reading refusals, revocations and the appeals against them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g
from sqlalchemy import func, select

from inspire_lms.kernel.db import Moment, once_a_page, session
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.certificate.models import Appeal, Batch, Certificate, Refusal, Revocation
from inspire_lms.plugins.certificate.rules import AppealState


@dataclass(frozen=True)
class Against:
    """What somebody may appeal against, or has: that they were not given the whole, or that a certificate was revoked."""

    cohort: Cohort
    person_id: int
    decided_at: datetime
    decided_by_id: int
    until: datetime
    refusal: Refusal | None
    revocation: Revocation | None
    appeal: Appeal | None

    @property
    def cohort_id(self) -> int:
        """The place, for the guard."""
        return self.cohort.id


def own_refusal(refusal_id: int, person_id: int) -> Against | None:
    """Find a refusal of this person."""
    found = session.get(Refusal, refusal_id)
    return _refused(found) if found and found.person_id == person_id else None


def own_revocation(revocation_id: int, person_id: int) -> Against | None:
    """Find the revocation of a certificate of this person; one that was replaced is none."""
    found = session.get(Revocation, revocation_id)
    return _revoked(found) if found and found.certificate.person_id == person_id else None


def of_appeal(appeal_id: int) -> Against | None:
    """Find what an appeal is against, with the appeal."""
    appeal = session.get(Appeal, appeal_id)
    if appeal is None:
        return None
    if appeal.refusal_id is not None:
        return _refused(session.get_one(Refusal, appeal.refusal_id))
    return _revoked(session.get_one(Revocation, appeal.revocation_id))


def _refused(refusal: Refusal) -> Against | None:
    batch = session.get_one(Batch, refusal.batch_id)
    cohort = programmes.cohort(batch.cohort_id)
    appeal = session.scalar(select(Appeal).where(Appeal.refusal_id == refusal.id))
    if cohort is None:
        return None
    return Against(cohort, refusal.person_id, batch.decided_at, batch.decided_by_id, refusal.appeal_until, refusal, None, appeal)


def _revoked(revocation: Revocation) -> Against | None:
    certificate = revocation.certificate
    cohort = programmes.cohort(certificate.cohort_id)
    if cohort is None or revocation.appeal_until is None:
        return None
    appeal = session.scalar(select(Appeal).where(Appeal.revocation_id == revocation.id))
    return Against(cohort, certificate.person_id, revocation.at, revocation.by_id, revocation.appeal_until, None, revocation, appeal)


@dataclass(frozen=True)
class Open:
    """What the own pages show of one decision."""

    cohort_id: int
    refusal_id: int | None
    revocation_id: int | None
    until: datetime
    state: str | None
    """Of the appeal; None when there is none."""


def own(person_id: int, revoked: Sequence[int]) -> Sequence[Open]:
    """List what a person may appeal against, or has, the latest first; *revoked* are the ids of own certificates that were revoked.

    One statement, one more where something was revoked; kept for the request.
    """
    kept: dict[int, Sequence[Open]] = g.setdefault("appeals_of_persons", {})
    if person_id not in kept:
        refused = session.execute(
            select(Refusal.id, Refusal.appeal_until, Batch.cohort_id, Appeal.state)
            .join(Batch, Batch.id == Refusal.batch_id)
            .outerjoin(Appeal, Appeal.refusal_id == Refusal.id)
            .where(Refusal.person_id == person_id)
            .order_by(Refusal.id.desc())
        )
        found = [Open(row.cohort_id, row.id, None, row.appeal_until, row.state) for row in refused]
        kept[person_id] = [*found, *(_own_revocations(revoked) if revoked else ())]
    return kept[person_id]


def _own_revocations(certificate_ids: Sequence[int]) -> Sequence[Open]:
    rows = session.execute(
        select(Revocation.id, Revocation.appeal_until, Certificate.cohort_id, Appeal.state)
        .join(Certificate, Certificate.id == Revocation.certificate_id)
        .outerjoin(Appeal, Appeal.revocation_id == Revocation.id)
        .where(Certificate.id.in_(certificate_ids), Revocation.appeal_until.is_not(None))
        .order_by(Revocation.id.desc())
    )
    return [Open(row.cohort_id, None, row.id, row.appeal_until, row.state) for row in rows]


@dataclass(frozen=True)
class Denied:
    """The latest decision that gave a member less than the whole."""

    refusal_id: int
    appeal_id: int | None
    state: str | None
    """Of the appeal; None when there is none."""

    @property
    def stands(self) -> bool:
        """Say whether it still holds: an appeal that was upheld asks for another decision."""
        return self.state != AppealState.UPHELD


def refused_in(cohort_id: int) -> Mapping[int, Denied]:
    """Give who was not given the whole in a cohort, by person id."""
    rows = session.execute(
        select(Refusal.person_id, Refusal.id, Appeal.id.label("appeal_id"), Appeal.state)
        .join(Batch, Batch.id == Refusal.batch_id)
        .outerjoin(Appeal, Appeal.refusal_id == Refusal.id)
        .where(Batch.cohort_id == cohort_id)
        .order_by(Refusal.id)
    )
    return {row.person_id: Denied(row.id, row.appeal_id, row.state) for row in rows}


def refused_by(batch_id: int) -> Sequence[Any]:
    """List who was not given the whole by one decision, in the order of a directory: names, until when, and the appeal if any."""
    return session.execute(
        select(Person.given_name, Person.family_name, Refusal.appeal_until, Appeal.id.label("appeal_id"), Appeal.state)
        .join(Person, Person.id == Refusal.person_id)
        .outerjoin(Appeal, Appeal.refusal_id == Refusal.id)
        .where(Refusal.batch_id == batch_id)
        .order_by(Person.sort_key, Person.id)
    ).all()


def in_cohort(cohort_id: int) -> Sequence[Any]:
    """List the appeals of a cohort, those that are open first, then the latest: who, against what, when, state."""
    columns = (
        Appeal.id, Appeal.made_at, Appeal.state, Appeal.answered_at, Person.given_name, Person.family_name,
        Revocation.certificate_id, Certificate.number,
        func.coalesce(Refusal.appeal_until, Revocation.appeal_until, type_=Moment()).label("until"),
    )  # fmt: skip
    return session.execute(
        select(*columns)
        .join(Person, Person.id == Appeal.person_id)
        .outerjoin(Refusal, Refusal.id == Appeal.refusal_id)
        .outerjoin(Revocation, Revocation.id == Appeal.revocation_id)
        .outerjoin(Certificate, Certificate.id == Revocation.certificate_id)
        .where(Appeal.cohort_id == cohort_id)
        .order_by(Appeal.state != AppealState.OPEN, Appeal.id.desc())
    ).all()


@once_a_page
def open_in(cohort_id: int) -> int:
    """Count the appeals of a cohort that wait for an answer."""
    chosen = select(func.count()).select_from(Appeal).where(Appeal.cohort_id == cohort_id, Appeal.state == AppealState.OPEN)
    return session.scalar(chosen) or 0
