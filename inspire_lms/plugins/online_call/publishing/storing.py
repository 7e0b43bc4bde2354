"""Storing a publication: numbered, with the fingerprint of the one before."""

from collections.abc import Sequence
from datetime import datetime

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.minutes import recorded
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.publishing import queries, snapshot
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.publishing.rules import Kind
from inspire_lms.plugins.online_call.publishing.snapshot import Head
from inspire_lms.plugins.online_call.ranking.order import Line
from inspire_lms.plugins.online_call.ranking.terms import Terms


def store(
    call: Call, kind: Kind, lines: Sequence[Line], terms: Terms, *, by: int, appeal_until: datetime | None = None, reason: str = ""
) -> Publication:
    """Store a list as it is published now. Inside a transaction that holds the call."""
    before = queries.latest(call.id)
    number, follows = (before.number + 1, before.digest) if before else (1, "")
    head = Head(number, kind, clock.now(), appeal_until, reason, follows)
    kept, minutes = [snapshot.stored(line) for line in lines], recorded.of(call)
    publication = Publication(
        call_id=call.id,
        **(head._asdict() | {"kind": str(kind)}),
        digest=snapshot.digest(head, kept, terms.stored(), minutes),
        terms=terms.stored(),
        lines=kept,
        minutes=minutes,
    )
    session.add(publication)
    session.flush()
    after = {"number": number, "kind": str(kind), "lines": len(kept), "digest": publication.digest}
    audit.record("online_call.list-published", ("publication", publication.id), by=by, after=after, cohort_id=call.cohort_id)
    return publication
