"""The secret addresses of calendars: made, shown to their owner, revoked."""

import secrets

from sqlalchemy import delete, select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.plugins.webinar.models import CalendarKey


def key_of(person_id: int) -> CalendarKey | None:
    """Find the address that is valid now; None when there is none."""
    return session.scalar(
        select(CalendarKey).where(CalendarKey.person_id == person_id, CalendarKey.revoked_at.is_(None)).order_by(CalendarKey.id.desc())
    )


def renew(person_id: int) -> CalendarKey:
    """Make a new address; the one before stops working."""
    with transaction():
        revoke(person_id)
        key = CalendarKey(person_id=person_id, token=secrets.token_urlsafe(32), made_at=clock.now())
        session.add(key)
        session.flush()
        audit.record("webinar.calendar_opened", ("webinar_calendar_key", key.id), by=person_id, about=person_id)
        return key


def revoke(person_id: int) -> None:
    """Close a person's calendar: its address stops working. Nothing happens when there is none."""
    with transaction():
        for key in session.scalars(select(CalendarKey).where(CalendarKey.person_id == person_id, CalendarKey.revoked_at.is_(None))):
            key.revoked_at = clock.now()
            audit.record("webinar.calendar_revoked", ("webinar_calendar_key", key.id), by=person_id, about=person_id)


def forget(person_id: int) -> None:
    """Close the calendar of somebody whose account was erased, and forget its address. Inside a transaction."""
    session.execute(delete(CalendarKey).where(CalendarKey.person_id == person_id))
