"""Open contexts, grant and revoke roles, change what a role may do."""

from flask import g
from sqlalchemy import Select, select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.access import queries, rules
from inspire_lms.kernel.access.models import Context, Grant, Override
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import NotThere, Reason, Refused
from inspire_lms.kernel.plugin import forget, registry


def system() -> int:
    """Give the context of the whole site, opened at the first call."""
    found = queries.system_context()
    if found is not None:
        return found
    with transaction():
        top = Context(kind=rules.ContextKind.SYSTEM, parent_id=None, path="")
        session.add(top)
        session.flush()
        top.path = f"/{top.id}/"
        return top.id


def open_context(kind: str, parent_id: int) -> int:
    """Open a context below *parent_id*; raises ValueError when *kind* does not lie below the parent's."""
    with transaction():
        above = session.get_one(Context, parent_id)
        if rules.BELOW[rules.ContextKind(kind)] != above.kind:
            msg = f"A context of kind {kind} does not lie below one of kind {above.kind}."
            raise ValueError(msg)
        made = Context(kind=kind, parent_id=parent_id, path="")
        session.add(made)
        session.flush()
        made.path = f"{above.path}{made.id}/"
        forget()
        return made.id


def grant(person_id: int, role: str, context_id: int, *, by: int | None) -> None:
    """Grant a role in a context; nothing happens when it is granted already."""
    with transaction():
        if session.scalar(_the_grant(person_id, role, context_id)) is not None:
            return
        session.add(Grant(person_id=person_id, role=role, context_id=context_id, granted_at=clock.now(), granted_by=by))
        audit.record("access.granted", ("people_person", person_id), by=by, after={"role": role, "context": context_id})
        g.pop("grants", None)


def revoke(person_id: int, role: str, context_id: int, *, by: int | None) -> None:
    """Take a role away; nothing happens when it is not granted there.

    Raises Refused for the last administrator.
    """
    with transaction():
        held = session.scalar(_the_grant(person_id, role, context_id))
        if held is None:
            return
        others = select(Grant.id).where(Grant.role == rules.ADMINISTRATOR, Grant.person_id != person_id).limit(1)
        if role == rules.ADMINISTRATOR and session.scalar(others) is None:
            raise Refused(Reason("This is the last administrator. Make somebody else administrator first."))
        session.delete(held)
        audit.record("access.revoked", ("people_person", person_id), by=by, before={"role": role, "context": context_id})
        g.pop("grants", None)


def _the_grant(person_id: int, role: str, context_id: int) -> Select[Grant]:
    return select(Grant).where(Grant.person_id == person_id, Grant.role == role, Grant.context_id == context_id)


def override(role: str, capability: str, *, is_given: bool, by: int | None) -> None:
    """Give a capability to a role or take it away, for the whole site.

    Raises NotThere for an unknown capability, Refused for the administrator's role.
    """
    if capability not in registry().capabilities:
        raise NotThere
    if role == rules.ADMINISTRATOR:
        raise Refused(Reason("The administrator's role always has every capability."))
    with transaction():
        row = session.scalar(select(Override).where(Override.role == role, Override.capability == capability))
        before = capability in queries.roles()[role]
        if row is None:
            session.add(Override(role=role, capability=capability, is_given=is_given))
        else:
            row.is_given = is_given
        audit.record(
            "access.overridden", ("access_override", 0), by=by, before={role: before}, after={role: is_given, "capability": capability}
        )
        forget()
