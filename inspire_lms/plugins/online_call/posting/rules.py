"""Whom an announcement is for, when it goes out, and what makes a letter that waits untrue."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.online_call.rules import Standing, State

LATE = timedelta(days=1)
"""An announcement that could not be written for so long after its moment is not written any more: it would come too late."""
FARTHEST = 60
"""Days before or after its date at which something may be announced."""

ALL_STANDINGS: frozenset[Standing | None] = frozenset({None, *Standing})
"""Whatever the ranking says, and when there is none."""


class To(StrEnum):
    """Whom an announcement is for."""

    DRAFTS = "drafts"
    SUBMITTED = "submitted"
    ELIGIBLE = "eligible"
    RESERVE = "reserve"
    OFFERED = "offered"
    ACCEPTED = "accepted"


IN_THE_RUNNING = frozenset({State.SUBMITTED, State.ELIGIBLE})
GROUPS: dict[To, tuple[frozenset[State], frozenset[Standing | None]]] = {
    To.DRAFTS: (frozenset({State.DRAFT}), ALL_STANDINGS),
    To.SUBMITTED: (IN_THE_RUNNING, ALL_STANDINGS),
    To.ELIGIBLE: (frozenset({State.ELIGIBLE}), ALL_STANDINGS),
    To.RESERVE: (frozenset({State.ELIGIBLE}), frozenset({Standing.RESERVE})),
    To.OFFERED: (frozenset({State.ELIGIBLE}), frozenset({Standing.OFFERED})),
    To.ACCEPTED: (frozenset({State.ELIGIBLE}), frozenset({Standing.ACCEPTED})),
}
"""What an application is, and what its line of the ranking is, for whom."""

GONE = Reason("There is no such application any more.")
WITHDRAWN = Reason("The application was withdrawn.")
DECIDED_ANEW = Reason("The application was decided on anew.")
OFF_THE_LIST = Reason("The application is not on the reserve list any more.")
LIST_OVER = Reason("The reserve list has ended.")
LIST_GOES_ON = Reason("The reserve list was prolonged: it has not ended.")
RANKED = Reason("The ranking is published, and says more.")
OTHER_GROUP = Reason("The applicant is no longer among those for whom it was written.")
NO_MESSAGE = Reason("The announcement was taken out of the call.")
IS_OVER = Reason("What it announces is over.")


@dataclass(frozen=True)
class Announced:
    """What of a rule matters to whether its letters are still true."""

    to: To
    due_at: datetime
    of_at: datetime


@dataclass(frozen=True)
class About:
    """What is known of the application that a letter is about."""

    state: State | None
    """None when there is none any more."""
    standing: Standing | None
    reserve_until: datetime
    """The end of the call's reserve list."""


def why_untrue(kind: str, about: About, announced: Announced | None, *, at: datetime) -> Reason | None:
    """Say why a letter of this *kind* that waits would be untrue at *at*; None if it may go."""
    if about.state is None:
        return GONE
    if about.state is State.WITHDRAWN:
        return WITHDRAWN
    match kind:
        case "not-eligible" if about.state is not State.NOT_ELIGIBLE:
            return DECIDED_ANEW
        case "eligible" if about.state is not State.ELIGIBLE:
            return DECIDED_ANEW
        case "eligible" if about.standing is not None:
            return RANKED
        case "reserve" | "reserve-ended" if about.standing is not Standing.RESERVE:
            return OFF_THE_LIST
        case "reserve" if at > about.reserve_until:
            return LIST_OVER
        case "reserve-ended" if at <= about.reserve_until:
            return LIST_GOES_ON
        case "unsuitable" if about.standing is not Standing.UNSUITABLE:
            return DECIDED_ANEW
        case "announcement":
            return _why_not_announce(about, announced, at)
    return None


def _why_not_announce(about: About, announced: Announced | None, at: datetime) -> Reason | None:
    if announced is None:
        return NO_MESSAGE
    if is_over(announced.due_at, announced.of_at, at=at):
        return IS_OVER
    states, standings = GROUPS[announced.to]
    return None if about.state in states and about.standing in standings else OTHER_GROUP


def is_over(due_at: datetime, of_at: datetime, *, at: datetime) -> bool:
    """Say whether something that is announced beforehand has come already."""
    return due_at < of_at <= at


def due(of: datetime | date, *, zone: str, days: int, clock: time) -> datetime:
    """Say when something is announced: *days* calendar days of the country after *of* (before, when negative), at *clock*; in UTC."""
    day = of.astimezone(ZoneInfo(zone)).date() if isinstance(of, datetime) else of
    return datetime.combine(day + timedelta(days=days), clock, ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


def end_of(of: datetime | date, *, zone: str) -> datetime:
    """Say when what is announced is over: at its moment, or at the end of its day in the country; in UTC."""
    return of.astimezone(ZoneInfo("UTC")) if isinstance(of, datetime) else due(of, zone=zone, days=1, clock=time(0))


def is_due(due_at: datetime, of_at: datetime, loaded_at: datetime, *, at: datetime) -> bool:
    """Say whether something is to be announced at *at*: its moment has come after it was loaded, and not long ago."""
    return loaded_at <= due_at <= at < due_at + LATE and not is_over(due_at, of_at, at=at)


def paragraphs(text: str) -> list[str]:
    """Part a text where a line is empty; within a paragraph lines are joined."""
    return [" ".join(each.split()) for each in re.split(r"\n\s*\n", text) if each.strip()]


def unsaid(words: dict[str, str], languages: Sequence[str]) -> list[str]:
    """List the languages in which something is missing that is said in another one; nothing when nothing is said at all."""
    return [each for each in languages if not words.get(each)] if any(words.values()) else []
