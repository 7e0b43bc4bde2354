"""What the minutes of a publication state beside the list, as it is at that moment: gathered once and kept with it."""

from typing import Any

from sqlalchemy import func, select

from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.announcing import queries as announcing
from inspire_lms.plugins.online_call.appealing.models import Appeal
from inspire_lms.plugins.online_call.eligibility import Finding
from inspire_lms.plugins.online_call.judging import committee
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.models import Application, Call, Outcome, Review
from inspire_lms.plugins.online_call.overriding.models import Override
from inspire_lms.plugins.online_call.overriding.rules import OverrideState
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.recusing import queries as recusing
from inspire_lms.plugins.online_call.rules import ReviewState, State


def of(call: Call) -> dict[str, Any]:
    """Gather it in as many statements for ten applications as for a thousand. People stand there by the number of their account."""
    return {
        "notice": _notice(call.id),
        "applied_under": [list(each) for each in announcing.applied_under_each(call.id)],
        "states": {state: number for state, number in sorted(judging.states(call.id).items()) if state != State.DRAFT},
        "coordinators": access.people_with_role("coordinator", call.cohort.context_id),
        "evaluators": _evaluators(call.id),
        "conflicts": _conflicts(call.id),
        "abstained": _stepped_back(call.id, ReviewState.ABSTAINED),
        "excluded": _excluded(call),
        "not_eligible": _not_eligible(call.id),
        "by_two": _by_two(call.id),
        "appeals": _appeals(call.id),
    }


def _notice(call_id: int) -> dict[str, Any] | None:
    """Name the version of the notice in force, by which the minutes are worded; None for a call from before versions were kept."""
    version = announcing.latest(call_id)
    return {"number": version.number, "digest": version.digest} if version else None


def _evaluators(call_id: int) -> list[dict[str, int]]:
    """List who evaluated, and how many applications."""
    rows = session.execute(
        select(Review.evaluator_id, func.count())
        .join(Application, Review.application_id == Application.id)
        .where(Application.call_id == call_id, Review.state == ReviewState.DONE)
        .group_by(Review.evaluator_id)
        .order_by(Review.evaluator_id)
    )
    return [{"person": row[0], "evaluations": row[1]} for row in rows]


def _conflicts(call_id: int) -> list[dict[str, Any]]:
    """List who declared a conflict of interest with which application: evaluators, and coordinators as such; each once."""
    declared = [*_stepped_back(call_id, ReviewState.CONFLICT), *recusing.of_call(call_id)]
    once = {(each["number"], each["person"]): each for each in reversed(declared)}
    return [once[key] for key in sorted(once)]


def _stepped_back(call_id: int, state: ReviewState) -> list[dict[str, Any]]:
    """List who stepped back from which application, and why."""
    rows = session.execute(
        select(Review.evaluator_id, Application.protocol_number, Review.comment)
        .join(Application, Review.application_id == Application.id)
        .where(Application.call_id == call_id, Review.state == state)
        .order_by(Application.protocol_number, Review.evaluator_id)
    )
    return [{"person": row[0], "number": row[1], "what": row[2]} for row in rows]


def _excluded(call: Call) -> list[dict[str, Any]]:
    """List whom the system kept away from which application: who works for the same administration.

    From what does not take part only those were kept who decide about that, the coordinators.
    """
    coordinators = set(access.people_with_role("coordinator", call.cohort.context_id))
    employed = committee.employers(committee.others(call))
    chosen = select(Application.protocol_number, Application.administration, Application.state).where(
        Application.call_id == call.id, Application.state.in_((State.ELIGIBLE, State.NOT_ELIGIBLE))
    )
    return [
        {"person": person, "number": number}
        for number, administration, state in session.execute(chosen.order_by(Application.protocol_number))
        for person in sorted(committee.colleagues(employed, administration))
        if state == State.ELIGIBLE or person in coordinators
    ]


def _not_eligible(call_id: int) -> list[dict[str, Any]]:
    """List who does not take part, with the codes of the conditions that are not met."""
    rows = session.execute(
        select(Application.protocol_number, Outcome.rule)
        .outerjoin(Outcome, (Outcome.application_id == Application.id) & (Outcome.finding == Finding.FAIL))
        .where(Application.call_id == call_id, Application.state == State.NOT_ELIGIBLE)
        .order_by(Application.protocol_number, Outcome.id)
    )
    found: dict[str, list[str]] = {}
    for number, rule in rows:
        found.setdefault(number or "", []).extend([rule] if rule else [])
    return [{"number": number, "rules": rules} for number, rules in found.items()]


def _by_two(call_id: int) -> list[dict[str, Any]]:
    """List the decisions other than the rules of eligibility, with the two people; the reasons stay with the applications."""
    columns: tuple[Any, ...] = (Application.protocol_number, Override.is_eligible, Override.proposed_by_id, Override.answered_by_id)
    rows = session.execute(
        select(*columns)
        .join(Application, Override.application_id == Application.id)
        .where(Application.call_id == call_id, Override.state == OverrideState.CONFIRMED)
        .order_by(Application.protocol_number, Override.id)
    )
    return [{"number": number, "eligible": is_eligible, "proposed": one, "confirmed": other} for number, is_eligible, one, other in rows]


def _appeals(call_id: int) -> list[dict[str, Any]]:
    """List the appeals with what became of them; what was written stays in the appeal itself."""
    rows = session.execute(
        select(Appeal.number, Publication.number, Application.protocol_number, Appeal.about, Appeal.state, Appeal.filed_at)
        .join(Publication, Appeal.publication_id == Publication.id)
        .join(Application, Appeal.application_id == Application.id)
        .where(Publication.call_id == call_id)
        .order_by(Publication.number, Appeal.number)
    )
    return [
        {"number": f"{of}-{number}", "application": application, "about": about, "state": state, "filed_at": at.isoformat()}
        for number, of, application, about, state, at in rows
    ]
