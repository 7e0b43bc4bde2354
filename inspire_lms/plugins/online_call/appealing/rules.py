"""Who may appeal until when, and who may answer: not the applicant, nor who evaluated the application or decided on it."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from inspire_lms.kernel.errors import Reason, When
from inspire_lms.plugins.online_call.rules import State
from inspire_lms.plugins.online_call.seconding.rules import why_not_about_oneself

MOST_GROUNDS = 4000
"""Characters of an appeal."""
MOST_ANSWER = 2000
"""Characters of the answer to it."""


class About(StrEnum):
    """What an appeal is against."""

    ELIGIBILITY = "eligibility"
    POINTS = "points"


class AppealState(StrEnum):
    """What became of an appeal."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


def about(state: State) -> About | None:
    """Say what the owner of an application may appeal against; None when it is not in the selection any more."""
    return {State.NOT_ELIGIBLE: About.ELIGIBILITY, State.ELIGIBLE: About.POINTS}.get(state)


def why_not_file(state: State, until: datetime | None, zone: str, *, has_appealed: bool, at: datetime) -> Reason | None:
    """Say why nobody can appeal at *at*: it can be done once, up to the second at which the time ends."""
    if until is None:
        return Reason("There is no provisional list against which one could appeal.")
    if has_appealed:
        return Reason("You have appealed already: that is done once against each list.")
    if about(state) is None:
        return Reason("This application is not in the selection any more.")
    if at >= until:
        return Reason(
            "The time to appeal ended on {deadline}. By the clock of our server it is {now}.",
            deadline=When(until, zone),
            now=When(at, zone, to_the_second=True),
        )
    return None


def why_not_withdraw(state: AppealState) -> Reason | None:
    """Say why an appeal cannot be withdrawn."""
    return None if state is AppealState.OPEN else Reason("This appeal was settled in the meantime.")


def why_not_answer(state: AppealState, *, applicant: int, took_part: Collection[int], by: int) -> Reason | None:
    """Say why *by* cannot answer; *took_part* are those who evaluated the application or, of its eligibility, decided."""
    if state is not AppealState.OPEN:
        return Reason("This appeal was settled in the meantime.")
    if reason := why_not_about_oneself(applicant, by):
        return reason
    if by in took_part:
        return Reason(
            "You had a part in what is appealed against. Another coordinator of the country answers, or the administration of the platform."
        )
    return None
