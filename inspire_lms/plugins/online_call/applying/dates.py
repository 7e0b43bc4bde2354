"""What speaks against the dates of a call: days on which nobody is in the office of the country."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from inspire_lms.kernel.errors import Message, Reason
from inspire_lms.kernel.programmes.working_days import holiday, is_working_day
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
    days = {
        "closes": call.closes_at.astimezone(zone).date(),
        "checked_by": call.checked_by,
        "ranked_by": call.ranked_by,
        "reserve_until": call.reserve_until.astimezone(zone).date(),
    }
    return tuple(_warning(key, day, country) for key, day in days.items() if day >= today and not is_working_day(country, day))


def _warning(key: str, day: date, country: str) -> Reason:
    if name := holiday(country, day):
        return Reason("{what}: {day}, a public holiday ({name}).", what=NAMES[key], day=day, name=name)
    return Reason("{what}: {day}.", what=NAMES[key], day=day)
