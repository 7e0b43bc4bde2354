"""The ground of a walk: what the database holds as plain rows, and how it becomes again what it was."""

from typing import Any

from flask import g
from sqlalchemy import Table, func, select, text

from inspire_lms.kernel.db import Base, db, is_sqlite, session, transaction
from inspire_lms.kernel.plugin import registry
from tests.plugins.online_call.rooms import forget

ROWS = dict[str, list[Any]]
ENOUGH = {"kernel_mail": ("id", "state"), "kernel_job": ("id", "done_at", "failed_at", "error"), "people_person": ("id", "email", "erased_at")}
"""Of these tables only some columns are looked at: what is in them grows, and is not what a walk is about."""
COUNTED = ("kernel_audit", "kernel_file")
BESIDE = ("access_grant", "programmes_cohort", "programmes_participation")


def look() -> ROWS:
    """Read all that is kept of a selection, and of what it does to people, mails and work."""
    session.rollback()
    found: ROWS = {}
    for table in Base.metadata.sorted_tables:
        if table.name in COUNTED:
            found[table.name] = [session.scalar(select(func.count()).select_from(table))]
        elif table.name in ENOUGH:
            found[table.name] = _rows(table, *ENOUGH[table.name])
        elif table.name.startswith("online_call_") or table.name in BESIDE:
            found[table.name] = _rows(table, *table.columns.keys())
    return found


def kept() -> ROWS:
    """Keep everything."""
    session.rollback()
    found = {table.name: _rows(table, *table.columns.keys()) for table in Base.metadata.sorted_tables}
    return {name: rows for name, rows in found.items() if rows}


def restore(rows: ROWS) -> None:
    """Let the database hold what was kept, and nothing else."""
    session.rollback()
    session.expunge_all()
    with transaction():
        # The guards of lines that nobody may remove look at what the session does; a walk that is over is no deed.
        connection = session.connection()
        connection.execute(text("PRAGMA defer_foreign_keys = ON" if is_sqlite(db.engine) else "SET LOCAL session_replication_role = replica"))
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
        for table in Base.metadata.sorted_tables:
            if table.name in rows:
                connection.execute(table.insert(), [dict(row._mapping) for row in rows[table.name]])
    registry().remembered.clear()
    forget()
    for each in [name for name in g if not name.startswith("_")]:
        g.pop(each)


def _rows(table: Table, *columns: str) -> list[Any]:
    chosen = select(*(table.c[each] for each in columns)).order_by(*table.primary_key.columns)
    return list(session.execute(chosen))
