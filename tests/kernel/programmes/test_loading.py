"""An edition is loaded whole or not at all, and loaded again it is brought up to date."""

import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from inspire_lms.kernel.curriculum import queries as curriculum
from inspire_lms.kernel.curriculum.models import Framework
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Message, Reason, Refused
from inspire_lms.kernel.plugin import EditionPart, Plugin
from inspire_lms.kernel.programmes import actions, loading, queries
from inspire_lms.kernel.programmes.edition_file import WrongFile
from inspire_lms.kernel.programmes.models import Cohort, Edition, Programme
from tests.builders import a_person

COUNTS = (Programme, Edition, Cohort, Framework)


def counts():
    session.rollback()
    return [session.scalar(select(func.count()).select_from(table)) for table in COUNTS]


def said(text):
    return [str(one) for one in loading.mistakes_in(text.encode())]


def line_with(text, part):
    return next(number for number, line in enumerate(text.split("\n"), start=1) if part in line)


def test_the_sample_makes_a_programme_an_edition_three_cohorts_and_eight_units(app, kernel_file):
    edition = loading.load(kernel_file, by=None)
    cohorts = queries.cohorts(edition.id)
    units = curriculum.units(edition.framework_id)
    work = curriculum.workload(edition.framework_id)
    assert counts() == [1, 1, 3, 1]
    assert [(one.country, one.language, one.zone, one.seats, one.taken, one.zone_name["ro"]) for one in cohorts] == [
        ("IT", "it", "Europe/Rome", 20, 0, "ora Italiei"),
        ("GR", "el", "Europe/Athens", 20, 0, "ora Greciei"),
        ("RO", "ro", "Europe/Bucharest", 20, 0, "ora României"),
    ]
    assert [(one.number, [(each.place, each.competence.code, each.level.number) for each in one.outcomes]) for one in units[:2]] == [
        (1, [(1, "ethics", 2), (2, "ethics", 2)]),
        (2, [(1, "systems", 2), (2, "systems", 2), (3, "systems", 3)]),
    ]
    assert (len(units), work.live, work.study, work.total) == (8, 960, 1440, 2400)
    competences = curriculum.competences(edition.framework_id)
    assert len(competences) == 8
    assert {one.code: [(it["url"], it["framework"]) for it in one.alignments] for one in competences if one.alignments} == {
        "partnership": [("http://data.europa.eu/esco/skill/326809fc-238d-40c2-881e-40042f7f2f0d", "ESCO")]
    }
    assert [one.number for one in curriculum.levels(edition.framework_id)] == [1, 2, 3, 4]
    assert (edition.is_sample, queries.has_sample(), edition.starts_on) == (True, True, date(2027, 2, 16))


def test_whole_weeks_move_the_dates_of_the_edition(app, kernel_file):
    edition = loading.load(kernel_file, by=None, shift_weeks=-12)
    assert (edition.starts_on, edition.ends_on) == (date(2026, 11, 24), date(2027, 1, 21))


@pytest.mark.parametrize(
    ("right", "wrong", "reason"),
    [
        ('zone = "Europe/Athens"', 'zone = "Europe/Atens"', "There is no time zone “Europe/Atens”; did you mean “Europe/Athens”?"),
        ('zone = "Europe/Athens"', 'zone = "xxxxxxx"', "There is no time zone “xxxxxxx”; one is Europe/Rome."),
        ('language = "el"', 'language = "sl"', "“sl” has no folder of translations; there are: en, el, it, ro."),
        ('code = "GR"', 'code = "Greece"', "A country has two capital letters, for example RO."),
        ('code = "GR"', 'code = "IT"', "“IT” stands twice."),
        ("starts = 2027-02-16", "starts = 2027-04-16", "The edition ends before it starts."),
        ('number = 3\ntitle = { en = "Needs', 'number = 2\ntitle = { en = "Needs', "“2” stands twice."),
        ('competence = "leadership"\nlevel = 3', 'competence = "leadership"\nlevel = 7', "There is no level 7 in the framework."),
        ('competence = "leadership"\nlevel = 3', 'competence = "leadrship"\nlevel = 3', "“competence” cannot be “leadrship”; did you mean “leadership”?"),
        ('url = "http://data.europa.eu/esco', 'url = "data.europa.eu/esco', "“url” is a whole web address, for example https://example.org/skills/7."),
        ('url = "http://data.europa.eu/esco', 'url = "javascript:/esco', "“url” is a whole web address, for example https://example.org/skills/7."),
        ('framework = "ESCO"', 'framwork = "ESCO"', "There is no “framwork” here; did you mean “framework”?"),
        ("sample = true", "samlpe = true", "There is no “samlpe” here; did you mean “sample”?"),
        ("[programme.aim]", "[programme.aims]", "There is no “aims” here; did you mean “aim”?"),
    ],
)
def test_a_mistake_is_said_with_its_line_and_nothing_is_loaded(app, kernel_file, right, wrong, reason):
    assert kernel_file.count(right) >= 1
    text = kernel_file.replace(right, wrong, 1)
    changed = next(pair[1] for pair in zip(right.split("\n"), wrong.split("\n"), strict=True) if pair[0] != pair[1])
    found = said(text)
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if line.startswith(changed)]
    near = {f"line {line + more}: {reason}" for line in lines for more in (0, 1)}
    assert near & set(found), found
    with pytest.raises(WrongFile):
        loading.load(text, by=None)
    assert counts() == [0, 0, 0, 0]


