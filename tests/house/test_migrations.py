"""Migrations run up and down on both engines, in one line, and end where the models are."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, create_engine, inspect
from sqlalchemy.types import TypeEngine

from inspire_lms import migrating
from inspire_lms.app import create_app
from inspire_lms.kernel.db import Base, Exact, Moment, WordsType, db
from inspire_lms.settings import Settings
from tests.ground.databases import unfinished
from tests.house.tree import ROOT, nothing

VERSIONS = ROOT / "migrations" / "versions"


def heads(versions: Path) -> list[str]:
    """List the ends of the lines of history in a folder."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", str(versions))
    return list(ScriptDirectory.from_config(config).get_heads())


def same_type(_context: Any, _inspected: Any, _wanted: Any, _found: TypeEngine[Any], model: TypeEngine[Any]) -> bool | None:
    # What our own types are in the database is each engine's business.
    return False if isinstance(model, Moment | Exact | WordsType) else None


def differences(engine: Engine, metadata: MetaData) -> list[str]:
    """List what a migration would still have to do to make the database what the models say."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": same_type})
        return [f"{each}. Write a migration: inspire-lms revision." for each in compare_metadata(context, metadata)]


def left_behind(engine: Engine) -> set[str]:
    """List the tables that are there."""
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def unsaid(versions: Path) -> list[str]:
    """List migrations whose name does not begin with their day, or that do not say what they are for."""
    return [
        f"{path.name}: begin the name with its day (20261121_…) and the file with a docstring."
        for path in versions.glob("*.py")
        if not path.name[:8].isdigit() or not path.read_text(encoding="utf-8").startswith('"""')
    ]


@pytest.fixture
def bare(bare_database, tmp_path):
    """The application on a database with nothing in it."""
    app = create_app(Settings(instance=tmp_path / "bare", database_url=bare_database, argon2_cheap=True, without=unfinished()))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_history_is_one_line():
    assert len(heads(VERSIONS)) == 1


def test_each_migration_says_when_and_why():
    nothing(unsaid(VERSIONS))


@pytest.mark.both_engines
def test_migrations_lead_from_nothing_to_the_models_and_back(bare):
    migrating.upgrade(bare)
    assert migrating.pending() == []
    assert left_behind(db.engine) == set(Base.metadata.tables)
    nothing(differences(db.engine, Base.metadata))
    migrating.downgrade(bare, "base")
    assert left_behind(db.engine) == set()
    migrating.upgrade(bare)
    assert migrating.pending() == []


def planted(*more: Column) -> MetaData:
    metadata = MetaData()
    Table("badge", metadata, Column("id", Integer, primary_key=True), *more)
    return metadata


def test_a_planted_column_without_migration_is_caught():
    engine = create_engine("sqlite://")
    planted().create_all(engine)
    assert differences(engine, planted()) == []
    (caught,) = differences(engine, planted(Column("colour", String)))
    assert "add_column" in caught
    assert "colour" in caught
    engine.dispose()


def test_a_planted_table_that_stays_behind_is_caught():
    engine = create_engine("sqlite://")
    planted().create_all(engine)
    assert left_behind(engine) == {"badge"}
    engine.dispose()


def test_a_planted_fork_is_caught(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"20261121_{name}.py").write_text(
            f'"""{name}."""\nrevision = "{name}"\ndown_revision = None\ndef upgrade(): ...\ndef downgrade(): ...\n'
        )
    assert sorted(heads(tmp_path)) == ["a", "b"]


def test_a_planted_migration_without_a_word_is_caught(tmp_path):
    (tmp_path / "20261121_a.py").write_text("revision = 'a'")
    (tmp_path / "more_tables.py").write_text('"""More tables."""')
    assert len(unsaid(tmp_path)) == 2
