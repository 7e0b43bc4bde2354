"""What we hold is handed out, and an account can be erased."""

import pytest
from sqlalchemy import select

from inspire_lms.contracts.people import PeopleMerged
from inspire_lms.kernel import audit, files, jobs, mail
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.access.actions import grant
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, Message, NotThere, Reason, Refused
from inspire_lms.kernel.people import erasing, profile, queries
from inspire_lms.kernel.people.privacy import HELD
from inspire_lms.kernel.plugin import Held
from tests.builders import PASSWORD, a_cohort, a_person, staff


def write_to(person):
    with transaction():
        mail.queue(mail.letter_to(person.id, key="x", subject=Message("Hello"), lines=(Message("Good morning."),)))


def test_everything_that_points_at_a_person_is_handed_out_and_nothing_that_secures_the_account(app):
    cohort = a_cohort()
    person = staff(cohort, "trainer", given_name="Ștefan", family_name="Țiriac")
    profile.change_work(person.id, organisation="Primăria Cluj", position="Consilier")
    write_to(person)
    told = erasing.held_about(person.id, HELD)
    assert [row["family_name"] for row in told["people_person"]] == ["Țiriac"]
    assert [row["position"] for row in told["people_membership"]] == ["Consilier"]
    assert [row["subject"] for row in told["kernel_mail"]] == ["Hello"]
    assert [row["role"] for row in told["access_grant"]] == ["trainer"]
    assert {row["did"] for row in told["kernel_audit"]} == {"people.made-ready", "access.granted", "people.work-told"}
    assert "password_hash" not in told["people_person"][0]


def test_of_others_nothing_is_handed_out(app):
    person, other = a_person(), a_person()
    write_to(other)
    told = erasing.held_about(person.id, HELD)
    assert [row["id"] for row in told["people_person"]] == [person.id]
    assert told["kernel_mail"] == []


def test_of_what_a_person_did_about_others_only_the_deed_is_handed_out(app):
    cohort = a_cohort()
    host, trainer = staff(cohort, "coordinator"), a_person()
    grant(trainer.id, "trainer", cohort.context_id, by=host.id)
    told = erasing.held_about(host.id, HELD)
    mine, given = told["access_grant"]
    assert mine["role"] == "coordinator"
    assert set(given) == {"id", "granted_by", "granted_at"}
    assert str(trainer.email) not in str(told)


def test_a_column_that_points_at_nobody_is_not_compared(app):
    person = a_person()
    assert erasing.held_about(person.id, [held(each) for each in ("people_person.email", "nothing.at_all", "people_person.nothing")]) == {}


def held(column, **more):
    return Held(column, Message("Why"), Message("Basis"), Message("Ever"), **more)


def test_what_hangs_on_a_persons_row_is_handed_out_without_those_who_did_it(app):
    cohort = a_cohort()
    host, person, other = staff(cohort, "coordinator"), a_person(), a_person()
    for each in (person, other):
        grant(each.id, "trainer", cohort.context_id, by=host.id)
        profile.change_work(each.id, organisation="Primăria Cluj", position=f"Consilier {each.id}")
    told = erasing.held_about(person.id, [held("people_person.id", parts=("people_membership.person_id", "access_grant.person_id"))])
    assert [row["position"] for row in told["people_membership"]] == [f"Consilier {person.id}"]
    assert [(row["role"], "granted_by" in row) for row in told["access_grant"]] == [("trainer", False)]


def test_what_no_key_leads_to_is_told_by_whoever_keeps_it(app):
    person = a_person()
    told = erasing.held_about(person.id, [held("kernel_mail.text", told=lambda person_id: [{"number": person_id}])])
    assert told == {"kernel_mail.text": [{"number": person.id}]}


def test_ones_own_files_are_handed_out_with_their_names(app):
    person = a_person()
    with transaction():
        files.keep(b"%text", "a.txt", by=person.id, allow=(files.TEXT,))
    [row] = erasing.held_about(person.id, HELD)["kernel_file"]
    assert (row["name"], row["kind"], row["size"]) == ("a.txt", "text/plain", 5)


