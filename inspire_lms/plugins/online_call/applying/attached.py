"""Taking away what was attached: the row and the file go together, so that nothing stays in the store without an owner."""

from sqlalchemy import ColumnElement, delete, select

from inspire_lms.kernel import files
from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.models import Attachment


def remove(which: ColumnElement[bool]) -> None:
    """Remove the attachments that *which* chooses, and forget their files. Inside a transaction."""
    forgotten = list(session.scalars(select(Attachment.file_id).where(which)))
    session.execute(delete(Attachment).where(which))
    for file_id in forgotten:
        files.forget(file_id)
