"""Who may apply and when; what an application and a place can be, and what may follow what."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from inspire_lms.kernel.errors import Reason, When

PROTOCOL_DIGITS = 6
"""Digits of the running number in a protocol number."""

REVIEWS = 2
"""Evaluators who score each application; a third only when these are far apart."""

KEPT = timedelta(days=365)
"""How long after the final list is kept what was written by those who got no place, unless the call says otherwise."""

PRIVATE = timedelta(days=30)
"""How long after the course is kept what those who took part wrote to the coordinator alone, unless the call says otherwise."""


class Phase(StrEnum):
    """What a call is at a moment; nobody sets it, the clock does."""

    BEFORE = "before"
    OPEN = "open"
    CLOSED = "closed"


class State(StrEnum):
    """What an application is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """What a line of the published ranking is."""

    UNSUITABLE = "unsuitable"
    RESERVE = "reserve"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


HOLDING = frozenset({Standing.OFFERED, Standing.ACCEPTED})
"""Lines that hold one of the seats."""

FOLLOWS = {
    Standing.UNSUITABLE: frozenset({Standing.RESERVE, Standing.WITHDRAWN}),
    Standing.RESERVE: frozenset({Standing.OFFERED, Standing.UNSUITABLE, Standing.WITHDRAWN}),
    Standing.OFFERED: frozenset({Standing.ACCEPTED, Standing.DECLINED, Standing.LAPSED, Standing.WITHDRAWN, Standing.RESERVE}),
    Standing.ACCEPTED: frozenset({Standing.WITHDRAWN}),
    Standing.DECLINED: frozenset(),
    Standing.LAPSED: frozenset(),
    Standing.WITHDRAWN: frozenset(),
}
"""What may follow what. Offered goes back to reserve only when all seats turn out to be taken; whether a waiting line is suitable
changes only by a corrected list."""


_STEPS = (Standing.RESERVE, Standing.OFFERED, Standing.ACCEPTED)


def how_far(state: State, standing: Standing | None) -> int:
    """Say how far an application has come; of two of one person the one with the larger number goes on."""
    if state is State.DRAFT:
        return 0
    if state is State.WITHDRAWN or (standing is not None and not FOLLOWS[standing]):
        return 1
    return 3 + _STEPS.index(standing) if standing in _STEPS else 2


class ReviewState(StrEnum):
    """What one evaluator's review of one application is."""

    ASKED = "asked"
    DONE = "done"
    CONFLICT = "conflict"
    ABSTAINED = "abstained"
    """The evaluator does not judge this one, with a reason that is no conflict; it is not "not yet"."""


STEPPED_BACK = (ReviewState.CONFLICT, ReviewState.ABSTAINED)
"""Reviews in whose place somebody else is asked."""


@dataclass(frozen=True)
class Window:
    """When a call takes applications, and the zone its deadline is written in."""

    opens_at: datetime
    closes_at: datetime
    zone: str

    def phase(self, at: datetime) -> Phase:
        """Say what the call is at *at*: open from the opening second, closed from the closing second."""
        if at < self.opens_at:
            return Phase.BEFORE
        return Phase.OPEN if at < self.closes_at else Phase.CLOSED


def importance(window: Window, *, at: datetime) -> tuple[int, float]:
    """Say which call of a country matters first at *at*, the smallest first: open, next to open, closed most recently."""
    phase = window.phase(at)
    if phase is Phase.CLOSED:
        return 2, -window.closes_at.timestamp()
    return (0, window.closes_at.timestamp()) if phase is Phase.OPEN else (1, window.opens_at.timestamp())


def why_not_write(window: Window, *, at: datetime) -> Reason | None:
    """Say why no draft can be begun or changed at *at*."""
    phase = window.phase(at)
    if phase is Phase.BEFORE:
        return Reason("The call opens on {opens}.", opens=When(window.opens_at, window.zone))
    if phase is Phase.CLOSED:
        return Reason(
            "The call closed on {deadline}. By the clock of our server it is {now}. Your draft is kept; it can no longer be submitted.",
            deadline=When(window.closes_at, window.zone),
            now=When(at, window.zone, to_the_second=True),
        )
    return None


def why_not_change(state: State, window: Window, *, at: datetime) -> Reason | None:
    """Say why the answers of an application cannot be changed at *at*."""
    if state is not State.DRAFT:
        return Reason("The application has been submitted: its answers are fixed.")
    return why_not_write(window, at=at)


def why_not_withdraw(state: State, standing: Standing | None) -> Reason | None:
    """Say why an application cannot be withdrawn."""
    if state is State.DRAFT:
        return Reason("A draft takes part in nothing. You can delete it.")
    if state is State.WITHDRAWN or (standing is not None and not FOLLOWS[standing]):
        return Reason("There is nothing left to withdraw.")
    return None


