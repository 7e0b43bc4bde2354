"""What speaks against the dates of a call: days on which nobody is in the office of the country, and days that leave too little time."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from inspire_lms.contracts.attendance import WebinarDates
from inspire_lms.kernel import bus, clock
from inspire_lms.kernel.errors import Message, Reason, When
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.working_days import holiday, is_working_day
from inspire_lms.plugins.online_call.applying import queries
from inspire_lms.plugins.online_call.models import Call

NAMES: Mapping[str, Message] = {
    "closes": Message("Closing of the call"),
    "checked_by": Message("Last day for the check of the conditions"),
    "ranked_by": Message("Last day for the offers"),
    "reserve_until": Message("End of the reserve list"),
}


def warnings(call: Call, *, at: datetime) -> tuple[Reason, ...]:
    """Say which dates of a call to come after *at* fall on a week-end or a public holiday of its country; none of it forbids."""
    zone, country = ZoneInfo(call.cohort.zone), call.cohort.country
    today = at.astimezone(zone).date()
    days = _days(call)
    found = [_warning(key, day, country) for key, day in days.items() if day >= today and not is_working_day(country, day)]
    offered = days["ranked_by"]
    if offered >= today:
        found += _lapsing(offered, offered + timedelta(days=call.offer_days), country)
    return tuple(found)


def too_late(call: Call, first_webinar: datetime | None, *, at: datetime) -> tuple[Reason, ...]:
    """Say which dates of a call leave too little time for what follows them, as long as it lies ahead; none of it forbids.

    *first_webinar* is when the first published webinar begins; without one the first day of the edition counts.
    """
    days, zone = _days(call), call.cohort.zone
    begins = first_webinar.astimezone(ZoneInfo(zone)).date() if first_webinar else call.cohort.edition.starts_on
    first = When(first_webinar, zone) if first_webinar else begins
    return tuple(_late(call, days, begins, first)) if at.astimezone(ZoneInfo(zone)).date() <= begins else ()


def of_edition(edition_id: int) -> tuple[Reason, ...]:
    """Say what speaks against the dates of the calls of an edition, country by country."""
    now, found = clock.now(), list[Reason]()
    for cohort in programmes.cohorts(edition_id):
        call = queries.call_of_cohort(cohort.id)
        if call is not None:
            said = (*warnings(call, at=now), *too_late(call, first_webinar(call), at=now))
            found += [Reason("{country}: {reason}", country=cohort.country_name, reason=one) for one in said]
    return tuple(found)


def first_webinar(call: Call) -> datetime | None:
    """Say when the first webinar of the course begins; None while none is published."""
    dates = bus.ask(WebinarDates(call.cohort_id), default=())
    return min((one.starts_at for one in dates), default=None)


def _days(call: Call) -> dict[str, date]:
    zone = ZoneInfo(call.cohort.zone)
    return {
        "closes": call.closes_at.astimezone(zone).date(),
        "checked_by": call.checked_by,
        "ranked_by": call.ranked_by,
        "reserve_until": call.reserve_until.astimezone(zone).date(),
    }


def _late(call: Call, days: Mapping[str, date], begins: date, first: When | date) -> Iterator[Reason]:
    if days["closes"] + timedelta(days=call.mend_days) > days["checked_by"]:
        last = days["checked_by"]
        yield Reason("Whoever is asked to mend something when the call closes has time beyond {day}, the last day for the check.", day=last)
    offered, ends = days["ranked_by"], days["reserve_until"]
    answered = offered + timedelta(days=call.offer_days)
    made = {"day": offered, "until": answered}
    if answered > ends:
        yield Reason("An offer made on {day} can be answered until {until}, after the end of the reserve list.", **made)
    if answered >= begins:
        yield Reason("An offer made on {day} can be answered until {until}, and the course begins before: {first}.", **made, first=first)
    elif ends >= begins:
        late = {"day": ends, "first": first}
        yield Reason("The reserve list ends on {day}, when the course has begun ({first}): who is called last misses part of it.", **late)


def _lapsing(offered: date, answered: date, country: str) -> Iterator[Reason]:
    """Offers lapse after calendar days, whatever day it is then: of those made on the last day for them it can be said beforehand."""
    if is_working_day(country, answered):
        return
    made = {"day": offered, "until": answered}
    if name := holiday(country, answered):
        yield Reason("An offer made on {day} lapses on {until}, a public holiday ({name}).", **made, name=name)
    else:
        yield Reason("An offer made on {day} lapses on {until}.", **made)


def _warning(key: str, day: date, country: str) -> Reason:
    if name := holiday(country, day):
        return Reason("{what}: {day}, a public holiday ({name}).", what=NAMES[key], day=day, name=name)
    return Reason("{what}: {day}.", what=NAMES[key], day=day)
