"""Coverage of competences, hours, and what a gain is."""

from decimal import Decimal

import pytest

from inspire_lms.kernel.curriculum import rules


@pytest.mark.parametrize(("minutes", "hours"), [(0, "0"), (30, "0.5"), (60, "1"), (90, "1.5"), (100, "1.7"), (960, "16"), (2400, "40")])
def test_minutes_become_hours_with_one_place_at_most(minutes, hours):
    assert rules.hours(minutes) == Decimal(hours)


def test_what_no_unit_teaches_is_listed_in_the_order_of_the_framework():
    assert rules.not_covered(("ethics", "systems", "strategy"), ("systems", "systems")) == ("ethics", "strategy")
    assert rules.not_covered(("ethics",), ("ethics",)) == ()


@pytest.mark.parametrize(
    ("before", "after", "gain"),
    [
        ("40", "70", "0.50"),
        ("40", "40", "0.00"),
        ("40", "100", "1.00"),
        ("40", "34", "-0.10"),
        ("0", "33.33", "0.33"),
        ("99.99", "100", "1.00"),
        ("100", "100", None),
        ("100", "90", None),
    ],
)
def test_the_gain_is_the_share_of_what_was_left_to_learn(before, after, gain):
    assert rules.gain(Decimal(before), Decimal(after)) == (None if gain is None else Decimal(gain))
