"""Deleting what was promised to be kept no longer: what people wrote and attached, unless they got a place."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, select, update

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import NotThere, Reason, Refused
from inspire_lms.plugins.online_call.appealing import filing as appeals
from inspire_lms.plugins.online_call.applying import attached
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.authorising import erasing
from inspire_lms.plugins.online_call.authorising.models import Authorisation
from inspire_lms.plugins.online_call.correcting import actions as corrections
from inspire_lms.plugins.online_call.judging.holding import hold, hold_call
from inspire_lms.plugins.online_call.mending import forgetting
from inspire_lms.plugins.online_call.models import Application, Attachment, Mark, Outcome, Review
from inspire_lms.plugins.online_call.overriding.models import Override
from inspire_lms.plugins.online_call.retention import letters, mails, private, queries, rules
from inspire_lms.plugins.online_call.rules import ReviewState, Standing, State

EMPTIED = {"answers": {}, "administration": "", "decision_note": ""}
"""What an application is when all that the applicant told is gone; number, points and place stay."""


def thin_out() -> None:
    """Remove what was promised to be kept no longer, of each call that ended long ago; done twice it is done once.

    What is due within the next weeks is announced to the coordinators first.
    """
    now = clock.now()
    for call in queries.announced_at(now):
        with transaction():
            letters.announce(call)
    for call in queries.due_at(now):
        with transaction():
            _thin_out(call.id, call.cohort_id)
    private.thin_out(now)


def _thin_out(call_id: int, cohort_id: int) -> None:
    hold_call(call_id)
    session.execute(delete(Application).where(Application.id.in_(_drafts(call_id))))
    if number := empty(queries.without_a_place(call_id)):
        audit.record("online_call.thinned-out", ("call", call_id), by=None, after={"applications": number}, cohort_id=cohort_id)


def _drafts(call_id: int) -> Select[int]:
    drafts = select(Application.id).where(Application.call_id == call_id, Application.state == State.DRAFT)
    attached.remove(Attachment.application_id.in_(drafts))
    erasing.forget(Authorisation.application_id.in_(drafts))
    return drafts


def empty(applications: Select[int]) -> int:
    """Delete all that was told in *applications* and about them, mails included; give how many said anything. Inside a transaction."""
    attached.remove(Attachment.application_id.in_(applications))
    mails.forget(applications)
    forgetting.forget(applications)
    erasing.forget(Authorisation.application_id.in_(applications))
    appeals.forget(applications)
    corrections.forget(applications)
    for found in (Outcome, Override):
        session.execute(delete(found).where(found.application_id.in_(applications)))
    _forget_what_was_said(applications)
    emptied = update(Application).where(Application.id.in_(applications), queries.HAS_TEXT).values(EMPTIED).returning(Application.id)
    return len(session.scalars(emptied).all())


def _forget_what_was_said(applications: Select[int]) -> None:
    """Take away what evaluators wrote about applicants; the points stay, and so does why somebody stepped back."""
    said = (Review.application_id.in_(applications), Review.state == ReviewState.DONE)
    session.execute(update(Mark).where(Mark.review_id.in_(select(Review.id).where(*said)), Mark.reason != "").values(reason=""))
    session.execute(update(Review).where(*said, Review.comment != "").values(comment=""))


def erase_own(application_id: int, *, by: int) -> None:
    """Erase the answers and files of one's own withdrawn application at once; the protocol number stays.

    Raises NotThere when it is not the person's own, Refused while it is needed or when nothing is left.
    """
    with transaction():
        application = hold(application_id)
        if application.person_id != by:
            raise NotThere
        if reason := keeping(application).why_not_erase:
            raise Refused(reason)
        empty(select(Application.id).where(Application.id == application_id))
        session.refresh(application)
        record = ("application", application_id)
        audit.record("online_call.own-erased", record, by=by, cohort_id=application.cohort_id, about=application.person_id)


@dataclass(frozen=True)
class Keeping:
    """How long an application is kept, as the applicant reads it."""

    why_not_erase: Reason | None
    """Why the answers and files cannot be erased now."""
    until: datetime | None
    """When they are deleted by themselves, at the latest; None when they stay longer, or are gone."""


def keeping(application: Application) -> Keeping:
    """Say how long the answers and files of a submitted application are kept, and whether they can be erased now."""
    place, had_a_place = applying.place(application.id), queries.had_a_place(application.id)
    has_text = any(getattr(application, name) for name in EMPTIED)
    standing = Standing(place.standing) if place else None
    why_not = rules.why_not_erase(State(application.state), standing, had_a_place=had_a_place, has_text=has_text)
    return Keeping(why_not, queries.deleted_from(application.call) if has_text and not had_a_place else None)
