"""Closing the register, and changing what it says: always with a reason, never without a trace."""

from datetime import datetime

from sqlalchemy import select

from inspire_lms.contracts.attendance import AttendanceConfirmed
from inspire_lms.kernel import audit, bus, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import NotThere, Reason, Refused
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.plugins.webinar import queries, rules
from inspire_lms.plugins.webinar.attendance import joining, register
from inspire_lms.plugins.webinar.models import Amendment, Line, Stay, Webinar
from inspire_lms.plugins.webinar.rules import Source


def close(webinar_id: int, *, by: int) -> Webinar:
    """Fix the register and announce who is on it. Raises NotThere, or Refused before the end or when it is closed."""
    with transaction():
        held = _locked(webinar_id)
        if why := rules.why_not_close(held.state, held.ends_at, held.closed_at, held.zone, at=clock.now()):
            raise Refused(why)
        joining.settle_one(webinar_id)
        led = set(queries.leaders([webinar_id]).get(webinar_id, ()))
        trainees = {each.person_id for each in programmes.members(held.cohort_id)} - led
        minutes = register.minutes_by_person(held)
        for person_id in sorted(led | trainees):
            session.add(Line(webinar_id=webinar_id, person_id=person_id, is_leader=person_id in led, minutes=minutes.get(person_id, 0)))
        held.closed_at, held.closed_by = clock.now(), by
        audit.record(
            "webinar.closed",
            ("webinar_webinar", webinar_id),
            by=by,
            after={"people": len(trainees), "minutes": sum(minutes.get(each, 0) for each in trainees)},
            cohort_id=held.cohort_id,
        )
        _announce(held, tuple(sorted(trainees)))
        return held


def add_by_hand(webinar_id: int, person_id: int, *, came_at: datetime, left_at: datetime, reason: str, by: int) -> None:
    """Enter a connection by hand. Raises NotThere for somebody who is not expected, Refused when it cannot be."""
    with transaction():
        held = _changeable(webinar_id, person_id)
        if why := rules.why_not_correct(came_at, left_at, held.starts_at, held.ends_at, reason):
            raise Refused(why)
        before = register.minutes_of(held, person_id)
        same = select(Stay.id).where(
            Stay.webinar_id == webinar_id,
            Stay.person_id == person_id,
            Stay.source == Source.MANUAL,
            Stay.came_at == came_at,
            Stay.left_at == left_at,
        )
        if session.scalar(same) is not None:
            raise Refused(Reason("This connection stands on the register already."))
        session.add(
            Stay(webinar_id=webinar_id, person_id=person_id, source=Source.MANUAL, came_at=came_at, left_at=left_at, seen_at=left_at)
        )
        session.flush()
        _amend(held, person_id, before, reason, by)


def strike(stay_id: int, *, reason: str, by: int) -> None:
    """Say that a connection does not count; it stays on the register, struck out. Raises NotThere or Refused."""
    with transaction():
        stay = session.get(Stay, stay_id)
        if stay is None:
            raise NotThere
        held = _changeable(stay.webinar_id, stay.person_id)
        if stay.struck_at is not None:
            raise Refused(Reason("This connection is struck out already."))
        if why := rules.why_not_reason(reason):
            raise Refused(why)
        before = register.minutes_of(held, stay.person_id)
        stay.struck_at, stay.struck_by = clock.now(), by
        session.flush()
        _amend(held, stay.person_id, before, reason, by)


def _changeable(webinar_id: int, person_id: int) -> Webinar:
    held = _locked(webinar_id)
    if why := rules.why_not_record(held.state, held.starts_at, at=clock.now()):
        raise Refused(why)
    on_it = session.scalar(select(Line.id).where(Line.webinar_id == webinar_id, Line.person_id == person_id)) is not None
    was_there = session.scalar(select(Stay.id).where(Stay.webinar_id == webinar_id, Stay.person_id == person_id).limit(1)) is not None
    if not (on_it or was_there or queries.is_leader(webinar_id, person_id) or programmes.is_member(held.cohort_id, person_id)):
        raise NotThere
    return held


def _amend(held: Webinar, person_id: int, before: int, reason: str, by: int) -> None:
    """Keep the old value and the new one; a closed register is recounted and announced again."""
    after = register.minutes_of(held, person_id)
    is_closed = held.closed_at is not None
    session.add(
        Amendment(
            webinar_id=held.id,
            person_id=person_id,
            minutes_before=before,
            minutes_after=after,
            reason=reason,
            made_by=by,
            made_at=clock.now(),
            after_closing=is_closed,
        )
    )
    audit.record(
        "webinar.amended",
        ("webinar_webinar", held.id),
        by=by,
        before={"minutes": before},
        after={"minutes": after, "reason": reason},
        cohort_id=held.cohort_id,
        about=person_id,
    )
    if is_closed:
        line = session.scalar(select(Line).where(Line.webinar_id == held.id, Line.person_id == person_id))
        if line is None:
            line = Line(webinar_id=held.id, person_id=person_id, is_leader=queries.is_leader(held.id, person_id))
            session.add(line)
        line.minutes = after
        session.flush()
        if not line.is_leader:
            _announce(held, (person_id,))


def _announce(held: Webinar, person_ids: tuple[int, ...]) -> None:
    bus.announce(AttendanceConfirmed(held.cohort_id, held.id, person_ids))


def _locked(webinar_id: int) -> Webinar:
    found = session.scalar(select(Webinar).where(Webinar.id == webinar_id).with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotThere
    return found
