"""What is left of a certificate when its holder's account goes, and what follows when two accounts were one person."""

from datetime import date, timedelta

import pytest
from sqlalchemy import inspect, select

from inspire_lms.contracts.people import PeopleMerged, PersonErased
from inspire_lms.kernel import bus, clock, files
from inspire_lms.kernel.db import Base, session, transaction
from inspire_lms.kernel.errors import NotThere, Refused
from inspire_lms.kernel.people import erasing, privacy
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.programmes import actions as programmes
from inspire_lms.plugins.certificate import actions, queries
from inspire_lms.plugins.certificate.appealing import actions as appealing
from inspire_lms.plugins.certificate.issuing import changing, deciding, overview
from inspire_lms.plugins.certificate.models import Appeal, Certificate, NameConfirmation, Prolonged, Refusal, Revocation, Standing
from inspire_lms.plugins.certificate.naming import actions as naming
from inspire_lms.plugins.certificate.naming.rules import Printed
from inspire_lms.plugins.certificate.plugin import plugin
from inspire_lms.plugins.certificate.rules import STAYS_BECAUSE, STAYS_FOR, Kind
from tests.builders import PASSWORD, a_trainee, an_administrator
from tests.plugins.certificate.builders import NOW, a_coordinator, a_group, a_group_to_decide, appealed, decide, issued, refusals, work

pytestmark = pytest.mark.both_engines


def tell(fact):
    with transaction():
        bus.announce(fact)
    work()


@pytest.fixture
def everything(app, records):
    """Somebody about whom each table of certificates has something: a valid one with a later form and a credential, a revoked one, a refusal, two appeals."""
    records.chances = {}
    cohort = a_group(validity_months=12)
    coordinator = a_coordinator(cohort)
    person = records.met_by(a_trainee(cohort, given_name="Ștefania", family_name="Țurcanu"))
    with clock.frozen(NOW):
        actions.look_again(cohort.id)
        naming.confirm(cohort.id, person.id, Printed("Ștefania Țurcanu", "Ștefania Țurcanu"))
        (revoked,) = issued(cohort, [person], by=coordinator, kind=Kind.ATTENDANCE)
        revoked_id = revoked.id
        changing.revoke(revoked_id, reason="A mistake.", by=coordinator.id)
        appealing.appeal_against_refusal(refusals()[person.id].id, grounds="I passed.", by=person.id)
        appealing.appeal_against_revocation(session.scalars(select(Revocation.id)).one(), grounds="I was there.", by=person.id)
        (valid,) = issued(cohort, [person], by=coordinator)
        with transaction():
            later = files.keep(files.content_of(valid.digest) + b"% later\n", "later.pdf", by=None)
            session.add(Prolonged(certificate_id=valid.id, level="B-T", file_id=later.id, digest=later.digest, made_at=NOW))
            session.get_one(Certificate, valid.id).credential = "header.payload.signature"
    return cohort, coordinator, person.id, valid.id, revoked_id


def columns_of(certificate_id):
    """Give every column of a certificate as the table has it."""
    session.rollback()
    held = session.get_one(Certificate, certificate_id)
    return {column.key: getattr(held, column.key) for column in inspect(Certificate).column_attrs}


