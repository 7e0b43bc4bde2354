"""Keeping who looked: one line for each person, application and day, however often and at however much."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Date, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from inspire_lms.kernel import clock
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.db import Moment, db, is_sqlite, session, transaction
from inspire_lms.plugins.online_call.looking.models import Look, Office, What
from inspire_lms.plugins.online_call.models import Application, Call

KEY = ("application_id", "by_id", "day")
"""What there is one line of."""


def looked(application: Application, *, by: int, at_what: What = What.ANSWERS, at: datetime | None = None) -> None:
    """Keep that *by* looked at an application, now or at a moment that is told later."""
    _keep(application.call, [application.id], by=by, what=at_what, at=at or clock.now())


def exported(call: Call, application_ids: Sequence[int], *, by: int) -> None:
    """Keep that *by* took these applications away in a file; one statement, however many they are."""
    _keep(call, application_ids, by=by, what=What.EXPORT, at=clock.now())


def go_over(from_id: int, to_id: int) -> None:
    """Let the looks of somebody who had two accounts belong to the one that stays, unless it looked on the same day too."""
    other = aliased(Look)
    same = (other.application_id == Look.application_id, other.day == Look.day, other.by_id == to_id)
    mine = update(Look).where(Look.by_id == from_id, ~select(other.id).where(*same).exists())
    session.execute(mine.values(by_id=to_id).execution_options(synchronize_session=False))


def office_of(person_id: int, call: Call) -> Office:
    """Say as what a person looks at the applications of a call. A coordinator who also evaluates looks as coordinator."""
    if call.cohort_id in access.cohort_ids_with_role(person_id, "coordinator"):
        return Office.COORDINATOR
    return Office.ADMINISTRATOR if access.may(person_id, "online_call:select", call.cohort.context_id) else Office.EVALUATOR


def _keep(call: Call, application_ids: Sequence[int], *, by: int, what: What, at: datetime) -> None:
    seen = {each: literal(each is what) for each in What}
    told = {
        "by_id": literal(by),
        "day": literal(at.astimezone(ZoneInfo(call.cohort.zone)).date(), Date()),
        "first_at": literal(at, Moment()),
        "office": literal(str(office_of(by, call))),
        **{str(each): value for each, value in seen.items()},
    }
    chosen = select(Application.id, *told.values()).where(Application.id.in_(application_ids)).order_by(Application.id)
    insert = sqlite.insert if is_sqlite(db.engine) else postgresql.insert
    row = insert(Look).from_select(["application_id", *told], chosen)
    more = {str(each): or_(Look.__table__.c[each], row.excluded[each]) for each in What}
    with transaction():
        session.execute(row.on_conflict_do_update(index_elements=KEY, set_=more))
