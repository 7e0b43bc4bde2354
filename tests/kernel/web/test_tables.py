"""Tables: one description for the page, the CSV file and the workbook."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from flask import g
from openpyxl import load_workbook
from sqlalchemy import column, literal, select

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import Words
from inspire_lms.kernel.web.tables import Cell, Column, Table, cut, paged

COLUMNS = (
    Column("name", Message("Name")),
    Column("minutes", Message("Minutes"), kind="num"),
    Column("state", Message("State"), kind="plain"),
)


def a_table(*rows, **but) -> Table:
    return Table(COLUMNS, list(rows), **but)


def read(answer) -> list[list[str]]:
    return list(csv.reader(StringIO(answer.get_data().decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("=1+1", "'=1+1"),
        ("+39 06", "'+39 06"),
        ("-2", "'-2"),
        ("@sum", "'@sum"),
        ("\t=1", "'\t=1"),
        ("1=1", "1=1"),
        ("D'Angelo, Nicolò", "D'Angelo, Nicolò"),
        ("Țiriac; „Ștefan”", "Țiriac; „Ștefan”"),
        ("Παπαϊωάννου\nΓεώργιος", "Παπαϊωάννου\nΓεώργιος"),
    ],
)
def test_a_formula_in_a_csv_cell_is_harmless_and_names_stay_whole(app, text, stored):
    assert read(a_table({"name": text}).csv("people"))[1][0] == stored


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (-3, "-3"),
        (Decimal("7.50"), "7.50"),
        (None, ""),
        (True, "True"),
        (date(2026, 11, 21), "2026-11-21"),
        (datetime(2026, 11, 21, 9, 5, tzinfo=UTC), "2026-11-21T09:05:00+00:00"),
    ],
)
def test_numbers_and_moments_are_stored_exactly(app, value, stored):
    assert read(a_table({"name": "x", "minutes": value}).csv("people"))[1][1] == stored


def test_a_csv_file_begins_with_the_mark_that_spreadsheets_look_for(app):
    answer = a_table().csv("παρουσίες")
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]


def test_a_file_holds_the_words_of_a_cell_the_sums_and_no_line_across(app):
    table = a_table(
        {"name": Cell("Ștefan", href="/x", note="Cluj"), "minutes": 90, "state": Cell(Message("Present"), status="ok")},
        cut("Cut-off"),
        total={"name": "All", "minutes": 90},
    )
    assert read(table.csv("x")) == [["Name", "Minutes", "State"], ["Ștefan", "90", "Present"], ["All", "90", ""]]


def test_a_workbook_holds_numbers_as_numbers_and_formulas_as_text(app):
    table = a_table(
        {"name": "=HYPERLINK(1)", "minutes": Decimal("7.5"), "state": date(2026, 11, 21)}, {"name": "Παπαϊωάννου", "minutes": 90}
    )
    sheet = load_workbook(BytesIO(table.xlsx("x").get_data())).active
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        ["Name", "Minutes", "State"],
        ["=HYPERLINK(1)", 7.5, datetime(2026, 11, 21, tzinfo=UTC).replace(tzinfo=None)],
        ["Παπαϊωάννου", 90, None],
    ]
    assert sheet["A2"].data_type == "s"


def test_moments_of_a_workbook_are_told_in_the_zone_of_the_page_which_their_heading_names(app):
    table = a_table({"name": "Ana", "minutes": datetime(2026, 11, 21, 9, 5, tzinfo=UTC), "state": None}, {"name": "Ion", "minutes": None})
    with app.test_request_context("/"):
        g.zone = "Europe/Athens"
        sheet = load_workbook(BytesIO(table.xlsx("x").get_data())).active
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        ["Name", "Minutes (Greek time)", "State"],
        ["Ana", datetime(2026, 11, 21, 11, 5, tzinfo=UTC).replace(tzinfo=None), None],
        ["Ion", None, None],
    ]


def test_words_that_are_there_in_another_language_only_carry_it_in_a_link_too(app):
    romanian = Words(ro="Apel")
    table = a_table({"name": Cell(romanian, href="/x", about=romanian, note=romanian)})
    with app.test_request_context("/"):
        body = str(table.body())
    assert body.count('<span lang="ro">Apel</span>') == 3


def numbers(upto: int):
    counted = select(literal(1).label("n")).cte("counted", recursive=True)
    counted = counted.union_all(select(counted.c.n + 1).where(counted.c.n < upto))
    return select(counted.c.n).order_by(counted.c.n)


@pytest.mark.parametrize(
    ("asked", "page", "first", "before", "after"),
    [
        (None, 1, 1, None, "?page=2"),
        ("1", 1, 1, None, "?page=2"),
        ("2", 2, 51, "?page=1", "?page=3"),
        ("3", 3, 101, "?page=2", None),
        ("4", 3, 101, "?page=2", None),
        ("0", 1, 1, None, "?page=2"),
        ("-1", 1, 1, None, "?page=2"),
        ("two", 1, 1, None, "?page=2"),
        ("9" * 5000, 1, 1, None, "?page=2"),
        ("٢", 1, 1, None, "?page=2"),
    ],
)
def test_a_long_list_is_shown_by_fifties_and_a_page_that_is_not_there_gives_the_nearest(app, asked, page, first, before, after):
    with app.test_request_context("/", query_string={"page": asked} if asked else {}):
        shown = paged(numbers(118))
    assert (shown.page, shown.pages, shown.total, shown.rows[0].n, shown.before, shown.after) == (page, 3, 118, first, before, after)


def test_the_pages_of_a_list_keep_what_else_the_address_says(app):
    with app.test_request_context("/?q=Țiriac&page=2"):
        assert paged(numbers(118)).after == "?q=%C8%9Airiac&page=3"


def test_an_empty_list_has_one_page(app):
    with app.test_request_context("/"):
        shown = paged(numbers(1).where(column("n") > 5))
    assert (shown.page, shown.pages, shown.total, list(shown.rows)) == (1, 1, 0, [])


def test_a_table_without_rows_says_so_and_one_with_rows_carries_its_headings(app):
    page = app.jinja_env.from_string('{% import "components.html" as ui %}{{ ui.table(table) }}')
    with app.test_request_context("/"):
        assert "Nobody was there." in page.render(table=a_table(empty=Message("Nobody was there.")), language="en")
        drawn = page.render(table=a_table({"name": Cell("<b>", href="/a", about="who"), "minutes": 90}), language="en")
    assert 'scope="row"><a href="/a">&lt;b&gt;<span class="vh">: who</span></a></th>' in drawn
    assert 'data-label="Minutes">90</td>' in drawn