def test_erasing_leaves_exactly_what_a_check_needs(everything):
    cohort, _, person_id, valid_id, _ = everything
    before = columns_of(valid_id)
    file_ids = [before["file_id"], session.scalars(select(Prolonged.file_id)).one()]
    tell(PersonErased(person_id=person_id))
    record = before["record"] | {"results": [], "competences": [], "attended_minutes": None, "live_minutes": None}
    assert columns_of(valid_id) == {
        "id": valid_id,
        "batch_id": before["batch_id"],
        "cohort_id": cohort.id,
        "person_id": person_id,
        "kind": "competence",
        "state": "valid",
        "number": "INSPIREPA-RO-2026-000002",
        "code": before["code"],
        "short_code": before["short_code"],
        "name": "Ștefania Țurcanu",
        "family_name": "turcanu",
        "issued_on": date(2026, 11, 20),
        "issued_at": NOW,
        "record": record,
        "layout": before["layout"],
        "file_id": None,
        "digest": before["digest"],
        "covered": before["covered"],
        "level": before["level"],
        "expires_on": date(2027, 11, 19),
        "credential": None,
        "replaces_id": None,
    }
    assert {key: value for key, value in record.items() if "tefania" in str(value)} == {
        "name": "Ștefania Țurcanu", "latin_name": "Ștefania Țurcanu", "signatory": "Ștefania Țurcanu",
    }  # fmt: skip
    for file_id in file_ids:
        with pytest.raises(NotThere):
            files.fetch(file_id)
    with pytest.raises(NotThere):
        files.content_of(before["digest"])
    assert session.scalar(select(files.StoredFile.id)) is None


def test_of_a_later_form_its_digest_is_left_and_of_a_revocation_its_reason(everything):
    _, coordinator, person_id, valid_id, revoked_id = everything
    digest = session.scalars(select(Prolonged.digest)).one()
    tell(PersonErased(person_id=person_id))
    (form,), (ended,) = session.scalars(select(Prolonged)).all(), session.scalars(select(Revocation)).all()
    assert (form.certificate_id, form.level, form.file_id, form.digest, form.made_at, form.ends_at) == (valid_id, "B-T", None, digest, NOW, None)
    assert (ended.certificate_id, ended.reason, ended.by_id, ended.at) == (revoked_id, "A mistake.", coordinator.id, NOW)
    assert (columns_of(revoked_id)["state"], columns_of(revoked_id)["file_id"]) == ("revoked", None)


def test_no_other_table_of_certificates_points_at_who_was_erased(everything):
    _, _, person_id, _, _ = everything
    tell(PersonErased(person_id=person_id))
    left = {}
    for name, table in Base.metadata.tables.items():
        if name.startswith("certificate_"):
            for key in table.foreign_keys:
                if key.target_fullname == "people_person.id":
                    left[f"{name}.{key.parent.name}"] = session.scalar(select(table.c.id).where(key.parent == person_id).limit(1)) is not None
    assert {column for column, is_there in left.items() if is_there} == {"certificate_certificate.person_id"}
    assert {"certificate_standing.person_id", "certificate_name_confirmation.person_id", "certificate_refusal.person_id", "certificate_appeal.person_id"} <= set(left)


def test_the_manifest_says_on_what_basis_and_for_how_long_it_stays():
    (held,) = [one for one in plugin.privacy if one.column == "certificate_certificate.person_id"]
    assert (held.basis, held.keep, held.parts) == (STAYS_BECAUSE, STAYS_FOR, ("certificate_prolonged.certificate_id",))


def test_the_check_still_answers_and_it_is_known_that_the_account_was_erased(everything, client):
    cohort, _, person_id, valid_id, _ = everything
    code = columns_of(valid_id)["code"]
    programmes.withdraw(cohort.id, person_id, by=None)
    assert queries.is_erased(person_id) is False
    erasing.erase(person_id, PASSWORD)
    work()
    assert queries.is_erased(person_id) is True
    page = client.get(f"/certificate/check/{code}").get_data(as_text=True)
    assert "Ștefania Țurcanu" in page
    assert "82.50" not in page


def test_who_finished_and_erased_the_account_is_not_looked_at_nor_decided_about_again_and_holds_nobody_up(everything, records, outbox):
    cohort, coordinator, person_id, _, _ = everything
    other = records.met_by(a_trainee(cohort))
    programmes.finish(cohort.id, person_id, by=None)
    erasing.erase(person_id, PASSWORD)
    work()
    actions.look_again(cohort.id)
    naming.ask_all()
    session.rollback()
    assert set(session.scalars(select(Standing.person_id))) == set(session.scalars(select(NameConfirmation.person_id))) == {other.id}
    assert len(outbox.to(other)) == 1
    assert [one.member.person_id for one in overview.of(cohort).known.trainees] == [other.id]
    with pytest.raises(Refused, match="not a member of this group any more"):
        deciding.decide(cohort.id, {person_id: Kind.ATTENDANCE}, minutes="Minutes.", by=coordinator.id)


