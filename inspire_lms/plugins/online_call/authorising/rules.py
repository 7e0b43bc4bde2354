"""When a superior may be asked and may answer, and what the answer means for eligibility."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from inspire_lms.kernel.errors import Reason, When, counted
from inspire_lms.plugins.online_call.authorising.terms import ByLink
from inspire_lms.plugins.online_call.eligibility import Finding
from inspire_lms.plugins.online_call.rules import State, Window, offer_deadline, why_not_write

PAUSE = timedelta(minutes=5)
"""Between two requests of one applicant: time to notice that an address is wrong, too long to flood anybody."""
ONE_DAY = timedelta(days=1)
MOST_BY_ONE = 6
"""Requests of one person in a day, in whatever drafts: deleting a draft gives no new ones."""
MOST_TO_ONE = 20
"""Requests to one address in a day; a head of service may have that many applicants."""
LONGEST_NAME = 120
_NAME = re.compile(r"[^\W\d_]+(?:[’'\-. ]+[^\W\d_]+)*\.?")
_LIKE_A_SITE = re.compile(r"\.(?!ssa\b)\w{2}")
"""As in "Visit spam.example", but not in the Italian "Dott.ssa"."""


class RequestState(StrEnum):
    """What a request to a superior is; one that was never made has no state."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    EXPIRED = "expired"


ANSWERS = frozenset({RequestState.GIVEN, RequestState.REFUSED})


@dataclass(frozen=True)
class Asked:
    """A request that was made: what it is by what is stored, how often and when it was made, until when it can be answered."""

    state: RequestState
    times: int
    asked_at: datetime
    expires_at: datetime

    def at(self, moment: datetime) -> RequestState:
        """Say what it is at *moment*: the clock lets it expire, whether or not somebody has written that down."""
        return RequestState.EXPIRED if self.state is RequestState.ASKED and moment >= self.expires_at else self.state


def last_moment(window: Window, terms: ByLink) -> datetime:
    """Say until when a superior can answer at all: so many days after the call closes, at the same time of day."""
    closes = window.closes_at.astimezone(ZoneInfo(window.zone))
    return offer_deadline(window.closes_at, zone=window.zone, days=terms.days_after, until=closes.time())


def expiry(window: Window, terms: ByLink, *, at: datetime) -> datetime:
    """Say when a link made at *at* dies: at the closing's time of day some days later, the last moment at the latest."""
    closes = window.closes_at.astimezone(ZoneInfo(window.zone))
    return min(offer_deadline(at, zone=window.zone, days=terms.days, until=closes.time()), last_moment(window, terms))


def reminder(asked_at: datetime, expires_at: datetime, terms: ByLink) -> datetime | None:
    """Say when the superior is reminded, a day after the request at the earliest; None when there is no time for it."""
    due = max(expires_at - timedelta(hours=terms.remind_hours), asked_at + ONE_DAY)
    return due if due < expires_at else None


def why_not_ask(state: State, window: Window, terms: ByLink, asked: Asked | None, *, is_attached: bool, at: datetime) -> Reason | None:
    """Say why an applicant cannot ask a superior, or ask anew, at *at*."""
    if state is State.DRAFT and (closed := why_not_write(window, at=at)):
        return closed
    if state not in {State.DRAFT, State.SUBMITTED}:
        return Reason("The application is no longer waiting for an authorisation.")
    if at >= last_moment(window, terms):
        return Reason("An authorisation could be asked for until {moment}.", moment=When(last_moment(window, terms), window.zone))
    if is_attached:
        return Reason("A file is attached. Remove it first if your superior is to answer by a link.")
    if asked is None:
        return None
    return _why_not_again(asked, terms, window.zone, at)


def _why_not_again(asked: Asked, terms: ByLink, zone: str, at: datetime) -> Reason | None:
    if asked.state is RequestState.GIVEN:
        return Reason("Your superior has given the authorisation.")
    if asked.times >= terms.times:
        return counted("You have asked once; the call allows no more.", "You have asked {n} times; the call allows no more.", n=asked.times)
    if at < asked.asked_at + PAUSE:
        return Reason("You asked a moment ago. You can ask again from {moment}.", moment=When(asked.asked_at + PAUSE, zone))
    return None


def why_not_answer(asked: Asked, state: State, window: Window, *, at: datetime) -> Reason | None:
    """Say why a superior cannot answer at *at*."""
    if asked.state in ANSWERS:
        return Reason("This request has been answered. An answer cannot be changed by the link.")
    if state is State.WITHDRAWN or (state is State.DRAFT and at >= window.closes_at):
        return Reason("The person who asked takes no part in the selection any more. There is nothing to answer.")
    if asked.at(at) is RequestState.EXPIRED:
        return Reason(
            "The link worked until {deadline}. By the clock of our server it is {now}.",
            deadline=When(asked.expires_at, window.zone),
            now=When(at, window.zone, to_the_second=True),
        )
    return None


def why_too_many(by_one: int, to_one: int) -> Reason | None:
    """Say why no more mails go out today: requests of this person, and requests to this address, in a day."""
    if by_one >= MOST_BY_ONE:
        return Reason("You have asked too often today. Try again tomorrow, or attach the authorisation as a file.")
    if to_one >= MOST_TO_ONE:
        return Reason("This address has had too many requests today. Try again tomorrow, or attach the authorisation as a file.")
    return None


def why_no_name(name: str) -> Reason | None:
    """Say why *name* cannot be that of a superior: whatever stands there is sent to a stranger, so only names go through."""
    if len(name) > LONGEST_NAME:
        return Reason("The name may have at most {most} characters.", most=LONGEST_NAME)
    if _NAME.fullmatch(name) and not _LIKE_A_SITE.search(name):
        return None
    return Reason("Write a name with letters, hyphens and apostrophes; after a full stop comes a space.")


def finding(state: RequestState, *, is_last: bool) -> Finding:
    """Say what a request means for eligibility; *is_last* is true when nobody can be asked any more.

    Who has not answered yet leaves it open, and so does a link that died while the applicant may still ask again.
    """
    if state is RequestState.GIVEN:
        return Finding.PASS
    if state is RequestState.REFUSED or (state is RequestState.EXPIRED and is_last):
        return Finding.FAIL
    return Finding.UNKNOWN


def stands_for_a_file(state: RequestState, terms: ByLink) -> bool:
    """Say whether an application may be submitted with this request in place of the file."""
    return state is RequestState.GIVEN or (state is RequestState.ASKED and terms.may_submit_open)
