"""Counts, means and gains."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspire_lms.plugins.survey import tally

POINTS = st.lists(st.one_of(st.none(), st.integers(0, 5)), max_size=60)


def test_points_are_counted_and_what_does_not_apply_is_kept_apart():
    found = tally.distribution([1, 5, 5, 4, 0, None])
    assert (found.counts, found.not_applicable, found.n) == ((1, 0, 0, 1, 2), 1, 4)
    assert (found.mean, found.high) == (Decimal("3.75"), Decimal("75.0"))


@pytest.mark.parametrize(("count", "shown"), [(0, True), (1, False), (4, False), (5, True)])
def test_between_one_and_four_answers_nothing_is_shown(count, shown):
    assert tally.distribution([3] * count).is_shown is shown


def test_a_point_off_the_scale_is_a_fault():
    with pytest.raises(ValueError):
        tally.distribution([6])


def test_the_mean_is_rounded_half_up():
    assert tally.distribution([1] * 7 + [2]).mean == Decimal("1.13")


def test_pairs_are_those_who_gave_both_points():
    assert tally.gain([(1, 3), (2, 3), (2, None), (None, 5), (0, 5), (3, 3)]).pairs == 3


@pytest.mark.parametrize(
    ("people", "points"),
    [
        ([[4, 4, 4]] * 2, 0),
        ([[4, 4, 4]] * 4 + [[0, None, None]], 0),
        ([[4, 4, 4]] * 4 + [[0, None, 4]], 13),
    ],
)
def test_satisfaction_is_of_five_people_and_not_of_five_points(people, points):
    sheets = [dict(zip("abc", given, strict=True)) for given in people]
    assert tally.satisfaction(sheets, "abc").n == points


def test_comments_come_in_alphabetical_order_and_empty_ones_not_at_all():
    assert tally.comments([{"a": "zeta"}, {"a": "Alpha"}, {"a": None}, {}], "a") == ["Alpha", "zeta"]


@given(POINTS)
def test_the_mean_lies_on_the_scale_and_order_changes_nothing(points):
    found = tally.distribution(points)
    assert found == tally.distribution(reversed(points))
    assert found.mean is None or 1 <= found.mean <= 5
    assert found.n + found.not_applicable == sum(point is not None for point in points)
