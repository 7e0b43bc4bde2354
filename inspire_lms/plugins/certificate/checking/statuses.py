"""The words of an answer: what became of a certificate, what a file turned out to be, and whether all of it is a demonstration.

Each is a code too, for programs; a code never changes its meaning.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from inspire_lms.kernel.errors import Message
from inspire_lms.plugins.certificate.rules import Level, State


class Status(StrEnum):
    """What is to be said about a certificate."""

    VALID = "valid"
    DEMONSTRATION = "demonstration"
    """In force, under a seal that proves nothing."""
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"
    CHANGED = "changed"
    NOT_OURS = "not-ours"
    UNREGISTERED = "unregistered"
    UNKNOWN = "unknown"


class FileIs(StrEnum):
    """What a file is that carries our seal."""

    ISSUED = "issued"
    LATER = "later-form"
    FORMER = "former-form"
    SAME_CONTENT = "same-content"


KINDS: Mapping[str, str] = {
    Status.VALID: "ok",
    Status.DEMONSTRATION: "warn",
    Status.EXPIRED: "warn",
    Status.REVOKED: "bad",
    Status.REPLACED: "warn",
    Status.CHANGED: "bad",
    Status.NOT_OURS: "bad",
    Status.UNREGISTERED: "bad",
    Status.UNKNOWN: "warn",
}
"""How each status looks (components.html)."""
HEADINGS: Mapping[str, Message] = {
    Status.VALID: Message("Valid"),
    Status.DEMONSTRATION: Message("Demonstration: it proves nothing about the issuer"),
    Status.EXPIRED: Message("Expired"),
    Status.REVOKED: Message("Revoked"),
    Status.REPLACED: Message("Replaced"),
    Status.CHANGED: Message("Changed after it was issued"),
    Status.NOT_OURS: Message("Not ours"),
    Status.UNREGISTERED: Message("Not in our register"),
    Status.UNKNOWN: Message("Not known"),
}
VALID_FILES: Mapping[str, Message] = {
    FileIs.ISSUED: Message("Valid: the very file that we issued"),
    FileIs.LATER: Message("Valid: the file that we issued, in a later form"),
    FileIs.FORMER: Message("Valid: the file that we issued, in a form that we no longer keep"),
    FileIs.SAME_CONTENT: Message("Our seal is valid, but this is not the file that we keep"),
}
"""The heading over a valid certificate whose file was looked at."""
SENTENCES: Mapping[str, Message] = {
    Status.VALID: Message("We issued this certificate, and it is in force."),
    Status.DEMONSTRATION: Message("In the register of this demonstration the certificate is in force."),
    Status.EXPIRED: Message("We issued this certificate. It was valid until the last day printed on it, and that day is over."),
    Status.REVOKED: Message("We issued this certificate and have revoked it. It is not valid any more."),
    Status.REPLACED: Message("We issued this certificate and have replaced it by another. Please ask for the new one."),
    Status.CHANGED: Message("The file is not as we issued it. Do not rely on anything that it says."),
    Status.NOT_OURS: Message("This file does not carry our seal. We cannot say anything about what it states."),
    Status.UNREGISTERED: Message(
        "This file carries our seal, and our register knows no such certificate. Do not rely on it before you have asked us."
    ),
    Status.UNKNOWN: Message("We have issued no certificate under what was typed. Please compare it with the document."),
}
FILES: Mapping[str, Message] = {
    FileIs.ISSUED: Message("The file is, byte for byte, the one that we issued."),
    FileIs.LATER: Message(
        "The file is, byte for byte, a later form of the one that we issued: a time stamp was added, and nothing else differs."
    ),
    FileIs.FORMER: Message(
        "The file is a later form of the one that we issued. We do not keep this form any more; our register still knows it byte for byte."
    ),
    FileIs.SAME_CONTENT: Message(
        "The content is the one that we sealed; the file differs from ours only in the space around the signature."
    ),
}
UNKNOWN_FILE = Message(
    "We have issued no file that is the same, byte for byte. It may have been changed, or be somebody else’s. "
    "Have it examined to learn which."
)
IS_DEMONSTRATION = Message("The seal is a demonstration seal. It proves nothing about the issuer.")
LEVELS: Mapping[str, Message] = {
    Level.B_B: Message("PAdES B-B: without a time stamp, so that programs can check it as long as the certificate of the seal lasts"),
    Level.B_T: Message("PAdES B-T: with a time stamp of a third party"),
    Level.B_LTA: Message("PAdES B-LTA: with time stamps of a third party and all that is needed to check the seal for many years"),
}
"""How long a seal can be checked with programs; our register answers in any case."""


def status_of(state: str, *, expires_on: date | None, today: date, is_demonstration: bool) -> Status:
    """Say what is to be said about an issued certificate on a day at its place; *expires_on* is the last day on which it is valid."""
    if state == State.REVOKED:
        return Status.REVOKED
    if state == State.REPLACED:
        return Status.REPLACED
    if expires_on is not None and today > expires_on:
        return Status.EXPIRED
    return Status.DEMONSTRATION if is_demonstration else Status.VALID


def heading(status: Status, file: FileIs | None, *, is_demonstration: bool) -> Message:
    """Give the heading of an answer; under a demonstration seal it says so, whatever the answer is."""
    if status is Status.VALID and file is not None:
        return VALID_FILES[file]
    if is_demonstration and status is not Status.DEMONSTRATION:
        return Message("{answer} (demonstration seal)", answer=HEADINGS[status])
    return HEADINGS[status]


def kind(status: Status, file: FileIs | None) -> str:
    """Say how an answer looks: a file that is not the one we keep is no plain yes."""
    return "warn" if status is Status.VALID and file is FileIs.SAME_CONTENT else KINDS[status]
