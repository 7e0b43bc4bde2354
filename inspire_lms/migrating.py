"""The way into Alembic: one line of history for all that is released together, a branch for each plugin from outside."""

import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app

from inspire_lms.kernel.db import db
from inspire_lms.kernel.plugin import plugins


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
    with db.engine.connect() as connection:
        have = set(MigrationContext.configure(connection).get_current_heads())
    done = {each.revision for head in have for each in script.iterate_revisions(head, "base")} if have else set()
    return sorted(each.revision for each in script.walk_revisions() if each.revision not in done)


def revision(app: Flask, name: str, says: str) -> Path:
    """Write a migration from the difference between models and database; for an outside plugin *name* into its branch.

    Read what it writes: Alembic does not see check constraints added to an old table.
    """
    with app.app_context():
        owner = next((each for each in plugins() if each.name == name and each.migrations), None)
        made = config()
        made.attributes["only"] = f"{name}_" if owner else None
        head = f"{name}@head" if owner and any(owner.migrations.glob("*.py")) else "base" if owner else "head"  # type: ignore[union-attr]  # it has migrations
        place = str(owner.migrations) if owner else None
        label = name if owner and head == "base" else None
        script = command.revision(made, says, autogenerate=True, head=head, version_path=place, branch_label=label)
        return Path(script.path)  # type: ignore[union-attr]  # one revision was asked for
