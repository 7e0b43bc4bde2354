"""An attempt from its start to its submission: each change is saved by itself, and the server's clock rules."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from inspire_lms.contracts.assessment import AttemptGraded
from inspire_lms.kernel import audit, bus, clock, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused
from inspire_lms.kernel.plugin import is_on_for_cohort
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
"""Attempts that one round of the schedule hands in."""
Drawn = aliased(Version)


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
    # First the versions are marked as used, then they are read: whoever is writing one of them at this moment is waited for, or waits.
    unused = select(Drawn.id).where(Drawn.id.in_(version_ids), Drawn.used_at.is_(None)).order_by(Drawn.id).with_for_update()
    session.execute(update(Version).where(Version.id.in_(unused)).values(used_at=now).execution_options(synchronize_session=False))
    rows = session.execute(select(Version.id, Version.digest, Version.kind, Version.content).where(Version.id.in_(version_ids)))
    versions = {row.id: row for row in rows}
    for position, version_id in enumerate(version_ids, start=1):
        row = versions[version_id]
        most = essay.most_points(row.content) if row.kind == "essay" else 1
        session.add(Response(attempt_id=attempt.id, position=position, version_id=version_id, digest=row.digest, most=most))


@dataclass(frozen=True)
class Saved:
    """When an answer was saved, and when another device had changed it in between."""

    at: datetime
    elsewhere_at: datetime | None


def save(attempt_id: int, position: int, sent: Sequence[str], *, by: int, flagged: bool = False, device: str = "", seen: str = "") -> Saved:
    """Save one answer: one statement that also asks for owner and deadline, one commit. The latest answer wins.

    What counts is when the answer came, not when its turn was. *seen* is the moment, in ISO form, of the answer that the person had
    before the eyes. Raises Invalid for what cannot be an answer, and Refused when it comes too late; what came after the end of the
    time, or was overtaken by it, is kept aside.
    """
    if sum(map(len, sent)) > LONGEST:
        raise Invalid({"answer": Reason("This is too long to be saved.")})
    answer = list(sent) if any(text.strip() for text in sent) else None
    now = clock.now()
    with transaction():
        own = select(Attempt.id).where(
            Attempt.id == attempt_id, Attempt.person_id == by, Attempt.state == State.OPEN, Attempt.ends_at >= now
        )
        # Nobody hands in before this answer is stored: the receipt stands for all that was confirmed.
        mine = own.with_for_update(read=True)
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
        reason = _why_not_saved(attempt_id, position, answer, by=by, came_at=now)
    raise Refused(reason)


def _why_not_saved(attempt_id: int, position: int, answer: list[str] | None, *, by: int, came_at: datetime) -> Reason:
    """Find out why nothing was saved, and keep aside what came too late, or in time for an attempt that handed itself in meanwhile."""
    head = queries.own_attempt(attempt_id, by)
    response = session.scalar(select(Response).where(Response.attempt_id == attempt_id, Response.position == position))
    if head is None or response is None:
        raise NotThere
    is_too_late = head.by_itself or rules.is_over(head.ends_at, at=came_at)
    if is_too_late and answer is not None and answer != response.answer:
        response.late_answer, response.late_at = answer, came_at
    why_not = rules.why_not_answer(head.state, head.ends_at, head.zone, at=clock.now(), by_itself=head.by_itself)
    return why_not or Reason("Send this answer once more.")


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
    """Have the attempts handed in whose time is over, each by a job of its own; the schedule asks for it every minute.

    One attempt that cannot be handed in holds up no other. Where the plugin is switched off nothing is handed in.
    """
    now = clock.now()
    over = (Attempt.state == State.OPEN) & (Attempt.ends_at < now)
    with transaction():
        cohorts = session.scalars(select(Window.cohort_id).join(Attempt, Attempt.window_id == Window.id).where(over).distinct())
        chosen = over & Window.cohort_id.in_([each for each in cohorts if is_on_for_cohort("assessment", each)])
        found = select(Attempt.id, Attempt.ends_at).join(Window, Window.id == Attempt.window_id).where(chosen)
        for attempt_id, ends_at in session.execute(found.order_by(Attempt.ends_at).limit(AT_ONCE)).all():
            jobs.later("assessment.submit", key=f"assessment.submit:{attempt_id}:{ends_at.isoformat()}", attempt_id=attempt_id)


def submit_finished(attempt_id: int) -> None:
    """Hand in an attempt whose time is over; nothing happens when its person got more time meanwhile."""
    with transaction():
        ends_at = session.scalar(select(Attempt.ends_at).where(Attempt.id == attempt_id).with_for_update())
        if ends_at is not None and rules.is_over(ends_at, at=clock.now()):
            submit(attempt_id)
