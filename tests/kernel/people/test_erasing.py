"""What we hold is handed out, and an account can be erased."""

import pytest
from sqlalchemy import select

from inspire_lms.kernel import audit, jobs, mail
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, Message, NotThere, Reason, Refused
from inspire_lms.kernel.people import erasing, profile, queries
from inspire_lms.kernel.people.privacy import HELD
from tests.builders import PASSWORD, a_cohort, a_person, staff

COLUMNS = [held.column for held in HELD]


def write_to(person):
    with transaction():
        mail.queue(mail.letter_to(person.id, key="x", subject=Message("Hello"), lines=(Message("Good morning."),)))


def test_everything_that_points_at_a_person_is_handed_out_and_nothing_that_secures_the_account(app):
    cohort = a_cohort()
    person = staff(cohort, "trainer", given_name="Ștefan", family_name="Țiriac")
    profile.change_work(person.id, organisation="Primăria Cluj", position="Consilier")
    write_to(person)
    told = erasing.held_about(person.id, COLUMNS)
    assert [row["family_name"] for row in told["people_person"]] == ["Țiriac"]
    assert [row["position"] for row in told["people_membership"]] == ["Consilier"]
    assert [row["subject"] for row in told["kernel_mail"]] == ["Hello"]
    assert [row["role"] for row in told["access_grant"]] == ["trainer"]
    assert {row["did"] for row in told["kernel_audit"]} == {"people.made-ready", "access.granted", "people.work-told"}
    assert "password_hash" not in told["people_person"][0]


def test_of_others_nothing_is_handed_out(app):
    person, other = a_person(), a_person()
    write_to(other)
    told = erasing.held_about(person.id, COLUMNS)
    assert [row["id"] for row in told["people_person"]] == [person.id]
    assert told["kernel_mail"] == []


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
    stays = str(list(audit.recent())) + str(erasing.held_about(person.id, COLUMNS))
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
