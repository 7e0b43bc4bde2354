"""An authority for trials: a root, an issuing authority below it, and seals with either kind of key. Nothing of it outlives the process."""

from datetime import timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from inspire_lms.kernel import clock
from inspire_lms.plugins.certificate.sealing.seal import DEMO, Algorithm, KeySeal

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@cache
def seal(algorithm: Algorithm, owner: str = "ours") -> KeySeal:
    """Give the seal of *owner* with a key of that kind. Owners have the same names in their certificates and nothing else in common."""
    key = rsa.generate_private_key(65537, 3072) if algorithm == "RS256" else ec.generate_private_key(ec.SECP256R1())
    (_, root), (issuing_key, issuing) = _authorities(owner)
    return KeySeal(DEMO, key, _signed("Trial seal", key, issuing.subject, issuing_key, depth=None), (issuing, root))


def root_of(owner: str = "ours") -> x509.Certificate:
    """Give the root on which the seals of *owner* rest."""
    return _authorities(owner)[0][1]


@cache
def _authorities(owner: str) -> tuple[tuple[Key, x509.Certificate], tuple[Key, x509.Certificate]]:
    root_key, issuing_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _signed("Trial root", root_key, _name("Trial root"), root_key, depth=1)
    return (root_key, root), (issuing_key, _signed("Trial issuing authority", issuing_key, root.subject, root_key, depth=0))


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def _signed(name: str, key: Key, issuer: x509.Name, issuer_key: Key, *, depth: int | None) -> x509.Certificate:
    """Sign a certificate that says only what it must; *depth* None makes it one of a seal. It carries no address for OCSP, which poppler would ask."""
    is_authority, at = depth is not None, clock.now()
    usage = x509.KeyUsage(not is_authority, not is_authority, False, False, False, is_authority, is_authority, False, False)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=400))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=depth), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
