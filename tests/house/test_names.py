"""One name everywhere: the folder of a plugin, its manifest, blueprint, address, tables, capabilities, words and tests."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Blueprint
from sqlalchemy import Column as SqlColumn
from sqlalchemy import ForeignKey, Integer, MetaData, Table

from inspire_lms.kernel import plugin as kernel
from inspire_lms.kernel.db import Base
from inspire_lms.kernel.errors import Message
from tests.house.test_translations import SHIPPED
from tests.house.tree import PACKAGE, ROOT, nothing, plant

KERNEL_TABLES = ("kernel_", "access_", "people_", "curriculum_", "programmes_")
"""How the names of the kernel's tables begin: kernel, or the folder in it."""


def bundled() -> list[kernel.Plugin]:
    """List the plugins of the package."""
    return [each for each in kernel.find() if each.migrations is None]


def misnamed(each: kernel.Plugin, folder: str) -> list[str]:
    """List where a manifest goes by another name than its folder's."""
    found = []
    if each.name != folder:
        found.append(f"The plugin in plugins/{folder}/ calls itself {each.name}. It is called like its folder.")
    if each.blueprint is not None and (each.blueprint.name, each.blueprint.url_prefix) != (folder, f"/{folder}"):
        found.append(
            f"The blueprint of {folder} is {each.blueprint.name} under {each.blueprint.url_prefix}. Call it {folder}, under /{folder}."
        )
    found += [f"The capability {one.name} begins with {folder}:." for one in each.capabilities if not one.name.startswith(f"{folder}:")]
    found += [
        f"What is held in {one.column} is not in a table of {folder}." for one in each.privacy if not one.column.startswith(f"{folder}_")
    ]
    found += [
        f"The work {kind} begins with {folder}."
        for kind in (*each.work, *(one.name for one in each.schedule))
        if not kind.startswith(f"{folder}.")
    ]
    return found


def misplaced(folder: str, root: Path) -> list[str]:
    """List what a plugin should have under its name and has not."""
    found = []
    wanted = [root / "tests" / "plugins" / folder, root / "translations" / f"{folder}.pot"]
    wanted += [root / "translations" / language / "LC_MESSAGES" / f"{folder}.po" for language in SHIPPED]
    found += [f"{path.relative_to(root)} is missing: a plugin's tests and words go by its name." for path in wanted if not path.exists()]
    templates = root / "inspire_lms" / "plugins" / folder / "templates"
    if templates.is_dir():
        found += [f"{path.relative_to(root)} stands outside templates/{folder}/." for path in templates.iterdir() if path.name != folder]
    return found


def owner(table: str, plugins: list[str]) -> str | None:
    """Say whose table this is: a plugin's name, kernel, or None when nobody can tell."""
    for name in plugins:
        if table == name or table.startswith(f"{name}_"):
            return name
    return "kernel" if table.startswith(KERNEL_TABLES) else None


def stray(metadata: MetaData, plugins: list[str]) -> list[str]:
    """List tables without an owner, and foreign keys that point into another plugin."""
    found = []
    for name, table in metadata.tables.items():
        mine = owner(name, plugins)
        if mine is None:
            found.append(f"The table {name} begins with no component's name.")
        for key in table.foreign_keys:
            theirs = owner(key.target_fullname.split(".")[0], plugins)
            if theirs not in {mine, "kernel"}:
                found.append(
                    f"{name}.{key.parent.name} points at {key.target_fullname}. Tables point at their own component's and the kernel's only."
                )
    return found


def test_a_plugin_has_one_name_everywhere():
    folders = sorted(path.name for path in (PACKAGE / "plugins").iterdir() if (path / "__init__.py").exists())
    assert [each.name for each in bundled()] == folders
    nothing([complaint for each, folder in zip(bundled(), folders, strict=True) for complaint in misnamed(each, folder)])


def test_words_and_tests_go_by_the_same_name():
    nothing([complaint for each in bundled() for complaint in misplaced(each.name, ROOT)])


def test_every_table_has_an_owner_and_points_at_nobody_elses():
    names = [each.name for each in bundled()]
    nothing(stray(Base.metadata, names))


PLANTED = kernel.Plugin(
    name="badge", title=Message("Badges"), about=Message("Badges."), blueprint=Blueprint("badge", __name__, url_prefix="/badge")
)


@pytest.mark.parametrize(
    "breach",
    [
        {"name": "badges"},
        {"blueprint": Blueprint("badge", __name__, url_prefix="/badges")},
        {"blueprint": Blueprint("medal", __name__, url_prefix="/badge")},
        {"capabilities": (kernel.Capability("medal:give", Message("Give")),)},
        {"privacy": (kernel.Held("webinar_stay.person_id", Message("a"), Message("b"), Message("c")),)},
        {"work": {"medal.give": print}},
    ],
)
def test_a_planted_second_name_is_caught(breach):
    assert misnamed(PLANTED, "badge") == []
    assert len(misnamed(replace(PLANTED, **breach), "badge")) == 1


def test_planted_templates_outside_the_name_are_caught(tmp_path):
    plant(
        tmp_path,
        {"inspire_lms/plugins/badge/templates/list.html": "", "tests/plugins/badge/test_rules.py": "", "translations/badge.pot": ""},
    )
    found = misplaced("badge", tmp_path)
    assert len(found) == 1 + len(SHIPPED)
    assert "stands outside templates/badge/" in found[-1]


def test_a_planted_arrow_between_tables_is_caught():
    metadata = MetaData()
    for name, target in (
        ("webinar_stay", "survey_answer.id"),
        ("survey_answer", "people_person.id"),
        ("people_person", "people_person.id"),
        ("medal", "medal.id"),
    ):
        Table(name, metadata, SqlColumn("id", Integer, primary_key=True), SqlColumn("other_id", ForeignKey(target)))
    found = stray(metadata, ["webinar", "survey"])
    assert [each.split(" ")[0] for each in found if "points at" in each] == ["webinar_stay.other_id"]
    assert any("The table medal begins with no" in each for each in found)
