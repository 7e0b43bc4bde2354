"""Reads about what is kept, and what is deleted next."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select

from inspire_lms.kernel.db import session
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.plugins.online_call.models import Application, Attachment, Call
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.retention import rules
from inspire_lms.plugins.online_call.rules import Standing, State

HAS_TEXT: ColumnElement[bool] = or_(
    cast(Application.answers, String) != "{}", Application.administration != "", Application.decision_note != ""
)
"""Whether an application still says what the applicant told."""


class Counted(NamedTuple):
    """What will be deleted of a call, and what stays."""

    applications: int
    """Submitted ones whose answers and files go."""
    drafts: int
    files: int
    size: int
    """Bytes of the files."""
    stay: int
    """Applications that led into the course."""


def with_a_place() -> Select[int]:
    """Choose the applications that led into the course; who accepted and left later has had a place."""
    answered = (Place.standing.in_([Standing.ACCEPTED, Standing.WITHDRAWN]), Place.answered_at.is_not(None))
    return select(Place.application_id).where(*answered)


def without_a_place(call_id: int) -> Select[int]:
    """Choose the applications of a call that never led into the course."""
    return select(Application.id).where(Application.call_id == call_id, Application.id.not_in(with_a_place()))


def due_at(at: datetime) -> list[Call]:
    """List the calls of which what people wrote is deleted at *at*; where they are switched on."""
    return [call for call, moment in _moments() if moment <= at and is_on_for_cohort("online_call", call.cohort_id)]


def deleted_from(call: Call) -> datetime:
    """Say from when on what people wrote in a call is deleted."""
    published_at = session.scalar(select(Ranking.published_at).where(Ranking.call_id == call.id))
    return rules.deleted_from(published_at, call.reserve_until, call.kept_days)


def announced_at(at: datetime) -> list[Call]:
    """List the calls of which something will be deleted soon after *at*."""
    return [call for call, moment in _moments() if rules.is_near(moment, at=at) and is_on_for_cohort("online_call", call.cohort_id)]


def _moments() -> list[tuple[Call, datetime]]:
    """List every call, and from when on what people wrote in it is deleted; one statement."""
    rows = session.execute(select(Call, Ranking.published_at).join(Ranking, Ranking.call_id == Call.id, isouter=True).order_by(Call.id))
    return [(call, rules.deleted_from(published_at, call.reserve_until, call.kept_days)) for call, published_at in rows]


def counted(call_id: int) -> Counted:
    """Count what will be deleted of a call, and what stays."""
    goes = _goes(call_id)
    states = session.execute(select(Application.state, func.count()).where(goes).group_by(Application.state))
    numbers = {state: number for state, number in states}  # noqa: C416 (rows of two)
    drafts = numbers.pop(State.DRAFT, 0)
    files, size = session.execute(
        select(func.count(), func.coalesce(func.sum(Attachment.size), 0))
        .join(Application, Attachment.application_id == Application.id)
        .where(goes)
    ).one()
    stays = (Application.call_id == call_id, Application.id.in_(with_a_place()))
    stay = session.scalar(select(func.count()).select_from(Application).where(*stays))
    return Counted(sum(numbers.values()), drafts, files, size, stay or 0)


def listed(call_id: int) -> Select[Any]:
    """Choose what will be deleted of a call: the applications by protocol number, drafts last."""
    files = select(func.count()).where(Attachment.application_id == Application.id).scalar_subquery()
    size = select(func.coalesce(func.sum(Attachment.size), 0)).where(Attachment.application_id == Application.id).scalar_subquery()
    standing = select(Place.standing).where(Place.application_id == Application.id).scalar_subquery()
    columns: tuple[Any, ...] = (Application.id, Application.protocol_number, Application.state, Application.begun_at)
    chosen = select(*columns, standing.label("standing"), files.label("files"), size.label("size")).where(_goes(call_id))
    return chosen.order_by(Application.protocol_number.is_(None), Application.protocol_number, Application.id)


def had_a_place(application_id: int) -> bool:
    """Say whether an application led into the course."""
    return session.scalar(with_a_place().where(Place.application_id == application_id)) is not None


def _goes(call_id: int) -> ColumnElement[bool]:
    """Choose what will be deleted or emptied: drafts, and what still has text or files of those who never had a place."""
    has_files = Application.id.in_(select(Attachment.application_id))
    mine = Application.id.in_(without_a_place(call_id))
    return mine & or_(Application.state == State.DRAFT, HAS_TEXT, has_files)
