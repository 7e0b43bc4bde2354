"""Correcting the criteria of a call that somebody has applied in: shown first, done when confirmed, never after a publication."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import delete, select, update

from inspire_lms.kernel import audit
from inspire_lms.kernel.db import Words, session
from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.edition import CallPart
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.judging import reviewing
from inspire_lms.plugins.online_call.judging.holding import hold_call
from inspire_lms.plugins.online_call.marking import letters, queries
from inspire_lms.plugins.online_call.marking.corrections import Correction, Criteria, Given, Measured, compared
from inspire_lms.plugins.online_call.models import Application, Call, Criterion, Mark, Review
from inspire_lms.plugins.online_call.rules import STEPPED_BACK, ReviewState

ASIDE = 1000
"""Added to positions while they change places, since two criteria never have the same."""


def why_not(call: Call, part: CallPart) -> Reason | None:
    """Say why the criteria of a call cannot be brought to what the file says.

    Once the ranking is published they are fixed; before, the reason is all that would happen, as long as the file does not
    confirm it. The call is held until the transaction ends, so that it stays so.
    """
    hold_call(call.id)
    found, country = _found(call, part), call.cohort.country_name
    if not found.changes:
        return None
    if judging.has_list(call.id):
        return Reason("{country}: the ranking is published, so the criteria are fixed.", country=country)
    is_confirmed = part.correction is not None and part.correction.confirms == found.word
    return None if is_confirmed else found.shown(country)


def correct(call: Call, part: CallPart, by: int | None) -> None:
    """Bring the criteria of a call to what the file says; inside the transaction of the loading, after *why_not* found nothing."""
    found = _found(call, part)
    _drop(found.unfit)
    _write(call, part)
    if found.changes and part.correction is not None:
        _give_back(call, found, Words(part.correction.why))
        after = {"criteria": {each.code: each.weight for each in part.criteria}, "kept": len(found.kept), "again": len(found.again)}
        audit.record("online_call.corrected", ("call", call.id), by=by, after=after, cohort_id=call.cohort_id)


def _found(call: Call, part: CallPart) -> Correction:
    return compared(_criteria_of(call), _criteria_in(part), _given(call.id))


def _criteria_of(call: Call) -> Criteria:
    measured = {each.code: Measured(each.title, queries.scale_of(each)) for each in applying.criteria(call.id)}
    return Criteria(measured, call.explains_extremes)


def _criteria_in(part: CallPart) -> Criteria:
    return Criteria({each.code: Measured(Words(each.title), each.scale) for each in part.criteria}, part.explains_extremes)


def _given(call_id: int) -> list[Given]:
    chosen = select(Review.id, Review.state).join(Application, Review.application_id == Application.id)
    rows = session.execute(chosen.where(Application.call_id == call_id, Review.state.not_in(STEPPED_BACK)).order_by(Review.id)).all()
    marks = queries.marked(row.id for row in rows)
    return [Given(row.id, row.state == ReviewState.DONE, marks.get(row.id, {})) for row in rows]


def _drop(unfit: Mapping[int, tuple[str, ...]]) -> None:
    """Remove the marks that mean nothing any more."""
    for review_id, codes in unfit.items():
        of_these = select(Criterion.id).where(Criterion.code.in_(codes))
        session.execute(delete(Mark).where(Mark.review_id == review_id, Mark.criterion_id.in_(of_these)))


def _write(call: Call, part: CallPart) -> None:
    """Let the criteria be those of the file, in its order; what stays keeps its marks."""
    kept = {each.code: each for each in applying.criteria(call.id)}
    for code in kept.keys() - {each.code for each in part.criteria}:
        session.delete(kept.pop(code))
    for stays in kept.values():
        stays.position += ASIDE
    session.flush()
    for place, each in enumerate(part.criteria, start=1):
        row = kept.get(each.code)
        if row is None:
            row = Criterion(call_id=call.id, code=each.code)
            session.add(row)
        row.position, row.title, row.about = place, Words(each.title), Words(each.about)
        row.weight, row.counts, row.levels = each.weight, each.counts, [level.stored() for level in each.levels]
        session.flush()
        session.execute(update(Mark).where(Mark.criterion_id == row.id).values(most=each.weight))
    call.explains_extremes = part.explains_extremes


def _give_back(call: Call, found: Correction, why: Words) -> None:
    """Open the evaluations that are to be given again, and tell their evaluators."""
    reviews = session.scalars(select(Review).where(Review.id.in_(found.again)).order_by(Review.id)).all()
    for review in reviews:
        review.state, review.done_at, review.total = ReviewState.ASKED, None, None
    session.flush()
    for application in {review.application_id: review.application for review in reviews}.values():
        reviewing.look_at_the_gap(application)
    letters.to_be_given_again(call, Counter(review.evaluator_id for review in reviews), why)
