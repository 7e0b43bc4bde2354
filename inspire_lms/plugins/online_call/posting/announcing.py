"""Announcements: a rule of the call becomes a moment when it is loaded, and letters when that moment has come."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, select

from inspire_lms.kernel import audit, clock, jobs, mail
from inspire_lms.kernel.db import Words, session, transaction
from inspire_lms.kernel.errors import Message as Sentence
from inspire_lms.kernel.errors import When
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.plugins.online_call.applying.letters import post
from inspire_lms.plugins.online_call.judging.holding import hold_call
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering.models import Place
from inspire_lms.plugins.online_call.posting import queries, rules
from inspire_lms.plugins.online_call.posting.models import Message
from inspire_lms.plugins.online_call.posting.terms import Announcement

ANNOUNCE = "online_call.announce_one"
"""The kind of job that writes the letters of one announcement, a batch at a time."""
BATCH = 100
"""Letters written in one transaction."""


def load(call: Call, announcements: Sequence[Announcement]) -> None:
    """Take over what the edition file announces; a date that was moved moves its announcement. Inside a transaction."""
    known = {each.code: each for each in queries.messages(call.id)}
    for each in announcements:
        of = date_of(call, each.of)
        due_at = rules.due(of, zone=call.cohort.zone, days=each.days, clock=each.at)
        found = known.get(each.code) or Message(call_id=call.id, code=each.code)
        if found.due_at != due_at:
            found.due_at, found.loaded_at, found.written_at = due_at, clock.now(), None
        found.days, found.of, found.clock, found.to = each.days, each.of, f"{each.at:%H:%M}", str(each.to)
        found.of_at, found.subject, found.text = rules.end_of(of, zone=call.cohort.zone), Words(each.subject), Words(each.text)
        session.add(found)
    gone = set(known) - {each.code for each in announcements}
    session.execute(delete(Message).where(Message.call_id == call.id, Message.code.in_(gone)))
    session.flush()


def date_of(call: Call, name: str) -> datetime | date:
    """Give the date of a call that the edition file calls *name*."""
    of: dict[str, datetime | date] = {
        "opens": call.opens_at, "closes": call.closes_at, "checked_by": call.checked_by, "ranked_by": call.ranked_by,
        "reserve_until": call.reserve_until,
    }  # fmt: skip
    return of[name]


def announce_due() -> None:
    """Store a job for each announcement whose moment has come; one that fails holds no other up."""
    now = clock.now()
    with transaction():
        for each in queries.messages_between(now - rules.LATE, now):
            if rules.is_due(each.due_at, each.of_at, each.loaded_at, at=now) and is_on_for_cohort("online_call", each.call.cohort_id):
                round_ = f"{each.due_at:%Y%m%d%H%M}:{each.loaded_at:%Y%m%d%H%M%S}"
                jobs.later(ANNOUNCE, key=f"{ANNOUNCE}:{each.id}:{round_}", message_id=each.id, after=0)


def announce(message_id: int, after: int) -> None:
    """Write the next letters of an announcement, to applications whose number is above *after*; then go on with the others.

    Nobody gets a second one by the same rule. Nothing happens when the announcement was taken out, moved, or is over meanwhile.
    """
    with transaction():
        call_id = session.scalar(select(Message.call_id).where(Message.id == message_id))
        if call_id is None:
            return
        call, now = hold_call(call_id), clock.now()
        # Read only now: a loading may have moved it or taken it out while we waited.
        found = session.get(Message, message_id, populate_existing=True)
        if found is None or found.written_at is not None:
            return
        if now < found.due_at or rules.is_over(found.due_at, found.of_at, at=now):
            return
        batch = session.execute(_recipients(found).where(Application.id > after).order_by(Application.id).limit(BATCH)).all()
        for row in batch:
            _write(found, call, row)
        if len(batch) == BATCH:
            jobs.later(ANNOUNCE, message_id=message_id, after=batch[-1].id)
            return
        found.written_at = now
        told = ("online_call_message", found.id)
        audit.record("online_call.announced", told, by=None, after={"code": found.code}, cohort_id=call.cohort_id)


def _recipients(message: Message) -> Any:  # noqa: ANN401 (a selection of three columns)
    chosen = select(Application.id, Application.person_id, Application.protocol_number, Person.language)
    chosen = chosen.join(Person, Application.person_id == Person.id).outerjoin(Place, Place.application_id == Application.id)
    return chosen.where(Application.call_id == message.call_id, queries.group(message.to), Person.erased_at.is_(None))


def subject(message: Message, call: Call, number: str, language: str | None = None) -> Sentence:
    """Give the subject of an announcement, filled, in *language*; in that of the reader when None."""
    return Sentence(message.subject.text(language), **_values(message, call, number))


def _values(message: Message, call: Call, number: str) -> dict[str, Any]:
    of = date_of(call, message.of)
    deadline = When(of, call.cohort.zone) if isinstance(of, datetime) else of
    return {"title": call.title, "number": number, "deadline": deadline, "contact": call.contact}


def _write(message: Message, call: Call, row: Row[Any]) -> None:
    values, text = _values(message, call, row.protocol_number or ""), message.text.text(row.language)
    post(
        row.person_id,
        call=call,
        key=f"online_call.announcement:{call.id}:{message.code}:{row.person_id}",
        message_id=message.id,
        subject=subject(message, call, row.protocol_number or "", row.language),
        lines=tuple(Sentence(each, **values) for each in rules.paragraphs(text)),
        facts=((Sentence("Call"), call.title),),
        button=(Sentence("See your application"), mail.link("online_call.follow", application_id=row.id)),
    )

