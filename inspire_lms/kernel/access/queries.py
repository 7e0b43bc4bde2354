"""Who may do what: two statements for all questions of a request."""

from collections.abc import Iterable, Mapping

from flask import g
from sqlalchemy import select

from inspire_lms.kernel.access import rules
from inspire_lms.kernel.access.models import Context, Grant, Override
from inspire_lms.kernel.db import Base, session
from inspire_lms.kernel.plugin import ROLES, registry, remembered


def roles() -> Mapping[str, frozenset[str]]:
    """Give the capabilities of each role."""
    return remembered("roles", _roles)


def _roles() -> Mapping[str, frozenset[str]]:
    defaults = {one.name: one.granted_to for one in registry().capabilities.values()}
    overrides = {
        (row.role, row.capability): row.is_given for row in session.execute(select(Override.role, Override.capability, Override.is_given))
    }
    return {role: rules.capabilities(role, defaults, overrides) for role in ROLES}


def grants_of(person_id: int) -> tuple[rules.Granted, ...]:
    """List what a person was granted; one statement, kept for the request. Of who reads the page it is known already."""
    kept: dict[int, tuple[rules.Granted, ...]] = g.setdefault("grants", {})
    if person_id not in kept:
        rows = session.execute(
            select(Grant.role, Context.path).join(Context, Context.id == Grant.context_id).where(Grant.person_id == person_id)
        )
        keep_grants(person_id, ((row.role, row.path) for row in rows))
    return kept[person_id]


def keep_grants(person_id: int, rows: Iterable[tuple[str, str]]) -> None:
    """Keep for the request what a person was granted: role and path of each grant."""
    g.setdefault("grants", {})[person_id] = tuple(rules.Granted(role, path) for role, path in rows)


def path_of(context_id: int) -> str:
    """Give the path of a context; contexts never move, so it is remembered."""
    known: dict[int, str] = remembered("paths", dict)
    if context_id not in known:
        known[context_id] = session.scalar(select(Context.path).where(Context.id == context_id)) or "/-/"
    return known[context_id]


def cohort_contexts() -> Mapping[int, int]:
    """Give the context of each cohort, by cohort."""
    cohort = Base.metadata.tables["programmes_cohort"]
    return remembered(
        "contexts_of_cohorts", lambda: {row.id: row.context_id for row in session.execute(select(cohort.c.id, cohort.c.context_id))}
    )


def may(person_id: int, capability: str, context_id: int | None = None) -> bool:
    """Say whether a person has a capability in a context; anywhere when *context_id* is None."""
    return rules.may(grants_of(person_id), capability, None if context_id is None else path_of(context_id), roles())


def cohort_ids_where(person_id: int, capability: str) -> tuple[int, ...]:
    """List the cohorts in which a person has a capability, in order of their numbers."""
    return tuple(sorted(cohort for cohort, context in cohort_contexts().items() if may(person_id, capability, context)))


def cohort_ids_with_role(person_id: int, *roles: str) -> tuple[int, ...]:
    """List the cohorts in which a person holds one of *roles*, granted there, above, or in one of their activities."""
    paths = [each.path for each in grants_of(person_id) if each.role in roles]
    found = [(cohort, path_of(context)) for cohort, context in cohort_contexts().items()]
    return tuple(sorted(cohort for cohort, path in found if any(path.startswith(one) or one.startswith(path) for one in paths)))


def contexts_where(person_id: int, capability: str) -> set[int]:
    """List the contexts of cohorts in which a person has a capability."""
    return {cohort_contexts()[cohort] for cohort in cohort_ids_where(person_id, capability)}


def people_with_role(role: str, context_id: int) -> list[int]:
    """List who holds *role* in a context or above it, the system left out; by person id."""
    numbers = [int(each) for each in path_of(context_id).strip("/").split("/")]
    rows = (
        select(Grant.person_id)
        .join(Context)
        .where(Grant.role == role, Grant.context_id.in_(numbers), Context.kind != rules.ContextKind.SYSTEM)
    )
    return sorted(set(session.scalars(rows)))


def system_context() -> int | None:
    """Give the context of the whole site; None before anything was opened."""
    return session.scalar(select(Context.id).where(Context.kind == rules.ContextKind.SYSTEM))


def known_context(context_id: int) -> int | None:
    """Give the number of a context back; None when there is none with it."""
    return session.scalar(select(Context.id).where(Context.id == context_id))


def administrators() -> list[int]:
    """List who looks after the whole site; by person id."""
    return sorted(set(session.scalars(select(Grant.person_id).where(Grant.role == rules.ADMINISTRATOR))))


def has_administrator() -> bool:
    """Say whether anybody is administrator."""
    return session.scalar(select(Grant.id).where(Grant.role == rules.ADMINISTRATOR).limit(1)) is not None


def is_last_administrator(person_id: int) -> bool:
    """Say whether a person is the only administrator."""
    holders = set(session.scalars(select(Grant.person_id).where(Grant.role == rules.ADMINISTRATOR)))
    return holders == {person_id}


def why(person_id: int, capability: str, context_id: int) -> tuple[bool, list[str]]:
    """Say whether a person has a capability in a context, and the lines that explain it."""
    grants, path = grants_of(person_id), path_of(context_id)
    return rules.may(grants, capability, path, roles()), rules.explain(grants, capability, path, roles())
