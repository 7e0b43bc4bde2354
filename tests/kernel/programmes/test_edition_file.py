"""An edition file is read whole, and every mistake in it is said with its line."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspire_lms.kernel.errors import Invalid, Reason
from inspire_lms.kernel.programmes.edition_file import Table, WrongFile, read

SMALL = """\
# a comment with [brackets] and a = sign
code = "pilot"
seats = 20
weight = 12.50
open = true
title = { en = "Pilot", it = "Pilota" }
starts = 2027-01-12T10:00:00
on = 2027-01-12
at = 10:30:00
skip = [
  2027-02-16,  # carnival
  2027-03-02,
]
needs = [
  { en = "A computer", it = "Un computer" },
  { en = "A webcam", it = "Una webcam" },
]
about = \"\"\"
Two lines,
one [not a table], one = sign.\"\"\"

[call]
closes = 2027-01-05T12:00:00

[[country]]
code = "IT"
[country.call]
seats = 18

[[country]]
code = "GR"
[[country.criterion]]
code = "relevance"
[[country.criterion]]
code = "motivation"
"""


def test_each_kind_of_value_comes_out_as_what_it_is() -> None:
    root = read(SMALL)
    root.languages = ("en", "it")
    root.zone = "Europe/Rome"
    assert (
        root.code("code"),
        root.whole("seats"),
        root.decimal("weight"),
        root.flag("open"),
        root.words("title"),
        root.moment("starts"),
        root.day("on"),
        root.clock_time("at"),
        root.days("skip"),
        root.words_list("needs"),
        root.text("about"),
    ) == (
        "pilot",
        20,
        Decimal("12.50"),
        True,
        {"en": "Pilot", "it": "Pilota"},
        datetime(2027, 1, 12, 9, 0, tzinfo=UTC),
        date(2027, 1, 12),
        time(10, 30),
        [date(2027, 2, 16), date(2027, 3, 2)],
        [{"en": "A computer", "it": "Un computer"}, {"en": "A webcam", "it": "Una webcam"}],
        "Two lines,\none [not a table], one = sign.",
    )


def test_whole_weeks_move_every_date_and_keep_the_wall_clock_through_summer_time() -> None:
    root = read("starts = 2027-03-16T10:00:00\nskip = [2027-03-16]\non = 2027-03-16\n", shift_weeks=3)
    assert (root.moment("starts", zone="Europe/Athens"), root.days("skip"), root.day("on")) == (
        datetime(2027, 4, 6, 7, 0, tzinfo=UTC),
        [date(2027, 4, 6)],
        date(2027, 4, 6),
    )


@pytest.mark.parametrize(
    ("line", "read_it", "reason"),
    [
        ("seats = -1", lambda t: t.whole("seats"), "“seats” lies between 0 and 1000000."),
        ("seats = 0", lambda t: t.whole("seats"), None),
        ("seats = 1001", lambda t: t.whole("seats", most=1000), "“seats” lies between 0 and 1000."),
        ("seats = 1000", lambda t: t.whole("seats", most=1000), None),
        ("seats = 20.0", lambda t: t.whole("seats"), "“seats” is a whole number."),
        ("seats = true", lambda t: t.whole("seats"), "“seats” is a whole number."),
        ("weight = 'ten'", lambda t: t.decimal("weight"), "“weight” is a number."),
        ("weight = nan", lambda t: t.decimal("weight"), "“weight” is a number."),
        ("weight = 100.01", lambda t: t.decimal("weight", most=Decimal(100)), "“weight” lies between 0 and 100."),
        ("weight = 100", lambda t: t.decimal("weight", most=Decimal(100)), None),
        ('open = "true"', lambda t: t.flag("open"), "“open” is true or false, without quotes."),
        ('name = "abc"', lambda t: t.text("name", most=2), "“name” is longer than 2 characters."),
        ('name = "ab"', lambda t: t.text("name", most=2), None),
        ('name = "ab"', lambda t: t.text("name", most=1), "“name” is longer than one character."),
        ('name = "  "', lambda t: t.text("name"), "“name” is empty."),
        ("name = 3", lambda t: t.text("name"), "“name” is a text in quotes."),
        (
            'name = "final test"',
            lambda t: t.code("name"),
            "“name” is a code: at most 40 letters, digits and hyphens, for example final-test.",
        ),
        ('kind = "finl"', lambda t: t.choice("kind", ("final", "pre")), "“kind” cannot be “finl”; did you mean “final”?"),
        ('kind = "x"', lambda t: t.choice("kind", ("final", "pre")), "“kind” is one of: final, pre."),
        ('kinds = ["final", "x"]', lambda t: t.choices("kinds", ("final", "pre")), "“kinds” is one of: final, pre."),
        ('kinds = "final"', lambda t: t.choices("kinds", ("final",)), "“kinds” is a list in square brackets."),
        ("names = ['a', 2]", lambda t: t.texts("names"), "“names” is a text in quotes."),
        ('on = "12 January"', lambda t: t.day("on"), "“on” is a date, for example 2027-01-12."),
        ("on = 2027-01-12T10:00:00", lambda t: t.day("on"), "“on” is a date, for example 2027-01-12."),
        ("on = 1999-12-31", lambda t: t.day("on"), "“on” lies between the years 2000 and 2100."),
        ("on = 2000-01-01", lambda t: t.day("on"), None),
        ("starts = 2101-01-01T00:00:00", lambda t: t.moment("starts"), "“starts” lies between the years 2000 and 2100."),
        ("starts = 2100-12-31T23:59:59", lambda t: t.moment("starts"), None),
        ("at = 10", lambda t: t.clock_time("at"), "“at” is a time of day, for example 10:00:00."),
        ("starts = 2027-01-12", lambda t: t.moment("starts"), "“starts” is a date with a time, for example 2027-01-12T10:00:00."),
        (
            "starts = 2027-01-12T10:00:00Z",
            lambda t: t.moment("starts"),
            "“starts” is local time: leave out the offset, the zone of the country applies.",
        ),
        (
            "starts = 2027-03-28T02:30:00",
            lambda t: t.moment("starts", zone="Europe/Rome"),
            "This time does not exist in Europe/Rome: the clocks are put forward then.",
        ),
        ("starts = 2027-03-28T03:00:00", lambda t: t.moment("starts", zone="Europe/Rome"), None),
        (
            "starts = 2027-10-31T02:30:00",
            lambda t: t.moment("starts", zone="Europe/Rome"),
            "This time happens twice in Europe/Rome: the clocks are put back then.",
        ),
        ("starts = 2027-10-31T03:00:00", lambda t: t.moment("starts", zone="Europe/Rome"), None),
        ('title = "Pilot"', lambda t: t.words("title"), '“title” is a text per language, for example { en = "…", it = "…" }.'),
        ('title = { it = "Pilota" }', lambda t: t.words("title"), "“title” has no text in: en."),
        ('title = { en = " " }', lambda t: t.words("title"), "“title” has no text in: en."),
        ('title = { en = "Pilot" }', lambda t: t.words("title", most=4), "“title” is longer than 4 characters."),
        ("call = 3", lambda t: t.table("call"), "“call” is a table of its own."),
        ("country = 3", lambda t: t.tables("country"), "“country” stands in double square brackets, once for each."),
        ("", lambda t: t.tables("country", least=1), "At least one “country” is needed."),
        ("", lambda t: t.table("call"), "The table “call” is missing."),
        ("", lambda t: t.text("name"), "“name” is missing."),
        ("", lambda t: t.words("title"), "“title” is missing."),
        ("", lambda t: t.days("skip"), "“skip” is missing."),
        ("sets = 2", lambda t: t.whole("seats", default=3), "There is no “sets” here; did you mean “seats”?"),
        ("colour = 2", lambda t: t.whole("seats", default=3), "There is no “colour” here."),
    ],
)
def test_a_wrong_value_is_explained(line, read_it, reason):
    root = read(f"# first\n{line}\n")
    read_it(root)
    there = 2 if line else 1
    assert [(one.line, str(one.reason)) for one in root.mistakes()] == ([] if reason is None else [(there, reason)])


def test_all_mistakes_come_together_in_the_order_of_the_lines() -> None:
    root = read(SMALL.replace("seats = 18", "seets = 18").replace('code = "relevance"', "code = 7").replace("2027-03-02", "'soon'"))
    _read_small(root)
    with pytest.raises(Invalid) as caught:
        root.finish()
    assert [str(one) for one in caught.value.reasons.values()] == [
        "Line 12: “skip” is a date, for example 2027-01-12.",
        "Line 28: There is no “seets” here; did you mean “seats”?",
        "Line 33: “code” is a code: at most 40 letters, digits and hyphens, for example final-test.",
    ]


def test_a_table_laid_over_another_answers_first_and_the_mistake_stands_where_the_value_stands() -> None:
    root = read('[call]\nseats = 20\nrule = "x"\n\n[[country]]\n[country.call]\nseats = 18\n')
    common = root.table("call")
    own = root.tables("country")[0].table("call").over(common)
    assert (own.whole("seats"), own.choice("rule", ("a", "b")), own.has("closes")) == (18, "a", False)
    assert [str(one) for one in root.mistakes()] == ["line 3: “rule” is one of: a, b."]


def test_the_languages_of_the_countries_are_asked_for_in_every_table_below() -> None:
    root = read('[call]\ntitle = { en = "Call", it = "Avviso" }\n')
    root.languages = ("en", "it", "el")
    root.table("call").words("title")
    assert [str(one) for one in root.mistakes()] == ["line 2: “title” has no text in: el."]


def test_only_languages_of_the_site_may_stand_in_a_text():
    root = read('title = { en = "Pilot", gr = "x" }\n[about]\nen = "x"\n\nenn = "x"\n')
    root.file.known["language"] = ("en", "el")
    root.words("title")
    root.words("about")
    assert [str(one) for one in root.mistakes()] == [
        "line 1: “gr” is no language of this site; there are: en, el.",
        "line 5: “enn” is no language of this site; there are: en, el.",
    ]


def test_a_problem_that_only_the_reader_knows_has_its_line_too() -> None:
    root = read("[call]\n\nseats = 3\n")
    call = root.table("call")
    call.whole("seats")
    call.problem("seats", Reason("Too few."))
    call.problem("", Reason("Nobody may apply."))
    assert [(one.line, one.path, str(one.reason)) for one in root.mistakes()] == [
        (1, "call", "Nobody may apply."),
        (3, "call.seats", "Too few."),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = 1\nb =\nc = 3\n", "Line 2: The value is missing or is not written as TOML asks; texts stand in quotes."),
        ("a = 1\na = 2\n", "Line 2: This key stands twice in its table."),
        ("[a]\n[b]\n[a]\n", "Line 3: This table stands twice in the file."),
        ("a = 1\nb 2\n", "Line 2: After a key comes “=” and a value."),
        ('a = "x\nb = 1\n', "Line 1: There is a letter here that a text in single lines cannot have; perhaps a quote is not closed."),
        ("a = [1, 2\nb = 3\n", "Line 2: A list is not closed, or a comma is missing in it."),
        ('a = 1\nt = { en = "x" it = "y" }\n', "Line 2: A brace is not closed, or a comma is missing between its texts."),
        ("a = 1 b = 2\n", "Line 1: There is something more after the end of a value."),
        ("x = 1\non = 2027-02-30\n", "Line 2: This date or time does not exist."),
        ("x = 1\né = 2\n", "Line 2: A key is missing here, or has a letter that needs quotes."),
    ],
)
def test_what_is_not_toml_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(text)
    assert [str(one) for one in caught.value.reasons.values()] == [said]


@pytest.mark.parametrize("text", ["a = " + "[" * 5000 + "]" * 5000, "a = " + "9" * 5000])
def test_what_no_reader_can_hold_is_refused(text):
    with pytest.raises(WrongFile) as caught:
        read(text)
    assert [str(one) for one in caught.value.problems] == ["line 1: The file holds a number or a nesting that cannot be read."]


def test_a_file_saved_on_windows_reads_the_same() -> None:
    root = read("\ufeff" + SMALL.replace("\n", "\r\n"))
    root.languages = ("en", "it")
    _read_small(root)
    assert root.mistakes() == ()


keys = st.text("abcdefgh", min_size=1, max_size=6)
spelled_values = st.sampled_from(["1", "2.5", '"a # b"', "'c = d'", "[1, 2]", "[\n  1,\n\n  2,\n]", '"""x\n[y]\nz = 1"""', "{ en = 'x' }", "2027-01-01"])


@st.composite
def written_files(draw: st.DrawFn) -> tuple[str, list[tuple[int, str]]]:
    """Write a file of many tables; say on which line each key stands."""
    lines: list[str] = []
    where: list[tuple[int, str]] = []
    for number in range(draw(st.integers(1, 4))):
        header = draw(st.sampled_from([f"[t{number}]", "[[many]]", f"[ t{number} . 'below' ]"])) if number else "# top"
        lines += ["", header]
        for key in draw(st.lists(keys, unique=True, max_size=4)):
            where.append((len(lines) + 1, key))
            lines += f"{key} = {draw(spelled_values)}{draw(st.sampled_from(['', '  # why']))}".split("\n")
    return "\n".join(lines) + "\n", where


@given(written_files())
def test_every_key_that_nobody_reads_is_reported_on_its_own_line(written: tuple[str, list[tuple[int, str]]]) -> None:
    text, where = written
    root = read(text)
    _visit(root, text)
    assert [(one.line, one.path.split(".")[-1]) for one in root.mistakes()] == where


def _visit(root: Table, text: str) -> None:
    """Ask for the tables, never for a key."""
    for number in range(1, 4):
        if f"t{number}" in text:
            root.table(f"t{number}").table("below", optional=True)
    root.tables("many")


def _read_small(root: Table) -> None:
    for key, how in {"code": root.code, "seats": root.whole, "weight": root.decimal, "open": root.flag, "title": root.words}.items():
        how(key)
    for name, way in {"starts": root.moment, "on": root.day, "at": root.clock_time, "skip": root.days, "needs": root.words_list}.items():
        way(name)
    root.text("about")
    root.table("call").moment("closes")
    for country in root.tables("country"):
        country.code("code")
        country.table("call", optional=True).whole("seats", default=1)
        for criterion in country.tables("criterion"):
            criterion.code("code")
