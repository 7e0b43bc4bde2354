"""Certificates that should not seal: of the wrong kind, of the wrong time, of the wrong authority."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from inspire_lms.plugins.certificate.sealing.seal import OWN, KeySeal

SIGNING = frozenset({"digital_signature", "content_commitment"})
TIME_STAMPS = (ExtendedKeyUsageOID.TIME_STAMPING,)
_USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
    "encipher_only", "decipher_only",
)  # fmt: skip


def named(what: str) -> x509.Name:
    """Give the name of somebody."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, what)])


def a_key() -> ec.EllipticCurvePrivateKey:
    """Make a key."""
    return ec.generate_private_key(ec.SECP256R1())


def a_certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    begins: datetime,
    ends: datetime,
    uses: frozenset[str] = SIGNING,
    purposes: tuple[x509.ObjectIdentifier, ...] = (),
    ca: bool = False,
    serial: int | None = None,
) -> x509.Certificate:
    """Sign a certificate."""
    usage = x509.KeyUsage(**{one: one in uses for one in _USES})
    builder = (
        x509.CertificateBuilder(issuer, subject, key.public_key(), serial or x509.random_serial_number(), begins, ends)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


@dataclass
class Authority:
    """A root that gives out certificates for seals."""

    at: datetime
    key: ec.EllipticCurvePrivateKey = field(default_factory=a_key)

    def __post_init__(self) -> None:
        """Make the root."""
        name = named("Root of a test")
        uses = frozenset({"key_cert_sign", "crl_sign"})
        years = timedelta(days=3650)
        self.root = a_certificate(name, self.key, name, self.key, begins=self.at - years, ends=self.at + years, uses=uses, ca=True)

    def seal(self, *, begins: timedelta = timedelta(days=-30), ends: timedelta = timedelta(days=365), **but: object) -> KeySeal:
        """Give out a seal whose certificate lasts from *begins* to *ends*, seen from now."""
        key = a_key()
        certificate = a_certificate(
            named("Seal of a test"), key, self.root.subject, self.key, begins=self.at + begins, ends=self.at + ends, **but
        )
        return KeySeal(OWN, key, certificate, (self.root,))


def vouching_for_one_another(at: datetime) -> tuple[x509.Certificate, x509.Certificate]:
    """Make two certificates of strangers, each of which the other has issued."""
    keys, names = (a_key(), a_key()), (named("One stranger"), named("Another stranger"))
    days = timedelta(days=30)
    one, another = (
        a_certificate(names[which], keys[which], names[1 - which], keys[1 - which], begins=at - days, ends=at + days, ca=True)
        for which in (0, 1)
    )
    return one, another


def below_another(authority: Authority) -> KeySeal:
    """Give out a seal by an authority below the root, whose own certificate ends with a nought bit."""
    days, key, above = timedelta(days=30), a_key(), a_key()
    times = {"begins": authority.at - days, "ends": authority.at + days}
    name, uses = named("Authority below the root"), frozenset({"key_cert_sign", "crl_sign"})
    while True:
        between = a_certificate(name, above, authority.root.subject, authority.key, uses=uses, ca=True, **times)
        if between.signature[-1] % 2 == 0:
            break
    return KeySeal(OWN, key, a_certificate(named("Seal of a test"), key, name, above, **times), (between, authority.root))


def with_an_unused_bit(certificate: x509.Certificate) -> x509.Certificate:
    """Say of the nought bit at the end of a certificate that it is unused, which readers forgive."""
    der = certificate.public_bytes(Encoding.DER)
    place = len(der) - len(certificate.signature) - 1
    assert der[place] == 0
    return x509.load_der_x509_certificate(der[:place] + b"\x01" + der[place + 1 :])


def issued_by_a_leaf(seal: KeySeal, at: datetime) -> KeySeal:
    """Let a seal, which is no authority, give out a certificate."""
    key = a_key()
    days = timedelta(days=30)
    certificate = a_certificate(named("Seal below a seal"), key, seal.certificate.subject, seal.key, begins=at - days, ends=at + days)
    return KeySeal(OWN, key, certificate, (seal.certificate, *seal.chain))


def of_the_same_names(seal: KeySeal, at: datetime) -> KeySeal:
    """Make a certificate with subject, issuer and serial number of ours, and a key of one's own."""
    key, above = a_key(), a_key()
    own = seal.certificate
    certificate = a_certificate(
        own.subject, key, own.issuer, above, begins=at - timedelta(days=30), ends=at + timedelta(days=30), serial=own.serial_number
    )
    return KeySeal(OWN, key, certificate, ())
