"""The work that follows from the plan: everybody is told, reminded, and those who come later are invited."""

from dataclasses import replace

from inspire_lms.contracts.admission import PlaceAccepted, PlaceGivenUp
from inspire_lms.contracts.attendance import AttendanceConfirmed, AttendanceShares
from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.plugins.webinar import queries, rules
from inspire_lms.plugins.webinar.attendance.shares import shares
from inspire_lms.plugins.webinar.models import Webinar
from inspire_lms.plugins.webinar.plan import letters
from inspire_lms.plugins.webinar.rules import State


def tell(webinar_id: int, *, moved: bool, removed: list[int]) -> None:
    """Invite everybody to a webinar as it stands now; nobody is written to twice about the same state."""
    with transaction():
        held = _open(webinar_id)
        if held is not None and held.state != State.PLANNED:
            letters.invite_all(held, moved=moved, removed=removed)


def remind(webinar_id: int, *, sequence: int) -> None:
    """Remind everybody a day before; nothing happens when the webinar has changed since the reminder was planned."""
    with transaction():
        held = _open(webinar_id)
        if held is not None and held.state == State.PUBLISHED and held.sequence == sequence and held.starts_at > clock.now():
            letters.remind(held)


def _open(webinar_id: int) -> Webinar | None:
    """Find a webinar, None when it was taken out of the plan. Raises WaitsError while webinars are off for its edition."""
    held = queries.webinar(webinar_id)
    if held is not None and not queries.is_open(held.cohort_id):
        raise jobs.WaitsError
    return held


def welcome(fact: PlaceAccepted) -> None:
    """Invite a new trainee to the webinars that are still to come, and tell which ones are over."""
    with transaction():
        if programmes.is_member(fact.cohort_id, fact.person_id):
            _each(fact.cohort_id, fact.person_id, out=False)
            _say_what_is_over(fact.cohort_id, fact.person_id)


def farewell(fact: PlaceGivenUp) -> None:
    """Take the webinars that are still to come out of the calendar of somebody who withdrew."""
    with transaction():
        if not programmes.is_member(fact.cohort_id, fact.person_id):
            _each(fact.cohort_id, fact.person_id, out=True)


def say_out_of_reach(fact: AttendanceConfirmed) -> None:
    """Tell those on a register that was closed or amended when they cannot reach the threshold any more."""
    with transaction():
        cohort = programmes.cohort(fact.cohort_id)
        if cohort is None:
            return
        found = shares(AttendanceShares(fact.cohort_id))
        for person_id in fact.person_ids:
            if person_id in found and rules.standing(found[person_id]) == "out":
                letters.out_of_reach(person_id, found[person_id], cohort_id=fact.cohort_id, zone=cohort.zone)


def _say_what_is_over(cohort_id: int, person_id: int) -> None:
    """Tell somebody who comes late what was missed and what can still be reached, also while no register is closed yet."""
    took_place = [one for one in queries.of_cohort(cohort_id) if one.state not in {State.PLANNED, State.CANCELLED}]
    over = [one for one in took_place if one.ends_at <= clock.now()]
    was_there = queries.attended([one.id for one in over], person_id)
    missed = [one for one in over if one.id not in was_there]
    found = shares(AttendanceShares(cohort_id)).get(person_id)
    if missed and found is not None:
        reachable = replace(found, held=sum(one.minutes for one in over))
        letters.missed(person_id, missed, reachable, cohort_id=cohort_id)


def _each(cohort_id: int, person_id: int, *, out: bool) -> None:
    coming = [row.id for row in queries.of_cohort(cohort_id) if row.state == State.PUBLISHED and row.starts_at > clock.now()]
    names = queries.names_of_leaders(coming)
    for webinar_id in coming:
        letters.invite(session.get_one(Webinar, webinar_id), person_id, names=names.get(webinar_id, ()), out=out)
