"""Reads about appeals."""

from typing import Any

from sqlalchemy import Select, case, func, select

from inspire_lms.kernel import audit
from inspire_lms.kernel.db import once_a_page, session
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.appealing.models import Appeal
from inspire_lms.plugins.online_call.appealing.rules import About, AppealState
from inspire_lms.plugins.online_call.models import Application, Review
from inspire_lms.plugins.online_call.publishing.models import Publication

DECIDED, PROPOSED_BY = "online_call.decided", "proposed_by"
"""The deed that decides on eligibility, and where it names who had proposed it."""


def appeal(appeal_id: int) -> Appeal | None:
    """Give an appeal, answered or not."""
    return session.get(Appeal, appeal_id)


@once_a_page
def of_application(application_id: int) -> Appeal | None:
    """Give the latest appeal about an application."""
    return session.scalar(select(Appeal).where(Appeal.application_id == application_id).order_by(Appeal.id.desc()).limit(1))


def upheld(application_id: int) -> Appeal | None:
    """Give the latest appeal about the points of an application that was upheld."""
    found = (Appeal.application_id == application_id, Appeal.state == AppealState.UPHELD, Appeal.about == About.POINTS)
    return session.scalar(select(Appeal).where(*found).order_by(Appeal.id.desc()).limit(1))


def against(publication_id: int, application_id: int) -> Appeal | None:
    """Give the appeal about an application against one publication."""
    return session.scalar(select(Appeal).where(Appeal.publication_id == publication_id, Appeal.application_id == application_id))


def number(publication_id: int) -> int:
    """Give the number of the next appeal against a publication; the call is held meanwhile."""
    return (session.scalar(select(func.max(Appeal.number)).where(Appeal.publication_id == publication_id)) or 0) + 1


def waiting(call_id: int) -> int:
    """Count the appeals of a call that are not answered."""
    chosen = select(func.count()).select_from(Appeal).join(Publication, Appeal.publication_id == Publication.id)
    return session.scalar(chosen.where(Publication.call_id == call_id, Appeal.state == AppealState.OPEN)) or 0


def took_part(appeal: Appeal) -> set[int]:
    """Name who had a part in what an appeal is against: who was asked to evaluate; or who proposed and decided on eligibility."""
    if appeal.about == About.POINTS:
        return set(session.scalars(select(Review.evaluator_id).where(Review.application_id == appeal.application_id)))
    decisions = [line for line in audit.about(("application", appeal.application_id)) if line.did == DECIDED]
    doers = {line.by_id for line in decisions} | {(line.after or {}).get(PROPOSED_BY) for line in decisions}
    return {person for person in doers if person is not None}


def of_call(call_id: int) -> Select[Any]:
    """Choose the appeals of a call with the applicant, those that wait first, then in the order in which they came."""
    waits = case((Appeal.state == AppealState.OPEN, 0), else_=1)
    columns: tuple[Any, ...] = (Appeal.id, Appeal.number, Appeal.about, Appeal.state, Appeal.filed_at, Appeal.answered_at)
    named: tuple[Any, ...] = (Application.protocol_number, Publication.number.label("list"), Person.given_name, Person.family_name)
    chosen: Select[Any] = (
        select(*columns, *named)
        .join(Publication, Appeal.publication_id == Publication.id)
        .join(Application, Appeal.application_id == Application.id)
        .join(Person, Application.person_id == Person.id)
        .where(Publication.call_id == call_id)
        .order_by(waits, Appeal.filed_at, Appeal.id)
    )
    return chosen
