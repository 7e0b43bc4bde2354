"""Sealing a PDF: PAdES baseline B, certified against every change, in the first and only revision."""

import asyncio
import hashlib
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from io import BytesIO
from typing import Any, TypeVar

from cryptography.hazmat.primitives.serialization import Encoding

from inspire_lms.plugins.certificate.sealing.seal import Seal

T = TypeVar("T")
FIELD = "Seal"
RESERVED = 8192
"""Hexadecimal characters kept free for the signature; with two certificates above it needs about 5,000."""
RANGES = re.compile(rb"/ByteRange\s*\[\s*(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s*\]")


def sealed(pdf: bytes, seal: Seal) -> bytes:
    """Give *pdf* with the seal in it.

    The seal is invisible, what is to be said about it stands on the pages; it is a certification that permits no change. The
    file is written anew and sealed in one revision, so that whoever checks may refuse any file with a second one.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader  # slow import
    from pyhanko.pdf_utils.writer import copy_into_new_writer  # slow import
    from pyhanko.sign import fields, signers  # slow import

    about = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    writer = copy_into_new_writer(PdfFileReader(BytesIO(pdf)))
    signer = signers.PdfSigner(about, _signer_class()(seal))
    return bytes(outside_a_loop(lambda: signer.sign_pdf(writer, bytes_reserved=RESERVED)).getvalue())


def outside_a_loop(call: Callable[[], T]) -> T:
    """Give what *call* gives. The library starts an event loop of its own, which a thread that runs one already cannot do."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return call()
    with ThreadPoolExecutor(max_workers=1) as beside:
        return beside.submit(call).result()


def covered_digest(pdf: bytes) -> str:
    """Give the SHA-256 of what the seal covers: everything but the signature itself. Empty when there is no seal."""
    found = RANGES.findall(pdf)
    if len(found) != 1:
        return ""
    start, length, second, rest = (int(one) for one in found[0])
    return hashlib.sha256(pdf[start : start + length] + pdf[second : second + rest]).hexdigest()


@lru_cache(maxsize=1)
def _signer_class() -> Any:  # noqa: ANN401 (the library is loaded on the first use, and so is the type)
    """Make the bridge between pyHanko and our seam: it asks the seal for raw signatures, wherever the key lies."""
    from asn1crypto import x509 as asn1  # slow import
    from pyhanko.sign.signers.pdf_cms import Signer  # slow import
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # slow import

    class Bridge(Signer):
        """A signer of pyHanko's whose signatures come from a Seal."""

        def __init__(self, seal: Seal) -> None:
            store = SimpleCertificateStore()
            store.register_multiple(asn1.Certificate.load(one.public_bytes(Encoding.DER)) for one in seal.chain)
            super().__init__(signing_cert=asn1.Certificate.load(seal.certificate.public_bytes(Encoding.DER)), cert_registry=store)
            self.seal = seal

        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002 (theirs)
            return self.seal.sign_many([data])[0]

    return Bridge
