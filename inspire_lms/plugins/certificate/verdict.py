"""A file in, a verdict out: the only place that says whether a seal is ours and nothing was changed.

"The signature is valid" is not enough: a PDF can be valid and show something else in a later revision. So the rule is strict, and it
fails closed: one revision, one seal, covering the whole file but itself, certified against any change, with a chain to a root that we
name. Whatever cannot be read is not accepted, whatever the reason.

A file made to break readers of PDF never comes to one: its form is looked at byte by byte (checking/shape.py), then its signature is
checked with our own public key (checking/signature.py). Only what a key of ours has signed is then read as a PDF.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from io import BytesIO
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.certificate.checking import shape, signature
from inspire_lms.plugins.certificate.checking.signature import Signed
from inspire_lms.plugins.certificate.drawing.page import FIELD
from inspire_lms.plugins.certificate.sealing.seal import why_not_meant_to_seal

LONGEST = timedelta(seconds=20)
"""How long a file of ours may take to be read as a PDF: a thousand times what it needs."""
_UNREADABLE = Reason("The file cannot be read as a sealed PDF.")
_NOT_THEN = Reason("The seal was set when its certificate was not valid.")


class Verdict(StrEnum):
    """What a file turned out to be."""

    INTACT = "intact"
    CHANGED = "changed"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class Finding:
    """A verdict and why."""

    verdict: Verdict
    because: Reason
    seal: x509.Certificate | None = None
    """The seal of ours whose certificate the file carries, rightly or not; None when it carries none."""
    covered: str = ""
    """SHA-256 of what the seal covers, in hexadecimal; empty unless the file is intact."""


def judge(
    pdf: bytes,
    seals: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    *,
    at: datetime,
    sealed_at: Callable[[str], datetime | None] = lambda _covered: None,
) -> Finding:
    """Say whether *pdf* is a file that one of *seals* sealed, unchanged since.

    *seals* are the certificates of our sealing keys, now and before; *roots* those on which they rest. The end of a certificate's life
    does not make a document invalid, since the register answers for it: the chain is then looked at as it was on its last day. *sealed_at*
    says when, by our register, the content with a SHA-256 was sealed; None when it does not know. Any failure to read the file counts
    against it.
    """
    file = shape.parts(pdf)
    if isinstance(file, Reason):
        return _refused(pdf, seals, file)
    covered = file.covered.hex()
    try:
        found = signature.read(file, seals, roots)
        if not isinstance(found, Reason):
            found = _why_not_sealed(pdf, found, roots, at=at, known_at=sealed_at(covered)) or found
    # A file made to mislead raises whatever it can provoke in a reader. Every failure is the same answer, and none of its
    # text is shown or logged.
    except Exception:  # noqa: BLE001
        found = _UNREADABLE
    if isinstance(found, Reason):
        return _refused(pdf, seals, found)
    return Finding(Verdict.INTACT, Reason("The seal is ours, and nothing has been changed since it was set."), found.signer, covered)


def _refused(pdf: bytes, seals: Sequence[x509.Certificate], because: Reason) -> Finding:
    # Whoever carries the certificate of one of our seals was ours once, or wants to look so.
    low = pdf[: shape.MOST_BYTES].lower()
    named = next((one for one in seals if one.public_bytes(Encoding.DER).hex().encode() in low), None)
    return Finding(Verdict.CHANGED if named else Verdict.FOREIGN, because, named)


def _why_not_sealed(
    pdf: bytes, signed: Signed, roots: Sequence[x509.Certificate], *, at: datetime, known_at: datetime | None
) -> Reason | None:
    """Look at the certificate and its time, and then at the file as a PDF."""
    signer = signed.signer
    if why_not_meant_to_seal(signer):
        return Reason("The certificate of the seal is not one for sealing documents.")
    known = [moment for moment in (known_at, signed.stamped_at) if moment is not None]
    if any(not _lasts(signer, moment) for moment in known) or at < signer.not_valid_before_utc:
        return _NOT_THEN
    return _why_not_certified(pdf, signer, roots, known[0] if known else min(at, signer.not_valid_after_utc))


def _lasts(certificate: x509.Certificate, moment: datetime) -> bool:
    return certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc


def _why_not_certified(pdf: bytes, signer: x509.Certificate, roots: Sequence[x509.Certificate], moment: datetime) -> Reason | None:
    """Read the file as a PDF, in a thread of its own that is left to itself when it takes too long."""
    from asn1crypto import x509 as asn1  # slow import
    from pyhanko.pdf_utils.reader import PdfFileReader  # slow import
    from pyhanko.sign.validation import validate_pdf_signature  # slow import
    from pyhanko.sign.validation.settings import KeyUsageConstraints  # slow import
    from pyhanko_certvalidator import ValidationContext  # slow import

    _silence()
    context = ValidationContext(
        trust_roots=[asn1.Certificate.load(one.public_bytes(Encoding.DER)) for one in roots],
        allow_fetching=False,
        moment=moment,
        best_signature_time=moment,
    )
    usage = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})

    def look() -> Reason | None:
        reader = PdfFileReader(BytesIO(pdf), strict=True)
        seals = reader.embedded_signatures
        if len(seals) != 1 or seals[0].field_name != FIELD or reader.xrefs.total_revisions != 1:
            return Reason("The file carries another seal than ours.")
        return _why_not_as_we_seal(seals[0], signer, lambda: validate_pdf_signature(seals[0], context, key_usage_settings=usage))

    said: SimpleQueue[Reason | None] = SimpleQueue()
    Thread(target=lambda: said.put(_closed(look)), daemon=True).start()
    try:
        return said.get(timeout=LONGEST.total_seconds())
    except Empty:
        return Reason("The file takes longer to read than any of ours.")


def _closed(look: Callable[[], Reason | None]) -> Reason | None:
    """Give what *look* says; a failure is said like any other, and none of its text is kept."""
    try:
        return look()
    except Exception:  # noqa: BLE001 (as in judge: whatever a reader raises counts against the file)
        return _UNREADABLE


def _why_not_as_we_seal(seal: Any, signer: x509.Certificate, validate: Callable[[], Any]) -> Reason | None:  # noqa: ANN401 (slow imports)
    from pyhanko.sign.fields import MDPPerm  # slow import
    from pyhanko.sign.validation import SignatureCoverageLevel  # slow import

    if seal.docmdp_level is not MDPPerm.NO_CHANGES:
        return Reason("The seal does not forbid changes; ours does.")
    said = seal.self_reported_timestamp
    if said is not None and not _lasts(signer, said):
        return _NOT_THEN
    status = validate()
    stamp = status.timestamp_validity
    if not (status.intact and status.valid and status.docmdp_ok and status.coverage is SignatureCoverageLevel.ENTIRE_FILE):
        return Reason("The file has been changed since it was sealed.")
    # Who stamped is not ours to trust here: a stamp can only narrow the time in which the seal was set, never widen it.
    if stamp is not None and not (stamp.intact and stamp.valid):
        return Reason("The time stamp in the seal belongs to another seal.")
    return None if status.trusted else Reason("The seal does not rest on our authority.")


def _silence() -> None:
    """Keep the readers from writing what a file says into our log."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
