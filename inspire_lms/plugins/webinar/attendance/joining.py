"""Coming and going through our page: each connection is a row, signs of life keep it open."""

from sqlalchemy import or_, select, update

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import NotThere, Refused
from inspire_lms.plugins.webinar import queries, rules
from inspire_lms.plugins.webinar.models import Stay, Webinar
from inspire_lms.plugins.webinar.opening import opens
from inspire_lms.plugins.webinar.rules import Source


def join(webinar_id: int, person_id: int) -> Webinar:
    """Record that a person joins, unless the person is connected already. Raises NotThere or Refused."""
    with transaction():
        held = _held(webinar_id)
        now = clock.now()
        link = held.link or (held.host_link if queries.is_leader(webinar_id, person_id) else "")
        if why := rules.why_not_join(held.state, held.starts_at, held.ends_at, held.zone, link, opens=opens(), at=now):
            raise Refused(why)
        if not _go_on(webinar_id, person_id):
            _settle(webinar_id, person_id)
            _come(webinar_id, person_id)
        return held


def here(webinar_id: int, person_id: int) -> bool:
    """Take a sign of life from the page of somebody who joined; False for somebody who did not, or after the end.

    A page that was silent for long starts a new connection: the time in between is not known.
    """
    with transaction():
        if _go_on(webinar_id, person_id):
            return True
        held = _held(webinar_id)
        if clock.now() >= held.ends_at or not _settle(webinar_id, person_id):
            return False
        _come(webinar_id, person_id)
        return True


def leave(webinar_id: int, person_id: int) -> None:
    """Record that a person leaves; nothing happens when the person is not connected."""
    with transaction():
        now = clock.now()
        session.execute(
            update(Stay)
            .where(Stay.webinar_id == webinar_id, Stay.person_id == person_id, Stay.left_at.is_(None), Stay.came_at <= now)
            .values(left_at=now, seen_at=now)
        )


def settle() -> None:
    """Give every connection that is over its end: by the last sign of life, or by the end of the webinar.

    Where webinars are switched off for the edition, connections wait as they are.
    """
    with transaction():
        over = select(Stay.webinar_id, Webinar.cohort_id).join(Webinar, Webinar.id == Stay.webinar_id).where(Stay.left_at.is_(None))
        silent = clock.now() - rules.SILENCE
        due = over.where(or_(Webinar.ends_at <= clock.now(), (Stay.seen_at > Stay.came_at) & (Stay.seen_at < silent)))
        for webinar_id in {row.webinar_id for row in session.execute(due) if queries.is_open(row.cohort_id)}:
            _settle(webinar_id)


def settle_one(webinar_id: int) -> None:
    """Do the same for one webinar, before its register is closed. Inside a transaction."""
    _settle(webinar_id)


def _held(webinar_id: int) -> Webinar:
    held = queries.webinar(webinar_id)
    if held is None:
        raise NotThere
    return held


def _go_on(webinar_id: int, person_id: int) -> bool:
    """Keep an open connection open; False when there is none, or when it has been silent for long. One statement."""
    now = clock.now()
    kept = session.execute(
        update(Stay)
        .where(
            Stay.webinar_id == webinar_id,
            Stay.person_id == person_id,
            Stay.left_at.is_(None),
            Stay.came_at <= now,
            or_(Stay.seen_at >= now - rules.SILENCE, Stay.seen_at == Stay.came_at),
            select(Webinar.id).where(Webinar.id == webinar_id, Webinar.ends_at > now).exists(),
        )
        .values(seen_at=now)
    )
    return bool(kept.rowcount)  # type: ignore[attr-defined]  # an update has a count


def _come(webinar_id: int, person_id: int) -> None:
    now = clock.now()
    session.add(Stay(webinar_id=webinar_id, person_id=person_id, source=Source.JOINED, came_at=now, seen_at=now))
    session.flush()


def _settle(webinar_id: int, person_id: int | None = None) -> bool:
    """End the open connections that are over; say whether there was any open one, over or not."""
    held = _held(webinar_id)
    chosen = select(Stay).where(Stay.webinar_id == webinar_id, Stay.left_at.is_(None))
    found = session.scalars(chosen if person_id is None else chosen.where(Stay.person_id == person_id)).all()
    for stay in found:
        until, goes_on = rules.left_at(stay.came_at, None, stay.seen_at, held.ends_at, at=clock.now())
        if not goes_on:
            stay.left_at = max(until, stay.came_at)
    session.flush()
    return bool(found)
