"""The signature of a sealed file: one signer, a certificate of ours, and nothing in it that we do not write.

It is read by two libraries that read nothing else of the file, and checked with our own copy of the public key. What passes
was therefore sealed by us, and is no file that somebody has made to break a reader of PDF.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.certificate.checking.shape import MOST_SIGNATURE, Parts
from inspire_lms.plugins.certificate.sealing.cms import tlv
from inspire_lms.plugins.certificate.sealing.seal import above, has_issued

_SHA_256 = (bytes.fromhex("300b0609608648016503040201"), bytes.fromhex("300d06096086480165030402010500"))
"""The name of the digest as DER, without parameters and with empty ones: the only digest that we use."""
_ECDSA = (bytes.fromhex("300a06082a8648ce3d040302"),)
_RSA = tuple(
    bytes.fromhex(one) for one in ("300d06092a864886f70d0101010500", "300d06092a864886f70d01010b0500", "300b06092a864886f70d01010b")
)
_NO_CONTENT = bytes.fromhex("300b06092a864886f70d010701")
"""Data, and none of it inside: the content is the file."""
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_ATTRIBUTES = {"content_type", "message_digest", "signing_certificate_v2"}
_STAMP = "signature_time_stamp_token"
_STAMPED_WITH = {"sha256", "sha384", "sha512"}
_DEEPEST = 32
"""Levels of DER inside one another; a signature with a time stamp has about fifteen."""
_LONG, _OF_MANY_BYTES, _INSIDE = 0x80, 0x1F, 0x20
_STRANGE = Reason("The signature states something that ours never state.")
_OTHERWISE = Reason("The signature is not written as we write it.")


@dataclass(frozen=True)
class Signed:
    """A signature that a key of ours has made over what the seal covers."""

    signer: x509.Certificate
    stamped_at: datetime | None
    """When a time stamp in it says that it was there; None without one. Who stamped it is not looked at here."""


def read(file: Parts, seals: Sequence[x509.Certificate], roots: Sequence[x509.Certificate]) -> Signed | Reason:
    """Say by which of *seals* the file was sealed, or why by none. What cannot be read raises whatever the readers raise."""
    if reason := _why_not_at_a_glance(file, seals):
        return reason
    from asn1crypto import cms, tsp  # noqa: F401  # slow import (the second teaches the first what a time stamp holds)

    data = cms.ContentInfo.load(file.signature, strict=True)["content"]
    if reason := _why_not_one_signature(data):
        return reason
    info = data["signer_infos"][0]
    carried = [one.chosen for one in data["certificates"]]
    held = [one.dump() for one in carried]
    signer = _signer(info, carried, seals)
    if signer is None:
        return Reason("The file was sealed by somebody else.")
    if reason := _why_not_our_words(info, file, signer) or _why_not_our_key(info, signer) or _why_not_our_chain(signer, carried, roots):
        return reason
    stamped_at = _stamped_at(info)
    if isinstance(stamped_at, Reason):
        return stamped_at
    return Signed(signer, stamped_at) if _written_by_us(info, held) == file.signature else _OTHERWISE


def _why_not_at_a_glance(file: Parts, seals: Sequence[x509.Certificate]) -> Reason | None:
    """Look for what has to stand somewhere in the signature: nearly every changed file is refused here, and nothing was read yet."""
    der = file.signature
    if len(der) > MOST_SIGNATURE:
        return Reason("The place of the signature is larger than any of ours.")
    if not any(one.public_bytes(Encoding.DER) in der for one in seals):
        return Reason("The file was sealed by somebody else.")
    if not any(one in der for one in _SHA_256):
        return Reason("The seal uses a method that we do not use.")
    if file.covered not in der:
        return Reason("The seal was set on something else: the file was changed since, or the seal was taken from another file.")
    if not _is_plain(der):
        return _OTHERWISE
    return None


def _is_plain(der: bytes) -> bool:
    """Say whether every length is written in the one way that DER allows, and nothing lies too deep."""
    waiting = [(0, len(der), 0)]
    while waiting:
        at, end, depth = waiting.pop()
        while at < end:
            if at + 2 > end or depth > _DEEPEST or der[at] & _OF_MANY_BYTES == _OF_MANY_BYTES:
                return False
            begins, length = at + 2, der[at + 1]
            if length & _LONG:
                begins += length & ~_LONG
                written = der[at + 2 : begins]
                length = int.from_bytes(written)
                if not written or written[0] == 0 or length < _LONG:
                    return False
            if begins + length > end:
                return False
            if der[at] & _INSIDE:
                waiting.append((begins, begins + length, depth + 1))
            at = begins + length
    return True


def _written_by_us(info: Any, held: Sequence[bytes]) -> bytes:  # noqa: ANN401 (the reader has no types)
    """Write the signature once more from the parts that were looked at, so that nothing can stand between them."""
    added = info["unsigned_attrs"]
    one = (
        b"\x02\x01\x01",
        info["sid"].dump(),
        info["digest_algorithm"].dump(),
        info["signed_attrs"].dump(),
        info["signature_algorithm"].dump(),
        tlv(0x04, info["signature"].native),
        b"" if added.tag is None else added.dump(),
    )
    method = info["digest_algorithm"].dump()
    data = tlv(0x30, b"\x02\x01\x01", tlv(0x31, method), _NO_CONTENT, tlv(0xA0, *held), tlv(0x31, tlv(0x30, *one)))
    return tlv(0x30, _SIGNED_DATA, tlv(0xA0, data))


def _why_not_one_signature(data: Any) -> Reason | None:  # noqa: ANN401 (the reader has no types)
    if data["encap_content_info"].dump() != _NO_CONTENT:
        return Reason("The seal carries a content of its own instead of covering the file.")
    if len(data["signer_infos"]) != 1:
        return Reason("The seal was set by several at once; ours never are.")
    info = data["signer_infos"][0]
    named = [one.dump() for one in data["digest_algorithms"]]
    if len(named) != 1 or named[0] not in _SHA_256 or info["digest_algorithm"].dump() not in _SHA_256:
        return Reason("The seal uses a method that we do not use.")
    if (data["version"].native, info["version"].native) != ("v1", "v1") or data["crls"].tag is not None:
        return _STRANGE
    return None if info["sid"].name == "issuer_and_serial_number" else _STRANGE


def _signer(info: Any, carried: Sequence[Any], seals: Sequence[x509.Certificate]) -> x509.Certificate | None:  # noqa: ANN401
    """Find the seal that the signature names and carries, byte for byte."""
    ours = {one.public_bytes(Encoding.DER): one for one in seals}
    for one in carried:
        name = tlv(0x30, one.issuer.dump(), one["tbs_certificate"]["serial_number"].dump())
        if name == info["sid"].dump() and one.dump() in ours:
            return ours[one.dump()]
    return None


def _why_not_our_words(info: Any, file: Parts, signer: x509.Certificate) -> Reason | None:  # noqa: ANN401
    """Compare what was signed: the digest of the file, the certificate, and nothing besides."""
    stated = [(one["type"].native, one["values"]) for one in info["signed_attrs"]]
    if sorted(name for name, _values in stated) != sorted(_ATTRIBUTES) or any(len(values) != 1 for _name, values in stated):
        return _STRANGE
    values = {name: several[0] for name, several in stated}
    if values["content_type"].native != "data":
        return _STRANGE
    if values["message_digest"].native != file.covered:
        return Reason("The seal was set on something else: the file was changed since, or the seal was taken from another file.")
    named = values["signing_certificate_v2"]["certs"]
    own = hashlib.sha256(signer.public_bytes(Encoding.DER)).digest()
    if len(named) != 1 or named[0]["hash_algorithm"]["algorithm"].native != "sha256" or named[0]["cert_hash"].native != own:
        return Reason("The seal names another certificate than the one that it carries.")
    return None


def _why_not_our_key(info: Any, signer: x509.Certificate) -> Reason | None:  # noqa: ANN401
    """Check the signature itself with the public key that we have, not with the one in the file."""
    method, made = info["signature_algorithm"].dump(), info["signature"].native
    # What is signed is the set of attributes under its own tag, not under the one that its place in the signature gives it.
    stated = b"\x31" + info["signed_attrs"].dump()[1:]
    key = signer.public_key()
    try:
        if isinstance(key, EllipticCurvePublicKey) and method in _ECDSA:
            key.verify(made, stated, ECDSA(hashes.SHA256()))
        elif isinstance(key, RSAPublicKey) and method in _RSA:
            key.verify(made, stated, padding.PKCS1v15(), hashes.SHA256())
        else:
            return Reason("The seal uses a method that we do not use.")
    except InvalidSignature:
        return Reason("The seal names our certificate, and was not made with its key.")
    return None


def _why_not_our_chain(signer: x509.Certificate, carried: Sequence[Any], roots: Sequence[x509.Certificate]) -> Reason | None:
    """Let the signature carry the certificates from the signer up to a root of ours, and no others: they are not signed themselves."""
    here = [x509.load_der_x509_certificate(one.dump()) for one in carried]
    chain = (signer, *above(signer, here))
    if set(here) != set(chain) or not any(root == chain[-1] or has_issued(root, chain[-1]) for root in roots):
        return Reason("The seal does not rest on our authority.")
    if len(chain) != len(here):
        return _STRANGE
    return None if all(_written_as_issued(one) for one in carried) else _OTHERWISE


def _written_as_issued(certificate: Any) -> bool:  # noqa: ANN401
    """Say whether a certificate is written in the one way there is: readers forgive it when it calls noughts at its end unused."""
    stated = certificate["tbs_certificate"]
    written = tlv(0x30, stated.dump(), stated["signature"].dump(), tlv(0x03, b"\x00", certificate["signature_value"].native))
    return bool(written == certificate.dump())


def _stamped_at(info: Any) -> datetime | Reason | None:  # noqa: ANN401
    """Give the moment of the time stamp, the only thing that may be added to a signature after it was made."""
    added = info["unsigned_attrs"]
    if not added.contents:
        return None if added.tag is None else _STRANGE
    if len(added) != 1 or added[0]["type"].native != _STAMP or len(added[0]["values"]) != 1:
        return Reason("Something was added to the signature after it was made.")
    stamp = added[0]["values"][0]["content"]["encap_content_info"]["content"].parsed
    method = stamp["message_imprint"]["hash_algorithm"]["algorithm"].native
    digest = hashlib.new(method, info["signature"].native).digest() if method in _STAMPED_WITH else b""
    if stamp["message_imprint"]["hashed_message"].native != digest:
        return Reason("The time stamp in the seal belongs to another seal.")
    moment: datetime = stamp["gen_time"].native
    return moment
