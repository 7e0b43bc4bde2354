"""The order of a selection: a list in, a ranking out. The same input gives the same list, in whatever order it comes.

Equal totals are separated by a chain that the call states: points in a named criterion, the time of submission, a draw.
The draw hashes the announced seed with the protocol number, so that anybody can repeat it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

SUBMITTED = "submitted"
"""Step of a chain: who submitted first comes first."""
DRAW = "draw"
"""Step of a chain: the draw. Every chain ends with it, said or not, so that no two are equal."""


@dataclass(frozen=True)
class Entry:
    """One application that is to be ranked."""

    number: str
    """Its protocol number, which is unique."""
    total: Decimal
    points: Mapping[str, Decimal]
    """By criterion code."""
    submitted_at: datetime


@dataclass(frozen=True)
class Line:
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
    ordered = sorted(entries, key=lambda entry: (-entry.total, *(_key(entry, step, seed) for step in steps)))
    return tuple(
        Line(
            position=place,
            entry=entry,
            is_suitable=entry.total >= suitable_from,
            settled_by=_settled_by(ordered[place - 2], entry, steps, seed) if place > 1 else None,
        )
        for place, entry in enumerate(ordered, start=1)
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


def _key(entry: Entry, step: str, seed: str) -> Decimal | datetime | str:
    if step == SUBMITTED:
        return entry.submitted_at
    if step == DRAW:
        return lot(seed, entry.number)
    return -entry.points.get(step, Decimal(0))


def _settled_by(above: Entry, below: Entry, steps: Sequence[str], seed: str) -> str | None:
    if above.total != below.total:
        return None
    return next(step for step in steps if _key(above, step, seed) != _key(below, step, seed))
