"""Until when the public list is shown."""

from datetime import date, datetime

from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.offering.models import Ranking
from inspire_lms.plugins.online_call.publishing import rules


def last_day(call: Call, ranking: Ranking) -> date:
    """Say on which day of the country the public list of a call is shown for the last time."""
    return rules.last_public_day(ranking.published_at, call.cohort.zone, call.public_until)


def is_shown(call: Call, ranking: Ranking | None, *, at: datetime) -> bool:
    """Say whether the public list of a call is shown at *at*."""
    return ranking is not None and rules.is_public(ranking.published_at, call.cohort.zone, call.public_until, at=at)
