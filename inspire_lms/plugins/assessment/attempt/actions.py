"""An attempt from its start to its submission: each change is saved by itself, and the server's clock rules."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from inspire_lms.contracts.assessment import AttemptGraded
from inspire_lms.kernel import audit, bus, clock, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused
from inspire_lms.kernel.programmes.models import Edition
from inspire_lms.plugins.assessment import drawing, grading, rules
from inspire_lms.plugins.assessment.attempt import queries
from inspire_lms.plugins.assessment.bank import queries as bank
from inspire_lms.plugins.assessment.bank.kept import contents
from inspire_lms.plugins.assessment.kinds import essay
from inspire_lms.plugins.assessment.kinds.known import KINDS
from inspire_lms.plugins.assessment.models import Assessment, Attempt, Response, Version, Window
from inspire_lms.plugins.assessment.rules import State

LONGEST = 40_000
"""Characters of all that one save may send."""
AT_ONCE = 200
"""Attempts that one round of the schedule submits."""


def start(window_id: int, person_id: int, *, seed: str | None = None) -> int:
    """Draw the questions and let the time run; gives the attempt's id, that of the running one when there is one.

    Raises Refused outside the window, when no attempt is left, and when the bank is too small.
    """
    with transaction():
        window = session.scalar(select(Window).where(Window.id == window_id).with_for_update())
        if window is None:
            raise NotThere
        stand = next(each for each in queries.stands([window.cohort_id], person_id) if each.id == window_id)
        now = clock.now()
        if (running := stand.running) is not None:
            if not rules.is_over(running.ends_at, at=now):
                return running.id
            submit(running.id)
        if reason := rules.why_not_start(stand.terms, used=len(stand.tried), at=now):
            raise Refused(reason)
        attempt = Attempt(
            window_id=window_id, person_id=person_id, number=len(stand.tried) + 1, seed=seed or secrets.token_hex(16),
            started_at=now, ends_at=rules.ends_at(stand.terms, now), state=State.OPEN,
        )  # fmt: skip
        session.add(attempt)
        session.flush()
        _ask(attempt, _drawn(session.get_one(Assessment, window.assessment_id), attempt.seed), now)
        audit.record("assessment.started", ("assessment_attempt", attempt.id), by=person_id, cohort_id=window.cohort_id)
        return attempt.id


def _drawn(assessment: Assessment, seed: str) -> list[int]:
    """Give the versions to be asked, in their order."""
    if assessment.question_id is not None:
        newest = select(func.max(Version.id)).where(Version.question_id == assessment.question_id)
        return [session.execute(newest).scalar_one()]
    framework_id = session.scalar(select(Edition.framework_id).where(Edition.id == assessment.edition_id)) or 0
    pool = bank.pool(framework_id, assessment.competences)
    if reason := drawing.why_not_draw(pool, assessment.questions_each):
        raise Refused(reason)
    return drawing.draw(pool, assessment.questions_each, seed)


def _ask(attempt: Attempt, version_ids: Sequence[int], now: datetime) -> None:
    """Store the questions of an attempt; from now on their versions do not change."""
    rows = session.execute(select(Version.id, Version.digest, Version.kind, Version.content).where(Version.id.in_(version_ids)))
    versions = {row.id: row for row in rows}
    for position, version_id in enumerate(version_ids, start=1):
        row = versions[version_id]
        most = essay.most_points(row.content) if row.kind == "essay" else 1
        session.add(Response(attempt_id=attempt.id, position=position, version_id=version_id, digest=row.digest, most=most))
    session.execute(update(Version).where(Version.id.in_(version_ids), Version.used_at.is_(None)).values(used_at=now))


@dataclass(frozen=True)
class Saved:
    """When an answer was saved, and when another device had changed it in between."""

    at: datetime
    elsewhere_at: datetime | None


def save(attempt_id: int, position: int, sent: Sequence[str], *, by: int, flagged: bool = False, device: str = "", seen: str = "") -> Saved:
    """Save one answer: one statement that also asks for owner and deadline, one commit. The latest answer wins.

    *seen* is the moment, in ISO form, of the answer that the person had before the eyes. Raises Invalid for what
    cannot be an answer, and Refused when it comes too late; what came after the end of the time is kept aside.
    """
    if sum(map(len, sent)) > LONGEST:
        raise Invalid({"answer": Reason("This is too long to be saved.")})
    answer = list(sent) if any(text.strip() for text in sent) else None
    now = clock.now()
    with transaction():
        mine = select(Attempt.id).where(
            Attempt.id == attempt_id, Attempt.person_id == by, Attempt.state == State.OPEN, Attempt.ends_at >= now
        )
        row = session.execute(
            update(Response)
            .where(Response.attempt_id == attempt_id, Response.position == position, mine.exists())
            .values(answer=answer, flagged=flagged, saved_at=now, saved_from=device)
            .values(before_at=Response.saved_at, before_from=Response.saved_from)
            .returning(Response.digest, Response.before_at, Response.before_from)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        if row is not None:
            kind, content = contents([row.digest])[row.digest]
            if answer is not None and (wrong := KINDS[kind].why_not(content, answer)):
                raise Invalid({"answer": wrong})
            met = row.before_at is not None and row.before_from != device and row.before_at.isoformat() != seen
            return Saved(now, row.before_at if met else None)
        reason = _why_not_saved(attempt_id, position, answer, by, now)
    raise Refused(reason)


def _why_not_saved(attempt_id: int, position: int, answer: list[str] | None, by: int, now: datetime) -> Reason:
    """Find out why nothing was saved, and keep aside what came too late."""
    head = queries.own_attempt(attempt_id, by)
    response = session.scalar(select(Response).where(Response.attempt_id == attempt_id, Response.position == position))
    if head is None or response is None:
        raise NotThere
    if rules.is_over(head.ends_at, at=now) and answer is not None and answer != response.answer:
        response.late_answer, response.late_at = answer, now
    return rules.why_not_answer(head.state, head.ends_at, head.zone, at=now) or Reason("Send this answer once more.")


def submit(attempt_id: int) -> None:
    """Hand in an attempt, mark what marks itself, and write the receipt; the second time nothing happens.

    After its end an attempt is submitted as it stood at its end, whoever asks.
    """
    with transaction():
        attempt = session.scalar(select(Attempt).where(Attempt.id == attempt_id).with_for_update())
        if attempt is None:
            raise NotThere
        if attempt.state != State.OPEN:
            return
        now = clock.now()
        by_itself = rules.is_over(attempt.ends_at, at=now)
        submitted_at = attempt.ends_at if by_itself else now
        asked = queries.asked(attempt_id)
        marks = [{"id": each.id, "points": _points(each)} for each in asked]
        session.execute(update(Response), marks)
        attempt.receipt = grading.receipt(attempt_id, submitted_at, [(each.position, each.digest, each.answer) for each in asked])
        attempt.state, attempt.submitted_at, attempt.by_itself = State.SUBMITTED, submitted_at, by_itself
        if all(mark["points"] is not None for mark in marks):
            finish(attempt, now)
        jobs.later("assessment.confirm", key=f"assessment.confirm:{attempt_id}", attempt_id=attempt_id)


def _points(asked: queries.Asked) -> object:
    share = KINDS[asked.kind].grade(asked.content, asked.answer)
    return None if share is None else grading.points(share, asked.most)


def finish(attempt: Attempt, now: datetime) -> None:
    """Give an attempt its result, once all its answers have points, and announce it; again after a correction."""
    session.flush()
    rows = session.execute(select(Response.points, Response.most).where(Response.attempt_id == attempt.id))
    attempt.percent = grading.percent(grading.Marked("", points, most) for points, most in rows if points is not None)
    attempt.state = State.GRADED
    attempt.graded_at = attempt.graded_at or now
    window = session.get_one(Window, attempt.window_id)
    bus.announce(AttemptGraded(cohort_id=window.cohort_id, assessment_id=window.assessment_id, person_id=attempt.person_id))


def close_finished() -> None:
    """Submit the attempts whose time is over; the schedule asks for it every minute."""
    now = clock.now()
    over = select(Attempt.id).where(Attempt.state == State.OPEN, Attempt.ends_at < now).order_by(Attempt.ends_at).limit(AT_ONCE)
    for attempt_id in list(session.scalars(over)):
        submit(attempt_id)
