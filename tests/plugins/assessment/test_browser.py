"""An attempt in a real browser: saving as one goes, without a connection, on two devices, with the keyboard, without scripts."""

from datetime import timedelta

import pytest

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.plugins.assessment.attempt import queries
from inspire_lms.plugins.assessment.models import Attempt
from tests.builders import a_trainee
from tests.plugins.assessment.builders import NOW, a_course, start

SHOWN = "[data-question]:not([hidden])"
the_essay = pytest.mark.parametrize("sitting", ["essay"], indirect=True)


@pytest.fixture
def sitting(request, app, live_server, sign_in_as):
    """Somebody in an attempt, of the final test unless another is asked for, and a way to open it in a page."""
    live_server.at = NOW + timedelta(minutes=1)
    course = a_course()
    person = a_trainee(course.cohort, language="en")
    attempt_id = start(course, person.id, getattr(request, "param", "final-test"))

    def open_attempt(page, position=1):
        page.goto("/health")
        sign_in_as(page, person)
        page.goto(f"/assessment/attempt/{attempt_id}/{position}")
        return page

    open_attempt.id = attempt_id
    open_attempt.place = next(each.position for each in queries.asked(attempt_id) if each.kind != "true_false" and len(each.content.get("choices", "abc")) > 2)
    return open_attempt


def answer(page):
    """Answer the question that is shown, whatever its kind."""
    here = page.locator(SHOWN)
    if here.locator("select").count():
        here.locator("select").first.select_option(index=1)
    elif here.locator("[type=radio], [type=checkbox]").count():
        here.locator("[type=radio], [type=checkbox]").first.check()
    else:
        here.locator("[name=answer]").fill("12")


def choose(page, which):
    """Give one of several answers to the question that is shown; the last one when there are fewer."""
    here = page.locator(SHOWN)
    if here.locator("select").count():
        here.locator("select").first.select_option(index=which + 1)
    elif here.locator("[type=radio], [type=checkbox]").count():
        here.locator("[type=radio], [type=checkbox]").nth(which).check()
    else:
        here.locator("[name=answer]").fill(str(which + 10))


def shown_answer(page):
    return page.locator(SHOWN).locator("form").evaluate("form => new FormData(form).getAll('answer')")


def stored(attempt_id):
    session.rollback()
    return [each.answer for each in queries.asked(attempt_id)]


def settled(page):
    page.locator("p[data-state]", has_text="Saved at").wait_for()


def test_each_change_is_saved_at_once_and_the_page_says_when(sitting, page):
    sitting(page)
    answer(page)
    settled(page)
    assert stored(sitting.id)[0]
    assert page.inner_text("p[data-state]") == "Saved at 12:01:00."
    page.click("[data-forward]")
    assert page.inner_text("h1") == "Question 2 of 4"
    assert page.url.endswith("/2")
    assert "answered" in page.locator(".qnav a").first.get_attribute("aria-label")
    page.go_back()
    assert page.inner_text("h1") == "Question 1 of 4"


def test_without_a_connection_one_goes_on_and_everything_is_sent_afterwards(sitting, page):
    sitting(page)
    page.context.set_offline(True)
    for _ in range(3):
        answer(page)
        page.click("[data-forward]")
    page.wait_for_selector("#offline:not([hidden])")
    assert "Only on this device: 3" in page.inner_text("#offline")
    assert stored(sitting.id) == [None] * 4
    page.click("[data-leave]")
    assert page.inner_text("h1") == "Question 4 of 4"
    page.context.set_offline(False)
    settled(page)
    assert [bool(each) for each in stored(sitting.id)] == [True, True, True, False]
    assert not page.is_visible("#offline")


