"""Signing credentials and lists: with the key of this instance, under the name that its address gives it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app

from inspire_lms.kernel.mail import link
from inspire_lms.plugins.certificate.credential import badge, identity, key, queries, status
from inspire_lms.plugins.certificate.drawing.record import Record


def credential_of(record: Record, certificate_id: int, at: datetime) -> str:
    """Sign the digital credential of a certificate, issued at *at*: a compact token, to be attached to the file and stored.

    *certificate_id* says where it stands in the lists of what does not hold any more: the row has its number already.
    Raises PermissionError when others can read the key.
    """
    number, place = status.place_of(certificate_id)
    entry = status.entry(place, address=address("certificate.status_list", number=number))
    home = address("pages.home")
    return _signed(badge.claims(record, issuer=issuer(), home=home, status=entry, at=at))


def status_list_of(number: int, at: datetime) -> tuple[str, str]:
    """Give the signed list *number* as it is at *at*, and a short name for what it says, which changes when that does."""
    bits = status.encoded(queries.ended_in(number))
    said = status.claims(bits, issuer=issuer(), address=address("certificate.status_list", number=number), at=at)
    return _signed(said), f"{said['nbf']}-{hashlib.sha256(bits.encode()).hexdigest()[:16]}"


def issuer() -> str:
    """Give the name under which this instance issues credentials."""
    return identity.did_of(address("certificate.did"))


def keys() -> tuple[Mapping[str, str], ...]:
    """Give the public keys with which credentials of this instance can be checked."""
    return key.published(folder())


def what_is_wrong() -> str | None:
    """Say what is wrong with the keys, for the doctor; None when credentials can be signed and checked."""
    return key.what_is_wrong(folder())


def folder() -> Path:
    """Say where the keys of this instance lie."""
    return _folder(current_app.config["INSPIRE"].instance)


def address(endpoint: str, *, number: int | None = None) -> str:
    """Give a whole address of this site; it is put together once."""
    return _address(str(current_app.config["INSPIRE"].base_url), endpoint, number)


@lru_cache(maxsize=8)
def _folder(instance: Path) -> Path:
    return instance.resolve() / "credential"


@lru_cache(maxsize=64)
def _address(_base: str, endpoint: str, number: int | None) -> str:
    return link(endpoint) if number is None else link(endpoint, number=number)


def _signed(said: Mapping[str, Any]) -> str:
    payload = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return key.opened(folder()).signed(payload, issuer=str(said["iss"]))
