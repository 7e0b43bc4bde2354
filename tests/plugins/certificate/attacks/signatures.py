"""Signatures of every kind over a file: those that we write, and those that only look alike.

Each function takes a sealed file and gives it with another signature in the same place; what the seal covers stays as it was.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.serialization import Encoding

from inspire_lms.plugins.certificate.sealing.seal import KeySeal
from tests.plugins.certificate.attacks.samples import gap, ranges, with_gap

HASHES = {"sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha512": hashes.SHA512}


def resealed(pdf: bytes, make: Callable[[bytes], bytes]) -> bytes:
    """Put the signature that *make* gives for the digest of what is covered into its place."""
    return in_place(pdf, make(hashlib.sha256(covered(pdf)).digest()))


def covered(pdf: bytes) -> bytes:
    """Give what the seal covers."""
    _first, begins, ends, _rest = ranges(pdf)
    return pdf[:begins] + pdf[ends:]


def in_place(pdf: bytes, signature: bytes) -> bytes:
    """Write a signature as we write it."""
    return with_gap(pdf, b"<" + signature.hex().upper().encode().ljust(len(gap(pdf)) - 2, b"0") + b">")


def signature_of(pdf: bytes) -> bytes:
    """Give the signature in a file, without what stands behind it."""
    signature = bytes.fromhex(gap(pdf)[1:-1].decode())
    return signature[: 4 + int.from_bytes(signature[2:4])]


def signed(
    digest: bytes,
    seal: KeySeal,
    *,
    names: x509.Certificate | None = None,
    means: x509.Certificate | None = None,
    holds: Sequence[x509.Certificate] | None = None,
    method: str = "sha256",
    without: Sequence[str] = (),
    more: Sequence[tuple[str, Any]] = (),
    content: bytes | None = None,
    signers: int = 1,
    version: str = "v1",
    stamp: Callable[[bytes], Any] | None = None,
    added: Sequence[tuple[str, Any]] = (),
) -> bytes:
    """Make a signature by the key of *seal*, as ours are unless something else is said.

    *names* is the certificate that it says it was made with, *means* the one of its signed attribute, *holds* those that lie in it.
    """
    names = names or seal.certificate
    stated = [(kind, value) for kind, value in _attributes(digest, means or names) if kind not in without]
    info = _info(seal, names, [*stated, *more], method)
    extra = [*added, *([("signature_time_stamp_token", stamp(info["signature"]))] if stamp else [])]
    if extra:
        info["unsigned_attrs"] = [cms.CMSAttribute({"type": kind, "values": [value]}) for kind, value in extra]
    inside = {"content_type": "data"} | ({"content": content} if content is not None else {})
    return _wrapped(info, holds if holds is not None else (seal.certificate, *seal.chain), method, inside, signers, version).dump()


def _attributes(digest: bytes, means: x509.Certificate) -> list[tuple[str, Any]]:
    named = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(means.public_bytes(Encoding.DER)).digest()})
    return [
        ("content_type", "data"),
        ("message_digest", digest),
        ("signing_certificate_v2", tsp.SigningCertificateV2({"certs": [named]})),
    ]


def _info(seal: KeySeal, names: x509.Certificate, stated: Sequence[tuple[str, Any]], method: str = "sha256") -> dict[str, Any]:
    attributes = cms.CMSAttributes([cms.CMSAttribute({"type": kind, "values": [value]}) for kind, value in stated])
    return {
        "version": "v1",
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": {"issuer": _read(names).issuer, "serial_number": names.serial_number}}),
        "digest_algorithm": {"algorithm": method},
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": f"{method}_ecdsa"},
        "signature": seal.key.sign(attributes.dump(), ECDSA(HASHES[method]())),
    }


def _wrapped(
    info: dict[str, Any], holds: Sequence[x509.Certificate], method: str, inside: dict[str, Any], signers: int = 1, version: str = "v1"
) -> cms.ContentInfo:
    data = {
        "version": version,
        "digest_algorithms": [algos.DigestAlgorithm({"algorithm": method})],
        "encap_content_info": inside,
        "certificates": [cms.CertificateChoices({"certificate": _read(one)}) for one in holds],
        "signer_infos": [cms.SignerInfo(info) for _ in range(signers)],
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)})


def _read(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))


def stamped_by(seal: KeySeal, at: datetime, *, over: bytes | None = None) -> Callable[[bytes], Any]:
    """Give what makes a time stamp of *at*, as a service would; *over* is what it stamps instead of the signature."""

    def stamp(made: bytes) -> cms.ContentInfo:
        imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": hashlib.sha256(over or made).digest()}
        told = tsp.TSTInfo(
            {"version": "v1", "policy": "1.3.6.1.4.1.4146.2.2", "message_imprint": imprint, "serial_number": 7, "gen_time": at}
        )
        stated = dict(_attributes(hashlib.sha256(told.dump()).digest(), seal.certificate)) | {"content_type": "tst_info"}
        inside = {"content_type": "tst_info", "content": cms.ParsableOctetString(told.dump())}
        return _wrapped(_info(seal, seal.certificate, list(stated.items())), [seal.certificate], "sha256", inside, version="v3")

    return stamp


def a_strange_attribute() -> tuple[str, Any]:
    """Give an attribute that we never state."""
    return "signing_time", cms.Time({"utc_time": core.UTCTime(datetime.fromisoformat("2027-01-01T00:00:00+00:00"))})


def nested(seal: KeySeal, digest: bytes, depth: int) -> bytes:
    """Give what has all that a glance looks for, and then values inside one another, as deep as wanted."""
    deep = b""
    for _ in range(depth):
        deep = b"\x30" + _length(len(deep)) + deep
    known = seal.certificate.public_bytes(Encoding.DER) + bytes.fromhex("300b0609608648016503040201") + b"\x04\x20" + digest
    inside = known + deep
    return b"\x30\x82" + len(inside).to_bytes(2) + inside


def _length(number: int) -> bytes:
    if number < 0x80:
        return bytes([number])
    written = number.to_bytes((number.bit_length() + 7) // 8)
    return bytes([0x80 | len(written)]) + written
