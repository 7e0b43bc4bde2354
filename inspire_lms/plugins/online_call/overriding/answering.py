"""What the second person answers: a decision that is confirmed is in force from that moment, never before."""

from inspire_lms.kernel.db import transaction
from inspire_lms.kernel.errors import Refused
from inspire_lms.plugins.online_call.judging import deciding
from inspire_lms.plugins.online_call.overriding import letters, proposing
from inspire_lms.plugins.online_call.overriding.models import Override
from inspire_lms.plugins.online_call.overriding.rules import OverrideState
from inspire_lms.plugins.online_call.seconding import actions as seconding


def confirm(override_id: int, *, by: int, answer: str = "") -> None:
    """Put a proposed decision into force. Raises NotThere, Refused for its author, the applicant, and what was settled meanwhile."""
    with transaction():
        override = seconding.held(Override, override_id)
        application = override.application
        if reason := seconding.why_not_answer(override, by) or deciding.why_not_at_all(application):
            raise Refused(reason)
        seconding.close(override, OverrideState.CONFIRMED, answer, by=by)
        deciding.settle(
            application, is_eligible=override.is_eligible, note=override.reason, by=by, proposed_by=override.proposed_by_id
        )
        proposing.record("confirmed", override, application, by=by)
        letters.answered(override)


def send_back(override_id: int, answer: str, *, by: int) -> None:
    """Send a proposal back with a sentence; nothing is decided. Raises NotThere, Refused, Invalid without a sentence."""
    with transaction():
        override = seconding.held(Override, override_id)
        seconding.send_back(override, answer, by=by)
        proposing.record("sent-back", override, override.application, by=by)
        letters.answered(override)


def take_back(override_id: int, *, by: int) -> None:
    """Take one's own proposal back. Raises NotThere, Refused."""
    with transaction():
        override = seconding.held(Override, override_id)
        seconding.take_back(override, by=by)
        proposing.record("taken-back", override, override.application, by=by)
