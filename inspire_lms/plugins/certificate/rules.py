"""The kinds of documents, where each stands, and who may decide about them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from inspire_lms.kernel.errors import Message, Reason

SLICE = 30
"""Certificates that one run of the issuing job makes: a writer waits for less than a second."""


class Kind(StrEnum):
    """Which document: three different ones, never merged (domain.md 3.1)."""

    COMPETENCE = "competence"
    ATTENDANCE = "attendance"
    CERTIFICATION = "certification"


TOPS = (Kind.COMPETENCE, Kind.CERTIFICATION)
"""What whoever has met everything may be given: one of these two, as the scheme says."""


class Level(StrEnum):
    """How long a seal can be checked (PAdES baseline levels, ETSI EN 319 142-1): B-B as long as the seal's certificate lasts."""

    B_B = "B-B"
    B_T = "B-T"
    B_LTA = "B-LTA"


class AppealState(StrEnum):
    """Where an appeal stands."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class State(StrEnum):
    """Where a certificate stands. Decided: the decision is taken and the file is not made yet."""

    DECIDED = "decided"
    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"


CURRENT = (State.DECIDED, State.VALID)
"""States of which a person has at most one for each kind of document in a cohort, but for one that is being renewed."""

KIND_NAMES: Mapping[str, Message] = {
    Kind.COMPETENCE: Message("Certificate of competence"),
    Kind.ATTENDANCE: Message("Certificate of attendance"),
    Kind.CERTIFICATION: Message("Certification of a person"),
}

STAYS_BECAUSE = Message(
    "The awarding body’s task to say who has been certified, and the holder’s interest that a certificate can be checked"
)
"""On what basis a certificate can be checked after the account of its holder was erased; the check says so."""
STAYS_FOR = Message(
    "Number, name, kind, dates and status as long as the scheme promises the check, at least ten years; "
    "results and file until the account is erased"
)
"""What stays then, and for how long."""


def given_for(earned: Kind | None, top: str) -> Kind | None:
    """Say which document is given for what was earned: for everything the one that the scheme has at its *top*, never two of them."""
    return Kind(top) if earned is Kind.COMPETENCE else earned


def gives_less(kind: Kind, whole: Kind, top: str) -> bool:
    """Say whether a document of *kind* is less than what is given for the *whole*."""
    return kind is not given_for(whole, top)


def is_given_for(kind: str, earned: Kind | None) -> bool:
    """Say whether a document of *kind* is what somebody gets who has *earned* that, whichever scheme gave it."""
    return kind in TOPS if earned is Kind.COMPETENCE else kind == earned


def why_not_decide(person_id: int, *, by: int, name: str, graders: Collection[int], teachers: Collection[int]) -> Reason | None:
    """Say why *by* may not decide about the certificate of a person; None when there is nothing against it.

    Four eyes: who taught or graded does not certify (ISO/IEC 17024, clause 5.2; domain.md 9.2).
    """
    if by == person_id:
        return Reason("Nobody decides about the own certificate.")
    if by in graders:
        return Reason("You graded work of {name}. Somebody who neither taught nor graded has to decide.", name=name)
    if by in teachers:
        return Reason("You taught this group. Somebody who neither taught nor graded has to decide.")
    return None


def why_not_award(earned: Kind | None, kind: Kind, *, top: str, name: str, has_current: bool) -> Reason | None:
    """Say why a person cannot be given a document of *kind* now; None when it can be done."""
    if has_current:
        return Reason("{name} has this document already.", name=name)
    if kind in TOPS and kind != top:
        return Reason("The scheme of this edition does not give this document: {document}.", document=KIND_NAMES[kind])
    if earned is Kind.COMPETENCE or given_for(earned, top) is kind:
        return None
    return Reason("{name} has not met what the {document} asks for.", name=name, document=KIND_NAMES[kind])


def why_not_refuse(name: str, *, is_out_of_reach: bool, has_whole: bool, is_refused: bool) -> Reason | None:
    """Say why it cannot be decided that a person is not certified; None when it can.

    *is_refused* says whether a decision that still stands has said so already.
    """
    if has_whole:
        return Reason("{name} has this document already.", name=name)
    if is_refused:
        return Reason(
            "{name} was told already that this document is not given. An appeal that is upheld asks for another decision.", name=name
        )
    if not is_out_of_reach:
        return Reason("{name} can still meet what is missing, or has met it.", name=name)
    return None


def why_not_revoke(state: str) -> Reason | None:
    """Say why a certificate in *state* cannot be revoked or replaced; None when it can."""
    if state == State.DECIDED:
        return Reason("This certificate is not issued yet.")
    if state == State.REVOKED:
        return Reason("This certificate is revoked already.")
    if state == State.REPLACED:
        return Reason("This certificate was replaced already. Act on the one that replaced it.")
    return None


def days_to_issue(decided_at: datetime, issued_at: datetime) -> int:
    """Count the whole days from the decision to the document (domain.md 9.5)."""
    return (issued_at - decided_at).days


def wanted_certified(enrolled: int) -> int:
    """Say how many of the enrolled should complete: four of five, rounded up (domain.md 9.5)."""
    return -(-enrolled * 4 // 5)
