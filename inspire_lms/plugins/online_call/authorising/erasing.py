"""Forgetting whom an applicant has named: the request and the mails about it go together."""

from sqlalchemy import ColumnElement, delete, select

from inspire_lms.kernel import mail
from inspire_lms.kernel.db import session
from inspire_lms.kernel.mail import Mail
from inspire_lms.plugins.online_call.authorising import letters
from inspire_lms.plugins.online_call.authorising.models import Authorisation


def forget(which: ColumnElement[bool]) -> None:
    """Remove the requests that *which* chooses, and empty the mails to those who were asked. Inside a transaction."""
    forget_mails(which)
    session.execute(delete(Authorisation).where(which))


def forget_mails(which: ColumnElement[bool]) -> None:
    """Leave of the mails of the requests that *which* chooses that they were written, when and about what."""
    rows = session.execute(select(Authorisation.digest, Authorisation.reminder_digest).where(which))
    if keys := [letters.key(digest) for row in rows for digest in row if digest]:
        mail.reduce(Mail.key.in_(keys), address="", why="The request was replaced or erased.")
