"""What can be given for a criterion: any number of points, or only those of its labelled levels."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from inspire_lms.kernel.errors import Message, Reason
from inspire_lms.kernel.i18n import Words
from inspire_lms.plugins.online_call import scoring
from inspire_lms.plugins.online_call.questions import Texts

WHY = "_why-"
"""With the code of a criterion: the field of the reason; no criterion can be called so."""


@dataclass(frozen=True)
class Level:
    """One step of a criterion, with what it is worth."""

    points: Decimal
    title: Texts
    about: Texts

    def stored(self) -> dict[str, Any]:
        """Give the level as plain values, to be kept."""
        return {"points": str(self.points), "title": dict(self.title), "about": dict(self.about)}

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Self:
        """Make the level from what *stored* gave."""
        return cls(Decimal(kept["points"]), kept["title"], kept["about"])


@dataclass(frozen=True)
class Scale:
    """What a criterion can bring."""

    weight: int
    levels: tuple[Level, ...] = ()
    """In ascending order, the last is worth the weight; empty: any number of points from 0."""
    counts: bool = True
    """False when it stands beside the total."""

    @property
    def extremes(self) -> tuple[Decimal, Decimal]:
        """Give the least and the most that can be given."""
        return (self.levels[0].points if self.levels else Decimal(0)), Decimal(self.weight)

    def level(self, points: Decimal) -> Level | None:
        """Find the level that is worth *points*."""
        return next((each for each in self.levels if each.points == points), None)


def problems(
    marks: Mapping[str, Decimal], reasons: Mapping[str, str], scales: Mapping[str, Scale], *, explains_extremes: bool
) -> dict[str, Reason]:
    """Say what is wrong with the marks of one evaluation: by criterion code, or by WHY and the code for a reason that is missing.

    With *explains_extremes* the least and the most that a criterion can bring need a reason.
    """
    wrong = scoring.problems(marks, {code: scale.weight for code, scale in scales.items()})
    for code, scale in scales.items():
        if code in wrong:
            continue
        if scale.levels and scale.level(marks[code]) is None:
            wrong[code] = Reason("Choose one of the levels; {given} points are none of them.", given=marks[code])
        elif explains_extremes and marks[code] in scale.extremes and not reasons.get(code, "").strip():
            wrong[WHY + code] = Reason("Say why: this is the least or the most that can be given.")
    return wrong


def total_of(marks: Mapping[str, Decimal], scales: Mapping[str, Scale]) -> Decimal:
    """Sum up what counts of one evaluator's marks."""
    return scoring.total_of({code: points for code, points in marks.items() if scales[code].counts})


def still_fits(points: Decimal, reason: str, before: Scale, after: Scale | None, *, explains_extremes: bool) -> bool:
    """Say whether a mark given by *before* means the same by *after*; None when the criterion is gone.

    A number out of another weight is another judgement, so it has to be given again, and is never scaled; a level is the
    same judgement as long as there is one with its points.
    """
    if after is None or before.counts is not after.counts or bool(before.levels) is not bool(after.levels):
        return False
    is_same = after.level(points) is not None if after.levels else before.weight == after.weight
    return is_same and not (explains_extremes and points in after.extremes and not reason.strip())


def named(level: Level) -> Message:
    """Say a level with its points and, where it has one, its description."""
    points, title = level.points.normalize(), Words(level.title)
    if level.about:
        return Message("{title} (points: {points}). {about}", title=title, points=points, about=Words(level.about))
    return Message("{title} (points: {points})", title=title, points=points)
