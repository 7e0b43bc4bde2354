"""The seam: what a seal has to give, wherever its key lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from inspire_lms.kernel.errors import Reason, When

DEMO, OWN = "demo", "own"
SPARE = timedelta(days=30)
"""An own seal whose certificate ends sooner decides about nothing more, so that every file of a batch can still be sealed."""


Algorithm = Literal["ES256", "RS256"]


@dataclass(frozen=True)
class Health:
    """Whether a seal can seal."""

    begins_at: datetime
    ends_at: datetime
    at: datetime
    trouble: str = ""
    """What is wrong besides the dates: the key is not to be had, the certificate is revoked. Empty when nothing is."""


class TimeStampError(Exception):
    """A time stamp was not to be had, or was not what was asked for."""


class Seal(Protocol):
    """A seal of a legal person. A card, a remote service or a file may stand behind it."""

    @property
    def kind(self) -> str:
        """Say which honest sentence belongs to it: demo or own."""

    @property
    def certificate(self) -> x509.Certificate:
        """Give the certificate of the sealing key."""

    @property
    def chain(self) -> Sequence[x509.Certificate]:
        """Give the certificates above it; the root stands last."""

    @property
    def algorithm(self) -> Algorithm:
        """Say how it signs: ES256 is ECDSA over P-256, RS256 is RSA with PKCS #1 v1.5; both with SHA-256."""

    def sign_many(self, contents: Sequence[bytes]) -> Sequence[bytes]:
        """Sign each of *contents*; one errand for all of them, where the key lies far away."""

    def health(self, *, at: datetime) -> Health:
        """Say whether it can seal at *at*."""


@dataclass(frozen=True)
class KeySeal:
    """A seal whose key is in the memory of this process."""

    kind: str
    key: EllipticCurvePrivateKey | RSAPrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def algorithm(self) -> Algorithm:
        """Say how it signs."""
        return "ES256" if isinstance(self.key, EllipticCurvePrivateKey) else "RS256"

    def sign_many(self, contents: Sequence[bytes]) -> list[bytes]:
        """Sign each of *contents*."""
        if isinstance(self.key, EllipticCurvePrivateKey):
            return [self.key.sign(content, ECDSA(hashes.SHA256())) for content in contents]
        return [self.key.sign(content, padding.PKCS1v15(), hashes.SHA256()) for content in contents]

    def health(self, *, at: datetime) -> Health:
        """Say until when its certificate lasts; the key is at hand."""
        return Health(self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc, at)


def root_of(seal: Seal) -> x509.Certificate:
    """Give the certificate on which trust in *seal* rests: the last of its chain, or itself."""
    return seal.chain[-1] if seal.chain else seal.certificate


def in_pem(certificates: Sequence[x509.Certificate]) -> bytes:
    """Write certificates as text, one below the other."""
    return b"".join(one.public_bytes(Encoding.PEM) for one in certificates)


def days_left(seal: Seal, *, at: datetime) -> int:
    """Count the days until the seal's certificate ends."""
    return (seal.certificate.not_valid_after_utc - at).days


def why_not_seal(seal: Seal, *, at: datetime, spare: timedelta = timedelta(0)) -> Reason | None:
    """Say why *seal* may not seal at *at*, or not for *spare* longer; None when it may. A demonstration seal needs nothing to spare."""
    ends = seal.certificate.not_valid_after_utc
    if at + (spare if seal.kind == OWN else timedelta(0)) < ends:
        return None
    return Reason(
        "No certificate can be issued: the seal of this site is valid until {when} and has to be renewed first. "
        "The administrator does that.",
        when=When(ends, "UTC"),
    )
