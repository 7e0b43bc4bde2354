"""A longer text that a person marks by a rubric: criteria, each with levels that give points."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from inspire_lms.kernel.errors import Message, Reason
from inspire_lms.plugins.assessment.kinds.shape import Answer, Content

LONGEST = 20_000
"""Characters of an essay when the question does not say otherwise."""
SPARE = "whole"
"""The code of the one criterion that an essay has when no rubric was written for it."""


@dataclass(frozen=True)
class Level:
    """How well a criterion is met."""

    points: Decimal
    text: Mapping[str, str] | Message


@dataclass(frozen=True)
class Criterion:
    """One thing that is looked at, with its levels from the lowest to the highest."""

    code: str
    title: Mapping[str, str] | Message
    levels: tuple[Level, ...]
    competence: str = ""
    """The code of the competence that it shows; empty for that of the question."""

    @property
    def most(self) -> Decimal:
        """The points of the highest level."""
        return max(level.points for level in self.levels)


PLAIN_RUBRIC = (
    Criterion(
        SPARE,
        Message("The answer as a whole"),
        (
            Level(Decimal(0), Message("Not answered, or beside the question")),
            Level(Decimal(1), Message("Touches on the question, without support")),
            Level(Decimal(2), Message("Answers the question, with gaps")),
            Level(Decimal(3), Message("Answers the question in full, with reasons")),
            Level(Decimal(4), Message("Answers in full, with reasons and an example from practice")),
        ),
    ),
)


def criteria(content: Content) -> tuple[Criterion, ...]:
    """Give the rubric; an essay without one is marked as a whole, from 0 to 4."""
    written = content.get("criteria") or ()
    if not written:
        return PLAIN_RUBRIC
    return tuple(Criterion(each["code"], each["title"], _levels(each), each.get("competence", "")) for each in written)


def _levels(criterion: Content) -> tuple[Level, ...]:
    return tuple(Level(Decimal(level["points"]), level["text"]) for level in criterion["levels"])


def most_letters(content: Content) -> int:
    """Give how many characters the answer may have."""
    return int(content.get("most_letters") or LONGEST)


def most_points(content: Content) -> Decimal:
    """Add up the highest levels."""
    return sum((criterion.most for criterion in criteria(content)), Decimal(0))


def why_not_level(criterion: Criterion, levels: Mapping[str, int]) -> Reason | None:
    """Say when a criterion has no level yet."""
    return None if 0 <= levels.get(criterion.code, -1) < len(criterion.levels) else Reason("Choose a level for each criterion.")


def points(content: Content, levels: Mapping[str, int]) -> Decimal:
    """Add up the points of the chosen levels."""
    return sum((criterion.levels[levels[criterion.code]].points for criterion in criteria(content)), Decimal(0))


def earned(content: Content, levels: Mapping[str, int] | None) -> list[tuple[str, Decimal, Decimal]]:
    """Give the competence, the points and the most points of each criterion; without *levels* nothing was earned."""
    return [(each.competence, each.levels[levels[each.code]].points if levels else Decimal(0), each.most) for each in criteria(content)]


def check(content: Content) -> Reason | None:
    """Each criterion has at least two levels with rising points."""
    for criterion in criteria(content):
        steps = [level.points for level in criterion.levels]
        if len(steps) < 2 or steps != sorted(set(steps)) or steps[0] < 0:  # noqa: PLR2004 (two levels make a choice)
            return Reason("Each criterion needs at least two levels, with rising points from 0.")
    return None


def why_not(content: Content, answer: Answer) -> Reason | None:
    """One text, not longer than the question allows."""
    most = most_letters(content)
    if len(answer) != 1:
        return Reason("Write one text.")
    if len(answer[0]) > most:
        return Reason("The text has {n} characters; at most {most} are allowed.", n=len(answer[0]), most=most)
    return None


def grade(content: Content, answer: Answer | None) -> Decimal | None:
    """Leave it to a person, unless nothing was written: that earns nothing."""
    del content
    return None if answer and answer[0].strip() else Decimal(0)


def describe(content: Content, answer: Answer | None, language: str) -> str:
    """Give the text as it was written."""
    del content, language
    return answer[0].strip() if answer else ""


def same_shape(one: Content, other: Content) -> bool:
    """Say whether both have the same criteria with the same points."""

    def rubric(content: Content) -> list[tuple[str, tuple[Decimal, ...]]]:
        return [(each.code, tuple(level.points for level in each.levels)) for each in criteria(content)]

    return rubric(one) == rubric(other)
