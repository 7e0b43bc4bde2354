"""Reports of three meeting tools, in several languages, with all that goes wrong in them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspire_lms.kernel.errors import Invalid
from inspire_lms.plugins.webinar.reports import moments, reading

SAMPLES = Path(__file__).parent / "reports"
ITALY = (datetime(2026, 11, 26, 14, tzinfo=UTC), "Europe/Rome")
GREECE = (datetime(2026, 11, 26, 14, tzinfo=UTC), "Europe/Athens")
ROMANIA = (datetime(2026, 11, 26, 8, tzinfo=UTC), "Europe/Bucharest")


def read(name, where):
    start, zone = where
    return reading.read((SAMPLES / name).read_bytes(), starts_at=start, ends_at=start + timedelta(hours=2), zone=zone)


def rows(report):
    return [(one.name, one.email, f"{one.came_at:%H:%M:%S}", f"{one.left_at:%H:%M:%S}") for one in report.connections]


def test_zoom_in_english_has_a_meeting_block_before_the_heading_and_a_waiting_room():
    report = read("zoom_english.csv", ITALY)
    assert (report.kind, report.left_out) == ("zoom", 1)
    assert rows(report) == [
        ("Paola Ferri", "paola.ferri@formazione.example.it", "13:48:10", "16:06:33"),
        ("Maria Rossi", "maria.rossi@comune.example.it", "13:58:00", "14:41:12"),
        ("Maria Rossi", "maria.rossi@comune.example.it", "14:39:30", "16:02:00"),
        ("Maria Rossi", "", "14:05:00", "16:01:10"),
        ("D'Angelo, Nicolò", "n.dangelo@regione.example.it", "13:59:40", "16:01:31"),
        ("giulia (Giulia Esposito)", "", "14:00:10", "15:20:00"),
        ("Huawei P30", "", "14:10:00", "16:00:50"),
        ("Ufficio Tecnico", "", "14:01:00", "16:02:00"),
        ("Luca Bianci", "", "13:55:00", "16:00:20"),
        ("Chiara Conti", "chiara.conti@provincia.example.it", "14:47:00", "16:03:00"),
        ("MARCO DE LUCA", "", "13:59:00", "16:00:00"),
    ]


def test_zoom_in_italian_has_semicolons_and_days_before_months():
    report = read("zoom_italian.csv", ITALY)
    assert (report.kind, report.left_out) == ("zoom", 1)
    assert rows(report) == [
        ("Paola Ferri", "paola.ferri@formazione.example.it", "13:48:10", "16:06:33"),
        ("Maria Rossi", "maria.rossi@comune.example.it", "13:58:00", "14:41:12"),
        ("Maria Rossi", "maria.rossi@comune.example.it", "14:39:30", "16:02:00"),
        ("D’Angelo Nicolò", "", "13:59:40", "16:01:31"),
        ("iPhone di Chiara", "", "14:47:00", "16:03:00"),
    ]


def test_teams_in_greek_is_utf_16_with_sections_and_greek_halves_of_the_day():
    report = read("teams_greek.csv", GREECE)
    assert report.kind == "teams"
    assert rows(report) == [
        ("Ελένη Σταμάτη", "e.stamati@katartisi.example.gr", "13:50:01", "16:04:40"),
        ("Παπαϊωάννου Γεώργιος", "g.papaioannou@dimos.example.gr", "13:58:20", "14:40:00"),
        ("Παπαϊωάννου Γεώργιος", "g.papaioannou@dimos.example.gr", "14:51:30", "16:01:02"),
        ("Αναστασία Κωνσταντίνου", "", "14:00:00", "16:00:00"),
        ("Anastasia Konstantinou", "", "14:30:00", "15:00:00"),
        ("Xiaomi Redmi Note", "", "14:05:00", "15:55:00"),
        ("Δημήτρης", "", "14:00:00", "16:00:00"),
    ]


def test_teams_says_an_address_once_and_it_counts_for_each_re_join_even_with_cedillas():
    assert rows(read("teams_romanian.csv", ROMANIA)) == [
        ("Dan Ciobotaru", "dan.ciobotaru@formare.example.ro", "07:50:01", "10:04:40"),
        ("Ştefania Ţurcanu", "stefania.turcanu@primarie.example.ro", "07:58:20", "09:02:00"),
        ("Ștefania Țurcanu", "stefania.turcanu@primarie.example.ro", "09:13:40", "10:01:02"),
        ("Ion Popescu", "", "08:00:00", "10:00:00"),
    ]


def test_headings_in_a_language_that_nobody_foresaw_are_told_by_what_stands_below():
    report = read("teams_headings_unknown.csv", ROMANIA)
    assert report.kind == "other"
    assert set(rows(report)) >= set(rows(read("teams_romanian.csv", ROMANIA))) - {
        ("Ştefania Ţurcanu", "stefania.turcanu@primarie.example.ro", "07:58:20", "09:02:00"),
        ("Ștefania Țurcanu", "stefania.turcanu@primarie.example.ro", "09:13:40", "10:01:02"),
    }


def test_bigbluebutton_has_connections_in_milliseconds_and_one_that_lasted_to_the_end():
    report = read("bigbluebutton.json", ROMANIA)
    assert report.kind == "bigbluebutton"
    assert rows(report) == [
        ("Dan Ciobotaru", "dan.ciobotaru@formare.example.ro", "07:50:00", "10:05:00"),
        ("Ștefania Țurcanu", "stefania.turcanu@primarie.example.ro", "07:58:20", "09:02:00"),
        ("Ștefania Țurcanu", "stefania.turcanu@primarie.example.ro", "09:13:40", "10:01:02"),
        ("Ion Popescu", "", "08:00:00", "10:00:00"),
        ("Samsung SM-A515F", "", "08:20:00", "09:59:00"),
    ]


@pytest.mark.parametrize(
    ("name", "where", "said"),
    [
        ("zoom_totals_only.csv", ITALY, "Line 1: the report has total minutes only"),
        ("zoom_broken_date.csv", ITALY, "Line 11: “soon after four” is not a date with a time"),
        ("zoom_left_before_joining.csv", ITALY, "Line 11: the person left before joining."),
        ("zoom_other_day.csv", ITALY, "This is the report of another meeting"),
        ("zoom_no_participant.csv", ITALY, "The report has headings and not a single participant."),
        ("saved_in_a_spreadsheet.csv", ITALY, "Line 3: the letters of this file cannot be read."),
        ("unknown_columns.csv", ITALY, "No row with the headings name, join time and leave time was found. The file begins with “Codice"),
        ("bigbluebutton_cut_off.json", ROMANIA, "Line 41, column 6: this is not complete JSON."),
        ("bigbluebutton_without_times.json", ROMANIA, "The user “w_ion” of the report has no readable times"),
        ("other.json", ROMANIA, "This JSON is not the learning analytics report of BigBlueButton"),
    ],
)
def test_a_broken_report_says_what_is_wrong_and_where(name, where, said):
    with pytest.raises(Invalid) as refused:
        read(name, where)
    assert str(refused.value.reasons["report"])[: len(said)] == said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b" \r\n ", "The file is empty."),
        (b"PK\x03\x04rest", "This is a XLSX file."),
        (b"%PDF-1.7", "This is a PDF file."),
        (b"a" * 2_000_001, "The file is larger than 2 MB"),
        ("Nome;E-mail".encode("utf-16")[:9], "Line 1: the letters of this file cannot be read."),
        (b"[1, 2]", "This JSON is not"),
        (b"{", "Line 1, column 2: this is not complete JSON."),
    ],
)
def test_a_file_of_another_kind_is_named(content, said):
    with pytest.raises(Invalid) as refused:
        reading.read(content, starts_at=ITALY[0], ends_at=ITALY[0] + timedelta(hours=2), zone="Europe/Rome")
    assert str(refused.value.reasons["report"])[: len(said)] == said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encoding_is_found_out(encoding):
    text = (SAMPLES / "zoom_italian.csv").read_text()
    start, zone = ITALY
    report = reading.read(text.encode(encoding), starts_at=start, ends_at=start + timedelta(hours=2), zone=zone)
    assert len(report.connections) == 5


TEN_TO_FOUR = datetime(2026, 11, 26, 15, 50, 4)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "order", "moment"),
    [
        ("11/26/2026 03:50:04 PM", "mdy", TEN_TO_FOUR),
        ("11/26/26, 3:50:04 PM", "mdy", TEN_TO_FOUR),
        ("26/11/2026 15:50:04", "dmy", TEN_TO_FOUR),
        ("26/11/26, 3:50:04 μ.μ.", "dmy", TEN_TO_FOUR),
        ("26.11.2026, 15:50:04", "dmy", TEN_TO_FOUR),
        ("26/11/2026, 15.50.04", "dmy", TEN_TO_FOUR),
        ("2026-11-26T15:50:04", "ymd", TEN_TO_FOUR),
        ("2026-11-26 15:50:04", "ymd", TEN_TO_FOUR),
        ("26 nov 2026 15:50:04", "dmy", TEN_TO_FOUR),
        ("giovedì 26 novembre 2026 15:50:04", "dmy", TEN_TO_FOUR),
        ("26 noiembrie 2026, 15:50:04", "dmy", TEN_TO_FOUR),
        ("26 Νοεμβρίου 2026, 3:50:04 μμ", "dmy", TEN_TO_FOUR),
        ("Nov 26, 2026 03:50:04 PM", "mdy", TEN_TO_FOUR),
        ("26/11/2026 12:00:00 π.μ.", "dmy", datetime(2026, 11, 26)),  # noqa: DTZ001
        ("26/11/2026 12:00:00 PM", "dmy", datetime(2026, 11, 26, 12)),  # noqa: DTZ001
        ("31/02/2026 10:00", "dmy", None),
        ("26/11/2026 25:00", "dmy", None),
        ("26/11/2026", "dmy", None),
        ("26/11/026 10:00", "dmy", None),
        ("26/11/2026 10:00 o'clock", "dmy", None),
        ("135", "dmy", None),
        ("", "dmy", None),
    ],
)
def test_a_moment_is_read_as_people_write_it(text, order, moment):
    assert moments.parsed(text, order) == moment


@pytest.mark.parametrize(
    ("day", "order"),
    [(datetime(2026, 12, 3).date(), "dmy"), (datetime(2026, 3, 12).date(), "mdy")],  # noqa: DTZ001
)
def test_the_third_of_december_and_the_twelfth_of_march_are_told_apart_by_the_day_of_the_webinar(day, order):
    assert moments.order_of(["03/12/2026 10:00", "03/12/2026 11:30"], day) == order


USER = '{"users": {"w_1": {"name": "Maria", "intIds": {"w_1_0": %s}}}}'
HEADS = "Name,Join Time,Leave Time\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"users": ' + "[" * 100_000, "No report of BigBlueButton holds a number as long, or brackets as deep, as this file."),
        ('{"users": ' + "9" * 5000 + "}", "No report of BigBlueButton holds a number as long, or brackets as deep, as this file."),
        ('{"users": {"w\\ud800": 5}}', "The user “w” of the report cannot be read."),
        (USER % '{"sessions": 5}', "The user “w_1” of the report has no readable times (registeredOn, leftOn)."),
        (USER % '{"sessions": "5"}', "The user “w_1” of the report has no readable times (registeredOn, leftOn)."),
        (HEADS + "x" * 131_073 + ",26/11/2026 15:00,26/11/2026 16:00", "Line 2 is too long for a line of a report."),
        (HEADS + '"Maria\n' + "x\n" * 140_000, "Line {line} is too long for a line of a report."),
        (HEADS + "Maria,01/01/0001 00:00,01/01/0001 00:30", "Line 2: “01/01/0001 00:00” is not a date with a time that can be read."),
        (HEADS + "Maria,31/12/9999 23:59,31/12/9999 23:59", "Line 2: “31/12/9999 23:59” is not a date with a time that can be read."),
    ],
)
def test_what_is_too_deep_too_long_or_of_another_kind_is_said(text, why):
    with pytest.raises(Invalid) as refused:
        reading.read(text.encode(), starts_at=ITALY[0], ends_at=ITALY[0] + timedelta(hours=2), zone="America/New_York")
    reason = refused.value.reasons["report"]
    assert str(reason) == why.format(**reason.values)


@given(st.binary(max_size=400))
def test_no_file_makes_the_reader_stumble(content):
    try:
        reading.read(content, starts_at=ITALY[0], ends_at=ITALY[0] + timedelta(hours=2), zone="Europe/Rome")
    except Invalid as refused:
        assert refused.reasons["report"]


@given(st.lists(st.lists(st.sampled_from(["Name", "Join time", "Leave time", "26/11/2026 15:00", "26/11/2026 16:00", "Maria", "", "1. X"]), max_size=5), max_size=8))
def test_no_table_makes_the_reader_stumble(table):
    content = "\n".join(";".join(row) for row in table).encode()
    try:
        reading.read(content, starts_at=ITALY[0], ends_at=ITALY[0] + timedelta(hours=2), zone="Europe/Rome")
    except Invalid as refused:
        assert refused.reasons["report"]
