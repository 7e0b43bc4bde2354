"""What a webinar and its register may go through, and what a trainee is told about attendance."""

from datetime import datetime, timedelta
from enum import StrEnum

from inspire_lms.contracts.attendance import Share
from inspire_lms.kernel.errors import Message, Reason, When, counted

SILENCE = timedelta(minutes=5)
"""After that long without a sign from a page that gave signs, the person has left."""
REMIND_BEFORE = timedelta(hours=24)
LONGEST_REASON = 500
"""Characters of a reason that a person gives."""


class State(StrEnum):
    """Where a webinar stands."""

    PLANNED = "planned"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Source(StrEnum):
    """How a connection came onto the register."""

    JOINED = "joined"
    IMPORTED = "imported"
    MANUAL = "manual"


class Phase(StrEnum):
    """What time makes of a webinar."""

    TO_COME = "to_come"
    OPEN = "open"
    """One can join."""
    OVER = "over"
    CANCELLED = "cancelled"


def phase(state: str, starts_at: datetime, ends_at: datetime, *, opens: timedelta, at: datetime) -> Phase:
    """Say what a webinar is at *at*; it can be joined from *opens* before its start until its end."""
    if state == State.CANCELLED:
        return Phase.CANCELLED
    if at >= ends_at:
        return Phase.OVER
    return Phase.OPEN if state == State.PUBLISHED and at >= starts_at - opens else Phase.TO_COME


def why_not_join(
    state: str, starts_at: datetime, ends_at: datetime, zone: str, link: str, *, opens: timedelta, at: datetime
) -> Reason | None:
    """Say why nobody can join at *at*; None when one can."""
    if state != State.PUBLISHED:
        return (
            Reason("This webinar does not take place.") if state == State.CANCELLED else Reason("This webinar has not been announced yet.")
        )
    if at < starts_at - opens:
        return Reason("You can join from {when} on.", when=When(starts_at - opens, zone))
    if at >= ends_at:
        return Reason("This webinar ended on {when}.", when=When(ends_at, zone))
    if not link:
        return Reason("The address of the meeting has not been entered yet. Your trainer has been shown this too.")
    return None


def why_not_publish(number: int, state: str, ends_at: datetime, *, at: datetime) -> Reason | None:
    """Say why a webinar cannot be announced; None when it can. Several are announced at once: *number* says which one it is."""
    if state == State.CANCELLED:
        return Reason("A cancelled webinar cannot be published. Plan a new one.")
    if state == State.PUBLISHED:
        return Reason("This webinar is published already.")
    if at >= ends_at:
        return Reason("Webinar {number} lies in the past. Move it first.", number=number)
    return None


def why_not_change(state: str, starts_at: datetime, closed_at: datetime | None, reason: str, *, at: datetime) -> Reason | None:
    """Say why a webinar cannot be moved or otherwise changed; None when it can. A published one needs a *reason*."""
    if why := why_not_set_addresses(state, closed_at):
        return why
    if state == State.PUBLISHED and at >= starts_at:
        return Reason("This webinar has begun; its time cannot be changed any more.")
    return why_not_reason(reason) if state == State.PUBLISHED else None


def why_not_move_to(state: str, starts_at: datetime, zone: str, *, at: datetime) -> Reason | None:
    """Say why *starts_at* cannot be the new start of a webinar; None when it can. What nobody was told of may stand in the past."""
    if state == State.PUBLISHED and starts_at <= at:
        return Reason("This start lies in the past: {when}.", when=When(starts_at, zone))
    return None


def why_not_set_addresses(state: str, closed_at: datetime | None) -> Reason | None:
    """Say why the addresses of the meeting cannot be changed any more; None when they can."""
    if state == State.CANCELLED:
        return Reason("A cancelled webinar cannot be changed. Plan a new one.")
    return Reason("The register of this webinar is closed.") if closed_at else None


def why_not_cancel(state: str, starts_at: datetime, closed_at: datetime | None, reason: str, *, at: datetime) -> Reason | None:
    """Say why a published webinar cannot be cancelled; None when it can."""
    if state == State.PLANNED:
        return Reason("Nobody has been told of this webinar; take it out of the plan instead.")
    if state == State.CANCELLED:
        return Reason("This webinar is cancelled already.")
    if closed_at:
        return Reason("The register of this webinar is closed.")
    if at >= starts_at:
        return Reason("This webinar has begun and cannot be cancelled any more.")
    return why_not_reason(reason)


