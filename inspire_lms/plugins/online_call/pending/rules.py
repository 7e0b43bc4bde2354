"""What waits for whom until when: found from counts and the dates of the call; when it is overdue, and in which order it stands."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from inspire_lms.kernel.errors import When
from inspire_lms.plugins.online_call.importing.rules import KEEP_UNCONFIRMED
from inspire_lms.plugins.online_call.rules import Phase, Window
from inspire_lms.plugins.online_call.seeing.phases import JudgingPhase


class What(StrEnum):
    """What can wait, in the order in which it stands where nothing else parts it."""

    DECIDE = "decide"
    DECIDE_ANEW = "decide_anew"
    """It was decided on before; an appeal or a correction has opened it."""
    SECOND = "second"
    """A decision other than the rules, proposed by one person."""
    SUPERIOR = "superior"
    MEND = "mend"
    LACKS = "lacks"
    """Fewer evaluators are asked than the call wants."""
    THIRD = "third"
    EVALUATE = "evaluate"
    UNTOLD = "untold"
    """Members of the committee who have not said for which administration they work."""
    APPEAL = "appeal"
    REOPEN = "reopen"
    """Opening an application again after the final list, proposed by one person."""
    PROVISIONAL = "provisional"
    FINAL = "final"
    CORRECTED = "corrected"
    OFFER = "offer"
    RELEASE = "release"
    FAILED = "failed"
    IMPORT = "import"
    OPENS = "opens"
    CLOSES = "closes"
    PHASE = "phase"
    APPEALS_END = "appeals_end"
    RESERVE_ENDS = "reserve_ends"


@dataclass(frozen=True)
class Until:
    """By when something is to be done."""

    over_at: datetime
    """From this moment on it is overdue."""
    shown: When | date
    """As it is told: a moment in the zone of the call, or a day of which the whole counts."""


@dataclass(frozen=True)
class Count:
    """How many of a kind wait, with the first and the last of their moments where they have their own."""

    number: int
    first: datetime | None = None
    last: datetime | None = None
    some_id: int | None = None
    """The number of one of them: where there is only one, it is that one."""


@dataclass(frozen=True)
class Open:
    """Something that waits."""

    what: What
    number: int
    until: Until | None = None
    last: Until | None = None
    """When there are several, each with its own time: the last of them."""
    person_id: int | None = None
    """Who is to evaluate; of a proposal, who has made it."""
    some_id: int | None = None

    def is_overdue(self, at: datetime) -> bool:
        """Say whether its time is over at *at*; what has none never is."""
        return self.until is not None and at >= self.until.over_at


@dataclass(frozen=True)
class Dates:
    """What the call says about time, and how far the selection has come."""

    window: Window
    checked_by: date
    ranked_by: date
    reserve_until: datetime
    phases: tuple[JudgingPhase, ...] = ()
    has_appeals: bool = False
    """A provisional list comes before the final one."""
    is_provisional: bool = False
    """It is published."""
    appeal_until: datetime | None = None
    is_final: bool = False
    """The final list is published."""


Counts = Mapping[tuple[What, int | None], Count]
"""What waits, by kind and by whose it is; nobody where that says nothing."""
NOBODY = Count(0)


@dataclass(frozen=True)
class Found:
    """All that was counted."""

    waiting: Counts = field(default_factory=dict)
    eligible: int = 0
    drafts: int = 0
    reserve: int = 0
    reopened: int = 0
    """Applications open again although the final list is out."""
    untold: int = 0
    """Members of the committee who have not said for which administration they work."""

    def has(self, *kinds: What) -> bool:
        """Say whether anything of these kinds waits."""
        return any(what in kinds for what, _whose in self.waiting)


def moment(at: datetime, zone: str) -> Until:
    """Make the time of something that is over at a moment."""
    return Until(at, When(at, zone))


def day(last: date, zone: str) -> Until:
    """Make the time of something that may be done on the whole of the last day, in the zone of the country."""
    return Until(datetime.combine(last + timedelta(days=1), time(), ZoneInfo(zone)), last)


def waiting(found: Found, dates: Dates, *, at: datetime) -> list[Open]:
    """Say what waits at *at*, in order."""
    return in_order([*_counted(found, dates, at), *_next_list(found, dates, at), *_by_the_clock(found, dates, at)], at=at)


def in_order(opens: Iterable[Open], *, at: datetime) -> list[Open]:
    """Put first what is overdue, then what has a time, the earliest first, then what has none."""
    kinds = list(What)

    def place(one: Open) -> tuple[bool, bool, float, int]:
        until = one.until.over_at.timestamp() if one.until else 0.0
        return not one.is_overdue(at), one.until is None, until, kinds.index(one.what)

    return sorted(opens, key=place)


def is_judging(found: Found, dates: Dates, *, at: datetime) -> bool:
    """Say whether the call is closed and somebody is still to decide or to evaluate."""
    return dates.window.phase(at) is Phase.CLOSED and found.has(What.DECIDE, What.DECIDE_ANEW, What.LACKS, What.THIRD, What.EVALUATE)


def marks_until(phases: Sequence[JudgingPhase], *, at: datetime) -> datetime | None:
    """Say until when points can be given: when the phase begins that ends it; None where no phase says so."""
    begun = [each for each in phases if each.begins_at <= at][-1:]
    ahead = [*begun, *(each for each in phases if each.begins_at > at)]
    opened = next((place for place, each in enumerate(ahead) if each.sight.may_mark), None)
    if opened is None:
        return None
    return next((each.begins_at for each in ahead[opened:] if not each.sight.may_mark), None)


def _counted(found: Found, dates: Dates, at: datetime) -> Iterator[Open]:
    zone = dates.window.zone
    for (what, whose), count in found.waiting.items():
        own = (moment(count.first, zone), moment(count.last, zone)) if count.first and count.last else None
        if what is What.DECIDE and dates.window.phase(at) is not Phase.CLOSED:
            continue
        if what is What.IMPORT and count.first:
            own = (moment(count.first + KEEP_UNCONFIRMED, zone),) * 2
        until, last = own or (of_the_call(what, dates, at),) * 2
        yield Open(what, count.number, until, last if last != until else None, whose, count.some_id)
    if found.untold and is_judging(found, dates, at=at):
        yield Open(What.UNTOLD, found.untold)


def of_the_call(what: What, dates: Dates, at: datetime) -> Until | None:
    """Give the time that the call says for all of a kind; what is open again after the final list has none."""
    zone = dates.window.zone
    if dates.is_final:
        return None
    if what in {What.DECIDE, What.SECOND} and not dates.is_provisional:
        return day(dates.checked_by, zone)
    if what in {What.EVALUATE, What.LACKS, What.THIRD}:
        until = None if dates.is_provisional else marks_until(dates.phases, at=at)
        return moment(until, zone) if until else day(dates.ranked_by, zone)
    return day(dates.ranked_by, zone) if what in {What.DECIDE_ANEW, What.APPEAL} else None


UNSETTLED = (What.DECIDE, What.DECIDE_ANEW, What.SECOND, What.MEND, What.LACKS, What.THIRD, What.EVALUATE)
"""While any of these waits no list can follow."""


def _next_list(found: Found, dates: Dates, at: datetime) -> Iterator[Open]:
    """Say which list can be published now."""
    if dates.window.phase(at) is not Phase.CLOSED or found.has(*UNSETTLED, What.APPEAL):
        return
    if dates.is_final:
        if found.reopened and not found.has(What.REOPEN):
            yield Open(What.CORRECTED, found.reopened)
        return
    until = day(dates.ranked_by, dates.window.zone)
    if not found.eligible or (dates.appeal_until and at < dates.appeal_until):
        return
    yield Open(What.PROVISIONAL if dates.has_appeals and not dates.is_provisional else What.FINAL, found.eligible, until)


def _by_the_clock(found: Found, dates: Dates, at: datetime) -> Iterator[Open]:
    """Say what the next date of the call is that nobody can do anything about."""
    window, zone = dates.window, dates.window.zone
    phase = window.phase(at)
    if phase is Phase.BEFORE:
        yield Open(What.OPENS, 1, moment(window.opens_at, zone))
    if phase is Phase.OPEN:
        yield Open(What.CLOSES, found.drafts, moment(window.closes_at, zone))
    following = next((place for place, each in enumerate(dates.phases) if each.begins_at > at), None)
    if phase is Phase.CLOSED and following is not None and not dates.is_final and not dates.is_provisional:
        yield Open(What.PHASE, 1, moment(dates.phases[following].begins_at, zone), some_id=following)
    if dates.appeal_until and at < dates.appeal_until and not dates.is_final:
        yield Open(What.APPEALS_END, 1, moment(dates.appeal_until, zone))
    if dates.is_final and found.reserve and at <= dates.reserve_until:
        yield Open(What.RESERVE_ENDS, found.reserve, moment(dates.reserve_until, zone))
