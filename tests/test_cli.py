"""The command line."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import current_app
from sqlalchemy import text

from inspire_lms import migrating, new_plugin, serving
from inspire_lms.cli import main
from inspire_lms.kernel import typefaces
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.db import db, session, transaction
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.plugin import registry, switch
from tests.builders import PASSWORD, a_cohort, a_person, an_administrator, staff

ADMINISTRATOR = {"INSPIRE_ADMIN_EMAIL": "ada@inspire.example", "INSPIRE_ADMIN_PASSWORD": PASSWORD}


@pytest.fixture
def environment(settings, monkeypatch):
    """The environment of an instance, as an administrator sets it."""
    given = {
        "INSPIRE_INSTANCE": str(settings.instance), "INSPIRE_DATABASE_URL": settings.database_url, "INSPIRE_ARGON2_CHEAP": "1", "INSPIRE_SECRET_KEY": "x",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    for name in ("PORT", "STAGE", "SEED"):
        monkeypatch.delenv(name, raising=False)
    return given


@pytest.fixture
def call(environment, monkeypatch, request):
    """Call a command: what it says, and its exit code. Typefaces come from those that other tests have made."""
    fonts = request.config.cache.mkdir("fonts")
    monkeypatch.setattr(typefaces, "_path", lambda name: fonts / f"{name}.{typefaces._CUT}.ttf")
    opened, create_app = [], serving.create_app

    def noted(settings):
        opened.append(create_app(settings))
        return opened[-1]

    monkeypatch.setattr(serving, "create_app", noted)

    def run(*words, **environ):
        done = CliRunner().invoke(main, [str(word) for word in words], env=environ)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    yield run
    for made in opened:
        with made.app_context():
            session.remove()
            db.engine.dispose()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def test_help_tells_every_command(call):
    said = call("--help").output
    for name in ("serve", "demo", "work", "check", "upgrade", "why", "edition", "revision", "new-plugin"):
        assert f"  {name}" in said


def test_a_setting_that_is_no_number_is_named(call):
    done = call("check", INSPIRE_PORT="many")
    assert done.exit_code == 1
    assert "INSPIRE_PORT must be a whole number, and is 'many'." in done.output


def test_why_says_what_each_grant_contributes(app, call):
    cohort = a_cohort("RO")
    person = staff(cohort, "coordinator", email="ana@inspire.example", given_name="Ana", family_name="Pop")
    yes = call("why", "Ana@inspire.example", "people:see", "RO")
    assert yes.output.startswith("Ana Pop has people:see in RO.\n  yes: coordinator")
    assert call("why", person.id, "people:see", cohort.context_id).output.startswith("Ana Pop has")
    assert call("why", person.id, "people:manage", "site").output.startswith("Ana Pop does not have people:manage in site.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody@inspire.example", "people:see", "site"), "There is no person nobody@inspire.example."),
        (("1", "people:dance", "site"), "There is no capability people:dance. There are: "),
        (("1", "people:see", "XX"), "There is no context XX. There are: site, RO, and the numbers of contexts."),
        (("1", "people:see", "99999"), "There is no context 99999. There are: site, RO, and the numbers of contexts."),
    ],
)
def test_why_says_what_it_does_not_know(app, call, words, said):
    a_cohort("RO")
    a_person()
    done = call("why", *words)
    assert (done.exit_code, said in done.output) == (1, True), done.output


def test_why_says_that_a_plugin_is_switched_off(app, call):
    first, second = a_cohort("RO"), a_cohort("IT")
    code, edition = first.edition.code, first.edition_id
    person = staff(first, "coordinator").id
    assert "switched off" not in call("why", person, "survey:see-results", "RO").output
    switch("survey", on=False, edition_id=edition)
    said = call("why", person, "survey:see-results", "RO").output
    assert said.splitlines()[-1] == f"  but survey is switched off for the edition {code}: its pages are not there"
    assert f"for the edition {code}" in call("why", person, "survey:see-results", "site").output
    assert "switched off" not in call("why", person, "survey:see-results", "IT").output
    assert "switched off" not in call("why", person, "people:see", "RO").output
    switch("survey", on=False)
    said = call("why", person, "survey:see-results", "IT").output
    assert said.splitlines()[-1] == "  but survey is switched off for the whole site: its pages are not there"
    assert second.id


@pytest.mark.parametrize("command", [("upgrade",), ("serve",), ("edition", "load", __file__), ("revision", "survey", "a colour")])
def test_a_database_that_is_ahead_of_this_version_is_left_alone_with_a_sentence(app, call, command):
    migrating.upgrade(app)
    with transaction():
        session.execute(text("UPDATE alembic_version SET version_num = 'of_next_year'"))
    done = call(*command)
    assert (done.exit_code, "The database has run of_next_year, which is not known here" in done.output) == (1, True), done.output


def test_a_migration_for_no_component_is_refused(app, call):
    done = call("revision", "servey", "a colour")
    assert (done.exit_code, done.output) == (1, f"Error: There is no component servey. There are: {', '.join(sorted(['kernel', *registry().plugins]))}\n")


def test_an_edition_with_mistakes_is_refused_with_each_line(app, call, tmp_path):
    wrong = tmp_path / "edition.toml"
    wrong.write_text('[programme]\ncode = 7\n[[country]]\ncode = "Italy"\n', encoding="utf-8")
    done = call("edition", "load", wrong)
    assert done.exit_code == 1
    assert f"{wrong}:line 2" in done.output
    assert "to correct; nothing was loaded." in done.output
    wrong.write_bytes(b"\xff\xfe\x00")
    assert call("edition", "load", wrong).exit_code == 1
    assert call("edition", "load", tmp_path / "nothing.toml").exit_code == 2


def test_the_sample_edition_is_loaded(app, call):
    from inspire_lms.kernel.programmes.sample.material import SAMPLE

    done = call("edition", "load", SAMPLE / "pilot.toml", "--shift-weeks", "1")
    assert (done.exit_code, done.output.startswith("The edition ")) == (0, True), done.output


def test_the_database_is_brought_up_to_date(call):
    assert call("upgrade").output.endswith("The database is up to date.\n")


def test_the_first_administrator_comes_from_the_environment(app, call, monkeypatch):
    served = []
    monkeypatch.setattr(serving, "serve", served.append)
    done = call("serve", "--port", "8123", **ADMINISTRATOR)
    assert "INSPIRE PA is at http://127.0.0.1:8123" in done.output
    assert access.is_last_administrator(people.by_email("ada@inspire.example").id)
    assert len(served) == 1
    assert call("serve").exit_code == 0


def test_without_a_terminal_and_without_the_environment_it_says_what_to_do(app, call):
    done = call("serve")
    assert done.exit_code == 1
    assert "Set INSPIRE_ADMIN_EMAIL and INSPIRE_ADMIN_PASSWORD" in done.output
    short = call("serve", **ADMINISTRATOR | {"INSPIRE_ADMIN_PASSWORD": "short"})
    assert (short.exit_code, "at least 10 characters" in short.output) == (1, True)


def test_on_a_terminal_it_asks_until_the_answers_will_do(app, monkeypatch):
    answers = iter(["ada", "Ada", "Neri", "short", "ada@inspire.example", "Ada", "Neri", PASSWORD])
    monkeypatch.setattr(serving.sys, "stdin", type("Terminal", (), {"isatty": lambda self: True})())
    monkeypatch.setattr(serving.click, "prompt", lambda *_asked, **_how: next(answers))
    serving.first_administrator()
    assert people.by_email("ada@inspire.example").name == "Ada Neri"


def test_a_new_instance_is_served_does_its_work_and_stops_when_told(environment, app):
    an_administrator()
    app.extensions.pop("inspire_nudge", None)
    port, root = free_port(), Path(__file__).parent.parent
    command = [sys.executable, "-c", "from inspire_lms.cli import main; main()", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, env=os.environ | environment, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as served:
        page = None
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5) as answer:
                    page = answer.read().decode()
                break
            except OSError:
                time.sleep(0.2)
        served.send_signal(signal.SIGTERM)
        try:
            said, _ = served.communicate(timeout=20)
        finally:
            served.kill()
    assert page is not None, said
    assert "<h1>" in page
    assert served.returncode == 0, said
    assert "Traceback" not in said


def test_a_port_changes_the_address_unless_one_was_set(settings, monkeypatch):
    monkeypatch.delenv("INSPIRE_BASE_URL", raising=False)
    assert serving.on_port(settings, 9000).base_url == "http://127.0.0.1:9000"
    assert serving.on_port(settings, None) == settings
    monkeypatch.setenv("INSPIRE_BASE_URL", "https://courses.example")
    assert (serving.on_port(settings, 9000).base_url, serving.on_port(settings, 9000).port) == (settings.base_url, 9000)


def test_every_stage_of_the_demonstration_has_its_own_folder(settings, monkeypatch):
    monkeypatch.setenv("INSPIRE_INSTANCE", "somewhere")
    assert serving.for_a_demo(settings, "over", 7).instance == settings.instance / "over-7"
    monkeypatch.delenv("INSPIRE_INSTANCE")
    made = serving.for_a_demo(settings, "over", 7)
    assert (made.instance, made.demo) == (Path("instance-demo/over-7"), True)


PRODUCTION = {
    "INSPIRE_DATABASE_URL": "postgresql+psycopg://inspire@db.invalid/inspire", "INSPIRE_JOBS_URL": "postgresql://inspire@db.invalid/inspire",
    "INSPIRE_SECRET_KEY": "of production", "INSPIRE_SMTP_HOST": "mail.invalid", "INSPIRE_SEAL": "p12", "INSPIRE_SEAL_FILE": "/srv/seal.p12",
    "INSPIRE_SEAL_PASSWORD": "secret",
}  # fmt: skip
"""What an operator has exported on the machine of a real instance."""


def test_a_demonstration_keeps_to_itself_where_a_real_instance_is_configured(call, monkeypatch):
    seen = []
    monkeypatch.setattr(serving.demo, "prepare", lambda *_which, **_how: seen.append(current_app.config["INSPIRE"]))
    done = call("demo", "--stage", "call", "--only-make", **PRODUCTION)
    (used,) = seen
    assert used.database == f"sqlite:///{used.instance.resolve() / 'inspire.sqlite'}"
    assert (used.jobs_url, used.secret_key, used.smtp_host, used.seal, used.seal_file, used.seal_password) == ("", "", "", "demo", "", "")
    said = done.output.splitlines()[0]
    assert said.startswith("A demonstration keeps to itself, so these are not used: INSPIRE_DATABASE_URL")
    assert all(name in said for name in PRODUCTION)


def test_a_demonstration_made_before_an_update_is_brought_up_to_date(call, monkeypatch):
    upgraded = []
    monkeypatch.setattr(serving.demo, "prepare", lambda *_which, **_how: None)
    monkeypatch.setattr(serving.migrating, "upgrade", upgraded.append)
    monkeypatch.setenv("INSPIRE_DATABASE_URL", "")
    call("demo", "--stage", "call", "--only-make")
    assert len(upgraded) == 1
    assert "are used again" in call("demo", "--stage", "call", "--only-make").output
    assert len(upgraded) == 2


@pytest.mark.parametrize("command", [("serve",), ("demo", "--stage", "call")])
@pytest.mark.parametrize(
    ("environ", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"INSPIRE_PORT": "9000"}, "http://127.0.0.1:9000"),
        ({"INSPIRE_PORT": "9000", "PORT": "9001"}, "http://127.0.0.1:9001"),
        ({"INSPIRE_PORT": "9000", "INSPIRE_HOST": "10.0.0.7"}, "http://10.0.0.7:9000"),
        ({"INSPIRE_PORT": "9000", "INSPIRE_HOST": "0.0.0.0"}, "http://127.0.0.1:9000"),
        ({"INSPIRE_PORT": "9000", "INSPIRE_BASE_URL": "https://course.example", "INSPIRE_DEMO": "1"}, "https://course.example"),
    ],
)
def test_links_begin_with_the_port_that_is_listened_on(app, call, monkeypatch, command, environ, address):
    served = []
    monkeypatch.setattr(serving, "serve", lambda made: served.append(made.config["INSPIRE"]))
    monkeypatch.setattr(serving.demo, "prepare", lambda *_which, **_how: None)
    monkeypatch.delenv("INSPIRE_BASE_URL", raising=False)
    said = call(*command, **ADMINISTRATOR, **environ).output
    assert f"is at {address} (Ctrl+C stops it)" in said
    (used,) = served
    assert (used.base_url, used.port) == (address, int(environ.get("PORT", environ.get("INSPIRE_PORT", "8000"))))


def test_a_demonstration_is_made_once_and_anew_when_it_was_interrupted_or_reset(call, environment, monkeypatch):
    made = []
    monkeypatch.setattr(serving.demo, "prepare", lambda stage, seed, _now, *, tell: (tell(stage), made.append((stage, seed))))
    monkeypatch.setenv("INSPIRE_DATABASE_URL", "")
    folder = Path(environment["INSPIRE_INSTANCE"]) / "call-7"
    first = call("demo", "--stage", "call", "--seed", "7", "--only-make", "--port", "8124")
    assert "Making the sample pilot" in first.output
    assert "http://127.0.0.1:8124" in first.output
    assert "administrator@inspire.example" in first.output
    again = call("demo", "--only-make", STAGE="call", SEED="7")
    assert "are used again" in again.output
    assert made == [("call", 7)]
    call("demo", "--stage", "call", "--seed", "7", "--only-make", "--reset")
    (folder / serving.MADE).unlink()
    call("demo", "--stage", "call", "--seed", "7", "--only-make")
    assert made == [("call", 7)] * 3


def test_the_worker_takes_up_what_was_left_and_runs_until_it_is_told_to_stop(app, monkeypatch):
    seen = []

    class Consumer:
        def __init__(self, workers):
            self.workers = workers

        def run(self):
            seen.append(self.workers)

    class Queue:
        def create_consumer(self, workers, worker_type):
            assert worker_type == "thread"
            return Consumer(workers)

    monkeypatch.setattr(serving, "queue_of", lambda _app: Queue())
    app.extensions["inspire_nudge"] = lambda: seen.append("nudged")
    serving.work(app, 3)
    assert seen == ["nudged", 3]


def test_a_migration_is_written_as_the_rest_of_the_code(call, tmp_path, monkeypatch):
    def write(_app, name, says):
        path = tmp_path / "written.py"
        path.write_text(f"'''{name}: {says}.'''\nfrom alembic import op\nimport sqlalchemy as sa\nrevision='1'\n")
        return path

    monkeypatch.setattr(migrating, "revision", write)
    done = call("revision", "badge", "badges and who holds them")
    assert done.output.endswith("written.py: read it before you run it.\n")
    assert (tmp_path / "written.py").read_text() == '"""badge: badges and who holds them."""\n\nrevision = "1"\n'


def test_a_plugin_is_begun_and_what_was_written_is_listed(call, tmp_path, monkeypatch):
    monkeypatch.setattr(new_plugin, "write", lambda name: [tmp_path / name / "__init__.py", tmp_path / name / "plugin.py"])
    done = call("new-plugin", "badge")
    assert done.output.splitlines()[:2] == [str(tmp_path / "badge" / "__init__.py"), str(tmp_path / "badge" / "plugin.py")]


def test_a_plugin_with_a_wrong_name_is_refused(call):
    done = call("new-plugin", "Badge")
    assert (done.exit_code, "small letters" in done.output) == (1, True)
