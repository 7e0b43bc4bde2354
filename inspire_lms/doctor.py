"""What a healthy instance has, and what must hold in what it keeps: one line for each, for people and for monitors."""

import smtplib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from babel.messages.pofile import read_po
from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from inspire_lms import migrating
from inspire_lms.kernel import clock, i18n, jobs, mail, typefaces
from inspire_lms.kernel.db import db, is_sqlite, session
from inspire_lms.kernel.plugin import plugins
from inspire_lms.kernel.programmes import queries as programmes

SAMPLE_NAMES = "Nicolò D'Angelo, Ștefan Țiriac, Γεώργιος Παπαϊωάννου"
"""Letters that every certificate must be able to print."""

LATE = timedelta(minutes=10)
"""Work that has been due for so long says that nobody does it."""

OFF = timedelta(seconds=10)
"""The most by which our clock and that of the database server may differ."""


@dataclass(frozen=True)
class Finding:
    """What was looked at, and what is wrong with it; None when all is well."""

    name: str
    wrong: str | None
    note: str = ""


def look() -> Iterator[Finding]:
    """Look at everything, one thing after the other. Inside an application context."""
    own: tuple[tuple[str, Callable[[], str | None]], ...] = (
        ("database", _database),
        ("migrations", _migrations),
        ("secret key", _secret_key),
        ("mail", _mail),
        ("clock", _clock),
        ("fonts", _fonts),
        ("jobs", _jobs),
        ("zones", _zones),
        ("translations", _translations),
    )
    for name, run in (*own, *((check.name, check.run) for each in plugins() for check in each.checks)):
        try:
            yield Finding(name, run(), _note(name))
        except (OSError, ValueError, SQLAlchemyError) as fault:
            session.rollback()
            yield Finding(name, f"{type(fault).__name__}: {str(fault).splitlines()[0] if str(fault) else 'no more is known'}")


def audit() -> Iterator[Finding]:
    """Hold what is kept against what must be true of it, whatever people and machines did: only reading. Inside an application context."""
    own: tuple[tuple[str, Callable[[], Iterable[str]]], ...] = (("seats", _seats),)
    with _reading_only():
        for name, run in (*own, *(each for plugin in plugins() for each in plugin.audits.items())):
            yield Finding(name, "; ".join(run()) or None)


@contextmanager
def _reading_only() -> Iterator[None]:
    """Let the database refuse to write, so that looking at a live site cannot change it."""
    session.rollback()
    session.execute(text("PRAGMA query_only = ON" if is_sqlite(db.engine) else "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
    try:
        yield
    finally:
        if is_sqlite(db.engine):
            session.execute(text("PRAGMA query_only = OFF"))
        session.rollback()


def _seats() -> Iterator[str]:
    counted = programmes.count_seats_taken()
    for cohort in programmes.all_cohorts():
        if cohort.taken != counted.get(cohort.id, 0):
            yield f"cohort {cohort.id} counts {cohort.taken} seats as taken, and {counted.get(cohort.id, 0)} people hold one"


def _note(name: str) -> str:
    if name == "mail" and not current_app.config["INSPIRE"].smtp_host:
        return "no mail server is set: mails are kept and can be read in the administrator's pages"
    return str(db.engine.dialect.name) if name == "database" else ""


def _database() -> str | None:
    if session.scalar(text("SELECT 1")) != 1:
        return "it answers, but not what it was asked"
    if is_sqlite(db.engine) and session.scalar(text("PRAGMA foreign_keys")) != 1:
        return "foreign keys are not looked after"
    return None


def _migrations() -> str | None:
    if strange := migrating.unknown():
        return f"the database has run {', '.join(strange)}, which is not known here: a newer version or a plugin has left it so"
    waiting = migrating.pending()
    return f"{len(waiting)} not run yet: {', '.join(waiting)}. Start the site, or run: inspire-lms upgrade" if waiting else None


def _secret_key() -> str | None:
    kept = current_app.config["INSPIRE"].instance / "secret-key"
    if kept.exists() and kept.stat().st_mode & 0o077:
        return f"others may read {kept}: chmod 600"
    return None


def _mail() -> str | None:
    if not current_app.config["INSPIRE"].smtp_host:
        return None
    try:
        mail.reach_server()
    except (OSError, smtplib.SMTPException) as fault:
        return f"the mail server cannot be used: {fault}"
    return None


def _clock() -> str | None:
    if is_sqlite(db.engine):
        return None
    off = abs(session.scalars(select(func.now())).one() - clock.now())
    return f"it differs from that of the database by {off.total_seconds():.0f} seconds" if off > OFF else None


def _fonts() -> str | None:
    missing = {face: typefaces.missing_letters(SAMPLE_NAMES, face) for face in typefaces.FACES}
    lacking = [f"{face} lacks {' '.join(sorted(letters))}" for face, letters in missing.items() if letters]
    return "; ".join(lacking) or None


def _jobs() -> str | None:
    failed = session.scalar(select(func.count()).where(jobs.Job.failed_at.is_not(None))) or 0
    late = select(func.count()).where(jobs.Job.done_at.is_(None), jobs.Job.failed_at.is_(None), jobs.Job.due_at < clock.now() - LATE)
    waiting = session.scalar(late) or 0
    said = [f"{failed} failed for good: see Administration, Work"] if failed else []
    said += [f"{waiting} have been due for more than ten minutes: is a worker running?"] if waiting else []
    return "; ".join(said) or None


def _zones() -> str | None:
    wanted = {cohort.zone for cohort in programmes.all_cohorts()} | set(i18n.ZONES)
    unknown = sorted(zone for zone in wanted if not i18n.is_zone(zone))
    return f"not known here: {', '.join(unknown)}" if unknown else None


def _translations() -> str | None:
    catalogues: i18n.Catalogues = current_app.extensions["inspire_catalogues"]
    short = []
    for folder in catalogues.folders:
        for path in sorted(folder.glob("*/LC_MESSAGES/*.po")):
            with path.open("rb") as stream:
                lacking = sum(1 for message in read_po(stream) if message.id and not _is_complete(message.string))
            if lacking:
                short.append(f"{path.parts[-3]}/{path.stem} lacks {lacking}")
    return "; ".join(short) or None


def _is_complete(told: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(told) if isinstance(told, str) or told is None else all(told)
