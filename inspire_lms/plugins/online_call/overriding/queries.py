"""Reads about decisions by two people."""

from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from inspire_lms.kernel.db import once_a_page, session
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.overriding.models import Override
from inspire_lms.plugins.online_call.overriding.rules import OverrideState


def override(override_id: int) -> Override | None:
    """Give a proposal, answered or not."""
    return session.get(Override, override_id)


@once_a_page
def open_one(application_id: int) -> Override | None:
    """Give the proposal about an application that waits for a second person."""
    return session.scalar(select(Override).where(Override.application_id == application_id, Override.state == OverrideState.PROPOSED))


def decided_by_two(application_id: int) -> bool | None:
    """Say what two people decided last about an application: that it is eligible, or not; None when they decided nothing."""
    confirmed = (Override.application_id == application_id, Override.state == OverrideState.CONFIRMED)
    return session.scalar(select(Override.is_eligible).where(*confirmed).order_by(Override.id.desc()).limit(1))


def waiting_for_second() -> Select[int]:
    """Choose the applications about which a proposal waits."""
    return select(Override.application_id).where(Override.state == OverrideState.PROPOSED)


def waiting(call_id: int) -> int:
    """Count the proposals of a call that wait for a second person."""
    chosen = select(func.count()).select_from(Override).join(Application, Override.application_id == Application.id)
    return session.scalar(chosen.where(Application.call_id == call_id, Override.state == OverrideState.PROPOSED)) or 0


def number(call_id: int) -> int:
    """Count all proposals of a call, answered or not."""
    chosen = select(func.count()).select_from(Override).join(Application, Override.application_id == Application.id)
    return session.scalar(chosen.where(Application.call_id == call_id)) or 0


def of_call(call_id: int) -> Select[Any]:
    """Choose all proposals of a call with the names of everybody in them, those that wait first, then the latest."""
    applicant, first, second = aliased(Person), aliased(Person), aliased(Person)
    columns: tuple[Any, ...] = (Override.id, Override.application_id, Override.is_eligible, Override.found, Override.reason)
    named: list[Any] = []
    for name, who in (("applicant", applicant), ("first", first), ("second", second)):
        named += [who.given_name.label(f"{name}_given"), who.family_name.label(f"{name}_family")]
    waits = case((Override.state == OverrideState.PROPOSED, 0), else_=1)
    answers: tuple[Any, ...] = (Override.state, Override.proposed_at, Override.answered_at, Override.answer)
    chosen: Select[Any] = (
        select(*columns, *answers, Application.protocol_number, *named)
        .join(Application, Override.application_id == Application.id)
        .join(applicant, Application.person_id == applicant.id)
        .join(first, Override.proposed_by_id == first.id)
        .join(second, Override.answered_by_id == second.id, isouter=True)
        .where(Application.call_id == call_id)
        .order_by(waits, Override.id.desc())
    )
    return chosen
