"""What other pages gather: figures, tasks, next things, dates, the own path."""

from datetime import timedelta
from decimal import Decimal

import pytest

from inspire_lms.contracts.attendance import AttendanceShares, Teachers, WebinarDate, WebinarDates
from inspire_lms.contracts.pages import AgendaEntries, CohortFigures, CohortTasks, NextThings, PathParts, PersonParts
from inspire_lms.kernel import bus, clock
from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.people import erasing
from inspire_lms.kernel.programmes import actions as programmes
from inspire_lms.plugins.webinar.attendance import register
from inspire_lms.plugins.webinar.calendars import keys
from inspire_lms.plugins.webinar.plan import actions
from tests.builders import PASSWORD, a_cohort, staff
from tests.plugins.webinar.builders import BEFORE, MINUTE, a_group, a_plan, attend, close, held, planned, published, work


@pytest.fixture
def group(app):
    cohort, coordinator, trainer, people = a_group("IT")
    return cohort, coordinator, trainer, people, published(cohort, coordinator)


def test_the_figures_of_a_cohort(group, asked):
    cohort, coordinator, trainer, (good, bad), ids = group
    for each in ids[:3]:
        attend(each, good)
        close(each, trainer)
    with clock.frozen(held(ids[2]).ends_at + MINUTE * 5):
        programmes.withdraw(cohort.id, bad.id, by=coordinator.id)
    found = {each.code: each.value for each in asked(CohortFigures(cohort.id), held(ids[2]).ends_at + timedelta(days=1)) if each.code in CODES}
    assert found == {"attending": Decimal(1), "attendance": Decimal("100.0"), "drop-out": Decimal("50.0"), "registers-in-time": Decimal("100.0")}


CODES = ("attending", "attendance", "drop-out", "registers-in-time")


def test_before_the_first_register_there_is_nothing_to_measure(group, asked):
    cohort, *_, ids = group
    found = {each.code: each.value for each in asked(CohortFigures(cohort.id), held(ids[0]).starts_at) if each.code in CODES}
    assert found == dict.fromkeys(CODES)


def test_whoever_takes_no_part_is_told_the_dates_that_stand(group):
    cohort, coordinator, *_, ids = group
    with clock.frozen(BEFORE):
        actions.cancel(ids[0], reason="The trainer is ill.", by=coordinator.id)
    told = bus.ask(WebinarDates(cohort.id), ())
    assert told == tuple(WebinarDate(each.title.text(), each.starts_at, each.ends_at) for each in map(held, ids[1:]))
    assert bus.ask(WebinarDates(a_cohort("GR").id), ()) == ()


def test_a_late_register_counts_as_late(group, asked):
    cohort, _, trainer, _, ids = group
    close(ids[0], trainer)
    found = {each.code: each.value for each in asked(CohortFigures(cohort.id), held(ids[1]).ends_at + timedelta(days=6)) if each.code in CODES}
    assert found["registers-in-time"] == Decimal("50.0")


def test_the_coordinator_is_told_to_plan_to_publish_and_of_late_registers(app, asked):
    cohort, coordinator, _, _ = a_group("IT")
    assert [each.heading for each in asked(CohortTasks(cohort.id), BEFORE)] == ["Plan the webinars"]
    ids = planned(cohort, coordinator)
    assert [each.heading for each in asked(CohortTasks(cohort.id), BEFORE)] == ["Publish 8 planned webinars"]
    with clock.frozen(BEFORE):
        actions.publish(ids, by=coordinator.id)
    assert asked(CohortTasks(cohort.id), BEFORE) == []
    late = held(ids[0]).ends_at + timedelta(days=5, minutes=1)
    assert [each.heading for each in asked(CohortTasks(cohort.id), late)] == ["The register of webinar 1 is late"]


def test_a_meeting_without_an_address_waits_for_the_coordinator(app, asked):
    cohort = a_cohort("IT")
    a_plan(cohort, link="")
    staff(cohort, "trainer")
    published(cohort, staff(cohort, "coordinator"))
    assert [each.heading for each in asked(CohortTasks(cohort.id), BEFORE)] == ["8 webinars have no meeting address"]


