import pytest
from sqlalchemy import func, select

from inspire_lms.contracts.award import CertificateIssued, CertificateRevoked, CertificatesOf
from inspire_lms.contracts.people import PeopleMerged
from inspire_lms.kernel import audit, bus, clock, files
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, Refused
from inspire_lms.kernel.people import profile as people
from inspire_lms.plugins.certificate import actions, queries
from inspire_lms.plugins.certificate.issuing import changing, issue
from inspire_lms.plugins.certificate.models import Certificate
from inspire_lms.plugins.certificate.rules import State
from tests.builders import a_trainee
from tests.plugins.certificate.builders import NOW, a_coordinator, a_group, decided, issued, one_issued, work


def tell(fact):
    with transaction():
        bus.announce(fact)
    work()


def rename(person, given, family, latin_given="", latin_family=""):
    people.change_profile(person.id, given_name=given, family_name=family, latin_given_name=latin_given, latin_family_name=latin_family, language=person.language, zone=None)


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


@pytest.mark.parametrize(("who", "says"), [("taught", "You taught this group"), ("graded", "You graded work of"), ("holder", "own certificate")])
def test_who_taught_or_graded_does_not_revoke_and_may_correct_a_name(app, records, client, sign_in_as, who, says):
    cohort, coordinator, certificate = one_issued(records, given_name="Ana", family_name="Pop")
    holder = session.get(type(coordinator), certificate.person_id)
    by = holder if who == "holder" else a_coordinator(cohort, language="en")
    if who == "taught":
        records.teachers = (by.id,)
    elif who == "graded":
        records.met_by(holder, graders=(by.id,))
    with pytest.raises(Refused, match=says):
        changing.revoke(certificate.id, reason="Mine.", by=by.id)
    assert queries.certificate(certificate.id).state == State.VALID
    if by is not holder:
        page = sign_in_as(client, by).get(f"/certificate/one/{certificate.id}").get_data(as_text=True)
        addresses = [f'href="/certificate/one/{certificate.id}/{deed}"' in page for deed in ("replace", "revoke")]
        assert (says in page, addresses) == (True, [True, False])
        rename(holder, "Anna", "Pop")
        assert changing.replace(certificate.id, reason="Name.", by=by.id).name == "Anna Pop"


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


def test_certificates_follow_their_holder_when_two_accounts_become_one(app, records):
    cohort, _, certificate = one_issued(records)
    other = a_trainee(cohort)
    tell(PeopleMerged(from_id=certificate.person_id, to_id=other.id))
    assert queries.certificate(certificate.id).person_id == other.id


@pytest.mark.parametrize("is_revoked", [True, False])
def test_a_valid_certificate_follows_although_the_other_account_had_one_that_was_revoked(app, records, is_revoked):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    leaving, staying = (records.met_by(a_trainee(cohort)) for _ in range(2))
    ((mine,), (other,)) = (issued(cohort, [person], by=coordinator) for person in (leaving, staying))
    if is_revoked:
        changing.revoke(other.id, reason="The wrong account.", by=coordinator.id)
    tell(PeopleMerged(from_id=leaving.id, to_id=staying.id))
    session.rollback()
    holders = [queries.certificate(one.id).person_id for one in (mine, other)]
    assert holders == [staying.id if is_revoked else leaving.id, staying.id]


def test_numbers_count_by_country_and_year_of_issue(app, records):
    made = []
    for country in ("IT", "RO"):
        cohort = a_group(country)
        with clock.frozen(NOW):
            made += issued(cohort, [records.met_by(a_trainee(cohort))], by=a_coordinator(cohort))
    assert [one.number for one in made] == ["INSPIREPA-IT-2026-000001", "INSPIREPA-RO-2026-000001"]


def test_a_stored_certificate_is_never_drawn_again(app, records, monkeypatch):
    _, _, certificate = one_issued(records)
    monkeypatch.setattr("inspire_lms.plugins.certificate.issuing.issue.sealed_files", None)
    kept, content = files.fetch(certificate.file_id)
    assert (kept.digest, content[:5]) == (certificate.digest, b"%PDF-")
    assert session.scalar(select(func.count()).select_from(Certificate)) == 1


@pytest.mark.both_engines
def test_a_certificate_that_is_not_made_yet_is_not_made_after_its_holder_was_erased(app, records):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    gone, there = (records.met_by(a_trainee(cohort)) for _ in range(2))
    batch_id = decided(cohort, [gone, there], by=coordinator).id
    waiting = queries.waiting_in(batch_id, most=2)
    actions.forget(gone.id)
    for certificate_id, stored in waiting:
        with transaction():
            issue._keep(issue.sealed_files([(certificate_id, stored)])[0], "Europe/Bucharest")
    work()
    assert [(row.person_id, row.state) for row in queries.register(cohort_id=cohort.id)] == [(there.id, State.VALID)]
    assert queries.progress(batch_id) == queries.Progress(1, 1)
    assert session.scalar(select(func.count()).select_from(files.StoredFile)) == 1
