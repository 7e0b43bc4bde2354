"""What speaks against a time is asked about before anybody is told of it, and nothing that was typed is lost."""

import re
from datetime import datetime

import pytest

from inspire_lms.kernel import clock
from inspire_lms.plugins.webinar import queries
from inspire_lms.plugins.webinar.plan import actions
from tests.plugins.webinar.builders import BEFORE, HOST, LINK, a_group, held, planned, published, work

SUNDAY = {"starts_day": "14", "starts_month": "3", "starts_year": "2027", "starts_time": "10:00", "minutes": "90"}
REASON = "A hall is free on that day only."


@pytest.fixture
def group(app):
    return a_group("RO")


def move_to_a_sunday(webinar_id, coordinator):
    with clock.frozen(BEFORE):
        actions.change(webinar_id, local=datetime(2027, 3, 14, 10), minutes=90, leaders=[], link=LINK, host_link=HOST, reason="", by=coordinator.id)  # noqa: DTZ001


def agreed(answer):
    return {"agreed": re.search(r'name="agreed" value="([0-9a-f]{32})"', answer.text)[1]}


def states(cohort_id):
    return {each.state for each in queries.of_cohort(cohort_id)}


@pytest.mark.parametrize("whole", [True, False])
def test_publishing_asks_before_anybody_is_told(client, sign_in_as, outbox, group, whole):
    cohort, coordinator, _, _ = group
    ids = planned(cohort, coordinator)
    move_to_a_sunday(ids[0], coordinator)
    path = f"/webinar/plan/{cohort.id}/publish" if whole else f"/webinar/{ids[0]}/publish"
    sign_in_as(client, coordinator)
    with clock.frozen(BEFORE):
        answer = client.post(path)
        assert (answer.status_code, "This is a Sunday." in answer.text, "Is it meant so?" in answer.text) == (409, True, True)
        assert held(ids[0]).state == "planned"
        work(BEFORE)
        assert len(outbox) == 0
        assert client.post(path, data=agreed(answer)).status_code == 303
    assert held(ids[0]).state == "published"


def test_choosing_another_language_at_the_question_asks_it_in_that_language_and_publishes_nothing(client, sign_in_as, group):
    cohort, coordinator, _, _ = group
    ids = planned(cohort, coordinator)
    path = f"/webinar/plan/{cohort.id}/publish"
    move_to_a_sunday(ids[0], coordinator)
    sign_in_as(client, coordinator)
    with clock.frozen(BEFORE):
        asked = client.post(path)
        again = client.post(path, data=agreed(asked) | {"_language": "it"})
        assert ("Conferma?" in again.text, agreed(again) == agreed(asked), held(ids[0]).state) == (True, True, "planned")


def test_publishing_asks_nothing_where_nothing_speaks_against_it(client, sign_in_as, group):
    cohort, coordinator, _, _ = group
    ids = planned(cohort, coordinator)
    sign_in_as(client, coordinator)
    with clock.frozen(BEFORE):
        assert client.post(f"/webinar/{ids[1]}/publish").status_code == 303


def test_a_clash_that_turns_up_meanwhile_is_asked_about_too(client, sign_in_as, group):
    cohort, coordinator, _, _ = group
    ids = planned(cohort, coordinator)
    cohort_id = cohort.id
    move_to_a_sunday(ids[0], coordinator)
    sign_in_as(client, coordinator)
    with clock.frozen(BEFORE):
        first = client.post(f"/webinar/plan/{cohort_id}/publish")
        move_to_a_sunday(ids[1], coordinator)
        second = client.post(f"/webinar/plan/{cohort_id}/publish", data=agreed(first))
        assert (second.status_code, "Webinar 2 of the same group takes place at the same time." in second.text) == (409, True)
        assert states(cohort_id) == {"planned"}
        assert client.post(f"/webinar/plan/{cohort_id}/publish", data=agreed(second)).status_code == 303
    assert states(cohort_id) == {"published"}


def test_what_cannot_be_published_is_refused_and_not_asked_about(client, sign_in_as, group):
    cohort, coordinator, _, _ = group
    ids = planned(cohort, coordinator)
    sign_in_as(client, coordinator)
    with clock.frozen(held(ids[1]).ends_at):
        answer = client.post(f"/webinar/plan/{cohort.id}/publish")
    assert (answer.status_code, "Webinar 1 lies in the past. Move it first." in answer.text, "agreed" in answer.text) == (409, True, False)


def test_moving_what_is_published_asks_first_and_keeps_what_was_typed(client, sign_in_as, outbox, group):
    cohort, coordinator, trainer, (person, _) = group
    ids = published(cohort, coordinator)
    typed = SUNDAY | {"leaders": str(trainer.id), "link": "https://other.example.org", "host_link": HOST, "reason": REASON}
    sign_in_as(client, coordinator)
    with clock.frozen(BEFORE):
        answer = client.post(f"/webinar/{ids[0]}/edit", data=typed)
        assert (answer.status_code, "This is a Sunday." in answer.text) == (409, True)
        assert [each in answer.text for each in (REASON, 'value="14"', 'value="90"', "https://other.example.org")] == [True] * 4
        work(BEFORE)
        assert (held(ids[0]).wall_clock, held(ids[0]).link, len(outbox.to(person))) == ("2027-03-11T15:00", LINK, 8)
        assert client.post(f"/webinar/{ids[0]}/edit", data=typed | agreed(answer)).status_code == 303
        work(BEFORE)
    assert (held(ids[0]).wall_clock, held(ids[0]).link, len(outbox.to(person))) == ("2027-03-14T10:00", "https://other.example.org", 9)


def test_an_agreement_holds_for_the_time_that_was_asked_about_only(client, sign_in_as, group):
    cohort, coordinator, trainer, _ = group
    ids = published(cohort, coordinator)
    typed = SUNDAY | {"leaders": str(trainer.id), "link": LINK, "host_link": HOST, "reason": REASON}
    sign_in_as(client, coordinator)
    with clock.frozen(BEFORE):
        yes = agreed(client.post(f"/webinar/{ids[0]}/edit", data=typed))
        assert client.post(f"/webinar/{ids[0]}/edit", data=typed | yes | {"starts_day": "21"}).status_code == 409
        assert client.post(f"/webinar/{ids[0]}/edit", data=typed | yes | {"starts_day": "22"}).status_code == 303


def test_a_new_address_is_stored_without_a_question_about_the_old_time(client, sign_in_as, group):
    cohort, coordinator, _, _ = group
    ids = planned(cohort, coordinator)
    move_to_a_sunday(ids[0], coordinator)
    with clock.frozen(BEFORE):
        actions.publish(ids, by=coordinator.id)
    sign_in_as(client, coordinator)
    with clock.frozen(BEFORE):
        typed = SUNDAY | {"link": "https://other.example.org", "host_link": HOST}
        assert client.post(f"/webinar/{ids[0]}/edit", data=typed).status_code == 303
