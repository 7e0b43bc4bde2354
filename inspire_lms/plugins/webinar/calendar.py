"""Webinars in, iCalendar bytes out (RFC 5545, and RFC 5546 for invitations). Values only: no rows, no languages.

The bytes of an entry depend on nothing but the entry, so that a feed and its ETag change when a webinar does and
not at every request; they are kept in the process.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from inspire_lms.plugins.webinar.calendars.zones import vtimezone

PRODUCT = "-//INSPIRE PA//inspire_lms//EN"
FIRST_YEAR_BEFORE, LAST_YEAR_AFTER = 1, 2
"""For which years around the entries the rules of summer time are given; all since 1970 would weigh 3 kB."""
ASK_EVERY = timedelta(hours=1)
"""How often a subscriber is asked to look again."""


@dataclass(frozen=True)
class Entry:
    """One webinar in somebody's calendar; texts are in that person's language."""

    uid: str
    """The same for life."""
    sequence: int
    """Grows with every change."""
    local: datetime
    """Start on the wall clock of *zone*; naive."""
    zone: str
    """IANA name."""
    minutes: int
    summary: str
    description: str
    location: str
    address: str
    """The page of the webinar, not that of the meeting."""
    changed_at: datetime
    """UTC."""
    is_cancelled: bool = False


@dataclass(frozen=True)
class Mailbox:
    """Somebody who sends or gets an invitation."""

    name: str
    address: str


def feed(entries: Iterable[Entry], title: str) -> bytes:
    """Write a calendar to which one subscribes, with all *entries*, cancelled ones included."""
    listed = tuple(sorted(entries, key=lambda one: (one.local, one.uid)))
    head = _head((("NAME", title), ("X-WR-CALNAME", title)), refresh=True)
    return head + _zones(listed) + b"".join(_event(one) for one in listed) + b"END:VCALENDAR\r\n"


def invitation(entry: Entry, organizer: Mailbox, guest: Mailbox) -> bytes:
    """Write the part of a mail that puts one webinar into a calendar: method REQUEST, or CANCEL for a cancelled one."""
    head = _head((), method=method(entry))
    return head + _zones((entry,)) + _event(entry, organizer, guest) + b"END:VCALENDAR\r\n"


def method(entry: Entry) -> str:
    """Say what the mail asks of the calendar."""
    return "CANCEL" if entry.is_cancelled else "REQUEST"


def _head(names: Iterable[tuple[str, str]], *, method: str = "", refresh: bool = False) -> bytes:
    from icalendar import Calendar  # slow import

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    for name, value in names:
        calendar.add(name, value)
    if refresh:
        calendar.add("refresh-interval", ASK_EVERY, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    whole = calendar.to_ical(sorted=False)
    return bytes(whole.removesuffix(b"END:VCALENDAR\r\n"))


def _zones(entries: tuple[Entry, ...]) -> bytes:
    used = {one.zone for one in entries}
    years = [one.local.year for one in entries]
    return b"".join(vtimezone(each, min(years) - FIRST_YEAR_BEFORE, max(years) + LAST_YEAR_AFTER) for each in sorted(used))


@lru_cache(maxsize=4096)
def _event(entry: Entry, organizer: Mailbox | None = None, guest: Mailbox | None = None) -> bytes:
    from icalendar import Event, vCalAddress, vText  # slow import

    event = Event()
    start = entry.local.replace(tzinfo=ZoneInfo(entry.zone))
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=entry.minutes))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("location", entry.location)
    event.add("url", entry.address)
    event.add("transp", "TRANSPARENT" if entry.is_cancelled else "OPAQUE")
    if organizer and guest:
        sender = vCalAddress(f"mailto:{organizer.address}")
        sender.params["CN"] = vText(organizer.name)
        event["organizer"] = sender
        attendee = vCalAddress(f"mailto:{guest.address}")
        attendee.params["CN"] = vText(guest.name)
        attendee.params["CUTYPE"] = vText("INDIVIDUAL")
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
        attendee.params["RSVP"] = vText("FALSE")
        event["attendee"] = attendee
    return bytes(event.to_ical(sorted=False))
