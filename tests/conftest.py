"""The ground that tests stand on: an application with a database of its own, people who sign in, mails, counted statements."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.globals import _cv_app
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as examples

pytest_plugins = ["tests.ground.guards", "tests.ground.applications", "tests.ground.databases", "tests.ground.browsers", "tests.ground.samples"]

# How long an example takes says something about the machine and what else runs on it, and nothing about the rule.
examples.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--postgres", action="store_true", help="run every test that has a database on PostgreSQL too, those in a browser left out"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    in_browser = "browser" in marks or "browser" in metafunc.fixturenames
    on_both = "both_engines" in marks or (metafunc.config.getoption("--postgres") and not in_browser and "sqlite_only" not in marks)
    for name in {"database", "bare_database"} & set(metafunc.fixturenames):
        metafunc.parametrize(name, ["sqlite", "postgresql"] if on_both else ["sqlite"], indirect=True)


LONGEST_FIRST = ("tests/browser/test_every_page.py", "tests/journeys/test_from_call_to_certificate.py", "tests/journeys")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    # Two processes share the files: what takes minutes begins first, so that neither waits for the other at the end.
    items.sort(key=lambda item: next((at for at, path in enumerate(LONGEST_FIRST) if item.nodeid.startswith(path)), len(LONGEST_FIRST)))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", ())) if reporter else 0
    if skipped and os.environ.get("CI") and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"\nNothing is skipped where CI is set: {skipped} skipped is a failure.", red=True)


@pytest.fixture
def settings(database: str, instance: Path) -> Any:
    """The settings of the test's instance: cheap passwords, no mail server, a folder of its own."""
    from inspire_lms.settings import Settings
    from tests.ground.databases import unfinished

    return Settings(
        instance=instance,
        database_url=database,
        secret_key="not a secret",
        base_url="http://localhost",
        argon2_cheap=True,
        without=unfinished(),
    )


class Visitor(FlaskClient):
    """A browser without scripts. Each request has a context of its own, although the test stands in one already.

    Before and after a request the test's session lets go of what it has read, so that it sees what the request did.
    """

    def open(self, *args: Any, **named: Any) -> Any:
        from inspire_lms.kernel.db import session

        session.rollback()
        token = _cv_app.set(None)
        try:
            return super().open(*args, **named)
        finally:
            _cv_app.reset(token)
            session.rollback()


@pytest.fixture(scope="session")
def fonts(request: pytest.FixtureRequest) -> Path:
    """The folder of the typefaces, which take seconds to cut: once for all tests."""
    return request.config.cache.mkdir("fonts")


@pytest.fixture
def app(settings: Any, application: Callable[..., Any]) -> Iterator[Flask]:
    """The whole application with a database of its own; the test runs inside its context."""
    with application(settings) as made:
        yield made


@pytest.fixture(autouse=True)
def _the_same_people_in_every_order() -> None:
    """Number the people of each test from one, so that nobody's name depends on which tests ran before."""
    from itertools import count

    import tests.builders

    tests.builders._numbers = count(1)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor; forms need no token here, but in the tests about the token."""
    return app.test_client()


@pytest.fixture
def sign_in_as(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Sign a person in without a password, in a client or in a page of a real browser; gives back the same."""

    def sign_in(visitor: Any, person: Any, app: Flask | None = None) -> Any:
        kept = {"_user_id": person.get_id(), "_fresh": True}
        if isinstance(visitor, FlaskClient):
            with visitor.session_transaction() as session:
                session.clear()
                session.update(kept)
        else:
            app = app or request.getfixturevalue("app")
            signer = app.session_interface.get_signing_serializer(app)
            url = request.getfixturevalue("live_server").url
            visitor.context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": signer.dumps(kept), "url": url}])
        return visitor

    return sign_in


class Outbox(Sequence):
    """The mails of this test, the first one first."""

    def _all(self) -> list[Any]:
        from sqlalchemy import select

        from inspire_lms.kernel.db import session
        from inspire_lms.kernel.mail import Mail

        return list(session.scalars(select(Mail).order_by(Mail.id)))

    def __len__(self) -> int:
        return len(self._all())

    def __getitem__(self, which: Any) -> Any:
        return self._all()[which]

    def __iter__(self) -> Iterator[Any]:
        # Without it each step of a loop would read all mails again.
        return iter(self._all())

    def to(self, person: Any) -> list[Any]:
        """Give the mails to one person."""
        return [mail for mail in self._all() if mail.to_person == person.id]


@pytest.fixture
def outbox(app: Flask) -> Outbox:
    """The mails that were written; none of them leaves the machine. Look at .subject, .text, .address, .language, .calendar."""
    return Outbox()


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
