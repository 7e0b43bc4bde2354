"""The outbox: nothing lost, nothing twice for the same key, failures kept for a person."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.plugin import Every, registry, switch

NOON = datetime(2026, 12, 11, 12, tzinfo=UTC)


@pytest.fixture
def ran(app):
    seen = []
    registry().work["kernel.note"] = lambda **payload: seen.append(payload)
    return seen


def broken(**_payload):
    msg = "the printer is on fire"
    raise OSError(msg)


def store(**more):
    with transaction():
        jobs.later("kernel.note", **more)


def test_work_is_done_once(ran):
    store(what=1)
    assert (jobs.run_due(), jobs.run_due()) == (1, 0)
    assert ran == [{"what": 1}]


def test_a_key_is_stored_once_however_often_it_is_thought_of(ran):
    store(key="reminder:1", what=1)
    store(key="reminder:1", what=2)
    jobs.run_due()
    store(key="reminder:1", what=3)
    jobs.run_due()
    assert ran == [{"what": 1}]


def test_work_waits_for_its_time(ran):
    with clock.frozen(NOON):
        store(at=NOON + timedelta(hours=1), what=1)
        assert jobs.run_due() == 0
    with clock.frozen(NOON + timedelta(hours=1)):
        assert jobs.run_due() == 1


def test_what_was_undone_is_never_run(ran):
    with pytest.raises(ZeroDivisionError), transaction():
        jobs.later("kernel.note", what=1)
        1 / 0  # noqa: B018 (that is the case)
    assert jobs.run_due() == 0


def test_work_that_no_manifest_declares_is_refused(app):
    with pytest.raises(KeyError), transaction():
        jobs.later("kernel.nonsense")


def test_work_that_fails_is_tried_again_later_and_at_last_waits_for_a_person(ran):
    registry().work["kernel.note"] = broken
    at = NOON
    with clock.frozen(at):
        store()
    for _ in range(jobs.MOST_TRIES):
        with clock.frozen(at):
            assert jobs.run_due() == 1
            assert jobs.run_due() == 0
        at += timedelta(hours=2)
    with clock.frozen(at):
        assert jobs.run_due() == 0
        (job,) = jobs.failed()
        assert job.failed_at is not None
        assert "the printer is on fire" in job.error
        jobs.run_again(job.id)
        registry().work["kernel.note"] = lambda **_payload: None
        assert jobs.run_due() == 1
    assert jobs.failed() == []


def test_what_half_done_work_wrote_is_undone_with_it(ran):
    def half():
        jobs.later("kernel.note", what="from a job that fails")
        broken()

    registry().work["kernel.half"] = half
    with transaction():
        jobs.later("kernel.half")
    jobs.run_due()
    assert session.scalars(select(jobs.Job.kind)).all() == ["kernel.half"]


def test_a_row_whose_runner_was_killed_is_taken_over_after_its_lease(ran):
    with clock.frozen(NOON):
        store(what=1)
        (job_id,) = jobs._claim(10)
        assert jobs.run_due() == 0
    with clock.frozen(NOON + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.run_due() == 1
    assert ran == [{"what": 1}]
    assert session.get(jobs.Job, job_id).tries == 2


def test_work_of_a_plugin_that_is_off_waits_and_is_done_when_it_is_on_again(ran):
    registry().work["survey.note"] = registry().work["kernel.note"]
    switch("survey", on=False)
    for hour in range(jobs.MOST_TRIES + 1):
        with clock.frozen(NOON + timedelta(hours=hour)):
            if not hour:
                with transaction():
                    jobs.later("survey.note", what=1)
            assert jobs.run_due() == 1
            assert jobs.run_due() == 0
    assert (ran, jobs.failed()) == ([], [])
    switch("survey", on=True)
    with clock.frozen(NOON + timedelta(days=1)):
        assert jobs.run_due() == 1
    assert ran == [{"what": 1}]


def test_two_ticks_in_one_minute_store_one_row(ran):
    registry().schedule.append(Every(5, "kernel.note", broken))
    with clock.frozen(NOON):
        jobs.tick()
        jobs.tick()
    rows = session.scalars(select(jobs.Job).where(jobs.Job.kind == "kernel.note")).all()
    assert len(rows) == 1


def test_done_rows_of_the_schedule_are_forgotten_and_others_are_kept(ran):
    with clock.frozen(NOON):
        store(key="every:kernel.note:1")
        store(key="reminder:1")
        jobs.run_due()
    with clock.frozen(NOON + timedelta(days=3)):
        jobs.sweep()
    assert session.scalars(select(jobs.Job.key)).all() == ["reminder:1"]


def test_work_outside_a_transaction_runs_without_one(app):
    depth = []

    @jobs.outside
    def slow():
        depth.append(session().info.get("depth"))

    registry().work["kernel.slow"] = slow
    with transaction():
        jobs.later("kernel.slow")
    assert jobs.run_due() == 1
    assert depth == [0]
