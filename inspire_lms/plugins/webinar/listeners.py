"""What we do when an account is erased, and when two accounts turn out to be one person."""

from sqlalchemy import delete, select, update

from inspire_lms.contracts.people import PeopleMerged, PersonErased
from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.plugins.webinar.attendance import forgetting, register
from inspire_lms.plugins.webinar.calendars import keys
from inspire_lms.plugins.webinar.models import Amendment, CalendarKey, Leader, Line, Report, Stay, Webinar

_POINTERS = (
    Webinar.closed_by,
    Report.read_by,
    Report.confirmed_by,
    Stay.struck_by,
    Amendment.person_id,
    Amendment.made_by,
    CalendarKey.person_id,
)
"""Columns in which one number may simply take the place of another."""


def forget(fact: PersonErased) -> None:
    """Let an erased person lead nothing that is to come, close the calendar, and take the name out of reports.

    The lines of registers stay: they are evidence, and say a number where the name was.
    """
    with transaction():
        to_come = select(Webinar.id).where(Webinar.starts_at > clock.now())
        session.execute(delete(Leader).where(Leader.person_id == fact.person_id, Leader.webinar_id.in_(to_come)))
        keys.forget(fact.person_id)
        forgetting.forget_person(fact.person_id)


def merge(fact: PeopleMerged) -> None:
    """Put the connections of both accounts under one, and count the registers again on which both stood. Twice does no harm."""
    with transaction():
        for column in _POINTERS:
            session.execute(update(column.class_).where(column == fact.from_id).values({column.key: fact.to_id}))
        _give_up_twins(fact)
        for table in (Stay, Leader, Line):
            session.execute(update(table).where(table.person_id == fact.from_id).values(person_id=fact.to_id))
        session.flush()
        session.expire_all()
        for line in session.scalars(select(Line).where(Line.person_id == fact.to_id)):
            held = session.get_one(Webinar, line.webinar_id)
            line.minutes = register.minutes_of(held, fact.to_id)
        for report in session.scalars(select(Report)):
            if fact.from_id in report.answers.values():
                report.answers = {key: fact.to_id if person_id == fact.from_id else person_id for key, person_id in report.answers.items()}


def _give_up_twins(fact: PeopleMerged) -> None:
    """Take away what the other account has already: the same connection, the same line, the same lead."""
    kept = set(session.execute(select(Stay.webinar_id, Stay.came_at, Stay.left_at, Stay.source).where(Stay.person_id == fact.to_id)))
    for stay in session.scalars(select(Stay).where(Stay.person_id == fact.from_id)):
        if (stay.webinar_id, stay.came_at, stay.left_at, stay.source) in kept:
            session.delete(stay)
    session.flush()
    for table in (Leader, Line):
        there = select(table.webinar_id).where(table.person_id == fact.to_id)
        twins = list(session.scalars(select(table.id).where(table.person_id == fact.from_id, table.webinar_id.in_(there))))
        session.execute(delete(table).where(table.id.in_(twins)))