def test_erasing_leaves_a_number_and_tells_the_plugins(app):
    cohort = a_cohort()
    person = staff(cohort, "trainer", given_name="Ștefan", family_name="Țiriac", email="stefan@primaria.example")
    key = person.get_id()
    profile.change_work(person.id, organisation="Primăria Cluj", position="Consilier")
    write_to(person)
    erasing.erase(person.id, PASSWORD)
    assert (person.name, person.email, person.password_hash) == (f"#{person.id}", f"erased-{person.id}@erased.invalid", None)
    assert queries.by_session_key(key) is None
    assert queries.by_email("stefan@primaria.example") is None
    assert queries.work_of(person.id) == queries.Work()
    assert access.people_with_role("trainer", cohort.context_id) == []
    kept = session.scalars(select(mail.Mail)).one()
    assert (kept.subject, kept.text, kept.name, kept.address) == ("Hello", "", "", person.email)
    told = [job.payload["told"] for job in session.scalars(select(jobs.Job).where(jobs.Job.kind == "kernel.deliver"))]
    assert all(each == {"person_id": person.id} for each in told)
    stays = str(list(audit.recent())) + str(erasing.held_about(person.id, HELD))
    assert "Țiriac" not in stays
    assert "primaria" not in stays


def test_erasing_needs_the_password(app):
    person = a_person()
    with pytest.raises(Invalid):
        erasing.erase(person.id, "wrong")
    assert person.erased_at is None


def test_what_stands_against_erasing_is_said(app):
    person = a_person()
    with pytest.raises(Refused, match="a place"):
        erasing.erase(person.id, PASSWORD, why_not=lambda _person: Reason("You hold a place."))
    assert person.erased_at is None


def test_nobody_is_erased_twice(app):
    person = a_person()
    erasing.erase(person.id, PASSWORD)
    with pytest.raises(NotThere):
        erasing.erase(person.id, PASSWORD)


def test_of_two_accounts_of_one_person_one_stays_with_what_both_had(app):
    leaving, staying, by = a_person(email="ana@casa.example"), a_person(email="ana@primaria.example"), a_person()
    write_to(leaving)
    with transaction():
        file = files.keep(b"%text", "a.txt", by=leaving.id, allow=(files.TEXT,))
    erasing.merge(leaving.id, staying.id, by=by.id)
    assert (leaving.name, leaving.is_active, staying.is_active) == (f"#{leaving.id}", False, True)
    kept = session.scalars(select(mail.Mail)).one()
    assert (kept.to_person, kept.text != "", file.kept_by) == (staying.id, True, staying.id)
    assert [line.after for line in audit.recent(did="people.merged")] == [{"from": leaving.id, "to": staying.id}] * 2
    told = [job.payload for job in session.scalars(select(jobs.Job).where(jobs.Job.kind == "kernel.deliver"))]
    assert {one["plugin"] for one in told if one["fact"].endswith(":PeopleMerged")} >= {"online_call"}
    assert PeopleMerged(from_id=leaving.id, to_id=staying.id) in [unpacked(one) for one in told]
    jobs.run_due()
    assert jobs.failed() == []


def unpacked(payload):
    return PeopleMerged(**payload["told"]) if payload["fact"].endswith(":PeopleMerged") else None


def test_what_stands_against_merging_is_said(app):
    person, other = a_person(), a_person()
    with pytest.raises(Refused, match="one and the same"):
        erasing.merge(person.id, person.id, by=other.id)
    with pytest.raises(Refused, match="has a place"):
        erasing.merge(person.id, other.id, by=other.id, why_not=lambda _person: Reason("It has a place."))
    with pytest.raises(NotThere):
        erasing.merge(person.id, 99_999, by=other.id)
    assert person.erased_at is None
