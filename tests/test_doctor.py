"""The doctor: one line for each thing, and an exit code for monitors."""

from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from inspire_lms import doctor, migrating
from inspire_lms.cli import main
from inspire_lms.kernel import clock, i18n, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.programmes.models import Cohort
from tests.builders import a_cohort

NAMES = {"database", "migrations", "secret key", "mail", "clock", "fonts", "jobs", "zones", "translations"}


def wrong(app, name):
    return next(found.wrong for found in doctor.look() if found.name == name)


def test_it_looks_at_everything_and_at_what_plugins_add(app):
    seen = [found.name for found in doctor.look()]
    assert set(seen) > NAMES
    assert len(seen) == len(set(seen))


def test_the_command_prints_a_line_each_and_fails_when_one_is_wrong(settings, monkeypatch):
    monkeypatch.setattr(
        doctor, "look", lambda: iter([doctor.Finding("database", None, "sqlite"), doctor.Finding("clock", "it runs backwards")])
    )
    env = {"INSPIRE_INSTANCE": str(settings.instance), "INSPIRE_DATABASE_URL": settings.database_url, "INSPIRE_SECRET_KEY": "x"}
    done = CliRunner().invoke(main, ["check"], env=env)
    assert done.output == "ok     database             sqlite\nWRONG  clock                it runs backwards\n"
    assert done.exit_code == 1
    monkeypatch.setattr(doctor, "look", lambda: iter([doctor.Finding("database", None)]))
    assert CliRunner().invoke(main, ["check"], env=env).exit_code == 0


def test_a_mail_server_that_does_not_answer_is_wrong_and_none_is_not(app):
    assert wrong(app, "mail") is None
    app.config["INSPIRE"] = replace(app.config["INSPIRE"], smtp_host="127.0.0.1", smtp_port=1)
    assert wrong(app, "mail").startswith("the mail server cannot be used")


def test_work_that_failed_and_work_that_nobody_does_is_told(app):
    with transaction():
        for late in (timedelta(minutes=9), timedelta(minutes=11)):
            session.add(jobs.Job(kind="kernel.sweep", payload={}, made_at=clock.now(), due_at=clock.now() - late, tries=0))
        session.add(jobs.Job(kind="kernel.sweep", payload={}, made_at=clock.now(), due_at=clock.now(), failed_at=clock.now(), tries=8))
    assert (
        wrong(app, "jobs") == "1 failed for good: see Administration, Work; 1 have been due for more than ten minutes: is a worker running?"
    )


def test_a_key_that_others_may_read_is_told(app, settings):
    key = settings.instance / "secret-key"
    key.write_text("x")
    key.chmod(0o600)
    assert wrong(app, "secret key") is None
    key.chmod(0o644)
    assert "others may read" in wrong(app, "secret key")


def test_a_language_that_is_not_complete_is_told(app, tmp_path):
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "kernel.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "Seats"\nmsgstr ""\n\nmsgid "Name"\nmsgstr "Nom"\n', encoding="utf-8")
    app.extensions["inspire_catalogues"] = i18n.Catalogues([tmp_path])
    assert wrong(app, "translations") == "fr/kernel lacks 1"


def test_migrations_that_were_not_run_are_told(app, monkeypatch):
    monkeypatch.setattr(doctor.migrating, "pending", lambda: ["abc"])
    assert wrong(app, "migrations").startswith("1 not run yet: abc.")


def test_a_database_that_is_ahead_of_this_version_is_told(app):
    migrating.upgrade(app)
    assert wrong(app, "migrations") is None
    with transaction():
        session.execute(text("UPDATE alembic_version SET version_num = 'of_next_year'"))
    assert wrong(app, "migrations").startswith("the database has run of_next_year, which is not known here")


def test_what_fails_while_looking_is_a_finding_and_the_rest_is_still_looked_at(app, monkeypatch):
    def broken():
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(doctor, "_clock", broken)
    found = {each.name: each.wrong for each in doctor.look()}
    assert found["clock"] == "OSError: [Errno 5] Input/output error"
    assert found["fonts"] is None


@pytest.mark.parametrize("zone", ["Europe/Atlantis"])
def test_a_zone_that_is_not_known_here_is_told(app, monkeypatch, zone):
    monkeypatch.setattr(i18n, "ZONES", {zone: None})
    assert wrong(app, "zones") == f"not known here: {zone}"


def test_the_audit_holds_what_is_kept_against_what_must_be_true(app):
    found = {each.name: each.wrong for each in doctor.audit()}
    assert set(found) >= {"seats", "places and seats", "accepted take part", "issued files", "chains of certificates"}
    assert set(found.values()) == {None}
    cohort_id = a_cohort().id
    with transaction():
        session.execute(update(Cohort).where(Cohort.id == cohort_id).values(taken=1))
    assert next(doctor.audit()).wrong == f"cohort {cohort_id} counts 1 seats as taken, and 0 people hold one"


@pytest.mark.both_engines
def test_the_audit_cannot_write_and_leaves_the_database_writable(app):
    a_cohort()
    took_a_seat = text("UPDATE programmes_cohort SET taken = 1")
    with pytest.raises(DBAPIError, match=r"read-?only"):
        for _ in doctor.audit():
            session.execute(took_a_seat)
    with transaction():
        session.execute(took_a_seat)


def test_the_command_of_the_audit_prints_a_line_each_and_fails_on_a_breach(app, settings):
    with transaction():
        session.execute(update(Cohort).where(Cohort.id == a_cohort().id).values(taken=1))
    migrating.upgrade(app)
    env = {"INSPIRE_INSTANCE": str(settings.instance), "INSPIRE_DATABASE_URL": settings.database_url, "INSPIRE_SECRET_KEY": "x"}
    done = CliRunner().invoke(main, ["audit"], env=env)
    assert done.output.startswith("WRONG  seats                cohort ")
    assert "ok     places and seats\n" in done.output
    assert done.exit_code == 1
