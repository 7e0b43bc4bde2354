"""Proposing to decide other than the rules did."""

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
    letters.proposed(override)
    record("proposed", override, application, by=by)


def why_not_beside(application: Application) -> Reason | None:
    """Say that nothing else can be decided while a proposal waits."""
    if queries.open_one(application.id) is None:
        return None
    return Reason("A proposal about this application waits for a second person. It is confirmed, sent back or taken back first.")


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
