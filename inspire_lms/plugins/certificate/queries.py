"""Reading certificates: for the pages of staff, for holders, for the public check, and for others who ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from flask import g
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from inspire_lms.contracts.award import CertificatesOf, Held
from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.certificate.models import Batch, Certificate, NameConfirmation, Refusal, Revocation, Scheme, Standing
from inspire_lms.plugins.certificate.naming.rules import Answer, Printed, answer_of, as_printed
from inspire_lms.plugins.certificate.rules import CURRENT, State
from inspire_lms.plugins.certificate.validity.rules import day_in, seen_as


@dataclass(frozen=True)
class CohortPlace:
    """A cohort as the place of a page: the guard finds country and zone by it."""

    cohort_id: int
    cohort: Cohort


@dataclass(frozen=True)
class Progress:
    """How far a batch is."""

    done: int
    total: int

    @property
    def is_done(self) -> bool:
        """Say whether every file is made."""
        return self.done >= self.total


def cohort_place(cohort_id: int) -> CohortPlace | None:
    """Find a cohort as the place of a page."""
    cohort = programmes.cohort(cohort_id)
    return CohortPlace(cohort.id, cohort) if cohort else None


def today_for(cohort_id: int) -> date:
    """Give the day that it is where a cohort is."""
    cohort = programmes.cohort(cohort_id)
    return day_in(cohort.zone if cohort else "UTC", clock.now())


def certificate(certificate_id: int) -> Certificate | None:
    """Find a certificate."""
    return session.get(Certificate, certificate_id)


def batch(batch_id: int) -> Batch | None:
    """Find a batch."""
    return session.get(Batch, batch_id)


def cohorts_that_certify(edition_id: int | None) -> list[int]:
    """List the cohorts of an edition, or (None) of all editions, that have a scheme."""
    same = (Scheme.edition_id == Cohort.edition_id) & (Scheme.country == Cohort.country)
    chosen = select(Cohort.id).join(Scheme, same).order_by(Cohort.id)
    return list(session.scalars(chosen if edition_id is None else chosen.where(Cohort.edition_id == edition_id)))


def own_certificate(certificate_id: int, person_id: int) -> Certificate | None:
    """Find a certificate that this person holds, issued already."""
    found = session.get(Certificate, certificate_id)
    return found if found and found.person_id == person_id and found.file_id is not None else None


class Current(NamedTuple):
    """A certificate that is not revoked or replaced."""

    id: int
    expires_on: date | None


def current_kinds(cohort_id: int) -> Mapping[tuple[int, str], Current]:
    """Give the current certificates of a cohort by person and kind; of one that was renewed before it ended, the renewal."""
    rows = session.execute(
        select(Certificate.person_id, Certificate.kind, Certificate.id, Certificate.expires_on)
        .where(Certificate.cohort_id == cohort_id, Certificate.state.in_(CURRENT))
        .order_by(Certificate.id)
    )
    return {(row.person_id, row.kind): Current(row.id, row.expires_on) for row in rows}


def revoked_kinds(cohort_id: int) -> Mapping[tuple[int, str], int]:
    """Give the latest revoked certificates of a cohort: their ids by person and kind."""
    rows = session.execute(
        select(Certificate.person_id, Certificate.kind, Certificate.id)
        .where(Certificate.cohort_id == cohort_id, Certificate.state == State.REVOKED)
        .order_by(Certificate.id)
    )
    return {(row.person_id, row.kind): row.id for row in rows}


def waiting_in(batch_id: int, *, most: int) -> list[tuple[int, dict[str, Any]]]:
    """Give id and record of certificates of a batch that have no file yet, in the order of their numbers."""
    rows = session.execute(
        select(Certificate.id, Certificate.record)
        .where(Certificate.batch_id == batch_id, Certificate.state == State.DECIDED)
        .order_by(Certificate.id)
        .limit(most)
    )
    return [(row.id, row.record) for row in rows]


def progress(batch_id: int) -> Progress:
    """Count how many files of a batch are made."""
    done = func.count(Certificate.issued_at)
    row = session.execute(select(done.label("done"), func.count().label("total")).where(Certificate.batch_id == batch_id)).one()
    return Progress(row.done, row.total)


def batches(cohort_id: int) -> Sequence[Any]:
    """List the decisions of a cohort, the latest first: id, when, who, how many documents, how many of them made, how many refused."""
    refused = select(func.count()).where(Refusal.batch_id == Batch.id).correlate(Batch).scalar_subquery()
    chosen = (
        select(
            Batch.id,
            Batch.decided_at,
            Person.given_name,
            Person.family_name,
            func.count(Certificate.id).label("total"),
            func.count(Certificate.issued_at).label("done"),
            refused.label("refused"),
        )
        .join(Person, Person.id == Batch.decided_by_id)
        .outerjoin(Certificate, Certificate.batch_id == Batch.id)
        .where(Batch.cohort_id == cohort_id)
        .group_by(Batch.id, Batch.decided_at, Person.given_name, Person.family_name)
        .order_by(Batch.id.desc())
    )
    return session.execute(chosen).all()


def register(*, cohort_id: int | None = None, batch_id: int | None = None, latest: int | None = None) -> Sequence[Any]:
    """List the certificates of a cohort or of a batch, in the order of their numbers, with when and why they ended.

    With *latest*, only that many, the newest first.
    """
    columns = (
        Certificate.id, Certificate.number, Certificate.name, Certificate.kind, Certificate.state, Certificate.issued_on,
        Certificate.issued_at, Certificate.expires_on, Certificate.digest, Certificate.file_id, Certificate.person_id,
        Revocation.at.label("ended_at"), Revocation.reason,
    )  # fmt: skip
    chosen = select(*columns).outerjoin(Revocation, Revocation.certificate_id == Certificate.id)
    if cohort_id is not None:
        chosen = chosen.where(Certificate.cohort_id == cohort_id)
    if batch_id is not None:
        chosen = chosen.where(Certificate.batch_id == batch_id)
    if latest is not None:
        return session.execute(chosen.order_by(Certificate.id.desc()).limit(latest)).all()
    return session.execute(chosen.order_by(Certificate.id)).all()


@dataclass(frozen=True)
class Own:
    """What a person's own pages show."""

    held: Sequence[Any]
    """What was issued, the latest first."""
    evidence: Mapping[int, Mapping[str, Any]]
    """What was kept about the person, by cohort."""
    answers: Mapping[int, Answer]
    """What the person said about the own name, by cohort."""
    was_refused: bool
    """Some decision gave the person less than the whole."""


