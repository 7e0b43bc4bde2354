"""A seal of one's own whose key never leaves its card or module: PKCS #11."""

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from cryptography import x509

from inspire_lms.plugins.certificate.sealing.seal import (
    OWN,
    UnfitSealError,
    UnreachableSealError,
    WithCertificate,
    above,
    in_der,
    is_signature,
    read_pem,
    refuse_unfit,
)

T = TypeVar("T")
_SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
"""The DigestInfo that stands before a SHA-256 digest in a PKCS #1 v1.5 signature (RFC 8017, 9.2)."""


@dataclass(frozen=True)
class Place:
    """Where the key lies."""

    module: str
    """The library that speaks to the card or module."""
    token: str
    key: str
    pin: str = field(repr=False)


@dataclass(frozen=True)
class TokenSeal(WithCertificate):
    """A seal whose key is in a token. Digests are made here; the token only signs them."""

    place: Place
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    kind: str = OWN

    def sign_many(self, contents: Sequence[bytes]) -> list[bytes]:
        """Sign each of *contents* in one session."""
        signatures = _desk(self.place).do(self.place.key, lambda _session, key: self._signed(key, contents))
        if not all(is_signature(self.certificate, *pair) for pair in zip(contents, signatures, strict=True)):
            key = f"The key {self.place.key} of the token {self.place.token}"
            msg = f"{key} is not that of the seal's certificate: correct INSPIRE_SEAL_KEY or the certificate."
            raise UnfitSealError(msg)
        return signatures

    def reach(self) -> None:
        """Raise UnfitSealError or UnreachableSealError unless the key is in the token."""
        _desk(self.place).do(self.place.key, lambda _session, _key: None)

    def _signed(self, key: Any, contents: Sequence[bytes]) -> list[bytes]:  # noqa: ANN401 (types of the slow import)
        mechanism, digests = _library().Mechanism, [hashlib.sha256(content).digest() for content in contents]
        if self.algorithm == "RS256":
            return [bytes(key.sign(_SHA256_INFO + digest, mechanism=mechanism.RSA_PKCS)) for digest in digests]
        return [in_der(bytes(key.sign(digest, mechanism=mechanism.ECDSA))) for digest in digests]


def opened(place: Place, file: Path | None) -> TokenSeal:
    """Open the seal at *place*; its certificates are read from *file* (PEM), or (None) from the token.

    With a file the token is not asked before something is to be signed. Raises UnfitSealError when library, token, PIN, key
    or certificate are not as they have to be, UnreachableSealError when the token does not answer.
    """
    _refuse_no_module(place.module)
    if file:
        found = read_pem(file, "INSPIRE_SEAL_FILE")
    else:
        found = _desk(place).do(place.key, lambda session, key: _certificates_in(session, key, place))
    refuse_unfit(found[0], str(file) if file else f"the token {place.token}")
    return TokenSeal(place, found[0], above(found[0], found[1:]))


