"""The start page of everybody, the agenda, and the page of components for developers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, g

from inspire_lms.contracts.pages import AgendaEntries, CohortTasks, HomePart, NextThing, NextThings, PathParts, PersonParts, PublicParts
from inspire_lms.kernel import bus, clock
from inspire_lms.kernel.access.queries import cohort_ids_where, cohort_ids_with_role
from inspire_lms.kernel.plugin import ROLES
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.web.developers.samples import samples
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import cohort_zones, current_person, me, needs, public

pages = Blueprint("pages", __name__)
FAR = datetime.max.replace(tzinfo=clock.now().tzinfo)


@pages.get("/")
@public
def home() -> Any:  # noqa: ANN401 (what a view returns)
    """Show the start page: the open calls to a visitor, the next thing and the own path to a person."""
    person = current_person()
    if person is None:
        return page("pages/front.html", parts=_in_order(bus.gather(PublicParts())))
    cohorts = programmes.cohorts_of(person.id)
    _enter(person.id, cohorts)
    found = [thing for things in bus.gather(NextThings(person.id)) for thing in things]
    for cohort_id in cohort_ids_where(person.id, "programmes:coordinate"):
        told_in = cohort_zones()[cohort_id]
        found += [replace(thing, zone=thing.zone or told_in) for things in bus.gather(CohortTasks(cohort_id)) for thing in things]
    found.sort(key=_urgency)
    first, others = (found[0], found[1:]) if found else (None, [])
    paths = [(cohort, _in_order(bus.gather(PathParts(cohort.id, person.id)))) for cohort in cohorts]
    parts, has_dates = _in_order(bus.gather(PersonParts(person.id))), bool(_with_dates(person.id, cohorts))
    return page("pages/home.html", first=first, others=others, parts=parts, paths=paths, has_dates=has_dates, now=clock.now())


def _enter(person_id: int, cohorts: Sequence[Cohort]) -> None:
    """Take the page's zone from the first cohort in which a person takes part, else from all in which there is a role, when it is one."""
    zones = {cohort_zones()[cohort_id] for cohort_id in cohort_ids_with_role(person_id, *ROLES)}
    if cohorts:
        g.zone = cohorts[0].zone
    elif len(zones) == 1:
        g.zone = zones.pop()


def _with_dates(person_id: int, cohorts: Sequence[Cohort]) -> list[int]:
    """List the cohorts whose dates concern a person, by their numbers."""
    return sorted({cohort.id for cohort in cohorts} | set(cohort_ids_where(person_id, "programmes:see")))


def _urgency(thing: NextThing) -> tuple[int, datetime, str]:
    return (thing.urgency, thing.until or FAR, thing.heading)


def _in_order(gathered: list[tuple[HomePart, ...]]) -> list[HomePart]:
    return sorted((part for parts in gathered for part in parts), key=lambda part: (part.order, part.template))


@pages.get("/agenda")
@needs("kernel:home")
def agenda() -> Any:  # noqa: ANN401
    """Show all dates of a person, past and to come, each in the zone of its cohort."""
    cohorts = programmes.cohorts_of(me())
    _enter(me(), cohorts)
    found = {
        (entry, cohort_zones()[cohort_id])
        for cohort_id in _with_dates(me(), cohorts)
        for entries in bus.gather(AgendaEntries(cohort_id, me()))
        for entry in entries
    }
    return page("pages/agenda.html", entries=sorted(found, key=lambda each: (each[0].starts_at, each[0].text)), now=clock.now())


@pages.get("/components")
@public
def components() -> Any:  # noqa: ANN401
    """Show every component of the pages with all its states, for developers."""
    return page("components_page.html", **samples())


@pages.get("/health")
@public
def health() -> Any:  # noqa: ANN401
    """Say that the site answers, for monitors."""
    return {"answers": True, "at": clock.now().isoformat()}
