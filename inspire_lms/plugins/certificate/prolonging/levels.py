"""Longer-lived forms of a sealed file (PAdES baseline, ETSI EN 319 142-1): with a time stamp, and kept for the archive.

B-B can be checked as long as the seal's certificate lasts, B-T as long as that of the time stamp, and B-LTA as long as its
time stamps are renewed. Each form begins with the bytes of the one before, or differs from it only inside the gap that was
kept free for the signature: nothing that anybody reads is ever written again.
"""

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from cryptography import x509

from inspire_lms.kernel import clock
from inspire_lms.plugins.certificate.sealing.library import faithful, outside_a_loop
from inspire_lms.plugins.certificate.sealing.seal import TimeStampError
from inspire_lms.plugins.certificate.sealing.time import LONGEST, Stamper, ends_at, root_in, theirs

FIELD = "Stamp{number}"
"""The fields of the later time stamps."""
RESERVED = 2 * LONGEST
"""Hexadecimal characters kept free for a later time stamp."""
_RANGES = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
_GAP = re.compile(rb"<([0-9A-Fa-f]*)>")


class NotProlongedError(Exception):
    """A file cannot be given a longer-lived form, and why; the file as it is stays what it was."""


def with_time_stamp(pdf: bytes, stamper: Stamper) -> bytes:
    """Give a sealed file of one revision (B-B) with a time stamp on its signature (B-T): only the gap of the signature changes.

    Raises TimeStampError when no time stamp is to be had, NotProlongedError when the gap is too small, there is a time stamp
    already, or the seal's certificate has ended: then a time stamp would say nothing any more.
    """
    from asn1crypto import cms  # slow import

    begins, ends = _gap_in(pdf)
    held = _GAP.fullmatch(pdf[begins:ends])
    if held is None:
        msg = "The place of the signature holds something else."
        raise NotProlongedError(msg)
    signature = cms.ContentInfo.load(bytes.fromhex(held[1].decode()), strict=False)
    (signer,) = signature["content"]["signer_infos"]
    if signer["unsigned_attrs"].native:
        msg = "The signature has a time stamp already."
        raise NotProlongedError(msg)
    if clock.now() >= _sealed_until(signature):
        msg = "The seal's certificate has ended: a time stamp of today would not show that the file was sealed before."
        raise NotProlongedError(msg)
    token = cms.ContentInfo.load(stamper.token_for(signer["signature"].native))
    signer["unsigned_attrs"] = cms.CMSAttributes([cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})])
    written = signature.dump().hex().upper().encode()
    room = ends - begins - 2
    if len(written) > room:
        msg = f"The time stamp needs {len(written)} characters with the signature, and {room} are kept free."
        raise NotProlongedError(msg)
    return b"".join((pdf[: begins + 1], written.ljust(room, b"0"), pdf[ends - 1 :]))


def with_archive(pdf: bytes, roots: Sequence[x509.Certificate], stamper: Stamper) -> bytes:
    """Give a file with a time stamp (B-T, B-LTA) with what is needed to check it later, and a time stamp over all that (B-LTA).

    Both are added in one later revision; what was there stays byte for byte. *roots* are those of our seals. Answers about
    revocation are fetched from where the certificates say; one that names no such place needs none. Raises TimeStampError when
    no time stamp is to be had, NotProlongedError when a certificate was revoked, cannot be checked, or has ended.
    """
    made = outside_a_loop(lambda: asyncio.run(_with_archive(pdf, roots, stamper)))
    if not made.startswith(pdf):
        msg = "What was there before was not kept."
        raise NotProlongedError(msg)
    return made


def last_stamp_ends_at(pdf: bytes) -> datetime | None:
    """Say until when the last time stamp of a file can be checked; None when it has none."""
    tokens = _tokens_in(pdf)
    return ends_at(tokens[-1]) if tokens else None


