"""The key of the digital credentials: one of its own, never that of the seal, made in its folder at the first need.

Beside it lie the public keys, its own and those of all that were used before: with each of them a credential can
still be checked. To change the key, take credential.key away, and the next credential makes another. When somebody
else may have read it, take its public file away too: then nothing that it has signed can be checked any more.
"""

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from joserfc import jws
from joserfc.jwk import ECKey

KEY, PUBLIC = "credential.key", ".pem"
ALGORITHM = "ES256"


@dataclass(frozen=True)
class SigningKey:
    """The key with which this instance signs now, in the memory of this process."""

    key: ECKey
    thumbprint: str
    """Digest of the public key (RFC 7638): the same key has the same name everywhere."""

    def signed(self, payload: str, *, issuer: str) -> str:
        """Sign a JSON text as a compact JWS (RFC 7515), naming the key by its address in the document of *issuer*.

        There is no typ: the W3C would like vc+jwt (VC-JOSE-COSE 3.1.1, SHOULD), and Open Badges 3.0 allows JWT or nothing
        (8.2.3, MUST). Without it, readers of both kinds have nothing to refuse.
        """
        return jws.serialize_compact({"alg": ALGORITHM, "kid": f"{issuer}#{self.thumbprint}"}, payload, self.key, algorithms=[ALGORITHM])


def opened(folder: Path) -> SigningKey:
    """Give the key that lies in *folder*; the first call makes it.

    Raises PermissionError when others can read it, ValueError or TypeError when it is no private key on the curve P-256.
    """
    file = folder / KEY
    try:
        found = file.stat()
    except FileNotFoundError:
        _make(folder)
        found = file.stat()
    if found.st_mode & 0o077:
        msg = f"Others can read the key of the digital credentials: {file} needs mode 0600."
        raise PermissionError(msg)
    return _read(file, found.st_ino, found.st_mtime_ns)


def published(folder: Path) -> tuple[Mapping[str, str], ...]:
    """Give the public keys, now and before, each as a JWK whose kid is its thumbprint; that of now stands first."""
    now = opened(folder).thumbprint
    found = [_public(file) for file in sorted(folder.glob(f"*{PUBLIC}"))]
    return tuple(sorted(found, key=lambda one: one["kid"] != now))


def what_is_wrong(folder: Path) -> str | None:
    """Say what is wrong with the keys in *folder*, for the doctor; None when credentials can be signed and checked."""
    try:
        published(folder)
    except (OSError, ValueError, TypeError) as error:
        return str(error)
    return None


@lru_cache(maxsize=4)
def _read(file: Path, _inode: int, _changed: int) -> SigningKey:
    """Read the key once for as long as the file stays the same, and see that its public half lies beside it."""
    pem = file.read_bytes()
    private = load_pem_private_key(pem, password=None)
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        msg = f"{file} is not a key on the curve P-256."
        raise TypeError(msg)
    key = ECKey.import_key(pem)
    found = SigningKey(key, key.thumbprint())
    public = file.with_name(f"{found.thumbprint}{PUBLIC}")
    if not public.exists():
        half = public.with_name(f"{public.name}.{secrets.token_hex(4)}")
        half.write_bytes(private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        half.replace(public)
    return found


def _make(folder: Path) -> None:
    """Write a new key beside its place and move it there whole; who comes second uses what is there."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    half = folder / f"{KEY}.{secrets.token_hex(4)}"
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(pem)
    try:
        with contextlib.suppress(FileExistsError):
            # A link, since a move would take the place of a key that somebody else has put there meanwhile.
            (folder / KEY).hardlink_to(half)
    finally:
        half.unlink()


def _public(file: Path) -> dict[str, str]:
    pem = file.read_bytes()
    public = load_pem_public_key(pem)
    if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
        msg = f"{file} is not a public key on the curve P-256."
        raise TypeError(msg)
    key = ECKey.import_key(pem)
    told = key.as_dict(private=False)
    return {name: str(told[name]) for name in ("kty", "crv", "x", "y")} | {"alg": ALGORITHM, "use": "sig", "kid": key.thumbprint()}
