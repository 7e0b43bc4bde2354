"""Refusing with reasons, appealing, and answering: each is one deed."""

from collections.abc import Mapping

from sqlalchemy import delete, select, update

from inspire_lms.kernel import audit, clock, mail
from inspire_lms.kernel.db import Words, session, transaction
from inspire_lms.kernel.errors import NotThere, Reason, Refused
from inspire_lms.kernel.i18n import speaking
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.certificate.appealing import letters, queries, rules
from inspire_lms.plugins.certificate.appealing.queries import Against
from inspire_lms.plugins.certificate.earning import evidence
from inspire_lms.plugins.certificate.earning.evidence import Trainee
from inspire_lms.plugins.certificate.earning.rules import standing
from inspire_lms.plugins.certificate.models import Appeal, Batch, Refusal, Revocation
from inspire_lms.plugins.certificate.rules import AppealState, Kind


def refuse(
    batch: Batch, cohort: Cohort, trainee: Trainee, titles: Mapping[str, Words], *, whole: Kind, given: Kind | None, days: int
) -> None:
    """Keep that a decision did not give a trainee the *whole*, and on what it rested; tell them why. Inside a transaction.

    *given* is the lesser document that they get; None when they get none. *days* is how long one may appeal.
    """
    member, kept = trainee.member, evidence.kept(trainee.evidence, titles)
    until = rules.last_moment(batch.decided_at, days, cohort.zone)
    refusal = Refusal(batch_id=batch.id, person_id=member.person_id, evidence=kept, appeal_until=until)
    session.add(refusal)
    session.flush()
    audit.record(
        "certificate.refused",
        ("certificate_refusal", refusal.id),
        by=batch.decided_by_id,
        about=member.person_id,
        cohort_id=cohort.id,
        after={"refused": whole, "given": given},
    )
    with speaking(member.language, cohort.zone):
        found = standing(evidence.read(kept))
    mail.queue(letters.refused(cohort, refusal, found, whole=whole, given=given))


def appeal_against_refusal(refusal_id: int, *, grounds: str, by: int) -> Appeal:
    """Appeal against not having been given the whole. Raises NotThere when it is not one's own, Refused when it is too late or done."""
    with transaction():
        session.execute(select(Refusal.id).where(Refusal.id == refusal_id).with_for_update())
        return _appeal(queries.own_refusal(refusal_id, by), grounds)


def appeal_against_revocation(revocation_id: int, *, grounds: str, by: int) -> Appeal:
    """Appeal against a revocation. Raises as appeal_against_refusal does."""
    with transaction():
        session.execute(select(Revocation.id).where(Revocation.id == revocation_id).with_for_update())
        return _appeal(queries.own_revocation(revocation_id, by), grounds)


def _appeal(against: Against | None, grounds: str) -> Appeal:
    if against is None:
        raise NotThere
    has_appealed = against.appeal is not None
    if reason := rules.why_not_appeal(against.until, against.cohort.zone, has_appealed=has_appealed, at=clock.now()):
        raise Refused(reason)
    made = Appeal(
        cohort_id=against.cohort_id,
        person_id=against.person_id,
        refusal_id=against.refusal.id if against.refusal else None,
        revocation_id=against.revocation.id if against.revocation else None,
        made_at=clock.now(),
        grounds=grounds,
        state=AppealState.OPEN,
    )
    session.add(made)
    session.flush()
    _record("certificate.appealed", made, by=against.person_id)
    mail.queue(letters.received(against, made))
    return made


def answer(appeal_id: int, *, is_upheld: bool, words: str, by: int) -> None:
    """Answer an appeal, in *words* that the trainee reads. What follows from it is another deed: decide again, or leave it.

    Raises NotThere, and Refused when *by* decided, taught or graded, or when it is answered already.
    """
    with transaction():
        held = session.get(Appeal, appeal_id, with_for_update=True, populate_existing=True)
        against = queries.of_appeal(appeal_id)
        if held is None or against is None:
            raise NotThere
        if reason := why_not_answer(against, held, by):
            raise Refused(reason)
        held.state = AppealState.UPHELD if is_upheld else AppealState.DISMISSED
        held.answered_at, held.answered_by_id, held.answer = clock.now(), by, words
        session.flush()
        _record(f"certificate.appeal-{held.state}", held, by=by)
        mail.queue(letters.answered(against, held))


def why_not_answer(against: Against, held: Appeal, by: int) -> Reason | None:
    """Say why somebody may not answer an appeal; None when there is nothing against it."""
    return rules.why_not_answer(
        by,
        person_id=held.person_id,
        decided_by=against.decided_by_id,
        graders=evidence.graders_of(against.cohort, held.person_id),
        teachers=evidence.teachers_of(against.cohort),
        state=held.state,
    )


def _record(did: str, held: Appeal, *, by: int) -> None:
    audit.record(did, ("certificate_appeal", held.id), by=by, about=held.person_id, cohort_id=held.cohort_id)


def forget(person_id: int) -> None:
    """Forget what a person was refused, and their appeals. Inside a transaction."""
    session.execute(delete(Appeal).where(Appeal.person_id == person_id))
    session.execute(delete(Refusal).where(Refusal.person_id == person_id))


def merge(from_id: int, to_id: int) -> None:
    """Let the refusals and appeals of one account be those of another. Inside a transaction.

    Where one decision refused both, the refusal of the account that stays is kept, with the appeal that there is.
    """
    own = {one.batch_id: one.id for one in session.scalars(select(Refusal).where(Refusal.person_id == to_id))}
    appealed = set(session.scalars(select(Appeal.refusal_id).where(Appeal.refusal_id.in_(own.values()))))
    for one in session.scalars(select(Refusal).where(Refusal.person_id == from_id)).all():
        kept = own.get(one.batch_id)
        if kept is None:
            one.person_id = to_id
            continue
        against_it = Appeal.refusal_id == one.id
        if kept in appealed:
            session.execute(delete(Appeal).where(against_it))
        else:
            session.execute(update(Appeal).where(against_it).values(refusal_id=kept))
        session.delete(one)
    session.execute(update(Appeal).where(Appeal.person_id == from_id).values(person_id=to_id))
    session.execute(update(Appeal).where(Appeal.answered_by_id == from_id).values(answered_by_id=to_id))
    session.flush()
