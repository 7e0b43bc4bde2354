"""One private calendar for each person: right, cheap, and closed when its owner says so."""

from datetime import UTC, datetime

import pytest
import vobject

from inspire_lms.kernel import clock
from inspire_lms.kernel.programmes import actions as programmes
from inspire_lms.plugins.webinar.calendars import keys
from inspire_lms.plugins.webinar.plan import actions
from tests.builders import staff
from tests.plugins.webinar.builders import BEFORE, LINK, a_group, held, planned, published


@pytest.fixture
def group(app):
    cohort, coordinator, trainer, people = a_group("GR")
    return cohort, coordinator, trainer, people, published(cohort, coordinator)


def address(person):
    return f"/webinar/calendar/{keys.renew(person.id).token}.ics"


def events(answer):
    return {each.uid.value: each for each in vobject.readOne(answer.get_data(as_text=True)).vevent_list}


def change(webinar_id, trainer, coordinator, local=datetime(2027, 3, 15, 10)):  # noqa: DTZ001
    with clock.frozen(BEFORE):
        actions.change(webinar_id, local=local, minutes=120, leaders=[trainer.id], link=LINK, host_link="", reason="Moved.", by=coordinator.id)


def test_a_trainee_finds_all_webinars_in_the_own_language(client, group):
    _, _, _, (person, _), ids = group
    answer = client.get(address(person))
    found = events(answer)
    assert (answer.status_code, answer.content_type, set(found)) == (200, "text/calendar; charset=utf-8", {held(each).uid for each in ids})
    assert "Unit 1 (el)" in found[held(ids[0]).uid].summary.value
    assert LINK not in answer.get_data(as_text=True).replace("\r\n ", "")


def test_trainer_and_coordinator_have_the_same_webinars_and_nobody_sees_what_is_only_planned(client, group):
    cohort, coordinator, trainer, _, ids = group
    other = staff(cohort, "trainer")
    draft_cohort, draft_coordinator, _, (person, _) = a_group("IT")
    planned(draft_cohort, draft_coordinator)
    uids = {held(each).uid for each in ids}
    assert [set(events(client.get(address(each)))) for each in (trainer, coordinator)] == [uids, uids]
    assert [b"BEGIN:VEVENT" in client.get(address(each)).data for each in (other, person, draft_coordinator)] == [False, False, False]


def test_a_moved_webinar_keeps_its_uid_and_a_cancelled_one_stays(client, group):
    _, coordinator, trainer, (person, _), ids = group
    path = address(person)
    change(ids[0], trainer, coordinator)
    with clock.frozen(BEFORE):
        actions.cancel(ids[1], reason="The trainer is ill.", by=coordinator.id)
    found = events(client.get(path))
    moved, cancelled = found[held(ids[0]).uid], found[held(ids[1]).uid]
    assert (moved.sequence.value, moved.status.value, moved.dtstart.value.astimezone(UTC)) == ("1", "CONFIRMED", held(ids[0]).starts_at)
    assert (cancelled.sequence.value, cancelled.status.value, cancelled.last_modified.value) == ("1", "CANCELLED", BEFORE)
    assert "The trainer is ill." in cancelled.description.value


def test_what_has_not_changed_is_not_sent_again(client, group, statements):
    _, coordinator, trainer, (person, _), ids = group
    path = address(person)
    first = client.get(path)
    with statements() as seen:
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert len(seen) <= 5, seen
    change(ids[0], trainer, coordinator)
    changed = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.headers["ETag"] != first.headers["ETag"]) == (200, True)
    with statements() as seen:
        client.get(path)
    assert len(seen) <= 7, seen


def test_a_feed_costs_the_same_however_much_has_changed(client, group, statements):
    _, coordinator, _, (person, _), ids = group
    path = address(person)
    client.get(path)
    counts = []
    for some in (ids[:1], ids[1:5]):
        with clock.frozen(BEFORE):
            for each in some:
                actions.cancel(each, reason="x", by=coordinator.id)
        with statements() as seen:
            client.get(path)
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "../../etc", "%00", "' OR 1=1 --"])
def test_a_forged_address_opens_nothing(client, group, token):
    assert client.get(f"/webinar/calendar/{token}.ics").status_code == 404


def test_a_new_address_closes_the_old_one_and_revoking_closes_all(client, sign_in_as, group):
    *_, (person, _), _ = group
    old = address(person)
    new = address(person)
    assert [client.get(each).status_code for each in (old, new)] == [404, 200]
    sign_in_as(client, person)
    assert client.post("/webinar/calendar/revoke").status_code == 303
    assert client.get(new).status_code == 404
    assert client.post("/webinar/calendar/renew").status_code == 303
    token = keys.key_of(person.id).token
    assert f"/webinar/calendar/{token}.ics" in client.get("/webinar/calendar").get_data(as_text=True)


def test_who_withdrew_sees_the_rest_crossed_out(client, group):
    cohort, coordinator, _, (person, _), ids = group
    path = address(person)
    with clock.frozen(held(ids[0]).ends_at):
        programmes.withdraw(cohort.id, person.id, by=coordinator.id)
    found = events(client.get(path))
    assert [found[held(each).uid].status.value for each in ids[:3]] == ["CONFIRMED", "CANCELLED", "CANCELLED"]


def test_one_webinar_can_be_taken_away_by_itself(client, sign_in_as, group):
    *_, (person, _), ids = group
    sign_in_as(client, person)
    answer = client.get(f"/webinar/{ids[2]}.ics")
    assert list(events(answer)) == [held(ids[2]).uid]
