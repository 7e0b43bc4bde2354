"""What the second person answers: a decision that is confirmed is in force from that moment, never before."""

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused
from inspire_lms.plugins.online_call.judging import deciding
from inspire_lms.plugins.online_call.judging.holding import hold
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.overriding import letters, proposing, rules
from inspire_lms.plugins.online_call.overriding.models import Override
from inspire_lms.plugins.online_call.overriding.rules import OverrideState


def confirm(override_id: int, *, by: int, answer: str = "") -> None:
    """Put a proposed decision into force. Raises NotThere, Refused for its author, the applicant, and what was settled meanwhile."""
    with transaction():
        override, application = _held(override_id)
        if reason := _why_not(override, application, by) or deciding.why_not_at_all(application):
            raise Refused(reason)
        _close(override, OverrideState.CONFIRMED, answer, by)
        deciding.settle(
            application, is_eligible=override.is_eligible, note=override.reason, by=by, proposed_by=override.proposed_by_id
        )
        proposing.record("confirmed", override, application, by=by)
        letters.answered(override, application)


def send_back(override_id: int, answer: str, *, by: int) -> None:
    """Send a proposal back with a sentence; nothing is decided. Raises NotThere, Refused, Invalid without a sentence."""
    with transaction():
        override, application = _held(override_id)
        if reason := _why_not(override, application, by):
            raise Refused(reason)
        if not answer.strip():
            raise Invalid({"answer": Reason("Say in a sentence why it is sent back.")})
        _close(override, OverrideState.SENT_BACK, answer, by)
        proposing.record("sent-back", override, application, by=by)
        letters.answered(override, application)


def take_back(override_id: int, *, by: int) -> None:
    """Take one's own proposal back. Raises NotThere, Refused."""
    with transaction():
        override, application = _held(override_id)
        if reason := rules.why_not_take_back(OverrideState(override.state), proposed_by=override.proposed_by_id, by=by):
            raise Refused(reason)
        _close(override, OverrideState.TAKEN_BACK, "", by)
        proposing.record("taken-back", override, application, by=by)


def _held(override_id: int) -> tuple[Override, Application]:
    """Hold the application of a proposal, then load the proposal afresh."""
    found = session.get(Override, override_id)
    if found is None:
        raise NotThere
    application = hold(found.application_id)
    session.refresh(found)
    return found, application


def _why_not(override: Override, application: Application, by: int) -> Reason | None:
    state = OverrideState(override.state)
    return rules.why_not_answer(state, proposed_by=override.proposed_by_id, applicant=application.person_id, by=by)


def _close(override: Override, state: OverrideState, answer: str, by: int) -> None:
    override.state, override.answer = state, answer.strip()
    override.answered_by_id, override.answered_at = by, clock.now()
    session.flush()
