"""The work that gives files their longer-lived forms: one job for each certificate, so that one that fails holds up no other."""

import logging
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from inspire_lms.kernel import clock, files, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.jobs import Job, outside
from inspire_lms.plugins.certificate.prolonging import keeping, levels, queries
from inspire_lms.plugins.certificate.prolonging.levels import NotProlongedError
from inspire_lms.plugins.certificate.prolonging.queries import TRY_FOR, Due
from inspire_lms.plugins.certificate.rules import Level
from inspire_lms.plugins.certificate.sealing import chosen
from inspire_lms.plugins.certificate.sealing.time import Stamper, ends_at

log = logging.getLogger(__name__)

STAMP, ARCHIVE = "certificate.stamp", "certificate.archive"
LATE = timedelta(days=2)
"""A form that has not come after so long says that something hinders it."""
GAIN = timedelta(days=30)
"""By how much a new time stamp has to last longer than the old one: a server whose own certificate is about to end has none to give."""
ENDING = timedelta(days=30)
"""A time stamp that ends so soon should have been renewed long ago."""


def have_stamped(certificate_id: int) -> None:
    """Have a certificate that was issued without a time stamp given one as soon as one is to be had; inside a transaction.

    Nothing is asked for where no server of time stamps is set.
    """
    if chosen.stamper() is not None:
        jobs.later(STAMP, key=f"{STAMP}:{certificate_id}", certificate_id=certificate_id)


@outside
def stamp(certificate_id: int) -> None:
    """Give a certificate's file the time stamp that its issue did not get. Raises TimeStampError; the work is tried again later."""
    _prolong(certificate_id, Level.B_T, levels.with_time_stamp)


@outside
def archive(certificate_id: int) -> None:
    """Give a file with a time stamp what is needed to check it later and a time stamp over all; or a new one before the last one ends.

    Raises as stamp does, and UnreachableSealError when nobody says on which root our seal rests.
    """
    _prolong(certificate_id, Level.B_LTA, lambda pdf, stamper: levels.with_archive(pdf, chosen.known()[1], stamper))


@outside
def prolong() -> None:
    """Every night: ask for all that is due. What was given up on is tried anew, what waits already is left alone."""
    stamper = chosen.stamper()
    if stamper is None:
        return
    found = _due()
    _ask_for([one for one in found if one.level != Level.B_LTA])
    if ending := [one for one in found if one.level == Level.B_LTA]:
        until = ends_at(stamper.token_for(b"How long does a time stamp of today last?"))
        _ask_for([one for one in ending if one.ends_at is not None and until - one.ends_at >= GAIN])


def what_is_wrong() -> str | None:
    """Say, for the doctor, how many files wait for a time stamp longer than they should; None when none does."""
    if chosen.stamper() is None:
        return None
    now, found = clock.now(), _due()
    asked = {job["certificate_id"] for job in session.scalars(select(Job.payload).where(Job.kind == STAMP, Job.made_at > now - TRY_FOR))}
    wanted = (one for one in found if one.level == Level.B_T or (one.level == Level.B_B and one.certificate_id in asked))
    waiting = sum(one.since < now - LATE for one in wanted)
    ending = sum(one.ends_at is not None and one.ends_at < now + ENDING for one in found if one.level == Level.B_LTA)
    said = [f"certificates that have waited for a time stamp for more than {LATE.days} days: {waiting}"] if waiting else []
    said += [f"the time stamps of {ending} certificates end within {ENDING.days} days"] if ending else []
    return f"{'; '.join(said)}: see Administration, Work" if said else None


def _ask_for(wanted: list[Due]) -> None:
    """Store a job for each of *wanted* that has none, and give those that were given up on another set of tries.

    For a file without a time stamp none is stored: its job is as old as the file, unless it was issued when no server was set, and
    then it has no room for one.
    """
    with transaction():
        unfinished = {
            (job.kind, job.payload["certificate_id"]): job
            for job in session.scalars(select(Job).where(Job.kind.in_((STAMP, ARCHIVE)), Job.done_at.is_(None)))
        }
        for one in wanted:
            kind = STAMP if one.level == Level.B_B else ARCHIVE
            job = unfinished.get((kind, one.certificate_id))
            if job is None and kind == ARCHIVE:
                key = f"{kind}:{one.certificate_id}:{clock.now().date().isoformat()}"
                jobs.later(kind, key=key, certificate_id=one.certificate_id)
            elif job is not None and job.failed_at is not None:
                jobs.run_again(job.id)


def _prolong(certificate_id: int, level: Level, make: Callable[[bytes, Stamper], bytes]) -> None:
    """Make the next form outside a transaction, since servers are slow, and keep it inside one; do nothing when it is not due."""
    stamper = chosen.stamper()
    found, form = _due([certificate_id]), keeping.open_form(certificate_id)
    if stamper is None or not found or form is None or (level is Level.B_T) != (form.level == Level.B_B):
        return
    pdf = files.content_of(form.digest)
    session.rollback()
    try:
        made = make(pdf, stamper)
    except NotProlongedError as error:
        # Trying again in a minute would change nothing. The next night may, and the doctor tells.
        log.warning("The file of certificate %s stays at %s: %s", certificate_id, form.level, error)
        return
    with transaction():
        keeping.keep(certificate_id, made, level, of=form, ends_at=levels.last_stamp_ends_at(made))


def _due(only: list[int] | None = None) -> list[Due]:
    now = clock.now()
    return queries.due(at=now, today=now.date(), only=only)
