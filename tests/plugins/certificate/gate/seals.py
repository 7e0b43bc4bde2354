"""What other people's checkers say about a seal: poppler, OpenSSL, MuPDF, pyHanko; and qpdf about the file that it is in."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from asn1crypto import cms
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.judges.programs import lying, said, told

RANGES = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


@dataclass(frozen=True)
class Trust:
    """One root that is trusted, and nobody else."""

    root: x509.Certificate
    file: Path
    """The root for OpenSSL."""
    store: Path
    """The root for poppler: a folder with a database of NSS."""


class Seen(NamedTuple):
    """What a checker says about all the seals of a file."""

    seals: int
    is_valid: bool
    is_trusted: bool
    is_whole: bool
    """Whether it covers the file to its last byte."""


GOOD = Seen(seals=1, is_valid=True, is_trusted=True, is_whole=True)


def trusting(root: x509.Certificate, folder: Path) -> Trust:
    """Make what the checkers need to trust *root*, in *folder*."""
    trust = Trust(root, folder / "root.pem", folder / "nss")
    trust.store.mkdir(parents=True)
    trust.file.write_bytes(root.public_bytes(Encoding.PEM))
    told("certutil", "-N", "-d", f"sql:{trust.store}", "--empty-password")
    told("certutil", "-A", "-d", f"sql:{trust.store}", "-n", "root", "-t", "CT,C,C", "-i", trust.file)
    return trust


def poppler(pdf: bytes, trust: Trust) -> Seen:
    """Ask pdfsig. It must not be told to leave OCSP out: for a good chain without an address to ask it would then find an unknown issue."""
    with lying(pdf) as (path,):
        text = said("pdfsig", "-nssdir", trust.store, path).text
    each = text.split("Signature #")[1:]
    return Seen(
        len(each),
        *(
            bool(each) and all(words in one for one in each)
            for words in ("Signature is Valid.", "Certificate is Trusted.", "Total document signed")
        ),
    )


def pyhanko(pdf: bytes, trust: Trust) -> Seen:
    """Ask pyHanko, without the network. Valid is its bottom line but for trust; whole is the coverage of the entire file."""
    # It starts an event loop of its own, which a thread that has driven a browser already runs.
    with ThreadPoolExecutor(max_workers=1) as beside:
        return beside.submit(_validated, pdf, asn1.Certificate.load(trust.root.public_bytes(Encoding.DER))).result()


def _validated(pdf: bytes, root: asn1.Certificate) -> Seen:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    each = [
        validate_pdf_signature(one, ValidationContext(trust_roots=[root], allow_fetching=False))
        for one in PdfFileReader(BytesIO(pdf)).embedded_signatures
    ]
    return Seen(
        len(each),
        bool(each) and all(one.intact and one.valid and (one.bottom_line or not one.trusted) for one in each),
        bool(each) and all(one.trusted for one in each),
        bool(each) and all(one.coverage is SignatureCoverageLevel.ENTIRE_FILE for one in each),
    )


def openssl(pdf: bytes, trust: Trust) -> str:
    """Ask OpenSSL about the signature taken out of the file, as CAdES, over the bytes that the file says it covers; empty when it has nothing against it."""
    if len(RANGES.findall(pdf)) != 1:
        return "There is not exactly one seal."
    signature, covered = taken_out(pdf)
    with lying(signature, covered) as (sealed, content):
        ended = said(
            *("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", sealed, "-content", content),
            *("-CAfile", trust.file, "-purpose", "any", "-out", "/dev/null"),
        )
    return "" if ended.code == 0 and "CAdES Verification successful" in ended.text else ended.text


def taken_out(pdf: bytes) -> tuple[bytes, bytes]:
    """Give the signature as it lies in the file, without the noughts behind it, and the bytes that it says it covers."""
    start, length, second, rest = (int(number) for number in RANGES.search(pdf).groups())
    padded = bytes.fromhex(pdf[start + length + 1 : second - 1].decode())
    # DER says how long it is: one byte of kind, one byte that says how many bytes of length follow.
    size = padded[1] & 0x7F
    return padded[: 2 + size + int.from_bytes(padded[2 : 2 + size])], pdf[start : start + length] + pdf[second : second + rest]


def algorithm(pdf: bytes) -> str:
    """Say how a file is sealed, by its signature: ES256 or RS256."""
    (signer,) = cms.ContentInfo.load(taken_out(pdf)[0])["content"]["signer_infos"]
    return {"ecdsa": "ES256", "rsassa_pkcs1v15": "RS256"}[signer["signature_algorithm"].signature_algo]


def mupdf(pdf: bytes) -> str:
    """Ask mutool; empty when it finds one seal and the file unchanged since. It has a list of its own of whom to trust, so trust is not its matter."""
    with lying(pdf) as (path,):
        text = said("mutool", "sign", "-v", path).text
    return "" if text.count("Verifying signature") == 1 and "The document is unchanged since signing." in text else text


def qpdf(pdf: bytes) -> str:
    """Ask qpdf about the syntax of the file; empty when it has nothing against it."""
    with lying(pdf) as (path,):
        ended = said("qpdf", "--check", path)
    return "" if ended.code == 0 else ended.text
