"""The sealing by pyHanko: the reference for our own, and what is left if that were ever in doubt.

It draws the same pages and leaves putting the file together, its cross-references and the signature to the library.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from io import BytesIO
from typing import Any, TypeVar

from cryptography.hazmat.primitives.serialization import Encoding

from inspire_lms.plugins.certificate.drawing.page import FIELD
from inspire_lms.plugins.certificate.sealing.seal import Seal

T = TypeVar("T")


def sealed_by_library(pdf: bytes, seal: Seal, *, room: int) -> bytes:
    """Give *pdf*, which has an empty field for the seal, with the seal in it, in one revision; *room* figures are kept for it."""
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
    writer = faithful(copy_into_new_writer(PdfFileReader(BytesIO(pdf))))
    # The library would write PDF 2.0, which is no PDF/A-3.
    writer.output_version = (1, 7)
    bridge, certifier = _classes()
    signer = certifier(about, bridge(seal))
    return bytes(outside_a_loop(lambda: signer.sign_pdf(writer, bytes_reserved=room)).getvalue())


def faithful(writer: Any) -> Any:  # noqa: ANN401 (theirs)
    """Have a writer of pyHanko leave what the document says of itself as it is, and end each stream where every reader finds the end.

    By itself it renews date and producer in the metadata (XMP): the document would state other things about itself than the one
    that was sealed, and whoever checks could not tell that from a forgery. And it writes a stream as it comes: one in 256 ends in a
    carriage return, which some readers take for half of the end of the line, and then the length for a wrong one (ISO 19005-3,
    6.1.7.1). Such a stream is written in hexadecimal, which ends in ">", and the cross-references unpacked, which end in a zero.
    """
    from pyhanko.pdf_utils.generic import StreamObject  # slow import

    add, fill = writer.add_object, writer._populate_trailer  # noqa: SLF001

    def added(found: Any, *where: Any, **named: Any) -> Any:  # noqa: ANN401
        if isinstance(found, StreamObject) and found.encoded_data.endswith(b"\r"):
            found.apply_filter("/ASCIIHexDecode")
        return add(found, *where, **named)

    def filled(trailer: Any) -> None:  # noqa: ANN401
        fill(trailer)
        trailer.pop("/Filter", None)

    writer.add_object, writer._populate_trailer, writer._update_meta = added, filled, lambda: None  # noqa: SLF001
    return writer


def outside_a_loop(call: Callable[[], T]) -> T:
    """Give what *call* gives. The library starts an event loop of its own, which a thread that runs one already cannot do."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return call()
    with ThreadPoolExecutor(max_workers=1) as beside:
        return beside.submit(call).result()


@lru_cache(maxsize=1)
def _classes() -> Any:  # noqa: ANN401 (the library is loaded on the first use, and so are the types)
    """Make the bridge between pyHanko and our seam, which asks the seal for raw signatures, and its signer."""
    from asn1crypto import x509 as asn1  # slow import
    from pyhanko.sign.signers import PdfSigner  # slow import
    from pyhanko.sign.signers.constants import ESIC_EXTENSION_1  # slow import
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

    class Certifier(PdfSigner):
        """A signer of files that claims the extension of PAdES alone: the one for elliptic curves needs PDF 2.0."""

        def register_extensions(self, pdf_out: Any, *, md_algorithm: str) -> None:  # noqa: ANN401 (theirs)
            pdf_out.register_extension(ESIC_EXTENSION_1)

    return Bridge, Certifier
