"""Joining in a real browser: the meeting opens beside the page, and the page says that one is still there."""

import pytest
from sqlalchemy import select

from inspire_lms.kernel.db import session
from inspire_lms.plugins.webinar.models import Stay
from tests.plugins.webinar.builders import LINK, MINUTE, a_group, held, published


@pytest.mark.parametrize("scripts", [True, False])
def test_joining_opens_the_meeting_beside_the_page_and_is_recorded(open_page, live_server, sign_in_as, scripts):
    cohort, coordinator, _, (person, _) = a_group("IT", trainees=2)
    webinar_id = published(cohort, coordinator)[0]
    start = live_server.at = held(webinar_id).starts_at
    page = sign_in_as(open_page(scripts=scripts), person)
    asked = []
    page.context.route(f"{LINK}**", lambda route: (asked.append(route.request.headers.get("referer")), route.fulfill(body="the meeting")))
    page.goto(f"/webinar/{webinar_id}?language=en")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Join the webinar").click()
    opened.value.wait_for_url(f"{LINK}**")
    assert asked == [None], "The meeting tool is not told from which page one came."
    live_server.at = start + MINUTE
    if scripts:
        with page.expect_response("**/here"):
            page.reload()
    else:
        page.reload()
    assert page.get_by_role("heading", name="You are connected").is_visible()
    live_server.at = start + 40 * MINUTE
    page.get_by_role("button", name="Leave the webinar").click()
    page.get_by_text("Your leaving is recorded.").wait_for()
    session.rollback()
    (stay,) = session.execute(select(Stay.person_id, Stay.came_at, Stay.left_at)).all()
    assert tuple(stay) == (person.id, start, start + 40 * MINUTE)
