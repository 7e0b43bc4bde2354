"""Signing in, and what happens after failures."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Refused
from inspire_lms.kernel.people import actions, passwords, signing_in
from inspire_lms.kernel.people.models import FailedSignIns
from tests.builders import PASSWORD, a_person

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def sign_in(email, password=PASSWORD, *, origin="10.0.0.1", at=AT):
    with clock.frozen(at):
        return signing_in.who_signs_in(email, password, origin=origin, zone="Europe/Rome").id


def fail(email, times=1, *, origin="10.0.0.1", at=AT):
    for _ in range(times):
        with pytest.raises(Refused) as said:
            sign_in(email, "wrong", origin=origin, at=at)
    return str(said.value.reason)


def test_the_right_password_opens_the_account(app):
    person = a_person()
    assert sign_in(person.email.upper()) == person.id


def test_an_address_that_nobody_has_is_refused_in_the_same_words(app):
    person = a_person()
    assert fail(person.email) == fail("nobody@inspire.example") == "The e-mail address or the password is not right."


def test_after_five_failures_even_the_right_password_waits_a_minute(app):
    person = a_person()
    said = fail(person.email, 5)
    assert "has to wait" in said
    with pytest.raises(Refused, match="has to wait"):
        sign_in(person.email, at=AT + timedelta(minutes=1) - SECOND)
    assert sign_in(person.email, at=AT + timedelta(minutes=1)) == person.id


def test_four_failures_cost_nothing_and_signing_in_forgets_them(app):
    person = a_person()
    fail(person.email, 4)
    assert sign_in(person.email) == person.id
    fail(person.email, 4, origin="10.0.0.2")
    assert sign_in(person.email, origin="10.0.0.2") == person.id


def test_trying_while_it_is_locked_does_not_make_the_wait_longer(app):
    person = a_person()
    fail(person.email, 5)
    fail(person.email, 20, at=AT + 59 * SECOND)
    assert sign_in(person.email, at=AT + 60 * SECOND) == person.id


def test_an_unknown_address_is_locked_like_a_known_one(app):
    assert "has to wait" in fail("nobody@inspire.example", 5)


def test_one_network_address_that_tries_many_accounts_waits_too(app):
    person = a_person()
    for number in range(30):
        fail(f"guess{number}@inspire.example")
    with pytest.raises(Refused, match="has to wait"):
        sign_in(person.email)
    assert sign_in(person.email, origin="10.0.0.2") == person.id


def test_a_new_password_by_mail_lifts_the_wait_of_the_account(app):
    person = a_person()
    fail(person.email, 5)
    from inspire_lms.kernel.mail import Mail

    with clock.frozen(AT):
        actions.ask_new_password(person.email)
        text = session.scalar(select(Mail.text))
        actions.set_password(text.split("/new-password/")[1].split()[0], "un tè sul balcone")
    assert sign_in(person.email, "un tè sul balcone") == person.id


def test_failures_are_forgotten_after_a_day_and_name_nobody(app):
    person = a_person()
    fail(person.email)
    assert not [row for row in session.scalars(select(FailedSignIns.subject)) if "@" in row or "10.0" in row]
    fail("other@inspire.example", at=AT + timedelta(days=1, seconds=1))
    assert len(list(session.scalars(select(FailedSignIns.id)))) == 2


def test_an_erased_account_cannot_be_signed_into(app):
    from inspire_lms.kernel.people import erasing

    person = a_person()
    email = person.email
    erasing.erase(person.id, PASSWORD)
    assert fail(email) == "The e-mail address or the password is not right."


def test_a_password_typed_in_pieces_is_the_same_password(app):
    kept = passwords.hashed("caffe\u0300 e cornetto")
    assert passwords.is_right("caffè e cornetto", kept)
    assert not passwords.is_right("caffe e cornetto", kept)


def test_nothing_kept_means_no_password_is_right(app):
    assert not passwords.is_right("nobody", None)
    assert not passwords.is_right("x", "no hash at all")


def test_a_password_hashed_at_another_cost_is_hashed_anew_when_its_owner_signs_in(app):
    person = a_person()
    cheap = person.password_hash
    app.config["INSPIRE"] = replace(app.config["INSPIRE"], argon2_cheap=False)
    sign_in(person.email)
    session.refresh(person)
    assert cheap.startswith("$argon2id$v=19$m=8,")
    assert person.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    sign_in(person.email)


@pytest.mark.both_engines
def test_failures_at_the_same_moment_are_all_counted(app):
    def try_once(_number):
        with app.app_context(), clock.frozen(AT), pytest.raises(Refused):
            signing_in.who_signs_in("nobody@inspire.example", "wrong", origin="10.0.0.1", zone="UTC")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(try_once, range(4)))
    assert sorted(session.execute(text("SELECT failures FROM people_failed_sign_ins")).scalars()) == [4, 4]
