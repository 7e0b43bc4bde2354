"""A seal of one's own, from a PKCS #12 file: the key is in the memory of this process."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

from inspire_lms.plugins.certificate.sealing.seal import OWN, KeySeal, UnfitSealError, above, refuse_unfit


def opened(path: Path, password: str) -> KeySeal:
    """Open the seal in the file at *path*, however long its certificate still lasts: files that it sealed can always be checked.

    Raises UnfitSealError when the file is not there, others can read it, the password is wrong, there is no certificate that
    belongs to the key, or the key is of a kind that readers cannot check or too short.
    """
    try:
        mode, content = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        msg = f"The file of the seal cannot be read: INSPIRE_SEAL_FILE names {path} ({error.strerror})."
        raise UnfitSealError(msg) from error
    if mode & 0o077:
        msg = f"Others can read the seal: {path} needs mode 0600."
        raise UnfitSealError(msg)
    try:
        key, certificate, others = load_key_and_certificates(content, password.encode())
    except ValueError as error:
        msg = f"{path} cannot be opened: either INSPIRE_SEAL_PASSWORD is wrong, or the file is not PKCS #12."
        raise UnfitSealError(msg) from error
    if not isinstance(key, EllipticCurvePrivateKey | RSAPrivateKey) or certificate is None:
        msg = f"{path} holds no certificate with an EC or RSA key."
        raise UnfitSealError(msg)
    refuse_unfit(certificate, str(path))
    if key.public_key() != certificate.public_key():
        msg = f"The certificate in {path} is not that of the key in it."
        raise UnfitSealError(msg)
    return KeySeal(OWN, key, certificate, above(certificate, others))
