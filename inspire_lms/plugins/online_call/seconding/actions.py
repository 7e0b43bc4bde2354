"""Steps that all proposals share. Each is inside a transaction; what is recorded and written to whom is the business of each kind."""

from collections.abc import Collection
from typing import TypeVar

from sqlalchemy import func, select, update

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused
from inspire_lms.plugins.online_call.judging.holding import hold
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.recusing import queries as recusing
from inspire_lms.plugins.online_call.seconding import rules
from inspire_lms.plugins.online_call.seconding.models import ByTwo

Proposal = TypeVar("Proposal", bound=ByTwo)


def held(kind: type[Proposal], number: int) -> Proposal:
    """Hold the application of a proposal, then load the proposal afresh. Raises NotThere."""
    found = session.get(kind, number)
    if found is None:
        raise NotThere
    hold(found.application_id)
    session.refresh(found)
    return found


def why_not_answer(proposal: ByTwo, by: int) -> Reason | None:
    """Say why *by* can neither confirm a proposal nor send it back."""
    applicant = proposal.application.person_id
    reason = rules.why_not_answer(proposal.state, proposed_by=proposal.proposed_by_id, applicant=applicant, by=by)
    return reason or recusing.why_not(proposal.application, by)


def why_not_take_back(proposal: ByTwo, by: int) -> Reason | None:
    """Say why *by* cannot take a proposal back."""
    return rules.why_not_take_back(proposal.state, proposed_by=proposal.proposed_by_id, by=by)


def send_back(proposal: ByTwo, answer: str, *, by: int) -> None:
    """Send a held proposal back with a sentence. Raises Refused, Invalid without a sentence."""
    if reason := why_not_answer(proposal, by):
        raise Refused(reason)
    if not answer.strip():
        raise Invalid({"answer": Reason("Say in a sentence why it is sent back.")})
    close(proposal, rules.SENT_BACK, answer, by=by)


def take_back(proposal: ByTwo, *, by: int) -> None:
    """Take one's own held proposal back. Raises Refused."""
    if reason := why_not_take_back(proposal, by):
        raise Refused(reason)
    close(proposal, rules.TAKEN_BACK, "", by=by)


def close(proposal: ByTwo, state: str, answer: str, *, by: int) -> None:
    """Keep what became of a proposal, and who answered."""
    proposal.state, proposal.answer = state, answer.strip()
    proposal.answered_by_id, proposal.answered_at = by, clock.now()
    session.flush()


def drop(kind: type[ByTwo], application: Application, under_way: Collection[str]) -> None:
    """Let what is *under way* about an application that is withdrawn come to nothing: it holds nothing up."""
    waits = (kind.application_id == application.id, kind.state.in_(under_way))
    answered = func.coalesce(kind.answered_at, clock.now())
    session.execute(update(kind).where(*waits).values(state=rules.DROPPED, answered_at=answered))


def go_over(kind: type[ByTwo], from_id: int, to_id: int) -> None:
    """Let what somebody with two accounts proposed and answered belong to the one that stays; the two people stay two.

    Where one person has taken back what was the own, both columns are that person's.
    """
    for mine, other in ((kind.proposed_by_id, kind.answered_by_id), (kind.answered_by_id, kind.proposed_by_id)):
        apart = other.is_(None) | (other != to_id) | (kind.state == rules.TAKEN_BACK)
        numbers = list(session.scalars(select(kind.id).where(mine == from_id, apart)))
        session.execute(update(kind).where(kind.id.in_(numbers)).values({mine: to_id}))


def whom_to_ask(proposal: ByTwo) -> list[int]:
    """List who is asked to answer: the other coordinators of the country; where there is none, who looks after the platform."""
    return recusing.who_may(proposal.application, [proposal.proposed_by_id])
