"""Stages, indicators, and who is at risk."""

from decimal import Decimal

import pytest

from inspire_lms.contracts.attendance import Share
from inspire_lms.contracts.pages import Figure
from inspire_lms.plugins.cohort_dashboard.figures import (
    Risk,
    Verdict,
    at_risk,
    funnel,
    indicators,
    risk_of,
    rows,
    share_in_percent,
    verdict,
)


def a_figure(**but):
    return Figure(
        **{"code": "x", "order": 1, "kind": "kpi", "title": "X", "value": Decimal(80), "unit": "percent", "target": Decimal(80)} | but
    )


def a_share(minutes, held, scheduled=960, threshold=80):
    return Share(minutes, held, scheduled, 0, 8, threshold)


@pytest.mark.parametrize(
    ("but", "expected"),
    [
        ({}, Verdict.REACHED),
        ({"value": Decimal("79.9")}, Verdict.MISSED),
        ({"value": Decimal("80.1")}, Verdict.REACHED),
        ({"value": None}, Verdict.NOTHING),
        ({"target": None}, Verdict.NO_TARGET),
        ({"target_is_maximum": True}, Verdict.REACHED),
        ({"target_is_maximum": True, "value": Decimal("80.1")}, Verdict.MISSED),
    ],
)
def test_reaching_the_target_exactly_is_reaching_it(but, expected):
    assert verdict(a_figure(**but)) is expected


def test_stages_and_indicators_come_in_their_order():
    given = [a_figure(code="b", order=2, kind="funnel"), a_figure(code="a", order=1, kind="funnel"), a_figure(code="k", kind="kpi")]
    assert [one.code for one in funnel(given)] == ["a", "b"]
    assert [one.code for one in indicators(given)] == ["k"]


@pytest.mark.parametrize(
    ("share", "risk"),
    [
        (None, Risk.NONE),
        (a_share(0, 0), Risk.NONE),
        (a_share(768, 960), Risk.NONE),
        (a_share(767, 960), Risk.LOST),
        (a_share(408, 600), Risk.POSSIBLE),
        (a_share(407, 600), Risk.LOST),
        (a_share(504, 600), Risk.NONE),
        (a_share(503, 600), Risk.POSSIBLE),
    ],
)
def test_attendance_is_lost_when_even_all_that_is_left_is_too_little(share, risk):
    assert risk_of(share) is risk


def test_the_worst_come_first():
    people = rows([(1, "B"), (2, "A"), (3, "C")], {1: a_share(408, 600), 2: a_share(100, 600), 3: a_share(600, 600)}, {}, {}, {})
    assert [row.name for row in at_risk(people)] == ["A", "B"]


@pytest.mark.parametrize(("minutes", "held", "shown"), [(0, 0, "0"), (528, 600, "88.0"), (1, 3, "33.3"), (2, 3, "66.7")])
def test_the_share_so_far_is_of_the_minutes_held(minutes, held, shown):
    assert share_in_percent(a_share(minutes, held)) == Decimal(shown)
