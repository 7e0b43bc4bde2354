"""Reading webinars: one, those of a cohort, those of a person, and who leads them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from flask import g, has_request_context, request
from sqlalchemy import Integer, Select, and_, bindparam, exists, or_, select

from inspire_lms.contracts.attendance import Teachers
from inspire_lms.kernel.db import Words, once_a_page, session
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.kernel.programmes.models import Cohort, Participation
from inspire_lms.kernel.programmes.rules import State as Place
from inspire_lms.plugins.webinar.models import Leader, Line, Plan, Stay, Webinar
from inspire_lms.plugins.webinar.planning import Pattern
from inspire_lms.plugins.webinar.rules import State

COLUMNS = (
    Webinar.id, Webinar.cohort_id, Webinar.number, Webinar.title, Webinar.state, Webinar.wall_clock, Webinar.zone, Webinar.starts_at,
    Webinar.ends_at, Webinar.minutes, Webinar.uid, Webinar.sequence, Webinar.changed_at, Webinar.published_at, Webinar.reason,
    Webinar.closed_at,
)  # fmt: skip
"""What pages show of a webinar; neither the link nor the host link."""


@dataclass(frozen=True)
class Mine:
    """A webinar as it concerns one person."""

    id: int
    cohort_id: int
    number: int
    title: Words
    state: str
    wall_clock: str
    zone: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    uid: str
    sequence: int
    changed_at: datetime
    published_at: datetime | None
    reason: str
    closed_at: datetime | None
    place: str | None
    """The person's place in the cohort: enrolled, finished, withdrawn; None for somebody without one."""
    until: datetime | None
    """When a person who withdrew did so."""
    leader_id: int | None
    """Set when the person leads the webinar."""
    present: int | None
    """Minutes on the closed register; None while there is no line."""
    threshold: int | None

    @property
    def leads(self) -> bool:
        """Whether the person leads the webinar."""
        return self.leader_id is not None

    @property
    def is_trainee(self) -> bool:
        """Whether the person takes part as a trainee."""
        return self.place in {Place.ENROLLED, Place.FINISHED}


def webinar(webinar_id: int) -> Webinar | None:
    """Find a webinar, planned ones included."""
    return session.get(Webinar, webinar_id)


def plan(cohort_id: int) -> Plan | None:
    """Find what the edition file says about a cohort's webinars."""
    return session.scalar(select(Plan).where(Plan.cohort_id == cohort_id))


def pattern(kept: Plan) -> Pattern:
    """Give the pattern that is kept in a row."""
    return Pattern(
        first_day=kept.first_day,
        at=time.fromisoformat(kept.at),
        minutes=kept.minutes,
        skipped=tuple(date.fromisoformat(each) for each in kept.skipped),
        trainers=tuple(kept.trainers),
        link=kept.link,
        host_link=kept.host_link,
    )


def of_cohort(cohort_id: int) -> Sequence[Any]:
    """List all webinars of a cohort in the order of their numbers."""
    return session.execute(select(*COLUMNS).where(Webinar.cohort_id == cohort_id).order_by(Webinar.number)).all()


def dates(cohort_id: int) -> Sequence[Any]:
    """List title, beginning and end of the webinars of a cohort that were published and not cancelled, the earliest first."""
    shown = (Webinar.cohort_id == cohort_id, Webinar.state == State.PUBLISHED)
    chosen = select(Webinar.title, Webinar.starts_at, Webinar.ends_at).where(*shown)
    return session.execute(chosen.order_by(Webinar.starts_at, Webinar.number)).all()


class Outlined(NamedTuple):
    """A webinar as the figures and tasks of its cohort see it."""

    id: int
    number: int
    state: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    closed_at: datetime | None
    has_link: bool
    has_leader: bool


class Outline(NamedTuple):
    """The webinars of a cohort at a glance."""

    threshold: int | None
    """Per cent of the minutes that the edition file asks for; None when it says nothing."""
    webinars: tuple[Outlined, ...]


@once_a_page
def outline(cohort_id: int) -> Outline:
    """Read all webinars of a cohort and its threshold; one statement, from which figures, tasks and shares are counted."""
    rows = session.execute(_OUTLINE, {"cohort_id": cohort_id}).all()
    return Outline(rows[0].threshold if rows else None, tuple(Outlined._make(row[1:]) for row in rows if row.id is not None))


def mine(person_id: int) -> tuple[Mine, ...]:
    """List the webinars of a person's cohorts, and those the person leads; one statement, kept while a page is drawn."""
    if not has_request_context() or request.method != "GET":
        return select_mine(person_id)
    kept: dict[int, tuple[Mine, ...]] = g.setdefault("webinars_of", {})
    if person_id not in kept:
        kept[person_id] = select_mine(person_id)
    return kept[person_id]


def select_mine(person_id: int, cohorts: Iterable[int] = ()) -> tuple[Mine, ...]:
    """Read the webinars of a person, and those of *cohorts* beside them, in order of time.

    Those of an edition for which webinars are switched off are not there, like their pages.
    """
    rows = session.execute(_MINE, {"person_id": person_id, "cohorts": list(cohorts)})
    return tuple(Mine(*tuple(row)) for row in rows if is_open(row.cohort_id))


