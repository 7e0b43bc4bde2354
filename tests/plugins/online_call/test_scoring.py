"""From the marks of several evaluators to one score."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspire_lms.plugins.online_call import scoring

WEIGHTS = {"motivation": 30, "relevance": 30, "experience": 20, "transfer": 20}
marks = st.fixed_dictionaries({code: st.decimals(0, most, places=1) for code, most in WEIGHTS.items()})


def only(total):
    return {"motivation": Decimal(total)}


@pytest.mark.parametrize(
    ("given_marks", "wrong"),
    [
        ({"motivation": Decimal(0), "relevance": Decimal(30), "experience": Decimal("19.5"), "transfer": Decimal(20)}, set()),
        ({"motivation": Decimal("-0.1"), "relevance": Decimal("30.1"), "experience": Decimal(20), "transfer": Decimal(20)}, {"motivation", "relevance"}),
        ({"motivation": Decimal(1), "relevance": Decimal(1), "experience": Decimal(1)}, {"transfer"}),
    ],
    ids=["at both borders", "beyond both borders", "one is missing"],
)
def test_points_run_from_nought_to_the_weight_and_none_is_missing(given_marks, wrong):
    assert set(scoring.problems(given_marks, WEIGHTS)) == wrong


@pytest.mark.parametrize(
    ("totals", "third"),
    [([], False), ([Decimal(50)], False), ([Decimal(50), Decimal(70)], False), ([Decimal(50), Decimal("70.5")], True), ([Decimal("70.5"), Decimal(50)], True), ([Decimal(50), Decimal(80), Decimal(60)], False)],
)
def test_a_third_evaluation_is_due_when_two_are_more_than_the_gap_apart(totals, third):
    assert scoring.needs_third(totals, Decimal(20)) is third


@pytest.mark.parametrize(
    ("totals", "total", "counted"),
    [
        ([60], "60.00", (0,)),
        ([60, 61], "60.50", (0, 1)),
        ([86, 58, 60], "59.00", (1, 2)),
        ([86, 58, 84], "85.00", (0, 2)),
        ([80, 60, 70], "70.00", (0, 1, 2)),
        ([80, 50, 80], "80.00", (0, 2)),
    ],
    ids=["one", "two", "the third is near the lower", "the third is near the higher", "the third is in the middle", "the third agrees with one"],
)
def test_of_three_evaluations_the_two_nearest_count(totals, total, counted):
    found = scoring.score([only(each) for each in totals])
    assert found == scoring.Score(total=Decimal(total), points={"motivation": Decimal(total)}, counted=counted)


def test_without_an_evaluation_there_is_no_score():
    with pytest.raises(ValueError, match="nothing to score"):
        scoring.score([])


def test_half_a_hundredth_is_rounded_up():
    assert scoring.score([only("10.01"), only("10.02")]).total == Decimal("10.02")


@given(st.lists(marks, min_size=1, max_size=3))
def test_a_score_lies_between_the_lowest_and_the_highest_total(given_marks):
    totals = [scoring.total_of(each) for each in given_marks]
    assert min(totals) <= scoring.score(given_marks).total <= max(totals)


@given(st.lists(marks, min_size=2, max_size=3), st.randoms())
def test_the_order_in_which_evaluators_finish_changes_nothing(given_marks, random):
    mixed = given_marks[:]
    random.shuffle(mixed)
    assert scoring.score(mixed).total == scoring.score(given_marks).total


@given(marks, marks)
def test_the_points_of_the_criteria_add_up_to_the_total_within_rounding(one, other):
    found = scoring.score([one, other])
    assert abs(sum(found.points.values()) - found.total) <= Decimal("0.02")
