"""Who may answer what somebody has proposed, and who may take it back."""

from inspire_lms.kernel.errors import Reason

PROPOSED, SENT_BACK, TAKEN_BACK, DROPPED = "proposed", "sent_back", "taken_back", "dropped"
"""States that every proposal can have: it waits, was refused by the second person, given up by the first, or overtaken by a withdrawal."""
MOST_ANSWER = 1000
"""Characters of what the second person writes to the first."""


def why_not_answer(state: str, *, proposed_by: int, applicant: int, by: int) -> Reason | None:
    """Say why *by* can neither confirm a proposal nor send it back."""
    if state != PROPOSED:
        return Reason("This proposal was settled in the meantime.")
    if by == proposed_by:
        return Reason("You have proposed it yourself: somebody else of the country confirms it or sends it back.")
    return why_not_about_oneself(applicant, by)


def why_not_take_back(state: str, *, proposed_by: int, by: int) -> Reason | None:
    """Say why *by* cannot take a proposal back."""
    if state != PROPOSED:
        return Reason("This proposal was settled in the meantime.")
    return None if by == proposed_by else Reason("Only who has proposed it can take it back. You can send it back.")


def why_not_about_oneself(applicant: int, by: int) -> Reason | None:
    """Say that nobody decides about the own application."""
    return Reason("This is your own application: somebody else decides about it.") if applicant == by else None


def why_not_near(*, is_colleague: bool, has_declared: bool) -> Reason | None:
    """Say that nobody decides about somebody of the same administration or in spite of a conflict of interest, and who does it then."""
    if has_declared:
        return Reason(
            "You have declared a conflict of interest: another coordinator of the country decides, "
            "where there is none, the administration of the platform."
        )
    if is_colleague:
        return Reason(
            "You work for the same administration as the applicant: another coordinator of the country decides, "
            "where there is none, the administration of the platform."
        )
    return None