async def _with_archive(pdf: bytes, roots: Sequence[x509.Certificate], stamper: Stamper) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # slow import
    from pyhanko.pdf_utils.reader import PdfFileReader  # slow import
    from pyhanko.sign.fields import InvisSigSettings  # slow import
    from pyhanko.sign.signers.pdf_signer import PdfTimeStamper  # slow import
    from pyhanko.sign.validation.dss import DocumentSecurityStore, collect_validation_info  # slow import
    from pyhanko_certvalidator import ValidationContext  # slow import
    from pyhanko_certvalidator.errors import PathError, ValidationError  # slow import

    tokens = _tokens_in(pdf)
    if not tokens:
        msg = "The file has no time stamp yet."
        raise NotProlongedError(msg)
    trusted = [*roots, *(stamper.roots or (root_in(token) for token in tokens))]
    # Hard: where a certificate says who answers about revocation, the answer has to be there, or it cannot be kept.
    context = ValidationContext(trust_roots=[theirs(one) for one in trusted], allow_fetching=True, revocation_mode="hard-fail")
    try:
        reader = PdfFileReader(BytesIO(pdf))
        paths = await collect_validation_info(reader.embedded_signatures[-1], context)
        writer = faithful(IncrementalPdfFileWriter(BytesIO(pdf)))
        DocumentSecurityStore.supply_dss_in_writer(writer, None, paths=paths, validation_context=context)
        # A field out of the page's bounds, because PDF/UA wants one that lies on a page to be tagged.
        number, unseen = len(reader.embedded_timestamp_signatures) + 1, InvisSigSettings(box_out_of_bounds=True)
        adding = PdfTimeStamper(_bridge_class()(stamper), FIELD.format(number=number), unseen, f"Time stamp {number}")
        return bytes((await adding.async_timestamp_pdf(writer, "sha256", bytes_reserved=RESERVED)).getvalue())
    except (PathError, ValidationError) as error:
        msg = f"A certificate of the seal or of its time stamp cannot be checked: {error}"
        raise NotProlongedError(msg) from error
    finally:
        await context.aclose()


def _gap_in(pdf: bytes) -> tuple[int, int]:
    """Give where the gap of the only signature begins and ends."""
    found = _RANGES.findall(pdf)
    if len(found) != 1:
        msg = "The file does not have exactly one signature."
        raise NotProlongedError(msg)
    begins, ends, rest = (int(one) for one in found[0])
    if not begins < ends or ends + rest != len(pdf):
        msg = "The signature does not cover the file."
        raise NotProlongedError(msg)
    return begins, ends


def _sealed_until(signature: Any) -> datetime:  # noqa: ANN401 (types of the slow import)
    from pyhanko.sign.general import extract_certificate_info  # slow import

    ends: datetime = extract_certificate_info(signature["content"]).signer_cert.not_valid_after
    return ends


def _tokens_in(pdf: bytes) -> list[bytes]:
    """Give the time stamps of a file in DER, the one on the seal's signature first, then those over the whole file."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # slow import

    reader = PdfFileReader(BytesIO(pdf))
    tokens = [
        value.dump()
        for each in reader.embedded_regular_signatures
        for attribute in each.signer_info["unsigned_attrs"]
        if attribute["type"].native == "signature_time_stamp_token"
        for value in attribute["values"]
    ]
    return tokens + [_bare(each.pkcs7_content) for each in reader.embedded_timestamp_signatures]


def _bare(padded: bytes) -> bytes:
    """Give a signature without the zeros behind it."""
    from asn1crypto import cms  # slow import

    return bytes(cms.ContentInfo.load(padded, strict=False).dump())


@lru_cache(maxsize=1)
def _bridge_class() -> Any:  # noqa: ANN401
    """Make the bridge between pyHanko and our server of time stamps, so that there is one way to ask and to doubt."""
    from asn1crypto import cms  # slow import
    from pyhanko.sign.timestamps import TimeStamper  # slow import

    class Bridge(TimeStamper):
        """A server of time stamps as the library knows it."""

        def __init__(self, stamper: Stamper) -> None:
            super().__init__()  # type: ignore[no-untyped-call]  # theirs
            self.stamper = stamper

        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:  # noqa: ANN401
            if md_algorithm != "sha256":
                msg = f"Time stamps are asked for with SHA-256, not {md_algorithm}."
                raise TimeStampError(msg)
            return cms.ContentInfo.load(self.stamper.token_of(message_digest))

    return Bridge
