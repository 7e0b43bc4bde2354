"""What must hold of every publication: it is found again from what it keeps, and it follows the one before."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import undefer

from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.publishing import snapshot
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.ranking.terms import Terms


def reproducible() -> Iterator[str]:
    """Say which publications are not what their scores and terms give, do not bear their fingerprint, or do not follow the one before."""
    columns = (undefer(Publication.lines), undefer(Publication.terms), undefer(Publication.minutes))
    follows: dict[int, tuple[int, str]] = {}
    for each in session.scalars(select(Publication).options(*columns).order_by(Publication.call_id, Publication.number)):
        named = f"publication {each.number} of call {each.call_id}"
        if snapshot.found_again(each.lines, Terms.restored(each.terms)) != each.lines:
            yield f"{named} is not what its scores, groups and terms give"
        if snapshot.digest(each.head, each.lines, each.terms, each.minutes) != each.digest:
            yield f"{named} does not bear the fingerprint of what it says"
        number, digest = follows.get(each.call_id, (0, ""))
        if (each.number, each.follows) != (number + 1, digest):
            yield f"{named} does not follow the one before it"
        follows[each.call_id] = (each.number, each.digest)
