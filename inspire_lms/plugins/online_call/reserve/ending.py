"""The end of the reserve list: each who still waits then gets one letter.

Nobody gets a second one when the list is prolonged and ends again: that it was prolonged, and until when, was said by the letter about
the change of the notice, and the page always says what is true. Only whose letter was dropped before it went gets it at the next end.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from inspire_lms.kernel import audit, clock, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.mail import Mail, MailState
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.plugins.online_call.judging.holding import hold_call
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering.models import Place
from inspire_lms.plugins.online_call.posting.models import Letter
from inspire_lms.plugins.online_call.reserve import letters
from inspire_lms.plugins.online_call.reserve.rules import LATE
from inspire_lms.plugins.online_call.rules import Standing

KIND = "reserve-ended"
TELL = "online_call.tell_end_of_reserve"
"""The kind of job that writes to one who waited."""


def look() -> None:
    """Store a job for each who waits on a reserve list that has ended; one that fails holds no other up."""
    with transaction():
        for row in session.execute(_in_vain(clock.now())).all():
            if is_on_for_cohort("online_call", row.cohort_id):
                jobs.later(TELL, key=f"{TELL}:{row.place_id}:{row.version}", place_id=row.place_id)


def tell(place_id: int) -> None:
    """Write to somebody who waited; nothing when it was done, or the list was prolonged or the line changed meanwhile."""
    with transaction():
        of_place = select(Application.call_id).join(Place, Place.application_id == Application.id).where(Place.id == place_id)
        call_id = session.scalar(of_place)
        if call_id is None:
            return
        call = hold_call(call_id)
        if session.execute(_in_vain(clock.now()).where(Place.id == place_id)).first() is None:
            return
        place = session.get_one(Place, place_id)
        application = session.get_one(Application, place.application_id)
        letters.ended(place, application)
        told = ("place", place.id)
        audit.record("online_call.reserve-ended", told, by=None, cohort_id=call.cohort_id, about=application.person_id)


def _in_vain(at: datetime) -> Select[Any]:
    """Choose the lines that wait in vain at *at*, and whose owners were not told."""
    told = select(Letter.mail_id).join(Mail, Letter.mail_id == Mail.id).where(Letter.call_id == Call.id, Letter.kind == KIND)
    told = told.where(Mail.to_person == Application.person_id, Mail.state != MailState.DROPPED)
    columns: tuple[Any, ...] = (Place.id.label("place_id"), Call.cohort_id, Call.version)
    return (
        select(*columns)
        .join(Application, Place.application_id == Application.id)
        .join(Call, Application.call_id == Call.id)
        .join(Person, Application.person_id == Person.id)
        .where(Place.standing == Standing.RESERVE, Call.reserve_until < at, Call.reserve_until > at - LATE, Person.erased_at.is_(None))
        .where(~told.correlate(Call, Application).exists())
        .order_by(Place.id)
    )
