"""A draft in a real browser: questions that come and go by keyboard, and two devices that lose nothing."""

import pytest

from inspire_lms.kernel.db import session
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.applying import actions
from inspire_lms.plugins.online_call.models import Application
from tests.ground.browsers import overflow
from tests.plugins.online_call.builders import BRANCHED, OPEN, a_branching_form, a_call, a_draft

pytestmark = pytest.mark.usefixtures("app")


def stored(application_id):
    session.rollback()
    return session.get(Application, application_id)


@pytest.fixture
def draft(app, live_server):
    live_server.at = OPEN
    return a_draft(a_call(form=a_branching_form()), **BRANCHED)


def test_a_question_comes_and_goes_by_keyboard_is_said_and_loses_nothing_that_was_typed(page, sign_in_as, draft):
    number = draft.id
    sign_in_as(page, session.get(Person, draft.person_id))
    page.goto(f"/online_call/applications/{number}/write/work")
    which = page.get_by_label("The which")
    assert not which.is_visible()
    page.focus("input[name=body][value=state]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.inner_text("[data-asked]") == "Asked now as well: The which"
    page.keyboard.press("Tab")
    page.keyboard.type("A park")
    page.focus("input[name=body][value=other]")
    page.keyboard.press("ArrowUp")
    assert (page.inner_text("[data-asked]"), which.is_visible()) == ("Not asked any more: The which", False)
    page.keyboard.press("ArrowDown")
    assert which.input_value() == "A park"
    page.get_by_text("Saved at 10:00:00.").wait_for()
    assert {code: stored(number).answers[code] for code in ("body", "which")} == {"body": "other", "which": "A park"}


def test_a_day_is_saved_as_one_types_when_it_is_whole(page, sign_in_as, draft):
    number = draft.id
    sign_in_as(page, session.get(Person, draft.person_id))
    page.goto(f"/online_call/applications/{number}/write/work")
    page.fill("input[name=since_day]", "")
    page.get_by_label("The administration").fill("Comune")
    page.get_by_text("Saved at 10:00:00.").wait_for()
    assert stored(number).answers["since"] == "2019-03-01"
    with page.expect_response(lambda answer: "/save/" in answer.url and answer.status == 200):
        page.fill("input[name=since_day]", "9")
    assert stored(number).answers["since"] == "2019-03-09"


def test_a_save_on_its_way_is_not_taken_for_another_devices_when_the_button_is_pressed(page, sign_in_as, draft):
    number = draft.id
    sign_in_as(page, session.get(Person, draft.person_id))
    page.add_init_script("const real = fetch; window.fetch = (...all) => real(...all).then((answer) => new Promise((done) => setTimeout(done, 800, answer)))")
    page.goto(f"/online_call/applications/{number}/write/motivation")
    with page.expect_response("**/save/**"):
        page.get_by_label("The challenge").fill("Typed first")
    page.get_by_label("The challenge").fill("Typed first, and more.")
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/check")
    assert stored(number).answers["challenge"] == "Typed first, and more."


def test_what_another_device_has_changed_is_not_written_over_and_both_are_shown(page, sign_in_as, draft, axe):
    number, by = draft.id, draft.person_id
    sign_in_as(page, session.get(Person, by))
    page.goto(f"/online_call/applications/{number}/write/motivation")
    page.get_by_label("The adjustments").fill("Captions")
    page.get_by_text("Saved at 10:00:00.").wait_for()
    actions.save(number, {"challenge": "From the desk."}, by=by)
    page.get_by_label("The challenge").fill("From the train.")
    page.get_by_text("Press “Save and continue” to see both.").wait_for()
    assert stored(number).answers["challenge"] == "From the desk."
    # The connection breaks: after loading the page again what was typed here is still there, and still in dispute.
    with page.expect_response(lambda answer: "/save/" in answer.url and answer.status == 409):
        page.reload()
    assert page.get_by_label("The challenge").input_value() == "From the train."
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("heading", name="Changed on another device in the meantime").wait_for()
    assert (page.get_by_text("From the desk.").is_visible(), page.get_by_text("From the train.").is_visible()) == (True, True)
    assert axe(page) == []
    page.set_viewport_size({"width": 360, "height": 800})
    assert overflow(page) == 0
    page.get_by_label("Keep what is written here").press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check")
    assert {code: stored(number).answers[code] for code in ("challenge", "adjustments")} == {"challenge": "From the train.", "adjustments": "Captions"}
