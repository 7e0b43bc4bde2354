"""Keys and certificates of these tests: an authority as a site would buy its seal from, with every mistake that can be made."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PASSWORD = "secret"
USAGES = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
SIGNS = ("digital_signature", "content_commitment")


@cache
def a_key(kind: str = "P-256", which: int = 0) -> Any:
    """Give a key; made once for all tests, since RSA takes its time."""
    curves = {"P-256": ec.SECP256R1, "P-384": ec.SECP384R1, "K-256": ec.SECP256K1}
    return ec.generate_private_key(curves[kind]()) if kind in curves else rsa.generate_private_key(65537, int(kind))


def in_pkcs8(key: Any) -> bytes:
    """Write a key without a password."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass(frozen=True)
class Authority:
    """An authority that issues certificates."""

    name: str
    key: Any
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...] = ()

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """What stands above the certificates that it issues, the root last."""
        return (self.certificate, *self.above)

    def issue(self, name: str, key: Any, *, usage: tuple[str, ...] | None = SIGNS, since: float = -1, days: float = 400, is_authority: bool = False, stamps: bool = False, crl: str = "") -> x509.Certificate:
        """Issue a certificate that is valid from *since* until *days* from now."""
        return _certificate(name, key.public_key(), self.name, self.key, usage=usage, since=since, days=days, is_authority=is_authority, stamps=stamps, crl=crl)

    def below(self, name: str, **but: Any) -> "Authority":
        """Make an authority below this one."""
        key = a_key("P-256", hash(name))
        return Authority(name, key, self.issue(name, key, is_authority=True, usage=("key_cert_sign", "crl_sign"), days=4000, **but), self.chain)


def a_root(name: str = "Root of these tests") -> Authority:
    """Make a root."""
    key = a_key("P-256", hash(name))
    return Authority(name, key, _certificate(name, key.public_key(), name, key, usage=("key_cert_sign", "crl_sign"), since=-1, days=4000, is_authority=True))


def a_p12(path: Path, key: Any, certificate: x509.Certificate, above: tuple[x509.Certificate, ...] = (), *, mode: int = 0o600, password: str = PASSWORD) -> Path:
    """Write a PKCS #12 file."""
    path.write_bytes(serialize_key_and_certificates(b"seal", key, certificate, above, BestAvailableEncryption(password.encode())))
    path.chmod(mode)
    return path


def _certificate(name: str, key: Any, issuer: str, issuer_key: Any, *, usage: tuple[str, ...] | None, since: float, days: float, is_authority: bool = False, stamps: bool = False, crl: str = "") -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=since))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if usage is not None:
        builder = builder.add_extension(x509.KeyUsage(**{one: one in usage for one in USAGES}), critical=True)
    if stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if crl:
        builder = builder.add_extension(x509.CRLDistributionPoints([x509.DistributionPoint([x509.UniformResourceIdentifier(crl)], None, None, None)]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def a_crl(authority: Authority, *revoked: x509.Certificate) -> bytes:
    """Give the list of what an authority has revoked."""
    now = datetime.now(UTC)
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.certificate.subject).last_update(now - timedelta(hours=1)).next_update(now + timedelta(days=7))
    builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False).add_extension(x509.CRLNumber(1), critical=False)
    for one in revoked:
        builder = builder.add_revoked_certificate(x509.RevokedCertificateBuilder().serial_number(one.serial_number).revocation_date(now - timedelta(hours=2)).build())
    return builder.sign(authority.key, hashes.SHA256()).public_bytes(Encoding.DER)
