from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import g
from sqlalchemy import func, select

from inspire_lms.contracts.admission import PlaceAccepted
from inspire_lms.contracts.assessment import AttemptGraded, Chance, ChanceGiven
from inspire_lms.contracts.attendance import AttendanceConfirmed, WebinarScheduled
from inspire_lms.contracts.survey import Participation, SurveyAnswered
from inspire_lms.kernel import bus, clock, files, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Refused
from inspire_lms.kernel.typefaces import make_ready
from inspire_lms.plugins.certificate import actions, queries
from inspire_lms.plugins.certificate.earning import evidence, rules
from inspire_lms.plugins.certificate.earning import queries as earned
from inspire_lms.plugins.certificate.issuing import deciding, issue, minutes, overview
from inspire_lms.plugins.certificate.models import Standing
from inspire_lms.plugins.certificate.rules import Kind, State
from tests.builders import a_trainee, staff
from tests.plugins.certificate.builders import NOW, a_coordinator, a_group, decided, issued, one_issued, work


def tell(fact):
    with transaction():
        bus.announce(fact)
    work()


def kept(trainee):
    session.rollback()
    return session.scalars(select(Standing).where(Standing.person_id == trainee.id)).one()


@pytest.mark.both_engines
def test_a_decision_makes_one_file_for_each_person_and_writes_to_each_once(app, records, outbox):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    trainees = [records.met_by(a_trainee(cohort)) for _ in range(6)]
    batch_id = decided(cohort, trainees, by=coordinator).id
    work()
    assert queries.progress(batch_id) == queries.Progress(6, 6)
    rows = queries.register(batch_id=batch_id)
    assert [row.number[-6:] for row in rows] == [f"{n:06d}" for n in range(1, 7)]
    assert {row.state for row in rows} == {State.VALID}
    assert [len(outbox.to(person)) for person in trainees] == [1] * 6


class KilledError(BaseException):
    """The process is gone: nothing after this runs."""


