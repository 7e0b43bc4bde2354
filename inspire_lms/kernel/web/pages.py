"""The start page of everybody, the agenda, and the page of components for developers."""

from datetime import datetime
from typing import Any

from flask import Blueprint, g

from inspire_lms.contracts.pages import AgendaEntries, CohortTasks, HomePart, NextThing, NextThings, PathParts, PersonParts, PublicParts
from inspire_lms.kernel import bus, clock
from inspire_lms.kernel.access.queries import cohort_ids_where
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.web.developers.samples import samples
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import current_person, enter_only_cohort, me, needs, public

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
    if cohorts:
        g.zone = cohorts[0].zone
    else:
        enter_only_cohort("programmes:see")
    found = [thing for things in bus.gather(NextThings(person.id)) for thing in things]
    for cohort_id in cohort_ids_where(person.id, "programmes:coordinate"):
        found += [thing for things in bus.gather(CohortTasks(cohort_id)) for thing in things]
    found.sort(key=_urgency)
    first, others = (found[0], found[1:]) if found else (None, [])
    paths = [(cohort, _in_order(bus.gather(PathParts(cohort.id, person.id)))) for cohort in cohorts]
    return page(
        "pages/home.html", first=first, others=others, parts=_in_order(bus.gather(PersonParts(person.id))), paths=paths, now=clock.now()
    )


def _urgency(thing: NextThing) -> tuple[int, datetime, str]:
    return (thing.urgency, thing.until or FAR, thing.heading)


def _in_order(gathered: list[tuple[HomePart, ...]]) -> list[HomePart]:
    return sorted((part for parts in gathered for part in parts), key=lambda part: (part.order, part.template))


@pages.get("/agenda")
@needs("kernel:home")
def agenda() -> Any:  # noqa: ANN401
    """Show all dates of a person, past and to come."""
    ids = {cohort.id for cohort in programmes.cohorts_of(me())} | set(cohort_ids_where(me(), "programmes:see"))
    entries = {entry for cohort_id in sorted(ids) for entries in bus.gather(AgendaEntries(cohort_id, me())) for entry in entries}
    cohorts = programmes.cohorts_of(me())
    g.zone = cohorts[0].zone if cohorts else g.get("reader_zone")
    return page("pages/agenda.html", entries=sorted(entries, key=lambda entry: (entry.starts_at, entry.text)), now=clock.now())


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
