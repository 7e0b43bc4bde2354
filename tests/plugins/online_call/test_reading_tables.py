"""Tables from outside: encodings, separators, headings, limits."""

import codecs

import pytest

from inspire_lms.kernel.errors import Invalid, Reason
from inspire_lms.kernel.files import CSV, XLSX
from inspire_lms.plugins.online_call.importing.sheets import table
from tests.plugins.online_call.test_reading_workbooks import by_openpyxl

NEEDED = ("e_mail", "family_name", "years")
ROWS = [["e_mail", "family_name", "years"], ["# explained", "", ""], ["a@b.example", 'Țiriac, "Ștefan"; Παπάς', "12"]]
READ = {"e_mail": "a@b.example", "family_name": 'Țiriac, "Ștefan"; Παπάς', "years": "12"}


def written(separator, rows=ROWS):
    quoted = (separator.join('"{}"'.format(cell.replace('"', '""')) for cell in row) for row in rows)
    return "\r\n".join(quoted)


def read(content, kind=CSV):
    return list(table.opened(content, "table.csv", kind, needed=NEEDED, optional=("language",)).lines)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encode", [
    lambda text: text.encode(),
    lambda text: codecs.BOM_UTF8 + text.encode(),
    lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
], ids=["UTF-8", "UTF-8 with its mark", "UTF-16 LE", "UTF-16 BE"])  # fmt: skip
def test_csv_is_read_in_each_encoding_and_with_each_separator(encode, separator):
    assert read(encode(written(separator))) == [table.Line(3, READ, ())]


@pytest.mark.parametrize(("encoding", "word"), [("windows-1250", "Ştefan Ţiriac"), ("windows-1253", "Παπαϊωάννου")])
def test_an_old_encoding_is_refused_with_the_line_and_what_to_do(encoding, word):
    content = f"e_mail;family_name;years\r\na@b.example;{word};1".encode(encoding)
    with pytest.raises(Invalid, match=r"“table.csv” is not written in UTF-8: line 2 cannot be read. Save it once more as UTF-8."):
        read(content)


def test_xlsx_gives_the_same_rows():
    assert read(by_openpyxl(ROWS), XLSX) == [table.Line(3, READ, ())]


def test_headings_may_stand_in_any_order_with_optional_ones_and_empty_columns_between():
    (line,) = read(b"years,,language,e_mail,family_name\n1,,el,a@b.example,Pop\n,,,,\n")
    assert line == table.Line(2, {"years": "1", "language": "el", "e_mail": "a@b.example", "family_name": "Pop"}, ())


def test_what_stands_beside_the_table_is_told():
    assert read(b"e_mail,family_name,years\na,b,1,stray\n")[0].beside == (3,)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\n\n", "not even a row with headings"),
        (b"e_mail,years\n", "lacks these headings: family_name"),
        (b"name|mail\n", "lacks these headings: e_mail, family_name, years"),
        (b"e_mail,family_name,years,shoe_size\n", "not in the form of this call: shoe_size"),
        (b"e_mail,family_name,years,years\n", "stand twice: years"),
        (b"e_mail,family_name,years\na,b,1\n" + b"," * 200 + b"\n", "Row 3 has more than 200 columns"),
        (b'e_mail,family_name,years\na,b,"' + b"x" * 140_000, "Row 2 cannot be read"),
    ],
)  # fmt: skip
def test_a_table_of_another_shape_is_refused_with_the_reason(content, why):
    with pytest.raises(Invalid, match=why):
        read(content)


@pytest.mark.parametrize(("rows", "is_read"), [(5000, True), (5001, False)])
def test_five_thousand_rows_are_read_and_one_more_is_too_many(rows, is_read):
    content = b"e_mail,family_name,years\n" + b"a,b,1\n" * rows
    if is_read:
        assert len(read(content)) == rows
    else:
        with pytest.raises(Invalid, match="more than 5000 rows"):
            read(content)


def test_a_long_cell_is_told_at_its_place():
    (line,) = read(b"e_mail,family_name,years\na,b," + b"x" * 32_768)
    assert line.cells["years"] == Reason("The text is longer than {most} characters.", most=32_767)


@pytest.mark.parametrize(("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_named_as_spreadsheets_name_them(column, name):
    assert table.place(column) == name
