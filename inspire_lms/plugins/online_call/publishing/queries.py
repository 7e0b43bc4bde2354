"""Reads about publications. Their lists are long: they are read only where they are needed."""

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from inspire_lms.kernel.db import once_a_page, session
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.publishing.rules import Kind


def publication(publication_id: int) -> Publication | None:
    """Give a publication."""
    return session.get(Publication, publication_id)


@once_a_page
def of_call(call_id: int) -> list[Publication]:
    """List the publications of a call, the first one first; the call itself is mostly known already."""
    chosen = select(Publication).where(Publication.call_id == call_id).order_by(Publication.number)
    return list(session.scalars(chosen.options(lazyload(Publication.call))))


def provisional(call_id: int) -> Publication | None:
    """Give the provisional list of a call, also when a final one has followed."""
    return next((each for each in of_call(call_id) if each.kind == Kind.PROVISIONAL), None)


def is_provisional(call_id: int) -> bool:
    """Say whether a provisional list was published: from then on only what an appeal reopens can change."""
    return provisional(call_id) is not None


def latest(call_id: int) -> Publication | None:
    """Give the publication of a call that no other has replaced."""
    return session.scalar(select(Publication).where(Publication.call_id == call_id).order_by(Publication.number.desc()).limit(1))


def count(call_id: int) -> int:
    """Count the publications of a call."""
    return session.scalar(select(func.count()).select_from(Publication).where(Publication.call_id == call_id)) or 0
