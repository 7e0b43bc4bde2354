"""The phases of an evaluation: each says whether marks can be given, who sees what others gave, and whether names are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from inspire_lms.kernel.errors import Reason, When
from inspire_lms.plugins.online_call.questions import Texts
from inspire_lms.plugins.online_call.rules import STEPPED_BACK, ReviewState


class Others(StrEnum):
    """When an evaluator sees what the others gave to the same application."""

    NEVER = "never"
    AFTER_OWN = "after_own"
    ALWAYS = "always"


@dataclass(frozen=True)
class Sight:
    """What evaluators may do and see at a moment."""

    may_mark: bool
    others: Others
    hides_names: bool

    def shows_others(self, own: ReviewState) -> bool:
        """Say whether whoever has the review *own* sees what others gave; whoever has stepped back sees nothing."""
        if own in STEPPED_BACK:
            return False
        return self.others is Others.ALWAYS or (self.others is Others.AFTER_OWN and own is ReviewState.DONE)


AS_EVER = Sight(may_mark=True, others=Others.NEVER, hides_names=False)
"""Where a call has no phases."""
BEFORE_THE_FIRST = Sight(may_mark=False, others=Others.NEVER, hides_names=True)
"""Before the first phase nothing begins and nobody learns more than in any of them."""


@dataclass(frozen=True)
class JudgingPhase:
    """One phase, until the next one begins."""

    code: str
    title: Texts
    begins_at: datetime
    sight: Sight

    def stored(self) -> dict[str, Any]:
        """Give the phase as plain values, to be kept."""
        return {
            "code": self.code,
            "title": dict(self.title),
            "begins": self.begins_at.isoformat(),
            "marks": self.sight.may_mark,
            "others": str(self.sight.others),
            "hidden": self.sight.hides_names,
        }

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Self:
        """Make the phase from what *stored* gave."""
        sight = Sight(may_mark=kept["marks"], others=Others(kept["others"]), hides_names=kept["hidden"])
        return cls(kept["code"], kept["title"], datetime.fromisoformat(kept["begins"]), sight)


def phases_of(kept: Sequence[Mapping[str, Any]]) -> tuple[JudgingPhase, ...]:
    """Make all phases from what was kept."""
    return tuple(JudgingPhase.restored(each) for each in kept)


def phase_at(phases: Sequence[JudgingPhase], at: datetime) -> JudgingPhase | None:
    """Give the phase that it is at *at*: the last one that has begun; None before the first."""
    return next((each for each in reversed(phases) if each.begins_at <= at), None)


def sight_at(phases: Sequence[JudgingPhase], at: datetime) -> Sight:
    """Say what evaluators may do and see at *at*; the clock alone decides."""
    if not phases:
        return AS_EVER
    phase = phase_at(phases, at)
    return phase.sight if phase else BEFORE_THE_FIRST


def why_not_mark(phases: Sequence[JudgingPhase], zone: str, own: ReviewState, *, at: datetime) -> Reason | None:
    """Say why whoever has the review *own* can give no marks at *at*, and when they can be given.

    Whoever sees what others gave has given the own marks for good: no mark follows another's.
    """
    sight = sight_at(phases, at)
    if sight.may_mark:
        return Reason("What others gave is shown to you: your own points are fixed.") if sight.shows_others(own) else None
    following = next((each for each in phases if each.begins_at > at and each.sight.may_mark), None)
    if following is None:
        return Reason("Points cannot be given any more.")
    return Reason("Points can be given from {moment} on.", moment=When(following.begins_at, zone))
