"""Who may not decide about an application: the applicant, colleagues of the applicant, who has declared a conflict of interest."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, select, union

from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.online_call.judging import committee
from inspire_lms.plugins.online_call.models import Application, Review
from inspire_lms.plugins.online_call.recusing.models import Recusal
from inspire_lms.plugins.online_call.rules import ReviewState
from inspire_lms.plugins.online_call.seconding import rules


class Applied(NamedTuple):
    """What of an application settles who may decide about it."""

    id: int
    person_id: int
    administration: str

    @classmethod
    def of(cls, application: Application) -> "Applied":
        """Take it from the application."""
        return cls(application.id, application.person_id, application.administration)


class Near(NamedTuple):
    """Who of the country is too near to an applicant."""

    colleagues: list[int]
    """They work for the same administration: found by itself."""
    declared: list[int]
    """They have declared a conflict of interest."""


def why_not(application: Application, by: int) -> Reason | None:
    """Say that *by* is too near to the applicant to decide about an application, and who decides then."""
    if reason := rules.why_not_about_oneself(application.person_id, by):
        return reason
    is_colleague = by in committee.colleagues(committee.employers([by]), application.administration)
    return rules.why_not_near(is_colleague=is_colleague, has_declared=by in declared([application.id]).get(application.id, ()))


def kept_out(applied: Collection[Applied], among: Collection[int]) -> Mapping[int, set[int]]:
    """Say for each application who of *among* may not decide about it; in as many statements for one as for many."""
    if not applied or not among:
        return {each.id: {each.person_id} for each in applied}
    employed, said = committee.employers(list(among)), declared([each.id for each in applied])
    return {
        each.id: {each.person_id} | committee.colleagues(employed, each.administration) | said.get(each.id, set()) for each in applied
    }


def who_may(application: Application, kept_out_too: Collection[int]) -> list[int]:
    """List who is asked: coordinators of the country who are not too near; where there is none, who looks after the platform."""
    coordinators = access.people_with_role("coordinator", application.call.cohort.context_id)
    administrators = access.administrators()
    near = kept_out([Applied.of(application)], {*coordinators, *administrators})[application.id] | set(kept_out_too)
    return [each for each in coordinators if each not in near] or [each for each in administrators if each not in near]


def is_not_near(call_id: int, by: int) -> list[ColumnElement[bool]]:
    """Choose the applications of a call about which *by* may decide, as `why_not` does for one."""
    employed = committee.employers([by])
    written = select(Application.administration).where(Application.call_id == call_id).distinct()
    same = [each for each in session.scalars(written) if committee.colleagues(employed, each)] if employed else []
    chosen = [Application.person_id != by, *(Application.id.not_in(each.where(whose == by)) for each, whose in _said())]
    return [*chosen, Application.administration.not_in(same)] if same else chosen


def _said() -> list[tuple[Select[Any], Any]]:
    """Choose the applications about which somebody has declared a conflict, as coordinator or as evaluator, each with whose word it is."""
    by_evaluator = select(Review.application_id).where(Review.state == ReviewState.CONFLICT)
    return [(select(Recusal.application_id), Recusal.person_id), (by_evaluator, Review.evaluator_id)]


def declared(application_ids: Collection[int]) -> dict[int, set[int]]:
    """Say by application who has declared a conflict of interest, as coordinator or as evaluator."""
    chosen: list[Select[Any]] = [each.add_columns(whose) for each, whose in _said()]
    of = (Recusal.application_id, Review.application_id)
    found: dict[int, set[int]] = {}
    rows = union(*(each.where(column.in_(application_ids)) for each, column in zip(chosen, of, strict=True)))
    for application_id, person_id in session.execute(rows):
        found.setdefault(application_id, set()).add(person_id)
    return found


def has_declared(application_id: int, person_id: int) -> bool:
    """Say whether somebody has declared a conflict of interest about an application, as coordinator or as evaluator."""
    return person_id in declared([application_id]).get(application_id, ())


def near(application: Application) -> Near:
    """Say which coordinators of the country are too near to the applicant, for the page of the application."""
    coordinators = access.people_with_role("coordinator", application.call.cohort.context_id)
    colleagues = committee.colleagues(committee.employers(coordinators), application.administration) - {application.person_id}
    chosen = select(Recusal.person_id).where(Recusal.application_id == application.id).order_by(Recusal.declared_at, Recusal.id)
    return Near(sorted(colleagues), list(session.scalars(chosen)))


def of_call(call_id: int) -> list[dict[str, Any]]:
    """List for the minutes of a call which coordinator has declared which conflict about which application, by protocol number."""
    rows = session.execute(
        select(Recusal.person_id, Application.protocol_number, Recusal.what)
        .join(Application, Recusal.application_id == Application.id)
        .where(Application.call_id == call_id)
        .order_by(Application.protocol_number, Recusal.person_id)
    )
    return [{"person": person, "number": number, "what": what} for person, number, what in rows]
