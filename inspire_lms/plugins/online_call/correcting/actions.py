"""Opening an application again after the final list: one proposes it with a reason, another confirms it."""

from sqlalchemy import delete, func, select, update

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused
from inspire_lms.plugins.online_call.appealing.answering import reopen_reviews
from inspire_lms.plugins.online_call.correcting import letters, queries, rules
from inspire_lms.plugins.online_call.correcting.models import Correction
from inspire_lms.plugins.online_call.correcting.rules import CorrectionState
from inspire_lms.plugins.online_call.judging.holding import hold
from inspire_lms.plugins.online_call.judging.queries import is_published
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.overriding.rules import why_not_about_oneself
from inspire_lms.plugins.online_call.rules import State


def propose(application_id: int, reason: str, *, by: int) -> Correction:
    """Propose to open an application again. Raises NotThere, Invalid without a reason, Refused before the final list or twice."""
    with transaction():
        application = hold(application_id)
        if refused := why_not_propose(application) or why_not_about_oneself(application.person_id, by):
            raise Refused(refused)
        if not reason.strip() or len(reason) > rules.MOST_REASON:
            raise Invalid({"reason": Reason("Say why, in at most {n} characters.", n=rules.MOST_REASON)})
        correction = Correction(
            application_id=application.id, reason=reason.strip(), state=CorrectionState.PROPOSED, proposed_by_id=by, proposed_at=clock.now()
        )
        session.add(correction)
        session.flush()
        letters.proposed(correction)
        _record("proposed", correction, by=by)
        return correction


def why_not_propose(application: Application) -> Reason | None:
    """Say why an application cannot be opened again now."""
    is_open = queries.open_one(application.id) is not None
    return rules.why_not_propose(State(application.state), is_final=is_published(application.call_id), is_open=is_open)


def confirm(correction_id: int, *, by: int) -> None:
    """Open the application again: the same people evaluate it anew, or its eligibility is decided anew. Raises NotThere, Refused."""
    with transaction():
        correction = _held(correction_id)
        if reason := why_not_answer(correction, by):
            raise Refused(reason)
        application = correction.application
        if refused := rules.why_not_propose(State(application.state), is_final=True, is_open=False):
            raise Refused(refused)
        _close(correction, CorrectionState.REOPENED, by)
        if application.state == State.NOT_ELIGIBLE:
            application.state = State.SUBMITTED
            session.flush()
        else:
            for review in reopen_reviews(application):
                letters.evaluate_anew(correction, review)
        _record("confirmed", correction, by=by)


def send_back(correction_id: int, answer: str, *, by: int) -> None:
    """Send a proposal back with a sentence. Raises NotThere, Refused, Invalid without a sentence."""
    with transaction():
        correction = _held(correction_id)
        if reason := why_not_answer(correction, by):
            raise Refused(reason)
        if not answer.strip():
            raise Invalid({"answer": Reason("Say in a sentence why it is sent back.")})
        correction.answer = answer.strip()
        _close(correction, CorrectionState.SENT_BACK, by)
        _record("sent-back", correction, by=by)


def take_back(correction_id: int, *, by: int) -> None:
    """Take one's own proposal back. Raises NotThere, Refused."""
    with transaction():
        correction = _held(correction_id)
        if correction.state != CorrectionState.PROPOSED:
            raise Refused(Reason("This proposal was settled in the meantime."))
        if correction.proposed_by_id != by:
            raise Refused(Reason("Only who has proposed it can take it back. You can send it back."))
        _close(correction, CorrectionState.TAKEN_BACK, by)
        _record("taken-back", correction, by=by)


def why_not_answer(correction: Correction, by: int) -> Reason | None:
    """Say why *by* can neither confirm a correction nor send it back."""
    told = {"proposed_by": correction.proposed_by_id, "applicant": correction.application.person_id, "by": by}
    return rules.why_not_answer(CorrectionState(correction.state), **told)


def drop(application: Application) -> None:
    """Let the correction of an application that is withdrawn come to nothing: it holds no list up. Inside a transaction."""
    under_way = (Correction.application_id == application.id, Correction.state.in_(queries.OPEN))
    answered = func.coalesce(Correction.answered_at, clock.now())
    session.execute(update(Correction).where(*under_way).values(state=CorrectionState.DROPPED, answered_at=answered))


def forget(applications: object) -> None:
    """Remove the corrections of *applications*, a choice of their numbers; the reason stays in the corrected list."""
    session.execute(delete(Correction).where(Correction.application_id.in_(applications)))  # type: ignore[arg-type]


def go_over(from_id: int, to_id: int) -> None:
    """Let what somebody with two accounts proposed and answered belong to the one that stays; the two people stay two."""
    for mine, other in ((Correction.proposed_by_id, Correction.answered_by_id), (Correction.answered_by_id, Correction.proposed_by_id)):
        apart = other.is_(None) | (other != to_id)
        numbers = list(session.scalars(select(Correction.id).where(mine == from_id, apart)))
        session.execute(update(Correction).where(Correction.id.in_(numbers)).values({mine: to_id}))


def _held(correction_id: int) -> Correction:
    found = session.get(Correction, correction_id)
    if found is None:
        raise NotThere
    hold(found.application_id)
    session.refresh(found)
    return found


def _close(correction: Correction, state: CorrectionState, by: int) -> None:
    correction.state, correction.answered_by_id, correction.answered_at = state, by, clock.now()
    session.flush()


def _record(deed: str, correction: Correction, *, by: int) -> None:
    application = correction.application
    audit.record(
        f"online_call.correction-{deed}",
        ("application", application.id),
        by=by,
        after={"correction": correction.id, "proposed_by": correction.proposed_by_id},
        cohort_id=application.cohort_id,
        about=application.person_id,
    )
