"""When an assessment is open, who may start, how long an attempt lasts, what may still be saved."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from inspire_lms.kernel.errors import Reason, When, counted


class Purpose(StrEnum):
    """What an assessment is for."""

    PRE = "pre"
    """Before the course; its result does not count."""
    FINAL = "final"
    ESSAY = "essay"


class State(StrEnum):
    """How far an attempt has got."""

    OPEN = "open"
    SUBMITTED = "submitted"
    """Handed in, and some answers wait for a mark by hand."""
    GRADED = "graded"


class Opening(StrEnum):
    """Where a moment lies in regard to the window."""

    BEFORE = "before"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True)
class Terms:
    """What holds for one person in one assessment, the person's own extension included."""

    opens_at: datetime
    closes_at: datetime
    zone: str
    minutes: int | None
    """None: there is time until the window closes."""
    attempts: int


def extended(terms: Terms, *, minutes: int, attempts: int, until: datetime | None) -> Terms:
    """Add what was granted to a person: minutes and attempts more, and a later end of the window."""
    return Terms(
        opens_at=terms.opens_at,
        closes_at=max(terms.closes_at, until) if until else terms.closes_at,
        zone=terms.zone,
        minutes=None if terms.minutes is None else terms.minutes + minutes,
        attempts=terms.attempts + attempts,
    )


def opening(opens_at: datetime, closes_at: datetime, *, at: datetime) -> Opening:
    """Say whether the window is open at *at*; it is at both of its borders."""
    if at < opens_at:
        return Opening.BEFORE
    return Opening.OPEN if at <= closes_at else Opening.OVER


def why_not_start(terms: Terms, *, used: int, at: datetime) -> Reason | None:
    """Say why no attempt can be started; *used* counts the attempts that were started before."""
    stands = opening(terms.opens_at, terms.closes_at, at=at)
    if stands is Opening.BEFORE:
        return Reason("This assessment opens on {when}.", when=When(terms.opens_at, terms.zone))
    if stands is Opening.OVER:
        return Reason("This assessment closed on {when}.", when=When(terms.closes_at, terms.zone))
    if used >= terms.attempts:
        return counted("Your {n} attempt is used.", "Your {n} attempts are used.", n=terms.attempts)
    return None


def ends_at(terms: Terms, started_at: datetime) -> datetime:
    """Say when an attempt ends: after its minutes, and never after the window has closed."""
    if terms.minutes is None:
        return terms.closes_at
    return min(started_at + timedelta(minutes=terms.minutes), terms.closes_at)


def why_not_answer(state: str, ends_at: datetime, zone: str, *, at: datetime, by_itself: bool = False) -> Reason | None:
    """Say why an answer cannot be saved any more; the last moment still counts, unless the attempt has handed itself in meanwhile."""
    if at > ends_at or by_itself:
        return Reason(
            "The time ended on {end}; the server's clock says {now}. What was saved before counts; this answer was kept aside.",
            end=When(ends_at, zone),
            now=When(at, zone, to_the_second=True),
        )
    if state != State.OPEN:
        return Reason("This attempt was submitted. Its answers cannot be changed any more.")
    return None


def last_moment(terms: Terms, ends: Collection[tuple[str, datetime]], *, at: datetime) -> datetime | None:
    """Say until when something can be handed in; None when nothing can any more. *ends* has state and end of each attempt."""
    if len(ends) < terms.attempts and at <= terms.closes_at:
        return terms.closes_at
    return max((end for state, end in ends if state == State.OPEN and not is_over(end, at=at)), default=None)


def is_waiting(ends: Collection[tuple[str, datetime]], *, at: datetime) -> bool:
    """Say whether an attempt waits for its marks: it was handed in, or its time is over and it will be."""
    return any(state == State.SUBMITTED or (state == State.OPEN and is_over(end, at=at)) for state, end in ends)


def is_over(ends_at: datetime, *, at: datetime) -> bool:
    """Say whether an attempt that was not submitted has run out of time."""
    return at > ends_at


def minutes_left(ends_at: datetime, *, at: datetime) -> int:
    """Give the minutes left, rounded up; 0 when there are none."""
    return max(0, -(-int((ends_at - at).total_seconds()) // 60))


def why_not_extend(*, minutes: int, attempts: int, until: datetime | None, closes_at: datetime, zone: str, at: datetime) -> Reason | None:
    """Say why an extension makes no sense: all that a person shall have beyond the others, with what was granted before."""
    if until and until <= closes_at:
        return Reason("The new end has to be later than the end for everybody.")
    if not minutes and not attempts and not until:
        return Reason("Give more minutes, more attempts or a later end.")
    if at > (end := until or closes_at):
        return Reason("The end was on {when}. Give a later one that is still to come; nothing else helps without it.", when=When(end, zone))
    return None


def why_not_mark(state: str) -> Reason | None:
    """Say why an answer cannot be marked by hand yet."""
    return Reason("The attempt is still running.") if state == State.OPEN else None


def why_not_correct(state: str, reason: str) -> Reason | None:
    """Say why a mark that was given cannot be changed."""
    if state != State.GRADED:
        return Reason("A mark can be corrected when the whole attempt has its marks.")
    return None if reason.strip() else Reason("Write why the mark changes.")