class Desk:
    """One session with a token: opened when it is needed, kept, and opened once more after a failure. One errand at a time."""

    def __init__(self, module: str, token: str, pin: str) -> None:
        """Remember where the token is; nothing is opened yet."""
        self._module, self._token, self._pin = module, token, pin
        self._lock = threading.Lock()
        self._session: Any = None
        self._keys: dict[str, Any] = {}
        self._process = 0
        self._refused = ""

    def do(self, label: str, errand: Callable[[Any, Any], T]) -> T:
        """Run *errand* with the session and the private key called *label*.

        A PIN that was refused is not tried again: a token locks itself after a few.
        """
        library = _library()
        with self._lock:
            try:
                return errand(*self._open(library, label))
            except library.PKCS11Error as error:
                self._refuse_wrong_pin(library, error)
            try:
                # The token was pulled out, or is too busy: everything anew, once.
                self._leave(library)
                return errand(*self._open(library, label))
            except library.PKCS11Error as error:
                self._refuse_wrong_pin(library, error)
                msg = f"The token {self._token} cannot be reached through {self._module}: {type(error).__name__} {error}".rstrip()
                raise UnreachableSealError(msg) from error

    def _open(self, library: Any, label: str) -> tuple[Any, Any]:  # noqa: ANN401
        if self._refused:
            raise UnfitSealError(self._refused)
        if self._session is not None and not self._is_alive(library):
            self._leave(library)
        if self._session is None:
            self._session = library.lib(self._module).get_token(token_label=self._token).open(user_pin=self._pin)
            self._process = os.getpid()
        if label not in self._keys:
            self._keys[label] = self._found(library, label)
        return self._session, self._keys[label]

    def _is_alive(self, library: Any) -> bool:  # noqa: ANN401
        """Say whether the kept session still is one. A process that was forked has the memory of it, and no connection."""
        try:
            return self._process == os.getpid() and all(key[library.Attribute.LABEL] == label for label, key in self._keys.items())
        except library.PKCS11Error:
            return False

    def _leave(self, library: Any) -> None:  # noqa: ANN401
        self._session, self._keys = None, {}
        library.lib(self._module).reinitialize()

    def _found(self, library: Any, label: str) -> Any:  # noqa: ANN401
        try:
            return self._session.get_key(object_class=library.ObjectClass.PRIVATE_KEY, label=label)
        except (library.NoSuchKey, library.MultipleObjectsReturned) as error:
            msg = f"The token {self._token} has not exactly one private key with the label {label}: correct INSPIRE_SEAL_KEY."
            raise UnfitSealError(msg) from error

    def _refuse_wrong_pin(self, library: Any, error: Exception) -> None:  # noqa: ANN401
        if isinstance(error, library.PinIncorrect | library.PinInvalid | library.PinLenRange | library.PinLocked | library.PinExpired):
            kind = type(error).__name__
            self._refused = f"The token {self._token} does not accept INSPIRE_SEAL_PIN ({kind}): correct it and start again."
            raise UnfitSealError(self._refused) from None


@lru_cache(maxsize=8)
def _desk_at(module: str, token: str, pin: str) -> Desk:
    # A token knows one log-in for the whole process, so that all keys in it share a session.
    return Desk(module, token, pin)


def _desk(place: Place) -> Desk:
    return _desk_at(place.module, place.token, place.pin)


def _library() -> Any:  # noqa: ANN401
    try:
        import pkcs11  # slow import
    except ModuleNotFoundError as error:
        msg = "INSPIRE_SEAL is pkcs11, and what speaks to tokens is not installed: install inspire-lms with its extra, inspire-lms[hsm]."
        raise UnfitSealError(msg) from error
    return pkcs11


def _refuse_no_module(path: str) -> None:
    library = _library()
    try:
        library.lib(path)
    except library.PKCS11Error as error:
        # Of a module that is none the library tells by the general error, of a token in trouble by a special one.
        if type(error) is library.PKCS11Error:
            msg = f"INSPIRE_SEAL_MODULE names {path}, which is no library for tokens (PKCS #11): {error}"
            raise UnfitSealError(msg) from error


def _certificates_in(session: Any, key: Any, place: Place) -> list[x509.Certificate]:  # noqa: ANN401
    """Give the certificate of the key, then the others in the token. It has the ID of the key, or its label."""
    library = _library()
    at = library.Attribute
    held = [
        (one[at.ID] == key[at.ID] and bool(key[at.ID]), one[at.LABEL] == place.key, bytes(one[at.VALUE]))
        for one in session.get_objects({at.CLASS: library.ObjectClass.CERTIFICATE})
    ]
    ranked = sorted(held, reverse=True)
    if not ranked or not (ranked[0][0] or ranked[0][1]):
        missing = f"The token {place.token} holds no certificate with the ID or the label of the key {place.key}"
        msg = f"{missing}: put it there, or name a PEM file in INSPIRE_SEAL_FILE."
        raise UnfitSealError(msg)
    return [x509.load_der_x509_certificate(der) for _same_id, _same_label, der in ranked]
