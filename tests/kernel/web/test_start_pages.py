"""The start page and the dates of a person: each moment in the zone of its cohort, named."""

from datetime import UTC, datetime

import pytest

from inspire_lms.contracts.pages import AgendaEntries, AgendaEntry, CohortTasks, NextThing, NextThings
from inspire_lms.kernel import clock
from inspire_lms.kernel.access.actions import grant
from inspire_lms.kernel.plugin import registry
from tests.builders import a_cohort, a_person, a_trainee, staff

AT = datetime(2027, 1, 12, 13, 0, tzinfo=UTC)
ROMAN, GREEK = "14:00 (Italian time, CET)", "15:00 (Greek time, EET)"


def a_thing(_asked):
    return (NextThing("Roll the drums", "", "Roll", "/", AT, 1), NextThing("Ring the bell", "", "Ring", "/", AT, 2))


@pytest.fixture
def at_home(app, client, sign_in_as):
    """Let a person see the start page when nothing is answered but *answers*."""
    registry().answers.clear()

    def look(person, answers, path="/"):
        registry().answers |= {enquiry: {"drums": answer} for enquiry, answer in answers.items()}
        with clock.frozen(AT):
            return sign_in_as(client, person).get(path).text

    return look


def test_what_waits_for_the_coordinator_of_two_countries_is_told_in_the_zone_of_each(at_home):
    italy, greece = a_cohort("IT"), a_cohort("GR")
    coordinator = staff(italy, "coordinator")
    grant(coordinator.id, "coordinator", greece.context_id, by=None)
    shown = at_home(coordinator, {CohortTasks: a_thing})
    assert shown.count(f"Tuesday 12 January 2027, {ROMAN}") == 2
    assert shown.count(f"Tuesday 12 January 2027, {GREEK}") == 2


def test_what_waits_for_a_person_is_told_in_the_zone_that_comes_with_it(at_home):
    thing = NextThing("Roll the drums", "", "Roll", "/", AT, 1, zone="Europe/Athens")
    assert f"Until Tuesday 12 January 2027, {GREEK}" in at_home(a_person(), {NextThings: lambda _asked: (thing,)})


@pytest.mark.parametrize("role", ["coordinator", "trainer", "evaluator"])
def test_the_start_page_of_staff_tells_the_time_of_their_only_country(at_home, role):
    a_cohort("IT")
    assert GREEK in at_home(staff(a_cohort("GR"), role), {})


def test_the_dates_of_a_coordinator_are_told_in_the_zone_of_their_country(at_home):
    a_cohort("IT")
    coordinator = staff(a_cohort("GR"), "coordinator")
    dates = {AgendaEntries: lambda _asked: (AgendaEntry(AT, None, "The drums roll", "/"),)}
    assert f"Tuesday 12 January 2027, {GREEK}" in at_home(coordinator, dates, "/agenda")


def test_the_dates_of_two_countries_stand_side_by_side_each_in_its_zone(at_home):
    italy, greece = a_cohort("IT"), a_cohort("GR")
    trainer = staff(italy, "trainer")
    grant(trainer.id, "trainer", greece.context_id, by=None)
    dates = {AgendaEntries: lambda asked: (AgendaEntry(AT, None, f"Webinar of {asked.cohort_id}", f"/{asked.cohort_id}"),)}
    shown = at_home(trainer, dates, "/agenda")
    assert (ROMAN in shown, GREEK in shown) == (True, True)


def test_the_dates_are_offered_to_whom_they_concern(at_home):
    cohort = a_cohort("GR")
    trainee = a_trainee(cohort)
    offered = ["/agenda" in at_home(each, {}) for each in (trainee, staff(cohort, "coordinator"), staff(cohort, "trainer"), a_person())]
    assert offered == [True, True, True, False]
