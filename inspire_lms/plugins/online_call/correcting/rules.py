"""When an application may be opened again after the final list, by whom, and what a corrected list does to places."""

from collections.abc import Mapping
from enum import StrEnum

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.online_call.rules import Standing, State
from inspire_lms.plugins.online_call.seconding import rules

MOST_REASON = 1000
"""Characters of the reason of a correction."""


class CorrectionState(StrEnum):
    """What became of a correction."""

    PROPOSED = rules.PROPOSED
    REOPENED = "reopened"
    """Confirmed by a second person: the application is looked at anew."""
    PUBLISHED = "published"
    """The corrected list is out."""
    SENT_BACK = rules.SENT_BACK
    TAKEN_BACK = rules.TAKEN_BACK
    DROPPED = rules.DROPPED
    """The application was withdrawn before a corrected list was published."""


def why_not_propose(state: State, *, is_final: bool, is_open: bool) -> Reason | None:
    """Say why an application cannot be opened again."""
    if not is_final:
        return Reason("There is no final list that could be corrected.")
    if is_open:
        return Reason("This application is being corrected already.")
    if state not in {State.ELIGIBLE, State.NOT_ELIGIBLE}:
        return Reason("This application is not in the selection any more.")
    return None


def why_not_publish(*, reopened: int, proposed: int, undecided: int, lacking: int) -> Reason | None:
    """Say why no corrected list can be published; *lacking* counts evaluations of the applications that were opened again."""
    if not reopened:
        return Reason("No application was opened again: there is nothing to correct.")
    if proposed:
        return Reason("Corrections that wait for a second person: {n}.", n=proposed)
    if undecided:
        return Reason("Applications without a decision on eligibility: {n}.", n=undecided)
    return Reason("Evaluations not yet given: {n}.", n=lacking) if lacking else None


def standing_after(before: Standing | None, *, is_suitable: bool) -> Standing:
    """Say what a line is after a correction: who was offered a place keeps what became of it; others wait, or do not suffice."""
    if before in {None, Standing.RESERVE, Standing.UNSUITABLE}:
        return Standing.RESERVE if is_suitable else Standing.UNSUITABLE
    return before


def waiting(positions: Mapping[str, int], standings: Mapping[str, Standing]) -> list[str]:
    """List those who wait, by number of their application, in the order in which they are called up."""
    return sorted((number for number in positions if standings[number] is Standing.RESERVE), key=lambda number: positions[number])
