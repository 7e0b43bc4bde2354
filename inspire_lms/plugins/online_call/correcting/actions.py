"""Opening an application again after the final list: one proposes it with a reason, another confirms it."""

from sqlalchemy import delete

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, Reason, Refused
from inspire_lms.plugins.online_call.appealing.answering import reopen_reviews
from inspire_lms.plugins.online_call.correcting import letters, queries, rules
from inspire_lms.plugins.online_call.correcting.models import Correction
from inspire_lms.plugins.online_call.correcting.rules import CorrectionState
from inspire_lms.plugins.online_call.judging.holding import hold
from inspire_lms.plugins.online_call.judging.queries import is_published
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.recusing import queries as recusing
from inspire_lms.plugins.online_call.rules import State
from inspire_lms.plugins.online_call.seconding import actions as seconding


def propose(application_id: int, reason: str, *, by: int) -> Correction:
    """Propose to open an application again. Raises NotThere, Invalid without a reason, Refused before the final list or twice."""
    with transaction():
        application = hold(application_id)
        if refused := why_not_propose(application, by):
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


def why_not_propose(application: Application, by: int) -> Reason | None:
    """Say why *by* cannot propose now to open an application again."""
    is_open = queries.open_one(application.id) is not None
    reason = rules.why_not_propose(State(application.state), is_final=is_published(application.call_id), is_open=is_open)
    return reason or recusing.why_not(application, by)


def confirm(correction_id: int, *, by: int, answer: str = "") -> None:
    """Open the application again: the same people evaluate it anew, or its eligibility is decided anew. Raises NotThere, Refused."""
    with transaction():
        correction = seconding.held(Correction, correction_id)
        application = correction.application
        not_now = rules.why_not_propose(State(application.state), is_final=True, is_open=False)
        if reason := seconding.why_not_answer(correction, by) or not_now:
            raise Refused(reason)
        seconding.close(correction, CorrectionState.REOPENED, answer, by=by)
        if application.state == State.NOT_ELIGIBLE:
            application.state = State.SUBMITTED
            session.flush()
        else:
            for review in reopen_reviews(application):
                letters.evaluate_anew(correction, review)
        letters.answered(correction)
        _record("confirmed", correction, by=by)


def send_back(correction_id: int, answer: str, *, by: int) -> None:
    """Send a proposal back with a sentence. Raises NotThere, Refused, Invalid without a sentence."""
    with transaction():
        correction = seconding.held(Correction, correction_id)
        seconding.send_back(correction, answer, by=by)
        letters.answered(correction)
        _record("sent-back", correction, by=by)


def take_back(correction_id: int, *, by: int) -> None:
    """Take one's own proposal back. Raises NotThere, Refused."""
    with transaction():
        correction = seconding.held(Correction, correction_id)
        seconding.take_back(correction, by=by)
        _record("taken-back", correction, by=by)


def forget(applications: object) -> None:
    """Remove the corrections of *applications*, a choice of their numbers; the reason stays in the corrected list."""
    session.execute(delete(Correction).where(Correction.application_id.in_(applications)))  # type: ignore[arg-type]


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
