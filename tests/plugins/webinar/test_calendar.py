"""The feed and the invitations, read by two other parsers."""

from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from inspire_lms.plugins.webinar.calendar import Entry, Mailbox, feed, invitation
from inspire_lms.plugins.webinar.calendars.zones import vtimezone

CHANGED = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


def entry(**but):
    plain = {
        "uid": "3f6c@inspire.example",
        "sequence": 2,
        "local": datetime(2027, 3, 25, 15),  # noqa: DTZ001
        "zone": "Europe/Athens",
        "minutes": 120,
        "summary": "5. Στρατηγική διοίκηση; καινοτομία, «ανοικτή»",
        "description": "Εκπαιδεύτρια: Ελένη Σταμάτη\nΣυμμετοχή: https://inspire.example/webinar/5",
        "location": "Διαδικτυακά",
        "address": "https://inspire.example/webinar/5",
        "changed_at": CHANGED,
    }
    return Entry(**plain | but)


def test_another_parser_reads_the_same_webinar():
    found = vobject.readOne(feed([entry()], "INSPIRE PA").decode()).vevent
    athens = ZoneInfo("Europe/Athens")
    assert {
        "uid": found.uid.value,
        "sequence": found.sequence.value,
        "status": found.status.value,
        "summary": found.summary.value,
        "description": found.description.value,
        "location": found.location.value,
        "start": found.dtstart.value.astimezone(UTC),
        "end": found.dtend.value.astimezone(UTC),
        "changed": found.last_modified.value.astimezone(UTC),
    } == {
        "uid": entry().uid,
        "sequence": "2",
        "status": "CONFIRMED",
        "summary": entry().summary,
        "description": entry().description,
        "location": "Διαδικτυακά",
        "start": datetime(2027, 3, 25, 15, tzinfo=athens).astimezone(UTC),
        "end": datetime(2027, 3, 25, 17, tzinfo=athens).astimezone(UTC),
        "changed": CHANGED,
    }


@pytest.mark.parametrize(
    ("zone", "day", "utc_hour"),
    [
        ("Europe/Rome", (2027, 3, 25), 14),
        ("Europe/Rome", (2027, 4, 1), 13),
        ("Europe/Athens", (2027, 3, 25), 13),
        ("Europe/Athens", (2027, 4, 1), 12),
        ("Europe/Bucharest", (2027, 3, 25), 13),
        ("Europe/Bucharest", (2027, 4, 1), 12),
        ("Europe/Rome", (2026, 10, 22), 13),
        ("Europe/Rome", (2026, 10, 29), 14),
    ],
)
def test_the_rules_in_the_file_give_the_right_moment_on_both_sides_of_a_change(zone, day, utc_hour):
    local = datetime(*day, 15)  # noqa: DTZ001
    calendar = icalendar.Calendar.from_ical(feed([entry(zone=zone, local=local)], "x"))
    described = calendar.walk("VTIMEZONE")[0].to_tz(lookup_tzid=False)
    assert described.utcoffset(local) == timedelta(hours=15 - utc_hour)
    assert calendar.walk("VEVENT")[0]["DTSTART"].params["TZID"] == zone


def test_a_zone_is_two_yearly_rules():
    assert vtimezone("Europe/Rome", 2026, 2029).decode().split("\r\n") == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Rome",
        "BEGIN:DAYLIGHT",
        "DTSTART:20260329T020000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:20261025T030000",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "TZNAME:CET",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    ]


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Africa/Casablanca", "Europe/Dublin", "America/New_York", "Europe/Lisbon"])
def test_zones_without_two_yearly_rules_are_described_too(zone):
    here = ZoneInfo(zone)
    described = icalendar.Calendar.from_ical(
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + vtimezone(zone, 2026, 2028) + b"END:VCALENDAR\r\n"
    ).walk("VTIMEZONE")[0]
    moments = [datetime(2026, 1, 15, 12) + timedelta(days=9 * each) for each in range(110)]  # noqa: DTZ001
    assert [described.to_tz(lookup_tzid=False).utcoffset(each) for each in moments] == [here.utcoffset(each) for each in moments]


def test_a_cancelled_webinar_stays_in_the_feed():
    found = vobject.readOne(feed([entry(is_cancelled=True, sequence=3)], "x").decode()).vevent
    assert (found.status.value, found.sequence.value, found.uid.value) == ("CANCELLED", "3", entry().uid)


def test_an_unchanged_feed_is_the_same_to_the_byte():
    entries = [entry(uid=f"{each}@inspire.example") for each in range(8)]
    assert feed(entries, "x") == feed(reversed(entries), "x")


def test_no_line_is_longer_than_75_octets_and_all_end_with_crlf():
    lines = feed([entry(description="Ελληνικά, " * 60)], "Ημερολόγιο της Γεωργίας Παπαϊωάννου στο INSPIRE PA").split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line for line in lines)


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=200), st.text(alphabet="abț;,\\:\n\"'", max_size=60))
def test_any_text_comes_back_as_it_went_in(summary, description):
    found = icalendar.Calendar.from_ical(feed([entry(summary=summary, description=description)], "x")).walk("VEVENT")[0]
    assert (str(found.get("summary", "")), str(found.get("description", ""))) == (summary, description)


ORGANIZER = Mailbox("INSPIRE PA", "corso@inspire.example")
GUEST = Mailbox("Ștefania D'Angelo-Țurcanu", "s.turcanu@primarie.example.ro")


@pytest.mark.parametrize(("cancelled", "method", "status"), [(False, "REQUEST", "CONFIRMED"), (True, "CANCEL", "CANCELLED")])
def test_an_invitation_is_from_the_sender_to_one_guest(cancelled, method, status):
    calendar = icalendar.Calendar.from_ical(invitation(entry(is_cancelled=cancelled), ORGANIZER, GUEST))
    events = calendar.walk("VEVENT")
    assert len(events) == 1
    found = events[0]
    assert {
        "method": str(calendar["METHOD"]),
        "status": str(found["STATUS"]),
        "organizer": parseaddr(str(found["ORGANIZER"]).removeprefix("mailto:"))[1],
        "attendee": parseaddr(str(found["ATTENDEE"]).removeprefix("mailto:"))[1],
        "name": str(found["ATTENDEE"].params["CN"]),
        "uid": str(found["UID"]),
        "sequence": int(found["SEQUENCE"]),
    } == {
        "method": method,
        "status": status,
        "organizer": ORGANIZER.address,
        "attendee": GUEST.address,
        "name": GUEST.name,
        "uid": entry().uid,
        "sequence": 2,
    }
