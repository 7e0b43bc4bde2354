"""The decision: who gets which document. Everything is looked at before anything is written."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused
from inspire_lms.kernel.jobs import later
from inspire_lms.kernel.people.names import fold
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.typefaces import make_ready
from inspire_lms.plugins.certificate import codes, queries, rules
from inspire_lms.plugins.certificate.appealing import actions as appealing
from inspire_lms.plugins.certificate.appealing import queries as appeals
from inspire_lms.plugins.certificate.drawing.record import Record
from inspire_lms.plugins.certificate.earning import evidence
from inspire_lms.plugins.certificate.earning.evidence import CohortEvidence, Trainee
from inspire_lms.plugins.certificate.issuing import records
from inspire_lms.plugins.certificate.issuing.records import Ground, Named
from inspire_lms.plugins.certificate.models import Batch, Certificate, Series
from inspire_lms.plugins.certificate.rules import Kind, State
from inspire_lms.plugins.certificate.sealing import chosen
from inspire_lms.plugins.certificate.sealing.seal import SPARE, why_not_seal
from inspire_lms.plugins.certificate.validity import rules as validity


def decide(cohort_id: int, awards: Mapping[int, Kind], *, refused: Collection[int] = (), minutes: str, by: int) -> Batch:
    """Decide that each person in *awards* gets the document named and have the files made; that the *refused* get none.

    Who gets less than the whole and cannot reach it any more is refused it: told why, and until when to appeal. Raises Refused when
    *by* taught or graded one of them, one has not met the criteria or holds the document already, the whole is within the
    reach of somebody refused or was refused them already, or the seal is near its end;
    Invalid, naming persons and letters, when a name cannot be printed. Nothing is issued then, for nobody.
    """
    make_ready()
    with transaction():
        cohort = _locked(cohort_id)
        if set(awards) & set(refused):
            raise Refused(Reason("Somebody has been chosen twice: for a document, and to get none."))
        if awards:
            refuse_without_seal()
        ground = ground_of(cohort)
        known = evidence.of_cohort(cohort, ground.scheme)
        trainees, denied = _allowed(ground, known, awards, by), _refusable(ground, known, refused, by)
        if not trainees and not denied:
            raise Refused(Reason("Nobody has been chosen."))
        batch = Batch(cohort_id=cohort_id, decided_by_id=by, decided_at=clock.now(), minutes=minutes)
        session.add(batch)
        session.flush()
        _award(batch, ground, trainees, awards)
        less = [one for one in trainees if _is_denied_the_whole(ground, one, awards[one.member.person_id])]
        for one in (*denied, *less):
            _refuse(batch, ground, one, awards.get(one.member.person_id))
        counts = {"documents": len(trainees), "refused": len(denied) + len(less)}
        audit.record("certificate.decided", ("certificate_batch", batch.id), by=by, cohort_id=cohort_id, after=counts)
        return batch


def _award(batch: Batch, ground: Ground, trainees: list[Trainee], awards: Mapping[int, Kind]) -> None:
    """Keep what each document will say, and have the files made. Raises Invalid when one cannot be printed."""
    today = today_in(ground.cohort.zone)
    made = [(one.member.person_id, _record(ground, one, awards[one.member.person_id], today)) for one in trainees]
    _refuse_unprintable([record for _, record in made])
    for person_id, record in made:
        session.add(certificate_of(record, batch, person_id))
    session.flush()
    if made:
        have_issued(batch)


def have_issued(batch: Batch) -> None:
    """Have the files of a batch made, a slice at a time. Inside a transaction."""
    batch.slices += 1
    later("certificate.issue", key=f"certificate.issue:{batch.id}:{batch.slices}", batch_id=batch.id)


def ground_of(cohort: Cohort) -> Ground:
    """Gather what the certificates of a cohort have in common. Raises Refused when its edition certifies nothing."""
    scheme = evidence.scheme_of(cohort)
    if scheme is None:
        raise Refused(Reason("This edition issues no certificates."))
    units, competences = records.units_of(cohort), records.competences_of(cohort)
    return Ground(cohort, scheme, units, competences, evidence.titles_of_assessments(cohort.id), chosen.seal().kind)


def refuse_without_seal() -> None:
    """Raise Refused when the seal does not last long enough for another decision."""
    if reason := why_not_seal(chosen.seal(), at=clock.now(), spare=SPARE):
        raise Refused(reason)


def named(ground: Ground, day: date) -> Named:
    """Give the next number of the series, and fresh codes. Inside a transaction."""
    prefix = ground.scheme.number_prefix
    serial = _next_in(f"{prefix}-{ground.cohort.country}-{day.year}")
    short = codes.short_code()
    while session.scalar(select(Certificate.id).where(Certificate.short_code == short)) is not None:
        short = codes.short_code()
    return Named(codes.number(prefix, ground.cohort.country, day.year, serial), codes.secret_code(), short)


def certificate_of(record: Record, batch: Batch, person_id: int, *, replaces_id: int | None = None) -> Certificate:
    """Make the row of a certificate that is decided and not issued yet."""
    return Certificate(
        batch_id=batch.id, cohort_id=batch.cohort_id, person_id=person_id, kind=record.kind, state=State.DECIDED, number=record.number,
        code=record.code, short_code=record.short_code, name=record.name, family_name=fold(records.person_of(person_id).family_name),
        issued_on=record.issued_on, record=record.stored(), layout=records.layout_of(record.kind).version,
        expires_on=record.expires_on, replaces_id=replaces_id,
    )  # fmt: skip


def today_in(zone: str) -> date:
    """Give the day that it is where the cohort is."""
    return validity.day_in(zone, clock.now())


def _refuse_unprintable(made: list[Record]) -> None:
    """Name everybody whose document cannot be printed, before anything is issued."""
    reasons = [records.why_not_drawable(record) for record in made]
    found = {f"printing {number}": reason for number, reason in enumerate(reasons) if reason}
    if found:
        raise Invalid({"": Reason("Nothing has been issued, for nobody: some names or texts cannot be printed."), **found})


def _locked(cohort_id: int) -> Cohort:
    """Load the cohort so that two decisions about it wait for one another."""
    session.execute(select(Cohort.id).where(Cohort.id == cohort_id).with_for_update())
    cohort = programmes.cohort(cohort_id)
    if cohort is None:
        raise NotThere
    return cohort


def _allowed(ground: Ground, known: CohortEvidence, awards: Mapping[int, Kind], by: int) -> list[Trainee]:
    """Give the trainees who get a document, in the order of the list. Raises Refused with the first reason against it."""
    cohort, top = ground.cohort, ground.scheme.top
    teachers, current, today = evidence.teachers_of(cohort), queries.current_kinds(cohort.id), today_in(cohort.zone)
    trainees = _chosen(known, awards)
    for trainee in trainees:
        person_id, name = trainee.member.person_id, trainee.member.name
        kind = awards[person_id]
        held = current.get((person_id, kind))
        has_current = held is not None and not validity.may_renew(held.expires_on, today)
        if reason := (
            rules.why_not_decide(person_id, by=by, name=name, graders=trainee.graders, teachers=teachers)
            or rules.why_not_award(trainee.standing.earned, kind, top=top, name=name, has_current=has_current)
        ):
            raise Refused(reason)
    return trainees


def _refusable(ground: Ground, known: CohortEvidence, refused: Collection[int], by: int) -> list[Trainee]:
    """Give the trainees who get nothing. Raises Refused with the first reason against it."""
    teachers, current = evidence.teachers_of(ground.cohort), queries.current_kinds(ground.cohort.id)
    denied = appeals.refused_in(ground.cohort.id)
    trainees = _chosen(known, refused)
    for trainee in trainees:
        person_id, name = trainee.member.person_id, trainee.member.name
        has_whole = rules.given_for(trainee.standing.whole, ground.scheme.top) in {kind for holder, kind in current if holder == person_id}
        if reason := (
            rules.why_not_decide(person_id, by=by, name=name, graders=trainee.graders, teachers=teachers)
            or rules.why_not_refuse(
                name,
                is_out_of_reach=trainee.standing.is_out_of_reach,
                has_whole=has_whole,
                is_refused=person_id in denied and denied[person_id].stands,
            )
        ):
            raise Refused(reason)
    return trainees


def _chosen(known: CohortEvidence, wanted: Collection[int]) -> list[Trainee]:
    trainees = [trainee for trainee in known.trainees if trainee.member.person_id in wanted]
    if len(trainees) < len(set(wanted)):
        raise Refused(Reason("Somebody who was chosen is not a member of this group any more."))
    return trainees


def _is_denied_the_whole(ground: Ground, trainee: Trainee, given: Kind) -> bool:
    """Say whether a trainee gets less than the whole and has lost it: who can still meet what is missing has not."""
    found = trainee.standing
    return rules.gives_less(given, found.whole, ground.scheme.top) and (found.is_complete or found.is_out_of_reach)


def _refuse(batch: Batch, ground: Ground, trainee: Trainee, given: Kind | None) -> None:
    whole = rules.given_for(trainee.standing.whole, ground.scheme.top) or trainee.standing.whole
    appealing.refuse(batch, ground.cohort, trainee, ground.titles, whole=whole, given=given, days=ground.scheme.appeal_days)


def _record(ground: Ground, trainee: Trainee, kind: Kind, today: date) -> Record:
    return records.record_of(ground, trainee, kind, named(ground, today), issued_on=today)


def _next_in(series: str) -> int:
    row = session.scalar(select(Series).where(Series.name == series).with_for_update())
    if row is None:
        row = Series(name=series, last=0)
    row.last += 1
    session.add(row)
    session.flush()
    return row.last
