"""What others wrote and gave about a person's applications, in words of JSON, and never before the pages would show its outcome.

Points and remarks about somebody's answers are that person's data (Court of Justice of the EU, C-434/16). Who gave them is not, so an
evaluation is known by its turn. Why an evaluator stepped back is about the evaluator, and stays with the committee.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import lazyload, undefer

from inspire_lms.kernel.db import once_a_page, session
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
    given: tuple[Any, ...] = (Review.id, Review.application_id, Review.turn, Review.total, Review.comment)
    chosen = (
        select(*given, Mark, Criterion)
        .join(Application, Review.application_id == Application.id)
        .outerjoin(Mark, Mark.review_id == Review.id)
        .outerjoin(Criterion, Mark.criterion_id == Criterion.id)
        .where(Application.person_id == person_id, Review.state == ReviewState.DONE, Application.call_id.in_(select(Ranking.call_id)))
        .where(or_(Application.id.not_in(reopened()), Review.done_at <= last))
        .order_by(Review.application_id, Review.turn, Criterion.position)
    )
    found: dict[int, dict[str, Any]] = {}
    for row in session.execute(chosen):
        told = {"application_id": row.application_id, "evaluation": row.turn, "total": _plain(row.total), "remark": row.comment}
        one = found.setdefault(row.id, told | {"criteria": []})
        if row.Mark is not None:
            one["criteria"].append(_mark(row.Mark, row.Criterion))
    return list(found.values())


def _mark(mark: Mark, criterion: Criterion) -> dict[str, Any]:
    levels = (Level.restored(each) for each in criterion.levels)
    level = next((dict(each.title) for each in levels if each.points == mark.points), None)
    said = {"criterion": criterion.code, "title": dict(criterion.title), "points": _plain(mark.points), "most": mark.most}
    return said | {"level": level, "counts": criterion.counts, "reason": mark.reason}


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
    found = {each.Override.id: each for each in _proposed(person_id) if each.Override}
    known = [each.Override for each in found.values() if each.Override.state in (_SETTLED if each.is_published else _IN_FORCE)]
    return [_by_two(each) | {"is_eligible": each.is_eligible, "found": each.found} for each in known]


def corrections(person_id: int) -> Told:
    """Give why a person's applications were, or were not, opened again after the final list; not while that is under way."""
    found = {each.Correction.id: each.Correction for each in _proposed(person_id) if each.Correction}
    return [_by_two(each) for each in found.values() if each.state not in OPEN]


_IN_FORCE = frozenset({OverrideState.CONFIRMED})
_SETTLED = frozenset(OverrideState) - {OverrideState.PROPOSED}


@once_a_page
def _proposed(person_id: int) -> Sequence[Any]:
    """Read all that two people decide about a person's applications, in one statement."""
    is_published = Application.call_id.in_(select(Ranking.call_id)).label("is_published")
    chosen = select(Override, Correction, is_published).select_from(Application).where(Application.person_id == person_id)
    joined = chosen.outerjoin(Override, Override.application_id == Application.id)
    joined = joined.outerjoin(Correction, Correction.application_id == Application.id)
    # Their applications are not loaded along: a join for them would leave out whatever has only one of the two.
    alone = joined.options(lazyload(Override.application), lazyload(Correction.application))
    return session.execute(alone.order_by(Override.id, Correction.id)).all()


def _by_two(held: ByTwo) -> dict[str, Any]:
    """Give a proposal and its answer, without the two people."""
    return {
        "application_id": held.application_id, "state": str(held.state), "reason": held.reason, "answer": held.answer,
        "proposed_at": held.proposed_at.isoformat(), "answered_at": held.answered_at and held.answered_at.isoformat(),
    }  # fmt: skip