def marks(person_id: int, cohorts: Iterable[int] = ()) -> Sequence[Any]:
    """Read of the same webinars, those only planned left out, just what tells whether anything has changed."""
    rows = session.execute(_MARKS, {"person_id": person_id, "cohorts": list(cohorts)})
    return [row for row in rows if is_open(row.cohort_id)]


def is_open(cohort_id: int) -> bool:
    """Say whether webinars are switched on for the edition of a cohort."""
    return is_on_for_cohort("webinar", cohort_id)


def _of_a_person(*columns: Any) -> Select[Any]:  # noqa: ANN401 (columns of several types)
    """Choose the webinars of the cohorts in which a person has or had a place, those the person leads, and those of given cohorts."""
    person_id = bindparam("person_id", type_=Integer)
    return (
        select(*columns)
        .outerjoin(Participation, and_(Participation.cohort_id == Webinar.cohort_id, Participation.person_id == person_id))
        .outerjoin(Leader, and_(Leader.webinar_id == Webinar.id, Leader.person_id == person_id))
        .where(
            or_(
                Participation.id.is_not(None),
                Leader.id.is_not(None),
                Webinar.cohort_id.in_(bindparam("cohorts", type_=Integer, expanding=True)),
            )
        )
        .order_by(Webinar.starts_at, Webinar.id)
    )


# Made once: putting a statement together costs more than running it.
_OUTLINE = (
    select(
        Plan.threshold, Webinar.id, Webinar.number, Webinar.state, Webinar.starts_at, Webinar.ends_at, Webinar.minutes, Webinar.closed_at,
        Webinar.link != "", exists().where(Leader.webinar_id == Webinar.id),
    )
    .select_from(Cohort)
    .outerjoin(Plan, Plan.cohort_id == Cohort.id)
    .outerjoin(Webinar, Webinar.cohort_id == Cohort.id)
    .where(Cohort.id == bindparam("cohort_id", type_=Integer))
    .order_by(Webinar.starts_at, Webinar.id)
)  # fmt: skip
_MINE = (
    _of_a_person(*COLUMNS, Participation.state, Participation.until, Leader.id, Line.minutes, Plan.threshold)
    .outerjoin(Line, and_(Line.webinar_id == Webinar.id, Line.person_id == bindparam("person_id", type_=Integer)))
    .outerjoin(Plan, Plan.cohort_id == Webinar.cohort_id)
)
_MARKS = _of_a_person(
    Webinar.cohort_id, Webinar.uid, Webinar.sequence, Webinar.changed_at, Participation.state, Participation.until, Leader.id
).where(Webinar.state != State.PLANNED)


def announced(rows: Iterable[Mine]) -> tuple[Mine, ...]:
    """Leave out what is only planned: nobody but those who plan may know of it."""
    return tuple(each for each in rows if each.state != State.PLANNED)


def leaders(webinar_ids: Iterable[int]) -> Mapping[int, tuple[int, ...]]:
    """Say who leads each webinar, by person id."""
    rows = session.execute(select(Leader.webinar_id, Leader.person_id).where(Leader.webinar_id.in_(set(webinar_ids))).order_by(Leader.id))
    found: dict[int, tuple[int, ...]] = {}
    for webinar_id, person_id in rows:
        found[webinar_id] = (*found.get(webinar_id, ()), person_id)
    return found


def teachers(asked: Teachers) -> tuple[int, ...]:
    """Answer who leads or has led a webinar of a cohort that was not cancelled."""
    chosen = select(Leader.person_id).join(Webinar, Webinar.id == Leader.webinar_id)
    chosen = chosen.where(Webinar.cohort_id == asked.cohort_id, Webinar.state != State.CANCELLED)
    return tuple(session.scalars(chosen.distinct().order_by(Leader.person_id)))


def names_of_leaders(webinar_ids: Iterable[int]) -> Mapping[int, tuple[str, ...]]:
    """Give the names of those who lead each webinar."""
    rows = session.execute(
        select(Leader.webinar_id, Person.given_name, Person.family_name)
        .join(Person, Person.id == Leader.person_id)
        .where(Leader.webinar_id.in_(set(webinar_ids)))
        .order_by(Person.sort_key, Person.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for webinar_id, given, family in rows:
        found[webinar_id] = (*found.get(webinar_id, ()), f"{given} {family}".strip())
    return found


def attended(webinar_ids: Iterable[int], person_id: int) -> frozenset[int]:
    """Say at which of these webinars a person was, for however short a time."""
    chosen = select(Stay.webinar_id).where(Stay.webinar_id.in_(set(webinar_ids)), Stay.person_id == person_id, Stay.struck_at.is_(None))
    return frozenset(session.scalars(chosen))


def is_leader(webinar_id: int, person_id: int) -> bool:
    """Say whether a person leads a webinar."""
    return session.scalar(select(Leader.id).where(Leader.webinar_id == webinar_id, Leader.person_id == person_id)) is not None
