"""What stands in a person's calendar: all webinars of the edition, cancelled ones included, in the person's language."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import select

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


@dataclass(frozen=True)
class Subscription:
    """A calendar as it stands now; its bytes are written only when they are asked for."""

    person_id: int
    name: str
    language: str
    webinars: tuple[Mine, ...]

    @property
    def version(self) -> str:
        """Say in a few letters what the calendar holds: it changes with every change of any entry."""
        parts = [
            self.language,
            self.name,
            *(f"{each.id}.{each.sequence}.{each.changed_at.timestamp()}.{_is_off(each)}" for each in self.webinars),
        ]
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]

    def content(self) -> bytes:
        """Write the calendar."""
        names = queries.names_of_leaders(each.id for each in self.webinars)
        with i18n.speaking(self.language):
            entries = [_entry(each, names.get(each.id, ())) for each in self.webinars]
            return calendar.feed(entries, i18n._("INSPIRE PA, {name}", name=self.name))


def subscription(token: str) -> Subscription | None:
    """Find whose calendar a token opens; None when it opens none. Three statements."""
    row = session.execute(
        select(Person.id, Person.given_name, Person.family_name, Person.language)
        .join(CalendarKey, CalendarKey.person_id == Person.id)
        .where(CalendarKey.token == token, CalendarKey.revoked_at.is_(None), Person.erased_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    planned = access.cohort_ids_where(row.id, PLANNER)
    webinars = queries.announced(queries.select_mine(row.id, planned))
    return Subscription(row.id, f"{row.given_name} {row.family_name}".strip(), row.language, webinars)


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
