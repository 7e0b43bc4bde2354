"""The register of a webinar: one line for each person, with every connection, what is merged of them, and what was amended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.people.names import told_apart
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.plugins.webinar import queries, rules
from inspire_lms.plugins.webinar.attendance.intervals import minutes_within
from inspire_lms.plugins.webinar.models import Amendment, Line, Stay, Webinar


@dataclass(frozen=True)
class Connection:
    """One connection as the register shows it."""

    id: int
    came_at: datetime
    left_at: datetime
    """Until when it counts; now, while it goes on."""
    source: str
    goes_on: bool
    is_struck: bool


@dataclass(frozen=True)
class RegisterLine:
    """What the register says about one person."""

    person_id: int
    name: str
    email: str
    is_leader: bool
    is_expected: bool
    """False for somebody who was connected and is neither trainee nor trainer here."""
    connections: tuple[Connection, ...]
    minutes: int
    percent: int

    @property
    def is_here(self) -> bool:
        """Whether the person is connected now."""
        return any(each.goes_on for each in self.connections)


@dataclass(frozen=True)
class Change:
    """One amendment, with names."""

    name: str
    minutes_before: int
    minutes_after: int
    reason: str
    by: str
    at: datetime
    after_closing: bool


@dataclass(frozen=True)
class Register:
    """The whole register."""

    lines: tuple[RegisterLine, ...]
    changes: tuple[Change, ...]
    closed_by: str

    @property
    def trainees(self) -> tuple[RegisterLine, ...]:
        """The lines of trainees."""
        return tuple(each for each in self.lines if each.is_expected and not each.is_leader)

    @property
    def actual(self) -> tuple[datetime, datetime] | None:
        """When the first of those who lead came and the last left; None while none of them was there."""
        spans = [one for each in self.lines if each.is_leader for one in each.connections if not one.is_struck]
        return (min(one.came_at for one in spans), max(one.left_at for one in spans)) if spans else None


def register(held: Webinar) -> Register:
    """Read the register of a webinar as it stands; five statements, however many people."""
    stays = _stays(held)
    led = set(queries.leaders([held.id]).get(held.id, ()))
    kept = session.execute(select(Line.person_id, Line.minutes, Line.is_leader).where(Line.webinar_id == held.id)).all()
    lines = {row.person_id: row for row in kept}
    expected = set(lines) if held.closed_at else {each.person_id for each in programmes.members(held.cohort_id)} | led
    amended = session.execute(select(Amendment).where(Amendment.webinar_id == held.id).order_by(Amendment.id)).scalars().all()
    known = people.names({*expected, *stays, *(one for each in amended for one in (each.person_id, each.made_by)), *_closer(held)})
    on_it = sorted({*expected, *stays} & known.keys(), key=lambda one: (one not in led, known[one].sort_key, one))
    called = told_apart((each, known[each].name, known[each].email) for each in on_it)
    made = [
        _line(
            held,
            replace(known[each], name=called[each]),
            stays.get(each, ()),
            is_leader=each in led,
            is_expected=each in expected,
            kept=lines.get(each),
        )
        for each in on_it
    ]
    changes = tuple(
        Change(
            _name(known, each.person_id),
            each.minutes_before,
            each.minutes_after,
            each.reason,
            _name(known, each.made_by),
            each.made_at,
            each.after_closing,
        )
        for each in amended
    )
    return Register(tuple(made), changes, _name(known, held.closed_by))


def minutes_of(held: Webinar, person_id: int) -> int:
    """Count the minutes of one person as the connections stand now."""
    stays = _stays(held, person_id).get(person_id, ())
    return _minutes(held, stays)


def minutes_by_person(held: Webinar) -> dict[int, int]:
    """Count the minutes of everybody who was connected."""
    return {person_id: _minutes(held, stays) for person_id, stays in _stays(held).items()}


def connections(held: Webinar, person_id: int) -> tuple[Connection, ...]:
    """List the connections of one person."""
    return tuple(_connection(held, row) for row in _stays(held, person_id).get(person_id, ()))


def _line(held: Webinar, person: people.PersonName, stays: Sequence[Any], *, is_leader: bool, is_expected: bool, kept: Any) -> RegisterLine:  # noqa: ANN401 (rows)
    minutes = kept.minutes if kept else _minutes(held, stays)
    found = tuple(_connection(held, row) for row in stays)
    return RegisterLine(person.id, person.name, person.email, is_leader, is_expected, found, minutes, minutes * 100 // held.minutes)


def _connection(held: Webinar, row: Any) -> Connection:  # noqa: ANN401 (a row)
    until, goes_on = rules.left_at(row.came_at, row.left_at, row.seen_at, held.ends_at, at=clock.now())
    return Connection(row.id, row.came_at, until, row.source, goes_on and row.struck_at is None, row.struck_at is not None)


def _minutes(held: Webinar, stays: Iterable[Any]) -> int:
    spans = [_connection(held, row) for row in stays if row.struck_at is None]
    return minutes_within([(each.came_at, each.left_at) for each in spans], (held.starts_at, held.ends_at))


def _stays(held: Webinar, person_id: int | None = None) -> dict[int, tuple[Any, ...]]:
    columns = (Stay.id, Stay.person_id, Stay.came_at, Stay.left_at, Stay.seen_at, Stay.source, Stay.struck_at)
    chosen = select(*columns).where(Stay.webinar_id == held.id).order_by(Stay.came_at, Stay.id)
    found: dict[int, tuple[Any, ...]] = {}
    for row in session.execute(chosen if person_id is None else chosen.where(Stay.person_id == person_id)):
        found[row.person_id] = (*found.get(row.person_id, ()), row)
    return found


def _closer(held: Webinar) -> tuple[int, ...]:
    return () if held.closed_by is None else (held.closed_by,)


def _name(known: Mapping[int, people.PersonName], person_id: int | None) -> str:
    found = None if person_id is None else known.get(person_id)
    return found.name if found else ""
