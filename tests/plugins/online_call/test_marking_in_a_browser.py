"""Marking in a real browser: levels by keyboard alone, and pages that keep nobody out."""

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.judging import reviewing
from inspire_lms.plugins.online_call.models import Review
from inspire_lms.plugins.online_call.seeing.phases import Others
from tests.ground.browsers import overflow
from tests.plugins.online_call.builders import CLOSED, a_call, an_application, committee, decided
from tests.plugins.online_call.marks import BESIDE, MOTIVATION, TRANSFER, given
from tests.plugins.online_call.test_phases import a_phase

pytestmark = pytest.mark.usefixtures("app")
REASONS = {"motivation": "Every step is there, with names and dates."}


def a_selection_under_way():
    """A call with all that marking can have; the first evaluator still has one application to mark."""
    phases = (a_phase("marking", CLOSED, hides_names=True, others=Others.AFTER_OWN),)
    call = a_call("GR", criteria=(MOTIVATION, TRANSFER, BESIDE), explains_extremes=True, phases=phases)
    one, other, coordinator = committee(call)
    first, second, third = [decided(an_application(call), coordinator) for _each in range(3)]
    for evaluator in (one, other):
        given(first, evaluator, reasons=REASONS, comment="Clear.", motivation=60, transfer=20, recommendation=7)
    given(second, other, motivation=32.5, transfer=20, recommendation=3)
    numbers = [session.scalars(select(Review.id).where(Review.application_id == each.id, Review.evaluator_id == one.id)).one() for each in (first, second, third)]
    with clock.frozen(CLOSED):
        reviewing.abstain(numbers[2], "I do not read Ladin.", by=one.id)
    return call.cohort_id, first.id, numbers, one, coordinator


def test_a_level_is_chosen_and_explained_by_keyboard_alone(page, live_server, sign_in_as):
    live_server.at = CLOSED
    _cohort, _first, (_done, number, _abstained), one, _coordinator = a_selection_under_way()
    sign_in_as(page, one)
    page.goto(f"/online_call/reviews/{number}")
    page.locator("#f-motivation").focus()
    page.keyboard.press("Space")
    for _each in range(3):
        page.keyboard.press("ArrowDown")
    assert page.get_by_role("group", name="Motivation", exact=False).get_by_label("Convincing", exact=False).is_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("All of it is shown.")
    for typed in ("20", "", "5"):
        page.keyboard.press("Tab")
        page.keyboard.type(typed)
    page.get_by_role("button", name="Keep the evaluation").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Your evaluation is kept.").wait_for()
    session.rollback()
    assert session.get_one(Review, number).total == 80


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_of_marking_keeps_anybody_out(open_page, live_server, sign_in_as, axe, width):
    live_server.at = CLOSED
    cohort, first, (done, waiting, abstained), one, coordinator = a_selection_under_way()
    pages = [
        *((one, f"/online_call/reviews{rest}") for rest in ("", f"/{done}", f"/{waiting}", f"/{abstained}")),
        (coordinator, f"/online_call/rooms/{cohort}"), (coordinator, f"/online_call/files/{first}"), (coordinator, "/online_call/gr"),
    ]  # fmt: skip
    found = []
    for person, address in pages:
        page = open_page(width=width, language="el")
        sign_in_as(page, person)
        page.goto(f"{address}?language=el")
        found += axe(page)
        if wide := overflow(page):
            found.append(f"{address} is {wide} pixels too wide")
        page.context.close()
    assert found == []
