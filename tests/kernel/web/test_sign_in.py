"""Signing in, registering and setting a password, through the pages."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from inspire_lms.app import create_app
from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.people import actions, queries
from inspire_lms.kernel.people.models import FailedSignIns
from tests.builders import PASSWORD, a_cohort, a_person

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
ANNA = {"given_name": "Nicolò", "family_name": "D'Angelo", "email": "nicolo@comune.example", "password": "caffè e cornetto"}


def sign_in(client, email, password=PASSWORD, **more):
    return client.post("/sign-in", data={"email": email, "password": password}, **more)


def link_in(mail):
    return re.search(r"http://localhost(/\S+)", mail.text)[1]


def is_signed_in(client):
    return client.get("/profile").status_code == 200


def test_a_person_signs_in_and_out(client):
    person = a_person()
    answer = sign_in(client, person.email)
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_signed_in(client)
    client.post("/sign-out")
    assert not is_signed_in(client)


def language_of(client):
    return re.search(r'<html lang="(\w+)"', client.get("/course", headers={"Accept-Language": "el"}).text)[1]


def test_who_signs_in_reads_the_language_of_the_account_whatever_was_chosen_before(client):
    first, second = a_person(language="it"), a_person(language="ro")
    assert (client.get("/sign-in?language=en").status_code, language_of(client)) == (200, "en")
    client.post("/sign-in?language=en", data={"email": first.email, "password": PASSWORD})
    assert language_of(client) == "it"
    client.get("/?language=en")
    assert language_of(client) == "en"
    client.post("/sign-out")
    assert language_of(client) == "el"
    sign_in(client, second.email)
    assert language_of(client) == "ro"


def test_the_end_of_a_visit_is_said_in_the_language_of_who_comes_next(client):
    sign_in(client, a_person(language="it").email)
    told = client.post("/sign-out", headers={"Accept-Language": "ro"}, follow_redirects=True).text
    assert "Sunteți deconectat(ă)." in told


def test_a_visitor_is_led_back_to_where_signing_in_was_needed(client):
    person = a_person()
    asked = client.get("/profile/work")
    assert asked.location == "/sign-in?next=/profile/work"
    answer = client.post(asked.location, data={"email": person.email, "password": PASSWORD})
    assert answer.location == "/profile/work"


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(client, wanted):
    answer = client.post("/sign-in", query_string={"next": wanted}, data={"email": a_person().email, "password": PASSWORD})
    assert answer.location == "/"


def test_a_wrong_password_is_said_and_the_address_stays(client):
    answer = sign_in(client, a_person(email="anna@inspire.example").email, "wrong")
    assert answer.status_code == 409
    assert "The e-mail address or the password is not right." in answer.text
    assert 'value="anna@inspire.example"' in answer.text
    assert "wrong" not in re.findall(r'value="([^"]*)"', answer.text)


def test_after_five_failures_the_page_says_until_when_in_the_zone_of_the_country(client):
    a_cohort("GR")
    person = a_person()
    with clock.frozen(AT):
        for _ in range(5):
            answer = client.post("/sign-in?language=el", data={"email": person.email, "password": "wrong"})
        assert "11:01" in answer.text
        assert sign_in(client, person.email).status_code == 409
    with clock.frozen(AT + timedelta(minutes=1)):
        assert sign_in(client, person.email).status_code == 303


def test_the_sign_in_page_costs_no_more_than_one_statement(client, statements):
    client.get("/sign-in")
    with statements() as seen:
        client.get("/sign-in")
    assert len(seen) <= 1, seen


def test_who_is_signed_in_is_not_asked_again(client, sign_in_as):
    sign_in_as(client, a_person())
    assert client.get("/sign-in?next=/profile").location == "/profile"


def test_from_registering_to_the_page_one_wanted(client, outbox):
    answer = client.post("/register?language=it&next=/profile/work", data=ANNA)
    assert answer.location == "/sent/register"
    sent = client.get(answer.location)
    assert ANNA["email"] in sent.text
    [mail] = outbox
    assert (mail.language, mail.name) == ("it", "Nicolò D'Angelo")
    assert not is_signed_in(client)
    page = client.get(link_in(mail))
    assert page.status_code == 200
    assert client.post(link_in(mail), data={"password": "not this one"}).status_code == 409
    done = client.post(link_in(mail), data={"password": ANNA["password"]})
    assert (done.status_code, done.location) == (303, "/profile/work")
    assert is_signed_in(client)
    assert client.get(link_in(mail)).status_code == 409


def test_opening_the_link_alone_confirms_nothing(client, outbox):
    client.post("/register", data=ANNA)
    client.get(link_in(outbox[0]))
    assert not queries.by_email(ANNA["email"]).is_active


def test_a_known_and_an_unknown_address_get_the_same_answer(app, outbox):
    a_person(email="known@inspire.example")
    answers = []
    for address in ("known@inspire.example", "other@inspire.example"):
        visitor = app.test_client()
        answer = visitor.post("/register", data=ANNA | {"email": address}, follow_redirects=True)
        answers.append((answer.status_code, answer.text.replace(address, "")))
        answer = visitor.post("/forgotten", data={"email": address}, follow_redirects=True)
        answers.append((answer.status_code, answer.text.replace(address, "")))
    assert answers[:2] == answers[2:]
    assert {mail.subject for mail in outbox} == {"You already have an account", "Confirm your e-mail address", "Set a new password"}


@pytest.mark.parametrize(
    ("but", "said"),
    [
        ({"email": "nicolo"}, "f-email"),
        ({"password": "short"}, "f-password"),
        ({"given_name": ""}, "f-given_name"),
        ({"family_name": "42"}, "f-family_name"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_else_is_lost(client, outbox, but, said):
    answer = client.post("/register", data=ANNA | but)
    assert answer.status_code == 422
    assert f'href="#{said}"' in answer.text
    assert ("Nicolò" in answer.text) is ("given_name" not in but)
    assert len(outbox) == 0


def test_html_in_a_name_is_shown_as_it_was_typed(client, outbox):
    client.post("/register", data=ANNA | {"family_name": "<script>alert(1)</script>"})
    client.post(link_in(outbox[0]), data={"password": ANNA["password"]})
    page = client.get("/profile").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_signing_in_before_confirming_sends_the_mail_again_but_not_at_once(client, outbox):
    with clock.frozen(AT):
        client.post("/register", data=ANNA)
        answer = sign_in(client, ANNA["email"], ANNA["password"])
    assert answer.location == "/sent/confirm"
    assert client.get(answer.location).status_code == 200
    assert len(outbox) == 1
    with clock.frozen(AT + timedelta(minutes=5)):
        sign_in(client, ANNA["email"], ANNA["password"])
    assert len(outbox) == 2


def test_a_forgotten_password_is_replaced_and_other_devices_are_signed_out(app, client, outbox):
    person = a_person()
    elsewhere = app.test_client()
    sign_in(elsewhere, person.email)
    client.post("/forgotten", data={"email": person.email})
    page = client.get(link_in(outbox[0]))
    assert person.email in page.text
    assert client.post(link_in(outbox[0]), data={"password": "short"}).status_code == 422
    assert client.post(link_in(outbox[0]), data={"password": "un tè sul balcone"}).status_code == 303
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert client.post(link_in(outbox[0]), data={"password": "un altro tè ancora"}).status_code == 409


@pytest.mark.parametrize("address", ["/confirm/nothing", "/new-password/nothing"])
def test_a_link_that_does_not_work_says_what_to_do(client, address):
    answer = client.get(address)
    assert answer.status_code == 409
    assert "/forgotten" in answer.text


def test_signing_out_everywhere_ends_the_other_sessions(app, client):
    person = a_person()
    elsewhere = app.test_client()
    for visitor in (client, elsewhere):
        sign_in(visitor, person.email)
    client.post("/profile/sign-out-everywhere")
    assert not is_signed_in(client)
    assert not is_signed_in(elsewhere)


def test_a_session_ends_with_the_account(client, sign_in_as):
    person = a_person()
    sign_in_as(client, person)
    actions.sign_out_everywhere(person.id)
    assert not is_signed_in(client)


def test_the_cookie_is_kept_from_scripts_and_other_sites(client):
    answer = sign_in(client, a_person().email)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("language", ["it", "el", "ro", "en"])
@pytest.mark.parametrize("address", ["/sign-in", "/register", "/forgotten", "/sent/register", "/sent/confirm", "/sent/password"])
def test_each_page_opens_in_each_language(client, address, language):
    answer = client.get(f"{address}?language={language}")
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text


def test_without_the_form_token_nobody_signs_in(app):
    app.config["WTF_CSRF_ENABLED"] = True
    client, person = app.test_client(), a_person()
    assert sign_in(client, person.email).status_code == 400
    token = re.search(r'name="_token" value="([^"]+)"', client.get("/sign-in").text)[1]
    assert client.post("/sign-in", data={"email": person.email, "password": PASSWORD, "_token": token}).status_code == 303


@pytest.mark.parametrize(("proxies", "origins"), [(0, 1), (1, 3)])
def test_behind_a_proxy_of_ours_failures_are_counted_for_whoever_stands_before_it(settings, app, proxies, origins):
    behind = create_app(replace(settings, proxies=proxies))
    behind.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    visitor = behind.test_client()
    for number in range(3):
        sign_in(visitor, "nobody@inspire.example", "wrong", headers={"X-Forwarded-For": f"10.0.0.{number}"})
    failures = sorted(session.scalars(select(FailedSignIns.failures)))
    assert failures == ([3, 3] if origins == 1 else [1, 1, 1, 3])
