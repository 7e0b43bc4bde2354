"""The way into Alembic: one line of history for all that is released together, a branch for each plugin from outside."""

import importlib
import importlib.util
import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app

from inspire_lms.kernel.db import db
from inspire_lms.kernel.plugin import plugins

KERNEL_TABLES = ("access_", "curriculum_", "kernel_", "people_", "programmes_")
"""With what the names of the kernel's tables begin."""


def config() -> Config:
    """Give Alembic's configuration for the application that is running."""
    place: Path = current_app.extensions["inspire_top"]("migrations")
    made = Config()
    made.set_main_option("script_location", str(place))
    made.set_main_option("path_separator", "os")
    folders = [place / "versions", *(each.migrations for each in plugins() if each.migrations)]
    made.set_main_option("version_locations", os.pathsep.join(str(folder) for folder in folders))
    made.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    made.set_main_option("timezone", "UTC")
    return made


def upgrade(app: Flask, to: str = "heads") -> None:
    """Bring the database of *app* up to date, all branches of it."""
    with app.app_context():
        command.upgrade(config(), to)


def downgrade(app: Flask, to: str) -> None:
    """Take the database of *app* back: "base", or "badge_outside@base" for one plugin's branch."""
    with app.app_context():
        command.downgrade(config(), to)


def pending() -> list[str]:
    """List the migrations that the database still lacks; empty when it is up to date. Inside an application context."""
    script = ScriptDirectory.from_config(config())
    known = {each.revision for each in script.walk_revisions()}
    done = {each.revision for head in _have() & known for each in script.iterate_revisions(head, "base")}
    return sorted(known - done)


def unknown() -> list[str]:
    """List the migrations that the database has run and that nobody here knows. Inside an application context.

    It is ahead of this version then, or a plugin from outside was taken away with its tables still there.
    """
    return sorted(_have() - {each.revision for each in ScriptDirectory.from_config(config()).walk_revisions()})


def _have() -> set[str]:
    with db.engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads())


def revision(app: Flask, name: str, says: str) -> Path:
    """Write a migration from the difference between the models and the tables of the component *name*: kernel or a plugin.

    That of a plugin from outside goes into its own branch. Read what it writes: Alembic does not see check constraints added
    to an old table. Raises ValueError with a sentence for a component that does not exist.
    """
    with app.app_context():
        components = {"kernel": None} | {each.name: each.migrations for each in plugins()}
        if name not in components:
            msg = f"There is no component {name}. There are: {', '.join(sorted(components))}"
            raise ValueError(msg)
        _know_the_tables_of(name)
        made, own = config(), components[name]
        made.attributes["only"] = KERNEL_TABLES if name == "kernel" else (f"{name}_",)
        place = own or Path(current_app.extensions["inspire_top"]("migrations")) / "versions"
        # Not those that Alembic calls heads: a branch from outside that stands on ours hides where ours ends.
        line = [each for each in ScriptDirectory.from_config(made).walk_revisions() if Path(each.path).parent == place]
        heads = [each.revision for each in line if each.is_head]
        label = name if own and not heads else None
        script = command.revision(made, says, autogenerate=True, head=(heads or ["base"])[0], version_path=str(place), branch_label=label)
        return Path(script.path)  # type: ignore[union-attr]  # one revision was asked for


def _know_the_tables_of(name: str) -> None:
    """Import the models of a plugin, which nothing else may use yet while it is being written."""
    plugin = next((each for each in plugins() if each.name == name), None)
    package = plugin.blueprint.import_name.rpartition(".")[0] if plugin and plugin.blueprint else ""
    if package and importlib.util.find_spec(f"{package}.models"):
        importlib.import_module(f"{package}.models")
