"""How long applications are kept: what people wrote and attached goes a year after the final list, unless they got a place."""

from sqlalchemy import Select, String, cast, delete, or_, select, update

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.plugins.online_call import rules
from inspire_lms.plugins.online_call.appealing import filing as appeals
from inspire_lms.plugins.online_call.applying import attached
from inspire_lms.plugins.online_call.authorising import erasing
from inspire_lms.plugins.online_call.authorising.models import Authorisation
from inspire_lms.plugins.online_call.correcting import actions as corrections
from inspire_lms.plugins.online_call.mending import forgetting
from inspire_lms.plugins.online_call.models import Application, Attachment, Outcome, Place
from inspire_lms.plugins.online_call.offering import queries
from inspire_lms.plugins.online_call.overriding.models import Override
from inspire_lms.plugins.online_call.rules import Standing, State

EMPTIED = {"answers": {}, "administration": "", "decision_note": ""}
"""What an application is when all that the applicant told is gone; number, points and place stay."""


def thin_out() -> None:
    """Remove what was promised to be kept no longer, of each call whose ranking was published long ago; done twice it is done once."""
    for call in queries.published_before(clock.now() - rules.KEPT):
        with transaction():
            _thin_out(call.id, call.cohort_id)


def _thin_out(call_id: int, cohort_id: int) -> None:
    without = _without_a_place(call_id)
    attached.remove(Attachment.application_id.in_(without))
    forgetting.forget(without)
    erasing.forget(Authorisation.application_id.in_(without))
    appeals.forget(without)
    corrections.forget(without)
    for found in (Outcome, Override):
        session.execute(delete(found).where(found.application_id.in_(without)))
    session.execute(delete(Application).where(Application.call_id == call_id, Application.state == State.DRAFT))
    is_full = or_(cast(Application.answers, String) != "{}", Application.administration != "", Application.decision_note != "")
    emptied = update(Application).where(Application.id.in_(without), is_full).values(EMPTIED).returning(Application.id)
    if number := len(session.scalars(emptied).all()):
        audit.record("online_call.thinned-out", ("call", call_id), by=None, after={"applications": number}, cohort_id=cohort_id)


def _without_a_place(call_id: int) -> Select[int]:
    """Choose the applications that never led into the course; who accepted and left later has had a place."""
    had_a_place = select(Place.application_id).where(
        Place.standing.in_([Standing.ACCEPTED, Standing.WITHDRAWN]), Place.answered_at.is_not(None)
    )
    return select(Application.id).where(Application.call_id == call_id, Application.id.not_in(had_a_place))
