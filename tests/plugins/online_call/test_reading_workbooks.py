"""Reading XLSX: what other programs write is read as it was meant, and what was made to do harm is refused in time."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime, time

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from inspire_lms.kernel.errors import Invalid, Reason
from inspire_lms.plugins.online_call.importing.sheets import workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/worksheets/sheet1.xml": "<worksheet><sheetData/></worksheet>",
}


def zipped(**but):
    """A workbook written by hand: parts by name, slashes as two underscores."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (PARTS | {name.replace("__", "/") + ".xml": text for name, text in but.items()}).items():
            archive.writestr(name, content)
    return out.getvalue()


def a_sheet(inside):
    return zipped(xl__worksheets__sheet1=f"<worksheet><sheetData>{inside}</sheetData></worksheet>")


def by_openpyxl(rows, change=lambda book: None):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_xlsxwriter(rows, **options):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yy hh:mm"} | options) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return out.getvalue()


NAIVE = datetime(2026, 12, 1, 10, 30)  # noqa: DTZ001 (the clock of a workbook has no zone)
VALUES = ["Ștefan Țiriac", "Παπαϊωάννου", "a < b & c", "two\nlines", 12, -3, 2.5, True, False, NAIVE, date(2026, 12, 1)]
READ = ["Ștefan Țiriac", "Παπαϊωάννου", "a < b & c", "two\nlines", "12", "-3", "2.5", "yes", "no", "2026-12-01 10:30:00", "2026-12-01"]


@pytest.mark.parametrize("written", [by_openpyxl, by_xlsxwriter, lambda rows: by_xlsxwriter(rows, date_1904=True)])
def test_what_two_other_libraries_write_is_read_as_it_was_meant(written):
    assert list(workbook.rows(written([VALUES]))) == [(1, dict(enumerate(READ)))]


def test_empty_rows_are_left_out_and_the_others_keep_the_number_that_the_spreadsheet_shows():
    content = by_openpyxl([["one"], [], ["", None, "three"]])
    assert list(workbook.rows(content)) == [(1, {0: "one"}), (3, {2: "three"})]


def test_the_first_visible_sheet_is_read():
    def hide(book):
        book.active.sheet_state = "hidden"
        book.create_sheet("Seen").append(["seen"])

    assert list(workbook.rows(by_openpyxl([["hidden"]], hide))) == [(1, {0: "seen"})]


def test_a_formula_is_said_at_its_cell_and_not_worked_out():
    ((_number, cells),) = workbook.rows(by_openpyxl([["a", "=1+1"]]))
    assert cells == {0: "a", 1: Reason("A formula stands here. Copy the column and paste it again as values.")}


def test_merged_cells_are_refused_by_name():
    with pytest.raises(Invalid, match="B2:B3 are merged"):
        list(workbook.rows(by_openpyxl([["a", "b"], ["c", "d"], ["e", "f"]], lambda book: book.active.merge_cells("B2:B3"))))


def test_a_number_shown_as_a_time_alone_is_no_day_of_the_course():
    ((_number, cells),) = workbook.rows(by_openpyxl([[time(10, 30)]]))
    assert cells == {0: "1899-12-30 10:30:00"}


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ('<c t="e"><v>#DIV/0!</v></c>', Reason("The spreadsheet shows the error {error} here. Write the value.", error="#DIV/0!")),
        ('<c t="d"><v>2026-12-01T10:30</v></c>', "2026-12-01 10:30"),
        ('<c t="inlineStr"><is><r><t>two </t></r><r><t>parts</t></r></is></c>', "two parts"),
        ('<c t="str"><v>line_x000A_end</v></c>', "line\nend"),
        ("<c><v>1E3</v></c>", "1000"),
        ("<c><v>0.1</v></c>", "0.1"),
        (f'<c t="str"><v>{"x" * 32_767}</v></c>', "x" * 32_767),
        (f'<c t="str"><v>{"x" * 32_768}</v></c>', Reason("The text is longer than {most} characters.", most=32_767)),
    ],
)
def test_each_kind_of_cell_is_read(cell, read):
    assert list(workbook.rows(a_sheet(f"<row>{cell}</row>"))) == [(1, {0: read})]


