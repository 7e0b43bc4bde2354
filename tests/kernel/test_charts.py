"""One layout, drawn twice; the values are printed, and the table says the same."""

import re
from decimal import Decimal
from xml.etree.ElementTree import fromstring

import pytest

from inspire_lms.kernel.charts import Bar, Chart, Dot, bars, dots, scale, shapes, threshold

FUNNEL = [Bar("Applied", 67, 67, "67", target=20), Bar("Ενεργοί <20>", 19, 67, "19", target=20), Bar("Certified", 0, 67, "0", target=20)]


def attendance(done: int = 528, possible: int = 888) -> Chart:
    return threshold(
        (done, f"present: {done} min"), (possible, f"{possible} can be reached"), (768, "threshold: 768"), (960, "960 min"),
        title="Attendance", sentence="So far.",
    )  # fmt: skip


def spread(values: list[float], **but) -> Chart:
    people = [Dot(f"Person {at}", value) for at, value in enumerate(values)]
    return dots(people, least=40, most=100, band=10, title="Spread", sentence="One dot each.", **but)


ALL = [bars(FUNNEL, title="Funnel"), attendance(), spread([42, 75, 99]), scale([0, 1, 3, 8, 8], list("abcde"), title="Recommend")]


@pytest.mark.parametrize(
    ("value", "of", "width"), [(0, 20, 0), (1, 20, 5), (20, 20, 100), (21, 20, 100), (-1, 20, 0), (5, 0, 0), (Decimal("2.5"), 10, 25)]
)
def test_a_bar_is_a_share_of_the_whole_and_never_leaves_the_chart(value, of, width):
    (strip,) = bars([Bar("Label", value, of, "text")], title="Title").strips
    assert strip.marks[0].width == width


def test_a_target_stands_where_its_value_would_end():
    assert [mark.x for strip in bars(FUNNEL, title="Funnel").strips for mark in strip.marks if mark.look == "aim"] == [
        pytest.approx(29.85, abs=0.01)
    ] * 3


def test_a_value_from_before_is_drawn_hollow_beneath_and_stands_in_the_table():
    chart = bars([Bar("Systems", 78, 100, "78 %", before=41, before_text="41 %")], title="Gain")
    assert [(mark.look, mark.width) for mark in chart.strips[0].marks[:2]] == [("m", 78), ("m2", 41)]
    assert chart.rows == (("Systems", "78 %", "41 %"),)


def test_what_can_still_be_reached_is_hatched_from_where_one_is():
    hatched = next(mark for mark in attendance().strips[0].marks if mark.look == "hatch")
    assert (hatched.x, hatched.width) == (55, 37.5)


def test_nothing_is_hatched_when_nothing_more_can_be_reached():
    assert not any("can be reached" in mark.text for mark in attendance(done=888).strips[0].marks)


@pytest.mark.parametrize(
    ("value", "band"), [(40, "≥ 40, < 50"), (49.99, "≥ 40, < 50"), (50, "≥ 50, < 60"), (100, "≥ 90, < 100"), (12, "≥ 40, < 50")]
)
def test_a_dot_falls_into_the_band_that_its_value_reaches(value, band):
    assert [row[0] for row in spread([value]).rows if row[1] == "1"] == [band]


def test_every_person_is_one_dot_and_the_numbers_on_top_add_up():
    chart = spread([42, 43, 75, 75, 99])
    assert sum(mark.kind == "dot" for mark in chart.strips[0].marks) == 5
    assert sum(int(row[1]) for row in chart.rows) == 5


def test_a_person_who_is_not_settled_is_a_diamond():
    chart = dots([Dot("Open", 72, "open")], least=40, most=100, band=10, title="Spread", sentence="")
    assert [mark.kind for mark in chart.strips[0].marks if mark.text == "Open"] == ["diamond"]


def test_the_tallest_column_of_a_scale_belongs_to_the_most_frequent_answer():
    heights = [mark.height for mark in ALL[3].strips[0].marks if mark.kind == "rect"]
    assert heights == [0, pytest.approx(0.4), pytest.approx(1.2), pytest.approx(3.2), pytest.approx(3.2)]


def test_a_scale_without_answers_is_flat():
    assert {mark.height for mark in scale([0] * 5, list("abcde"), title="t").strips[0].marks if mark.kind == "rect"} == {0}


@pytest.mark.parametrize("chart", ALL, ids=lambda chart: chart.title)
def test_a_drawing_is_well_formed_carries_no_style_and_measures_in_per_cent_and_rem(chart):
    drawn = str(chart.svg())
    fromstring(f"<all>{drawn}</all>")
    assert "style=" not in drawn
    assert "#" not in drawn.replace("url(#hatch)", "")
    assert all(re.fullmatch(r"-?[\d.e-]+(%|rem)", size) for size in re.findall(r" (?:x|y|x1|x2|y1|y2|cx|cy|r)='([^']*)'", drawn))


@pytest.mark.parametrize("chart", ALL[1:], ids=lambda chart: chart.title)
def test_a_picture_has_a_title_and_a_description(chart):
    drawn = fromstring(str(chart.svg()))
    assert drawn.get("role") == "img"
    assert drawn[0].text == chart.title
    assert drawn[1].text


def test_what_people_write_is_harmless_in_a_chart():
    assert "&lt;20&gt;" in str(ALL[0].svg())


@pytest.mark.parametrize("chart", ALL, ids=lambda chart: chart.title)
def test_paper_shows_every_value_that_the_page_shows(chart):
    drawing = shapes(chart, width=450, font="Helvetica")
    printed = {shape.text for shape in drawing.contents if hasattr(shape, "text")}
    wanted = {mark.text for strip in chart.strips for mark in strip.marks if mark.kind == "text"}
    assert printed >= wanted | {strip.value for strip in chart.strips if strip.value} | {
        strip.label for strip in chart.strips if strip.label
    }


@pytest.mark.parametrize("chart", ALL, ids=lambda chart: chart.title)
def test_nothing_on_paper_leaves_the_drawing(chart):
    drawing = shapes(chart, width=450, font="Helvetica")
    left, low, right, high = drawing.getBounds()
    assert left >= -1
    assert low >= -1
    assert right <= 451
    assert high <= drawing.height + 1