def why_not_reason(reason: str) -> Reason | None:
    """Say why *reason* does not do; None when it does."""
    if not reason.strip():
        return Reason("Please say why, in a sentence that those concerned may read.")
    return Reason("At most {most} characters.", most=LONGEST_REASON) if len(reason) > LONGEST_REASON else None


def why_not_close(state: str, ends_at: datetime, closed_at: datetime | None, zone: str, *, at: datetime) -> Reason | None:
    """Say why the register cannot be closed at *at*; None when it can."""
    if state != State.PUBLISHED:
        return Reason("Only a webinar that took place has a register.")
    if closed_at:
        return Reason("The register was closed on {when}.", when=When(closed_at, zone))
    if at < ends_at:
        return Reason("The webinar ends on {when}; the register can be closed after that.", when=When(ends_at, zone))
    return None


def why_not_record(state: str, starts_at: datetime, *, at: datetime) -> Reason | None:
    """Say why nothing can be imported or entered by hand; None when it can."""
    if state != State.PUBLISHED:
        return Reason("Only a webinar that took place has a register.")
    return Reason("The webinar has not begun.") if at < starts_at else None


def why_not_correct(came: datetime, left: datetime, starts_at: datetime, ends_at: datetime, reason: str) -> Reason | None:
    """Say why a connection cannot be entered by hand; None when it can."""
    if left <= came:
        return Reason("The end lies after the beginning.")
    if left <= starts_at or came >= ends_at:
        return Reason("This lies outside the webinar.")
    return why_not_reason(reason)


def left_at(came: datetime, left: datetime | None, seen: datetime, ends_at: datetime, *, at: datetime) -> tuple[datetime, bool]:
    """Say until when a connection counts, and whether it goes on at *at*.

    A page that gave signs and fell silent counts until its last sign; one that never gave any (no script) counts
    until the end of the webinar.
    """
    if left is not None:
        return left, False
    if seen > came and at - seen > SILENCE:
        return seen, False
    return max(came, min(at, ends_at)), at < ends_at


def standing(share: Share) -> str:
    """Say where somebody stands: met, hope (can still be reached), out (cannot)."""
    if share.is_met:
        return "met"
    return "hope" if share.reachable >= share.needed and share.scheduled else "out"


def so_far(share: Share) -> Message:
    """Say how much somebody attended, and what can still be done: always the minutes, and the remaining ones."""
    if not share.scheduled:
        return Message("No webinar has been planned yet.")
    percent = share.minutes * 100 // share.scheduled
    so_far_ = counted("So far {n} minute ({percent}%).", "So far {n} minutes ({percent}%).", n=share.minutes, percent=percent)
    match standing(share):
        case "met":
            return Message("{so_far} {need}", so_far=so_far_, need=_reached(share))
        case "hope":
            return Message("{so_far} {need}", so_far=so_far_, need=_need(share))
        case _:
            most = share.reachable * 100 // share.scheduled
            need = Reason("The {threshold}% can no longer be reached: at most {most}%.", threshold=share.threshold, most=most)
            return Message("{so_far} {need}", so_far=so_far_, need=need)


def _reached(share: Share) -> Reason:
    return counted(
        "The {threshold}% that are needed, {n} minute, have been reached.",
        "The {threshold}% that are needed, {n} minutes, have been reached.",
        n=share.needed,
        threshold=share.threshold,
    )


def _need(share: Share) -> Reason:
    return counted(
        "For {threshold}% you need {n} minute of the {left} left.",
        "For {threshold}% you need {n} minutes of the {left} left.",
        n=share.needed - share.minutes,
        left=share.scheduled - share.held,
        threshold=share.threshold,
    )


def is_at_risk(share: Share) -> bool:
    """Say whether a person needs attention: more than half of the minutes that may be missed have been missed."""
    missed, may_be_missed = share.held - share.minutes, share.scheduled - share.needed
    return missed * 2 > may_be_missed and not share.is_met
