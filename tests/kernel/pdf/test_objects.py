"""What we write is read by a parser that is not ours."""

import io
from datetime import UTC, datetime, timedelta, timezone

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import generic

from inspire_lms.kernel.pdf.objects import Name, Objects, Raw, Ref, moment, numbered, row_at, stream, written

names = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12).map(Name)
leaves = st.one_of(st.text(max_size=30), st.integers(-(10**6), 10**6), st.booleans(), names, st.none())
values = st.recursive(
    leaves, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names.map(str), inner, max_size=4)), max_leaves=12
)


def plain(read):
    """Turn what the parser gives into what was written."""
    match read:
        case generic.NullObject():
            return None
        case generic.BooleanObject():
            return bool(read.value)
        case generic.NameObject():
            return Name(str(read)[1:])
        case generic.NumberObject():
            return int(read)
        case generic.TextStringObject():
            return str(read)
        case generic.ByteStringObject():
            return bytes(read).decode("latin-1")
        case generic.ArrayObject():
            return [plain(one) for one in read]
        case generic.DictionaryObject():
            return {str(key)[1:]: plain(one) for key, one in read.items()}
    raise AssertionError(read)


def parsed(body: bytes):
    return generic.read_object(io.BytesIO(body + b" "), None)


@given(values)
def test_what_is_written_is_read_as_it_was(value):
    assert plain(parsed(written(value))) == value


@pytest.mark.parametrize(
    ("value", "as_bytes"),
    [
        (Name("application/vc+jwt"), b"/application#2Fvc#2Bjwt"),
        ("Ștefan", b"<FEFF021800740065006600610 06E>".replace(b" ", b"")),
        ("a(b", b"<FEFF006100280062>"),
        ("plain", b"(plain)"),
        (b"\x00\xff", b"<00FF>"),
        (1.5, b"1.5"),
        (0.1234567, b"0.123"),
        (2.0, b"2"),
        (Raw(b"/As /It /Is"), b"/As /It /Is"),
        (Ref(7), b"7 0 R"),
    ],
)
def test_a_value_has_one_way_of_being_written(value, as_bytes):
    assert written(value) == as_bytes


def test_a_moment_is_written_in_utc():
    assert moment(datetime(2026, 11, 20, 10, 30, 5, tzinfo=timezone(timedelta(hours=2)))) == b"(D:20261120083005+00'00')"


@given(st.lists(values.filter(lambda one: one is not None), min_size=1, max_size=8), st.binary(max_size=200))
def test_a_file_of_any_objects_is_read_back_whole(gathered, content):
    objects = Objects()
    pages = objects.add({"Type": Name("Pages"), "Kids": [], "Count": 0})
    refs = [objects.add(one) for one in gathered]
    held = objects.add_stream({"Of": "the test"}, content)
    table = objects.reserve()
    root = objects.add({"Type": Name("Catalog"), "Pages": pages, "Held": held, "All": refs})
    block, rows = objects.closed()
    rows[table.number] = row_at(len(block))
    end = numbered(table.number, stream({"Type": Name("XRef"), "Size": len(rows), "W": [1, 3, 2], "Root": root}, b"".join(rows)))
    pdf = block + end + b"startxref\n%d\n%%%%EOF\n" % len(block)
    read = pypdf.PdfReader(io.BytesIO(pdf), strict=True).trailer["/Root"]
    assert [plain(one.get_object()) for one in read["/All"]] == gathered
    assert read["/Held"].get_data() == content
    assert read["/Held"]["/Of"] == "the test"


def test_utc_is_kept():
    assert moment(datetime(2027, 1, 1, tzinfo=UTC)) == b"(D:20270101000000+00'00')"
