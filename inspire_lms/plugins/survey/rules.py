"""When a survey may be answered, by whom, and when a result is too small to be shown."""

from datetime import datetime
from enum import StrEnum

from inspire_lms.kernel.errors import Reason, When

SMALLEST = 5
"""Fewest answers of which anything is shown. Source: domain.md 9.4, smallest cell."""
POINTS = 5
"""Points of a scale. Source: domain.md 9.4, all points labelled."""
NOT_APPLICABLE = 0
"""What stands for "does not apply to me"; it is kept apart from the scale and left out of means."""
MOST_WORDS = 2000
"""Characters of a comment."""


class Kind(StrEnum):
    """What the questions of a section are like."""

    SCALE = "scale"
    """A sentence and five points of agreement."""
    GAIN = "gain"
    """A competence, and two points: before the course, now. Asking both afterwards avoids a shift of the measure (domain.md 9.4)."""
    COMMENTS = "comments"
    """A question and the person's own words."""


class State(StrEnum):
    """Where a survey stands."""

    TO_COME = "to_come"
    OPEN = "open"
    CLOSED = "closed"


def state(opens_at: datetime, closes_at: datetime, *, at: datetime) -> State:
    """Say whether a survey is open; the first moment belongs to it, the last does not."""
    if at < opens_at:
        return State.TO_COME
    return State.OPEN if at < closes_at else State.CLOSED


def why_not_answer(
    opens_at: datetime, closes_at: datetime, *, takes_part: bool, has_answered: bool, zone: str, at: datetime
) -> Reason | None:
    """Say why a person cannot answer at *at*; None when it is possible. *zone* is that in which moments are told."""
    if not takes_part:
        return Reason("This survey is for the trainees of the cohort.")
    if has_answered:
        return Reason("You have answered already. Your answers are kept without your name, so they cannot be changed.")
    match state(opens_at, closes_at, at=at):
        case State.TO_COME:
            return Reason("The survey opens on {when}.", when=When(opens_at, zone))
        case State.CLOSED:
            now = When(at, zone, to_the_second=True)
            return Reason("The survey closed on {when}; our server's clock says {now}.", when=When(closes_at, zone), now=now)
    return None


def why_not_show(answers: int, closes_at: datetime, *, zone: str, at: datetime) -> Reason | None:
    """Say why results are not shown; None when they may be.

    While the survey is open nothing is shown, because the difference between two looks would tell one person's answers.
    """
    if at < closes_at:
        return Reason(
            "Results are shown when the survey has closed, on {when}. Until then two looks could tell one person's answers.",
            when=When(closes_at, zone),
        )
    if answers < SMALLEST:
        return Reason("Fewer than {n} people answered: nothing is shown, so that nobody can be recognised.", n=SMALLEST)
    return None
