"""A seal of one's own, from a PKCS #12 file: what a production site uses."""

from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

from inspire_lms.plugins.certificate.sealing.seal import OWN, KeySeal, days_left

LEAST_RSA_BITS = 3072
LEAST_DAYS = 30
"""A certificate that ends sooner is not used any more."""


class UnfitSealError(ValueError):
    """The key or certificate may not be used, and why."""


def opened(path: Path, password: str, *, at: datetime) -> KeySeal:
    """Open the seal in the file at *path*.

    Raises UnfitSealError when others can read the file, the key is of a kind that readers cannot check or too short,
    there is no certificate, or it ends within 30 days; ValueError when the password is wrong.
    """
    if path.stat().st_mode & 0o077:
        msg = f"Others can read the seal: {path} needs mode 0600."
        raise UnfitSealError(msg)
    key, certificate, above = load_key_and_certificates(path.read_bytes(), password.encode())
    if not isinstance(key, EllipticCurvePrivateKey | RSAPrivateKey) or certificate is None:
        msg = f"{path} holds no certificate with an EC or RSA key."
        raise UnfitSealError(msg)
    if isinstance(key, RSAPrivateKey) and key.key_size < LEAST_RSA_BITS:
        msg = f"The RSA key in {path} has {key.key_size} bits; {LEAST_RSA_BITS} are the least."
        raise UnfitSealError(msg)
    seal = KeySeal(OWN, key, certificate, tuple(above))
    if days_left(seal, at=at) < LEAST_DAYS:
        msg = f"The certificate in {path} ends in {days_left(seal, at=at)} days; renew it before it seals anything more."
        raise UnfitSealError(msg)
    return seal
