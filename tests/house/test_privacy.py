"""Whatever is kept about a person is declared: why, on what basis, for how long."""

from collections.abc import Iterable

import pytest
from flask import Flask
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table

from inspire_lms.kernel.db import Base
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.plugin import Held, Registry
from tests.house.tree import nothing

PERSON = "people_person"


def pointing(metadata: MetaData) -> set[str]:
    """List the columns that point at a person."""
    return {
        f"{name}.{key.parent.name}"
        for name, table in metadata.tables.items()
        for key in table.foreign_keys
        if key.target_fullname == f"{PERSON}.id"
    }


def undeclared(metadata: MetaData, held: Iterable[Held]) -> list[str]:
    """List columns that point at a person and are not declared, and declarations of what is not there."""
    held = list(held)
    declared, parts = {one.column for one in held}, {part for one in held for part in one.parts}
    columns = {f"{name}.{column.name}" for name, table in metadata.tables.items() for column in table.columns}
    found = [
        f"{column} points at a person and is not declared: add a Held with purpose, basis and time to keep to the manifest."
        for column in sorted(pointing(metadata) - declared)
    ]
    return found + [f"{column} is declared and not there: take the Held away." for column in sorted((declared | parts) - columns)]


def empty(held: Iterable[Held]) -> list[str]:
    """List declarations that leave something unsaid."""
    return [
        f"{one.column} is declared without purpose, basis or time to keep."
        for one in held
        if not all(str(said).strip() for said in (one.purpose, one.basis, one.keep))
    ]


def all_held(app: Flask) -> list[Held]:
    """List what the kernel and the plugins declare."""
    from inspire_lms.kernel.people import privacy

    registry: Registry = app.extensions["inspire_registry"]
    return [*privacy.HELD, *(one for each in registry.plugins.values() for one in each.privacy)]


def test_every_column_that_points_at_a_person_is_declared(app):
    nothing(undeclared(Base.metadata, all_held(app)))


def test_every_declaration_says_why_on_what_basis_and_for_how_long(app):
    nothing(empty(all_held(app)))


@pytest.fixture
def planted() -> MetaData:
    metadata = MetaData()
    Table(PERSON, metadata, Column("id", Integer, primary_key=True))
    Table("badge_holder", metadata, Column("id", Integer, primary_key=True), Column("person_id", ForeignKey("people_person.id")))
    return metadata


def test_a_planted_column_is_caught(planted):
    (caught,) = undeclared(planted, [])
    assert caught.startswith("badge_holder.person_id points at a person")


def test_a_planted_declaration_of_nothing_is_caught(planted):
    held = [Held(f"badge_holder.{name}", Message("Why"), Message("Basis"), Message("Ever")) for name in ("person_id", "medal_id")]
    (caught,) = undeclared(planted, held)
    assert caught.startswith("badge_holder.medal_id is declared and not there")


def test_a_planted_declaration_that_says_nothing_is_caught():
    assert len(empty([Held("badge_holder.person_id", Message("Why"), Message(" "), Message("Ever"))])) == 1