@pytest.mark.parametrize("fatal", ["before the first file", "after a file of the first slice", "after all files of the first slice", "in the second slice"])
def test_a_batch_killed_at_any_moment_goes_on_and_issues_each_certificate_once(app, records, outbox, monkeypatch, fatal):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    trainees = [records.met_by(a_trainee(cohort)) for _ in range(6)]
    batch_id = decided(cohort, trainees, by=coordinator).id
    kept = files.keep_own
    monkeypatch.setattr(issue, "SLICE", 4)
    deadly = {"before the first file": 1, "after a file of the first slice": 2, "after all files of the first slice": 5, "in the second slice": 6}[fatal]
    calls = []

    def keep_or_die(*args, **named):
        calls.append(args)
        if len(calls) == deadly:
            raise KilledError
        return kept(*args, **named)

    monkeypatch.setattr(files, "keep_own", keep_or_die)
    with pytest.raises(KilledError):
        work()
    session.rollback()
    with clock.frozen(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        work()
    rows = queries.register(batch_id=batch_id)
    assert queries.progress(batch_id) == queries.Progress(6, 6)
    assert len({row.digest for row in rows}) == 6
    assert [len(outbox.to(person)) for person in trainees] == [1] * 6


@pytest.mark.both_engines
def test_two_decisions_at_the_same_moment_give_one_document(app, records):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    person_id, cohort_id, by = records.met_by(a_trainee(cohort)).id, cohort.id, coordinator.id
    make_ready()
    session.remove()

    def decide_there(_):
        with app.app_context():
            try:
                deciding.decide(cohort_id, {person_id: Kind.COMPETENCE}, minutes="Minutes.", by=by)
            except Refused as no:
                return str(no)
            finally:
                session.remove()
        return "decided"

    with ThreadPoolExecutor(max_workers=4) as several:
        said = sorted(several.map(decide_there, range(4)))
    assert [one == "decided" for one in said].count(True) == 1
    assert [one.endswith("has this document already.") for one in said].count(True) == 3


def test_two_runs_at_once_make_no_second_file(app, records, outbox):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    trainee = records.met_by(a_trainee(cohort))
    batch_id = decided(cohort, [trainee], by=coordinator).id
    waiting = queries.waiting_in(batch_id, most=4)
    issue.issue(batch_id)
    (first,) = queries.register(batch_id=batch_id)
    with transaction():
        issue._keep(issue.sealed_files(waiting)[0], "Europe/Bucharest")
    issue.issue(batch_id)
    (second,) = queries.register(batch_id=batch_id)
    assert (second.digest, second.file_id) == (first.digest, first.file_id)
    assert len(outbox.to(trainee)) == 1


def test_who_graded_does_not_decide_and_nothing_is_written(app, records):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    trainee = records.met_by(a_trainee(cohort), graders=(coordinator.id,))
    with pytest.raises(Refused, match="You graded work of"):
        decided(cohort, [trainee], by=coordinator)
    assert queries.register(cohort_id=cohort.id) == []


def test_who_teaches_the_group_does_not_decide(app, records):
    cohort = a_group()
    trainer = staff(cohort, "trainer")
    trainee = records.met_by(a_trainee(cohort))
    with pytest.raises(Refused, match="You taught this group"):
        decided(cohort, [trainee], by=trainer)


def test_who_taught_does_not_decide_after_the_role_of_trainer_was_taken_away_and_the_minutes_do_not_say_so(app, records):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    trainee = records.met_by(a_trainee(cohort))
    records.teachers = (coordinator.id,)
    with pytest.raises(Refused, match="You taught this group"):
        decided(cohort, [trainee], by=coordinator)
    seen = overview.of(cohort)
    open_to = overview.candidates(seen, by=coordinator.id)
    assert (open_to.is_empty, [name for name, _ in open_to.barred]) == (True, [f"{trainee.given_name} {trainee.family_name}"])
    assert "neither taught nor graded" not in minutes.proposed(seen, coordinator.name, by=coordinator.id)
    assert "neither taught nor graded" in minutes.proposed(seen, coordinator.name, by=0)


def test_nobody_decides_about_oneself(app, records):
    cohort = a_group()
    trainee = records.met_by(a_trainee(cohort))
    with pytest.raises(Refused, match="own certificate"):
        decided(cohort, [trainee], by=trainee)


def test_who_has_not_met_everything_gets_the_document_of_attendance_only(app, records):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    trainee = records.attended_by(a_trainee(cohort))
    with pytest.raises(Refused, match="has not met"):
        decided(cohort, [trainee], by=coordinator)
    (certificate,) = issued(cohort, [trainee], by=coordinator, kind=Kind.ATTENDANCE)
    assert (certificate.kind, certificate.record["results"]) == ("attendance", [])


def test_a_second_decision_about_the_same_document_is_refused(app, records):
    cohort, coordinator, certificate = one_issued(records)
    holder = session.get(type(coordinator), certificate.person_id)
    with pytest.raises(Refused, match="has this document already"):
        decided(cohort, [holder], by=coordinator)


def test_a_decision_about_nobody_or_a_stranger_is_refused(app, records):
    cohort, other = a_group(), a_group("IT")
    coordinator = a_coordinator(cohort)
    stranger = records.met_by(a_trainee(other))
    for chosen, says in (([], "Nobody has been chosen"), ([stranger], "not a member")):
        with pytest.raises(Refused, match=says):
            decided(cohort, chosen, by=coordinator)


def test_an_edition_without_a_scheme_certifies_nothing(app, records):
    from tests.builders import a_cohort

    cohort = a_cohort()
    with pytest.raises(Refused, match="issues no certificates"):
        decided(cohort, [records.met_by(a_trainee(cohort))], by=a_coordinator(cohort))
    with pytest.raises(NotThere):
        deciding.decide(999, {1: Kind.COMPETENCE}, minutes="Minutes.", by=1)


def test_a_name_with_a_letter_that_the_typeface_lacks_stops_the_batch_and_is_named(app, records, outbox):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    fine = records.met_by(a_trainee(cohort))
    first = records.met_by(a_trainee(cohort, given_name="Նարեկ", family_name="Pop"))
    second = records.met_by(a_trainee(cohort, given_name="Мария", family_name="Иванова"))
    with pytest.raises(Invalid) as wrong:
        decided(cohort, [fine, first, second], by=coordinator)
    said = [str(reason) for reason in wrong.value.reasons.values()]
    assert said[0] == "Nothing has been issued, for nobody: some names or texts cannot be printed."
    assert any("Նարեկ Pop: the typeface has no" in one and "“Ն” (U+0546)" in one for one in said)
    assert any(one.startswith("Мария Иванова: the typeface has no") for one in said)
    assert len(said) == 3
    assert queries.register(cohort_id=cohort.id) == []
    assert len(outbox) == 0


def test_a_name_too_long_for_its_place_stops_the_batch_too(app, records):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    long = records.met_by(a_trainee(cohort, given_name="W" * 90, family_name="Pop"))
    with pytest.raises(Invalid) as wrong:
        decided(cohort, [long], by=coordinator)
    assert any("too long" in str(reason) for reason in wrong.value.reasons.values())


@pytest.mark.parametrize(
    "fact",
    [
        lambda cohort, person: AttendanceConfirmed(cohort_id=cohort, webinar_id=1, person_ids=(person,)),
        lambda cohort, person: AttemptGraded(cohort_id=cohort, assessment_id=1, person_id=person),
        lambda cohort, person: SurveyAnswered(cohort_id=cohort, person_id=person),
        lambda cohort, person: PlaceAccepted(cohort_id=cohort, person_id=person),
        lambda cohort, person: WebinarScheduled(cohort_id=cohort, webinar_id=1, starts_at=NOW, cancelled=True),
    ],
    ids=["a register is closed", "a test is graded", "a survey is answered", "a place is accepted", "a webinar is cancelled"],
)
def test_we_look_again_and_tell_the_trainee_once_when_all_is_met(app, records, outbox, fact):
    cohort = a_group()
    trainee = records.met_by(a_trainee(cohort), answered=0)
    tell(fact(cohort.id, trainee.id))
    assert (kept(trainee).earned, kept(trainee).met, kept(trainee).completion, len(outbox)) == ("attendance", 3, "met", 1)
    records.met_by(trainee)
    for _ in range(3):
        tell(fact(cohort.id, trainee.id))
    assert kept(trainee).earned == "competence"
    assert [mail.subject for mail in outbox.to(trainee)] == ["Este acesta numele pentru certificatul dumneavoastră?", "Ați îndeplinit tot ce cere certificatul"]
    assert earned.count(cohort.id).waiting == 1


def test_where_attendance_is_all_that_is_asked_for_the_trainee_and_the_coordinator_are_told_too(app, records, outbox):
    cohort = a_group(requires=["attendance"])
    coordinator = a_coordinator(cohort)
    there, absent = records.attended_by(a_trainee(cohort)), records.met_by(a_trainee(cohort), minutes=100)
    actions.look_again(cohort.id)
    actions.look_again(cohort.id)
    assert [len(outbox.to(person)) for person in (there, absent)] == [1, 0]
    assert outbox[-1].key == f"certificate.met:{cohort.id}:{there.id}"
    assert earned.count(cohort.id).waiting == 1
    issued(cohort, [there], by=coordinator, kind=Kind.ATTENDANCE)
    assert earned.count(cohort.id).waiting == 0


def test_looking_again_at_strangers_and_in_editions_without_certificates_does_nothing(app, records):
    from tests.builders import a_cohort, a_person

    cohort = a_cohort()
    tell(SurveyAnswered(cohort_id=cohort.id, person_id=a_trainee(cohort).id))
    group = a_group()
    tell(SurveyAnswered(cohort_id=group.id, person_id=a_person().id))
    assert session.scalar(select(func.count()).select_from(Standing)) == 0


def test_what_was_kept_about_a_trainee_says_the_same_as_asking_anew(app, records):
    cohort = a_group()
    trainee = records.met_by(a_trainee(cohort), percent="41.67", answered=0)
    actions.look_again(cohort.id)
    kept = evidence.read(queries.own(trainee.id).evidence[cohort.id])
    assert rules.standing(kept) == evidence.of_cohort(cohort, evidence.scheme_of(cohort)).of(trainee.id).standing


def test_when_a_window_closes_we_look_again_and_what_is_over_is_not_still_missing(app, records):
    cohort = a_group()
    trainee = records.met_by(a_trainee(cohort), percent="40", answered=0)
    closes = NOW + timedelta(days=1)
    records.chances = {trainee.id: (Chance("final-test", closes),)}
    records.surveys[trainee.id] = Participation(answered=0, owed=1, until=closes + timedelta(days=9))

    def said():
        kept = rules.standing(evidence.read(queries.own(trainee.id).evidence[cohort.id]))
        g.pop("certificates_of_persons", None)
        return [(line.is_open, str(line.how)) for line in kept.missing]

    with clock.frozen(NOW):
        actions.look_again(cohort.id, [trainee.id])
        actions.look_again(cohort.id, [trainee.id])
    assert said() == [(True, "40%, below the 60% needed."), (True, "One survey is still to be answered.")]
    records.chances = {trainee.id: ()}
    records.surveys[trainee.id] = Participation(answered=0, owed=1, closed=1)
    with clock.frozen(closes + timedelta(minutes=1)):
        work()
    assert said()[0][0] is True
    with clock.frozen(closes + timedelta(minutes=2)):
        work()
    assert said() == [(False, "40%, below the 60% needed; no attempt is possible any more."), (False, "One survey has closed without an answer.")]


def test_who_is_given_another_chance_is_looked_at_again(app, records):
    cohort = a_group()
    trainee = records.met_by(a_trainee(cohort), percent="40.00")
    records.chances = {trainee.id: ()}
    actions.look_again(cohort.id)
    records.chances = {trainee.id: (Chance("final-test", None),)}
    tell(ChanceGiven(cohort_id=cohort.id, assessment_id=1, person_id=trainee.id))
    assert evidence.read(queries.own(trainee.id).evidence[cohort.id]).over == frozenset({"essay"})
