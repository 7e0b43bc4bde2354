"""The door for reports: find out what was handed in, decode it, and check that it is of this webinar."""

import codecs
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from inspire_lms.kernel.errors import Reason, When
from inspire_lms.plugins.webinar.reports import bigbluebutton, tables
from inspire_lms.plugins.webinar.reports.meeting import LARGEST_REPORT, Report, unreadable

EARLIER, LATER = timedelta(minutes=60), timedelta(minutes=120)
"""How far around the scheduled time a connection may lie for the report to be of this webinar."""
_BINARY = {
    b"PK\x03\x04": "XLSX",
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "XLS",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"\x1f\x8b": "GZIP",
}
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read(content: bytes, *, starts_at: datetime, ends_at: datetime, zone: str) -> Report:
    """Read the report of the webinar from *starts_at* to *ends_at*; tables are on the wall clock of *zone*.

    Raises Invalid with a sentence that says what is wrong and where.
    """
    text = decoded(content)
    day = starts_at.astimezone(ZoneInfo(zone)).date()
    report = bigbluebutton.read(text) if text.lstrip()[:1] in {"{", "["} else tables.read(text, zone, day)
    if not report.connections:
        raise unreadable(Reason("The report has headings and not a single participant."))
    if not any(one.came_at < ends_at + LATER and one.left_at > starts_at - EARLIER for one in report.connections):
        first = min(one.came_at for one in report.connections)
        raise unreadable(Reason("This is the report of another meeting: it begins on {when}.", when=When(first, zone)))
    return report


def decoded(content: bytes) -> str:
    """Turn bytes into text by their mark, or by what they look like; raises Invalid for what is no text."""
    if not content.strip():
        raise unreadable(Reason("The file is empty."))
    if len(content) > LARGEST_REPORT:
        raise unreadable(Reason("The file is larger than {most} MB; a report of one webinar is not.", most=LARGEST_REPORT // 1_000_000))
    for start, kind in _BINARY.items():
        if content.startswith(start):
            raise unreadable(Reason("This is a {kind} file. Download the report as CSV, or from BigBlueButton as JSON.", kind=kind))
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None) or _without_mark(content)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise unreadable(
            Reason(
                "Line {line}: the letters of this file cannot be read. Download it again, without saving it in a spreadsheet in between.",
                line=line,
            )
        ) from error


def _without_mark(content: bytes) -> str:
    """Tell UTF-16 without a mark by the zeros at every second byte."""
    head = content[:2000]
    if head[1::2].count(0) * 2 > len(head[1::2]):
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) * 2 > len(head[::2]) else "utf-8"
