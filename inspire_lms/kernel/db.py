"""The database: one base, four types of our own, one way to write.

SQLite and PostgreSQL behave alike for those above: moments come back aware, decimals exact, and a transaction
that writes begins as a writer, so that what it read is still true when it writes.
"""

import functools
import inspect
import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, ParamSpec, TypeVar

from flask import Flask, g, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Date, DateTime, Dialect, Double, ForeignKey, MetaData, Numeric, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, MappedColumn, ORMExecuteState, Session, mapped_column, registry
from sqlalchemy.types import TypeDecorator, TypeEngine

from inspire_lms.kernel.i18n import Words

__all__ = [
    "Base",
    "Exact",
    "Id",
    "Moment",
    "Words",
    "WordsType",
    "after_commit",
    "db",
    "install",
    "is_sqlite",
    "is_writing",
    "once_a_page",
    "read_along",
    "ref",
    "session",
    "transaction",
]

log = logging.getLogger(__name__)
Asked = ParamSpec("Asked")
Found = TypeVar("Found")
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""How constraints are named, on both engines."""


class Moment(TypeDecorator[datetime]):
    """A moment: aware, UTC. A naive one is refused rather than guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment, turn any other into UTC."""
        if value is not None and value.tzinfo is None:
            msg = "A naive moment cannot be stored."
            raise ValueError(msg)
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back UTC; SQLite forgets the zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@functools.lru_cache(maxsize=20_000)
def _exactly(stored: float | Decimal) -> Decimal:
    """Give four exact places; points and shares come again and again, and making them is what reading them costs."""
    return Decimal(str(stored)).quantize(Decimal("0.0001"))


class Exact(TypeDecorator[Decimal]):
    """A decimal number with four places, below a hundred million."""

    impl = Numeric(12, 4)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Store a double in SQLite, which has no decimals; twelve digits survive it."""
        return dialect.type_descriptor(Double() if dialect.name == "sqlite" else Numeric(12, 4))

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Any:  # noqa: ANN401
        """Hand over what the engine takes."""
        return float(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ANN401
        """Give back four exact places."""
        return None if value is None else _exactly(value)


class WordsType(TypeDecorator[Words]):
    """One text in several languages, stored as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Words | dict[str, str] | None, dialect: Dialect) -> dict[str, str] | None:
        """Store only the languages that say something."""
        return None if value is None else {code: text for code, text in value.items() if text}

    def process_result_value(self, value: dict[str, str] | None, dialect: Dialect) -> Words | None:
        """Give back words."""
        return None if value is None else Words(value)


class Base(DeclarativeBase):
    """The base of all tables."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: Moment, date: Date, Decimal: Exact, Words: WordsType, dict[str, Any]: JSON, list[Any]: JSON},
    )


Id = Annotated[int, mapped_column(primary_key=True)]


def ref(target: str, *, index: bool = True, **more: Any) -> MappedColumn[Any]:  # noqa: ANN401
    """Point at another table's column, with an index."""
    return mapped_column(ForeignKey(target, ondelete=more.pop("ondelete", None)), index=index, **more)


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    engine_options={"json_serializer": lambda value: json.dumps(value, ensure_ascii=False)},
)
session = db.session

_writers: dict[str, threading.RLock] = {}
"""One lock for each SQLite file: within a process writers queue here, in order, instead of polling the file."""


def install(app: Flask, address: str) -> None:
    """Connect *app* to the database at *address*."""
    app.config["SQLALCHEMY_DATABASE_URI"] = address
    options: dict[str, Any] = {"pool_size": 16, "max_overflow": 0} if not address.startswith("sqlite") else {"pool_size": 16}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        if is_sqlite(db.engine):
            event.listen(db.engine, "connect", _open_sqlite)
            event.listen(db.engine, "begin", _begin_sqlite)


def is_sqlite(engine: Engine) -> bool:
    """Say whether an engine is SQLite."""
    return engine.dialect.name == "sqlite"


def _open_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 (the driver's own type)
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=20000", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("inspire_writer") else "BEGIN")


@contextmanager
def transaction() -> Iterator[None]:
    """Do everything inside, or nothing.

    The outermost block commits. It ends a reading transaction first and begins as a writer: load inside what
    you decide upon. Objects loaded before are read again when they are next used.
    """
    here = session()
    if here.info.get("depth"):
        yield
        return
    lock = _writers.setdefault(str(db.engine.url), threading.RLock()) if is_sqlite(db.engine) else threading.RLock()
    here.rollback()
    here.info["after"] = []
    with lock:
        here.info["depth"] = 1
        try:
            here.connection(execution_options={"inspire_writer": True})
            yield
            here.commit()
        except BaseException:
            here.rollback()
            g.pop("site_version", None)
            raise
        finally:
            here.info["depth"] = 0
    g.pop("once_a_page", None)
    for call in here.info.pop("after", []):
        _follow(call)


def _follow(call: Callable[[], None]) -> None:
    """Do what follows a commit. When that fails the deed stands all the same: nobody may be told that it was not done."""
    try:
        call()
    except Exception:
        log.exception("the deed is stored, but what follows it has failed")


def is_writing() -> bool:
    """Say whether a transaction is open that may yet be undone."""
    return bool(session().info.get("depth"))


def once_a_page(query: Callable[Asked, Found]) -> Callable[Asked, Found]:
    """Let *query* run once for a page: what it gave is kept until the page is made, or until something is written.

    For reads that several parts of a page need, with arguments that can be keys; not for what speaks a language. Nobody may change
    what it gives.
    """

    @functools.wraps(query)
    def kept(*args: Asked.args, **named: Asked.kwargs) -> Found:
        if not _is_reading():
            return query(*args, **named)
        found: dict[Any, Found] = g.setdefault("once_a_page", {})
        key = (query, args, *sorted(named.items()))
        if key not in found:
            found[key] = query(*args, **named)
        return found[key]

    return kept


def read_along(query: Callable[..., Any], *args: object, gives: object) -> None:
    """Let the page know what *query*, which runs *once_a_page*, gives for these arguments: another statement has read it along."""
    if _is_reading():
        g.setdefault("once_a_page", {})[inspect.unwrap(query), args] = gives


def _is_reading() -> bool:
    return has_request_context() and request.method == "GET" and not is_writing()


def after_commit(call: Callable[[], None]) -> None:
    """Call *call* once the transaction that is open has been committed; never when it failed. A fault of *call* is logged."""
    waiting: list[Callable[[], None]] = session().info.setdefault("after", [])
    if call not in waiting:
        waiting.append(call)


@event.listens_for(Session, "before_flush")
def _only_inside(here: Session, _context: object, _instances: object) -> None:
    if not here.info.get("depth") and (here.new or here.deleted or any(here.is_modified(each) for each in here.dirty)):
        msg = "A write outside transaction(): put the whole deed inside one."
        raise RuntimeError(msg)


@event.listens_for(Session, "do_orm_execute")
def _only_inside_too(state: ORMExecuteState) -> None:
    if not state.is_select and not state.session.info.get("depth") and (state.is_insert or state.is_update or state.is_delete):
        msg = "A write outside transaction(): put the whole deed inside one."
        raise RuntimeError(msg)
