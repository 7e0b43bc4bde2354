"""Looking at passwords, and counting those that were wrong."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Reason, Refused
from inspire_lms.kernel.people import passwords
from inspire_lms.kernel.people.models import FailedSignIns, Person
from inspire_lms.kernel.people.rules import (
    FAILURES_FORGOTTEN_AFTER,
    FAILURES_FREE_PER_ACCOUNT,
    FAILURES_FREE_PER_ORIGIN,
    folded_address,
    locked_until,
    why_not_try,
)

T = TypeVar("T")


def who_signs_in(email: str, password: str, *, origin: str, zone: str) -> Person:
    """Give the person with this address and this password.

    *origin* is the network address; *zone* the one in which the end of a wait is told. Raises Refused after too
    many failures, and, in the same words and the same time for an address that nobody has, when one of the two is wrong.
    An address that was not confirmed yet is no failure: the caller looks at is_active.
    """
    address = folded_address(email)
    if reason := why_not_try(_locks(address, origin), at=clock.now(), zone=zone):
        raise Refused(reason)
    person = session.scalar(select(Person).where(Person.email == address, Person.erased_at.is_(None)))
    number, kept = (person.id, person.password_hash) if person else (0, None)
    session.rollback()
    if not passwords.is_right(password, kept):
        at_most_twice(lambda: _count_failure(address, origin))
        raise Refused(_after_failing(address, origin, zone))
    _welcome(number, address, password, kept or "")
    return session.get_one(Person, number)


def forget_failures(address: str) -> None:
    """Lift the wait for an account whose owner has proved to read its mail. Inside a transaction."""
    session.execute(delete(FailedSignIns).where(FailedSignIns.subject == _subject("account", address)))


def at_most_twice(deed: Callable[[], T]) -> T:
    """Do *deed* once more when somebody else has written the same row in the same moment."""
    try:
        return deed()
    except IntegrityError:
        return deed()


def _after_failing(address: str, origin: str, zone: str) -> Reason:
    """Say what is wrong; when this failure brought a wait, say that instead."""
    locked = why_not_try(_locks(address, origin), at=clock.now(), zone=zone)
    return locked or Reason("The e-mail address or the password is not right.")


def _locks(address: str, origin: str) -> tuple[datetime | None, ...]:
    free = {_subject("account", address): FAILURES_FREE_PER_ACCOUNT, _subject("origin", origin): FAILURES_FREE_PER_ORIGIN}
    rows = session.execute(
        select(FailedSignIns.subject, FailedSignIns.failures, FailedSignIns.last_at).where(FailedSignIns.subject.in_(list(free)))
    )
    return tuple(locked_until(row.failures, row.last_at, free=free[row.subject]) for row in rows)


def _count_failure(address: str, origin: str) -> None:
    now = clock.now()
    with transaction():
        session.execute(delete(FailedSignIns).where(FailedSignIns.last_at < now - FAILURES_FORGOTTEN_AFTER))
        for subject in (_subject("account", address), _subject("origin", origin)):
            counted = update(FailedSignIns).where(FailedSignIns.subject == subject).values(failures=FailedSignIns.failures + 1, last_at=now)
            if not session.execute(counted.returning(FailedSignIns.id)).first():
                session.add(FailedSignIns(subject=subject, failures=1, last_at=now))
                session.flush()


def _welcome(person_id: int, address: str, password: str, kept: str) -> None:
    """Forget the failures of the account, and hash the password at today's cost if it was hashed at another."""
    had_failed = session.scalar(select(FailedSignIns.id).where(FailedSignIns.subject == _subject("account", address)))
    renewed = passwords.hashed(password) if passwords.is_outdated(kept) else None
    if had_failed is None and renewed is None:
        return
    with transaction():
        forget_failures(address)
        if renewed:
            session.execute(update(Person).where(Person.id == person_id, Person.password_hash == kept).values(password_hash=renewed))


def _subject(kind: str, value: str) -> str:
    """Reduce an address to a digest that only this site can make."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()
