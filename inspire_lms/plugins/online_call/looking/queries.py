"""Reads about who looked."""

from sqlalchemy import select

from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.looking.models import Look


def looks_at(application_id: int) -> list[Look]:
    """List who looked at an application, the latest first."""
    chosen = select(Look).where(Look.application_id == application_id)
    return list(session.scalars(chosen.order_by(Look.first_at.desc(), Look.id.desc())))
