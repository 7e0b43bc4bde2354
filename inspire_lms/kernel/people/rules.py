"""What is true of accounts: addresses, passwords, links by mail, failed sign-ins, and what erasing leaves behind."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from inspire_lms.kernel.errors import Reason, When
from inspire_lms.kernel.people.names import fold

LONGEST_ADDRESS = 254
"""Most characters of an e-mail address (RFC 5321)."""

SHORTEST_PASSWORD = 10
"""Least characters of a password."""

FEW_LETTERS = 3
"""A password of so few different letters is no password."""

LONGEST_PASSWORD = 200
"""Most characters of a password; more would only cost the server time."""

FAILURES_FREE_PER_ACCOUNT = 5
"""Wrong passwords for one account before it is locked for the first time."""

FAILURES_FREE_PER_ORIGIN = 30
"""Wrong passwords from one network address before it waits; a whole office may share one."""

FIRST_LOCK = timedelta(minutes=1)
"""How long the first lock lasts; each further failure doubles it."""

LONGEST_LOCK = timedelta(minutes=15)
"""No lock lasts longer, so that nobody can keep another person out for good."""

FAILURES_FORGOTTEN_AFTER = timedelta(days=1)
"""How long failed sign-ins are kept."""

_LOCAL_PART = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_GUESSED_FIRST = ("password", "parola", "123456", "qwerty", "azerty", "111111", "abcdef", "κωδικοσ", "inspirepa", "inspirelms")


class LinkFor(StrEnum):
    """What a link in a mail lets its reader do, once."""

    VERIFY = "verify"
    RESET = "reset"
    INVITATION = "invitation"


LINK_LASTS: Mapping[LinkFor, timedelta] = {
    LinkFor.VERIFY: timedelta(days=3),
    LinkFor.RESET: timedelta(hours=2),
    LinkFor.INVITATION: timedelta(days=14),
}
"""How long each kind of link works."""


def folded_address(email: str) -> str:
    """Write an e-mail address the one way we compare it: no spaces around, small letters, the domain in ASCII."""
    local, at, domain = email.strip().casefold().rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return f"{local}{at}{domain}"


def reason_against_address(folded: str) -> Reason | None:
    """Say why a folded e-mail address cannot be used; None when it has the right shape."""
    local, _, domain = folded.rpartition("@")
    if len(folded) <= LONGEST_ADDRESS and _LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain):
        return None
    return Reason("Write an e-mail address like name@example.org.")


def reason_against_password(password: str, *, email: str) -> Reason | None:
    """Say why *password* is too easy to guess or too long; None when it will do."""
    if len(password) < SHORTEST_PASSWORD:
        return Reason("Choose at least {least} characters. A few words in a row are easy to remember.", least=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        return Reason("Choose at most {most} characters.", most=LONGEST_PASSWORD)
    folded = fold(password)
    if len(set(folded.replace(" ", ""))) <= FEW_LETTERS or folded.startswith(_GUESSED_FIRST):
        return Reason("This password is among the first that are guessed. Choose another.")
    name = fold(email.partition("@")[0])
    if len(name) > FEW_LETTERS and name in folded and len(password) < 2 * SHORTEST_PASSWORD:
        return Reason("The password holds your e-mail address. Choose another.")
    return None


def locked_until(failures: int, last_at: datetime, *, free: int) -> datetime | None:
    """Say until when no password is looked at, after *failures* of which *free* cost nothing; None without a lock."""
    if failures < free:
        return None
    doublings = min(failures - free, 10)
    wait: timedelta = FIRST_LOCK * 2**doublings
    return last_at + min(wait, LONGEST_LOCK)


def why_not_try(locks: tuple[datetime | None, ...], *, at: datetime, zone: str) -> Reason | None:
    """Say why no password is looked at at the moment *at*; *zone* is the one in which the end of the wait is shown."""
    until = max((lock for lock in locks if lock and lock > at), default=None)
    if until is None:
        return None
    return Reason("After several failed attempts, signing in has to wait until {until}. It unlocks by itself.", until=When(until, zone))


def why_link_is_dead(used_at: datetime | None, expires_at: datetime, *, at: datetime) -> Reason | None:
    """Say why a link from a mail no longer works at *at*; None when it does."""
    if used_at:
        return Reason("This link has been used already. Each link works once.")
    if at >= expires_at:
        return Reason("This link has expired. You can ask for a new one.")
    return None


def own_path(wanted: str | None) -> str | None:
    """Give back *wanted* when it is a path of this site, else None: nobody is led elsewhere after signing in."""
    if (
        not wanted
        or not wanted.startswith("/")
        or wanted[1:2] in {"/", "\\"}
        or any(ord(letter) < ord(" ") or letter == "\\" for letter in wanted)
    ):
        return None
    return wanted


def after_erasing(person_id: int) -> dict[str, object]:
    """Say what the row of a person holds after erasing: a number in place of the name, and nothing to sign in with.

    What stays is that somebody with this number was there, so that registers, marks and counts still
    add up. An issued certificate keeps the name that is printed on it, as long as it can be verified.
    """
    return {
        "email": f"erased-{person_id}@erased.invalid",
        "password_hash": None,
        "given_name": "",
        "family_name": f"#{person_id}",
        "latin_given_name": "",
        "latin_family_name": f"#{person_id}",
        "zone": None,
        "sort_key": f"#{person_id}",
        "search": "",
    }
