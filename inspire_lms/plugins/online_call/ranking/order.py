"""The order of a selection: a list in, a ranking out. The same input gives the same list, in whatever order it comes.

Equal totals are separated by a chain that the call states: points in a named criterion, the time of submission, a draw.
The draw hashes the announced seed with the protocol number, so that anybody can repeat it. The lines stand in the order of the
points; quotas never change it, they say which of the lines get a seat at first.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple

from inspire_lms.plugins.online_call.ranking.seating import moved_by, seated
from inspire_lms.plugins.online_call.ranking.terms import Terms

SUBMITTED = "submitted"
"""Step of a chain: who submitted first comes first."""
DRAW = "draw"
"""Step of a chain: the draw. Every chain ends with it, said or not, so that no two are equal."""


class Entry(NamedTuple):
    """One application that is to be ranked."""

    number: str
    """Its protocol number, which is unique."""
    total: Decimal
    points: Mapping[str, Decimal]
    """By criterion code."""
    submitted_at: datetime
    groups: tuple[str, ...] = ()
    """The groups of quotas that it belongs to."""


class Line(NamedTuple):
    """One line of a ranking."""

    position: int
    """From 1."""
    entry: Entry
    is_suitable: bool
    """False below the least score of the call; such a line is never called up."""
    settled_by: str | None
    """The step of the chain that put it below the line above, when both have the same total; None otherwise."""
    is_chosen: bool
    """It gets an offer at first."""
    moved_by: tuple[str, ...]
    """The groups of quotas that brought it in, or kept it out, other than the order alone would have; empty when none did."""


def ranked(entries: Sequence[Entry], terms: Terms) -> tuple[Line, ...]:
    """Put *entries* in order: highest total first, equal totals by the chain; and say who gets one of the seats.

    A step of the chain is the code of a criterion, "submitted" or "draw". Raises ValueError when a number occurs twice.
    """
    if len({entry.number for entry in entries}) != len(entries):
        msg = "A protocol number occurs twice."
        raise ValueError(msg)
    steps = (*(step for step in terms.chain if step != DRAW), DRAW)
    keyed = sorted(((_keys(entry, steps, terms.seed), entry) for entry in entries), key=itemgetter(0))
    # Those below the least score stand last, since totals fall: places among the suitable are places in the list.
    suitable = [entry.groups for _each, entry in keyed if entry.total >= terms.suitable_from]
    found = seated(suitable, terms.quotas, seats=terms.seats)
    moved = moved_by(found, seats=terms.seats, waiting=len(suitable))
    return tuple(
        Line(
            position=place + 1,
            entry=entry,
            is_suitable=place < len(suitable),
            settled_by=_settled_by(keyed[place - 1][0], keys, steps) if place else None,
            is_chosen=place in found.given,
            moved_by=moved.get(place, ()),
        )
        for place, (keys, entry) in enumerate(keyed)
    )


def lot(seed: str, number: str) -> str:
    """Draw the lot of one application: the lower in alphabetical order comes first."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def digest(lines: Sequence[Line], terms: Terms) -> str:
    """Write the fingerprint of a ranking, so that a later change would show."""
    content: dict[str, Any] = {"chain": list(terms.chain), "seed": terms.seed, "lines": [_written(line) for line in lines]}
    # Without quotas it is what it was before there were quotas: lists of earlier years can still be repeated.
    if terms.quotas:
        content["seats"] = terms.seats
        content["quotas"] = [[each.code, each.question, list(each.answers), each.least, each.most] for each in terms.quotas]
        content["seated"] = [[list(line.entry.groups), line.is_chosen, list(line.moved_by)] for line in lines]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _written(line: Line) -> list[Any]:
    return [
        line.position,
        line.entry.number,
        _plain(line.entry.total),
        {code: _plain(points) for code, points in sorted(line.entry.points.items())},
        line.entry.submitted_at.isoformat(),
        line.is_suitable,
    ]


def _plain(value: Decimal) -> str:
    return f"{value:.2f}"


def _keys(entry: Entry, steps: Sequence[str], seed: str) -> tuple[Any, ...]:
    """Give what an entry is ordered by: its total, then each step; the lower comes first."""
    return (-entry.total, *(_key(entry, step, seed) for step in steps))


def _key(entry: Entry, step: str, seed: str) -> Decimal | datetime | str:
    if step == SUBMITTED:
        return entry.submitted_at
    if step == DRAW:
        return lot(seed, entry.number)
    return -entry.points.get(step, Decimal(0))


def _settled_by(above: Sequence[Any], below: Sequence[Any], steps: Sequence[str]) -> str | None:
    if above[0] != below[0]:
        return None
    return next(step for step, one, other in zip(steps, above[1:], below[1:], strict=True) if one != other)
