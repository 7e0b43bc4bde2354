"""What somebody who had no part in it answers; what is upheld opens the one application again, and nothing else."""

from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, Reason, Refused
from inspire_lms.plugins.online_call.appealing import filing, letters, queries, rules
from inspire_lms.plugins.online_call.appealing.models import Appeal
from inspire_lms.plugins.online_call.appealing.rules import About, AppealState
from inspire_lms.plugins.online_call.judging import replacing
from inspire_lms.plugins.online_call.models import Application, Review
from inspire_lms.plugins.online_call.recusing import queries as recusing
from inspire_lms.plugins.online_call.rules import ReviewState, State


def answer(appeal_id: int, *, is_upheld: bool, words: str, by: int) -> None:
    """Uphold an appeal or dismiss it, in *words* that the applicant reads.

    Upheld: eligibility is to be decided anew, or the same people evaluate anew. Raises NotThere, Invalid without words,
    Refused for the applicant, for who is too near or had a part in it, and when it was settled.
    """
    with transaction():
        appeal = filing.held(appeal_id)
        if reason := why_not(appeal, by):
            raise Refused(reason)
        if not words.strip():
            raise Invalid({"answer": Reason("Say why: the applicant reads it.")})
        appeal.state = AppealState.UPHELD if is_upheld else AppealState.DISMISSED
        appeal.answered_at, appeal.answered_by_id, appeal.answer = clock.now(), by, words.strip()
        session.flush()
        filing.record(str(appeal.state), appeal, by=by)
        letters.answered(appeal)
        if is_upheld:
            _reopen(appeal)


def why_not(appeal: Appeal, by: int) -> Reason | None:
    """Say why *by* cannot answer an appeal."""
    applicant, took_part = appeal.application.person_id, queries.took_part(appeal)
    reason = rules.why_not_answer(AppealState(appeal.state), applicant=applicant, took_part=took_part, by=by)
    return reason or recusing.why_not(appeal.application, by)


def _reopen(appeal: Appeal) -> None:
    if appeal.about == About.ELIGIBILITY:
        # It waits for a decision again, as it did when it arrived; that it had one is seen from its time.
        appeal.application.state = State.SUBMITTED
        session.flush()
        return
    for review in reopen_reviews(appeal.application):
        letters.evaluate_anew(appeal, review)


def reopen_reviews(application: Application) -> list[Review]:
    """Ask everybody who evaluated an application to do so anew; the points they gave stay in the form until they give others.

    Somebody else is asked in place of who has turned out to be the applicant. Gives the reviews of those who are asked anew.
    """
    given = select(Review).where(Review.application_id == application.id, Review.state == ReviewState.DONE).order_by(Review.turn)
    reviews = list(session.scalars(given))
    for review in reviews:
        review.state, review.done_at, review.total, review.asked_at = ReviewState.ASKED, None, None, clock.now()
    session.flush()
    replacing.replace_applicant(application)
    return [each for each in reviews if each.evaluator_id != application.person_id]
