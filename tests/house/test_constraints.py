"""What the models say must never be is refused by a migrated database too, and a case breaks each rule."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, Column, Engine, Integer, MetaData, Table, UniqueConstraint, create_engine, inspect

from inspire_lms.kernel.db import NAMES, Base, db
from tests.house.tree import ROOT, nothing

Named = set[tuple[str, str]]


def declared(metadata: MetaData) -> Named:
    """List the check and unique constraints of the models: table and name."""
    return {
        (name, str(each.name))
        for name, table in metadata.tables.items()
        for each in table.constraints
        if isinstance(each, CheckConstraint | UniqueConstraint)
    }


def present(engine: Engine) -> Named:
    """List those of a database."""
    look = inspect(engine)
    return {
        (table, str(each["name"]))
        for table in look.get_table_names()
        if table != "alembic_version"
        for each in (*look.get_check_constraints(table), *look.get_unique_constraints(table))
    }


def apart(models: Named, database: Named) -> list[str]:
    """List where models and database do not agree."""
    return [f"{table}: the migrations do not make {name}. Add it to a migration." for table, name in sorted(models - database)] + [
        f"{table}: the migrations make {name}, which no model knows. Drop it in a migration." for table, name in sorted(database - models)
    ]


def unbroken(models: Iterable[tuple[str, str]], tests: Path) -> list[str]:
    """List the checks that no test names, so that nobody knows whether they refuse anything."""
    spoken = "\n".join(path.read_text(encoding="utf-8") for path in tests.rglob("test_*.py"))
    return [
        f"{table}: no test breaks {name.removeprefix(f'ck_{table}_')}. Add a case to test_models.py that names it."
        for table, name in sorted(models)
        if name.startswith("ck_") and name.removeprefix(f"ck_{table}_") not in spoken
    ]


@pytest.mark.both_engines
def test_models_and_migrated_database_refuse_the_same(app):
    nothing(apart(declared(Base.metadata), present(db.engine)))


def test_every_check_has_a_case_that_breaks_it():
    nothing(unbroken(declared(Base.metadata), ROOT / "tests"))


def test_every_constraint_has_a_name():
    assert [(table, name) for table, name in declared(Base.metadata) if name == "None"] == []


@pytest.fixture
def planted() -> MetaData:
    metadata = MetaData(naming_convention=NAMES)
    Table(
        "badge",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("size", Integer),
        CheckConstraint("size > 0", name="has_a_size"),
        UniqueConstraint("size"),
    )
    return metadata


def test_a_planted_forgotten_constraint_is_caught(planted):
    older = MetaData(naming_convention=NAMES)
    Table(
        "badge", older, Column("id", Integer, primary_key=True), Column("size", Integer), CheckConstraint("size > 1", name="is_not_small")
    )
    engine = create_engine("sqlite://")
    older.create_all(engine)
    assert [each.split(".")[0] for each in apart(declared(planted), present(engine))] == [
        "badge: the migrations do not make ck_badge_has_a_size",
        "badge: the migrations do not make uq_badge_size",
        "badge: the migrations make ck_badge_is_not_small, which no model knows",
    ]
    engine.dispose()


def test_a_planted_check_without_a_case_is_caught(planted, tmp_path):
    (tmp_path / "test_models.py").write_text("# nothing about sizes")
    assert unbroken(declared(planted), tmp_path) == ["badge: no test breaks has_a_size. Add a case to test_models.py that names it."]
