"""Reading the plan of a cohort, and what speaks against its dates."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.curriculum import queries as curriculum
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.programmes.working_days import holiday
from inspire_lms.plugins.webinar import planning, queries
from inspire_lms.plugins.webinar.models import Leader, Plan, Webinar
from inspire_lms.plugins.webinar.planning import Planned
from inspire_lms.plugins.webinar.rules import State

TRAINER = "trainer"


def cohort(cohort_id: int) -> Cohort | None:
    """Find a cohort."""
    return programmes.cohort(cohort_id)


def trainers(context_id: int) -> Mapping[int, str]:
    """Give those who may lead webinars in a cohort, in order of their names."""
    found = people.names(access.people_with_role(TRAINER, context_id))
    return {each.id: each.name for each in sorted(found.values(), key=lambda one: (one.sort_key, one.id))}


def warnings(cohort_id: int, country: str) -> dict[int, tuple[Reason, ...]]:
    """Say what speaks against each webinar of a cohort that is still to be held, by webinar."""
    every = _around(cohort_id)
    own = [each for each in every if each.cohort_id == cohort_id]
    return warnings_against(own, every, country)


def warnings_against(own: Sequence[Planned], every: Iterable[Planned], country: str) -> dict[int, tuple[Reason, ...]]:
    """Say what speaks against each of *own*, looking at all others in *every*."""
    others = tuple(every)
    names = {each.id: each.name for each in people.names({one for each in own for one in each.trainers}).values()}
    return {each.webinar_id: planning.warnings(each, others, holiday(country, each.local.date()), names) for each in own}


def _around(cohort_id: int) -> tuple[Planned, ...]:
    """List the webinars of a cohort and all that lie in the same weeks elsewhere."""
    own = _planned(Webinar.cohort_id == cohort_id)
    if not own:
        return ()
    first, last = min(each.starts_at for each in own), max(each.ends_at for each in own)
    return own + _planned(Webinar.cohort_id != cohort_id, Webinar.starts_at < last, Webinar.ends_at > first - timedelta(days=1))


def _planned(*conditions: object) -> tuple[Planned, ...]:
    columns = (Webinar.id, Webinar.wall_clock, Webinar.starts_at, Webinar.ends_at, Webinar.zone, Webinar.cohort_id, Webinar.number)
    chosen = select(*columns).where(Webinar.state != State.CANCELLED, *conditions)  # type: ignore[arg-type]  # conditions of the table
    rows = session.execute(chosen.order_by(Webinar.number)).all()
    led = queries.leaders(row.id for row in rows)
    return tuple(
        Planned(
            row.id,
            datetime.fromisoformat(row.wall_clock),
            row.starts_at,
            row.ends_at,
            row.zone,
            row.cohort_id,
            row.number,
            frozenset(led.get(row.id, ())),
        )
        for row in rows
    )


def guests(webinar_id: int, cohort_id: int) -> tuple[int, ...]:
    """List who is invited to a webinar: the trainees of the cohort and those who lead it."""
    members = [each.person_id for each in programmes.members(cohort_id)]
    led = list(session.scalars(select(Leader.person_id).where(Leader.webinar_id == webinar_id).order_by(Leader.id)))
    return tuple(dict.fromkeys([*led, *members]))


def preview(kept: Plan, cohort: Cohort) -> tuple[tuple[int, datetime, tuple[Reason, ...]], ...]:
    """Say what planning from the pattern would give: number, start and what speaks against the day."""
    pattern = queries.pattern(kept)
    units = curriculum.units(cohort.edition.framework_id)
    found = []
    for unit, local in zip(units, planning.starts(pattern, len(units)), strict=True):
        starts_at = local.replace(tzinfo=ZoneInfo(cohort.zone))
        one = Planned(0, local, starts_at, starts_at, cohort.zone, cohort.id, unit.number, frozenset())
        found.append((unit.number, starts_at, planning.warnings(one, (), holiday(cohort.country, local.date()), {})))
    return tuple(found)


def without_link(cohort_id: int) -> set[int]:
    """List the webinars whose meeting has no address yet."""
    chosen = select(Webinar.id).where(Webinar.cohort_id == cohort_id, Webinar.link == "", Webinar.state != State.CANCELLED)
    return set(session.scalars(chosen))
