"""The pages of letters: read before they go, changed, released in the number that was shown; nobody else's country."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from inspire_lms.contracts.pages import CohortTasks
from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.mailing import refused
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call import answers
from inspire_lms.plugins.online_call.looking.models import Look
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.offering import publishing
from inspire_lms.plugins.online_call.posting import actions
from inspire_lms.plugins.online_call.posting.models import Letter
from tests.builders import staff
from tests.plugins.online_call.builders import (
    CLOSED,
    OPEN,
    PUBLISHED,
    a_call,
    a_draft,
    a_selection,
    an_announcement,
    an_application,
    committee,
    judged,
)

pytestmark = pytest.mark.usefixtures("app")
LATER = PUBLISHED + timedelta(hours=1)


@pytest.fixture
def evening(client, sign_in_as):
    """A coordinator on the evening before: a Greek and an English reserve letter wait; an offer is gone."""
    call = a_call(seats=1)
    ids, coordinator = judged(call, [90, 80, 70])
    with transaction():
        person_id = session.get_one(Application, ids[1]).person_id
        session.execute(update(Person).where(Person.id == person_id).values(language="el"))
    with clock.frozen(PUBLISHED):
        actions.let_wait(call.id, is_closed=True, by=coordinator.id)
        publishing.publish(call.id, by=coordinator.id)
    sign_in_as(client, coordinator)
    here = f"/online_call/rooms/{call.cohort_id}/outbox"
    mails = {each.language: each.id for each in session.scalars(select(Mail).where(Mail.state == "held"))}
    offer = session.scalars(select(Letter.mail_id).where(Letter.kind == "offer")).one()
    with clock.frozen(LATER):
        yield {"here": here, "call": call.id, "cohort": call.cohort_id, "by": coordinator, "mails": mails, "offer": offer}


def shown(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.text


def hidden(text):
    """What the button of the release sends along."""
    return dict(re.findall(r'<input type="hidden" name="(number|seal|kind|spoken|letter)" value="([^"]*)"', text))


def test_she_reads_corrects_adds_a_sentence_and_releases_exactly_what_she_saw(client, evening):
    here, greek = evening["here"], evening["mails"]["el"]
    text = shown(client, here)
    assert "2 letters wait to be released" in text
    assert "Goes at once: It names a time that runs from the moment at which it goes out." in text
    assert re.findall(r'href="/online_call/outbox/(\d+)"', shown(client, f"{here}/letters?kind=reserve&spoken=el")) == [str(greek)]
    assert client.post(f"/online_call/outbox/{greek}/rewrite", data={"subject": "Θέμα", "greeting": "Αγαπητή κυρία,", "text": ""}).status_code == 422
    answer = client.post(f"/online_call/outbox/{greek}/rewrite", data={"subject": "Θέμα", "greeting": "Αγαπητή κυρία,", "text": "Πρώτο.\n\nΔεύτερο."})
    assert (answer.status_code, answer.location) == (303, f"/online_call/outbox/{greek}")
    paragraph = f"{here}/paragraph/reserve"
    assert "2 letters wait now and get it when they are released." in shown(client, paragraph)
    assert client.post(paragraph, data={"en": "One more thing.", "el": ""}).status_code == 422
    assert client.post(paragraph, data={"en": "One more thing.", "el": "Κάτι ακόμη."}).status_code == 303
    letter = shown(client, f"/online_call/outbox/{greek}")
    assert ["Αγαπητή κυρία," in letter, "Κάτι ακόμη." in letter, "As it was written at first" in letter] == [True] * 3
    preview = shown(client, f"{here}/release")
    assert "Send 2 letters to 2 people now" in preview
    confirmed = hidden(preview)
    again = client.post(f"{here}/release", data=confirmed | {"number": "3"})
    assert (again.status_code, "2 letters wait now. Nothing was sent." in again.text) == (409, True)
    assert client.post(f"{here}/release", data=confirmed).status_code == 303
    assert client.post(f"{here}/release", data=confirmed).status_code == 409
    sent = session.scalars(select(Mail).join(Letter).where(Letter.kind == "reserve").order_by(Mail.language)).all()
    assert [(each.language, each.state, "Κάτι ακόμη." in each.html, "One more thing." in each.html) for each in sent] == [
        ("el", "kept", True, False), ("en", "kept", False, True),
    ]  # fmt: skip
    assert shown(client, f"/online_call/outbox/{greek}/rewrite", 404)


def test_one_letter_is_released_alone(client, evening):
    here, number = evening["here"], evening["mails"]["en"]
    confirmed = hidden(shown(client, f"{here}/release?letter={number}"))
    assert (confirmed["number"], confirmed["letter"]) == ("1", str(number))
    assert client.post(f"{here}/release", data=confirmed).status_code == 303
    assert [session.get(Mail, each).state for each in (number, evening["mails"]["el"])] == ["kept", "held"]


def test_the_switch_says_who_moved_it_and_when(client, evening):
    here = evening["here"]
    assert evening["by"].given_name in shown(client, here)
    assert client.post(f"{here}/waiting", data={"wait": "no"}).status_code == 303
    text = shown(client, here)
    assert ["Letters go at once" in text, "Let letters wait until I release them" in text] == [True, True]
    assert client.post(f"{here}/waiting", data={"wait": "yes"}).status_code == 303


def test_links_that_let_in_are_not_shown_and_a_look_is_kept(client, evening):
    offer = session.get(Mail, evening["offer"])
    token = re.search(r"/offers/([\w.~%=-]+)", offer.text)[1]
    text = shown(client, f"/online_call/outbox/{offer.id}")
    assert ["/offers/…" in text, token in text] == [True, False]
    [look] = audit.about(("kernel_mail", offer.id))
    assert (look.did, look.by_id, look.about_id, look.cohort_id) == ("online_call.looked", evening["by"].id, offer.to_person, evening["cohort"])
    assert session.scalars(select(Look)).all() == []


def test_reading_a_receipt_is_a_look_at_the_application(client, sign_in_as):
    call = a_call()
    application, coordinator = an_application(call), committee(call)[2]
    sign_in_as(client, coordinator)
    receipt = session.scalars(select(Letter.mail_id).where(Letter.kind == "receipt")).one()
    shown(client, f"/online_call/outbox/{receipt}")
    assert [(each.application_id, each.by_id, each.saw_answers) for each in session.scalars(select(Look))] == [(application.id, coordinator.id, True)]


def test_nobody_of_another_country_and_no_evaluator_sees_or_sends_anything(client, sign_in_as, evening):
    here, greek = evening["here"], evening["mails"]["el"]
    other = staff(a_call("GR").cohort, "coordinator")
    sign_in_as(client, other)
    reads = [here, f"{here}/letters", f"{here}/release", f"{here}/paragraph/reserve", f"/online_call/outbox/{greek}", f"/online_call/outbox/{greek}/rewrite"]
    writes = [f"{here}/waiting", f"{here}/release", f"{here}/paragraph/reserve", f"/online_call/outbox/{greek}/rewrite", f"/online_call/outbox/{greek}/again"]
    assert {client.get(each).status_code for each in reads} | {client.post(each).status_code for each in writes} == {404}
    sign_in_as(client, committee(session.get_one(Letter, greek).call)[0])
    assert {client.get(each).status_code for each in reads} | {client.post(each).status_code for each in writes} == {403}
    assert session.get(Mail, greek).state == "held"


@pytest.mark.parametrize("kind", ["offer", "receipt", "birthday"])
def test_a_letter_that_goes_at_once_gets_no_paragraph(client, evening, kind):
    assert client.get(f"{evening['here']}/paragraph/{kind}").status_code == 404


def test_a_letter_that_was_refused_is_sent_again(client, evening):
    number = evening["offer"]
    with transaction():
        session.execute(update(Mail).where(Mail.id == number).values(state="failed", error="550 no such mailbox"))
    assert "550 no such mailbox" in shown(client, f"/online_call/outbox/{number}")
    assert client.post(f"/online_call/outbox/{number}/again").status_code == 303
    session.rollback()
    assert (session.get(Mail, number).state, audit.about(("kernel_mail", number))[-1].did) == ("kept", "mail.sent-again")


def test_a_letter_to_a_refused_address_says_until_when_the_offer_runs_and_is_not_sent_again_before_it_is_cleared(client, evening):
    number, room = evening["offer"], evening["here"].removesuffix("/outbox")
    address = session.get(Mail, number).address
    with transaction():
        session.execute(update(Mail).where(Mail.id == number).values(state="refused", error="550 5.1.1 no such mailbox", sent_at=None))
        refused.refuse(address, "550 5.1.1 no such mailbox", number)
    assert "1 letter could not be sent" in shown(client, room)
    listed = shown(client, f"{evening['here']}/letters?state=failed")
    assert "Address refused" in listed
    assert "The offer to this person runs until Monday 18 January 2027, 12:00 (Italian time, CET). 550 5.1.1 no such mailbox" in listed
    letter = shown(client, f"/online_call/outbox/{number}")
    assert ("Nothing is sent to this address" in letter, "Send again" in letter) == (True, False)
    assert client.post(f"/online_call/outbox/{number}/again").status_code == 409
    with transaction():
        refused.forget([address])
    assert "Send again" in shown(client, f"/online_call/outbox/{number}")
    assert client.post(f"/online_call/outbox/{number}/again").status_code == 303
    session.rollback()
    assert session.get(Mail, number).state == "kept"


def test_a_letter_whose_text_is_gone_says_so(client, evening):
    with transaction():
        session.execute(update(Mail).where(Mail.id == evening["offer"]).values(text="", html=""))
    assert "The text is no longer kept." in shown(client, f"/online_call/outbox/{evening['offer']}")
    assert client.get("/online_call/outbox/99999").status_code == 404


def test_what_waits_stands_on_the_home_page_and_in_the_room(client, evening, app):
    assert "2 letters wait to be released" in shown(client, f"/online_call/rooms/{evening['cohort']}")
    with app.test_request_context():
        [task] = answers.tasks(CohortTasks(cohort_id=evening["cohort"]))
    assert (task.heading, task.href) == ("2 letters wait to be released", evening["here"])


def test_what_is_announced_is_shown_beforehand_with_the_number_of_those_it_is_for(client, sign_in_as):
    with clock.frozen(OPEN):
        call = a_call(messages=(an_announcement(),))
        a_draft(call)
        sign_in_as(client, committee(call)[2])
        text = re.sub(r"<[^>]+>", " ", shown(client, f"/online_call/rooms/{call.cohort_id}/outbox"))
    assert "Tuesday 8 December 2026, 09:00 (Italian time, CET)" in text
    assert "It closes on Friday 11 December 2026, 12:00 (Italian time, CET)" in text
    assert re.search(r"those with a draft\s+now 1 person\s+To come", text)


def test_before_publishing_it_is_said_how_many_letters_go_in_which_languages(client, sign_in_as):
    call = a_call(seats=1)
    _ids, coordinator = judged(call, [90, 80])
    sign_in_as(client, coordinator)
    room = f"/online_call/rooms/{call.cohort_id}"
    with clock.frozen(CLOSED):
        assert "The ranking is fixed, and 2 letters go out now (English 2)." in shown(client, f"{room}/publish")
        actions.let_wait(call.id, is_closed=True, by=coordinator.id)
        assert "Offers that go out now: 1; their deadline runs. Letters that wait until you release them: 1." in shown(client, f"{room}/publish")


def test_lists_cost_the_same_however_many_letters_there_are(client, sign_in_as, statements):
    def cost(number):
        call, _applications = a_selection([90 - each for each in range(number)], seats=1)
        coordinator = committee(call)[2]
        with transaction():
            held = select(Letter.mail_id).where(Letter.call_id == call.id, Letter.kind == "reserve")
            session.execute(update(Mail).where(Mail.id.in_(held)).values(state="held", parts={"greeting": "", "lines": [], "facts": [], "button": None}))
        sign_in_as(client, coordinator)
        here, found = f"/online_call/rooms/{call.cohort_id}/outbox", []
        for address in (here, f"{here}/letters?kind=reserve", f"{here}/release"):
            client.get(address)
            with statements() as seen:
                shown(client, address)
            found.append(len(seen))
        return found

    assert cost(3) == cost(60)