@pytest.mark.parametrize(
    ("minutes", "button", "urgency"),
    [(-60 * 24 * 15, None, None), (-60 * 24 * 13, "See the webinar", 2), (-16, "See the webinar", 2), (-15, "Join the webinar", 0), (119, "Join the webinar", 0)],
)
def test_the_next_webinar_is_the_next_thing(group, asked, minutes, button, urgency):
    *_, (person, _), ids = group
    found = asked(NextThings(person.id), held(ids[0]).starts_at + minutes * MINUTE)
    assert [(each.button, each.urgency) for each in found] == ([(button, urgency)] if button else [])


def test_whoever_leads_is_told_to_close_the_register(group, asked):
    _, _, trainer, _, ids = group
    found = asked(NextThings(trainer.id), held(ids[0]).ends_at)
    assert [(each.heading, each.urgency) for each in found] == [("Webinar 2: Unit 2", 2), ("Close the register of webinar 1", 1)]


def test_whoever_led_a_webinar_has_taught_the_group_also_without_the_role_and_one_that_was_cancelled_taught_nobody(group):
    cohort, coordinator, trainer, _, ids = group
    substitute = staff(cohort, "trainer")
    other = a_group("RO")[0]
    one = held(ids[7])
    with clock.frozen(BEFORE):
        actions.change(
            one.id, local=one.local, minutes=one.minutes, leaders=[substitute.id], link=one.link, host_link=one.host_link, reason="Illness.", by=coordinator.id
        )
    access.revoke(trainer.id, "trainer", cohort.context_id, by=coordinator.id)
    assert bus.ask(Teachers(cohort.id), ()) == tuple(sorted((trainer.id, substitute.id)))
    assert bus.ask(Teachers(other.id), ()) == ()
    with clock.frozen(BEFORE):
        actions.cancel(one.id, reason="Illness.", by=coordinator.id)
    assert bus.ask(Teachers(cohort.id), ()) == (trainer.id,)


def test_the_own_path_says_so_far_and_what_is_needed(group, asked):
    cohort, _, trainer, (good, bad), ids = group
    attend(ids[0], good)
    close(ids[0], trainer)
    at = held(ids[0]).ends_at + timedelta(hours=1)
    (part,) = asked(PathParts(cohort.id, good.id), at)
    (other,) = asked(PathParts(cohort.id, bad.id), at)
    assert (str(part.shows["so_far"]), [each.place for each in part.shows["line"]][:2]) == ("So far 120 minutes (12%). For 80% you need 648 minutes of the 840 left.", ["past", "next-up"])
    assert (str(other.shows["so_far"]), other.shows["line"][0].place) == ("So far 0 minutes (0%). For 80% you need 768 minutes of the 840 left.", "missed")
    assert asked(PathParts(cohort.id, trainer.id), at) == []
    assert [len(each.shows["line"]) for each in asked(PersonParts(trainer.id), at)] == [7]


def test_the_path_and_the_shares_say_the_same(group, asked):
    cohort, _, trainer, (good, _), ids = group
    attend(ids[0], good, late=13)
    close(ids[0], trainer)
    at = held(ids[0]).ends_at + timedelta(hours=1)
    (part,) = asked(PathParts(cohort.id, good.id), at)
    assert part.shows["share"] == bus.ask(AttendanceShares(cohort.id), {})[good.id]


def test_dates_are_those_of_the_cohort_for_members_and_staff(group, asked):
    cohort, coordinator, trainer, (person, _), _ids = group
    counts = [len(asked(AgendaEntries(cohort.id, each.id), BEFORE)) for each in (person, trainer, coordinator)]
    assert counts == [8, 8, 8]


def test_the_home_page_of_a_trainee_costs_at_most_two_statements_of_ours(client, sign_in_as, statements, group):
    *_, (person, _), _ids = group
    sign_in_as(client, person)
    client.get("/")
    with statements() as seen:
        assert client.get("/").status_code == 200
    assert sum("FROM webinar_" in each or "JOIN webinar_" in each for each in seen) <= 3, seen


def test_an_erased_account_leaves_no_calendar_and_keeps_the_register(group):
    _, _, trainer, (person, _), ids = group
    attend(ids[0], person)
    close(ids[0], trainer)
    keys.renew(person.id)
    erasing.erase(person.id, PASSWORD)
    work(held(ids[0]).ends_at + timedelta(days=2))
    assert keys.key_of(person.id) is None
    assert len(register.register(held(ids[0])).lines) == 3
