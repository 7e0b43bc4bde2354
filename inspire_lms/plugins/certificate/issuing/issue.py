"""Making the files: drawn, sealed and stored a slice at a time, each exactly once, whatever happens in between."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from inspire_lms.contracts.award import CertificateIssued
from inspire_lms.kernel import audit, bus, clock, files
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Refused
from inspire_lms.kernel.jobs import outside
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.typefaces import make_ready
from inspire_lms.plugins.certificate import queries
from inspire_lms.plugins.certificate.credential.issuing import credential_of
from inspire_lms.plugins.certificate.credential.issuing import keys as credential_keys
from inspire_lms.plugins.certificate.drawing import record as printed
from inspire_lms.plugins.certificate.issuing import letters, records
from inspire_lms.plugins.certificate.issuing.deciding import have_issued
from inspire_lms.plugins.certificate.models import Batch, Certificate
from inspire_lms.plugins.certificate.prolonging.jobs import have_stamped
from inspire_lms.plugins.certificate.rules import SLICE, Level, State
from inspire_lms.plugins.certificate.sealing import chosen, pades
from inspire_lms.plugins.certificate.sealing.pades import Document, Sealed
from inspire_lms.plugins.certificate.sealing.seal import why_not_seal


@outside
def issue(batch_id: int) -> None:
    """Issue the next certificates of a batch and, if any are left, ask to go on later.

    Drawing and sealing take their time, so they happen outside the transaction; inside it, a certificate that somebody
    else has issued meanwhile is left alone. Killed before the commit, nothing has happened; killed after it, the
    next run finds the rest. Raises Refused when the seal has ended; the work fails visibly and can be run again.
    """
    waiting = queries.waiting_in(batch_id, most=SLICE)
    if waiting and (reason := why_not_seal(chosen.seal(), at=clock.now())):
        raise Refused(reason)
    made = sealed_files(waiting)
    session.rollback()
    with transaction():
        cohort = programmes.cohort(session.get_one(Batch, batch_id).cohort_id)
        for one in made:
            _keep(one, cohort.zone if cohort else "UTC")
        if queries.waiting_in(batch_id, most=1):
            have_issued(session.get_one(Batch, batch_id, with_for_update=True))


@outside
def prepare() -> None:
    """Have the typefaces cut and the seal opened, or its authority founded, before anybody waits for them."""
    make_ready()
    chosen.seal()
    credential_keys()


def go_on(batch_id: int) -> None:
    """Ask for the rest of a batch once more, in case its job was lost; harmless when it was not."""
    with transaction():
        have_issued(session.get_one(Batch, batch_id, with_for_update=True))


@dataclass(frozen=True)
class Made:
    """What was made of one record."""

    certificate_id: int
    credential: str
    sealed: Sealed


def sealed_files(waiting: Sequence[tuple[int, dict[str, Any]]]) -> list[Made]:
    """Draw and seal what some records say, each with its digital credential inside; *waiting* are their ids and what is stored."""
    at = clock.now()
    documents = []
    for certificate_id, stored in waiting:
        record = printed.read(stored)
        documents.append(Document(records.layout_of(record.kind), record, credential_of(record, certificate_id, at)))
    stamper = chosen.stamper()
    stamp = stamper.token_for if stamper else None
    files_ = pades.sealed(documents, chosen.seal(), at=at, engine=chosen.engine(), stamp=stamp)
    return [Made(row[0], one.credential, file) for row, one, file in zip(waiting, documents, files_, strict=True)]


def _keep(made: Made, zone: str) -> None:
    certificate = session.get(Certificate, made.certificate_id, with_for_update=True, populate_existing=True)
    if certificate is None or certificate.state != State.DECIDED:
        return  # Its holder's account was erased meanwhile, or somebody else has issued it.
    pdf = made.sealed.pdf
    kept = files.keep_own(pdf, f"{certificate.number}.pdf", files.PDF, by=None)
    certificate.file_id, certificate.digest, certificate.covered = kept.id, kept.digest, pades.covered_digest(pdf)
    certificate.state, certificate.issued_at, certificate.level = State.VALID, clock.now(), made.sealed.level
    certificate.credential = made.credential
    session.flush()
    if made.sealed.level == Level.B_B:
        have_stamped(certificate.id)
    audit.record(
        "certificate.issued",
        ("certificate_certificate", certificate.id),
        by=None,
        about=certificate.person_id,
        cohort_id=certificate.cohort_id,
        after={"number": certificate.number, "digest": certificate.digest},
    )
    bus.announce(CertificateIssued(cohort_id=certificate.cohort_id, certificate_id=certificate.id, person_id=certificate.person_id))
    if not queries.is_erased(certificate.person_id):
        letters.issued(certificate, zone, is_replacement=certificate.replaces_id is not None)
