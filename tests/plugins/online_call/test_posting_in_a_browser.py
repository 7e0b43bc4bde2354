"""The pages of letters in a real browser: readable for everybody, and released from the keyboard without scripts."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.offering import leaving, publishing
from inspire_lms.plugins.online_call.posting import actions
from inspire_lms.plugins.online_call.posting.models import Letter
from tests.ground.browsers import overflow
from tests.plugins.online_call.builders import PUBLISHED, a_call, an_announcement, judged

pytestmark = pytest.mark.usefixtures("app")
LATER = PUBLISHED + timedelta(hours=1)


def an_evening(language):
    """Greek and English letters wait, one of them rewritten, and one has become untrue. Gives coordinator, room and a letter."""
    call = a_call("GR", seats=2, messages=(an_announcement(),))
    ids, coordinator = judged(call, [90, 85, 80, 70, 60, 20])
    with transaction():
        people = [session.get_one(Application, each).person_id for each in ids]
        session.execute(update(Person).where(Person.id.in_(people[::2])).values(language="el"))
        session.execute(update(Person).where(Person.id == coordinator.id).values(language=language))
    with clock.frozen(PUBLISHED):
        actions.let_wait(call.id, is_closed=True, by=coordinator.id)
        publishing.publish(call.id, by=coordinator.id)
        leaving.withdraw(ids[4], by=people[4])
    waiting = select(Letter.mail_id).join(Mail).where(Letter.kind == "reserve", Mail.to_person == people[2])
    number, text = session.scalars(waiting).one(), "Πρώτη παράγραφος.\n\nΔεύτερη παράγραφος."
    with clock.frozen(LATER):
        actions.rewrite(number, subject="Είστε στον πίνακα επιλαχόντων", greeting="Αγαπητή κυρία,", text=text, by=coordinator.id)
    return session.get(Person, coordinator.id), f"/online_call/rooms/{call.cohort_id}/outbox", number


@pytest.mark.parametrize(("width", "language"), [(360, "el"), (1280, "en")])
def test_the_pages_of_letters_can_be_read_by_everybody(open_page, live_server, sign_in_as, axe, width, language):
    live_server.at = LATER
    coordinator, here, number = an_evening(language)
    letter = f"/online_call/outbox/{number}"
    page = open_page(width=width, language=language)
    sign_in_as(page, coordinator)
    for address in (here, f"{here}/letters?kind=reserve", letter, f"{letter}/rewrite", f"{here}/paragraph/reserve", f"{here}/release"):
        page.goto(address)
        for each in page.locator("details summary").all():
            each.click()
        assert (address, axe(page), overflow(page)) == (address, [], 0)


def test_what_waits_is_released_from_the_keyboard_without_scripts(open_page, live_server, sign_in_as):
    live_server.at = LATER
    coordinator, here, _number = an_evening("en")
    page = open_page(scripts=False)
    sign_in_as(page, coordinator)
    page.goto(here)
    page.get_by_role("link", name="See what goes, then release").press("Enter")
    page.get_by_role("button", name="Send 3 letters to 3 people now").press("Enter")
    assert page.get_by_text("3 letters are released.").is_visible()
    assert page.get_by_role("heading", level=1).inner_text() == "Letters to applicants"
