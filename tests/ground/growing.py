"""Make the sample pilot larger: every trainee and applicant is copied with all that belongs to them.

Which rows those are is read from the foreign keys, so that a plugin added tomorrow is copied too.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, Integer, Table, UniqueConstraint, insert, select, update

from inspire_lms.kernel.db import Base

LEFT_OUT = ("kernel_", "access_override", "people_mailed_link", "people_failed")
"""The site's own tables: mails, jobs, audit."""


SHARED = {"cohort_id", "call_id", "ranking_id"}
"""Columns that point at what many people have in common."""


def copy_people(connection: Connection, person_ids: Iterable[int], times: int) -> int:
    """Copy these people *times* times; give how many people were added."""
    tables = {table.name: table for table in Base.metadata.sorted_tables}
    wanted = set(person_ids)
    with_parents = _belonging(tables)
    people = tables["people_person"]
    for turn in range(1, times + 1):
        made: dict[str, dict[int, int]] = {"people_person": _copied(connection, people, {"id": wanted}, {}, turn)}
        for name in with_parents:
            table = tables[name]
            keys = {key.parent.name: key.column.table.name for key in table.foreign_keys if key.column.table.name in made}
            owner = {column: set(made[target]) for column, target in keys.items() if made[target] and _owns(column)}
            if owner:
                made[name] = _copied(connection, table, owner, {column: made[target] for column, target in keys.items()}, turn)
    _count_seats(connection, tables)
    return len(wanted) * times


def _owns(column: str) -> bool:
    # A row belongs to whom it is about, not to whoever graded, granted or uploaded something.
    return not column.endswith("_by") and column not in {"by_id", "grader_id", "evaluator_id", "decided_by", "trainer_id"}


def _belonging(tables: dict[str, Table]) -> list[str]:
    found = {"people_person"}
    for name, table in tables.items():
        if not name.startswith(LEFT_OUT) and any(key.column.table.name in found and _owns(key.parent.name) for key in table.foreign_keys):
            found.add(name)
    return [name for name in tables if name in found and name != "people_person"]


def _copied(
    connection: Connection, table: Table, owners: dict[str, set[int]], moved: dict[str, dict[int, int]], turn: int
) -> dict[int, int]:
    """Copy the rows of a table that belong to the owners; give old and new numbers."""
    column, ids = next(iter(owners.items()))
    rows = connection.execute(select(table).where(table.c[column].in_(ids))).mappings().all()
    made: dict[int, int] = {}
    fresh, own = _unique_columns(table), {key.parent.name for key in table.foreign_keys if key.column.table is table}
    for row in sorted(rows, key=lambda row: row.get("id", 0)):
        values = {name: moved[name].get(value, value) if name in moved else value for name, value in row.items() if name != "id"}
        # What a row says about an earlier one of its table, the copy says about the copy.
        values |= {name: made.get(values[name]) for name in own & set(values)}
        for name in fresh & set(values):
            values[name] = _another(values[name], turn, table.c[name].type)
        new = connection.execute(insert(table).values(values).returning(table.c.id) if "id" in table.c else insert(table).values(values))
        if "id" in table.c:
            made[row["id"]] = new.scalar_one()
    return made


def _unique_columns(table: Table) -> set[str]:
    """List columns that must not repeat and are not kept apart by a foreign key."""
    pointing = {key.parent.name for key in table.foreign_keys}
    found = {column.name for column in table.columns if column.unique}
    for each in table.constraints:
        names = {column.name for column in each.columns} if isinstance(each, UniqueConstraint) else set()
        if names and not names & (pointing - SHARED):
            found |= names - pointing
    return found


def _another(value: object, turn: int, kind: object) -> object:
    if value is None:
        return None
    if isinstance(kind, Integer):
        return int(str(value)) + turn * 1000
    text = str(value)
    return f"{turn}.{text}" if "@" in text else f"{text}-{turn}"


def _count_seats(connection: Connection, tables: dict[str, Table]) -> None:
    cohort, taking_part = tables["programmes_cohort"], tables["programmes_participation"]
    for cohort_id in connection.scalars(select(cohort.c.id)).all():
        seated = select(taking_part.c.id).where(taking_part.c.cohort_id == cohort_id, taking_part.c.state != "withdrawn")
        taken = len(connection.scalars(seated).all())
        connection.execute(update(cohort).where(cohort.c.id == cohort_id).values(seats=max(taken, 20), taken=taken))
