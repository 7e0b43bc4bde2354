"""What corrected criteria would do to the evaluations that were given: found first, written only when it is confirmed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from inspire_lms.kernel.errors import Message, Reason
from inspire_lms.plugins.online_call.marking.scales import Scale, still_fits
from inspire_lms.plugins.online_call.questions import Texts

LETTERS = 10
"""Length of the word that confirms a correction."""


class Measured(NamedTuple):
    """A criterion: what it is called and what it can bring."""

    title: Texts
    scale: Scale


@dataclass(frozen=True)
class Criteria:
    """The criteria of a call, by code, and whether extremes need a reason."""

    measured: Mapping[str, Measured]
    explains_extremes: bool

    def plain(self) -> list[Any]:
        """Give all that marks depend on as plain values."""
        scales = {code: each.scale for code, each in self.measured.items()}
        return [
            self.explains_extremes,
            [[code, each.weight, each.counts, [level.stored() for level in each.levels]] for code, each in sorted(scales.items())],
        ]


class Given(NamedTuple):
    """What stands in one evaluation."""

    review_id: int
    is_done: bool
    """False for one that waits to be given again."""
    marks: Mapping[str, tuple[Decimal, str]]
    """Points and reason, by criterion code."""


@dataclass(frozen=True)
class Correction:
    """What changes, and what becomes of each evaluation."""

    changes: tuple[Message, ...]
    """Empty: nothing that a mark depends on."""
    kept: tuple[int, ...]
    """Reviews that keep their points and their total."""
    again: tuple[int, ...]
    """Reviews that are to be given again."""
    unfit: Mapping[int, tuple[str, ...]]
    """The criteria whose marks are dropped, by review; the other marks stay for the evaluator to confirm."""
    word: str
    """It stands for exactly this: another criterion or another evaluation makes another word."""

    def shown(self, country: Mapping[str, str]) -> Reason:
        """Say what would be done, and how it is confirmed."""
        parts = {f"part{place}": each for place, each in enumerate(self.changes)}
        together = " ".join(f"{{{name}}}" for name in parts)
        return Reason(
            "{country}: somebody has applied already, and criteria would change. {changes} "
            "Evaluations that keep their points: {kept}. Evaluations to be given again, whose evaluators are told by mail: {again}. "
            "Points are never scaled. If that is what you want, write confirms = “{word}” and why into the table “correction” of the call.",
            country=country,
            changes=Message(together, **parts),
            kept=len(self.kept),
            again=len(self.again),
            word=self.word,
        )


def compared(before: Criteria, after: Criteria, given: Sequence[Given]) -> Correction:
    """Say what goes from *before* to *after*, and what becomes of what was *given*.

    An evaluation keeps its points when each of its marks still means the same, none is lacking, and no criterion that
    counted is gone: then its total is the same too.
    """
    kept: list[int] = []
    again: list[int] = []
    unfit: dict[int, tuple[str, ...]] = {}
    lost = {code for code, each in before.measured.items() if code not in after.measured and each.scale.counts}
    for one in given:
        fitting = {code for code, (points, reason) in one.marks.items() if _fits(code, points, reason, before, after)}
        unfit[one.review_id] = tuple(code for code in one.marks if code not in fitting)
        if one.is_done:
            is_whole = not after.measured.keys() - fitting and not lost & one.marks.keys()
            (kept if is_whole else again).append(one.review_id)
    changes = tuple(_changes(before, after))
    told = [before.plain(), after.plain(), sorted(kept), sorted(again)]
    word = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:LETTERS]
    return Correction(changes, tuple(kept), tuple(again), {review: codes for review, codes in unfit.items() if codes}, word)


def _fits(code: str, points: Decimal, reason: str, before: Criteria, after: Criteria) -> bool:
    there = after.measured.get(code)
    scale = there.scale if there else None
    return still_fits(points, reason, before.measured[code].scale, scale, explains_extremes=after.explains_extremes)


def _changes(before: Criteria, after: Criteria) -> list[Message]:
    gone = [each.title for code, each in before.measured.items() if code not in after.measured]
    said = [Message("“{criterion}” is left out.", criterion=title) for title in gone]
    for code, each in after.measured.items():
        was = before.measured.get(code)
        said += _changed(each.title, was.scale, each.scale) if was else [Message("“{criterion}” is new.", criterion=each.title)]
    if before.explains_extremes is not after.explains_extremes:
        needed, free = Message("Extremes need a reason."), Message("Extremes need no reason any more.")
        said.append(needed if after.explains_extremes else free)
    return said


def _changed(title: Texts, was: Scale, now: Scale) -> list[Message]:
    said = []
    if was.weight != now.weight:
        said.append(Message("“{criterion}” brings {now} points at most and not {was}.", criterion=title, now=now.weight, was=was.weight))
    if was.levels != now.levels:
        said.append(Message("“{criterion}” has other levels.", criterion=title))
    if was.counts is not now.counts:
        beside = Message("“{criterion}” stands beside the total.", criterion=title)
        said.append(Message("“{criterion}” counts in the total.", criterion=title) if now.counts else beside)
    return said
