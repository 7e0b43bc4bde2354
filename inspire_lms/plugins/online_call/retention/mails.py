"""Mails that hold what an applicant wrote, or why an application was refused: they are emptied with the application."""

import re
from collections.abc import Iterator

from sqlalchemy import Select, select, update

from inspire_lms.kernel import mail
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.mail import Mail
from inspire_lms.plugins.online_call.appealing.models import Appeal
from inspire_lms.plugins.online_call.correcting.models import Correction
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.overriding.models import Override
from inspire_lms.plugins.online_call.posting.models import Letter

APPLICATION = re.compile(r"online_call\.(?:receipt|mend|mended|(?:not-)?eligible)(?::\d+)?:(\d+)")
"""The keys of mails with a copy of the answers, a request to mend them or a reason, each ending with the application's number."""
OTHERS = {
    Appeal.__table__: re.compile(r"online_call\.appeal-[a-z-]+(?::\d+)?:(\d+)"),
    Correction.__table__: re.compile(r"online_call\.correction-(?:proposed|answered|anew):(\d+)(?::\d+)?"),
    Override.__table__: re.compile(r"online_call\.override-(?:proposed|answered):(\d+)(?::\d+)?"),
}
"""The keys of mails about what else is deleted with an application, with its own number; they went to others, too."""

NOT_KEPT = str(Message("What it told of is no longer kept."))
"""Why they are not sent any more; pages translate it."""
BATCH = 500
"""Mails emptied in one statement."""


def forget(application_ids: Select[int]) -> None:
    """Leave of these mails about the applications that they were written, when, to whom and about what.

    Inside a transaction, while the appeals, corrections and overrides are still there.
    """
    known = {APPLICATION: set(session.scalars(application_ids))}
    for table, key in OTHERS.items():
        known[key] = set(session.scalars(select(table.c.id).where(table.c.application_id.in_(application_ids))))
    written = session.execute(select(Mail.id, Mail.key).where(Mail.key.like("online_call.%"), Mail.text != ""))
    found = [row.id for row in written if any(number in known[key] for key, number in _numbers(row.key))]
    for first in range(0, len(found), BATCH):
        mail.reduce(Mail.id.in_(found[first : first + BATCH]), why=NOT_KEPT)
    people = select(Application.person_id).where(Application.id.in_(application_ids))
    emptied = select(Mail.id).where(Mail.to_person.in_(people), Mail.text == "")
    before = update(Letter).where(Letter.mail_id.in_(emptied), Letter.edited_at.is_not(None)).values(subject_before="", text_before="")
    session.execute(before.execution_options(synchronize_session=False))


def _numbers(written: str) -> Iterator[tuple[re.Pattern[str], int]]:
    """Say what the mail with the key *written* is about."""
    for key in (APPLICATION, *OTHERS.values()):
        if match := key.fullmatch(written):
            yield key, int(match[1])
