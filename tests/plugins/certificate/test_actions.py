from datetime import timedelta

import pytest
from sqlalchemy import func, select

from inspire_lms.contracts.admission import PlaceAccepted
from inspire_lms.contracts.assessment import AttemptGraded
from inspire_lms.contracts.attendance import AttendanceConfirmed, WebinarScheduled
from inspire_lms.contracts.award import CertificateIssued, CertificateRevoked, CertificatesOf
from inspire_lms.contracts.people import PeopleMerged, PersonErased
from inspire_lms.contracts.survey import SurveyAnswered
from inspire_lms.kernel import audit, bus, clock, files, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Refused
from inspire_lms.kernel.people import profile as people
from inspire_lms.plugins.certificate import actions, queries, rules
from inspire_lms.plugins.certificate.issuing import changing, deciding, evidence, issue
from inspire_lms.plugins.certificate.models import Certificate, Standing
from inspire_lms.plugins.certificate.rules import Kind, State
from tests.builders import a_trainee, staff
from tests.plugins.certificate.builders import NOW, a_coordinator, a_group, decided, issued, one_issued, work


def tell(fact):
    with transaction():
        bus.announce(fact)
    work()


def rename(person, given, family, latin_given="", latin_family=""):
    people.change_profile(person.id, given_name=given, family_name=family, latin_given_name=latin_given, latin_family_name=latin_family, language=person.language, zone=None)


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
    kept = files.keep
    deadly = {"before the first file": 1, "after a file of the first slice": 2, "after all files of the first slice": 5, "in the second slice": 6}[fatal]
    calls = []

    def keep_or_die(*args, **named):
        calls.append(args)
        if len(calls) == deadly:
            raise KilledError
        return kept(*args, **named)

    monkeypatch.setattr(files, "keep", keep_or_die)
    with pytest.raises(KilledError):
        work()
    session.rollback()
    with clock.frozen(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        work()
    rows = queries.register(batch_id=batch_id)
    assert queries.progress(batch_id) == queries.Progress(6, 6)
    assert len({row.digest for row in rows}) == 6
    assert [len(outbox.to(person)) for person in trainees] == [1] * 6


def test_two_runs_at_once_make_no_second_file(app, records, outbox):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    trainee = records.met_by(a_trainee(cohort))
    batch_id = decided(cohort, [trainee], by=coordinator).id
    waiting = queries.waiting_in(batch_id, most=4)
    issue.issue(batch_id)
    (first,) = queries.register(batch_id=batch_id)
    with transaction():
        issue._keep(waiting[0][0], issue.sealed_file(waiting[0][1]))
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
    assert (queries.standings(cohort.id)[trainee.id].earned, queries.standings(cohort.id)[trainee.id].met, len(outbox)) == ("attendance", 3, 0)
    records.met_by(trainee)
    for _ in range(3):
        tell(fact(cohort.id, trainee.id))
    assert queries.standings(cohort.id)[trainee.id].earned == "competence"
    assert [mail.subject for mail in outbox.to(trainee)] == ["Ați îndeplinit tot ce cere certificatul"]
    assert queries.waiting_for_decision(cohort.id) == 1


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
    kept = evidence.read(queries.evidence_kept(cohort.id, trainee.id))
    assert rules.standing(kept) == evidence.of_cohort(cohort.id, ("attendance", "final-test", "essay", "survey")).of(trainee.id).standing


def test_revoking_keeps_the_certificate_says_why_and_tells_the_holder(app, records, outbox):
    cohort, coordinator, certificate = one_issued(records)
    changing.revoke(certificate.id, reason="The attendance belonged to somebody else.", by=coordinator.id)
    kept = queries.certificate(certificate.id)
    assert (kept.state, kept.revocation.reason, kept.file_id is not None) == (State.REVOKED, "The attendance belonged to somebody else.", True)
    assert "The attendance belonged to somebody else." in outbox[-1].text
    assert outbox[-1].to_person == certificate.person_id
    assert [line.did for line in audit.about(("certificate_certificate", certificate.id))] == ["certificate.issued", "certificate.revoked"]
    assert queries.certificates_of(CertificatesOf(cohort.id))[certificate.person_id][0].state == "revoked"
    with pytest.raises(Refused, match="revoked already"):
        changing.revoke(certificate.id, reason="Again.", by=coordinator.id)


def test_facts_about_certificates_reach_who_listens(app, records, monkeypatch):
    told = []
    monkeypatch.setattr(bus, "announce", told.append)
    _, coordinator, certificate = one_issued(records)
    changing.revoke(certificate.id, reason="A mistake.", by=coordinator.id)
    facts = {"cohort_id": certificate.cohort_id, "certificate_id": certificate.id, "person_id": certificate.person_id}
    assert [one for one in told if type(one).__name__.startswith("Certificate")] == [CertificateIssued(**facts), CertificateRevoked(**facts)]


def test_a_corrected_name_is_issued_anew_and_the_chain_is_kept(app, records, outbox):
    cohort, coordinator, old = one_issued(records, given_name="Stefan", family_name="Tiriac", language="ro")
    holder = session.get(type(coordinator), old.person_id)
    with pytest.raises(Refused, match="Correct it there first"):
        changing.replace(old.id, reason="Diacritics.", by=coordinator.id)
    rename(holder, "Ștefan", "Țiriac", "Stefan", "Tiriac")
    new_id = changing.replace(old.id, reason="Diacritics.", by=coordinator.id).id
    work()
    new, kept = queries.certificate(new_id), queries.certificate(old.id)
    assert (kept.state, new.state, new.replaces_id, new.name) == (State.REPLACED, State.VALID, old.id, "Ștefan Țiriac")
    assert queries.replaced_by(old.id).id == new_id
    assert (new.number[-6:], kept.number[-6:]) == ("000002", "000001")
    same = {key for key, value in new.record.items() if old.record[key] == value}
    assert set(new.record) - same <= {"name", "latin_name", "number", "code", "short_code", "address", "issued_on"}
    assert [held.state for held in queries.certificates_of(CertificatesOf(cohort.id))[holder.id]] == ["valid", "replaced"]
    assert len(outbox.to(holder)) == 2
    with pytest.raises(Refused, match="replaced already"):
        changing.replace(old.id, reason="Again.", by=coordinator.id)


def test_a_replacement_that_cannot_be_printed_leaves_the_old_certificate_valid(app, records):
    _, coordinator, old = one_issued(records)
    rename(session.get(type(coordinator), old.person_id), "Նարեկ", "Pop", "Narek", "Pop")
    with pytest.raises(Invalid, match="the typeface has no"):
        changing.replace(old.id, reason="Name.", by=coordinator.id)
    assert queries.certificate(old.id).state == State.VALID


def test_after_a_revocation_the_document_can_be_decided_again(app, records):
    cohort, coordinator, certificate = one_issued(records)
    holder = session.get(type(coordinator), certificate.person_id)
    changing.revoke(certificate.id, reason="Too early.", by=coordinator.id)
    (second,) = issued(cohort, [holder], by=coordinator)
    assert second.state == State.VALID


def test_erasing_leaves_number_name_dates_and_status_and_nothing_else(app, records):
    _, _, certificate = one_issued(records, given_name="Ana", family_name="Pop")
    digest, certificate_id = certificate.digest, certificate.id
    file_id = certificate.file_id
    tell(PersonErased(person_id=certificate.person_id))
    kept = queries.certificate(certificate_id)
    assert (kept.number[-6:], kept.name, kept.state, kept.digest, kept.file_id) == ("000001", "Ana Pop", State.VALID, digest, None)
    assert (kept.record["results"], kept.record["attended_minutes"]) == ([], None)
    with pytest.raises(NotThere):
        files.fetch(file_id)
    with pytest.raises(NotThere):
        files.content_of(digest)


def test_certificates_follow_their_holder_when_two_accounts_become_one(app, records):
    cohort, _, certificate = one_issued(records)
    other = a_trainee(cohort)
    tell(PeopleMerged(from_id=certificate.person_id, to_id=other.id))
    assert queries.certificate(certificate.id).person_id == other.id


def test_numbers_count_by_country_and_year_of_issue(app, records):
    made = []
    for country in ("IT", "RO"):
        cohort = a_group(country)
        with clock.frozen(NOW):
            made += issued(cohort, [records.met_by(a_trainee(cohort))], by=a_coordinator(cohort))
    assert [one.number for one in made] == ["INSPIREPA-IT-2026-000001", "INSPIREPA-RO-2026-000001"]


def test_a_stored_certificate_is_never_drawn_again(app, records, monkeypatch):
    _, _, certificate = one_issued(records)
    monkeypatch.setattr("inspire_lms.plugins.certificate.issuing.issue.draw", None)
    kept, content = files.fetch(certificate.file_id)
    assert (kept.digest, content[:5]) == (certificate.digest, b"%PDF-")
    assert session.scalar(select(func.count()).select_from(Certificate)) == 1
