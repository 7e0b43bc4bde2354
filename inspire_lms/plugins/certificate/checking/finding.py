"""What a check found: a status in words, and as much of the record as the visitor may see."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from cryptography import x509

from inspire_lms.kernel import clock
from inspire_lms.kernel.errors import Message, Reason
from inspire_lms.kernel.people.names import fold
from inspire_lms.kernel.web.guard import cohort_zones
from inspire_lms.plugins.certificate import codes, queries
from inspire_lms.plugins.certificate.checking import register, statuses
from inspire_lms.plugins.certificate.checking.register import Form
from inspire_lms.plugins.certificate.checking.shape import MOST_BYTES
from inspire_lms.plugins.certificate.checking.statuses import FileIs, Status
from inspire_lms.plugins.certificate.drawing import record as printed
from inspire_lms.plugins.certificate.drawing.record import Record
from inspire_lms.plugins.certificate.models import Certificate
from inspire_lms.plugins.certificate.sealing import chosen
from inspire_lms.plugins.certificate.sealing.seal import DEMO
from inspire_lms.plugins.certificate.verdict import Verdict, judge

_DIGEST = re.compile(r"[0-9a-f]{64}")
_TAIL = re.compile(rb"-[A-Z]{2}-\d{4}-\d{6}")
_PREFIX = re.compile(rb"[A-Z0-9]{2,20}\Z")
_MOST_PREFIX, _MOST_TRIES, _MOST_NUMBERS = 20, 1000, 5
_HIDDEN = {"code", "short_code", "address"}
"""What stands in a record and opens others: never told to programs."""


@dataclass(frozen=True)
class Finding:
    """The answer to one check."""

    status: Status
    certificate: Certificate | None = None
    shows_record: bool = False
    """Whether the visitor has shown enough to see what is printed: the secret code, the name, or the file."""
    file: FileIs | None = None
    """Which file of ours was looked at; None when none was, or it is none of ours."""
    because: Reason | None = None
    """Why a file was refused."""
    newer: Certificate | None = None
    """The certificate that stands in its place."""
    forms: Sequence[Form] = ()
    """All files that we have made of the certificate, the first one first; only the one that was looked at, when one was."""
    is_demonstration: bool = False
    asked_by_digest: bool = False

    @property
    def record(self) -> Record | None:
        """Give what is printed, if the visitor may see it."""
        return printed.read(self.certificate.record) if self.certificate and self.shows_record else None

    @property
    def reason(self) -> str:
        """Give the words of whoever revoked or replaced it, which may be about the holder; empty for who may not see what is printed."""
        ended = self.certificate.revocation if self.certificate and self.shows_record else None
        return ended.reason if ended else ""

    @property
    def about_file(self) -> Message | None:
        """Say what the file itself showed, when one was looked at."""
        return statuses.FILES[self.file] if self.file else self.because

    @property
    def level(self) -> str:
        """Give the PAdES baseline of the latest file that we keep, or of the one that was looked at; empty without a certificate."""
        kept = [one for one in self.forms if one.is_kept] or self.forms
        return kept[-1].level if kept else ""

    @property
    def heading(self) -> Message:
        """Give the heading of the answer."""
        return statuses.heading(self.status, self.file, is_demonstration=self.is_demonstration)

    @property
    def kind(self) -> str:
        """Say how the answer looks."""
        return statuses.kind(self.status, self.file)

    @property
    def sentence(self) -> Message:
        """Say the status in a sentence."""
        return statuses.UNKNOWN_FILE if self.asked_by_digest and self.status is Status.UNKNOWN else statuses.SENTENCES[self.status]


def of(certificate: Certificate | None, *, shows_record: bool, form: Form | None = None, file: FileIs | None = None) -> Finding:
    """Answer about a certificate that was found, or was not; *form* is the one that the visitor has, None when nothing says."""
    if certificate is None:
        return Finding(Status.UNKNOWN)
    is_demonstration = certificate.record.get("seal") == DEMO
    ends = certificate.expires_on
    status = statuses.status_of(certificate.state, expires_on=ends, today=_today(certificate), is_demonstration=is_demonstration)
    newer = queries.replaced_by(certificate.id) if status is Status.REPLACED else None
    forms = (form,) if form else register.forms(certificate)
    return Finding(status, certificate, shows_record, file, newer=newer, forms=forms, is_demonstration=is_demonstration)


def _today(certificate: Certificate) -> date:
    """Say which day it is where the certificate was issued: it is valid to the end of its last day there."""
    return clock.now().astimezone(ZoneInfo(cohort_zones().get(certificate.cohort_id, "UTC"))).date()


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


def is_known(digest: str) -> bool:
    """Say whether a file with this SHA-256, in hexadecimal, is one that we have made."""
    return _DIGEST.fullmatch(digest) is not None and register.is_known(digest)


def by_digest(typed: str) -> Finding:
    """Answer to the SHA-256 of a file, in hexadecimal: whoever has it has the file, and sees what is printed in it."""
    digest = typed.lower()
    found = register.by_digest(digest) if _DIGEST.fullmatch(digest) else None
    return _of_form(found) if found else Finding(Status.UNKNOWN, asked_by_digest=True)


def by_file(pdf: bytes) -> Finding:
    """Answer to the file itself: first by its digest, then by the strict look at its seal."""
    form = register.by_digest(hashlib.sha256(pdf).hexdigest())
    if form is not None:
        return _of_form(form)
    seals, roots = chosen.known()
    judged = judge(pdf, seals, roots, at=clock.now(), sealed_at=_sealed_at)
    if judged.verdict is Verdict.INTACT:
        known = queries.by_covered(judged.covered)
        if known is not None:
            return of(known, shows_record=True, file=FileIs.SAME_CONTENT)
        return Finding(Status.UNREGISTERED, is_demonstration=_is_demonstration(judged.seal))
    named = _named_in(pdf)
    status = Status.CHANGED if judged.verdict is Verdict.CHANGED or named else Status.NOT_OURS
    is_demonstration = _is_demonstration(judged.seal) or (named is not None and named.record.get("seal") == DEMO)
    return Finding(status, named, because=judged.because, forms=register.forms(named) if named else (), is_demonstration=is_demonstration)


def _is_demonstration(certificate: x509.Certificate | None) -> bool:
    now = chosen.seal()
    return now.kind == DEMO and now.certificate == certificate


def _of_form(form: Form) -> Finding:
    file = FileIs.ISSUED if form.is_first else FileIs.LATER if form.is_kept else FileIs.FORMER
    return of(form.certificate, shows_record=True, form=form, file=file)


def _sealed_at(covered: str) -> datetime | None:
    found = queries.by_covered(covered)
    return found.issued_at if found else None


def _named_in(pdf: bytes) -> Certificate | None:
    """Find the certificate whose number stands in a file that is not as we issued it."""
    # Its end is looked for first: a pattern that began with any letter would be tried at each of five million places.
    held = pdf[:MOST_BYTES]
    numbers: set[str] = set()
    for tail in islice(_TAIL.finditer(held), _MOST_TRIES):
        prefix = _PREFIX.search(held, max(0, tail.start() - _MOST_PREFIX), tail.start())
        if prefix:
            numbers.add((prefix[0] + tail[0]).decode())
        if len(numbers) == _MOST_NUMBERS:
            break
    return next((found for number in sorted(numbers) if (found := queries.by_number(number))), None)


def as_json(finding: Finding) -> dict[str, Any]:
    """Say the same for programs, in codes."""
    certificate = finding.certificate
    answer: dict[str, Any] = {
        "status": finding.status,
        "is_demonstration": finding.is_demonstration,
        "checked_at": clock.now().isoformat(),
    }
    if finding.file is not None:
        answer["file"] = finding.file
    if certificate is not None:
        ends = certificate.expires_on
        answer |= {
            "number": certificate.number,
            "document": certificate.kind,
            "level": finding.level,
            "expires_on": ends and ends.isoformat(),
        }
        if certificate.revocation is not None:
            answer["ended_at"] = certificate.revocation.at.isoformat()
        if finding.reason:
            answer["reason"] = finding.reason
        if finding.newer is not None:
            answer["replaced_by"] = finding.newer.number
        if finding.shows_record:
            answer["record"] = {key: value for key, value in certificate.record.items() if key not in _HIDDEN}
            answer["sha256"] = certificate.digest
            answer["forms"] = [{"sha256": one.digest, "level": one.level} for one in finding.forms]
    return answer
