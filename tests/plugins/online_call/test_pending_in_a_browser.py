"""What waits, and the pages before deeds about many, in a real browser: readable for everybody, and done on a phone by keyboard."""

from datetime import timedelta

import pytest

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.judging import deciding
from inspire_lms.plugins.online_call.mending import asking
from inspire_lms.plugins.online_call.models import Application
from tests.builders import a_person, staff
from tests.ground.browsers import broken_words, overflow
from tests.plugins.online_call.builders import CLOSED, a_call, a_mendable_form, an_application, committee, decided, judged

pytestmark = pytest.mark.usefixtures("app")


def a_busy_room():
    """Everything at once in one country: undecided, proposed, mended and evaluated applications."""
    call = a_call(form=a_mendable_form())
    coordinator = committee(call)[2]
    staff(call.cohort, "coordinator", given_name="Θεοδώρα", family_name="Παπαναστασοπούλου-Χατζηδημητρίου")
    clear, _other, proposed, mended, eligible = (
        an_application(call, a_person(given_name="Ștefania-Alexandrina", family_name=f"Țurcanu-Constantinescu {each}")) for each in "ABCDE"
    )
    decided(eligible, coordinator)
    with clock.frozen(CLOSED):
        deciding.decide(proposed.id, is_eligible=False, note="Not signed.", by=coordinator.id)
        asking.ask(mended.id, ["authorisation"], "It cannot be read.", by=coordinator.id)
    return call, coordinator, clear.id


@pytest.mark.parametrize(("width", "language"), [(360, "el"), (1280, "ro")])
def test_what_waits_and_what_would_be_done_can_be_read_by_everybody(open_page, live_server, sign_in_as, axe, width, language):
    live_server.at = CLOSED + timedelta(days=20)
    call, coordinator, _clear = a_busy_room()
    ranked = a_call("RO", seats=1, appeal_days=5)
    chief = judged(ranked, [90, 80, 40])[1]
    room, other = f"/online_call/rooms/{call.cohort_id}", f"/online_call/rooms/{ranked.cohort_id}"
    shown = {
        coordinator: (room, f"{room}/waiting", f"{room}/waiting/evaluations", f"{room}/waiting/evaluators", f"{room}/confirm", f"{room}/waiting/remind"),
        chief: (f"{other}/publish", f"{other}/publish-provisionally"),
    }
    for person, addresses in shown.items():
        page = open_page(width=width)
        sign_in_as(page, person)
        for address in addresses:
            page.goto(f"{address}?language={language}")
            assert (axe(page), overflow(page), broken_words(page)) == ([], 0, []), address


def test_many_are_confirmed_on_a_phone_by_keyboard_and_without_scripts(open_page, live_server, sign_in_as):
    live_server.at = CLOSED
    call, coordinator, clear = a_busy_room()
    page = open_page(width=360, scripts=False)
    sign_in_as(page, coordinator)
    page.goto(f"/online_call/rooms/{call.cohort_id}/applications?state=submitted")
    page.get_by_role("link", name="Confirm all that meet every condition").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="2 applications would take part").wait_for()
    page.get_by_role("button", name="Confirm 2 applications").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Applications confirmed: 2.").wait_for()
    session.rollback()
    assert session.get(Application, clear).state == "eligible"
