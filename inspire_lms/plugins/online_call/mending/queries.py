"""Reads about mending."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from inspire_lms.kernel.db import once_a_page, session
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.mending.models import Earlier, Mending
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.overview import memory
from inspire_lms.plugins.online_call.questions import Question, all_questions, form_of, only_asked
from inspire_lms.plugins.online_call.rules import State

OPEN, MENDED, OVER = "open", "mended", "over"
"""What a mending is: the applicant may still answer, has answered, or has not in time."""


@once_a_page
def mending_of(application_id: int) -> Mending | None:
    """Give the mending of an application."""
    return session.scalar(select(Mending).where(Mending.application_id == application_id))


def mendable(application: Application) -> list[Question]:
    """List the questions of an application that may be mended: only what was asked."""
    form = only_asked(form_of(application.call.form), application.answers)
    return [each for each in all_questions(form) if each.is_mendable]


def asked_for(mending: Mending, call: Call) -> list[Question]:
    """List the questions that were asked for again."""
    return [each for each in all_questions(form_of(call.form)) if each.code in mending.questions]


def earlier(mending_id: int) -> dict[str, Earlier]:
    """Give the files that were there before, by question."""
    return {each.question: each for each in session.scalars(select(Earlier).where(Earlier.mending_id == mending_id))}


def still_open(at: datetime) -> Select[int]:
    """Choose the applications that may still be mended at *at*."""
    return select(Mending.application_id).where(Mending.mended_at.is_(None), Mending.until > at)


def what(mended_at: datetime | None, until: datetime, at: datetime) -> str:
    """Say what a mending is at *at*."""
    return MENDED if mended_at else OPEN if at < until else OVER


def of_call(call_id: int) -> Select[Any]:
    """Choose the mendings of a call whose application is not decided on, those that end first at the top."""
    columns: tuple[Any, ...] = (Mending.application_id, Mending.until, Mending.mended_at, Mending.sentence)
    chosen: Select[Any] = (
        select(*columns, Application.protocol_number, Person.given_name, Person.family_name)
        .join(Application, Mending.application_id == Application.id)
        .join(Person, Application.person_id == Person.id)
        .where(Application.call_id == call_id, Application.state == State.SUBMITTED)
        .order_by(Mending.until, Mending.id)
    )
    return chosen


def dates(call_id: int) -> list[tuple[datetime | None, datetime]]:
    """List when the applications that are not decided on were mended, None when they were not, and until when they could be."""
    columns = select(Mending.mended_at, Mending.until).join(Application, Mending.application_id == Application.id)
    rows = session.execute(columns.where(Application.call_id == call_id, Application.state == State.SUBMITTED))
    return [(row.mended_at, row.until) for row in rows]


def counts(call: Call, at: datetime) -> Counter[str]:
    """Count the mendings whose application is not decided on, by what they are at *at*."""
    return Counter(what(mended_at, until, at) for mended_at, until in memory.kept(call, "mendings", lambda: dates(call.id)))
