"""Reports that are tables: Zoom's CSV and the tab-separated sections of Teams, in any language."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from inspire_lms.kernel.errors import Invalid, Reason
from inspire_lms.plugins.webinar.reports import headings, moments
from inspire_lms.plugins.webinar.reports.headings import EMAIL, JOINED, LEFT, MINUTES, NAME, WAITING
from inspire_lms.plugins.webinar.reports.meeting import OTHER, TEAMS, ZOOM, Connection, Report, unreadable

DELIMITERS = ("\t", ";", ",")
_SECTION = re.compile(r"^\d+\.\s")
_NEEDED = {NAME, JOINED, LEFT}


@dataclass(frozen=True)
class Habits:
    """How a report writes: the order of day and month, the zone of its clock, the addresses it says elsewhere."""

    order: str
    zone: ZoneInfo
    addresses: Mapping[str, str]


@dataclass(frozen=True)
class Section:
    """One table of a report: where its columns stand, and its rows with their lines in the file."""

    columns: dict[str, int]
    rows: tuple[tuple[int, Sequence[str]], ...]


def read(text: str, zone: str, day: date) -> Report:
    """Read a table; moments in it are on the wall clock of *zone*, and most should lie on *day*.

    Raises Invalid with the line where something cannot be read.
    """
    sections, kind = _sections(text)
    last = next((each for each in reversed(sections) if each.rows), sections[-1])
    texts = [_cell(row, last.columns[each]) for _line, row in last.rows for each in (JOINED, LEFT)]
    order = moments.order_of(texts, day)
    if order is None and any(texts):
        line, row = last.rows[0]
        raise _not_a_moment(line, _cell(row, last.columns[JOINED]))
    habits = Habits(order or "dmy", ZoneInfo(zone), _addresses(sections))
    present = [
        (line, row) for line, row in last.rows if not (WAITING in last.columns and headings.is_yes(_cell(row, last.columns[WAITING])))
    ]
    connections = tuple(_connection(line, row, last.columns, habits) for line, row in present)
    return Report(kind, connections, len(last.rows) - len(present))


def _sections(text: str) -> tuple[list[Section], str]:
    """Find the tables: by their headings, else by what stands in the columns."""
    tried = [(delimiter, _rows(text, delimiter)) for delimiter in DELIMITERS]
    for delimiter, rows in tried:
        known = [place for place, (_line, row) in enumerate(rows) if headings.columns(row).keys() >= _NEEDED]
        if known:
            found = [Section(headings.columns(rows[place][1]), _below(rows, place)) for place in known]
            return found, TEAMS if delimiter == "\t" else ZOOM
    for _delimiter, rows in tried:
        if guessed := _by_content(rows):
            return [guessed], OTHER
    raise unreadable(_why_no_table(tried[-1][1], tried))


def _rows(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(text.splitlines(), delimiter=delimiter)
    try:
        return [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        # The reader of the standard library takes no cell of more than 131,072 characters.
        raise unreadable(Reason("Line {line} is too long for a line of a report.", line=reader.line_num)) from error


def _below(rows: Sequence[tuple[int, list[str]]], place: int) -> tuple[tuple[int, Sequence[str]], ...]:
    """Take the rows under a heading, up to an empty row, the next heading or the next section."""
    taken: list[tuple[int, Sequence[str]]] = []
    for line, row in rows[place + 1 :]:
        if not any(row) or (sum(map(bool, row)) == 1 and _SECTION.match(row[0])) or headings.columns(row).keys() >= _NEEDED:
            break
        taken.append((line, row))
    return tuple(taken)


def _by_content(rows: Sequence[tuple[int, list[str]]]) -> Section | None:
    """Tell the columns of unknown headings: two with moments, the earlier is the coming; e-mail has an @; the first text is the name."""
    full = [(line, row) for line, row in rows if sum(1 for cell in row if moments.looks_like_a_moment(cell)) >= 2]  # noqa: PLR2004 (coming and going)
    width = min((len(row) for _line, row in full), default=0)
    timed = [place for place in range(width) if all(moments.looks_like_a_moment(row[place]) for _line, row in full)]
    mail = next((place for place in range(width) if any("@" in row[place] for _line, row in full)), None)
    others = [place for place in range(width) if place not in timed and place != mail]
    texts = [place for place in others if any(re.search(r"[^\W\d_]", row[place]) for _line, row in full)]
    if len(timed) < 2 or not texts:  # noqa: PLR2004 (coming and going)
        return None
    found = {NAME: texts[0], JOINED: timed[0], LEFT: timed[1]} | ({EMAIL: mail} if mail is not None else {})
    return Section(found, tuple(full))


def _why_no_table(rows: Sequence[tuple[int, list[str]]], tried: Sequence[tuple[str, Sequence[tuple[int, list[str]]]]]) -> Reason:
    for _delimiter, each in tried:
        for line, row in each:
            if {NAME, MINUTES} <= headings.columns(row).keys():
                return Reason(
                    "Line {line}: the report has total minutes only, and no times of joining and leaving. In Zoom, export it again with "
                    "“Show unique users” switched off.",
                    line=line,
                )
    first = next((" | ".join(row) for _line, row in rows if any(row)), "")
    return Reason("No row with the headings name, join time and leave time was found. The file begins with “{text}”.", text=first[:80])


def _addresses(sections: Sequence[Section]) -> dict[str, str]:
    """Give the address of each name that one row, and one only, bears in a section above: Teams says it once, not at each re-join.

    In the section of the connections itself nothing is concluded: the row without an address may be a namesake.
    """
    found: dict[str, list[str]] = {}
    for section in sections[:-1]:
        for _line, row in section.rows:
            found.setdefault(headings.plain(_cell(row, section.columns[NAME])), []).append(_address(row, section.columns))
    return {name: addresses[0] for name, addresses in found.items() if len(addresses) == 1}


def _connection(line: int, row: Sequence[str], columns: Mapping[str, int], habits: Habits) -> Connection:
    came, left = (_moment(line, _cell(row, columns[each]), habits) for each in (JOINED, LEFT))
    if left < came:
        raise unreadable(Reason("Line {line}: the person left before joining.", line=line))
    name = _cell(row, columns[NAME])
    own = _address(row, columns)
    if not name and not own:
        raise unreadable(Reason("Line {line}: there is neither a name nor an e-mail address.", line=line))
    return Connection(name, own or habits.addresses.get(headings.plain(name), ""), came, left)


def _moment(line: int, text: str, habits: Habits) -> datetime:
    found = moments.parsed(text, habits.order)
    if found is None:
        raise _not_a_moment(line, text)
    return found.replace(tzinfo=habits.zone).astimezone(UTC)


def _not_a_moment(line: int, text: str) -> Invalid:
    return unreadable(Reason("Line {line}: “{text}” is not a date with a time that can be read.", line=line, text=text[:60]))


def _address(row: Sequence[str], columns: Mapping[str, int]) -> str:
    text = _cell(row, columns[EMAIL]).lower() if EMAIL in columns else ""
    return text if "@" in text else ""


def _cell(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""
