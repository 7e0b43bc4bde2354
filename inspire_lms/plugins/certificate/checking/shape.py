"""The form of a sealed file, byte by byte: whatever is not written exactly as we write it is refused before anything in it is read."""

import hashlib
import re
from dataclasses import dataclass

from inspire_lms.kernel.errors import Reason

MOST_BYTES = 5 * 1024 * 1024
"""No certificate of ours comes near it."""
MOST_SIGNATURE = 64 * 1024
"""Bytes of the signature, certificates and time stamp included; ours have three to twelve thousand."""
_HEAD = re.compile(rb"%PDF-(1\.\d|2\.0)\s")
_NEAR_THE_HEAD = 1024
"""Within so many bytes, programs that forgive much look for the beginning of a PDF."""
_COVERS = b"/ByteRange"
_RANGES = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
_BEFORE_THE_GAP = re.compile(rb"/Contents\s?\Z")
_HEX = re.compile(rb"[0-9A-F]+")
_SEQUENCE, _TWO_BYTES = 0x30, 0x82
"""How a DER sequence begins whose length stands in the two bytes that follow."""
_HEAD_OF_IT = 4


@dataclass(frozen=True)
class Parts:
    """What a file in our form consists of."""

    covered: bytes
    """SHA-256 of all that the seal covers: everything but the signature itself."""
    signature: bytes
    """DER, without the zeros behind it."""


def parts(pdf: bytes) -> Parts | Reason:
    """Give the parts of a file that has the form of ours; else say what is wrong with its form."""
    if reason := _why_not_a_whole_pdf(pdf):
        return reason
    gap = _gap(pdf)
    if isinstance(gap, Reason):
        return gap
    begins, ends = gap
    signature = _signature(pdf[begins:ends])
    if isinstance(signature, Reason):
        return signature
    covered = hashlib.sha256(memoryview(pdf)[:begins])
    covered.update(memoryview(pdf)[ends:])
    return Parts(covered.digest(), signature)


def _why_not_a_whole_pdf(pdf: bytes) -> Reason | None:
    if len(pdf) > MOST_BYTES:
        return Reason("The file is larger than 5 MB; no certificate is.")
    if not pdf:
        return Reason("The file is empty.")
    if not _HEAD.match(pdf):
        if b"%PDF-" in pdf[:_NEAR_THE_HEAD]:
            return Reason("Something else stands before the PDF, or its first line is not as we write it.")
        return Reason("The file is not a PDF.")
    if _COVERS not in pdf:
        return Reason("The file carries no seal.")
    beginnings, ends = pdf.count(b"startxref"), pdf.count(b"%%EOF")
    if beginnings == 0 or ends == 0:
        return Reason("The end of the file is missing.")
    if beginnings > 1 or ends > 1 or not pdf.endswith((b"%%EOF\n", b"%%EOF")):
        return Reason("Something was added to the file after it was sealed.")
    return None


def _gap(pdf: bytes) -> tuple[int, int] | Reason:
    """Say from where to where the seal leaves the file uncovered: the place of the signature and nothing else."""
    # Counted first: the pattern below is then tried at one place only, whatever the rest of the file is made of.
    found = _RANGES.search(pdf) if pdf.count(_COVERS) == 1 else None
    if found is None:
        return Reason("The statement of what the seal covers has been tampered with.")
    first, begins, ends, rest = (int(one) for one in found.groups())
    if first != 0 or not begins < ends < len(pdf) or ends + rest != len(pdf):
        return Reason("The seal does not cover the whole file.")
    if ends - begins > 2 * MOST_SIGNATURE:
        return Reason("The place of the signature is larger than any of ours.")
    if not _BEFORE_THE_GAP.search(pdf, max(0, begins - 16), begins):
        return Reason("What the seal leaves uncovered is not the place of the signature.")
    return begins, ends


def _signature(gap: bytes) -> bytes | Reason:
    """Read the one signature in the gap, in capital figures, followed by zeros."""
    written = gap[1:-1]
    if gap[:1] != b"<" or gap[-1:] != b">" or len(written) % 2 or not _HEX.fullmatch(written):
        return Reason("The place of the signature does not hold one signature as we write it.")
    signature = bytes.fromhex(written.decode())
    if not any(signature):
        return Reason("The signature has been taken out of the file.")
    if len(signature) < _HEAD_OF_IT or signature[0] != _SEQUENCE or signature[1] != _TWO_BYTES:
        return Reason("The signature does not begin as ours do.")
    length = _HEAD_OF_IT + int.from_bytes(signature[2:_HEAD_OF_IT])
    if length > len(signature) or any(signature[length:]):
        return Reason("Something stands in the empty space behind the signature.")
    return signature[:length]
