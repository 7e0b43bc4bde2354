"""What a new trainee has told in the application and need not tell again."""

from sqlalchemy import select

from inspire_lms.contracts.admission import PlaceAccepted
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.people import profile
from inspire_lms.kernel.people import queries as people
from inspire_lms.plugins.online_call.models import Application, Call

POSITION = "position"
"""The code of the question that asks for the position, where a call asks it."""


def heard_that_a_place_was_accepted(fact: PlaceAccepted) -> None:
    """Take employer and position from the application into the account, unless the person has told them there."""
    with transaction():
        told = session.scalar(
            select(Application).join(Call).where(Call.cohort_id == fact.cohort_id, Application.person_id == fact.person_id)
        )
        if told is None or not told.administration or people.work_of(fact.person_id).organisation:
            return
        profile.change_work(fact.person_id, organisation=told.administration, position=str(told.answers.get(POSITION, "")))
