"""The ground that tests stand on: an application with a database of its own, people who sign in, mails, counted statements."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

pytest_plugins = ["tests.ground.guards", "tests.ground.databases", "tests.ground.browsers"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgres", action="store_true", help="run every test that has a database on PostgreSQL too, those in a browser left out")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" not in metafunc.fixturenames:
        return
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    wanted = metafunc.config.getoption("--postgres") and not marks & {"browser", "sqlite_only"} and "browser" not in metafunc.fixturenames
    engines = ["sqlite", "postgresql"] if wanted or "both_engines" in marks else ["sqlite"]
    metafunc.parametrize("database", engines, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", ())) if reporter else 0
    if skipped and os.environ.get("CI") and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"\nNothing is skipped where CI is set: {skipped} skipped is a failure.", red=True)


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Any:
    """The settings of the test's instance: cheap passwords, no mail server, a folder of its own."""
    from inspire_lms.settings import Settings

    return Settings(instance=tmp_path / "instance", database_url=database, secret_key="not a secret", base_url="http://localhost", argon2_cheap=True)


@pytest.fixture
def app(settings: Any) -> Iterator[Flask]:
    """The whole application with an empty database of its own; the test runs inside its context."""
    from inspire_lms.app import create_app
    from inspire_lms.kernel.db import db

    made = create_app(settings)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser without scripts; forms need no token here, but in the tests about the token."""
    return app.test_client()


@pytest.fixture
def statements() -> Callable[[], AbstractContextManager[list[str]]]:
    """Count SQL: with statements() as seen: client.get("/"); then len(seen) is the number, seen the texts."""
    from sqlalchemy import Engine, event

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")):
                seen.append(statement)

        event.listen(Engine, "before_cursor_execute", hear)
        try:
            yield seen
        finally:
            event.remove(Engine, "before_cursor_execute", hear)

    return counting