def test_every_mistake_is_said_at_once_in_the_order_of_the_lines(app, kernel_file):
    text = kernel_file.replace("seats = 20", "seets = 20").replace(', ro = "Italia" }', " }", 1)
    expected = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line == "seets = 20":
            expected.append(f"line {number}: There is no “seets” here; did you mean “seats”?")
        elif line.endswith('el = "Ιταλία" }'):
            expected.append(f"line {number}: “name” has no text in: ro.")
    assert said(text) == expected
    assert len(expected) == 4


def test_a_text_needs_the_language_of_every_country(app, kernel_file):
    text = kernel_file.replace(', ro = "Gândire sistemică" }', " }")
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if line.endswith('el = "Συστημική σκέψη" }')]
    assert said(text) == [f"line {number}: “title” has no text in: ro." for number in lines]
    assert len(lines) == 2


def test_a_competence_that_no_unit_teaches_is_a_mistake(app, kernel_file):
    text = kernel_file.replace('competence = "ethics"', 'competence = "systems"')
    assert said(text) == [f"line {line_with(text, 'code = ' + chr(34) + 'ethics')}: No unit has a learning outcome for “ethics”."]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"a = 1\nb = \xe8\n", "line 2: The file is not written in UTF-8. Save it again with that encoding."),
        (b"# " + b"x" * 1_000_000, "line 1: The file has more than 1000 kB; an edition needs far less."),
        (b"a = 1\nb =\n", "line 2: The value is missing or is not written as TOML asks; texts stand in quotes."),
    ],
)
def test_a_file_that_cannot_be_read_at_all_says_where_it_stops(app, raw, reason):
    assert [str(one) for one in loading.mistakes_in(raw)] == [reason]


def test_an_empty_file_says_which_tables_are_missing(app):
    assert sorted(one for one in said("") if "table" in one or "least one" in one) == [
        "line 1: At least one “competence” is needed.",
        "line 1: At least one “country” is needed.",
        "line 1: At least one “unit” is needed.",
        "line 1: The table “edition” is missing.",
        "line 1: The table “framework” is missing.",
        "line 1: The table “programme” is missing.",
    ]


def test_loaded_again_texts_and_dates_change_and_nothing_is_doubled(app, kernel_file):
    first = loading.load(kernel_file, by=None).id
    before = counts()
    text = kernel_file.replace("Pilot course 2027", "Pilot course, corrected").replace("ends = 2027-04-15", "ends = 2027-04-22")
    text = text.replace("study_minutes = 180", "study_minutes = 200")
    again = loading.load(text, by=None)
    assert (again.id, again.title["en"], again.ends_on, counts()) == (first, "Pilot course, corrected", date(2027, 4, 22), before)
    assert curriculum.workload(again.framework_id).study == 1600


def test_a_country_may_be_added_later(app, kernel_file):
    edition = loading.load(kernel_file, by=None)
    loading.load(kernel_file + country("CY", "el", "Asia/Nicosia"), by=None)
    assert [one.country for one in queries.cohorts(edition.id)] == ["IT", "GR", "RO", "CY"]


def country(code, language, zone):
    """A country that speaks a language which the file has already."""
    names = "{ en = 'x', it = 'x', el = 'x', ro = 'x' }"
    return f"\n[[country]]\ncode = '{code}'\nlanguage = '{language}'\nzone = '{zone}'\nseats = 5\nname = {names}\nzone_name = {names}\n"


def test_what_people_rely_on_cannot_change_any_more(app, kernel_file):
    edition = loading.load(kernel_file, by=None)
    rome = queries.cohorts(edition.id)[0].id
    for _each in range(2):
        actions.enrol(rome, a_person().id, by=None)
    head, tail = kernel_file.split('code = "IT"')
    text = head + 'code = "IT"' + tail.replace("seats = 20", "seats = 1", 1).replace("Europe/Rome", "Europe/Malta")
    seats, zone = line_with(text, "seats = 1\n".strip()), line_with(text, "Europe/Malta")
    assert said(text) == sorted(
        [
            f"line {seats}: 2 seats are taken already; there cannot be fewer.",
            f"line {zone}: People are enrolled and were told times in Europe/Rome; the zone cannot change now.",
        ],
        key=lambda one: int(re.findall(r"\d+", one)[0]),
    )


