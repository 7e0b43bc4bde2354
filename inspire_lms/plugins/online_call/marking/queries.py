"""Reads about marks: the scales of a call, the reasons that were written, and what stands beside the total."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select

from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.online_call import rules
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.marking.scales import Level, Scale
from inspire_lms.plugins.online_call.models import Application, Criterion, Mark, Review
from inspire_lms.plugins.online_call.rules import STEPPED_BACK, ReviewState, State


def scale_of(criterion: Criterion) -> Scale:
    """Give what a criterion can bring."""
    return Scale(criterion.weight, tuple(Level.restored(each) for each in criterion.levels), criterion.counts)


def scales_of(criteria: Iterable[Criterion]) -> dict[str, Scale]:
    """Give what each criterion can bring, by its code."""
    return {each.code: scale_of(each) for each in criteria}


def digest_of(criteria: Iterable[Criterion], *, explains_extremes: bool) -> str:
    """Give a fingerprint of all that marks depend on, so that points typed under other criteria are told from those under these."""
    plain = [explains_extremes, [[each.code, each.weight, each.counts, each.levels] for each in criteria]]
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:16]


class Marked(NamedTuple):
    """What one evaluator gave for one criterion."""

    points: Decimal
    reason: str


def marked(review_ids: Iterable[int]) -> dict[int, dict[str, Marked]]:
    """Give points and reasons of these reviews, by review and criterion code, in the order of the criteria."""
    chosen = (
        select(Mark.review_id, Criterion.code, Mark.points, Mark.reason)
        .join(Criterion, Mark.criterion_id == Criterion.id)
        .where(Mark.review_id.in_(list(review_ids)))
        .order_by(Mark.review_id, Criterion.position)
    )
    found: dict[int, dict[str, Marked]] = {}
    for review_id, code, points, reason in session.execute(chosen):
        found.setdefault(review_id, {})[code] = Marked(points, reason)
    return found


def reasons_in(call_id: int) -> dict[int, dict[str, str]]:
    """Give the reasons that were written in a call, by review and criterion code."""
    rows = session.execute(
        select(Mark.review_id, Criterion.code, Mark.reason)
        .join(Criterion, Mark.criterion_id == Criterion.id)
        .where(Criterion.call_id == call_id, Mark.reason != "")
    )
    found: dict[int, dict[str, str]] = {}
    for review_id, code, reason in rows:
        found.setdefault(review_id, {})[code] = reason
    return found


def comments_in(call_id: int) -> dict[int, str]:
    """Give the comments of the evaluations that were given in a call, by review."""
    rows = session.execute(
        select(Review.id, Review.comment)
        .join(Application, Review.application_id == Application.id)
        .where(Application.call_id == call_id, Review.state == ReviewState.DONE, Review.comment != "")
    )
    return {row[0]: row[1] for row in rows}


def beside(call_id: int, only: Sequence[int]) -> dict[int, dict[str, Decimal]]:
    """Give the mean of what stands beside the total, by application and criterion code, over what was given to *only* these."""
    rows = session.execute(
        select(Review.application_id, Criterion.code, func.avg(Mark.points))
        .join(Mark, Mark.review_id == Review.id)
        .join(Criterion, Mark.criterion_id == Criterion.id)
        .where(Criterion.call_id == call_id, Criterion.counts.is_(False), Review.state == ReviewState.DONE)
        .where(Review.application_id.in_(only))
        .group_by(Review.application_id, Criterion.code)
    )
    found: dict[int, dict[str, Decimal]] = {}
    for application_id, code, points in rows:
        found.setdefault(application_id, {})[code] = Decimal(str(points))
    return found


class Back(NamedTuple):
    """Somebody who has stepped back from an application."""

    evaluator_id: int
    state: str
    why: str


def stepped_back(application_id: int) -> list[Back]:
    """List who has stepped back from an application, and why."""
    columns = (Review.evaluator_id, Review.state, Review.comment)
    chosen = select(*columns).where(Review.application_id == application_id, Review.state.in_(STEPPED_BACK))
    return [Back(*row) for row in session.execute(chosen.order_by(Review.turn, Review.id))]


def steps_back(call_id: int) -> Mapping[str, int]:
    """Count the conflicts and the abstentions in the eligible applications of a call, each apart."""
    rows = session.execute(
        select(Review.state, func.count())
        .join(Application, Review.application_id == Application.id)
        .where(Application.call_id == call_id, Application.state == State.ELIGIBLE, Review.state.in_(STEPPED_BACK))
        .group_by(Review.state)
    )
    return {row[0]: row[1] for row in rows}


def why_not(review: Review) -> Reason | None:
    """Say why no marks can be given to an application, whenever it is."""
    application = review.application
    published, provisional = judging.is_settled(application), judging.has_list(application.call_id)
    return rules.why_not_review(State(application.state), ReviewState(review.state), published=published, provisional=provisional)
