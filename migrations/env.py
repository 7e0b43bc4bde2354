"""Alembic's way in: it runs inside our application, on the connection of our own engine."""

from typing import Any

from alembic import context
from sqlalchemy.types import TypeEngine

from inspire_lms.kernel.db import Base, Exact, Moment, WordsType, db
from inspire_lms.kernel.plugin import plugins

only: tuple[str, ...] | None = context.config.attributes.get("only")
outside = tuple(f"{each.name}_" for each in plugins() if each.migrations)


def is_ours(_thing: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:  # noqa: ANN401, FBT001 (Alembic's own order)
    """Leave the tables of plugins from outside to their own branches."""
    if kind != "table" or name is None:
        return True
    return name.startswith(only) if only else not name.startswith(outside) if outside else True


def spell(kind: str, thing: Any, autogen: Any) -> str | bool:  # noqa: ANN401 (Alembic's own order)
    """Write our own types into a migration as what they are in the database."""
    if kind == "type" and isinstance(thing, Moment | Exact | WordsType):
        autogen.imports.add("from inspire_lms.kernel.db import Exact, Moment, WordsType")
        return f"{type(thing).__name__}()"
    return False


def same_type(_context: Any, _inspected: Any, _wanted: Any, _found: TypeEngine[Any], model: TypeEngine[Any]) -> bool | None:  # noqa: ANN401
    """Trust our own types: the engines store them in ways of their own."""
    return False if isinstance(model, Moment | Exact | WordsType) else None


def run() -> None:
    """Run the migrations on one connection, each engine with what it needs."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            include_object=is_ours,
            render_item=spell,
            compare_type=same_type,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