def why_not_decide(state: State, window: Window, *, published: bool, at: datetime, provisional: bool = False) -> Reason | None:
    """Say why eligibility cannot be decided, or decided anew, at *at*."""
    if published:
        return Reason("The ranking is published: eligibility is settled.")
    if window.phase(at) is not Phase.CLOSED:
        return Reason("Eligibility is decided after the call has closed on {deadline}.", deadline=When(window.closes_at, window.zone))
    if state not in {State.SUBMITTED, State.ELIGIBLE, State.NOT_ELIGIBLE}:
        return Reason("Only a submitted application can be decided on.")
    if provisional and state is not State.SUBMITTED:
        return Reason("A list is published: eligibility is decided anew only where the application was opened again.")
    return None


def why_not_review(state: State, review: ReviewState, *, published: bool, provisional: bool = False) -> Reason | None:
    """Say why an evaluator cannot give or change marks."""
    if published:
        return Reason("The ranking is published: marks are fixed.")
    if state is not State.ELIGIBLE:
        return Reason("This application is not in the selection any more.")
    if review is ReviewState.CONFLICT:
        return Reason("You declared a conflict of interest for this application.")
    if review is ReviewState.ABSTAINED:
        return Reason("You abstained from this application.")
    if provisional and review is ReviewState.DONE:
        return Reason("A list is published: marks change only where the application was opened again.")
    return None


def why_not_take_back(review: ReviewState, *, published: bool) -> Reason | None:
    """Say why a request for an evaluation cannot be taken back."""
    if published:
        return Reason("The ranking is published: marks are fixed.")
    if review is not ReviewState.ASKED:
        return Reason("This request was answered in the meantime.")
    return None


def choose(candidates: Iterable[int], loads: Mapping[int, int], kept_out: Collection[int]) -> int | None:
    """Choose who evaluates next: whoever has least to evaluate so far, the lower number among equals; None when nobody may."""
    free = [person for person in candidates if person not in kept_out]
    return min(free, key=lambda person: (loads.get(person, 0), person), default=None)


def why_not_publish(
    *, published: bool, phase: Phase, undecided: int, open_reviews: int, third_due: int, eligible: int, unconfirmed: int = 0
) -> Reason | None:
    """Say why the ranking cannot be published; what is still open is named with its number."""
    if published:
        return Reason("The ranking is published already.")
    if phase is not Phase.CLOSED:
        return Reason("The call is still open.")
    if undecided:
        return Reason("Applications without a decision on eligibility: {n}.", n=undecided)
    if unconfirmed:
        return Reason("Decisions on eligibility that wait for a second person: {n}.", n=unconfirmed)
    if third_due:
        return Reason("Pairs of scores too far apart, without a third evaluation: {n}.", n=third_due)
    if open_reviews:
        return Reason("Evaluations not yet given: {n}.", n=open_reviews)
    if not eligible:
        return Reason("There is no eligible application to rank.")
    return None


def why_not_offer(reserve_until: datetime, zone: str, *, at: datetime) -> Reason | None:
    """Say why offers cannot begin at *at*: nobody could be called up any more when one is declined."""
    if at <= reserve_until:
        return None
    return Reason("The reserve list ended on {moment}. Load the edition file with a later end first.", moment=When(reserve_until, zone))


def why_not_accept(standing: Standing, until: datetime | None, zone: str, *, at: datetime) -> Reason | None:
    """Say why an offered place cannot be accepted at *at*; an accepted place is no reason (it is the same acceptance again)."""
    if standing is Standing.ACCEPTED:
        return None
    if standing is Standing.LAPSED or (standing is Standing.OFFERED and until is not None and at >= until):
        return Reason(
            "The offer lapsed on {deadline}. By the clock of our server it is {now}.",
            deadline=When(until or at, zone),
            now=When(at, zone, to_the_second=True),
        )
    if standing is not Standing.OFFERED:
        return Reason("There is no offer to accept.")
    return None


def why_not_decline(standing: Standing) -> Reason | None:
    """Say why an offer cannot be declined; a declined one is no reason (it is the same answer again)."""
    if standing in {Standing.OFFERED, Standing.DECLINED}:
        return None
    return Reason("There is no offer to decline.")


def offer_deadline(at: datetime, *, zone: str, days: int, until: time) -> datetime:
    """Say when an offer made at *at* lapses: *days* calendar days later, at the clock time *until* of the country."""
    local = at.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date() + timedelta(days=days), until, ZoneInfo(zone)).astimezone(at.tzinfo)


def protocol_number(country: str, year: int, number: int) -> str:
    """Write the number under which an application is registered, for example INSPIREPA-IT-2026-000123."""
    return f"INSPIREPA-{country}-{year}-{number:0{PROTOCOL_DIGITS}d}"
