"""Marks that people give: essays by rubric, later corrections, answers that came late, more time for one person."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from inspire_lms.contracts.assessment import ChanceGiven
from inspire_lms.kernel import audit, bus, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.assessment import grading, rules
from inspire_lms.plugins.assessment.attempt.actions import finish
from inspire_lms.plugins.assessment.attempt.queries import stands as standing
from inspire_lms.plugins.assessment.bank.kept import contents
from inspire_lms.plugins.assessment.kinds import essay
from inspire_lms.plugins.assessment.kinds.known import KINDS
from inspire_lms.plugins.assessment.kinds.shape import Content
from inspire_lms.plugins.assessment.marking.queries import AFTER_LATE
from inspire_lms.plugins.assessment.models import Attempt, Extension, Mark, Response, Window
from inspire_lms.plugins.assessment.rules import State


def mark(response_id: int, *, levels: Mapping[str, int], comment: str, by: int) -> None:
    """Mark an essay for the first time; *levels* has the place of the chosen level of each criterion.

    Raises Refused while the attempt runs and when a colleague was quicker, Invalid when a criterion has no level.
    """
    with transaction():
        response, attempt, content = _loaded(response_id)
        if reason := rules.why_not_mark(attempt.state):
            raise Refused(reason)
        if response.points is not None:
            raise Refused(Reason("This essay has its mark already. A coordinator can correct it and write why."))
        points = _points(content, levels)
        _give(response, attempt, points, levels=levels, comment=comment, reason=None, by=by)


def correct(response_id: int, *, points: Decimal | None, levels: Mapping[str, int] | None, reason: str, by: int) -> None:
    """Change a mark: by *levels* for an essay, by *points* for any other question. Needs a reason, which stays visible."""
    with transaction():
        response, attempt, content = _loaded(response_id)
        if no := rules.why_not_correct(attempt.state, reason):
            raise Refused(no)
        if levels is not None:
            points = _points(content, levels)
        if points is None or not 0 <= points <= response.most:
            raise Invalid({"points": Reason("Give from 0 to {most} points.", most=response.most)})
        _give(response, attempt, points, levels=levels or {}, comment="", reason=reason, by=by)


def accept_late(response_id: int, *, reason: str, by: int) -> None:
    """Let an answer count that came after the time had ended: it takes the place of the one that was saved."""
    with transaction():
        response, attempt, content = _loaded(response_id)
        if no := rules.why_not_correct(attempt.state, reason):
            raise Refused(no)
        if response.late_answer is None:
            raise Refused(Reason("No late answer is kept aside here."))
        before, response.answer = response.answer, response.late_answer
        response.late_answer = response.late_at = None
        kind = contents([response.digest])[response.digest][0]
        share = KINDS[kind].grade(content, response.answer)
        audit.record(
            "assessment.accepted_late", ("assessment_response", response.id), by=by,
            before={"answer": before}, after={"answer": response.answer, "reason": reason},
        )  # fmt: skip
        if share is not None:
            points = grading.points(share, response.most)
            _give(response, attempt, points, levels={}, comment="", reason=reason, by=by)
        else:
            # An essay goes back into the queue: nobody has read this text yet.
            response.points, attempt.state, attempt.percent, attempt.graded_at = None, State.SUBMITTED, None, None


def _loaded(response_id: int) -> tuple[Response, Attempt, Content]:
    response = session.scalar(select(Response).where(Response.id == response_id).with_for_update())
    if response is None:
        raise NotThere
    attempt = session.scalars(select(Attempt).where(Attempt.id == response.attempt_id).with_for_update()).one()
    return response, attempt, contents([response.digest])[response.digest][1]


def _points(content: Content, levels: Mapping[str, int]) -> Decimal:
    missing = [each.code for each in essay.criteria(content) if essay.why_not_level(each, levels)]
    if missing:
        raise Invalid({f"level_{code}": Reason("Choose a level.") for code in missing})
    return essay.points(content, levels)


def _give(
    response: Response, attempt: Attempt, points: Decimal, *, levels: Mapping[str, int], comment: str, reason: str | None, by: int
) -> None:
    """Write a mark; the attempt gets its result when this was the last one missing."""
    now = clock.now()
    number = session.execute(select(func.count()).where(Mark.response_id == response.id)).scalar_one() + 1
    audit.record(
        "assessment.corrected" if reason else "assessment.marked", ("assessment_response", response.id), by=by,
        before={"points": response.points}, after={"points": points, "reason": reason},
        cohort_id=session.get_one(Window, attempt.window_id).cohort_id,
    )  # fmt: skip
    session.add(
        Mark(
            response_id=response.id, number=number, levels=dict(levels), points=points, comment=comment,
            reason=reason if number == 1 or reason else str(AFTER_LATE), marked_by=by, marked_at=now,
        )
    )  # fmt: skip
    response.points = points
    session.flush()
    open_ones = select(func.count()).where(Response.attempt_id == attempt.id, Response.points.is_(None))
    if session.execute(open_ones).scalar_one() == 0:
        finish(attempt, now)


def extend(
    window_id: int, person_id: int, *, minutes: int | None, attempts: int | None, until: datetime | None, reason: str, by: int
) -> None:
    """Give one person more time or another attempt, with the reason; a running attempt gets its new end at once.

    The numbers are all that the person has beyond the others. What is None stays as it was granted before.
    """
    with transaction():
        window = session.scalar(select(Window).where(Window.id == window_id).with_for_update())
        if window is None:
            raise NotThere
        given = session.scalar(select(Extension).where(Extension.window_id == window_id, Extension.person_id == person_id))
        before = {"minutes": given.minutes, "attempts": given.attempts, "until": given.until} if given else None
        if given is not None:
            minutes, attempts = given.minutes if minutes is None else minutes, given.attempts if attempts is None else attempts
            until = until or given.until
        minutes, attempts = minutes or 0, attempts or 0
        zone, now = session.get_one(Cohort, window.cohort_id).zone, clock.now()
        if no := rules.why_not_extend(minutes=minutes, attempts=attempts, until=until, closes_at=window.closes_at, zone=zone, at=now):
            raise Refused(no)
        given = given or Extension(window_id=window_id, person_id=person_id)
        given.minutes, given.attempts, given.until, given.reason = minutes, attempts, until, reason
        given.granted_by, given.granted_at = by, now
        session.add(given)
        session.flush()
        stand = next(each for each in standing([window.cohort_id], person_id) if each.id == window_id)
        if stand.running is not None:
            attempt = session.get_one(Attempt, stand.running.id)
            attempt.ends_at = max(attempt.ends_at, rules.ends_at(stand.terms, attempt.started_at))
        audit.record(
            "assessment.extended", ("people_person", person_id), by=by, before=before, cohort_id=window.cohort_id,
            after={"minutes": minutes, "attempts": attempts, "until": until, "reason": reason, "window": window_id},
        )  # fmt: skip
        bus.announce(ChanceGiven(cohort_id=window.cohort_id, assessment_id=window.assessment_id, person_id=person_id))
