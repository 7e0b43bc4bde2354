"""The plan of a cohort's webinars: dates from the edition's pattern, and what speaks against a date."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from inspire_lms.kernel.errors import Reason, When

LEAST_MINUTES, MOST_MINUTES = 15, 480
"""How short and how long a webinar may be."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""As an edition file names them; Monday is 0."""
SUNDAY = 6


@dataclass(frozen=True)
class Pattern:
    """When the webinars of a cohort take place."""

    first_day: date
    at: time
    """On the wall clock of the cohort's zone."""
    minutes: int
    skipped: tuple[date, ...] = ()
    """Any day of a week in which there is no webinar."""
    trainers: tuple[str, ...] = ()
    """E-mail addresses."""
    link: str = ""
    """Where trainees meet."""
    host_link: str = ""
    """Where the trainer starts the meeting; never shown to a trainee."""


@dataclass(frozen=True)
class Planned:
    """A webinar as far as clashes are concerned."""

    webinar_id: int
    local: datetime
    """On the wall clock of the cohort."""
    starts_at: datetime
    ends_at: datetime
    zone: str
    cohort_id: int
    number: int
    trainers: frozenset[int]


def days(pattern: Pattern, count: int) -> tuple[date, ...]:
    """Give the days of *count* webinars, a week apart from the first day, without the weeks that are skipped."""
    left_out = {_monday(each) for each in pattern.skipped}
    chosen: list[date] = []
    day = pattern.first_day
    while len(chosen) < count:
        if _monday(day) not in left_out:
            chosen.append(day)
        day += timedelta(weeks=1)
    return tuple(chosen)


def starts(pattern: Pattern, count: int) -> tuple[datetime, ...]:
    """Give the wall-clock starts: the hour on the wall stays the same when the clocks change between two of them."""
    return tuple(datetime.combine(day, pattern.at) for day in days(pattern, count))


def warnings(one: Planned, others: Iterable[Planned], holiday: str | None, names: dict[int, str]) -> tuple[Reason, ...]:
    """Say what speaks against the time of a webinar; none of it forbids.

    *holiday* is the name of the public holiday on that day, *names* are those of the trainers.
    """
    found: list[Reason] = []
    if one.local.weekday() == SUNDAY:
        found.append(Reason("This is a Sunday."))
    if holiday:
        found.append(Reason("This is a public holiday: {name}.", name=holiday))
    for other in others:
        if other.webinar_id == one.webinar_id or not (one.starts_at < other.ends_at and other.starts_at < one.ends_at):
            continue
        if other.cohort_id == one.cohort_id:
            found.append(Reason("Webinar {number} of the same group takes place at the same time.", number=other.number))
        found += [
            Reason(
                "{trainer} leads another webinar at that time: {when}.", trainer=names.get(each, ""), when=When(other.starts_at, other.zone)
            )
            for each in sorted(one.trainers & other.trainers)
        ]
    return tuple(found)


def why_not_plan(local: datetime, minutes: int, taken: Sequence[int], number: int) -> Reason | None:
    """Say why a webinar cannot stand in the plan; None when it can. *taken* are the numbers of the others."""
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        return Reason("A webinar lasts from {least} to {most} minutes.", least=LEAST_MINUTES, most=MOST_MINUTES)
    if number in taken:
        return Reason("There is a webinar {number} already.", number=number)
    if (local + timedelta(minutes=minutes)).date() != local.date():
        return Reason("A webinar ends on the day on which it begins.")
    return None


def why_not_link(address: str) -> Reason | None:
    """Say why *address* cannot be where people meet; None when it can, or when it is empty."""
    if address and not address.startswith("https://"):
        return Reason("The address of a meeting begins with https://.")
    if any(letter.isspace() or ord(letter) < ord(" ") or letter in "<>\"'`\\" for letter in address):
        return Reason("The address of a meeting has no spaces, quotation marks or angle brackets.")
    return None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
