"""A file in, a verdict out: the only place that says whether a seal is ours and nothing was changed.

"The signature is valid" is not enough: a PDF can be valid and show something else in a later revision. So the rule is
strict, and it fails closed: one revision, one seal, covering the whole file but itself, certified against any change, with
a chain to a root that we name. Whatever cannot be read is not accepted, whatever the reason.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.certificate.drawing.page import FIELD
from inspire_lms.plugins.certificate.sealing.library import outside_a_loop
from inspire_lms.plugins.certificate.sealing.pades import RANGES

MOST_BYTES = 5 * 1024 * 1024
_HEAD = re.compile(rb"%PDF-(1\.\d|2\.0)\s")
_CONTENTS = re.compile(rb"<([0-9A-F]+)>")
_DER_LONG = 0x82
"""The second byte of a DER value whose length stands in the two bytes that follow."""


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


def judge(pdf: bytes, seals: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], *, at: datetime) -> Finding:
    """Say whether *pdf* is a file that one of *seals* sealed, unchanged since.

    *seals* are the certificates of our sealing keys, now and before; *roots* those on which they rest. The end of a
    certificate's life does not make a document invalid, since the register answers for it: the chain is then looked at
    as it was on its last day. Any failure to read the file counts against it.
    """
    reason = _why_not_intact(pdf, seals, roots, at)
    if reason is None:
        return Finding(Verdict.INTACT, Reason("The seal is ours, and nothing has been changed since it was set."))
    return Finding(Verdict.CHANGED if _names_a_seal(pdf, seals) else Verdict.FOREIGN, reason)


def _why_not_intact(pdf: bytes, seals: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], at: datetime) -> Reason | None:
    if reason := why_not_whole(pdf):
        return reason
    try:
        return _why_not_sealed(pdf, seals, roots, at)
    # A file made to mislead raises whatever it can provoke in a parser. Every failure is the same answer, and none of its
    # text is shown or logged.
    except Exception:  # noqa: BLE001
        return Reason("The file cannot be read as a sealed PDF.")


def why_not_whole(pdf: bytes) -> Reason | None:  # a list of reasons, in the order in which they are looked for
    """Say what is wrong with the form of the file, before anything in it is believed; None when nothing is."""
    if len(pdf) > MOST_BYTES:
        return Reason("The file is larger than 5 MB; no certificate is.")
    if not _HEAD.match(pdf):
        return Reason("The file is not a PDF.")
    found = RANGES.findall(pdf)
    if pdf.count(b"/ByteRange") == 0:
        return Reason("The file carries no seal.")
    if pdf.count(b"startxref") != 1 or pdf.count(b"%%EOF") != 1 or not pdf.endswith((b"%%EOF\n", b"%%EOF")):
        return Reason("Something was added to the file after it was sealed.")
    if len(found) != 1 or pdf.count(b"/ByteRange") != 1:
        return Reason("The statement of what the seal covers has been tampered with.")
    first, length, second, rest = (int(one) for one in found[0])
    if first != 0 or not length < second < len(pdf) or second + rest != len(pdf):
        return Reason("The seal does not cover the whole file.")
    return _why_not_a_seal(pdf[length:second])


def _why_not_a_seal(gap: bytes) -> Reason | None:
    """Look at what the seal leaves uncovered: it has to be one signature, as we write it, and zeros."""
    held = _CONTENTS.fullmatch(gap)
    reason = Reason("The place of the seal holds something else.")
    if held is None or len(held[1]) % 2:
        return reason
    signature = bytes.fromhex(held[1].decode())
    if len(signature) < 4 or signature[0] != 0x30 or signature[1] != _DER_LONG:  # noqa: PLR2004 (head of a DER sequence)
        return reason
    return None if not any(signature[4 + int.from_bytes(signature[2:4]) :]) else reason


def _why_not_sealed(pdf: bytes, seals: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], at: datetime) -> Reason | None:
    from pyhanko.pdf_utils.reader import PdfFileReader  # slow import
    from pyhanko.sign.fields import MDPPerm  # slow import
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature  # slow import

    _silence()
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    signatures = reader.embedded_signatures
    if len(signatures) != 1 or signatures[0].field_name != FIELD or reader.xrefs.total_revisions != 1:
        return Reason("The file carries another seal than ours.")
    seal = signatures[0]
    der = seal.signer_cert.dump()
    signer = next((one for one in seals if one.public_bytes(Encoding.DER) == der), None)
    if signer is None:
        return Reason("The file was sealed by somebody else.")
    if seal.docmdp_level is not MDPPerm.NO_CHANGES:
        return Reason("The seal does not forbid changes; ours does.")
    status = outside_a_loop(lambda: validate_pdf_signature(seal, _context(roots, signer, at)))
    if not (status.intact and status.valid and status.coverage is SignatureCoverageLevel.ENTIRE_FILE):
        return Reason("The file has been changed since it was sealed.")
    if not (status.trusted and status.bottom_line):
        return Reason("The seal does not rest on our authority.")
    return None


def _context(roots: Sequence[x509.Certificate], signer: x509.Certificate, at: datetime) -> Any:  # noqa: ANN401 (a type of the slow import)
    from asn1crypto import x509 as asn1  # slow import
    from pyhanko_certvalidator import ValidationContext  # slow import

    moment = max(signer.not_valid_before_utc, min(at, signer.not_valid_after_utc))
    return ValidationContext(
        trust_roots=[asn1.Certificate.load(one.public_bytes(Encoding.DER)) for one in roots],
        allow_fetching=False,
        moment=moment,
        best_signature_time=moment,
    )


def _names_a_seal(pdf: bytes, seals: Sequence[x509.Certificate]) -> bool:
    """Say whether the file carries the certificate of one of our seals: then it was ours once, or wants to look so."""
    low = pdf.lower()
    return any(one.public_bytes(Encoding.DER).hex().encode() in low for one in seals)


def _silence() -> None:
    """Keep the parser from writing what a stranger's file says into our log."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
