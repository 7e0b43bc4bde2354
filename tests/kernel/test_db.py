"""The database: one way to write, aware moments, exact numbers."""

import threading
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import literal_column, select, text, update

from inspire_lms.kernel.access.models import Override
from inspire_lms.kernel.db import Exact, Moment, after_commit, db, once_a_page, read_along, session, transaction
from inspire_lms.kernel.plugin import Site


def test_a_write_outside_a_transaction_is_a_fault(app):
    session.add(Override(role="trainer", capability="x:y", is_given=True))
    with pytest.raises(RuntimeError, match="outside transaction"):
        session.flush()
    session.rollback()


def test_a_bulk_write_outside_a_transaction_is_a_fault(app):
    with pytest.raises(RuntimeError, match="outside transaction"):
        session.execute(update(Site).values(version=2))


def test_the_outermost_block_commits_and_an_error_undoes_everything(app):
    with pytest.raises(ZeroDivisionError), transaction():
        session.add(Override(role="trainer", capability="x:y", is_given=True))
        with transaction():
            session.add(Override(role="trainer", capability="x:z", is_given=True))
        1 / 0  # noqa: B018 (that is the case)
    assert session.query(Override).count() == 0


def test_what_waits_for_the_commit_happens_after_it_and_never_without_it(app):
    seen = []
    with transaction():
        after_commit(lambda: seen.append(1))
        assert seen == []
    assert seen == [1]
    with pytest.raises(ZeroDivisionError), transaction():
        after_commit(lambda: seen.append(2))
        1 / 0  # noqa: B018
    assert seen == [1]


def test_a_deed_that_was_stored_is_done_even_when_what_follows_it_fails(app, caplog):
    seen = []

    def fail():
        msg = "the queue cannot be reached"
        raise OSError(msg)

    with transaction():
        session.add(Override(role="trainer", capability="x:y", is_given=True))
        after_commit(fail)
        after_commit(lambda: seen.append(1))
    assert session.query(Override).count() == 1
    assert seen == [1]
    assert "the queue cannot be reached" in caplog.text


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_naive_moment_cannot_be_stored(engine):
    with pytest.raises(ValueError):
        Moment().process_bind_param(datetime(2026, 1, 1), None)  # noqa: DTZ001


@pytest.mark.both_engines
def test_moments_come_back_aware_and_decimals_exact(app):
    from inspire_lms.kernel.jobs import Job

    at = datetime(2026, 12, 11, 12, 0, 1, 5, tzinfo=UTC)
    with transaction():
        session.add(Job(kind="x", payload={"ș": "Ά"}, made_at=at, due_at=at, tries=0))
    session.expire_all()
    kept = session.query(Job).one()
    assert (kept.made_at, kept.payload) == (at, {"ș": "Ά"})
    one = session.scalar(select(literal_column("12345678.1234", Exact)))
    assert one == Decimal("12345678.1234")


@pytest.mark.sqlite_only
def test_sqlite_runs_with_full_synchronisation_and_keeps_foreign_keys(app):
    values = {name: session.scalar(text(f"PRAGMA {name}")) for name in ("synchronous", "foreign_keys", "journal_mode")}
    assert values == {"synchronous": 2, "foreign_keys": 1, "journal_mode": "wal"}


@pytest.mark.both_engines
def test_twenty_writers_at_once_all_come_through(app):
    from inspire_lms.kernel.plugin import forget

    with transaction():
        forget()
    errors = []

    def write():
        try:
            with app.app_context(), transaction():
                site = session.get(Site, 1, with_for_update=True)
                site.version += 1
        except Exception as error:  # noqa: BLE001 (whatever it is, it is a failure)
            errors.append(error)
        finally:
            with app.app_context():
                db.session.remove()

    threads = [threading.Thread(target=write) for _ in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    session.rollback()
    assert errors == []
    assert session.get(Site, 1, populate_existing=True).version == 21


def test_what_several_parts_of_a_page_need_is_read_once_until_something_is_written(app):
    asked = []

    @once_a_page
    def members(cohort_id):
        asked.append(cohort_id)
        return cohort_id

    members(1)
    with app.test_request_context("/"):
        assert [members(2), members(2), members(3)] == [2, 2, 3]
        with transaction():
            assert members(2) == 2
        members(2)
    with app.test_request_context("/", method="POST"):
        members(4)
        members(4)
    assert asked == [1, 2, 3, 2, 2, 4, 4]


def test_what_another_statement_has_read_along_is_not_asked_for_again_on_that_page(app):
    asked = []

    @once_a_page
    def members(cohort_id):
        asked.append(cohort_id)
        return cohort_id

    with app.test_request_context("/"):
        read_along(members, 1, gives=None)
        assert [members(1), members(2)] == [None, 2]
        with transaction():
            read_along(members, 1, gives=7)
            assert members(1) == 1
    with app.test_request_context("/", method="POST"):
        read_along(members, 1, gives=7)
        assert members(1) == 1
    read_along(members, 1, gives=7)
    assert members(1) == 1
    assert asked == [2, 1, 1, 1]
