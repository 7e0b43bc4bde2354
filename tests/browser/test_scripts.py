"""What the scripts add; everything works without them, and other tests go without."""

import pytest

from tests.builders import an_administrator


@pytest.fixture
def page(live_server, browser):
    """A page that remembers what its scripts complain about."""
    context = browser.new_context(base_url=live_server.url)
    shown = context.new_page()
    shown.set_default_timeout(8000)
    complaints: list[str] = []
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    shown.on("console", lambda message: complaints.append(message.text) if message.type == "error" and "status of 422" not in message.text else None)
    yield shown
    context.close()
    assert complaints == []


def test_the_characters_left_are_counted_and_too_many_are_said(page):
    page.goto("/report")
    page.fill("#f-what", "x" * 1990)
    page.wait_for_selector("#f-what-count:text-is('Characters left: 10')")
    page.fill("#f-what", "x" * 2001)
    page.wait_for_selector("#f-what-count:text-is('Characters too many: 1')")


def test_a_long_table_is_filtered_and_accents_do_not_matter(page):
    page.goto("/components")
    page.fill("input[type=search]", "CLÓSED")
    assert page.locator("table[data-filter] tbody tr:visible").count() == 1
    assert page.inner_text("input[type=search] + [role=status]") == "1 / 2"


def test_the_error_summary_takes_the_focus_and_leads_into_the_field(app, page):
    an_administrator()
    page.goto("/report")
    page.click("text=Send the report")
    assert page.evaluate("document.activeElement.id") == "errors"
    page.click("#errors a")
    assert page.evaluate("document.activeElement.id") == "f-what"


def test_enter_in_a_field_sends_the_form_and_keeps_the_language(app, page):
    an_administrator()
    page.goto("/report")
    page.fill("#f-what", "The table is cut.")
    page.press("#f-address", "Enter")
    page.wait_for_selector("#done")
    assert page.evaluate("document.documentElement.lang") == "en"


def test_a_deed_that_asks_first_is_opened_and_closed_by_keyboard(page):
    page.goto("/components")
    page.focus("details.sure summary")
    page.keyboard.press("Enter")
    assert page.is_visible("details.sure form button")
    page.keyboard.press("Escape")
    assert not page.is_visible("details.sure form button")


def test_leaving_with_a_text_typed_is_asked_about_and_sending_it_is_not(app, page):
    an_administrator()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/report")
    page.fill("#f-what", "Half a sent")
    page.goto("/privacy")
    assert asked == ["beforeunload"]
    page.goto("/report")
    page.fill("#f-what", "A whole sentence.")
    page.click("text=Send the report")
    page.wait_for_selector("#done")
    assert asked == ["beforeunload"]


def test_the_first_view_is_light(page):
    weights = []
    page.on("response", lambda answer: weights.append(len(answer.body())))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert len(weights) <= 8
    assert sum(weights) <= 100_000