NAMED = (
    Person.given_name, Person.family_name, Person.latin_given_name, Person.latin_family_name, Person.language, NameConfirmation.asked_at,
    NameConfirmation.name.label("confirmed_name"), NameConfirmation.latin_name.label("confirmed_latin_name"),
)  # fmt: skip
"""What printed_in and answer_in read in a row."""


def printed_in(row: Any) -> Printed:  # noqa: ANN401 (a row with the columns of NAMED)
    """Say how the name in a row is printed."""
    name = f"{row.given_name} {row.family_name}".strip()
    return as_printed(name, f"{row.latin_given_name} {row.latin_family_name}".strip(), row.language)


def answer_in(row: Any) -> Answer:  # noqa: ANN401
    """Say what the person in a row has said about that name."""
    confirmed = None if row.confirmed_name is None else Printed(row.confirmed_name, row.confirmed_latin_name)
    return answer_of(confirmed, printed_in(row), was_asked=row.asked_at is not None)


def own(person_id: int) -> Own:
    """Give what a person was issued, what was kept as evidence and what was said about the name; one statement, kept for the request."""
    kept: dict[int, Own] = g.setdefault("certificates_of_persons", {})
    if person_id not in kept:
        kept[person_id] = _own(person_id)
    return kept[person_id]


def _own(person_id: int) -> Own:
    certificate = (
        Certificate.cohort_id,
        Certificate.number,
        Certificate.kind,
        Certificate.state,
        Certificate.issued_at,
        Certificate.expires_on,
        Certificate.file_id,
        Certificate.credential.is_not(None).label("has_credential"),
        Revocation.reason,
    )
    was_issued = (Certificate.person_id == Person.id) & Certificate.issued_at.is_not(None)
    was_refused = select(Refusal.id).where(Refusal.person_id == Person.id).correlate(Person).exists().label("was_refused")
    rows = session.execute(
        select(Certificate.id, *certificate, Standing.cohort_id.label("stands_in"), Standing.evidence, *NAMED, was_refused)
        .select_from(Person)
        .outerjoin(Standing, Standing.person_id == Person.id)
        .outerjoin(NameConfirmation, (NameConfirmation.person_id == Person.id) & (NameConfirmation.cohort_id == Standing.cohort_id))
        .outerjoin(Certificate, was_issued)
        .outerjoin(Revocation, Revocation.certificate_id == Certificate.id)
        .where(Person.id == person_id)
        .order_by(Certificate.id.desc())
    ).all()
    # A person in two cohorts gets each certificate twice: once beside each standing.
    held = {row.id: row for row in rows if row.id is not None}
    stands = {row.stands_in: row for row in rows if row.stands_in is not None}
    evidence = {cohort_id: row.evidence for cohort_id, row in stands.items()}
    answers = {cohort_id: answer_in(row) for cohort_id, row in stands.items()}
    return Own(list(held.values()), evidence, answers, was_refused=any(row.was_refused for row in rows))


def by_code(code: str) -> Certificate | None:
    """Find an issued certificate by the secret of its link."""
    return _issued(Certificate.code == code)


def by_short_code(code: str) -> Certificate | None:
    """Find an issued certificate by its short code."""
    return _issued(Certificate.short_code == code)


def by_number(number: str) -> Certificate | None:
    """Find an issued certificate by its number."""
    return _issued(Certificate.number == number)


def by_covered(covered: str) -> Certificate | None:
    """Find the certificate whose seal covers this content."""
    return _issued(Certificate.covered == covered)


def _issued(found: Any) -> Certificate | None:  # noqa: ANN401 (a condition)
    return session.scalar(select(Certificate).options(joinedload(Certificate.revocation)).where(found, Certificate.issued_at.is_not(None)))


def replaced_by(certificate_id: int) -> Certificate | None:
    """Find the certificate that stands in the place of another."""
    return session.scalar(select(Certificate).where(Certificate.replaces_id == certificate_id))


def is_erased(person_id: int) -> bool:
    """Say whether the account of a person was erased."""
    return session.scalar(select(Person.id).where(Person.id == person_id, Person.erased_at.is_(None))) is None


def certificates_of(enquiry: CertificatesOf) -> dict[int, tuple[Held, ...]]:
    """Answer which certificates the people of a cohort hold, newest first."""
    today = today_for(enquiry.cohort_id)
    rows = session.execute(
        select(Certificate.person_id, Certificate.number, Certificate.issued_at, Certificate.state, Certificate.expires_on)
        .where(Certificate.cohort_id == enquiry.cohort_id, Certificate.issued_at.is_not(None))
        .order_by(Certificate.id.desc())
    )
    found: dict[int, tuple[Held, ...]] = {}
    for row in rows:
        found[row.person_id] = (*found.get(row.person_id, ()), Held(row.number, row.issued_at, seen_as(row.state, row.expires_on, today)))
    return found