def test_a_copy_of_what_is_held_has_the_answer_the_refusal_and_the_appeals(everything):
    _, _, person_id, _, _ = everything
    told = erasing.held_about(person_id, [*privacy.HELD, *plugin.privacy])
    assert [row["name"] for row in told["certificate_name_confirmation"]] == ["Ștefania Țurcanu"]
    assert [row["grounds"] for row in told["certificate_appeal"]] == ["I passed.", "I was there."]
    assert len(told["certificate_refusal"]) == len(told["certificate_prolonged"]) == 1


def test_when_two_accounts_become_one_everything_goes_over(everything):
    cohort, _, person_id, valid_id, revoked_id = everything
    other = a_trainee(cohort).id
    tell(PeopleMerged(from_id=person_id, to_id=other))
    session.rollback()
    pointing = {
        table.__tablename__: set(session.scalars(select(table.person_id))) for table in (Certificate, NameConfirmation, Refusal, Appeal, Standing)
    }
    assert pointing == {
        "certificate_certificate": {other}, "certificate_name_confirmation": {other}, "certificate_refusal": {other}, "certificate_appeal": {other},
        "certificate_standing": {other},
    }  # fmt: skip
    assert [queries.certificate(one).person_id for one in (valid_id, revoked_id)] == [other, other]


@pytest.mark.parametrize(("who_appealed", "grounds"), [("from", ["From."]), ("to", ["To."]), ("both", ["To."]), ("none", [])])
def test_where_one_decision_refused_both_accounts_one_refusal_and_one_appeal_stay(app, records, who_appealed, grounds):
    records.chances = {}
    cohort = a_group()
    leaving, staying = (records.met_by(a_trainee(cohort), minutes=1) for _ in range(2))
    with clock.frozen(NOW):
        deciding.decide(cohort.id, {}, refused=[leaving.id, staying.id], minutes="Minutes.", by=a_coordinator(cohort).id)
    for person, name, said in ((leaving, "from", "From."), (staying, "to", "To.")):
        if who_appealed in {name, "both"}:
            appealed(person, grounds=said)
    kept = refusals()[staying.id].id
    tell(PeopleMerged(from_id=leaving.id, to_id=staying.id))
    assert {person_id: one.id for person_id, one in refusals().items()} == {staying.id: kept}
    assert [(one.person_id, one.refusal_id, one.grounds) for one in session.scalars(select(Appeal))] == [(staying.id, kept, one) for one in grounds]


def test_what_somebody_answered_is_the_deed_of_the_account_that_stays(app, records):
    group = a_group_to_decide(records)
    cohort, _, people = group
    decide(group, {}, ["absent"])
    appeal_id = appealed(people["absent"])
    leaving, staying = (a_coordinator(cohort) for _ in range(2))
    with clock.frozen(NOW + timedelta(days=1)):
        appealing.answer(appeal_id, is_upheld=False, words="No.", by=leaving.id)
    tell(PeopleMerged(from_id=leaving.id, to_id=staying.id))
    assert session.get_one(Appeal, appeal_id).answered_by_id == staying.id


def test_an_erased_officer_leaves_the_deeds_and_no_name(app, records):
    group = a_group_to_decide(records)
    _, _, people = group
    decide(group, {}, ["absent"])
    appeal_id, officer = appealed(people["absent"]), an_administrator()
    appealing.answer(appeal_id, is_upheld=False, words="No.", by=officer.id)
    an_administrator()
    erasing.erase(officer.id, PASSWORD)
    work()
    assert session.get_one(Appeal, appeal_id).answered_by_id == officer.id
    assert "Pop" not in session.get_one(Person, officer.id).name
