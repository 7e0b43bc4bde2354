"""Which people belong to which cohorts, and what they are there: for those who look after a cohort."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select, union

from inspire_lms.kernel.access.models import Context, Grant
from inspire_lms.kernel.access.queries import cohort_contexts, cohort_ids_where, may, system_context
from inspire_lms.kernel.db import Words, session
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.programmes.models import Cohort, Participation
from inspire_lms.kernel.programmes.rules import State


@dataclass(frozen=True)
class Seen:
    """A person, and a context in which the reader may see that person."""

    person: Person
    context_id: int


@dataclass(frozen=True)
class Held:
    """What a person is somewhere."""

    role: str
    """A role, or withdrawn or finished for somebody who took part."""
    place: Words | None
    """The country of the cohort; None for the whole site or programme."""
    context_id: int | None
    """Where the role was granted; None when it is no grant."""


def in_reach(reader_id: int, capability: str) -> Select[int] | None:
    """Choose the people on whom a reader has *capability*; None when that is everybody."""
    top = system_context()
    if top is not None and may(reader_id, capability, top):
        return None
    return _members(cohort_ids_where(reader_id, capability))


def seen(person_id: int, reader_id: int) -> Seen | None:
    """Give a person whom the reader may see; None for one of another country, who is as good as not there."""
    person, top = people.person(person_id), system_context()
    if person is None or person.erased_at:
        return None
    if top is not None and may(reader_id, "people:see", top):
        return Seen(person, top)
    for cohort_id in cohort_ids_where(reader_id, "people:see"):
        if session.scalar(select(Person.id).where(Person.id == person_id, Person.id.in_(_members([cohort_id])))):
            return Seen(person, cohort_contexts()[cohort_id])
    return None


def held_by(person_ids: Iterable[int], reader_id: int) -> Mapping[int, list[Held]]:
    """List what several people are in the cohorts that the reader may see, and site-wide; in two statements."""
    ids, cohorts = list(person_ids), cohort_ids_where(reader_id, "people:see")
    found: defaultdict[int, list[Held]] = defaultdict(list)
    for row in session.execute(_grants(ids)):
        if row.cohort_id is None or row.cohort_id in cohorts:
            found[row.person_id].append(Held(row.role, row.country_name, row.context_id))
    for row in session.execute(_past(ids, cohorts)):
        found[row.person_id].append(Held(row.state, row.country_name, None))
    return found


def takes_part(person_id: int) -> bool:
    """Say whether a person holds a place in a cohort now."""
    place = select(Participation.id).where(Participation.person_id == person_id, Participation.state == State.ENROLLED)
    return session.scalar(place.limit(1)) is not None


def is_bound(person_id: int) -> bool:
    """Say whether a person takes or took part in a course, or holds a role: such an account cannot go into another."""
    place, role = select(Participation.id).where(Participation.person_id == person_id), select(Grant.id).where(Grant.person_id == person_id)
    return session.scalar(place.limit(1)) is not None or session.scalar(role.limit(1)) is not None


def _members(cohort_ids: Collection[int]) -> Select[int]:
    """Choose the people of some cohorts: who takes or took part, and who holds a role there or in an activity there."""
    own = select(Cohort.context_id).where(Cohort.id.in_(cohort_ids))
    contexts = select(Context.id).where(or_(Context.id.in_(own), Context.parent_id.in_(own)))
    both = union(
        select(Participation.person_id.label("person_id")).where(Participation.cohort_id.in_(cohort_ids)),
        select(Grant.person_id.label("person_id")).where(Grant.context_id.in_(contexts)),
    ).subquery()
    return select(both.c.person_id)


def _grants(person_ids: list[int]) -> Select[*tuple[Any, ...]]:
    columns = (Grant.person_id, Grant.role, Grant.context_id, Cohort.id.label("cohort_id"), Cohort.country_name)
    return (
        select(*columns)
        .join(Context, Context.id == Grant.context_id)
        .join(Cohort, or_(Cohort.context_id == Context.id, Cohort.context_id == Context.parent_id), isouter=True)
        .where(Grant.person_id.in_(person_ids))
        .order_by(Grant.id)
    )


def _past(person_ids: list[int], cohort_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    taking_part = (Participation.person_id.in_(person_ids), Participation.cohort_id.in_(cohort_ids), Participation.state != State.ENROLLED)
    chosen = select(Participation.person_id, Participation.state, Cohort.country_name)
    return chosen.join(Cohort, Cohort.id == Participation.cohort_id).where(*taking_part)
