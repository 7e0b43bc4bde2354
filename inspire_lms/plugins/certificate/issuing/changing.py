"""Revoking and replacing: nothing is deleted, the chain stays, the holder is told."""

from dataclasses import replace as changed

from inspire_lms.contracts.award import CertificateRevoked
from inspire_lms.kernel import audit, bus, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.typefaces import make_ready
from inspire_lms.plugins.certificate import queries, rules
from inspire_lms.plugins.certificate.appealing.rules import APPEAL_DAYS, last_moment
from inspire_lms.plugins.certificate.drawing import record as printed
from inspire_lms.plugins.certificate.drawing.record import Record
from inspire_lms.plugins.certificate.earning import evidence
from inspire_lms.plugins.certificate.issuing import deciding, letters, records
from inspire_lms.plugins.certificate.models import Batch, Certificate, Revocation
from inspire_lms.plugins.certificate.naming.queries import printed_of
from inspire_lms.plugins.certificate.rules import State
from inspire_lms.plugins.certificate.validity import rules as validity


def revoke(certificate_id: int, *, reason: str, by: int) -> None:
    """Take a certificate's validity away; whoever checks it sees when and why.

    Four eyes, as for the decision: raises Refused when *by* taught or graded the holder; also when it is not issued yet, or not
    valid any more.
    """
    with transaction():
        certificate, cohort = _loaded(certificate_id, by)
        if reason_against := why_not_revoke(certificate, cohort, by):
            raise Refused(reason_against)
        revocation = _end(certificate, State.REVOKED, reason, by)
        scheme = evidence.scheme_of(cohort)
        revocation.appeal_until = last_moment(revocation.at, scheme.appeal_days if scheme else APPEAL_DAYS, cohort.zone)
        if not queries.is_erased(certificate.person_id):
            letters.revoked(certificate, revocation, cohort)


def why_not_revoke(certificate: Certificate, cohort: Cohort, by: int) -> Reason | None:
    """Say why *by* may not revoke a certificate; None when there is nothing against it."""
    return rules.why_not_revoke(certificate.state) or rules.why_not_decide(
        certificate.person_id,
        by=by,
        name=certificate.name,
        graders=evidence.graders_of(cohort, certificate.person_id),
        teachers=evidence.teachers_of(cohort),
    )


def replace(certificate_id: int, *, reason: str, by: int) -> Certificate:
    """Issue a certificate anew with the name that the holder's account has now; the old one points at the new one.

    Everything else stays as it was decided, so that who taught or graded may correct a name, too. Raises Refused when it is not
    issued yet or not valid any more, when the name has not changed or cannot be printed, when its last day has come, and when
    the seal is near its end: then nothing is replaced.
    """
    make_ready()
    with transaction():
        certificate, cohort = _loaded(certificate_id, by)
        if reason_against := validity.why_not_replace(certificate.state, certificate.expires_on, deciding.today_in(cohort.zone)):
            raise Refused(reason_against)
        deciding.refuse_without_seal()
        record = _renewed(certificate, cohort)
        _end(certificate, State.REPLACED, reason, by)
        batch = session.get_one(Batch, certificate.batch_id, with_for_update=True)
        new = deciding.certificate_of(record, batch, certificate.person_id, replaces_id=certificate.id)
        session.add(new)
        session.flush()
        deciding.have_issued(batch)
        return new


def _loaded(certificate_id: int, by: int) -> tuple[Certificate, Cohort]:
    certificate = session.get(Certificate, certificate_id, with_for_update=True, populate_existing=True)
    cohort = programmes.cohort(certificate.cohort_id) if certificate else None
    if certificate is None or cohort is None:
        raise NotThere
    if reason := rules.why_not_revoke(certificate.state):
        raise Refused(reason)
    if by == certificate.person_id:
        raise Refused(Reason("Nobody decides about the own certificate."))
    return certificate, cohort


def _renewed(certificate: Certificate, cohort: Cohort) -> Record:
    """Give the record of the replacement. Raises Refused when there is nothing to correct, Invalid when it cannot be printed."""
    if queries.is_erased(certificate.person_id):
        raise Refused(Reason("The holder’s account was erased; there is no name to print."))
    name, latin = printed_of(records.person_of(certificate.person_id))
    old = printed.read(certificate.record)
    if (name, latin) == (old.name, old.latin_name):
        raise Refused(Reason("The name in the account is the one that is printed: {name}. Correct it there first.", name=name))
    ground = deciding.ground_of(cohort)
    day = deciding.today_in(cohort.zone)
    fresh = deciding.named(ground, day)
    record = changed(
        old, name=name, latin_name=latin, number=fresh.number, code=fresh.code, short_code=fresh.short_code, issued_on=day,
        seal=ground.seal, address=records.address_of(fresh), check_page=records.check_page(),
    )  # fmt: skip
    if reason := records.why_not_drawable(record):
        raise Invalid(reason)
    return record


def _end(certificate: Certificate, state: State, reason: str, by: int) -> Revocation:
    before, certificate.state = certificate.state, state
    revocation = Revocation(certificate_id=certificate.id, at=clock.now(), by_id=by, reason=reason)
    session.add(revocation)
    session.flush()
    audit.record(
        f"certificate.{state}",
        ("certificate_certificate", certificate.id),
        by=by,
        about=certificate.person_id,
        cohort_id=certificate.cohort_id,
        before={"state": before},
        after={"state": state},
    )
    bus.announce(CertificateRevoked(cohort_id=certificate.cohort_id, certificate_id=certificate.id, person_id=certificate.person_id))
    return revocation
