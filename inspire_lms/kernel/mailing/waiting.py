"""Mails that wait until somebody releases them: read, rewritten, released once, or dropped.

Each deed touches only what still waits: two people at once release a mail once, and what has gone is not changed any more.
All are to be called inside a transaction.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, select, update

from inspire_lms.kernel import clock, jobs, mail
from inspire_lms.kernel.db import Base, session
from inspire_lms.kernel.mail import Mail, MailState
from inspire_lms.kernel.mailing import server


def release(ids: Collection[int]) -> int:
    """Let those of these mails that still wait be sent after the commit; say how many they are.

    They bear the moment of their release as their date, and go to the address that the person has now.
    """
    person = Base.metadata.tables["people_person"]
    now_at = select(person.c.email).where(person.c.id == Mail.to_person, person.c.erased_at.is_(None)).scalar_subquery()
    state = MailState.QUEUED if server.is_set() else MailState.KEPT
    changed = update(Mail).where(_waits(ids)).values(
        state=state, parts=None, written_at=clock.now(), address=func.coalesce(now_at, Mail.address)
    )  # fmt: skip
    released = session.scalars(changed.returning(Mail.id).execution_options(synchronize_session="fetch")).all()
    if state == MailState.QUEUED:
        for mail_id in sorted(released):
            jobs.later(mail.SEND, mail_id=mail_id)
    return len(released)


def drop(ids: Collection[int], why: str) -> int:
    """Let those of these mails that still wait never be sent, and keep *why*; say how many they are."""
    dropped = update(Mail).where(_waits(ids)).values(state=MailState.DROPPED, parts=None, error=why)
    return len(session.scalars(dropped.returning(Mail.id).execution_options(synchronize_session="fetch")).all())


def rewrite(waiting: Mail, *, subject: str, greeting: str, lines: Sequence[str]) -> None:
    """Make a mail that waits anew with other words; its facts and its button stay."""
    waiting.subject = " ".join(subject.split())
    waiting.parts = (waiting.parts or {}) | {"greeting": greeting, "lines": list(lines)}
    waiting.text, waiting.html = mail.render(waiting.subject, waiting.language, waiting.parts)


def text_with(waiting: Mail, line: str) -> str:
    """Give the text of a mail that waits as it would be with one more paragraph."""
    parts = waiting.parts or {}
    return mail.render(waiting.subject, waiting.language, parts | {"lines": [*parts["lines"], line]})[0]


def _waits(ids: Collection[int]) -> ColumnElement[bool]:
    return Mail.id.in_(list(ids)) & (Mail.state == MailState.HELD)
