"""The demonstration authority: a root, an issuing authority and a seal, made at the first start of an instance.

The keys of the root and of the issuing authority are forgotten as soon as they have signed; only the key of the
seal stays, readable by its owner alone. Nobody outside the instance trusts any of them, and every page that they
seal says so.
"""

import os
import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from inspire_lms.plugins.certificate.sealing.seal import DEMO, KeySeal, in_pem

KEY, SEAL, CHAIN = "seal.key", "seal.pem", "chain.pem"
YEARS = 3
"""How long the seal's certificate lasts."""
BEFORE = timedelta(days=400)
"""Sample data is made under clocks of the past year, and its seals have to fit."""


def opened(folder: Path, *, at: datetime) -> KeySeal:
    """Give the demonstration seal that lies in *folder*; the first call makes it.

    Raises PermissionError when others can read the key.
    """
    if not (folder / KEY).exists():
        _found(folder, at)
    if (folder / KEY).stat().st_mode & 0o077:
        msg = f"Others can read the key of the seal: {folder / KEY} needs mode 0600."
        raise PermissionError(msg)
    key = load_pem_private_key((folder / KEY).read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        msg = f"{folder / KEY} is not a key of the demonstration authority."
        raise TypeError(msg)
    certificate = x509.load_pem_x509_certificate((folder / SEAL).read_bytes())
    return KeySeal(DEMO, key, certificate, tuple(x509.load_pem_x509_certificates((folder / CHAIN).read_bytes())))


def _found(folder: Path, at: datetime) -> None:
    """Make the authority beside *folder* and move it there whole; who comes second uses what is there."""
    half = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}")
    half.mkdir(parents=True, mode=0o700)
    root_key, issuing_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    root_name, issuing_name = _name("root"), _name("issuing authority")
    root = _certificate(root_name, root_key, root_name, root_key, at, years=10, depth=1)
    issuing = _certificate(issuing_name, issuing_key, root_name, root_key, at, years=10, depth=0)
    certificate = _certificate(_name("seal"), key, issuing_name, issuing_key, at, years=YEARS, depth=None)
    with os.fdopen(os.open(half / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (half / SEAL).write_bytes(in_pem([certificate]))
    (half / CHAIN).write_bytes(in_pem([issuing, root]))
    try:
        half.rename(folder)
    except OSError:
        shutil.rmtree(half)
        if not (folder / KEY).exists():
            raise


def _name(what: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "inspire_lms demonstration, not qualified"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Demonstration {what}, not qualified"),
        ]
    )


def _certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    at: datetime,
    *,
    years: int,
    depth: int | None,
) -> x509.Certificate:
    """Sign one certificate; *depth* is how many authorities may stand below it, None for the seal."""
    is_authority = depth is not None
    usage = x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - BEFORE)
        .not_valid_after(at + timedelta(days=365 * years))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=depth), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