def test_a_value_that_is_wrong_already_is_not_compared_with_what_is_there(app, kernel_file):
    edition = loading.load(kernel_file, by=None)
    actions.enrol(queries.cohorts(edition.id)[0].id, a_person().id, by=None)
    text = kernel_file.replace("seats = 20", "seats = 'x'", 1).replace("Europe/Rome", "Europe/Room")
    assert said(text) == [
        f"line {line_with(text, 'Europe/Room')}: There is no time zone “Europe/Room”; did you mean “Europe/Rome”?",
        f"line {line_with(text, 'seats = ' + chr(39))}: “seats” is a whole number.",
    ]


def test_a_country_and_a_unit_that_are_there_cannot_be_left_out(app, kernel_file):
    loading.load(kernel_file, by=None)
    romania = kernel_file.index('[[country]]\ncode = "RO"')
    assert any("RO is in this edition already" in one for one in said(kernel_file[:romania]))
    eighth, countries = kernel_file.index("[[unit]]\nnumber = 8"), kernel_file.index("[[country]]")
    without = (kernel_file[:eighth] + kernel_file[countries:]).replace('competence = "evaluation"', 'competence = "leadership"', 1)
    with pytest.raises(Refused, match="“8” is in use already"):
        loading.load(without, by=None)


@pytest.fixture
def seen():
    return []


class TestWithAPluginThatReads:
    """A plugin reads its own tables, common and per country."""

    @pytest.fixture
    def installed(self, seen):
        def read(common, countries):
            value = {code: table.over(common).moment("rings") for code, table in countries.items()}
            for code, table in countries.items():
                if table.has("bells") and table.whole("bells") > 3:
                    table.problem("bells", Reason("Too many bells."))
                assert table.languages == ("en", {"IT": "it", "GR": "el", "RO": "ro"}[code])
            return value

        def load(edition_id, value, by):
            seen.append((edition_id, {code: at.isoformat() for code, at in value.items()}, by))
            if by is not None:
                raise Refused(Reason("The bells have rung."))

        return [Plugin("belfry", Message("Belfry"), Message("Bells."), edition=EditionPart("belfry", read, load))]

    def test_each_country_reads_the_common_time_on_its_own_clock(self, app, kernel_file, seen):
        text = kernel_file + "\n[country.belfry]\nrings = 2027-03-30T09:30:00\n[belfry]\nrings = 2027-03-30T10:00:00\n"
        edition = loading.load(text, by=None)
        rings = {"IT": "2027-03-30T08:00:00+00:00", "GR": "2027-03-30T07:00:00+00:00", "RO": "2027-03-30T06:30:00+00:00"}
        assert seen == [(edition.id, rings, None)]

    def test_its_mistakes_stand_among_the_others_and_nobody_reads_further(self, app, kernel_file, seen):
        text = kernel_file + "\n[country.belfry]\nbells = 4\ncolour = 1\n[belfry]\nrings = 2027-03-28T03:30:00\n[belfrey]\n"
        last = text.count("\n")
        assert said(text) == [
            f"line {last - 4}: Too many bells.",
            f"line {last - 3}: There is no “colour” here.",
            f"line {last - 1}: This time does not exist in Europe/Athens: the clocks are put forward then.",
            f"line {last - 1}: This time does not exist in Europe/Bucharest: the clocks are put forward then.",
            f"line {last}: There is no “belfrey” here; did you mean “belfry”?",
        ]
        assert (seen, counts()) == ([], [0, 0, 0, 0])

    def test_what_it_refuses_takes_everything_back(self, app, kernel_file):
        with pytest.raises(Refused, match="The bells have rung"):
            loading.load(kernel_file + "\n[belfry]\nrings = 2027-03-30T10:00:00\n", by=a_person().id)
        assert counts() == [0, 0, 0, 0]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10_000))
def test_a_misspelt_key_anywhere_is_reported_on_its_line(app, kernel_file, place):
    lines = kernel_file.split("\n")
    with_keys = [number for number, line in enumerate(lines) if re.match(r"[a-z_]+ = ", line)]
    number = with_keys[place % len(with_keys)]
    key = lines[number].split(" ")[0]
    lines[number] = lines[number].replace(key, f"{key}x", 1)
    found = loading.mistakes_in("\n".join(lines).encode())
    assert [one.line for one in found if f"“{key}x”" in str(one.reason)] == [number + 1]
