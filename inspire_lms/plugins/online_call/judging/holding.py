"""Holding an application, so that what was read of it stays true until the transaction ends.

On PostgreSQL rows are held by FOR NO KEY UPDATE, since FOR UPDATE would also stop whoever only stores a row that points at them;
two deeds then waited for each other. Held are, in this order: the call, the application, the ranking, the cohort.
"""

from sqlalchemy import select

from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import NotThere
from inspire_lms.plugins.online_call.models import Application, Call


def hold_call(call_id: int) -> Call:
    """Hold a call, and count the deed: publishing, deciding, scoring and withdrawing follow each other. Raises NotThere."""
    chosen = select(Call).where(Call.id == call_id).with_for_update(of=Call, key_share=True).execution_options(populate_existing=True)
    found = session.scalar(chosen)
    if found is None:
        raise NotThere
    found.deeds += 1
    return found


def hold(application_id: int) -> Application:
    """Hold a submitted application, its call first. Raises NotThere."""
    submitted = (Application.id == application_id, Application.submitted_at.is_not(None))
    call_id = session.scalar(select(Application.call_id).where(*submitted))
    if call_id is None:
        raise NotThere
    hold_call(call_id)
    chosen = select(Application).where(*submitted).with_for_update(of=Application, key_share=True)
    found = session.scalar(chosen.execution_options(populate_existing=True))
    if found is None:
        raise NotThere
    return found
