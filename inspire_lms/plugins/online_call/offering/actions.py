"""Answers to offers, and what follows: a place that becomes free goes to exactly the next one, once.

Every deed first takes the row of the ranking, so that those of one country follow each other; then it changes the line only
if the line is still what it was. The constraints of the tables have the last word.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select, update

from inspire_lms.contracts.admission import PlaceAccepted
from inspire_lms.kernel import audit, bus, clock, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import NotThere, Reason, Refused
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.programmes import actions as programmes
from inspire_lms.plugins.online_call import rules
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering import letters, queries
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.rules import HOLDING, Standing

LAPSE, REMIND = "online_call.lapse_one", "online_call.remind_one"
"""The kinds of jobs that let one offer lapse, and remind of one."""


@dataclass(frozen=True)
class Held:
    """A line of a ranking that this transaction holds, with what it belongs to."""

    place: Place
    application: Application
    call: Call


def accept(application_id: int, *, by: int, by_mail: bool = False) -> Standing:
    """Accept the offered place, *by_mail* with the link that was mailed; say what the line is now. Accepting twice is accepting once.

    Should all seats turn out to be taken, the line goes back to its place in the reserve list. Raises NotThere when it
    is not the person's own, Refused when there is no offer or its deadline is over.
    """
    with transaction():
        held = _hold(application_id, by)
        place, now = held.place, clock.arrived()
        if reason := rules.why_not_accept(Standing(place.standing), place.offer_until, held.call.cohort.zone, at=now):
            raise Refused(reason)
        if place.standing == Standing.ACCEPTED:
            return Standing.ACCEPTED
        if not queries.hold_a_seat(held.call.cohort_id):
            _turn(place, {Standing.OFFERED}, Standing.RESERVE, offered_at=None, offer_until=None)
            _give_back(place.ranking_id)
            return Standing.RESERVE
        _turn(place, {Standing.OFFERED}, Standing.ACCEPTED, answered_at=now)
        programmes.enrol(held.call.cohort_id, held.application.person_id, by=by)
        letters.accepted(place, held.application)
        bus.announce(PlaceAccepted(cohort_id=held.call.cohort_id, person_id=held.application.person_id))
        _record("accepted", held, by, by_mail=by_mail)
        return Standing.ACCEPTED


def decline(application_id: int, *, by: int, by_mail: bool = False) -> None:
    """Decline the offered place, which goes to the next one. Declining twice is declining once. Raises NotThere, Refused."""
    with transaction():
        held = _hold(application_id, by)
        if reason := rules.why_not_decline(Standing(held.place.standing)):
            raise Refused(reason)
        if held.place.standing == Standing.DECLINED:
            return
        _turn(held.place, {Standing.OFFERED}, Standing.DECLINED, answered_at=clock.now())
        letters.declined(held.place, held.application)
        _record("declined", held, by, by_mail=by_mail)
        _free(held.place.ranking_id)


def give_up(application_id: int, *, by: int | None) -> None:
    """Take a withdrawn application out of the ranking; a place that it held goes to the next one. Inside a transaction.

    When it was accepted the person stops being a trainee, which the kernel announces as PlaceGivenUp.
    """
    held = _hold(application_id, None)
    before = Standing(held.place.standing)
    _turn(held.place, {before}, Standing.WITHDRAWN)
    if before is Standing.ACCEPTED:
        programmes.withdraw(held.call.cohort_id, held.application.person_id, by=by)
    if before in HOLDING:
        _free(held.place.ranking_id)


def lapse_due() -> None:
    """Store a job for each offer whose deadline is over: one that fails holds no other up, and is kept as failed work."""
    with transaction():
        for offer in queries.lapsing(clock.now()):
            jobs.later(LAPSE, key=f"{LAPSE}:{offer.place_id}:{offer.until:%Y%m%d%H%M%S}", place_id=offer.place_id)


def lapse(place_id: int) -> None:
    """Let one offer lapse and call up the next one; nothing happens when it was answered, or its deadline is not over."""
    with transaction():
        application_id = session.scalar(select(Place.application_id).where(Place.id == place_id))
        if application_id is None:
            return
        held, now = _hold(application_id, None), clock.now()
        until = held.place.offer_until
        if held.place.standing != Standing.OFFERED or until is None or now < until:
            return
        _turn(held.place, {Standing.OFFERED}, Standing.LAPSED)
        letters.lapsed(held.place, held.application)
        _record("lapsed", held, None)
        _free(held.place.ranking_id)


def remind_due() -> None:
    """Store a job for each offer that is about to lapse; one that fails holds no other up."""
    now = clock.now()
    with transaction():
        for offer in queries.open_offers(now):
            if offer.until - now <= timedelta(hours=offer.remind_hours):
                jobs.later(REMIND, key=f"{REMIND}:{offer.place_id}:{offer.until:%Y%m%d%H%M%S}", place_id=offer.place_id)


def remind(place_id: int) -> None:
    """Remind somebody that an offer is about to lapse; nothing happens when it was answered meanwhile."""
    with transaction():
        application_id = session.scalar(select(Place.application_id).where(Place.id == place_id))
        if application_id is None:
            return
        held = _hold(application_id, None)
        until = held.place.offer_until
        if held.place.standing == Standing.OFFERED and until is not None and clock.now() < until:
            letters.reminder(held.place, held.application)


def call_up(ranking_id: int) -> list[int]:
    """Offer every free seat to the next on the list whose call-up keeps the quotas; give the persons in order. Inside a transaction.

    The ranking is held while the next are found. Each seat is counted before the line is changed, in one statement that
    counts only while there is a seat.
    """
    called: list[int] = []
    call = _call_of(ranking_id)
    now = clock.now()
    until = offer_until(call, now)
    for place in queries.next_in(ranking_id):
        if not _take(ranking_id):
            break
        _turn(place, {Standing.RESERVE}, Standing.OFFERED, offered_at=now, offer_until=until)
        application = session.get_one(Application, place.application_id)
        letters.offer(place, application)
        called.append(application.person_id)
    return called


def offer_until(call: Call, at: datetime) -> datetime:
    """Say until when an offer made at *at* can be answered."""
    return rules.offer_deadline(at, zone=call.cohort.zone, days=call.offer_days, until=time.fromisoformat(call.offer_until))


def _free(ranking_id: int) -> None:
    """Give a place back, and on to the next one while the reserve list lasts."""
    _give_back(ranking_id)
    if clock.now() <= _call_of(ranking_id).reserve_until:
        call_up(ranking_id)


def _take(ranking_id: int) -> bool:
    taken = update(Ranking).where(Ranking.id == ranking_id, Ranking.held < Ranking.seats).values(held=Ranking.held + 1)
    return bool(session.execute(taken.returning(Ranking.id)).scalar_one_or_none())


def _give_back(ranking_id: int) -> None:
    session.execute(update(Ranking).where(Ranking.id == ranking_id, Ranking.held > 0).values(held=Ranking.held - 1))


def _turn(place: Place, from_: Collection[Standing], to: Standing, **more: object) -> None:
    """Change a line only if it is still one of *from_*. Raises Refused when somebody was quicker."""
    changed = update(Place).where(Place.id == place.id, Place.standing.in_(from_)).values(standing=to, **more)
    if session.execute(changed.returning(Place.id)).scalar_one_or_none() is None:
        raise Refused(Reason("This was settled a moment ago. Load the page again to see how."))
    session.refresh(place)


def _hold(application_id: int, person_id: int | None) -> Held:
    """Hold the ranking and load a line of it afresh; *person_id* None means that it need not be the person's own."""
    ranking_id = session.scalar(select(Place.ranking_id).where(Place.application_id == application_id))
    if ranking_id is None:
        raise NotThere
    session.execute(select(Ranking.id).where(Ranking.id == ranking_id).with_for_update(key_share=True))
    application = session.get_one(Application, application_id, populate_existing=True)
    # An account that was merged with another or erased a moment ago answers nothing: what follows of that has still to be done.
    if person_id is not None and (application.person_id != person_id or session.get_one(Person, person_id).erased_at is not None):
        raise NotThere
    place = session.scalars(select(Place).where(Place.application_id == application_id).execution_options(populate_existing=True)).one()
    return Held(place, application, application.call)


def _call_of(ranking_id: int) -> Call:
    return session.scalars(select(Call).join(Ranking, Ranking.call_id == Call.id).where(Ranking.id == ranking_id)).one()


def _record(did: str, held: Held, by: int | None, *, by_mail: bool = False) -> None:
    audit.record(
        f"online_call.{did}",
        ("place", held.place.id),
        by=by,
        after={"position": held.place.position} | ({"by": "mail"} if by_mail else {}),
        cohort_id=held.call.cohort_id,
        about=held.application.person_id,
    )
