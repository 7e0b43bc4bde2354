"""Figures and people in tables and charts: nothing seems reached that is not, and every stage has its own target."""

from decimal import Decimal

import pytest

from inspire_lms.contracts.attendance import Share
from inspire_lms.contracts.pages import Figure
from inspire_lms.kernel import i18n
from inspire_lms.plugins.cohort_dashboard import figures, tables


def a_figure(code, value, target, unit="people", **but):
    return Figure(code, 1, "funnel", code.capitalize(), Decimal(value), unit, None if target is None else Decimal(target), **but)


@pytest.mark.parametrize(
    ("value", "unit", "mark", "shown"),
    [
        ("5.5", "days", "5", "5.5 days"),
        ("5.04", "days", "5", "5.04 days"),
        ("1", "days", "5", "1 day"),
        ("0.5", "days", "5", "0.5 days"),
        ("79.96", "percent", "80", "79.96%"),
        ("79.64", "percent", "80", "79.6%"),
        ("80", "percent", "80", "80%"),
        ("3.999", "points", "4", "3.999"),
        ("3.33333", "ratio", None, "3.33"),
    ],
)
def test_a_figure_that_misses_its_target_does_not_look_as_if_it_reached_it(app, value, unit, mark, shown):
    assert tables.shown(Decimal(value), unit, mark and Decimal(mark)) == shown


@pytest.mark.parametrize(("value", "shown"), [("20", "20 de zile"), ("20.5", "20,5 zile"), ("5.5", "5,5 zile"), ("1", "1 zi")])
def test_a_part_of_a_day_takes_no_de_in_romanian(app, value, shown):
    with i18n.speaking("ro"):
        assert tables.shown(Decimal(value), "days") == shown


def test_what_is_still_possible_is_not_rounded_up_to_what_is_needed(app):
    lost = figures.Row(1, "Ana", Share(500, 704, 1000, 1, 8, 80), (), None, None)
    assert (lost.risk, lost.share.reachable) == (figures.Risk.LOST, 796)
    with app.test_request_context():
        (row,) = tables.risk_table([lost], 1).rows
    assert row["what"].startswith("At most 79.6% is possible; 80% is needed.")


def test_each_stage_is_measured_by_its_own_target(app):
    stages = [a_figure("applied", 45, 40), a_figure("eligible", 30, None), a_figure("enrolled", 20, 20), a_figure("certified", 12, 16)]
    chart = tables.funnel_chart(stages)
    assert chart.sentence == "An upright line is the target of its stage."
    assert [row[-1] for row in chart.rows] == ["40", "–", "20", "16"]
    aims = [[mark.x for mark in strip.marks if "aim" in mark.look] for strip in chart.strips]
    widest = Decimal(45) * Decimal("1.05")
    assert aims == [[pytest.approx(float(100 * Decimal(aim) / widest))] if aim else [] for aim in (40, None, 20, 16)]
    assert [row["target"] for row in tables.funnel_table(stages).rows] == ["at least 40", "–", "at least 20", "at least 16"]


def test_without_targets_there_is_no_line_and_no_column_of_them(app):
    chart = tables.funnel_chart([a_figure("attending", 0, None)])
    assert (chart.sentence, chart.heads, len(chart.rows[0])) == ("", ("Stage", "People"), 2)


def test_a_file_holds_two_places(app):
    rows = tables.figure_table([a_figure("share", Decimal(600) / 7, None, "percent"), a_figure("people", 6, None)]).rows
    assert [str(row["value"]) for row in rows] == ["85.71", "6"]
