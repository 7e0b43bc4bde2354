"""Keeping up to date who has met what, and what happens when an account goes."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from inspire_lms.kernel import audit, clock, files
from inspire_lms.kernel.db import Words, session, transaction
from inspire_lms.kernel.jobs import later
from inspire_lms.kernel.mail import queue
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.certificate import queries
from inspire_lms.plugins.certificate.appealing import actions as appealing
from inspire_lms.plugins.certificate.earning import evidence
from inspire_lms.plugins.certificate.earning.evidence import Trainee
from inspire_lms.plugins.certificate.earning.rules import Criterion
from inspire_lms.plugins.certificate.issuing import letters
from inspire_lms.plugins.certificate.models import Batch, Certificate, Revocation, Standing
from inspire_lms.plugins.certificate.naming import actions as naming
from inspire_lms.plugins.certificate.naming import queries as names
from inspire_lms.plugins.certificate.naming.letters import question
from inspire_lms.plugins.certificate.naming.rules import Answer
from inspire_lms.plugins.certificate.prolonging import keeping
from inspire_lms.plugins.certificate.rules import CURRENT, State

AFTER_THE_END = timedelta(minutes=2)
"""Attempts that run when a window closes are handed in within the minute."""


def look_again(cohort_id: int, person_ids: Iterable[int] | None = None) -> None:
    """Compare the evidence of some trainees, or (None) of all, with the criteria anew, and tell those who have now met all.

    Who has earned some document is asked for the name. Nobody is told or asked twice. Nothing happens in an edition that certifies
    nothing, and with people who are not members.
    """
    with transaction():
        cohort = programmes.cohort(cohort_id)
        scheme = evidence.scheme_of(cohort) if cohort else None
        if cohort is None or scheme is None:
            return
        known = evidence.of_cohort(cohort, scheme)
        wanted = None if person_ids is None else set(person_ids)
        if Criterion.COMPETENCES in scheme.requires and not scheme.core_competences:
            wanted = None  # What was assessed of one counts for all.
        chosen = [one for one in known.trainees if wanted is None or one.member.person_id in wanted]
        titles = evidence.titles_of_assessments(cohort_id) if chosen else {}
        rows = {row.person_id: row for row in session.scalars(select(Standing).where(Standing.cohort_id == cohort_id))}
        _write(cohort, [_keep(cohort, trainee, titles, rows.get(trainee.member.person_id)) for trainee in chosen])
        if known.look_again_at is not None:
            _look_again_after(cohort_id, known.look_again_at)


def look_again_everywhere(edition_id: int | None) -> None:
    """Have all cohorts of an edition, or (None) of every edition that certifies, looked at again, each in a transaction of its own."""
    with transaction():
        for cohort_id in queries.cohorts_that_certify(edition_id):
            later("certificate.look_again", cohort_id=cohort_id)


def _look_again_after(cohort_id: int, end: datetime) -> None:
    """Look again when a window or a survey has closed: what was still missing can no longer be met."""
    key = f"certificate.look_again:{cohort_id}:{end.isoformat()}"
    later("certificate.look_again", key=key, at=end + AFTER_THE_END, cohort_id=cohort_id)


def _keep(cohort: Cohort, trainee: Trainee, titles: Mapping[str, Words], row: Standing | None) -> Standing:
    found = trainee.standing
    if row is None:
        row = Standing(cohort_id=cohort.id, person_id=trainee.member.person_id)
        session.add(row)
    row.earned, row.demanded, row.met = found.earned, len(found.lines), len(found.lines) - len(found.missing)
    row.evidence, row.looked_at, row.completion = evidence.kept(trainee.evidence, titles), clock.now(), found.completion
    session.flush()
    return row


def _write(cohort: Cohort, standings: Iterable[Standing]) -> None:
    """Tell those who have met everything, and ask for the name as soon as some document is earned: each once, and both in one letter."""
    earned = [row for row in standings if row.earned]
    named = names.of_cohort(cohort.id) if earned else {}
    settled = names.settled(cohort.id) if earned else frozenset()
    for row in earned:
        own = named[row.person_id]
        asks = own.answer is Answer.NOT_ASKED and row.person_id not in settled
        if asks:
            naming.ask(cohort, row.person_id)
        if row.met == row.demanded and row.told_at is None:
            row.told_at = clock.now()
            letters.all_is_met(cohort, row.person_id, asked=own.printed if asks else None)
        elif asks:
            queue(question(cohort, row.person_id, own.printed))
    session.flush()


def forget(person_id: int) -> None:
    """Reduce what we keep about an erased person to what a check needs: number, name, kind, dates and status.

    The certificates stay checkable, since others rely on them (rules.STAYS_BECAUSE); files, credential, results, hours, the answer
    about the name, refusals and appeals go. On one that was decided and not made yet nobody relies: it goes altogether, and its
    number is not given again.
    """
    with transaction():
        session.execute(delete(Standing).where(Standing.person_id == person_id))
        naming.forget(person_id)
        appealing.forget(person_id)
        # Locked, since one may be made at this very moment: then it is issued, and stays checkable.
        chosen = select(Certificate).where(Certificate.person_id == person_id).with_for_update()
        for certificate in session.scalars(chosen.execution_options(populate_existing=True)).all():
            if certificate.state == State.DECIDED:
                _drop(certificate)
            else:
                _reduce(certificate)


def _reduce(certificate: Certificate) -> None:
    """Leave of an issued certificate what a check needs."""
    certificate.record = certificate.record | {"results": [], "competences": [], "attended_minutes": None, "live_minutes": None}
    kept, certificate.file_id, certificate.credential = certificate.file_id, None, None
    session.flush()
    if kept is not None:
        files.forget(kept)
    keeping.forget(certificate.id)


def _drop(certificate: Certificate) -> None:
    audit.record(
        "certificate.not-issued",
        ("certificate_certificate", certificate.id),
        by=None,
        cohort_id=certificate.cohort_id,
        before={"number": certificate.number},
    )
    session.delete(certificate)
    session.flush()


def merge(from_id: int, to_id: int) -> None:
    """Let what belonged to one account belong to the other: two accounts were one person.

    Where both hold a valid document of the same kind, each stays with the account that had it: the check goes on, and the
    coordinator revokes one of the two.
    """
    with transaction():
        session.execute(delete(Standing).where(Standing.person_id == from_id))
        naming.merge(from_id, to_id)
        appealing.merge(from_id, to_id)
        valid = select(Certificate.cohort_id, Certificate.kind).where(Certificate.person_id == to_id, Certificate.state.in_(CURRENT))
        held = {(row.cohort_id, row.kind) for row in session.execute(valid)}
        for certificate in session.scalars(select(Certificate).where(Certificate.person_id == from_id)):
            if certificate.state not in CURRENT or (certificate.cohort_id, certificate.kind) not in held:
                certificate.person_id = to_id
        session.execute(update(Revocation).where(Revocation.by_id == from_id).values(by_id=to_id))
        session.execute(update(Batch).where(Batch.decided_by_id == from_id).values(decided_by_id=to_id))
        cohorts = set(session.scalars(select(Certificate.cohort_id).where(Certificate.person_id == to_id)))
    for cohort_id in sorted(cohorts):
        look_again(cohort_id, [to_id])
