"""The learning analytics report of BigBlueButton: JSON with users, and for each the connections in milliseconds since 1970."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeGuard

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.webinar.reports.meeting import BIGBLUEBUTTON, Connection, Report, unreadable

THE_YEAR_2100 = 4_102_444_800_000
"""In milliseconds; what is later is no moment of a meeting."""


def read(text: str) -> Report:
    """Read the report; raises Invalid when it is broken JSON, or something else than this report."""
    try:
        told = json.loads(text)
    except json.JSONDecodeError as error:
        raise unreadable(
            Reason("Line {line}, column {column}: this is not complete JSON.", line=error.lineno, column=error.colno)
        ) from error
    users = told.get("users") if isinstance(told, dict) else None
    if not isinstance(users, dict):
        raise unreadable(Reason("This JSON is not the learning analytics report of BigBlueButton: it has no “users”."))
    return Report(BIGBLUEBUTTON, tuple(one for key, user in users.items() for one in _of_user(key, user, told.get("endedOn"))))


def _of_user(key: str, user: Any, ended: Any) -> Iterator[Connection]:  # noqa: ANN401 (what JSON gives)
    if not isinstance(user, dict):
        raise unreadable(Reason("The user “{key}” of the report cannot be read.", key=key))
    outside = str(user.get("extId") or "")
    for stay in _stays(user):
        came, left = stay.get("registeredOn"), stay.get("leftOn") or ended
        if not _is_moment(came) or not _is_moment(left) or left < came:
            raise unreadable(Reason("The user “{key}” of the report has no readable times (registeredOn, leftOn).", key=key))
        yield Connection(str(user.get("name") or "").strip(), outside.lower() if "@" in outside else "", _utc(came), _utc(left))


def _stays(user: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """List the connections of a user: one for each internal id, or several sessions of it in newer versions."""
    inner = user.get("intIds")
    found: list[Mapping[str, Any]] = []
    for one in inner.values() if isinstance(inner, dict) else ():
        if isinstance(one, dict):
            found += [each for each in one.get("sessions") or (one,) if isinstance(each, dict)]
    return found or [user]


def _is_moment(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < THE_YEAR_2100


def _utc(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds // 1000, UTC)
