"""A seal of one's own whose key lies with a signing service: API 1 of the Cloud Signature Consortium."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509

from inspire_lms.plugins.certificate.sealing.asking import ANSWERED, BROKEN, REFUSED, NoAnswerError, ask, host_of
from inspire_lms.plugins.certificate.sealing.seal import (
    OWN,
    Algorithm,
    UnfitSealError,
    UnreachableSealError,
    WithCertificate,
    above,
    algorithm_of,
    in_der,
    is_signature,
    read_pem,
    refuse_unfit,
)

WITHIN = 30.0
"""Seconds for one answer: a service may ask a module of its own."""
MOST = 1024 * 1024
"""Bytes that an answer may have."""
_LATER = {408, 429}
"""What a service answers that is busy: nothing is wrong with what was asked."""
_SHA256 = "2.16.840.1.101.3.4.2.1"
_WAYS: Mapping[Algorithm, tuple[str, ...]] = {
    "ES256": ("1.2.840.10045.4.3.2",),
    "RS256": ("1.2.840.113549.1.1.11", "1.2.840.113549.1.1.1"),
}
"""Object identifiers under which a service may offer what we need, the better first."""
_BARE = 64
"""Bytes of an ECDSA signature over P-256 that is not in DER: some services give the two numbers one behind the other."""


@dataclass(frozen=True)
class Service:
    """Where the key lies, and what lets us in."""

    address: str
    """Before /csc/v1."""
    credential: str
    access_token: str = field(repr=False)
    pin: str = field(default="", repr=False)
    """Empty where the service asks for none."""

    @property
    def host(self) -> str:
        """Name the service, for messages."""
        return host_of(self.address)


@dataclass(frozen=True)
class Credential:
    """What the service says about the key."""

    certificates: tuple[x509.Certificate, ...]
    way: str
    """How it shall sign, as an object identifier."""
    most: int
    """Signatures that one authorisation may be for."""


@dataclass(frozen=True)
class RemoteSeal(WithCertificate):
    """A seal whose key lies with a signing service. Only digests travel, and a whole batch is authorised at once."""

    service: Service
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    kind: str = OWN

    def sign_many(self, contents: Sequence[bytes]) -> list[bytes]:
        """Sign each of *contents*, as many at once as the service allows."""
        if not contents:
            return []
        known = _known(self.service)
        signatures: list[bytes] = []
        for start in range(0, len(contents), known.most):
            signatures += self._signed(contents[start : start + known.most], known.way)
        return signatures

    def reach(self) -> None:
        """Raise UnfitSealError or UnreachableSealError unless the service says that the key can be used now."""
        _asked(self.service)

    def _signed(self, contents: Sequence[bytes], way: str) -> list[bytes]:
        if self.service in _wrong_pins:
            msg = f"{self.service.host} does not accept INSPIRE_SEAL_PIN: correct it and start again."
            raise UnfitSealError(msg)
        hashes = [base64.b64encode(hashlib.sha256(content).digest()).decode() for content in contents]
        wanted: dict[str, Any] = {"credentialID": self.service.credential, "numSignatures": len(hashes), "hash": hashes}
        allowed = _call(self.service, "credentials/authorize", wanted | ({"PIN": self.service.pin} if self.service.pin else {}))
        if not allowed.get("SAD"):
            msg = f"{self.service.host} gave no authorisation to sign."
            raise UnreachableSealError(msg)
        named = {"credentialID": self.service.credential, "SAD": allowed["SAD"], "hash": hashes, "hashAlgo": _SHA256, "signAlgo": way}
        given = _call(self.service, "signatures/signHash", named).get("signatures")
        try:
            signatures = [base64.b64decode(one, validate=True) for one in given or ()]
        except (binascii.Error, TypeError, ValueError):
            signatures = []
        if self.algorithm == "ES256":
            signatures = [in_der(one) if len(one) == _BARE else one for one in signatures]
        pairs = zip(contents, signatures, strict=False)
        if len(signatures) != len(contents) or not all(is_signature(self.certificate, *pair) for pair in pairs):
            msg = f"What {self.service.host} gave are not the signatures that were asked for, of the key of the seal's certificate."
            raise UnreachableSealError(msg)
        return signatures


def opened(service: Service, file: Path | None) -> RemoteSeal:
    """Open the seal that *service* holds; its certificates are read from *file* (PEM), or (None) asked for.

    With a file the service is not asked before something is to be signed. Raises UnfitSealError when key, certificate, access or
    PIN are not as they have to be, UnreachableSealError when the service does not answer.
    """
    found = read_pem(file, "INSPIRE_SEAL_FILE") if file else list(_known(service).certificates)
    refuse_unfit(found[0], str(file) if file else f"the credential {service.credential} of {service.host}")
    return RemoteSeal(service, found[0], above(found[0], found[1:]))


_wrong_pins: set[Service] = set()
"""Services that refused the PIN: they are not given it again before the next start."""


@lru_cache(maxsize=8)
def _known(service: Service) -> Credential:
    """Give what the service said about the key when it was first asked; a failure is not remembered."""
    return _asked(service)


def _asked(service: Service) -> Credential:
    """Ask the service about the key. Raises UnfitSealError when it cannot be used, UnreachableSealError when no answer makes sense."""
    wanted = {"credentialID": service.credential, "certificates": "chain", "certInfo": False, "authInfo": True}
    told = _call(service, "credentials/info", wanted)
    try:
        certificates = tuple(x509.load_der_x509_certificate(base64.b64decode(one)) for one in told["cert"]["certificates"])
        way = _way(service, certificates[0], told["key"]["algo"])
        most = max(1, int(told.get("multisign", 1)))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, UnfitSealError):
            raise
        msg = f"{service.host} does not describe the credential {service.credential} as API 1 of the Cloud Signature Consortium says."
        raise UnreachableSealError(msg) from error
    if trouble := _trouble(service, told):
        raise UnfitSealError(trouble)
    return Credential(certificates, way, most)


def _way(service: Service, certificate: x509.Certificate, offered: Sequence[str]) -> str:
    refuse_unfit(certificate, f"the credential {service.credential} of {service.host}")
    for way in _WAYS[algorithm_of(certificate)]:
        if way in offered:
            return way
    msg = f"{service.host} offers no signatures with SHA-256 for {service.credential}: choose another INSPIRE_SEAL_CREDENTIAL."
    raise UnfitSealError(msg)


def _trouble(service: Service, told: Mapping[str, Any]) -> str:
    """Say why the key cannot be used by a machine that runs at night; empty when it can."""
    name = f"The credential {service.credential} of {service.host}"
    if (status := str(told["key"].get("status", "enabled"))) != "enabled":
        return f"{name} is {status}."
    if (status := str(told["cert"].get("status", "valid"))) != "valid":
        return f"The certificate of the seal is {status}, says {service.host}."
    if told.get("authMode") == "oauth2code":
        return f"{name} asks a person to confirm each signature (oauth2code): choose one with implicit or explicit authorisation."
    if told.get("authMode") == "explicit" and _asks_for(told, "OTP"):
        return f"{name} asks for a one-time password: choose one that does not."
    if told.get("authMode") == "explicit" and _asks_for(told, "PIN") and not service.pin:
        return f"{name} asks for a PIN: set INSPIRE_SEAL_PIN."
    return ""


def _asks_for(told: Mapping[str, Any], what: str) -> bool:
    asked = told.get(what)
    return isinstance(asked, dict) and str(asked.get("presence", "false")) == "true"


def _call(service: Service, path: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Ask the service; what is told in errors is what it answered, never what was sent."""
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Authorization": f"Bearer {service.access_token}"}
    address = f"{service.address.rstrip('/').removesuffix('/csc/v1')}/csc/v1/{path}"
    try:
        answer = ask(address, json.dumps(wanted).encode(), headers=headers, within=WITHIN, most=MOST)
    except NoAnswerError as error:
        msg = f"The signing service does not answer: {error}"
        raise UnreachableSealError(msg) from error
    if answer.status in {401, 403}:
        msg = f"{service.host} does not let us in ({answer.status}): renew INSPIRE_SEAL_ACCESS_TOKEN."
        raise UnfitSealError(msg)
    if answer.status == ANSWERED:
        try:
            told = json.loads(answer.content)
        except ValueError:
            told = None
        if isinstance(told, dict):
            return told
        msg = f"{service.host} answers {path} with something else than JSON."
        raise UnreachableSealError(msg)
    msg = f"{service.host} answers {path} with status {answer.status}{_said(answer.content)}."
    if b'"invalid_pin"' in answer.content:
        # The next try would be refused as well, and after a few the service locks the key.
        _wrong_pins.add(service)
    if REFUSED <= answer.status < BROKEN and answer.status not in _LATER:
        msg += " Look at INSPIRE_SEAL_URL, INSPIRE_SEAL_CREDENTIAL and INSPIRE_SEAL_PIN."
        raise UnfitSealError(msg)
    raise UnreachableSealError(msg)


def _said(content: bytes) -> str:
    """Give the reason in an answer of the service, made short and plain."""
    try:
        told = json.loads(content)
        said = str(told.get("error_description") or told.get("error") or "")
    except (ValueError, AttributeError):
        return ""
    plain = "".join(letter for letter in said if letter.isprintable())[:200]
    return f", {plain}" if plain else ""
