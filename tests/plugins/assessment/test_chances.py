"""What a trainee can still reach, as others are told: they must not say "still missing" of what is over."""

from datetime import timedelta

import pytest

from inspire_lms.contracts.assessment import Chance, ChanceGiven, Chances
from inspire_lms.kernel import bus, clock, jobs
from inspire_lms.kernel.plugin import registry
from inspire_lms.plugins.assessment.marking import actions as marking
from tests.builders import a_trainee, staff
from tests.plugins.assessment.builders import CLOSES, NOW, sat, start, written

pytestmark = pytest.mark.both_engines
AFTER = CLOSES + timedelta(minutes=1)


def possible(course, person, *, at=NOW):
    with clock.frozen(at):
        return {one.code: one.until for one in bus.ask(Chances(course.cohort_id), default={})[person]}


def test_before_and_at_the_close_everything_is_possible_and_after_it_nothing(course, person):
    every = dict.fromkeys(("pre-test", "final-test", "essay"), CLOSES)
    assert [possible(course, person, at=at) for at in (NOW - timedelta(days=9), NOW, CLOSES, AFTER)] == [every, every, every, {}]


def test_the_last_attempt_is_over_when_it_is_graded(course, person):
    sat(course, person, rightly=1)
    assert possible(course, person)["final-test"] == CLOSES
    sat(course, person, rightly=1, at=NOW + timedelta(hours=1))
    assert "final-test" not in possible(course, person, at=NOW + timedelta(hours=2))


def test_a_running_attempt_is_possible_until_its_end_and_then_waits_to_be_handed_in(course, person):
    start(course, person, "pre-test")
    assert possible(course, person)["pre-test"] == NOW + timedelta(minutes=30)
    assert possible(course, person, at=NOW + timedelta(minutes=31))["pre-test"] is None


def test_an_essay_that_was_handed_in_can_still_get_its_mark_after_the_close(course, person):
    with clock.frozen(NOW):
        written(course, person)
    assert possible(course, person, at=AFTER) == {"essay": None}


def test_who_is_granted_more_may_still_try_and_others_are_told(course, person, monkeypatch):
    heard = []
    monkeypatch.setitem(registry().listens, ChanceGiven, {"assessment": heard.append})
    later = CLOSES + timedelta(days=2)
    with clock.frozen(AFTER):
        marking.extend(course.windows["final-test"], person, minutes=0, attempts=1, until=later, reason="Ill", by=staff(course.cohort, "coordinator").id)
        jobs.run_due()
    assert possible(course, person, at=AFTER) == {"final-test": later}
    assert possible(course, a_trainee(course.cohort).id, at=AFTER) == {}
    assert [(fact.cohort_id, fact.person_id) for fact in heard] == [(course.cohort_id, person)]


def test_what_is_possible_costs_the_same_for_one_trainee_and_for_ten(course, person, statements):
    possible(course, person)
    with clock.frozen(NOW), statements() as few:
        bus.ask(Chances(course.cohort_id), default={})
    for _ in range(9):
        start(course, a_trainee(course.cohort).id)
    with clock.frozen(NOW), statements() as many:
        assert Chance("essay", CLOSES) in bus.ask(Chances(course.cohort_id), default={})[person]
    assert len(few) == len(many) <= 4
