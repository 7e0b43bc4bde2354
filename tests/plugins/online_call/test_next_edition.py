"""The call of the next edition is loaded while the one of this edition still matters."""

from datetime import timedelta

import pytest

from inspire_lms.contracts.pages import PublicParts
from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call import answers, rules
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.offering import publishing
from tests.builders import a_person, an_administrator
from tests.plugins.online_call.builders import CLOSES, OPEN, OPENS, PUBLISHED, a_call, an_application, judged

pytestmark = pytest.mark.usefixtures("app")
YEAR = timedelta(days=365)
NEXT = {"opens_at": OPENS + YEAR, "closes_at": CLOSES + YEAR, "reserve_until": PUBLISHED + YEAR + YEAR}


def two_editions():
    """Give the call of this year's edition and of the next."""
    this, following = a_call("IT", heading={"en": "This year"}), a_call("IT", heading={"en": "Next year"}, **NEXT)
    return this.id, following.id


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (OPENS - timedelta(days=1), "This year"),
        (OPEN, "This year"),
        (CLOSES, "Next year"),
        (OPENS + YEAR, "Next year"),
        (CLOSES + YEAR, "Next year"),
    ],
    ids=["before both", "while this one is open", "between", "while the next one is open", "after both"],
)
def test_the_page_of_a_country_shows_the_call_that_matters(client, app, at, shown):
    two_editions()
    with clock.frozen(at):
        assert shown in client.get("/online_call/it").text
        with app.test_request_context():
            (part,) = answers.public_parts(PublicParts())
    assert [str(each["title"]["en"]) for each in part.shows["calls"]] == [shown]


def test_one_can_apply_though_the_next_edition_is_loaded(client, sign_in_as):
    this, _following = two_editions()
    sign_in_as(client, a_person())
    with clock.frozen(OPEN):
        assert client.post("/online_call/it/apply").status_code == 303
        assert "This year" in client.get("/online_call/it").text
    assert an_application(session.get(Call, this)).call_id == this


def test_a_result_stays_at_its_address_when_there_is_another_call(client):
    this, following = two_editions()
    cohorts = [session.get(Call, each).cohort_id for each in (this, following)]
    _ids, coordinator = judged(session.get(Call, this), [90])
    with clock.frozen(PUBLISHED):
        publishing.publish(this, by=coordinator.id)
        assert [client.get(f"/online_call/{each}").status_code for each in ("it/result", f"results/{cohorts[0]}", f"results/{cohorts[1]}")] == [200, 200, 404]
        assert client.get("/online_call/IT/result").status_code == 404


@pytest.mark.parametrize(
    ("at", "which"), [(OPEN, 0), (CLOSES, 0), (PUBLISHED, 1), (OPENS + YEAR, 1)], ids=["open", "to be ranked", "published", "the next one is open"]
)
def test_the_menu_leads_to_the_selection_with_most_to_do(client, sign_in_as, at, which):
    calls = two_editions()
    cohorts = [session.get(Call, each).cohort_id for each in calls]
    _ids, coordinator = judged(session.get(Call, calls[0]), [90])
    if at >= PUBLISHED:
        with clock.frozen(PUBLISHED):
            publishing.publish(calls[0], by=coordinator.id)
    sign_in_as(client, an_administrator())
    with clock.frozen(at):
        assert client.get("/online_call/rooms").headers["Location"] == f"/online_call/rooms/{cohorts[which]}"


def test_importance_is_open_then_next_then_latest_closed():
    windows = {
        "closed long ago": rules.Window(OPENS - YEAR, CLOSES - YEAR, "UTC"),
        "closed": rules.Window(OPENS - timedelta(days=9), OPEN, "UTC"),
        "open": rules.Window(OPENS, CLOSES, "UTC"),
        "next": rules.Window(OPENS + YEAR, CLOSES + YEAR, "UTC"),
        "after the next": rules.Window(OPENS + YEAR + YEAR, CLOSES + YEAR + YEAR, "UTC"),
    }
    in_order = sorted(windows, key=lambda name: rules.importance(windows[name], at=OPEN))
    assert in_order == ["open", "next", "after the next", "closed", "closed long ago"]
