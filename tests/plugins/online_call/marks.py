"""Criteria with levels, and evaluations with the marks that a case needs."""

from decimal import Decimal

from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.edition import Weighed
from inspire_lms.plugins.online_call.judging import reviewing
from inspire_lms.plugins.online_call.marking.scales import Level
from inspire_lms.plugins.online_call.models import Review
from tests.builders import words
from tests.plugins.online_call.builders import CLOSED

LEVELS = tuple(
    Level(Decimal(points), words(title), words(about) if about else {})
    for points, title, about in (("0", "Absent", ""), ("20", "Sketched", "Named, not shown"), ("32.5", "Clear", ""), ("60", "Convincing", ""))
)
MOTIVATION = Weighed("motivation", words("Motivation"), words("About it"), 60, LEVELS)
TRANSFER = Weighed("transfer", words("Transfer"), words("About it"), 40)
BESIDE = Weighed("recommendation", words("Recommendation"), words("What the employer writes"), 10, counts=False)
WITH_LEVELS = (MOTIVATION, TRANSFER)


def given(application, evaluator, *, at=CLOSED, reasons=None, comment="", **marks):
    """The evaluation of *evaluator*, with these marks."""
    number = review_of(application, evaluator).id
    with clock.frozen(at):
        reviewing.give(number, {code: Decimal(str(points)) for code, points in marks.items()}, comment, by=evaluator.id, reasons=reasons or {})
    return review_of(application, evaluator)


def review_of(application, evaluator):
    """What this evaluator was asked for."""
    session.rollback()
    return session.scalars(select(Review).where(Review.application_id == application.id, Review.evaluator_id == evaluator.id)).one()


def states_of(application):
    """The turn, the evaluator and the state of each review."""
    session.rollback()
    rows = session.scalars(select(Review).where(Review.application_id == application.id).order_by(Review.turn, Review.id))
    return [(each.turn, each.evaluator_id, str(each.state)) for each in rows]
