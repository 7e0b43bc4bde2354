"""The seam: what a seal has to give, wherever its key lies, and what certificate may seal at all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from inspire_lms.kernel.errors import Reason, Refused, When

DEMO, OWN = "demo", "own"
SPARE = timedelta(days=30)
"""An own seal whose certificate ends sooner decides about nothing more, so that every file of a batch can still be sealed."""
LEAST_RSA_BITS = 3072
"""Below it a key is too weak for a document that is to be believed in ten years (ETSI TS 119 312)."""

SERVICES = {
    ExtendedKeyUsageOID.TIME_STAMPING,
    ExtendedKeyUsageOID.OCSP_SIGNING,
    ExtendedKeyUsageOID.SERVER_AUTH,
    ExtendedKeyUsageOID.CLIENT_AUTH,
    ExtendedKeyUsageOID.CODE_SIGNING,
}
"""Purposes of certificates that seal no documents."""

Algorithm = Literal["ES256", "RS256"]


class UnfitSealError(ValueError):
    """The key, its certificate or what the settings say about them may not be used, and why: a sentence for whoever runs the site."""


class UnreachableSealError(Refused):
    """The key cannot be reached at the moment; later it may. The reason is for everybody, the text for whoever runs the site."""

    def __init__(self, detail: str) -> None:
        """Keep what happened; *detail* names no secret."""
        super().__init__(
            Reason(
                "Nothing can be sealed at the moment, and no unknown file can be examined: the key of the seal cannot be reached. "
                "Nothing is lost. Try again later, or tell the administrator."
            )
        )
        self.detail = detail

    def __str__(self) -> str:
        """Give what happened."""
        return self.detail


@dataclass(frozen=True)
class Health:
    """Whether a seal can seal."""

    begins_at: datetime
    ends_at: datetime
    at: datetime
    trouble: str = ""
    """What is wrong besides the dates: the key is not to be had, the certificate is revoked. Empty when nothing is."""

    @property
    def days_left(self) -> int:
        """Count the days until the certificate ends; negative when it has."""
        return (self.ends_at - self.at).days

    def why_not(self, *, spare: timedelta = timedelta(0)) -> str | None:
        """Say, for whoever runs the site, why it cannot seal now, or not for *spare* longer; None when it can."""
        if self.trouble:
            return self.trouble
        if self.at < self.begins_at:
            return f"The seal's certificate is valid only from {self.begins_at:%d %B %Y} on."
        if self.at >= self.ends_at:
            return f"The seal's certificate ended on {self.ends_at:%d %B %Y}: have it renewed."
        if self.at + spare >= self.ends_at:
            return f"The seal's certificate ends in {self.days_left} days, on {self.ends_at:%d %B %Y}: have it renewed."
        return None


class TimeStampError(Exception):
    """A time stamp was not to be had, or was not what was asked for, and why: an outage costs a level and never a certificate."""


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
        """Sign each of *contents*; one errand for all of them, where the key lies far away.

        Raises UnreachableSealError when the key cannot be had now, UnfitSealError when it may not be used.
        """

    def health(self, *, at: datetime) -> Health:
        """Say whether it can seal at *at*; raises nothing, since what is wrong is the answer."""


class WithCertificate:
    """What every seal says by its certificate, wherever its key lies."""

    certificate: x509.Certificate

    @property
    def algorithm(self) -> Algorithm:
        """Say how it signs."""
        return algorithm_of(self.certificate)

    def health(self, *, at: datetime) -> Health:
        """Say until when its certificate lasts, and what hinders it besides."""
        try:
            self.reach()
        except (UnfitSealError, UnreachableSealError) as error:
            return health_of(self.certificate, at=at, trouble=str(error))
        return health_of(self.certificate, at=at)

    def reach(self) -> None:
        """Raise UnfitSealError or UnreachableSealError unless the key can be had now; a key at hand always can."""


@dataclass(frozen=True)
class KeySeal(WithCertificate):
    """A seal whose key is in the memory of this process."""

    kind: str
    key: EllipticCurvePrivateKey | RSAPrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    def sign_many(self, contents: Sequence[bytes]) -> list[bytes]:
        """Sign each of *contents*."""
        if isinstance(self.key, EllipticCurvePrivateKey):
            return [self.key.sign(content, ECDSA(hashes.SHA256())) for content in contents]
        return [self.key.sign(content, padding.PKCS1v15(), hashes.SHA256()) for content in contents]


def health_of(certificate: x509.Certificate, *, at: datetime, trouble: str = "") -> Health:
    """Say what the dates of a certificate say, and what else is wrong."""
    return Health(certificate.not_valid_before_utc, certificate.not_valid_after_utc, at, trouble)


def algorithm_of(certificate: x509.Certificate) -> Algorithm:
    """Say how the key of a certificate signs."""
    return "ES256" if isinstance(certificate.public_key(), EllipticCurvePublicKey) else "RS256"


def why_not_fit(certificate: x509.Certificate) -> str | None:
    """Say, for whoever runs the site, why a certificate may not seal on any day; None when it may. The dates are not looked at."""
    key = certificate.public_key()
    if isinstance(key, RSAPublicKey):
        if key.key_size < LEAST_RSA_BITS:
            return f"its RSA key has {key.key_size} bits; {LEAST_RSA_BITS} are the least. Have one issued for a longer key or for P-256."
    elif not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        return "its key is neither RSA nor on the curve P-256, and not every reader can check others. Have one issued for such a key."
    return why_not_meant_to_seal(certificate)


def why_not_meant_to_seal(certificate: x509.Certificate) -> str | None:
    """Say, for whoever runs the site, why a certificate is not one for sealing documents, whatever its key; None when it is."""
    held = {type(one.value): one.value for one in certificate.extensions}
    usage, basic, purposes = (held.get(kind) for kind in (x509.KeyUsage, x509.BasicConstraints, x509.ExtendedKeyUsage))
    if not isinstance(usage, x509.KeyUsage) or not (usage.digital_signature or usage.content_commitment):
        return "it is not meant for signing: its key usage names neither digitalSignature nor nonRepudiation. Have one issued for a seal."
    if isinstance(basic, x509.BasicConstraints) and basic.ca:
        return "it is that of an authority. Name that of the seal, which the authority has issued."
    if isinstance(purposes, x509.ExtendedKeyUsage) and set(purposes) <= SERVICES:
        return "it is for a service, not for documents (extended key usage). Have one issued for a seal."
    return None


def refuse_unfit(certificate: x509.Certificate, place: str) -> None:
    """Raise UnfitSealError when a certificate may not seal; *place* says where it was found."""
    if reason := why_not_fit(certificate):
        msg = f"The certificate in {place} may not seal: {reason}"
        raise UnfitSealError(msg)


def is_signature(certificate: x509.Certificate, content: bytes, signature: bytes) -> bool:
    """Say whether *signature* is that of the certificate's key on *content*; what comes from far away is looked at before it is used."""
    key = certificate.public_key()
    try:
        if isinstance(key, EllipticCurvePublicKey):
            key.verify(signature, content, ECDSA(hashes.SHA256()))
        elif isinstance(key, RSAPublicKey):
            key.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
        else:
            return False
    except InvalidSignature:
        return False
    return True


