"""Proposing to decide other than the rules did."""

from sqlalchemy import select, update

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.online_call.eligibility import Finding
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.overriding import letters, queries
from inspire_lms.plugins.online_call.overriding.models import Override
from inspire_lms.plugins.online_call.overriding.rules import OverrideState


def propose(application: Application, *, found: Finding, is_eligible: bool, reason: str, by: int) -> None:
    """Keep a proposal about an application that is held, and ask for a second person. Inside a transaction."""
    override = Override(
        application_id=application.id, is_eligible=is_eligible, found=found, reason=reason, state=OverrideState.PROPOSED,
        proposed_by_id=by, proposed_at=clock.now(),
    )  # fmt: skip
    session.add(override)
    session.flush()
    letters.proposed(override, application)
    record("proposed", override, application, by=by)


def why_not_beside(application: Application) -> Reason | None:
    """Say that nothing else can be decided while a proposal waits."""
    if queries.open_one(application.id) is None:
        return None
    return Reason("A proposal about this application waits for a second person. It is confirmed, sent back or taken back first.")


def drop(application: Application) -> None:
    """Let the proposal about an application that is withdrawn come to nothing. Inside a transaction."""
    waits = (Override.application_id == application.id, Override.state == OverrideState.PROPOSED)
    session.execute(update(Override).where(*waits).values(state=OverrideState.DROPPED, answered_at=clock.now()))


def go_over(from_id: int, to_id: int) -> None:
    """Let what somebody with two accounts proposed and answered belong to the one that stays; the two people stay two."""
    for mine, other in ((Override.proposed_by_id, Override.answered_by_id), (Override.answered_by_id, Override.proposed_by_id)):
        apart = (other.is_(None) | (other != to_id)) if mine is Override.proposed_by_id else other != to_id
        numbers = list(session.scalars(select(Override.id).where(mine == from_id, apart)))
        session.execute(update(Override).where(Override.id.in_(numbers)).values({mine: to_id}))


def record(deed: str, override: Override, application: Application, *, by: int) -> None:
    """Add a line that names both people."""
    audit.record(
        f"online_call.override-{deed}",
        ("application", application.id),
        by=by,
        after={"is_eligible": override.is_eligible, "found": override.found, "proposed_by": override.proposed_by_id},
        cohort_id=application.cohort_id,
        about=application.person_id,
    )
