"""The signature of a seal as PDF holds it: CMS SignedData of CAdES baseline B (ETSI EN 319 122-1; RFC 5652, RFC 5035).

Of such a signature all but the digest of the document and the signed value is the same every time. So it is written once
for a seal, and each document fills in its two values. There is no signing time among the signed attributes: PAdES keeps
it in the PDF (ETSI EN 319 142-1, 6.3).
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives.serialization import Encoding

from inspire_lms.plugins.certificate.sealing.seal import Seal

SET_OF, CONSTRUCTED_0, CONSTRUCTED_1, SEQUENCE, OCTETS = 0x31, 0xA0, 0xA1, 0x30, 0x04
TOKEN_BYTES = 7168
"""Room for the time stamp of a third party with its certificates."""
MOST_SIGNATURE = {"ES256": 72, "RS256": 512}
"""The longest signed value in bytes: DER of two numbers of 32 bytes, or RSA of up to 4096 bits."""


@dataclass(frozen=True)
class Envelope:
    """The constant parts of a seal's signatures, in DER."""

    head: bytes
    """Version, digest algorithm, kind of content, certificates."""
    signer: bytes
    """Version, issuer and serial number, digest algorithm."""
    content_type: bytes
    certificate_id: bytes
    digest_type: bytes
    algorithm: bytes
    signed_data: bytes
    token_type: bytes
    longest: int

    def attributes(self, digest: bytes) -> bytes:
        """Give the signed attributes for a document with that SHA-256, without their tag."""
        own = tlv(SEQUENCE, self.digest_type, tlv(SET_OF, tlv(OCTETS, digest)))
        return b"".join(sorted((self.content_type, self.certificate_id, own)))

    def to_sign(self, digest: bytes) -> bytes:
        """Give what the seal signs for a document with that SHA-256."""
        return tlv(SET_OF, self.attributes(digest))

    def closed(self, digest: bytes, signature: bytes, token: bytes = b"") -> bytes:
        """Put the whole together; *token* is the time stamp of a third party on *signature*, empty for none."""
        stamp = tlv(CONSTRUCTED_1, tlv(SEQUENCE, self.token_type, tlv(SET_OF, token))) if token else b""
        signer = tlv(SEQUENCE, self.signer, tlv(CONSTRUCTED_0, self.attributes(digest)), self.algorithm, tlv(OCTETS, signature), stamp)
        return tlv(SEQUENCE, self.signed_data, tlv(CONSTRUCTED_0, tlv(SEQUENCE, self.head, tlv(SET_OF, signer))))

    def room(self, *, stamped: bool) -> int:
        """Say how many hexadecimal figures a signature may take, with a time stamp or without."""
        longest = len(self.closed(bytes(32), bytes(self.longest)))
        return 2 * (longest + (TOKEN_BYTES if stamped else 0))


def tlv(tag: int, *contents: bytes) -> bytes:
    """Write a value with its tag and length in DER."""
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:  # noqa: PLR2004 (lengths below 128 stand in one byte)
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def envelope_of(seal: Seal) -> Envelope:
    """Give the envelope of a seal; it is written once."""
    chain = (seal.certificate, *seal.chain)
    return _envelope(tuple(one.public_bytes(Encoding.DER) for one in chain), seal.algorithm)


@lru_cache(maxsize=8)
def _envelope(chain: tuple[bytes, ...], algorithm: str) -> Envelope:
    from asn1crypto import algos, cms, tsp, x509  # slow import

    own = x509.Certificate.load(chain[0])
    digests = algos.DigestAlgorithm({"algorithm": "sha256"}).dump()
    named = cms.IssuerAndSerialNumber({"issuer": own.issuer, "serial_number": own.serial_number}).dump()
    signs = "sha256_ecdsa" if algorithm == "ES256" else "sha256_rsa"
    # The authority at the root is left out: whoever checks has to have it already.
    carried = chain[0] + b"".join(one for one in chain[1:] if _is_not_root(x509.Certificate.load(one)))
    certificate_id = tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(chain[0]).digest()})]})
    return Envelope(
        head=b"".join(
            (
                cms.CMSVersion("v1").dump(),
                tlv(SET_OF, digests),
                tlv(SEQUENCE, cms.ContentType("data").dump()),
                tlv(CONSTRUCTED_0, carried),
            )
        ),
        signer=cms.CMSVersion("v1").dump() + named + digests,
        content_type=cms.CMSAttribute({"type": "content_type", "values": ["data"]}).dump(),
        certificate_id=cms.CMSAttribute({"type": "signing_certificate_v2", "values": [certificate_id]}).dump(),
        digest_type=cms.CMSAttributeType("message_digest").dump(),
        algorithm=cms.SignedDigestAlgorithm({"algorithm": signs}).dump(),
        signed_data=cms.ContentType("signed_data").dump(),
        token_type=cms.CMSAttributeType("signature_time_stamp_token").dump(),
        longest=MOST_SIGNATURE[algorithm],
    )


def _is_not_root(certificate: object) -> bool:
    return getattr(certificate, "self_signed", "no") == "no"
