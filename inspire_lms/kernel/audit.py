"""Who did what to what, before and after. Lines are added and never touched again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, Index, Select, event, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, ORMExecuteState, Session, mapped_column

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import Base, Id, ref, session

PAGE = 50
"""Lines on one page."""

_PERSON = frozenset({"person", "people_person"})

LOOKED = "looked"
"""The verb of a deed that only read about somebody, as in "online_call.looked"."""


class AuditLine(Base):
    """One deed."""

    __tablename__ = "kernel_audit"
    __table_args__ = (
        CheckConstraint("did LIKE '%_._%'", name="a_deed_has_a_component_and_a_verb"),
        Index("ix_kernel_audit_thing", "thing_kind", "thing_id"),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = ref("people_person.id")
    """None when nobody did it: the schedule, or a person not yet known."""
    did: Mapped[str]
    thing_kind: Mapped[str]
    thing_id: Mapped[int]
    about_id: Mapped[int | None] = ref("people_person.id")
    """The person whom the deed concerned; None when it concerned nobody in particular."""
    cohort_id: Mapped[int | None] = mapped_column(index=True)
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]


@dataclass(frozen=True)
class Line:
    """One deed, for a page."""

    id: int
    at: datetime
    by_id: int | None
    did: str
    thing_kind: str
    thing_id: int
    about_id: int | None
    cohort_id: int | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def record(
    did: str,
    thing: tuple[str, int],
    *,
    by: int | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    cohort_id: int | None = None,
    about: int | None = None,
) -> None:
    """Add a line: *by* did *did* ("webinar.closed") to *thing* ("webinar", 12). Call it inside a transaction.

    *about* is the person concerned; when the thing is ("people_person", id) it is that person. Names and
    addresses do not belong into *before* and *after*: a line outlives the account that it is about.
    """
    kind, number = thing
    session.add(
        AuditLine(
            at=clock.now(),
            by_id=by,
            did=did,
            thing_kind=kind,
            thing_id=number,
            about_id=number if kind in _PERSON and about is None else about,
            cohort_id=cohort_id,
            before=_plain(before),
            after=_plain(after),
        )
    )


def record_all(
    did: str, kind: str, things: Mapping[int, tuple[int, Mapping[str, Any] | None]], *, by: int | None, cohort_id: int | None
) -> None:
    """Add a line as *record* does for each of many *things* of one kind: number to whom it concerned and what is true afterwards."""
    told = {"at": clock.now(), "by_id": by, "did": did, "thing_kind": kind, "cohort_id": cohort_id, "before": None}
    rows = [told | {"thing_id": number, "about_id": about, "after": _plain(after)} for number, (about, after) in things.items()]
    if rows:
        session.execute(insert(AuditLine), rows)


def about(thing: tuple[str, int]) -> list[Line]:
    """List what was done to one thing, the first deed first."""
    kind, number = thing
    return _lines(_select().where(AuditLine.thing_kind == kind, AuditLine.thing_id == number).order_by(AuditLine.id))


def about_person(person_id: int) -> list[Line]:
    """List what was done about a person, the latest first; the looks are those whose deed ends with ".looked"."""
    return _lines(_select().where(AuditLine.about_id == person_id).order_by(AuditLine.id.desc()))


def looks_at(person_id: int, *, most: int = PAGE) -> list[Line]:
    """List who looked at a person's data, the latest first, without the person's own looks."""
    others: ColumnElement[bool] = (AuditLine.by_id != person_id) | AuditLine.by_id.is_(None)
    chosen = _select().where(AuditLine.about_id == person_id, AuditLine.did.like(f"%.{LOOKED}"), others)
    return _lines(chosen.order_by(AuditLine.id.desc()).limit(most))


def by_person(person_id: int) -> list[Line]:
    """List what a person did, the latest first."""
    return _lines(_select().where(AuditLine.by_id == person_id).order_by(AuditLine.id.desc()))


def recent(page: int = 1, *, did: str = "") -> list[Line]:
    """List the latest deeds, 50 a page; *did* narrows to a component or a deed ("webinar", "webinar.closed")."""
    chosen = _select().order_by(AuditLine.id.desc()).limit(PAGE).offset((max(page, 1) - 1) * PAGE)
    return _lines(chosen.where((AuditLine.did == did) | AuditLine.did.startswith(f"{did}.", autoescape=True)) if did else chosen)


def _select() -> Select[Any]:
    return select(*(getattr(AuditLine, name) for name in Line.__dataclass_fields__))


def _lines(chosen: Select[Any]) -> list[Line]:
    return [Line(*row) for row in session.execute(chosen)]


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Turn what was given into what JSON can hold."""
    return None if values is None else {str(key): _plain_value(value) for key, value in values.items()}


def _plain_value(value: Any) -> Any:  # noqa: ANN401 (whatever an action recorded)
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case Mapping():
            return _plain(value)
        case Iterable():
            return [_plain_value(each) for each in value]
        case _:
            return str(value)


class Untouchable(RuntimeError):  # noqa: N818 (it reads as a sentence)
    """Somebody tried to change or remove a line of the audit."""


@event.listens_for(AuditLine, "before_update")
@event.listens_for(AuditLine, "before_delete")
def _refuse_one(_mapper: Mapper[AuditLine], _connection: Connection, line: AuditLine) -> None:
    msg = f"Line {line.id} of the audit cannot be changed or removed: add another one."
    raise Untouchable(msg)


@event.listens_for(Session, "do_orm_execute")
def _refuse_many(state: ORMExecuteState) -> None:
    table = getattr(state.statement, "table", None)
    if (state.is_update or state.is_delete) and table is not None and table.name == AuditLine.__tablename__:
        msg = "Lines of the audit cannot be changed or removed: add others."
        raise Untouchable(msg)
