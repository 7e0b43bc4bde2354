"""What a check found: a status in words, and as much of the record as the visitor may see."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from inspire_lms.kernel import clock
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.people.names import fold
from inspire_lms.plugins.certificate import codes, queries
from inspire_lms.plugins.certificate.drawing import record as printed
from inspire_lms.plugins.certificate.drawing.record import Record
from inspire_lms.plugins.certificate.models import Certificate
from inspire_lms.plugins.certificate.rules import State
from inspire_lms.plugins.certificate.sealing import chosen, pades
from inspire_lms.plugins.certificate.verdict import MOST_BYTES, Verdict, judge

_NUMBER = re.compile(rb"[A-Z0-9]{2,20}-[A-Z]{2}-\d{4}-\d{6}")


class Status(StrEnum):
    """The words of an answer."""

    VALID = "valid"
    REVOKED = "revoked"
    REPLACED = "replaced"
    CHANGED = "changed"
    NOT_OURS = "not-ours"
    UNREGISTERED = "unregistered"
    UNKNOWN = "unknown"


KINDS: Mapping[str, str] = {
    Status.VALID: "ok",
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
    Status.REVOKED: Message("Revoked"),
    Status.REPLACED: Message("Replaced"),
    Status.CHANGED: Message("Changed after it was issued"),
    Status.NOT_OURS: Message("Not ours"),
    Status.UNREGISTERED: Message("Not in our register"),
    Status.UNKNOWN: Message("Not known"),
}
SENTENCES: Mapping[str, Message] = {
    Status.VALID: Message("We issued this certificate, and it is in force."),
    Status.REVOKED: Message("We issued this certificate and have revoked it. It is not valid any more."),
    Status.REPLACED: Message("We issued this certificate and have replaced it by another. Please ask for the new one."),
    Status.CHANGED: Message("The file is not as we issued it. Do not rely on anything that it says."),
    Status.NOT_OURS: Message("This file does not carry our seal. We cannot say anything about what it states."),
    Status.UNREGISTERED: Message(
        "This file carries our seal, and our register knows no such certificate. Do not rely on it before you have asked us."
    ),
    Status.UNKNOWN: Message("We have issued no certificate under what was typed. Please compare it with the document."),
}


@dataclass(frozen=True)
class Finding:
    """The answer to one check."""

    status: Status
    certificate: Certificate | None = None
    shows_record: bool = False
    """Whether the visitor has shown enough to see what is printed: the secret code, the name, or the file."""
    about_file: Message | None = None
    """What the file itself showed, when one was dropped."""
    newer: Certificate | None = None
    """The certificate that stands in its place."""

    @property
    def record(self) -> Record | None:
        """Give what is printed, if the visitor may see it."""
        return printed.read(self.certificate.record) if self.certificate and self.shows_record else None


def of(certificate: Certificate | None, *, shows_record: bool, about_file: Message | None = None) -> Finding:
    """Answer about a certificate that was found, or was not."""
    if certificate is None:
        return Finding(Status.UNKNOWN)
    status = {State.VALID: Status.VALID, State.REVOKED: Status.REVOKED, State.REPLACED: Status.REPLACED}[State(certificate.state)]
    newer = queries.replaced_by(certificate.id) if status is Status.REPLACED else None
    return Finding(status, certificate, shows_record, about_file, newer)


def by_short_code(typed: str, family_name: str) -> Finding:
    """Answer to the short code together with the family name; a wrong name is answered like an unknown code."""
    code = codes.read_short_code(typed)
    found = queries.by_short_code(code) if code else None
    if found is None or found.family_name != fold(family_name):
        return Finding(Status.UNKNOWN)
    return of(found, shows_record=True)


def by_number(typed: str) -> Finding:
    """Answer to the number alone: the status, and nothing about the person."""
    return of(queries.by_number(codes.read_number(typed)), shows_record=False)


def by_file(pdf: bytes) -> Finding:
    """Answer to the file itself: first by its digest, then by the strict look at its seal."""
    found = queries.by_digest(hashlib.sha256(pdf).hexdigest())
    if found is not None:
        return of(found, shows_record=True, about_file=Message("The file is, byte for byte, the one that we issued."))
    seals, roots = chosen.known()
    judged = judge(pdf, seals, roots, at=clock.now())
    if judged.verdict is Verdict.INTACT:
        known = queries.by_covered(pades.covered_digest(pdf))
        if known is not None:
            about = Message("The content is the one that we sealed; the file differs from ours only in the space around the signature.")
            return of(known, shows_record=True, about_file=about)
        return Finding(Status.UNREGISTERED)
    named = _named_in(pdf)
    status = Status.CHANGED if judged.verdict is Verdict.CHANGED or named else Status.NOT_OURS
    return Finding(status, named, about_file=judged.because)


def _named_in(pdf: bytes) -> Certificate | None:
    """Find the certificate whose number stands in a file that is not as we issued it."""
    numbers = {found.decode() for found in _NUMBER.findall(pdf[:MOST_BYTES])}
    return next((found for number in sorted(numbers)[:5] if (found := queries.by_number(number))), None)


def as_json(finding: Finding) -> dict[str, Any]:
    """Say the same for programs."""
    certificate = finding.certificate
    answer: dict[str, Any] = {"status": finding.status, "checked_at": clock.now().isoformat()}
    if certificate is not None:
        answer |= {"number": certificate.number, "document": certificate.kind}
        if certificate.revocation is not None:
            answer |= {"ended_at": certificate.revocation.at.isoformat(), "reason": certificate.revocation.reason}
        if finding.newer is not None:
            answer["replaced_by"] = finding.newer.number
        if finding.shows_record:
            hidden = {"code", "short_code", "address"}
            answer["record"] = {key: value for key, value in certificate.record.items() if key not in hidden}
            answer["sha256"] = certificate.digest
    return answer
