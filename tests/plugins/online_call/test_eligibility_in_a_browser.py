"""Mending and deciding by two in a real browser: readable for everybody, and mended on a phone without scripts."""

import pytest

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.judging import deciding
from inspire_lms.plugins.online_call.looking import actions as looking
from inspire_lms.plugins.online_call.mending import asking
from inspire_lms.plugins.online_call.mending import queries as mendings
from inspire_lms.plugins.online_call.overriding import queries as overrides
from tests.builders import staff
from tests.ground.browsers import overflow
from tests.plugins.online_call.builders import CLOSED, PDF, a_call, a_mendable_form, an_application, committee

pytestmark = pytest.mark.usefixtures("app")


def a_room_with_both():
    """A call in which one application is being mended and a decision on another waits for a second person."""
    call = a_call(form=a_mendable_form())
    coordinator, second = committee(call)[2], staff(call.cohort, "coordinator")
    mended, other = an_application(call, employed="no"), an_application(call)
    with clock.frozen(CLOSED):
        asking.ask(mended.id, ["employed", "authorisation"], "The authorisation cannot be read.", by=coordinator.id)
        deciding.decide(other.id, is_eligible=False, note="The letter is not signed.", by=coordinator.id)
        looking.looked(mended, by=coordinator.id)
    return call, mended, other, coordinator, second


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_mending_and_of_deciding_by_two_can_be_read_by_everybody(open_page, live_server, sign_in_as, axe, width):
    live_server.at = CLOSED
    call, mended, other, coordinator, second = a_room_with_both()
    applicant, own = session.get(Person, mended.person_id), f"/online_call/applications/{mended.id}"
    room, free = f"/online_call/rooms/{call.cohort_id}", an_application(call).id
    override = f"/online_call/overrides/{overrides.open_one(other.id).id}"
    shown = {
        applicant: (own, f"{own}/mend"),
        coordinator: (room, f"{room}/mendings", f"{room}/overrides", f"/online_call/files/{mended.id}", f"/online_call/files/{free}/mend", override),
        second: (override, f"/online_call/files/{other.id}"),
    }
    for person, addresses in shown.items():
        page = open_page(width=width)
        sign_in_as(page, person)
        for address in addresses:
            page.goto(address)
            assert (axe(page), overflow(page)) == ([], 0), address


def test_an_application_is_mended_on_a_phone_without_scripts(open_page, live_server, sign_in_as):
    live_server.at = CLOSED
    _call, mended, *_rest = a_room_with_both()
    number = mended.id
    page = open_page(width=360, scripts=False)
    sign_in_as(page, session.get(Person, mended.person_id))
    page.goto("/")
    page.get_by_role("link", name="See what is asked for").click()
    page.get_by_label("Yes", exact=True).check()
    page.locator("input[type=file]").set_input_files({"name": "signed.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_role("button", name="Submit once").click()
    page.get_by_text("Your application is mended.").wait_for()
    session.rollback()
    assert mendings.mending_of(number).mended_at == CLOSED
