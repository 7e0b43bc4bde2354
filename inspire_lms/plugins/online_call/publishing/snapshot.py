"""A list as it was published, in plain values: enough to find it again, and a fingerprint that takes in the one before."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from inspire_lms.plugins.online_call.publishing.rules import Kind
from inspire_lms.plugins.online_call.ranking import order
from inspire_lms.plugins.online_call.ranking.order import Entry, Line
from inspire_lms.plugins.online_call.ranking.terms import Terms


class Head(NamedTuple):
    """What a publication says beside its list."""

    number: int
    kind: Kind
    published_at: datetime
    appeal_until: datetime | None
    reason: str
    follows: str
    """The fingerprint of the publication before; empty for the first."""


def stored(line: Line) -> dict[str, Any]:
    """Give one line as plain values."""
    entry = line.entry
    return {
        "position": line.position,
        "number": entry.number,
        "total": f"{entry.total:.2f}",
        "points": {code: f"{points:.2f}" for code, points in entry.points.items()},
        "submitted_at": entry.submitted_at.isoformat(),
        "groups": list(entry.groups),
        "suitable": line.is_suitable,
        "chosen": line.is_chosen,
        "settled_by": line.settled_by,
        "moved_by": list(line.moved_by),
    }


def entry_of(kept: Mapping[str, Any]) -> Entry:
    """Make what was ranked from what *stored* gave."""
    points = {code: Decimal(text) for code, text in kept["points"].items()}
    return Entry(kept["number"], Decimal(kept["total"]), points, datetime.fromisoformat(kept["submitted_at"]), tuple(kept["groups"]))


def found_again(kept: Sequence[Mapping[str, Any]], terms: Terms) -> list[dict[str, Any]]:
    """Rank once more what a snapshot holds, and give the lines as they would be stored: the same, or something was changed."""
    return [stored(line) for line in order.ranked([entry_of(each) for each in kept], terms)]


def digest(head: Head, kept: Sequence[Mapping[str, Any]], terms: Mapping[str, Any], minutes: Mapping[str, Any]) -> str:
    """Write the fingerprint of a publication with everything it says, and of the one before it."""
    content = {
        "number": head.number,
        "kind": str(head.kind),
        "published_at": head.published_at.isoformat(),
        "appeal_until": head.appeal_until.isoformat() if head.appeal_until else None,
        "reason": head.reason,
        "follows": head.follows,
        "lines": list(kept),
        "terms": dict(terms),
        "minutes": dict(minutes),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
