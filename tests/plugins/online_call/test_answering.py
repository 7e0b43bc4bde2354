"""Answering an offer by the link in its mail: opening it changes nothing, its buttons answer once, for this one offer."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from inspire_lms.kernel import audit, clock, mail
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.answering import links
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.offering import actions, leaving
from inspire_lms.plugins.online_call.offering.models import Place
from inspire_lms.plugins.online_call.rules import Standing
from tests.builders import a_person
from tests.plugins.online_call.builders import OFFER_UNTIL, PUBLISHED, a_selection, lapse_due, standings

pytestmark = pytest.mark.usefixtures("app")
NEXT_DAY = PUBLISHED + timedelta(days=1)
LINK = re.compile(r"/online_call/offers/([\w.~%=-]+)\?language=(\w\w)")


@pytest.fixture
def places(outbox):
    """Two seats, three on the list; the numbers of the applications, by position."""
    _call, applications = a_selection([90, 80, 70], seats=2)
    return [each.id for each in applications]


def token_of(application_id):
    session.rollback()
    return links.token(session.scalars(select(Place).where(Place.application_id == application_id)).one())


def now_stand(numbers):
    session.rollback()
    return standings([session.get(Application, each) for each in numbers])


def press(client, token, button, *, at=NEXT_DAY):
    with clock.frozen(at):
        return client.post(f"/online_call/offers/{token}/{button}")


def test_the_mail_of_an_offer_and_its_reminder_hold_the_link_in_the_language_of_the_person(places, outbox):
    first = session.get(Application, places[0])
    with transaction():
        session.get(Person, first.person_id).language = "el"
    letters = [each for each in outbox if each.to_person == first.person_id and "offers" in each.text]
    assert [LINK.findall(each.text) for each in letters] == [[(token_of(places[0]), "en")]]
    with clock.frozen(OFFER_UNTIL - timedelta(hours=10)):
        actions.remind(session.scalar(select(Place.id).where(Place.application_id == places[0])))
    reminder = [each for each in outbox if each.to_person == first.person_id][-1]
    assert LINK.findall(reminder.text) == [(token_of(places[0]), "el")]
    # Once it is sent nobody reads the link out of the database.
    assert LINK.findall(mail.without_keys(reminder.text)) == []


def test_opening_the_link_however_often_changes_nothing_and_shows_no_name(client, places):
    address = f"/online_call/offers/{token_of(places[0])}?language=en"
    with clock.frozen(NEXT_DAY):
        opened = [client.get(address), client.head(address), client.get(address)]
    application = session.get(Application, places[0])
    person = session.get(Person, application.person_id)
    assert [each.status_code for each in opened] == [200, 200, 200]
    assert now_stand(places) == ["offered", "offered", "reserve"]
    for wanted in ("Accept the place", "Decline", application.protocol_number, "Monday 18 January 2027, 12:00", "Nothing has changed so far"):
        assert wanted in opened[2].text
    for hidden in (person.family_name, person.email, "90.00"):
        assert hidden not in opened[2].text
    headers = opened[0].headers
    assert (headers["Cache-Control"], headers["Referrer-Policy"], headers["X-Robots-Tag"]) == (
        "no-store", "no-referrer", "noindex, nofollow, noarchive",
    )  # fmt: skip


def test_a_place_is_accepted_without_signing_in_once(client, places):
    token = token_of(places[0])
    answers = [press(client, token, "accept") for _twice in range(2)]
    assert [(each.status_code, each.location) for each in answers] == [(303, f"/online_call/offers/{token}")] * 2
    assert now_stand(places) == ["accepted", "offered", "reserve"]
    page = client.get(f"/online_call/offers/{token}?language=en").text
    assert "You have a place in the course" in page
    assert "Accept the place" not in page
    person_id = session.get(Application, places[0]).person_id
    line = next(each for each in audit.by_person(person_id) if each.did == "online_call.accepted")
    assert line.after == {"position": 1, "by": "mail"}
    with client.session_transaction() as kept:
        assert "_user_id" not in kept


def test_a_place_is_declined_and_goes_to_the_next_one_who_gets_another_link(client, places):
    token = token_of(places[0])
    for _twice in range(2):
        assert press(client, token, "decline").status_code == 303
    assert now_stand(places) == ["declined", "offered", "offered"]
    assert press(client, token, "accept").status_code == 409
    assert token_of(places[2]) != token
    assert "You have declined the place" in client.get(f"/online_call/offers/{token}?language=en").text


def test_after_the_deadline_the_link_says_so_before_and_after_the_offer_has_lapsed(client, places):
    token = token_of(places[0])
    address = f"/online_call/offers/{token}?language=en"
    with clock.frozen(OFFER_UNTIL):
        late = client.get(address)
        assert (late.status_code, "The offer lapsed on" in late.text, "Accept the place" in late.text) == (200, True, False)
        assert press(client, token, "accept", at=OFFER_UNTIL).status_code == 409
        lapse_due()
        assert "The offer has lapsed" in client.get(address).text
    assert now_stand(places)[0] == "lapsed"


@pytest.mark.parametrize("spoil", [lambda token: token[:-1], lambda token: token[1:], lambda _token: "x", lambda token: f"{token}.{token}"])
def test_a_link_that_is_not_ours_opens_and_answers_nothing(client, places, spoil):
    spoilt = spoil(token_of(places[0]))
    answers = [client.get(f"/online_call/offers/{spoilt}"), press(client, spoilt, "accept")]
    assert [each.status_code for each in answers] == [409, 409]
    assert now_stand(places) == ["offered", "offered", "reserve"]


def test_a_link_of_an_earlier_offer_does_not_answer_a_later_one(client, places):
    token = token_of(places[0])
    with transaction():
        moved = update(Place).where(Place.application_id == places[0])
        session.execute(moved.values(offered_at=NEXT_DAY, offer_until=OFFER_UNTIL, standing=Standing.OFFERED))
    opened = client.get(f"/online_call/offers/{token}?language=en")
    assert (opened.status_code, "This link no longer works" in opened.text) == (409, True)
    assert press(client, token_of(places[0]), "accept", at=NEXT_DAY).status_code == 303


def test_who_is_signed_in_as_somebody_else_is_stopped(client, sign_in_as, places):
    token = token_of(places[0])
    sign_in_as(client, a_person())
    with clock.frozen(NEXT_DAY):
        assert "You are signed in as somebody else" in client.get(f"/online_call/offers/{token}?language=en").text
    assert press(client, token, "accept").status_code == 409
    assert now_stand(places)[0] == "offered"


def test_the_link_of_a_withdrawn_application_says_that_it_is_withdrawn(client, places):
    token = token_of(places[0])
    with clock.frozen(NEXT_DAY):
        leaving.withdraw(places[0], by=session.get(Application, places[0]).person_id)
        assert "You have withdrawn your application" in client.get(f"/online_call/offers/{token}?language=en").text
    assert press(client, token, "accept").status_code == 409


def test_a_report_of_a_problem_does_not_carry_the_key_of_the_page(client, places):
    token = token_of(places[0])
    assert token not in client.get(f"/report?page=/online_call/offers/{token}").text
