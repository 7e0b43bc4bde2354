"""What the page of a proposal shows, whatever is proposed."""

from typing import Any

from inspire_lms.kernel.people import queries as people
from inspire_lms.plugins.online_call.seconding import actions
from inspire_lms.plugins.online_call.seconding.models import ByTwo


def of(proposal: ByTwo, reader: int) -> dict[str, Any]:
    """Gather who it is about, the two people, and what the reader can do now."""
    return {
        "person": people.person(proposal.application.person_id),
        "names": people.names([each for each in (proposal.proposed_by_id, proposal.answered_by_id) if each]),
        "why_not": actions.why_not_answer(proposal, reader),
        "may_take_back": actions.why_not_take_back(proposal, reader) is None,
    }
