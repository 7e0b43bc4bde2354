"""The call in a real browser: saved as typed, by keyboard alone, and readable for everybody."""

import pytest
from sqlalchemy import select

from inspire_lms.kernel.db import session
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.answering import links
from inspire_lms.plugins.online_call.models import Application, Review
from inspire_lms.plugins.online_call.offering.models import Place
from tests.builders import a_person
from tests.ground.browsers import overflow
from tests.plugins.online_call.builders import (
    CLOSED,
    ISLANDS,
    OPEN,
    PDF,
    PUBLISHED,
    REGIONS,
    a_call,
    a_draft,
    a_selection,
    an_application,
    committee,
    decided,
    with_regions,
)

pytestmark = pytest.mark.usefixtures("app")


def stored(application_id):
    session.rollback()
    return session.get(Application, application_id)


def test_a_draft_is_saved_as_one_types_and_is_there_when_the_page_is_loaded_again(page, live_server, sign_in_as):
    live_server.at = OPEN
    draft = a_draft(a_call())
    number = draft.id
    sign_in_as(page, session.get(Person, draft.person_id))
    page.goto(f"/online_call/applications/{number}/write/motivation")
    page.get_by_label("The challenge", exact=False).fill("Typed, and nothing pressed.")
    page.get_by_text("Saved at 10:00:00.").wait_for()
    assert stored(number).answers["challenge"] == "Typed, and nothing pressed."
    page.reload()
    assert page.get_by_label("The challenge", exact=False).input_value() == "Typed, and nothing pressed."


def test_what_is_typed_after_the_session_has_ended_is_kept_and_sent_after_signing_in_again(page, live_server, sign_in_as):
    live_server.at = OPEN
    draft = a_draft(a_call())
    number, person = draft.id, session.get(Person, draft.person_id)
    sign_in_as(page, person)
    address = f"/online_call/applications/{number}/write/motivation"
    page.goto(address)
    page.context.clear_cookies()
    page.get_by_label("The challenge", exact=False).fill("Typed while signed out.")
    page.get_by_text("Not sent: the latest changes are only on this device.").wait_for()
    assert stored(number).answers["challenge"] == "A challenge of our own."
    # Whoever signs in again has left the page: it tries no more while the next one is loaded.
    page.goto("/sign-in")
    sign_in_as(page, person)
    with page.expect_response(lambda answer: "/save/" in answer.url and answer.status == 200):
        page.goto(address)
    assert page.get_by_label("The challenge", exact=False).input_value() == "Typed while signed out."
    assert stored(number).answers["challenge"] == "Typed while signed out."


def test_an_application_is_filled_in_and_submitted_by_keyboard_alone(page, live_server, sign_in_as):
    live_server.at = OPEN
    a_call()
    sign_in_as(page, a_person())
    page.goto("/online_call/it")

    def press_until(name):
        for _key in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("(document.activeElement.innerText || document.activeElement.name || '').trim()") == name:
                return
        raise AssertionError(name)

    press_until("Fill in the application")
    page.keyboard.press("Enter")
    page.wait_for_url("**/apply")
    press_until("Begin")
    page.keyboard.press("Enter")
    page.wait_for_url("**/write/work")
    press_until("administration")
    page.keyboard.type("Comune di Prova")
    press_until("employed")
    page.keyboard.press("Space")
    press_until("Save and continue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/write/motivation")
    press_until("challenge")
    page.keyboard.type("A challenge.")
    # The choice of a file opens a window of the system, which no test can see.
    page.set_input_files("input[name=authorisation]", {"name": "Nulla osta.pdf", "mimeType": "application/pdf", "buffer": PDF})
    press_until("declaration")
    page.keyboard.press("Space")
    press_until("Save and continue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check")
    press_until("Submit the application")
    page.keyboard.press("Enter")
    page.get_by_text("INSPIREPA-IT-2026-000001", exact=True).wait_for()
    session.rollback()
    kept = session.scalars(select(Application)).one()
    assert (kept.state, kept.answers["administration"], kept.answers["declaration"]) == ("submitted", "Comune di Prova", True)


@pytest.mark.parametrize("language", ["en", "ro"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_of_the_call_keeps_anybody_out(open_page, live_server, sign_in_as, axe, language, width):
    live_server.at = CLOSED
    call = a_call("RO", form=with_regions(), quotas=(ISLANDS, REGIONS))
    one, _other, coordinator = committee(call)
    application = decided(an_application(call, region="north"), coordinator)
    review = session.scalars(select(Review.id).where(Review.evaluator_id == one.id)).one()
    number, applicant, cohort = application.id, session.get(Person, application.person_id), call.cohort_id
    published, (offered,) = a_selection([80], seats=1)
    draft = a_draft(published)
    pages = [
        (None, "/"), (None, "/online_call/ro"), (None, "/online_call/it/result"),
        (applicant, f"/online_call/applications/{number}"), (session.get(Person, draft.person_id), f"/online_call/applications/{draft.id}/write/motivation"),
        (session.get(Person, draft.person_id), f"/online_call/applications/{draft.id}/check"),
        (session.get(Person, draft.person_id), f"/online_call/applications/{draft.id}"),
        (session.get(Person, offered.person_id), f"/online_call/applications/{offered.id}"),
        (coordinator, f"/online_call/rooms/{cohort}/ranking"), (coordinator, f"/online_call/rooms/{cohort}"), (coordinator, f"/online_call/rooms/{cohort}/applications"), (coordinator, f"/online_call/files/{number}"),
        (one, "/online_call/reviews"), (one, f"/online_call/reviews/{review}"),
    ]  # fmt: skip
    found = []
    for person, address in pages:
        page = open_page(width=width, language=language)
        if person is not None:
            sign_in_as(page, person)
        page.goto(f"{address}?language={language}")
        found += axe(page)
        if wide := overflow(page):
            found.append(f"{address} is {wide} pixels too wide")
        page.context.close()
    assert found == []


def test_on_a_phone_no_cell_of_the_ranking_covers_another(page, live_server, sign_in_as):
    call, _applications = a_selection([90 - each / 4 for each in range(12)], seats=5)
    sign_in_as(page, committee(call)[2])
    page.set_viewport_size({"width": 360, "height": 800})
    live_server.at = PUBLISHED
    page.goto(f"/online_call/rooms/{call.cohort_id}")
    boxes = page.locator("#ranking tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.children].map(cell => cell.getBoundingClientRect()).map(({left, top, right, bottom}) => [left, top, right, bottom]))"
    )
    assert len(boxes) == 13
    for cells in boxes:
        covered = [(one, other) for place, one in enumerate(cells) for other in cells[:place] if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]]
        assert covered == []


def test_an_offer_is_read_in_full_and_accepted_by_keyboard_from_its_mail(page, live_server, axe):
    live_server.at = PUBLISHED
    _call, applications = a_selection([90, 80], seats=1)
    number = applications[0].id
    token = links.token(session.scalars(select(Place).where(Place.application_id == number)).one())
    session.rollback()
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"/online_call/offers/{token}?language=el")
        # What asks before a place is declined is read on the dark panel of the next step.
        page.locator("details.sure > summary").press("Enter")
        assert (axe(page), overflow(page)) == ([], 0)
    page.goto(f"/online_call/offers/{token}?language=en")
    while page.evaluate("document.activeElement.textContent.trim()") != "Accept the place":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="You have a place in the course").wait_for()
    session.rollback()
    assert session.scalar(select(Place.standing).where(Place.application_id == number)) == "accepted"
