"""When a decision needs a second person, and who that may be."""

from enum import StrEnum

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.online_call.eligibility import Finding


class OverrideState(StrEnum):
    """What became of a proposal to decide other than the rules."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    SENT_BACK = "sent_back"
    TAKEN_BACK = "taken_back"
    """By whoever had proposed it."""
    DROPPED = "dropped"
    """The application was withdrawn before anybody answered."""


def needs_second(found: Finding, *, is_eligible: bool, decided_by_two: bool | None) -> bool:
    """Say whether one person alone may not decide so.

    That is when the rules found the contrary, or when it would undo what two people decided (*decided_by_two*: that it is
    eligible, that it is not, or None when they decided nothing). Where a rule could not tell, the coordinator decides alone,
    with a reason: that is what the rule asks for.
    """
    if found is (Finding.FAIL if is_eligible else Finding.PASS):
        return True
    return decided_by_two is not None and decided_by_two is not is_eligible


def why_not_answer(state: OverrideState, *, proposed_by: int, applicant: int, by: int) -> Reason | None:
    """Say why *by* can neither confirm a proposal nor send it back."""
    if state is not OverrideState.PROPOSED:
        return Reason("This proposal was settled in the meantime.")
    if by == proposed_by:
        return Reason("You have proposed it yourself: somebody else of the country confirms it or sends it back.")
    return why_not_about_oneself(applicant, by)


def why_not_take_back(state: OverrideState, *, proposed_by: int, by: int) -> Reason | None:
    """Say why *by* cannot take a proposal back."""
    if state is not OverrideState.PROPOSED:
        return Reason("This proposal was settled in the meantime.")
    return None if by == proposed_by else Reason("Only who has proposed it can take it back. You can send it back.")


def why_not_about_oneself(applicant: int, by: int) -> Reason | None:
    """Say that nobody decides about the own application."""
    return Reason("This is your own application: somebody else decides about it.") if applicant == by else None
