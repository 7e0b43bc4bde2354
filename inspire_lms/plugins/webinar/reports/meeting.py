"""What a report says, whatever tool wrote it."""

from dataclasses import dataclass
from datetime import datetime

from inspire_lms.kernel.errors import Invalid, Reason

LARGEST_REPORT = 2_000_000
"""Bytes; a webinar of 500 people with ten re-joins each stays below half of it."""
ZOOM, TEAMS, BIGBLUEBUTTON, OTHER = "zoom", "teams", "bigbluebutton", "other"
"""Kinds of report; *other* is a table whose headings we do not know and whose columns were told by what stands in them."""


@dataclass(frozen=True)
class Connection:
    """One stay of one participant, as the meeting tool saw it."""

    name: str
    """As the participant called himself or herself; it may be the name of a telephone."""
    email: str
    """Empty when the tool did not know it."""
    came_at: datetime
    """UTC."""
    left_at: datetime
    """UTC."""


@dataclass(frozen=True)
class Report:
    """All connections of a report."""

    kind: str
    connections: tuple[Connection, ...]
    left_out: int = 0
    """Rows that are no presence: time in the waiting room."""


def unreadable(reason: Reason) -> Invalid:
    """Say what is wrong with a report, at the field in which it was handed in."""
    return Invalid({"report": reason})
