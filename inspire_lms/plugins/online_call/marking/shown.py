"""Evaluations as the committee reads them: points or level, reasons and comment."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from inspire_lms.kernel.db import Words, session
from inspire_lms.kernel.i18n import _, number, show
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.marking import queries
from inspire_lms.plugins.online_call.marking.queries import Marked
from inspire_lms.plugins.online_call.marking.scales import Scale
from inspire_lms.plugins.online_call.models import Application, Criterion, Review
from inspire_lms.plugins.online_call.rules import ReviewState


@dataclass(frozen=True)
class Shown:
    """One evaluation that was given, without the name of who gave it."""

    letter: str
    """A, B or C, by its turn."""
    total: Any
    lines: tuple[tuple[Words, str, str], ...]
    """Criterion, what was given, and why."""
    comment: str


def evaluations(application: Application, *, without: Collection[int] = ()) -> tuple[Shown, ...]:
    """Give the evaluations of an application that were handed in, in their order; *without* those of these people."""
    given = select(Review).where(Review.application_id == application.id, Review.state == ReviewState.DONE)
    reviews = session.scalars(given.where(Review.evaluator_id.not_in(without)).order_by(Review.turn)).all()
    if not reviews:
        return ()
    criteria, marks = applying.criteria(application.call_id), queries.marked(each.id for each in reviews)
    scales = queries.scales_of(criteria)
    return tuple(
        Shown(
            letter="ABC"[each.turn - 1],
            total=each.total,
            lines=tuple(
                (one.title, _said(one, marks[each.id][one.code], scales[one.code]), marks[each.id][one.code].reason)
                for one in criteria
                if one.code in marks.get(each.id, {})
            ),
            comment=each.comment,
        )
        for each in reviews
    )


def _said(criterion: Criterion, mark: Marked, scale: Scale) -> str:
    points = number(mark.points, 0 if mark.points == int(mark.points) else 1)
    level = scale.level(mark.points)
    said = _("{points} of {most}", points=points, most=criterion.weight)
    if level:
        said = _("{points}: {level}", points=said, level=show(Words(level.title)))
    return said if criterion.counts else _("{points} (beside the total)", points=said)