def in_der(raw: bytes) -> bytes:
    """Write an ECDSA signature as documents carry it; tokens and some services give its two numbers one behind the other."""
    half = len(raw) // 2
    return encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))


def above(certificate: x509.Certificate, others: Iterable[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """Give those of *others* that stand above a certificate: who issued it first, the root last. What does not belong there is left out."""
    waiting, found, last = list(others), [], certificate
    while last.issuer != last.subject:
        issuer = next((one for one in waiting if has_issued(one, last)), None)
        if issuer is None:
            break
        waiting.remove(issuer)
        found.append(issuer)
        last = issuer
    return tuple(found)


def has_issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Say whether a certificate was signed with name and key of *issuer*; not whether that may issue any."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def root_of(seal: Seal) -> x509.Certificate:
    """Give the certificate on which trust in *seal* rests: the last of its chain, or itself."""
    return seal.chain[-1] if seal.chain else seal.certificate


def read_pem(path: Path, variable: str) -> list[x509.Certificate]:
    """Read the certificates in a PEM file that a *variable* or a folder names. Raises UnfitSealError when there is none."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        msg = f"{variable} names {path}, in which no certificate can be read: it has to be a PEM file ({error})."
        raise UnfitSealError(msg) from error


def in_pem(certificates: Sequence[x509.Certificate]) -> bytes:
    """Write certificates as text, one below the other."""
    return b"".join(one.public_bytes(Encoding.PEM) for one in certificates)


def days_left(seal: Seal, *, at: datetime) -> int:
    """Count the days until the seal's certificate ends."""
    return health_of(seal.certificate, at=at).days_left


def why_not_seal(seal: Seal, *, at: datetime, spare: timedelta = timedelta(0)) -> Reason | None:
    """Say why *seal* may not seal at *at*, or not for *spare* longer; None when it may. A demonstration seal needs nothing to spare."""
    begins, ends = seal.certificate.not_valid_before_utc, seal.certificate.not_valid_after_utc
    if at < begins:
        return Reason("No certificate can be issued yet: the seal of this site is valid only from {when} on.", when=When(begins, "UTC"))
    if at + (spare if seal.kind == OWN else timedelta(0)) < ends:
        return None
    return Reason(
        "No certificate can be issued: the seal of this site is valid until {when} and has to be renewed first. "
        "The administrator does that.",
        when=When(ends, "UTC"),
    )
