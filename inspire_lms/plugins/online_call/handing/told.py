"""What others wrote and gave about a person's applications, in words of JSON, and never before the pages would show its outcome.

Points and remarks about somebody's answers are that person's data (Court of Justice of the EU, C-434/16). Who gave them is not, so an
evaluation is known by its turn. Why an evaluator stepped back is about the evaluator, and stays with the committee.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import undefer

from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.correcting.models import Correction
from inspire_lms.plugins.online_call.correcting.queries import OPEN, reopened
from inspire_lms.plugins.online_call.marking.scales import Level
from inspire_lms.plugins.online_call.models import Application, Criterion, Mark, Review
from inspire_lms.plugins.online_call.offering.models import Ranking
from inspire_lms.plugins.online_call.overriding.models import Override
from inspire_lms.plugins.online_call.overriding.rules import OverrideState
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.rules import ReviewState
from inspire_lms.plugins.online_call.seconding.models import ByTwo

Told = list[Mapping[str, Any]]


def evaluations(person_id: int) -> Told:
    """Give what evaluators gave for each criterion of a person's applications, and their remarks, once the final list is published.

    Of an application that is opened again only what was given before the last list; the rest comes with the corrected one.
    """
    last = select(func.max(Publication.published_at)).where(Publication.call_id == Application.call_id).scalar_subquery()
    chosen = (
        select(Review.id, Review.application_id, Review.turn, Review.total, Review.comment)
        .join(Application, Review.application_id == Application.id)
        .where(Application.person_id == person_id, Review.state == ReviewState.DONE, Application.call_id.in_(select(Ranking.call_id)))
        .where(or_(Application.id.not_in(reopened()), Review.done_at <= last))
        .order_by(Review.application_id, Review.turn)
    )
    given = session.execute(chosen).all()
    marks = _marks([each.id for each in given])
    return [
        {
            "application_id": each.application_id, "evaluation": each.turn, "total": _plain(each.total), "remark": each.comment,
            "criteria": marks.get(each.id, []),
        }
        for each in given
    ]  # fmt: skip


def _marks(review_ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    chosen = select(Mark, Criterion).join(Criterion, Mark.criterion_id == Criterion.id).where(Mark.review_id.in_(review_ids))
    found: dict[int, list[dict[str, Any]]] = {}
    for mark, criterion in session.execute(chosen.order_by(Mark.review_id, Criterion.position)):
        levels = (Level.restored(each) for each in criterion.levels)
        level = next((dict(each.title) for each in levels if each.points == mark.points), None)
        said = {"criterion": criterion.code, "title": dict(criterion.title), "points": _plain(mark.points), "most": mark.most}
        found.setdefault(mark.review_id, []).append(said | {"level": level, "counts": criterion.counts, "reason": mark.reason})
    return found


def _plain(points: Decimal | None) -> str | None:
    return None if points is None else f"{points.normalize():f}"


def lines(person_id: int) -> Told:
    """Give a person's own line of every list that was published, the provisional one too, and nobody else's."""
    chosen = (
        select(Publication, Application.id, Application.protocol_number)
        .join(Application, Application.call_id == Publication.call_id)
        .where(Application.person_id == person_id, Application.protocol_number.is_not(None))
        .options(undefer(Publication.lines))
        .order_by(Publication.id)
    )
    return [
        {
            "application_id": application_id, "list": one.number, "kind": one.kind, "published_at": one.published_at.isoformat(),
            "line": dict(line),
        }
        for one, application_id, protocol_number in session.execute(chosen)
        for line in one.lines
        if line["number"] == protocol_number
    ]  # fmt: skip


def overrides(person_id: int) -> Told:
    """Give what was proposed against the rules: a confirmed decision at once, what came to nothing once the final list is published."""
    published = Application.call_id.in_(select(Ranking.call_id)) & (Override.state != OverrideState.PROPOSED)
    known = _of(Override, person_id).where(or_(Override.state == OverrideState.CONFIRMED, published))
    return [_by_two(each) | {"is_eligible": each.is_eligible, "found": each.found} for each in session.scalars(known)]


def corrections(person_id: int) -> Told:
    """Give why a person's applications were, or were not, opened again after the final list; not while that is under way."""
    return [_by_two(each) for each in session.scalars(_of(Correction, person_id).where(Correction.state.not_in(OPEN)))]


def _of(kind: Any, person_id: int) -> Select[Any]:  # noqa: ANN401 (the class of what two people decide)
    chosen = select(kind).join(Application, kind.application_id == Application.id)
    return chosen.where(Application.person_id == person_id).order_by(kind.id)


def _by_two(held: ByTwo) -> dict[str, Any]:
    """Give a proposal and its answer, without the two people."""
    return {
        "application_id": held.application_id, "state": str(held.state), "reason": held.reason, "answer": held.answer,
        "proposed_at": held.proposed_at.isoformat(), "answered_at": held.answered_at and held.answered_at.isoformat(),
    }  # fmt: skip
