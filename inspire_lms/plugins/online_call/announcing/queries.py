"""Reads of the versions of a notice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import func, select

from inspire_lms.kernel.db import session
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.plugins.online_call.announcing.changes import Change, differences
from inspire_lms.plugins.online_call.announcing.models import NoticeVersion
from inspire_lms.plugins.online_call.models import Application, Call

KEPT = 200
"""Lists of changes that are kept in the process; they are found by digests, so they are never stale."""


@dataclass(frozen=True)
class Step:
    """A version, the one before it, and what changed between them."""

    version: NoticeVersion
    before: NoticeVersion | None
    changes: tuple[Change, ...]


def versions(call_id: int) -> list[NoticeVersion]:
    """List the versions of a notice, the first first."""
    return list(session.scalars(select(NoticeVersion).where(NoticeVersion.call_id == call_id).order_by(NoticeVersion.number)))


def latest(call_id: int) -> NoticeVersion | None:
    """Give the version in force; None for a call that was loaded before versions were kept."""
    chosen = select(NoticeVersion).where(NoticeVersion.call_id == call_id).order_by(NoticeVersion.number.desc()).limit(1)
    return session.scalar(chosen)


def version(cohort_id: int, number: int) -> NoticeVersion | None:
    """Give a version by its permanent address; None where the call is switched off."""
    chosen = select(NoticeVersion).join(Call).where(Call.cohort_id == cohort_id, NoticeVersion.number == number)
    return session.scalar(chosen) if is_on_for_cohort("online_call", cohort_id) else None


def numbered(call_id: int, number: int) -> NoticeVersion | None:
    """Give a version by its number, also where the call is switched off."""
    return session.scalar(select(NoticeVersion).where(NoticeVersion.call_id == call_id, NoticeVersion.number == number))


def moments(call_id: int) -> dict[int, datetime]:
    """Say since when each version of a notice holds, by its number."""
    rows = session.execute(select(NoticeVersion.number, NoticeVersion.published_at).where(NoticeVersion.call_id == call_id))
    return {row.number: row.published_at for row in rows}


def held_at(known: Mapping[int, datetime], at: datetime) -> int | None:
    """Give the number of the version that held at *at*, the first for what came before it; None when none is kept."""
    return max((number for number, since in known.items() if since <= at), default=min(known, default=None))


def in_force(call_id: int, at: datetime) -> int | None:
    """Give the number of the version of a call that held at *at*."""
    return held_at(moments(call_id), at)


def applied_under(call_id: int) -> dict[int, int | None]:
    """Say under which version each submitted application of a call was made."""
    chosen = select(Application.id, Application.notice_version).where(Application.call_id == call_id, Application.submitted_at.is_not(None))
    return {row.id: row.notice_version for row in session.execute(chosen)}


def applied_under_each(call_id: int) -> list[tuple[int | None, int]]:
    """Count the applications that were submitted under each version; those from before versions were kept stand first, under None."""
    version = Application.notice_version
    chosen = select(version, func.count()).where(Application.call_id == call_id, Application.submitted_at.is_not(None)).group_by(version)
    return sorted(((row[0], row[1]) for row in session.execute(chosen)), key=lambda each: each[0] or 0)


def steps(found: Iterable[NoticeVersion]) -> list[Step]:
    """Say of each version what changed with it, in the order given."""
    made: list[Step] = []
    for one in found:
        before = made[-1].version if made else None
        made.append(Step(one, before, changes(before, one) if before else ()))
    return made


def changes(before: NoticeVersion, after: NoticeVersion) -> tuple[Change, ...]:
    """List what differs between two versions."""
    kept: dict[tuple[str, str], tuple[Change, ...]] = current_app.extensions.setdefault("online_call_changes", {})
    key = (before.digest, after.digest)
    if key not in kept:
        if len(kept) >= KEPT:
            kept.clear()
        kept[key] = tuple(differences(before.snapshot, after.snapshot))
    return kept[key]


def since(call_id: int, at: datetime) -> list[Step]:
    """List the versions published after *at*, with what changed in each."""
    return [step for step in steps(versions(call_id)) if step.version.published_at > at and step.before]
