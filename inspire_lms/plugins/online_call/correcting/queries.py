"""Reads about corrections."""

from collections import Counter

from sqlalchemy import Select, select

from inspire_lms.kernel.db import once_a_page, session
from inspire_lms.plugins.online_call.correcting.models import Correction
from inspire_lms.plugins.online_call.correcting.rules import CorrectionState
from inspire_lms.plugins.online_call.models import Application

OPEN = (CorrectionState.PROPOSED, CorrectionState.REOPENED)


def correction(correction_id: int) -> Correction | None:
    """Give a correction."""
    return session.get(Correction, correction_id)


@once_a_page
def open_one(application_id: int) -> Correction | None:
    """Give the correction of an application that is under way."""
    return session.scalar(select(Correction).where(Correction.application_id == application_id, Correction.state.in_(OPEN)))


def is_reopened(application_id: int) -> bool:
    """Say whether an application is open again although the final list is out."""
    found = open_one(application_id)
    return found is not None and found.state == CorrectionState.REOPENED


def reopened() -> Select[int]:
    """Choose the applications that are open again although the final list is out."""
    return select(Correction.application_id).where(Correction.state == CorrectionState.REOPENED)


@once_a_page
def of_call(call_id: int) -> list[Correction]:
    """List the corrections of a call, the latest first."""
    chosen = select(Correction).join(Application, Correction.application_id == Application.id).where(Application.call_id == call_id)
    return list(session.scalars(chosen.order_by(Correction.id.desc())))


def counts(call_id: int) -> Counter[str]:
    """Count the corrections of a call by state."""
    return Counter(each.state for each in of_call(call_id))