LAUGHS = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>'
SECRETS = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
CELL = '<c t="str"><v>{}</v></c>'


@pytest.mark.parametrize(
    ("what", "content"),
    [
        ("no archive", b"PK\x03\x04 and nothing more"),
        ("an archive cut short", by_openpyxl([VALUES])[:-40]),
        ("nothing at all", b""),
        ("billion laughs", zipped(xl__worksheets__sheet1=f"{LAUGHS}<worksheet><sheetData><row><c t='str'><v>&lol2;</v></c></row></sheetData></worksheet>")),
        ("a file from outside", zipped(xl__workbook=f"{SECRETS}<workbook><sheets/></workbook>")),
        ("no sheet", zipped(xl__workbook="<workbook><sheets/></workbook>")),
        ("a sheet that leads out of the archive", zipped(**{"xl___rels__workbook.xml.rels": "", "xl__workbook": PARTS["xl/workbook.xml"].replace("r1", "r2")})),
        ("XML that ends too early", a_sheet("<row><c>")),
        ("a text that is not there", a_sheet('<row><c t="s"><v>7</v></c></row>')),
        ("a text with a number below nought", a_sheet('<row><c t="s"><v>-1</v></c></row>')),
        ("a number that is none", a_sheet("<row><c><v>nan</v></c></row>")),
        ("a number without end", a_sheet("<row><c><v>1e999</v></c></row>")),
        ("rows backwards", a_sheet('<row r="2"><c><v>1</v></c></row><row r="1"><c><v>1</v></c></row>')),
        ("a row beyond the last", a_sheet('<row r="1048577"><c><v>1</v></c></row>')),
        ("a cell nowhere", a_sheet('<row><c r="1A"><v>1</v></c></row>')),
        ("a column far out", a_sheet('<row><c r="ZZZ1"><v>1</v></c></row>')),
        ("a letter that is none", a_sheet('<row><c t="str"><v>_xD800_</v></c></row>')),
    ],
)  # fmt: skip
def test_what_was_made_to_break_the_reader_is_refused(what, content):
    with pytest.raises(Invalid):
        list(workbook.rows(content))


@pytest.mark.parametrize("part", ["xl__worksheets__sheet1", "xl__sharedStrings", "xl__styles", "xl__workbook"])
def test_a_part_that_swells_when_it_is_unpacked_is_refused_before_it_is_whole(part):
    bomb = b"<a>" + b" " * 61_000_000 + b"</a>"
    content = zipped(**{part: bomb})
    assert len(content) < 100_000
    with pytest.raises(Invalid, match=r"too large|broken"):
        list(workbook.rows(content))


def test_more_texts_than_anybody_writes_are_refused():
    with pytest.raises(Invalid, match="too large"):
        list(workbook.rows(zipped(xl__sharedStrings="<sst>" + "<si/>" * 500_001 + "</sst>")))


def test_a_long_sheet_is_read_piece_by_piece():
    cells = "".join(f'<c t="inlineStr"><is><t>{"word " * 20}{at}</t></is></c>' for at in range(10))
    content = a_sheet(f"<row>{cells}</row>" * 5000)
    tracemalloc.start()
    try:
        assert sum(len(row) for _number, row in workbook.rows(content)) == 50_000
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Its texts alone are five million letters.
    assert peak < 2_000_000


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 4000), st.binary(min_size=1, max_size=6))
def test_a_damaged_workbook_is_read_or_refused_and_nothing_else(at, noise):
    whole = bytearray(by_xlsxwriter([VALUES[:9]] * 3))
    at %= len(whole)
    whole[at : at + len(noise)] = noise
    try:
        list(workbook.rows(bytes(whole)))
    except Invalid as refused:
        assert list(refused.reasons) == [""]
