"""The order of a selection: a list in, a ranking out. The same input gives the same list, in whatever order it comes.

Equal totals are separated by a chain that the call states: points in a named criterion, the time of submission, a draw.
The draw hashes the announced seed with the protocol number, so that anybody can repeat it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

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


class Line(NamedTuple):
    """One line of a ranking."""

    position: int
    """From 1."""
    entry: Entry
    is_suitable: bool
    """False below the least score of the call; such a line is never called up."""
    settled_by: str | None
    """The step of the chain that put it below the line above, when both have the same total; None otherwise."""


def ranked(entries: Sequence[Entry], *, chain: Sequence[str], seed: str, suitable_from: Decimal = Decimal(0)) -> tuple[Line, ...]:
    """Put *entries* in order: highest total first, equal totals by *chain*.

    A step of the chain is the code of a criterion, "submitted" or "draw". Raises ValueError when a number occurs twice.
    """
    if len({entry.number for entry in entries}) != len(entries):
        msg = "A protocol number occurs twice."
        raise ValueError(msg)
    steps = (*(step for step in chain if step != DRAW), DRAW)
    keyed = sorted(((_keys(entry, steps, seed), entry) for entry in entries), key=lambda one: one[0])
    return tuple(
        Line(
            position=place,
            entry=entry,
            is_suitable=entry.total >= suitable_from,
            settled_by=_settled_by(keyed[place - 2][0], keys, steps) if place > 1 else None,
        )
        for place, (keys, entry) in enumerate(keyed, start=1)
    )


def lot(seed: str, number: str) -> str:
    """Draw the lot of one application: the lower in alphabetical order comes first."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def digest(lines: Sequence[Line], *, chain: Sequence[str], seed: str) -> str:
    """Write the fingerprint of a ranking, so that a later change would show."""
    content = {
        "chain": list(chain),
        "seed": seed,
        "lines": [
            [
                line.position,
                line.entry.number,
                _plain(line.entry.total),
                {code: _plain(points) for code, points in sorted(line.entry.points.items())},
                line.entry.submitted_at.isoformat(),
                line.is_suitable,
            ]
            for line in lines
        ],
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


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
