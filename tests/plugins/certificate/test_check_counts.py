"""Checks are counted by day, way and answer; nobody waits for it, and nothing about anybody is in it."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError, OperationalError

from inspire_lms.kernel import clock, files
from inspire_lms.kernel.db import db, is_sqlite, session, transaction
from inspire_lms.plugins.certificate import codes
from inspire_lms.plugins.certificate.checking import counting
from inspire_lms.plugins.certificate.checking.counting import Tally, Way
from inspire_lms.plugins.certificate.checking.statuses import Status
from inspire_lms.plugins.certificate.models import ChecksOfDay
from inspire_lms.plugins.certificate.plugin import plugin
from tests.plugins.certificate.builders import one_issued
from tests.plugins.certificate.test_check_pages import dropped

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TODAY = NOON.date()


@pytest.fixture
def certificate(app, records):
    app.extensions.pop("certificate_checks", None)
    return one_issued(records, given_name="Ștefan", family_name="Țiriac")[2]


def counts():
    session.rollback()
    return {
        (row.day, row.way, row.answer): row.number for row in session.scalars(select(ChecksOfDay).execution_options(populate_existing=True))
    }


def test_each_answer_is_counted_once_by_the_way_that_led_to_it(client, certificate):
    code, short, number, digest = certificate.code, certificate.short_code, certificate.number, certificate.digest
    content = files.content_of(digest)
    typed = {"code": short, "family_name": "Tiriac"}
    asks = [
        lambda: client.get(f"/certificate/check/{code}"),
        lambda: client.get(f"/certificate/check/{code}.json"),
        lambda: client.post("/certificate/check", data={"code": code}, follow_redirects=True),
        lambda: client.get(f"/certificate/check/{codes.secret_code()}"),
        lambda: client.get(f"/certificate/number/{number}"),
        lambda: client.post("/certificate/check", data={"code": number}),
        lambda: client.post("/certificate/check", data=typed, follow_redirects=True),
        lambda: client.post("/certificate/check", data=typed | {"family_name": "Pop"}),
        lambda: client.get(f"/certificate/check/file/{digest}"),
        lambda: client.head(f"/certificate/check/file/{digest}"),
        lambda: client.head(f"/certificate/check/file/{'0' * 64}"),
        lambda: dropped(client, content),
        lambda: dropped(client, content + b"%"),
        lambda: dropped(client, b"nothing"),
        lambda: client.get("/certificate/check"),
        lambda: client.post("/certificate/check", data={}),
    ]
    with clock.frozen(NOON):
        for ask in asks:
            ask().close()
    assert counts() == {
        (TODAY, "link", "demonstration"): 3,
        (TODAY, "link", "unknown"): 1,
        (TODAY, "number", "demonstration"): 2,
        (TODAY, "short-code", "demonstration"): 1,
        (TODAY, "short-code", "unknown"): 1,
        (TODAY, "digest", "demonstration"): 1,
        (TODAY, "digest", "unknown"): 1,
        (TODAY, "file", "demonstration"): 1,
        (TODAY, "file", "changed"): 1,
        (TODAY, "file", "not-ours"): 1,
    }


def test_who_was_asked_to_wait_is_not_counted(client, certificate):
    with clock.frozen(NOON):
        for _ in range(65):
            client.get(f"/certificate/number/{certificate.number}").close()
    assert counts() == {(TODAY, "number", "demonstration"): 60}


@pytest.mark.both_engines
def test_what_several_processes_count_at_once_adds_up(app):
    tallies = [Tally() for _ in range(4)]
    for tally in tallies:
        for _ in range(5):
            tally.add(TODAY, Way.LINK, Status.VALID)
            tally.add(TODAY, Way.FILE, Status.CHANGED)

    def store(tally):
        with app.app_context():
            tally.store()

    threads = [threading.Thread(target=store, args=(tally,)) for tally in tallies]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert counts() == {(TODAY, "link", "valid"): 20, (TODAY, "file", "changed"): 20}
    tallies[0].store()
    assert counts() == {(TODAY, "link", "valid"): 20, (TODAY, "file", "changed"): 20}


@pytest.mark.sqlite_only
def test_when_the_database_is_busy_the_answer_is_given_all_the_same_and_counted_later(client, certificate, app):
    assert is_sqlite(db.engine)
    address = f"/certificate/number/{certificate.number}"
    other = db.engine.raw_connection()

    def impatient(connection, *_rest):
        connection.execute("PRAGMA busy_timeout=50")

    event.listen(db.engine, "checkout", impatient)
    try:
        other.execute("BEGIN IMMEDIATE")
        with clock.frozen(NOON):
            answer = client.get(address)
            assert answer.status_code == 200
            answer.close()
        with pytest.raises(OperationalError), transaction():
            session.add(ChecksOfDay(day=TODAY, way="x", answer="y", number=1))
        other.execute("ROLLBACK")
    finally:
        event.remove(db.engine, "checkout", impatient)
        other.close()
    assert counts() == {}
    with clock.frozen(NOON):
        client.get(address).close()
    assert counts() == {(TODAY, "number", "demonstration"): 2}


def test_counts_are_kept_for_a_year(app):
    days = [TODAY, TODAY - timedelta(days=366), TODAY - timedelta(days=367), date(2020, 1, 1)]
    with transaction():
        session.add_all([ChecksOfDay(day=day, way="link", answer="valid", number=1) for day in days])
    assert counting.forget in [every.run for every in plugin.schedule]
    with clock.frozen(NOON):
        counting.forget()
    assert sorted(day for day, _way, _answer in counts()) == sorted(days[:2])


@pytest.mark.both_engines
def test_a_count_is_never_less_than_one(app):
    with pytest.raises(IntegrityError, match="checks_are_counted_from_one"), transaction():
        session.add(ChecksOfDay(day=TODAY, way="link", answer="valid", number=0))
        session.flush()
