"""Holding an application, so that what was read of it stays true until the transaction ends."""

from sqlalchemy import select

from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import NotThere
from inspire_lms.plugins.online_call.models import Application, Call


def hold_call(call_id: int) -> Call:
    """Hold a call: publishing, deciding, scoring and withdrawing follow each other. Raises NotThere."""
    chosen = select(Call).where(Call.id == call_id).with_for_update(of=Call).execution_options(populate_existing=True)
    found = session.scalar(chosen)
    if found is None:
        raise NotThere
    return found


def hold(application_id: int) -> Application:
    """Hold a submitted application, its call first. Raises NotThere."""
    submitted = (Application.id == application_id, Application.submitted_at.is_not(None))
    call_id = session.scalar(select(Application.call_id).where(*submitted))
    if call_id is None:
        raise NotThere
    hold_call(call_id)
    found = session.scalar(select(Application).where(*submitted).with_for_update(of=Application).execution_options(populate_existing=True))
    if found is None:
        raise NotThere
    return found
