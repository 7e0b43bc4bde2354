"""What attendance adds up to: for each trainee of a cohort, and for the cohort as a whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, and_, bindparam, case, func, select

from inspire_lms.contracts.attendance import AttendanceShares, Share
from inspire_lms.kernel.db import session
from inspire_lms.kernel.people.names import told_apart
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Participation
from inspire_lms.kernel.programmes.rules import HOLDS_A_SEAT
from inspire_lms.plugins.webinar import queries, rules
from inspire_lms.plugins.webinar.models import Line, Webinar
from inspire_lms.plugins.webinar.queries import Mine
from inspire_lms.plugins.webinar.rules import State

USUAL_THRESHOLD = 80
"""Per cent, for a cohort whose edition file says nothing; domain.md 3.5."""


# Made once: putting a statement together costs more than running it.
_COHORT = bindparam("cohort_id", type_=Integer)
_MINUTES = (
    select(
        Participation.person_id,
        func.coalesce(func.sum(case((Webinar.id.is_not(None), Line.minutes), else_=0)), 0).label("minutes"),
        func.count(case((Line.minutes > 0, Webinar.id))).label("present"),
    )
    .outerjoin(Line, Line.person_id == Participation.person_id)
    .outerjoin(Webinar, and_(Webinar.id == Line.webinar_id, Webinar.cohort_id == _COHORT))
    .where(Participation.cohort_id == _COHORT, Participation.state.in_(HOLDS_A_SEAT))
    .group_by(Participation.person_id)
)


def shares(asked: AttendanceShares) -> Mapping[int, Share]:
    """Say how much each trainee of a cohort attended; two statements, however many people."""
    outline = queries.outline(asked.cohort_id)
    every = [each for each in outline.webinars if each.state != State.CANCELLED]
    scheduled, held = sum(each.minutes for each in every), sum(each.minutes for each in every if each.closed_at)
    aim = USUAL_THRESHOLD if outline.threshold is None else outline.threshold
    rows = session.execute(_MINUTES, {"cohort_id": asked.cohort_id})
    return {row.person_id: Share(int(row.minutes), held, scheduled, row.present, len(every), aim) for row in rows}


def share_of(own: Iterable[Mine]) -> Share:
    """Add up what one person attended, from the webinars of one cohort that were read already."""
    every = [each for each in own if each.state != State.CANCELLED]
    closed = [each for each in every if each.closed_at]
    threshold = next((each.threshold for each in every if each.threshold is not None), USUAL_THRESHOLD)
    return Share(
        minutes=sum(each.present or 0 for each in closed),
        held=sum(each.minutes for each in closed),
        scheduled=sum(each.minutes for each in every),
        webinars=sum(1 for each in closed if each.present),
        webinars_scheduled=len(every),
        threshold=threshold,
    )


@dataclass(frozen=True)
class Person:
    """A trainee's row in the grid of a cohort."""

    id: int
    name: str
    share: Share
    minutes: Mapping[int, int]
    """On closed registers, by webinar."""

    @property
    def standing(self) -> str:
        """Met, hope or out."""
        return rules.standing(self.share)

    @property
    def is_at_risk(self) -> bool:
        """Whether one more absence would be one too many, or the threshold is out of reach."""
        return rules.is_at_risk(self.share)


@dataclass(frozen=True)
class Grid:
    """The attendance of a cohort: a row for each trainee, a column for each webinar."""

    webinars: Sequence[Any]
    people: tuple[Person, ...]

    @property
    def closed(self) -> tuple[Any, ...]:
        """The webinars whose register is closed."""
        return tuple(each for each in self.webinars if each.closed_at)

    @property
    def at_risk(self) -> tuple[Person, ...]:
        """Those who need attention, the furthest from the threshold first."""
        return tuple(sorted((each for each in self.people if each.is_at_risk), key=lambda one: one.share.reachable - one.share.needed))

    def present_at(self, webinar_id: int) -> int:
        """Count those who were present at all."""
        return sum(1 for each in self.people if each.minutes.get(webinar_id))

    def percent_of(self, webinar: Any) -> int:  # noqa: ANN401 (a row)
        """Say how much of a webinar the trainees attended on average, in per cent."""
        if not self.people:
            return 0
        return int(sum(each.minutes.get(webinar.id, 0) for each in self.people) * 100 // (webinar.minutes * len(self.people)))


def grid(cohort_id: int) -> Grid:
    """Read the attendance of a cohort; five statements, however many people."""
    listed = [each for each in queries.of_cohort(cohort_id) if each.state != State.CANCELLED]
    found = shares(AttendanceShares(cohort_id))
    rows = session.execute(
        select(Line.person_id, Line.webinar_id, Line.minutes)
        .join(Webinar, Webinar.id == Line.webinar_id)
        .where(Webinar.cohort_id == cohort_id)
    )
    minutes: dict[int, dict[int, int]] = {}
    for row in rows:
        minutes.setdefault(row.person_id, {})[row.webinar_id] = row.minutes
    members = programmes.members(cohort_id)
    called = told_apart((each.person_id, each.name, each.email) for each in members)
    people = tuple(
        Person(each.person_id, called[each.person_id], found[each.person_id], minutes.get(each.person_id, {}))
        for each in members
        if each.person_id in found
    )
    return Grid(listed, people)
