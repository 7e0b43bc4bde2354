"""The learning analytics report of BigBlueButton: JSON with users, and for each the connections in milliseconds since 1970."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeGuard

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.webinar.reports.meeting import BIGBLUEBUTTON, Connection, Report, unreadable

THE_YEAR_2100 = 4_102_444_800_000
"""In milliseconds; what is later is no moment of a meeting."""
LONGEST_KEY = 60
"""Characters of a user's key that are said when something is wrong with that user."""


def read(text: str) -> Report:
    """Read the report; raises Invalid when it is broken JSON, or something else than this report."""
    try:
        told = json.loads(text)
    except json.JSONDecodeError as error:
        raise unreadable(
            Reason("Line {line}, column {column}: this is not complete JSON.", line=error.lineno, column=error.colno)
        ) from error
    except (ValueError, RecursionError) as error:
        # What a parser gives up on: thousands of digits, thousands of brackets.
        raise unreadable(Reason("No report of BigBlueButton holds a number as long, or brackets as deep, as this file.")) from error
    users = told.get("users") if isinstance(told, dict) else None
    if not isinstance(users, dict):
        raise unreadable(Reason("This JSON is not the learning analytics report of BigBlueButton: it has no “users”."))
    return Report(BIGBLUEBUTTON, tuple(one for key, user in users.items() for one in _of_user(key, user, told.get("endedOn"))))


def _of_user(key: str, user: Any, ended: Any) -> Iterator[Connection]:  # noqa: ANN401 (what JSON gives)
    key = "".join(letter for letter in key if letter.isprintable())[:LONGEST_KEY]
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
            sessions = one.get("sessions")
            found += [each for each in sessions if isinstance(each, dict)] if isinstance(sessions, list) and sessions else [one]
    return found or [user]


def _is_moment(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < THE_YEAR_2100


def _utc(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds // 1000, UTC)
