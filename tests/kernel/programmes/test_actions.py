"""Enrolling, withdrawing, finishing."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import NotThere, Refused
from inspire_lms.kernel.jobs import Job
from inspire_lms.kernel.programmes import actions, queries
from tests.builders import a_cohort, a_person, a_trainee

AT = datetime(2027, 1, 20, 9, 0, tzinfo=UTC)


def state_of(cohort_id, person_id):
    found = queries.participation(cohort_id, person_id)
    return (found.state, found.since, found.until) if found else None


def taken(cohort_id):
    session.expire_all()
    return queries.cohort(cohort_id).taken


def test_who_is_enrolled_has_a_seat_and_the_role_of_a_trainee_and_it_is_recorded(app):
    cohort_id, context_id = (cohort := a_cohort()).id, cohort.context_id
    person = a_person()
    with clock.frozen(AT):
        actions.enrol(cohort_id, person.id, by=None)
    assert (state_of(cohort_id, person.id), taken(cohort_id), access.people_with_role("trainee", context_id)) == (
        ("enrolled", AT, None),
        1,
        [person.id],
    )
    assert [line.did for line in audit.about(("people_person", person.id)) if line.did.startswith("programmes")] == ["programmes.enrolled"]


def test_enrolling_twice_takes_one_seat(app):
    cohort_id, person = a_cohort().id, a_person()
    for _twice in range(2):
        actions.enrol(cohort_id, person.id, by=None)
    assert (taken(cohort_id), len(queries.members(cohort_id))) == (1, 1)


@pytest.mark.parametrize(("seats", "said"), [(1, "The only seat is taken."), (2, "All 2 seats are taken.")])
def test_nobody_is_enrolled_beyond_the_seats(app, seats, said):
    cohort = a_cohort(seats=seats)
    cohort_id = cohort.id
    for _each in range(seats):
        a_trainee(queries.cohort(cohort_id))
    late = a_person()
    with pytest.raises(Refused, match=said):
        actions.enrol(cohort_id, late.id, by=None)
    assert (taken(cohort_id), state_of(cohort_id, late.id)) == (seats, None)


def test_who_withdraws_gives_seat_and_role_back_and_may_come_again(app):
    cohort_id, context_id = (cohort := a_cohort(seats=1)).id, cohort.context_id
    person, other = a_person(), a_person()
    with clock.frozen(AT):
        actions.enrol(cohort_id, person.id, by=None)
    with clock.frozen(AT + timedelta(days=1)):
        actions.withdraw(cohort_id, person.id, by=None)
        actions.withdraw(cohort_id, person.id, by=None)
    assert (state_of(cohort_id, person.id), taken(cohort_id), access.people_with_role("trainee", context_id)) == (
        ("withdrawn", AT, AT + timedelta(days=1)),
        0,
        [],
    )
    assert queries.withdrawals(cohort_id) == {person.id: AT + timedelta(days=1)}
    actions.enrol(cohort_id, other.id, by=None)
    with pytest.raises(Refused):
        actions.enrol(cohort_id, person.id, by=None)
    actions.withdraw(cohort_id, other.id, by=None)
    with clock.frozen(AT + timedelta(days=2)):
        actions.enrol(cohort_id, person.id, by=None)
    assert (state_of(cohort_id, person.id), taken(cohort_id)) == (("enrolled", AT + timedelta(days=2), None), 1)


def test_a_withdrawal_is_told_to_whoever_listens(app):
    from inspire_lms.contracts.admission import PlaceGivenUp
    from inspire_lms.kernel.plugin import registry

    heard = []
    registry().listens[PlaceGivenUp] = {"kernel": heard.append}
    trainee = a_trainee(cohort := a_cohort())
    cohort_id = cohort.id
    actions.withdraw(cohort_id, trainee.id, by=None)
    kept = session.scalars(select(Job).where(Job.kind == "kernel.deliver")).all()
    assert len(kept) == 1


def test_who_finishes_keeps_the_seat_and_the_path(app):
    cohort_id = (cohort := a_cohort()).id
    person = a_trainee(cohort)
    with clock.frozen(AT):
        actions.finish(cohort_id, person.id, by=None)
        actions.finish(cohort_id, person.id, by=None)
    assert (state_of(cohort_id, person.id)[0], taken(cohort_id), [one.id for one in queries.cohorts_of(person.id)]) == ("finished", 1, [cohort_id])
    for refused in (actions.enrol, actions.withdraw):
        with pytest.raises(Refused, match="finished"):
            refused(cohort_id, person.id, by=None)


def test_there_is_no_taking_part_without_a_cohort_and_no_end_without_a_beginning(app):
    person, cohort_id = a_person(), a_cohort().id
    with pytest.raises(NotThere):
        actions.enrol(999, person.id, by=None)
    for refused in (actions.withdraw, actions.finish):
        with pytest.raises(Refused, match="does not take part"):
            refused(cohort_id, person.id, by=None)


@pytest.mark.both_engines
def test_thirty_at_the_same_moment_for_twelve_seats_are_exactly_twelve(app):
    cohort_id = a_cohort(seats=12).id
    people = [a_person().id for _each in range(30)]
    start, refused, faults = threading.Barrier(30), [], []

    def try_it(person_id):
        with app.app_context():
            start.wait()
            try:
                actions.enrol(cohort_id, person_id, by=None)
            except Refused as no:
                refused.append(str(no))
            except Exception as fault:  # noqa: BLE001 (whatever went wrong in the thread is shown below)
                faults.append(fault)

    threads = [threading.Thread(target=try_it, args=(person_id,)) for person_id in people]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    session.rollback()
    assert (faults, refused, taken(cohort_id), len(queries.members(cohort_id))) == ([], ["All 12 seats are taken."] * 18, 12, 12)


def test_members_stand_in_the_order_of_a_directory(app):
    cohort = a_cohort("RO")
    cohort_id = cohort.id
    for given, family in (("Ana", "Țurlea"), ("Ana", "Tudor"), ("Ana", "Șerban"), ("Ana", "Sandu"), ("Ana", "Zărnescu")):
        a_trainee(queries.cohort(cohort_id), given_name=given, family_name=family)
    assert [one.name for one in queries.members(cohort_id)] == ["Ana Sandu", "Ana Șerban", "Ana Tudor", "Ana Țurlea", "Ana Zărnescu"]

