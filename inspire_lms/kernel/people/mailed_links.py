"""Links sent by mail: made once, kept as a digest, used once."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Reason, Refused
from inspire_lms.kernel.people.models import MailedLink
from inspire_lms.kernel.people.rules import LINK_LASTS, LinkFor, why_link_is_dead

FORGOTTEN_AFTER = timedelta(days=3)
"""How long a link that has run out is kept, so that its reader is told why it does not work."""


def make(person_id: int, purpose: LinkFor, *, wanted: str | None = None) -> str:
    """Make the token of a new link; older links of the same kind stop working. Inside a transaction."""
    session.execute(delete(MailedLink).where(MailedLink.expires_at < clock.now() - FORGOTTEN_AFTER))
    session.execute(
        delete(MailedLink).where(MailedLink.person_id == person_id, MailedLink.purpose == purpose, MailedLink.used_at.is_(None))
    )
    token, now = secrets.token_urlsafe(32), clock.now()
    session.add(
        MailedLink(
            person_id=person_id, purpose=purpose, digest=_digest(token), made_at=now, expires_at=now + LINK_LASTS[purpose], wanted=wanted
        )
    )
    return token


def find(token: str, *purposes: LinkFor) -> MailedLink:
    """Give the link with this token; raises Refused, saying why, when it does not work or was not made for this."""
    link = session.scalar(select(MailedLink).where(MailedLink.digest == _digest(token), MailedLink.purpose.in_(purposes)))
    if link is None:
        raise Refused(Reason("This link does not work. Perhaps a newer mail has replaced it, or a part of it was lost when it was copied."))
    if reason := why_link_is_dead(link.used_at, link.expires_at, at=clock.now()):
        raise Refused(reason)
    return link


def use(link: MailedLink) -> None:
    """Use a link up. Inside a transaction."""
    link.used_at = clock.now()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
