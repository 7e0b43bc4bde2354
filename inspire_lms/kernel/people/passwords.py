"""Passwords: hashed with argon2id at the cost that OWASP recommends (19 MiB, two passes, one lane)."""

import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

_KIB_A_HASH = 19 * 1024


def hashed(password: str) -> str:
    """Hash a password. It costs some 50 ms on purpose: never do it while a transaction is open."""
    return _hasher().hash(_one_spelling(password))


def is_right(password: str, kept: str | None) -> bool:
    """Say whether *password* is the one whose hash was kept; costs the same when nothing was kept."""
    try:
        return _hasher().verify(kept or _nobodys(), _one_spelling(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Say whether a hash was made at another cost than that of today."""
    return _hasher().check_needs_rehash(kept)


def _one_spelling(password: str) -> str:
    """Compose letters: the same password typed on another keyboard may arrive in pieces."""
    return unicodedata.normalize("NFC", password)


def _hasher() -> PasswordHasher:
    return _hasher_of(is_cheap=bool(current_app.config["INSPIRE"].argon2_cheap))


@lru_cache(maxsize=2)
def _hasher_of(*, is_cheap: bool) -> PasswordHasher:
    return PasswordHasher(time_cost=1 if is_cheap else 2, memory_cost=8 if is_cheap else _KIB_A_HASH, parallelism=1)


def _nobodys() -> str:
    return _nobodys_at(is_cheap=bool(current_app.config["INSPIRE"].argon2_cheap))


@lru_cache(maxsize=2)
def _nobodys_at(*, is_cheap: bool) -> str:
    """Give a hash that no password is compared with but to take as long as a real one."""
    return _hasher_of(is_cheap=is_cheap).hash("nobody")
