"""How often is checked, by which way and with which answer: counted by day, without a word about who asked or about whom.

The counting never stands in a visitor's way. It happens once the answer is on its way; when the database is busy, what was counted
waits in memory for the next check, and is lost at worst when the process ends.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from threading import Lock

from flask import Flask, Response, current_app
from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import db, is_sqlite, session, transaction
from inspire_lms.plugins.certificate.checking.statuses import Status
from inspire_lms.plugins.certificate.models import ChecksOfDay

KEEP = timedelta(days=366)
"""How long counts are kept."""


class Way(StrEnum):
    """What a visitor had to show."""

    LINK = "link"
    NUMBER = "number"
    SHORT_CODE = "short-code"
    DIGEST = "digest"
    FILE = "file"


class Tally:
    """What this process has counted and not stored yet."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._waiting: Counter[tuple[date, str, str]] = Counter()
        self._counting, self._storing = Lock(), Lock()

    def add(self, day: date, way: Way, answer: Status) -> None:
        """Count one check."""
        with self._counting:
            self._waiting[day, way.value, answer.value] += 1

    def store(self) -> None:
        """Store what waits, unless somebody is at it; what cannot be stored goes on waiting."""
        # One thread of the process at most waits for a busy database; all others go on answering.
        if not self._storing.acquire(blocking=False):
            return
        try:
            with self._counting:
                taken, self._waiting = self._waiting, Counter()
            try:
                _store(taken)
            except SQLAlchemyError:
                with self._counting:
                    self._waiting.update(taken)
        finally:
            self._storing.release()


def count(answer: Response, way: Way, status: Status) -> Response:
    """Count the check that *answer* answers, once it has been sent."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 (the proxy's only way out)
    tally: Tally = app.extensions.setdefault("certificate_checks", Tally())
    tally.add(clock.now().date(), way, status)

    def store() -> None:
        with app.app_context():
            tally.store()

    answer.call_on_close(store)
    return answer


def _store(counted: Mapping[tuple[date, str, str], int]) -> None:
    if not counted:
        return
    insert = sqlite.insert if is_sqlite(db.engine) else postgresql.insert
    with transaction():
        # In one order everywhere, so that two processes that count at once never wait for each other.
        for (day, way, answer), number in sorted(counted.items()):
            row = insert(ChecksOfDay).values(day=day, way=way, answer=answer, number=number)
            more = {"number": ChecksOfDay.number + row.excluded.number}
            session.execute(row.on_conflict_do_update(index_elements=["day", "way", "answer"], set_=more))


def forget() -> None:
    """Remove the counts of more than a year ago."""
    with transaction():
        session.execute(delete(ChecksOfDay).where(ChecksOfDay.day < clock.now().date() - KEEP))
