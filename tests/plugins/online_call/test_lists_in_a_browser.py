"""The pages of provisional lists, appeals and corrections in a real browser: readable for everybody, on a phone and on a desk."""

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Refused
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.appealing.models import Appeal
from inspire_lms.plugins.online_call.correcting import actions as correcting
from inspire_lms.plugins.online_call.offering import publishing
from tests.builders import an_administrator
from tests.ground.browsers import overflow
from tests.plugins.online_call.builders import a_selection
from tests.plugins.online_call.lists import IN_PEACE, IN_TIME, a_provisional_list, an_appeal

pytestmark = pytest.mark.usefixtures("app")


def look(open_page, sign_in_as, axe, person, addresses, width):
    page = open_page(width=width)
    sign_in_as(page, person)
    for address in addresses:
        page.goto(address)
        assert (axe(page), overflow(page)) == ([], 0), address


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_a_provisional_list_and_of_appeals_can_be_read_by_everybody(open_page, live_server, sign_in_as, axe, width):
    live_server.at = IN_TIME
    call, (first, second, _third), coordinator = a_provisional_list([90, 80, 70], seats=1)
    appeal, room = an_appeal(second), f"/online_call/rooms/{call.cohort_id}"
    own = f"/online_call/applications/{first.id}"
    look(open_page, sign_in_as, axe, session.get(Person, first.person_id), (own, f"{own}/appeal", "/online_call/it"), width)
    look(open_page, sign_in_as, axe, session.get(Person, second.person_id), (f"/online_call/applications/{second.id}",), width)
    look(open_page, sign_in_as, axe, coordinator, (room, f"{room}/appeals", f"/online_call/appeals/{appeal.id}"), width)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_a_correction_can_be_read_by_everybody(open_page, live_server, sign_in_as, axe, width):
    live_server.at = IN_PEACE
    call, people = a_selection([90, 80, 70], seats=1)
    one, other = an_administrator(), an_administrator()
    room = f"/online_call/rooms/{call.cohort_id}"
    with clock.frozen(IN_PEACE):
        open_again = correcting.propose(people[1].id, "A court has decided.", by=one.id).id
        correcting.confirm(open_again, by=other.id)
        waits = correcting.propose(people[2].id, "We had added up wrongly.", by=one.id).id
    addresses = (f"/online_call/files/{people[0].id}/correct", f"/online_call/corrections/{waits}", f"{room}/correction", room)
    look(open_page, sign_in_as, axe, other, addresses, width)


def test_an_appeal_is_written_by_keyboard_on_a_phone_without_scripts(open_page, live_server, sign_in_as):
    live_server.at = IN_TIME
    call, (first, _second), coordinator = a_provisional_list([90, 80], seats=1)
    call_id = call.id
    page = open_page(width=360, scripts=False)
    sign_in_as(page, session.get(Person, first.person_id))
    page.goto(f"/online_call/applications/{first.id}")
    page.get_by_role("link", name="Write an appeal").focus()
    page.keyboard.press("Enter")
    page.get_by_label("What is wrong, and why").focus()
    page.keyboard.type("The annex was not read.")
    page.get_by_role("button", name="Send the appeal").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Your appeal has arrived.").wait_for()
    session.rollback()
    assert list(session.scalars(select(Appeal.grounds))) == ["The annex was not read."]
    with clock.frozen(IN_PEACE), pytest.raises(Refused, match="not answered: 1"):
        publishing.publish(call_id, by=coordinator.id)
