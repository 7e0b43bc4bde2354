"""A seal of one's own, from a PKCS #12 file: what a production site uses."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

from inspire_lms.plugins.certificate.sealing.seal import OWN, KeySeal

LEAST_RSA_BITS = 3072


class UnfitSealError(ValueError):
    """The key or certificate may not be used, and why."""


def opened(path: Path, password: str) -> KeySeal:
    """Open the seal in the file at *path*, however long its certificate still lasts: files that it sealed can always be checked.

    Raises UnfitSealError when others can read the file, the key is of a kind that readers cannot check or too short, or
    there is no certificate; ValueError when the password is wrong.
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
    return KeySeal(OWN, key, certificate, tuple(above))
