"""The outbox: what must happen later, stored in the transaction of the deed that causes it.

A row is run at least once, in a transaction of its own; what it writes and its own "done" are stored together.
huey runs the rows: a thread inside the one-command server, a process of its own in production. A killed
process loses nothing, because the row waits here and not in the queue.
"""

import logging
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Flask, current_app, g
from sqlalchemy import CheckConstraint, Index, delete, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import Base, Id, after_commit, session, transaction
from inspire_lms.kernel.plugin import is_on, registry

LEASE = timedelta(minutes=5)
"""How long a runner keeps a row; after that another takes it over."""
MOST_TRIES = 8
"""A row that failed so often waits for a person."""
KEEP_SCHEDULED = timedelta(days=2)
"""How long rows of the schedule are kept once they are done."""
LOOK_AGAIN = timedelta(minutes=5)
"""After which time a row of a plugin that is switched off looks whether it is on again."""
Work = TypeVar("Work", bound=Callable[..., None])
log = logging.getLogger(__name__)


class WaitsError(Exception):
    """Raised by work that has to wait until its plugin is switched on again."""


class Job(Base):
    """One thing to do."""

    __tablename__ = "kernel_job"
    __table_args__ = (
        CheckConstraint("done_at IS NULL OR failed_at IS NULL", name="done_or_failed_not_both"),
        CheckConstraint("tries >= 0", name="tries_are_counted"),
        Index("ix_kernel_job_waiting", "done_at", "failed_at", "due_at"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    key: Mapped[str | None] = mapped_column(unique=True)
    """The same key is never stored twice: a reminder that was thought of twice is sent once."""
    payload: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    tries: Mapped[int]
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None]


def later(kind: str, *, key: str | None = None, at: datetime | None = None, **payload: Any) -> None:  # noqa: ANN401 (JSON)
    """Do *kind* with *payload* after the commit, or at *at*. A second one with the same *key* is ignored.

    Inside a transaction only. Raises KeyError for work that no manifest declares.
    """
    if kind not in registry().work:
        msg = f"No plugin declares the work {kind}."
        raise KeyError(msg)
    if key is not None and session.scalar(select(Job.id).where(Job.key == key)) is not None:
        return
    now = clock.now()
    session.add(Job(kind=kind, key=key, payload=payload, made_at=now, due_at=at or now, tries=0))
    session.flush()
    if at is None or at <= now:
        after_commit(_nudge)


def _nudge() -> None:
    nudge: Callable[[], None] | None = current_app.extensions.get("inspire_nudge")
    if nudge:
        nudge()


def run_due(limit: int = 200) -> int:
    """Run what is due, at most *limit* rows; say how many were run. Each has its own transaction."""
    ran = 0
    while ran < limit:
        claimed = _claim(min(10, limit - ran))
        if not claimed:
            break
        for job_id in claimed:
            run_one(job_id)
            ran += 1
    return ran


def _claim(most: int) -> list[int]:
    now = clock.now()
    with transaction():
        waiting = (
            select(Job.id)
            .where(Job.done_at.is_(None), Job.failed_at.is_(None), Job.due_at <= now, or_(Job.lease_until.is_(None), Job.lease_until < now))
            .order_by(Job.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        ids = list(session.scalars(waiting))
        if ids:
            session.execute(update(Job).where(Job.id.in_(ids)).values(lease_until=now + LEASE, tries=Job.tries + 1))
    return ids


def run_one(job_id: int) -> None:
    """Run one claimed row, and keep what went wrong."""
    for each in [name for name in g if not name.startswith("_")]:
        g.pop(each)
    try:
        with transaction():
            job = session.scalar(select(Job).where(Job.id == job_id).with_for_update())
            if job is None or job.done_at is not None:
                return
            work = registry().work[job.kind]
            if not getattr(work, "runs_outside", False):
                _work(job)
                _finish(job)
                return
        _work(session.get_one(Job, job_id))
        with transaction():
            _finish(session.get_one(Job, job_id))
    except WaitsError:
        _postpone(job_id)
    except Exception:
        log.exception("job %s failed", job_id)
        _keep_failure(job_id, traceback.format_exc(limit=-6))


def outside(work: Work) -> Work:
    """Mark work that makes its own transactions, because it waits for something slow in between: a mail server."""
    work.runs_outside = True  # type: ignore[attr-defined]  # a mark on a function
    return work


def _work(job: Job) -> None:
    owner = job.kind.partition(".")[0]
    if owner != "kernel" and not is_on(owner):
        raise WaitsError
    registry().work[job.kind](**job.payload)


def _finish(job: Job) -> None:
    job.done_at, job.lease_until, job.error = clock.now(), None, None


def _postpone(job_id: int) -> None:
    """Let a row wait without counting that as a try."""
    with transaction():
        job = session.get_one(Job, job_id)
        job.due_at, job.lease_until, job.tries = clock.now() + LOOK_AGAIN, None, job.tries - 1


def _keep_failure(job_id: int, error: str) -> None:
    with transaction():
        job = session.get_one(Job, job_id)
        now = clock.now()
        job.error, job.lease_until = error, None
        if job.tries >= MOST_TRIES:
            job.failed_at = now
        else:
            job.due_at = now + timedelta(seconds=min(3600, 10 * 3 ** (job.tries - 1)))


def run_again(job_id: int) -> None:
    """Give a failed row another set of tries."""
    with transaction():
        job = session.get_one(Job, job_id)
        job.failed_at, job.due_at, job.tries = None, clock.now(), 0
        after_commit(_nudge)


def failed() -> list[Job]:
    """List the rows that wait for a person or have failed at least once, newest first."""
    broken = or_(Job.failed_at.is_not(None), Job.error.is_not(None))
    return list(session.scalars(select(Job).where(broken, Job.done_at.is_(None)).order_by(Job.id.desc()).limit(200)))


def tick() -> None:
    """Store a row for each scheduled work whose time has come. Two ticks at once do no harm."""
    now = clock.now()
    minute = int(now.timestamp()) // 60
    with transaction():
        for every in registry().schedule:
            owner = every.name.partition(".")[0]
            if owner == "kernel" or is_on(owner):
                later(every.name, key=f"every:{every.name}:{minute // every.minutes}")


def sweep() -> None:
    """Forget the done rows of the schedule."""
    with transaction():
        old = clock.now() - KEEP_SCHEDULED
        session.execute(delete(Job).where(Job.key.like("every:%"), Job.done_at < old))


def queue(app: Flask, address: str) -> Any:  # noqa: ANN401 (huey has no types)
    """Make the huey queue of *app* at *address*: the path of a file, postgresql://… or redis://….

    Its two tasks drain the outbox: after each commit that stored a row, and every minute together with the schedule.
    """
    import huey as queues  # slow import

    if address.startswith("redis"):
        made = queues.RedisHuey("inspire", url=address)
    elif address.startswith("postgres"):
        made = queues.PostgresHuey("inspire", dsn=address)
    else:
        made = queues.SqliteHuey("inspire", filename=address)

    def drain() -> None:
        with app.app_context():
            while run_due():
                pass

    def every_minute() -> None:
        with app.app_context():
            tick()
        drain()

    task = made.task()(drain)
    made.periodic_task(queues.crontab(minute="*"))(every_minute)
    app.extensions["inspire_nudge"] = task
    return made
