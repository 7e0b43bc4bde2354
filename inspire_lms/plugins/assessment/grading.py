"""From marks to results.

Marks are decimal. The points of a question are rounded half up to two places, and so are the per cent of
an attempt and of a competence, each from the unrounded sum of points.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from statistics import median

CENT = Decimal("0.01")
FULL = Decimal(100)


@dataclass(frozen=True)
class Marked:
    """The points that one answer earned."""

    competence: str
    points: Decimal
    most: Decimal


def points(share: Decimal, most: Decimal) -> Decimal:
    """Turn a share of full marks into points."""
    return (share * most).quantize(CENT, ROUND_HALF_UP)


def percent(marked: Iterable[Marked]) -> Decimal:
    """Give the points earned in per cent of those possible; 0 when none were possible."""
    earned, possible = Decimal(0), Decimal(0)
    for each in marked:
        earned += each.points
        possible += each.most
    return (FULL * earned / possible).quantize(CENT, ROUND_HALF_UP) if possible else Decimal("0.00")


def by_competence(marked: Iterable[Marked]) -> dict[str, Decimal]:
    """Give the per cent in each competence, by its code, in the order of the codes."""
    sorted_out: dict[str, list[Marked]] = {}
    for each in marked:
        sorted_out.setdefault(each.competence, []).append(each)
    return {code: percent(sorted_out[code]) for code in sorted(sorted_out)}


def is_passed(reached: Decimal, pass_mark: int | None) -> bool:
    """Say whether the pass mark is reached, or there is none."""
    return pass_mark is None or reached >= pass_mark


def gain(pre: Decimal, post: Decimal) -> Decimal | None:
    """Give the share of the possible improvement that was made: (post - pre) / (100 - pre).

    Two places; 1 is all of it, negative when less was reached than before, None when there was no room to
    improve. Source: domain.md 9.5, learning gain.
    """
    return ((post - pre) / (FULL - pre)).quantize(CENT, ROUND_HALF_UP) if pre < FULL else None


def middle(gains: Iterable[Decimal | None]) -> Decimal | None:
    """Give the median of the gains that could be measured, two places; None when there is none."""
    measured = [each for each in gains if each is not None]
    return median(measured).quantize(CENT, ROUND_HALF_UP) if measured else None


def receipt(attempt_id: int, submitted_at: datetime, answers: Sequence[tuple[int, str, Sequence[str] | None]]) -> str:
    """Give the SHA-256 of what was submitted, in 64 hexadecimal digits.

    *answers* has, for each question, its place, the digest of the question's version and the answer. Who
    holds the answers can compute it again: JSON with sorted keys, no spaces, letters unescaped, UTF-8.
    """
    written = json.dumps(
        {
            "answers": [[place, digest, list(answer) if answer is not None else None] for place, digest, answer in answers],
            "attempt": attempt_id,
            "submitted": submitted_at.isoformat(timespec="microseconds"),
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return sha256(written.encode()).hexdigest()


def digest(kind: str, content: Mapping[str, object]) -> str:
    """Give the SHA-256 that stands for a question's version: the same for the same kind and content."""
    written = json.dumps([kind, content], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(written.encode()).hexdigest()


LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters and digits that are not taken for one another."""


def hidden_name(seed: str, response_id: int) -> str:
    """Give the sign under which an essay is marked: six letters that say nothing about the person."""
    made = sha256(f"hidden:{seed}:{response_id}".encode()).digest()
    return "".join(LETTERS[byte % len(LETTERS)] for byte in made[:6])
