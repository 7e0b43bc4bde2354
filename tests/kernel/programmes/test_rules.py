"""Who may take part, and what may still change."""

from datetime import date

import pytest

from inspire_lms.kernel.programmes import rules
from inspire_lms.kernel.programmes.rules import State


@pytest.mark.parametrize(
    ("state", "enrol", "withdraw", "finish"),
    [
        (None, None, "This person does not take part in the course.", "This person does not take part in the course."),
        (State.ENROLLED, None, None, None),
        (State.WITHDRAWN, None, None, "This person does not take part in the course."),
        (State.FINISHED, "This person has finished the course already.", "This person has finished the course already.", None),
    ],
)
def test_what_a_person_may_do_depends_on_where_the_taking_part_stands(state, enrol, withdraw, finish):
    said = [why(state) for why in (rules.why_not_enrol, rules.why_not_withdraw, rules.why_not_finish)]
    assert [None if one is None else str(one) for one in said] == [enrol, withdraw, finish]


@pytest.mark.parametrize(("seats", "said"), [(1, "The only seat is taken."), (20, "All 20 seats are taken.")])
def test_a_full_cohort_says_how_many_seats_there_are(seats, said):
    assert str(rules.why_full(seats)) == said


@pytest.mark.parametrize(
    ("seats", "taken", "said"),
    [
        (20, 0, None),
        (20, 20, None),
        (19, 20, "20 seats are taken already; there cannot be fewer."),
        (1, 1, None),
        (0, 1, "One seat is taken already; there cannot be fewer."),
    ],
)
def test_seats_may_become_fewer_down_to_those_that_are_taken(seats, taken, said):
    reason = rules.why_not_seats(seats, taken)
    assert (None if reason is None else str(reason)) == said


@pytest.mark.parametrize(
    ("before", "after", "taken", "may"),
    [("Europe/Rome", "Europe/Rome", 1, True), ("Europe/Rome", "Europe/Malta", 0, True), ("Europe/Rome", "Europe/Malta", 1, False)],
)
def test_the_zone_may_change_until_somebody_was_told_a_time(before, after, taken, may):
    assert (rules.why_not_zone(before, after, taken) is None) is may


@pytest.mark.parametrize(("ends", "may"), [(date(2027, 2, 15), False), (date(2027, 2, 16), True), (date(2027, 2, 17), True)])
def test_an_edition_may_last_one_day_and_not_less(ends, may):
    assert (rules.why_not_period(date(2027, 2, 16), ends) is None) is may
