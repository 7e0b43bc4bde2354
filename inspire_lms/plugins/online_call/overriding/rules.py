"""When a decision needs a second person."""

from enum import StrEnum

from inspire_lms.plugins.online_call.eligibility import Finding
from inspire_lms.plugins.online_call.seconding import rules


class OverrideState(StrEnum):
    """What became of a proposal to decide other than the rules."""

    PROPOSED = rules.PROPOSED
    CONFIRMED = "confirmed"
    SENT_BACK = rules.SENT_BACK
    TAKEN_BACK = rules.TAKEN_BACK
    """By whoever had proposed it."""
    DROPPED = rules.DROPPED
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