def test_answers_that_were_not_sent_are_there_after_loading_the_page_again(sitting, page):
    sitting(page)
    page.route("**/attempt/*/1", lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    answer(page)
    page.wait_for_selector("#offline:not([hidden])")
    page.unroute("**/attempt/*/1")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    settled(page)
    assert stored(sitting.id)[0]


def test_who_was_signed_out_loses_nothing(sitting, page):
    sitting(page)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    answer(page)
    page.locator("p[data-state]", has_text="You have been signed out").wait_for()
    assert stored(sitting.id)[0] is None
    page.context.add_cookies(cookies)
    page.evaluate("dispatchEvent(new Event('online'))")
    settled(page)
    assert stored(sitting.id)[0]


def test_the_latest_of_two_devices_wins_and_is_told(sitting, page, phone):
    sitting(page)
    sitting(phone)
    answer(page)
    settled(page)
    answer(phone)
    phone.locator("p[data-state]", has_text="Another device").wait_for()
    assert stored(sitting.id)[0]


@pytest.fixture(params=["the page is loaded again", "the connection is back"])
def two_answers(request, sitting, page, phone, live_server):
    """On the phone, without a connection, one answer; a moment later another one from the desk; gives the latter."""
    sitting(phone, sitting.place)
    choose(phone, 0)
    settled(phone)
    phone.route("**/attempt/*/*", lambda route: route.abort())
    choose(phone, 1)
    phone.wait_for_selector("#offline:not([hidden])")
    live_server.at += timedelta(minutes=1)
    sitting(page, sitting.place)
    choose(page, 2)
    settled(page)
    phone.unroute("**/attempt/*/*")
    phone.on("dialog", lambda dialog: dialog.accept())
    live_server.at += timedelta(minutes=1)
    if request.param == "the connection is back":
        phone.evaluate("dispatchEvent(new Event('online'))")
    else:
        phone.reload()
    phone.wait_for_selector("#two:not([hidden])")
    assert phone.is_hidden("#offline")
    assert "Saved at" in phone.inner_text("p[data-state]")
    assert f"There are two answers to question {sitting.place}" in phone.inner_text("#two")
    return stored(sitting.id)[sitting.place - 1]


def test_an_old_answer_that_waited_does_not_win_over_a_newer_one(sitting, phone, axe, two_answers):
    assert shown_answer(phone) == two_answers
    assert axe(phone) == []
    phone.reload()
    phone.get_by_role("button", name="Keep the saved answer").click()
    assert phone.is_hidden("#two")
    phone.reload()
    assert phone.is_hidden("#two")
    assert stored(sitting.id)[sitting.place - 1] == two_answers


def test_the_old_answer_counts_once_the_person_says_so(sitting, phone, two_answers):
    phone.get_by_role("button", name="Use the answer of this device").click()
    settled(phone)
    assert phone.is_hidden("#two")
    now = stored(sitting.id)[sitting.place - 1]
    assert now
    assert now != two_answers
    assert shown_answer(phone) == now


def test_nobody_hands_in_before_choosing_between_two_answers(sitting, phone, two_answers):
    phone.click("[data-leave]")
    phone.locator("#two [data-choose=own]:focus").wait_for()
    assert not phone.url.endswith("/check")
    phone.get_by_role("button", name="Keep the saved answer").click()
    phone.click("[data-leave]")
    phone.wait_for_url("**/check")
    assert stored(sitting.id)[sitting.place - 1] == two_answers


def test_choosing_another_answer_takes_nothing_from_the_one_set_aside(sitting, phone, two_answers):
    choose(phone, 0)
    settled(phone)
    assert phone.is_visible("#two")
    assert stored(sitting.id)[sitting.place - 1] != two_answers


@the_essay
def test_what_is_written_after_a_short_interruption_stays_and_counts(sitting, page, phone, live_server):
    sitting(phone)
    for event in ("offline", "online"):
        phone.evaluate(f"dispatchEvent(new Event('{event}'))")
    live_server.at += timedelta(minutes=1)
    sitting(page)
    page.locator(SHOWN).locator("[name=answer]").fill("77")
    settled(page)
    live_server.at += timedelta(minutes=1)
    field = phone.locator(SHOWN).locator("[name=answer]")
    field.click()
    phone.keyboard.type("123")
    phone.locator("p[data-state]", has_text="Another device").wait_for()
    phone.keyboard.type("4")
    phone.locator("p[data-state].ok").wait_for()
    assert (field.input_value(), stored(sitting.id)) == ("1234", [["1234"]])


@the_essay
def test_what_is_being_written_is_not_replaced_under_the_hand(sitting, page, phone, live_server):
    sitting(phone)
    phone.route("**/attempt/*/*", lambda route: route.abort())
    field = phone.locator(SHOWN).locator("[name=answer]")
    field.fill("12")
    phone.wait_for_selector("#offline:not([hidden])")
    live_server.at += timedelta(minutes=1)
    sitting(page)
    page.locator(SHOWN).locator("[name=answer]").fill("77")
    settled(page)
    phone.unroute("**/attempt/*/*")
    field.click()
    phone.keyboard.press("End")
    phone.keyboard.type("3")
    with phone.expect_response("**/attempt/*/*"):
        phone.evaluate("dispatchEvent(new Event('online'))")
    phone.keyboard.type("4")
    assert field.input_value() == "1234"
    assert stored(sitting.id) == [["77"]]
    phone.wait_for_selector("#two:not([hidden])", timeout=20_000)
    assert "1234" in phone.inner_text("#two")
    assert field.input_value() == "77"
    heading = phone.inner_text("h1")
    phone.click("[data-forward]")
    phone.locator("#two [data-choose=own]:focus").wait_for()
    assert phone.inner_text("h1") == heading


def test_what_waited_while_one_was_signed_out_does_not_win_either(sitting, page, phone, live_server):
    sitting(phone, sitting.place)
    choose(phone, 0)
    settled(phone)
    cookies = phone.context.cookies()
    phone.context.clear_cookies()
    choose(phone, 1)
    phone.locator("p[data-state]", has_text="You have been signed out").wait_for()
    live_server.at += timedelta(minutes=1)
    sitting(page, sitting.place)
    choose(page, 2)
    settled(page)
    newer = stored(sitting.id)[sitting.place - 1]
    phone.context.add_cookies(cookies)
    phone.evaluate("dispatchEvent(new Event('online'))")
    phone.wait_for_selector("#two:not([hidden])")
    assert stored(sitting.id)[sitting.place - 1] == newer


def test_however_much_is_changed_without_a_connection_it_is_tried_again_once_at_a_time(sitting, phone):
    sitting(phone)
    asked = []
    phone.route("**/attempt/*/*", lambda route: (asked.append(route.request.method), route.abort()))
    for which in (0, 1, 0, 1, 0):
        choose(phone, which)
        phone.wait_for_timeout(800)
    asked.clear()
    phone.wait_for_timeout(9000)
    assert len(asked) <= 2


def test_going_on_right_after_writing_waits_for_the_answer_on_its_way(sitting, page):
    place = len(stored(sitting.id))
    sitting(page, place)
    page.route("**/attempt/*/*", lambda route: (page.wait_for_timeout(300), route.continue_()) if route.request.method == "POST" else route.fallback())
    answer(page)
    page.click("[data-forward]")
    page.wait_for_url("**/check")
    assert stored(sitting.id)[place - 1]


def test_an_answer_whose_confirmation_was_lost_is_no_second_answer(sitting, phone):
    sitting(phone)
    choose(phone, 0)
    settled(phone)
    phone.route("**/attempt/*/1", lambda route: (route.fetch(), route.abort()) if route.request.method == "POST" else route.fallback())
    choose(phone, 1)
    phone.wait_for_selector("#offline:not([hidden])")
    phone.unroute("**/attempt/*/1")
    phone.on("dialog", lambda dialog: dialog.accept())
    phone.reload()
    settled(phone)
    assert phone.is_hidden("#two")
    assert shown_answer(phone) == stored(sitting.id)[0]


def test_the_time_left_is_told_by_the_minute(sitting, page):
    sitting(page)
    assert page.inner_text("strong[data-left]") == "Time left: 29 min"


def test_when_the_time_is_over_the_page_leads_to_the_receipt(sitting, page, live_server):
    sitting(page)
    answer(page)
    settled(page)
    live_server.at = NOW + timedelta(minutes=31)
    with clock.frozen(live_server.at):
        page.goto(page.url)
    assert page.url.endswith("/receipt")
    session.rollback()
    assert session.get_one(Attempt, sitting.id).by_itself


def test_a_question_is_marked_and_found_again(sitting, page):
    sitting(page)
    page.check("#flagged")
    settled(page)
    page.click("[data-forward]")
    assert not page.is_checked("#flagged")
    assert "flag" in page.locator(".qnav a").first.get_attribute("class")
    page.locator(".qnav a").first.click()
    assert page.is_checked("#flagged")
    session.rollback()
    assert queries.asked(sitting.id)[0].flagged


def test_without_scripts_each_button_saves_and_leads_on(sitting, open_page):
    page = sitting(open_page(scripts=False))
    for position in (1, 2, 3, 4):
        assert page.inner_text("h1") == f"Question {position} of 4"
        answer(page)
        page.click("[data-forward]")
    assert page.url.endswith("/check")
    assert all(stored(sitting.id))
    page.get_by_role("button", name="Hand in").click()
    assert page.inner_text("h1") == "Handed in"


@pytest.mark.parametrize("width", [360, 1280])
def test_nobody_is_kept_out(sitting, open_page, axe, width):
    page = sitting(open_page(width=width))
    for position in (1, 2, 3, 4):
        page.locator(".qnav a").nth(position - 1).click()
        assert axe(page) == []
        assert page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth") == 0
