"""What stands in a person's calendar: all webinars of the edition, cancelled ones included, in the person's language."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import String, bindparam, select

from inspire_lms.kernel import i18n
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.db import session
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.programmes.rules import State as Place
from inspire_lms.plugins.webinar import calendar, queries
from inspire_lms.plugins.webinar.calendar import Entry
from inspire_lms.plugins.webinar.models import CalendarKey
from inspire_lms.plugins.webinar.plan.letters import Told, entry
from inspire_lms.plugins.webinar.queries import Mine
from inspire_lms.plugins.webinar.rules import State

PLANNER = "webinar:plan"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


_OWNER = (
    select(Person.id, Person.given_name, Person.family_name, Person.language)
    .join(CalendarKey, CalendarKey.person_id == Person.id)
    .where(CalendarKey.token == bindparam("token", type_=String), CalendarKey.revoked_at.is_(None), Person.erased_at.is_(None))
)


@dataclass(frozen=True)
class Subscription:
    """A calendar as it stands now; its webinars are read and its bytes written only when they are asked for."""

    person_id: int
    name: str
    language: str
    cohorts: tuple[int, ...]
    """Those that the person plans."""
    version: str
    """Changes with every change of any entry."""

    def content(self) -> bytes:
        """Write the calendar."""
        return _written(self)


@lru_cache(maxsize=512)
def _written(one: Subscription) -> bytes:
    """Write a calendar once for each of its versions, in this process."""
    webinars = queries.announced(queries.select_mine(one.person_id, one.cohorts))
    names = queries.names_of_leaders(each.id for each in webinars)
    with i18n.speaking(one.language):
        entries = [_entry(each, names.get(each.id, ())) for each in webinars]
        return calendar.feed(entries, i18n._("INSPIRE PA, {name}", name=one.name))


def subscription(token: str) -> Subscription | None:
    """Find whose calendar a token opens, and its version; None when it opens none. Three statements."""
    row = session.execute(_OWNER, {"token": token}).one_or_none() if _TOKEN.fullmatch(token) else None
    if row is None:
        return None
    planned = access.cohort_ids_where(row.id, PLANNER)
    name = f"{row.given_name} {row.family_name}".strip()
    said = "|".join([row.language, name, *(str(tuple(each)) for each in queries.marks(row.id, planned))])
    return Subscription(row.id, name, row.language, planned, hashlib.sha256(said.encode()).hexdigest()[:32])


def single(one: Mine) -> bytes:
    """Write a calendar with one webinar, in the language that is spoken now."""
    names = queries.names_of_leaders([one.id])
    return calendar.feed([_entry(one, names.get(one.id, ()))], "INSPIRE PA")


def _is_off(one: Mine) -> bool:
    """Say whether a webinar is cancelled for this person: for all, or because the person withdrew before it."""
    has_left = one.place == Place.WITHDRAWN and one.until is not None and one.starts_at > one.until and not one.leads
    return one.state == State.CANCELLED or has_left


def _entry(one: Mine, names: tuple[str, ...]) -> Entry:
    is_off = _is_off(one)
    is_cancelled = one.state == State.CANCELLED
    return entry(
        Told(
            id=one.id,
            number=one.number,
            title=one.title,
            wall_clock=one.wall_clock,
            zone=one.zone,
            minutes=one.minutes,
            uid=one.uid,
            sequence=one.sequence + (1 if is_off and not is_cancelled else 0),
            changed_at=one.changed_at,
            is_cancelled=is_off,
            reason=one.reason if is_cancelled else "",
            leaders=names,
        )
    )
