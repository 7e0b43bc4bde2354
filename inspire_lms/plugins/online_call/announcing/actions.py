"""Announcing: a call that was loaded with something new gets a version, and who has applied is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from inspire_lms.kernel import audit, clock, jobs
from inspire_lms.kernel.db import Words, session
from inspire_lms.kernel.errors import Reason, Refused
from inspire_lms.plugins.online_call.announcing import queries, rules, snapshot
from inspire_lms.plugins.online_call.announcing.changes import differences
from inspire_lms.plugins.online_call.announcing.models import NoticeVersion
from inspire_lms.plugins.online_call.applying import queries as calls
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.offering.models import Ranking
from inspire_lms.plugins.online_call.rules import Phase

TELL = "online_call.tell-of-change"
"""The kind of job that tells applicants what changed in a version."""


@dataclass(frozen=True)
class Before:
    """What was announced before a call is loaded anew."""

    version: NoticeVersion
    stands: rules.Standing


def before(call: Call) -> Before:
    """Say what was announced of *call* so far; one from before there were versions gets its first, as it stands. Inside a transaction."""
    version = queries.latest(call.id) or _keep(call, None, {}, at=clock.now())
    ranking = session.scalar(select(Ranking).where(Ranking.call_id == call.id))
    stands = rules.Standing(call.window, ranking.held if ranking else 0, is_published=ranking is not None)
    return Before(version, stands)


def announce(call: Call, was: Before | None, reason: Mapping[str, str], *, by: int | None) -> None:
    """Keep what a call says now as its next version, if it says anything new, and have applicants told of it. Inside a transaction.

    Raises Refused when the change would harm those who relied on the version before, or is not explained.
    """
    at = clock.now()
    if was is None:
        _keep(call, None, {}, at=at)
        return
    now = snapshot.taken(call, calls.criteria(call.id))
    changed = {change.path[0] for change in differences(was.version.snapshot, now)}
    if not changed:
        return
    cohort = call.cohort
    why_not = rules.why_not_change(changed, was.stands, call.window, cohort.seats, at=at)
    if changed != {snapshot.HELD}:
        why_not = why_not or rules.why_not_unexplained(reason, was.version.reason, was.stands, at=at)
    if why_not:
        raise Refused(Reason("{country}: {reason}", country=cohort.country_name, reason=why_not))
    is_open = was.stands.window.phase(at) is not Phase.BEFORE
    made = _keep(call, was.version, reason if is_open else {}, at=at)
    after = {"number": made.number, "digest": made.digest}
    audit.record("online_call.announced", ("call", call.id), by=by, after=after, cohort_id=call.cohort_id)
    if is_open and changed != {snapshot.HELD}:
        jobs.later(TELL, key=f"{TELL}:{made.id}:0", version_id=made.id, above=0)


def _keep(call: Call, last: NoticeVersion | None, reason: Mapping[str, str], *, at: datetime) -> NoticeVersion:
    taken = snapshot.taken(call, calls.criteria(call.id))
    number = last.number + 1 if last else 1
    digest = snapshot.digest(last.digest if last else "", number, at, reason, taken)
    made = NoticeVersion(call_id=call.id, number=number, published_at=at, snapshot=taken, reason=Words(reason), digest=digest)
    session.add(made)
    session.flush()
    return made
