"""Mails that hold what an applicant wrote, or why an application was refused: they are emptied with the application."""

import re

from sqlalchemy import Select, select, update

from inspire_lms.kernel import mail
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.mail import Mail
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.posting.models import Letter

TELLING = re.compile(r"online_call\.(?:receipt|mend|mended|(?:not-)?eligible)(?::\d+)?:(\d+)")
"""The keys of mails with a copy of the answers, a request to mend them or a reason, each ending with the application's number."""

NOT_KEPT = str(Message("What it told of is no longer kept."))
"""Why they are not sent any more; pages translate it."""
BATCH = 500
"""Mails emptied in one statement."""


def forget(application_ids: Select[int]) -> None:
    """Leave of these mails about the applications that they were written, when, to whom and about what. Inside a transaction."""
    mine = set(session.scalars(application_ids))
    people = select(Application.person_id).where(Application.id.in_(application_ids))
    written = select(Mail.id, Mail.key).where(Mail.to_person.in_(people), Mail.key.like("online_call.%"), Mail.text != "")
    found = [row.id for row in session.execute(written) if (key := TELLING.fullmatch(row.key)) and int(key[1]) in mine]
    for first in range(0, len(found), BATCH):
        mail.reduce(Mail.id.in_(found[first : first + BATCH]), why=NOT_KEPT)
    emptied = select(Mail.id).where(Mail.to_person.in_(people), Mail.text == "")
    before = update(Letter).where(Letter.mail_id.in_(emptied), Letter.edited_at.is_not(None)).values(subject_before="", text_before="")
    session.execute(before.execution_options(synchronize_session=False))
