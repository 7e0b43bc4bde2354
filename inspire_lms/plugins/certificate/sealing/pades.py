"""Sealing a PDF: PAdES baseline B, certified against every change, in the first and only revision."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from inspire_lms.plugins.certificate.drawing.record import Record
from inspire_lms.plugins.certificate.layout import Layout
from inspire_lms.plugins.certificate.rules import Level
from inspire_lms.plugins.certificate.sealing.cms import envelope_of
from inspire_lms.plugins.certificate.sealing.library import sealed_by_library
from inspire_lms.plugins.certificate.sealing.seal import Seal, TimeStampError
from inspire_lms.plugins.certificate.writing.compiled import Form
from inspire_lms.plugins.certificate.writing.filled import unsealed, whole

RANGES = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")

SPARE = 3000
"""Hexadecimal figures more for the library's signatures, which carry the root too."""


@dataclass(frozen=True)
class Document:
    """What is to be made into a sealed file."""

    layout: Layout
    record: Record
    credential: str
    """The digital credential that is attached; empty for none."""


@dataclass(frozen=True)
class Sealed:
    """A sealed file and how long its seal can be checked."""

    pdf: bytes
    digest: str
    """SHA-256, in hexadecimal."""
    level: Level


def sealed(
    documents: Sequence[Document], seal: Seal, *, at: datetime, engine: str = "fast", stamp: Callable[[bytes], bytes] | None = None
) -> list[Sealed]:
    """Make sealed files of *documents*, in one errand to the seal.

    A seal is invisible, what is to be said about it stands on the pages; it is a certification that permits no change, in the
    first and only revision, so that whoever checks may refuse any file with a second one. *stamp* gives a third party's time
    stamp for a signed value; without an answer the file is made without it. The engine "pyhanko" draws the same pages and
    leaves the sealing to that library: slower by far, the reference, and what is left if our own writing were ever in doubt.
    """
    envelope = envelope_of(seal)
    room = envelope.room(stamped=stamp is not None)
    if engine == "pyhanko":
        # Its time stamps come afterwards, as those do that were not to be had at once.
        files = [sealed_by_library(_open(one, at), seal, room=room + SPARE) for one in documents]
        return [Sealed(pdf, hashlib.sha256(pdf).hexdigest(), Level.B_B) for pdf in files]
    drawn = [unsealed(one.layout, one.record, credential=one.credential, at=at, room=room) for one in documents]
    values = seal.sign_many([envelope.to_sign(one.digest) for one in drawn])
    made = []
    for one, value in zip(drawn, values, strict=True):
        token = _token(stamp, value)
        made.append(Sealed(*one.sealed(envelope.closed(one.digest, value, token)), Level.B_T if token else Level.B_B))
    return made


def _token(stamp: Callable[[bytes], bytes] | None, value: bytes) -> bytes:
    """Give the time stamp on *value*; none when it is not to be had: an outage costs a level and never a certificate."""
    if stamp is None:
        return b""
    try:
        return stamp(value)
    except TimeStampError:
        return b""


def _open(document: Document, at: datetime) -> bytes:
    return whole(document.layout, document.record, credential=document.credential, at=at, form=Form.OPEN)


def covered_digest(pdf: bytes) -> str:
    """Give the SHA-256 of what the seal covers: everything but the signature itself. Empty when there is no seal."""
    found = RANGES.findall(pdf)
    if len(found) != 1:
        return ""
    start, length, second, rest = (int(one) for one in found[0])
    return hashlib.sha256(pdf[start : start + length] + pdf[second : second + rest]).hexdigest()
