"""Taking away what was kept of mendings: rows and files go together."""

from sqlalchemy import Select, delete, select

from inspire_lms.kernel import files
from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.mending.models import Earlier, Mending


def forget(application_ids: Select[int]) -> None:
    """Remove the mendings of these applications, with the files that were there before. Inside a transaction."""
    which = select(Mending.id).where(Mending.application_id.in_(application_ids))
    forgotten = list(session.scalars(select(Earlier.file_id).where(Earlier.mending_id.in_(which))))
    session.execute(delete(Earlier).where(Earlier.mending_id.in_(which)))
    session.execute(delete(Mending).where(Mending.application_id.in_(application_ids)))
    for file_id in forgotten:
        files.forget(file_id)
