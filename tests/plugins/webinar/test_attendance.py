"""Joining, leaving, the register, and what changes it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from inspire_lms.contracts.attendance import AttendanceConfirmed, AttendanceShares, Share
from inspire_lms.contracts.people import PeopleMerged
from inspire_lms.kernel import bus, clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import NotThere, Refused
from inspire_lms.kernel.programmes import actions as programmes
from inspire_lms.plugins.webinar import listeners
from inspire_lms.plugins.webinar.attendance import closing, joining, register, shares
from inspire_lms.plugins.webinar.models import Amendment, Line, Stay
from inspire_lms.plugins.webinar.plan import actions
from tests.builders import a_person
from tests.plugins.webinar.builders import BEFORE, MINUTE, a_group, attend, close, held, published

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def group():
    cohort, coordinator, trainer, people = a_group()
    return cohort, coordinator, trainer, people, published(cohort, coordinator)


def stays(webinar_id):
    session.rollback()
    rows = session.execute(select(Stay.person_id, Stay.came_at, Stay.left_at).where(Stay.webinar_id == webinar_id).order_by(Stay.id))
    start = held(webinar_id).starts_at
    return [(row.person_id, (row.came_at - start) // MINUTE, row.left_at and (row.left_at - start) // MINUTE) for row in rows]


def test_joining_twice_is_one_connection_and_leaving_ends_it(group):
    *_, (person, _), ids = group
    start, person_id = held(ids[0]).starts_at, person.id
    with clock.frozen(start - 5 * MINUTE):
        joining.join(ids[0], person_id)
        joining.join(ids[0], person_id)
    with clock.frozen(start + 60 * MINUTE):
        joining.leave(ids[0], person_id)
        joining.leave(ids[0], person_id)
    assert stays(ids[0]) == [(person_id, -5, 60)]


@pytest.mark.parametrize(("at", "why"), [(-16, "You can join from"), (120, "This webinar ended on")])
def test_the_door_is_open_from_a_quarter_before_to_the_end(group, at, why):
    *_, (person, _), ids = group
    with clock.frozen(held(ids[0]).starts_at + at * MINUTE), pytest.raises(Refused, match=why):
        joining.join(ids[0], person.id)


def test_signs_of_life_keep_a_connection_and_silence_ends_it(group):
    *_, (person, _), ids = group
    start, person_id = held(ids[0]).starts_at, person.id
    with clock.frozen(start):
        joining.join(ids[0], person_id)
    for minute in (1, 2, 7):
        with clock.frozen(start + minute * MINUTE):
            assert joining.here(ids[0], person_id) is True
    with clock.frozen(start + 20 * MINUTE):
        assert joining.here(ids[0], person_id) is True
    with clock.frozen(start + 40 * MINUTE):
        joining.settle()
    assert stays(ids[0]) == [(person_id, 0, 7), (person_id, 20, None)]
    with clock.frozen(start + 121 * MINUTE):
        assert joining.here(ids[0], person_id) is False
        joining.settle()
    assert stays(ids[0]) == [(person_id, 0, 7), (person_id, 20, 120)]


def test_whoever_did_not_join_gives_no_signs(group):
    *_, (person, _), ids = group
    with clock.frozen(held(ids[0]).starts_at):
        assert joining.here(ids[0], person.id) is False


def test_the_register_has_lines_for_trainees_and_trainers_merged_and_cut(group):
    cohort, _, trainer, (one, two), ids = group
    attend(ids[0], trainer)
    attend(ids[0], one, late=-10, early=60)
    attend(ids[0], one, late=50, early=30)
    attend(ids[0], two, late=30, early=-0)
    close(ids[0], trainer)
    found = register.register(held(ids[0]))
    assert {each.person_id: (each.minutes, each.percent, each.is_leader, len(each.connections)) for each in found.lines} == {
        trainer.id: (120, 100, True, 1),
        one.id: (90, 75, False, 2),
        two.id: (90, 75, False, 1),
    }
    assert shares.shares(AttendanceShares(cohort.id)) == {each.id: Share(90, 120, 960, 1, 8, 80) for each in (one, two)}


def test_a_register_is_closed_once_after_the_end_and_tells_who_is_on_it(group, monkeypatch):
    cohort, _, trainer, people, ids = group
    told = []
    monkeypatch.setattr(bus, "announce", told.append)
    one = held(ids[0])
    with clock.frozen(one.ends_at - timedelta(seconds=1)), pytest.raises(Refused, match="can be closed after that"):
        closing.close(ids[0], by=trainer.id)
    close(ids[0], trainer)
    with pytest.raises(Refused, match="was closed on"):
        close(ids[0], trainer)
    assert told == [AttendanceConfirmed(cohort.id, ids[0], tuple(sorted(each.id for each in people)))]


REASON = "Had no picture, was heard and answered."


def by_hand(webinar_id, person_id, by, start, end):
    one = held(webinar_id)
    starts = one.starts_at
    with clock.frozen(one.ends_at + 2 * MINUTE):
        closing.add_by_hand(webinar_id, person_id, came_at=starts + start * MINUTE, left_at=starts + end * MINUTE, reason=REASON, by=by.id)


def amendments():
    session.rollback()
    rows = session.scalars(select(Amendment).order_by(Amendment.id))
    return [(each.person_id, each.minutes_before, each.minutes_after, each.reason, each.made_by, each.after_closing) for each in rows]


def test_after_closing_a_change_needs_a_reason_stays_visible_and_is_told_again(group, monkeypatch):
    cohort, coordinator, trainer, (one, _), ids = group
    attend(ids[0], one, early=60)
    close(ids[0], trainer)
    told = []
    monkeypatch.setattr(bus, "announce", told.append)
    by_hand(ids[0], one.id, coordinator, 30, 120)
    assert amendments() == [(one.id, 60, 120, REASON, coordinator.id, True)]
    assert session.scalar(select(Line.minutes).where(Line.person_id == one.id)) == 120
    assert told == [AttendanceConfirmed(cohort.id, ids[0], (one.id,))]
    stay_id = session.scalar(select(Stay.id).where(Stay.source == "manual"))
    with clock.frozen(held(ids[0]).ends_at + 9 * MINUTE):
        with pytest.raises(Refused, match="say why"):
            closing.strike(stay_id, reason=" ", by=coordinator.id)
        closing.strike(stay_id, reason="Entered for the wrong person.", by=coordinator.id)
        with pytest.raises(Refused, match="struck out already"):
            closing.strike(stay_id, reason=REASON, by=coordinator.id)
    assert [each[1:3] for each in amendments()] == [(60, 120), (120, 60)]
    line = next(each for each in register.register(held(ids[0])).lines if each.person_id == one.id)
    assert (line.minutes, [each.is_struck for each in line.connections]) == (60, [False, True])


def test_before_closing_a_change_is_kept_too(group):
    _, _, trainer, (one, _), ids = group
    by_hand(ids[0], one.id, trainer, 0, 45)
    with pytest.raises(Refused, match="on the register already"):
        by_hand(ids[0], one.id, trainer, 0, 45)
    close(ids[0], trainer)
    assert amendments() == [(one.id, 0, 45, REASON, trainer.id, False)]
    assert session.scalar(select(Line.minutes).where(Line.person_id == one.id)) == 45


def test_strangers_do_not_come_onto_the_register_by_hand(group):
    _, _, trainer, _, ids = group
    with pytest.raises(NotThere):
        by_hand(ids[0], a_person().id, trainer, 0, 45)


def test_who_withdrew_is_on_no_later_register_and_keeps_the_earlier_lines(group):
    cohort, coordinator, trainer, (gone, stays_), ids = group
    attend(ids[0], gone)
    close(ids[0], trainer)
    with clock.frozen(held(ids[0]).ends_at + 5 * MINUTE):
        programmes.withdraw(cohort.id, gone.id, by=coordinator.id)
    close(ids[1], trainer)
    session.rollback()
    lines = [tuple(row) for row in session.execute(select(Line.webinar_id, Line.person_id).where(~Line.is_leader).order_by(Line.id))]
    assert sorted(lines) == sorted([(ids[0], gone.id), (ids[0], stays_.id), (ids[1], stays_.id)])
    assert set(shares.shares(AttendanceShares(cohort.id))) == {stays_.id}


def test_a_cancelled_webinar_counts_neither_for_nor_against(group):
    cohort, coordinator, _, people, ids = group
    with clock.frozen(BEFORE):
        actions.cancel(ids[7], reason=REASON, by=coordinator.id)
    assert shares.shares(AttendanceShares(cohort.id)) == {each.id: Share(0, 0, 840, 0, 7, 80) for each in people}


def test_the_grid_names_those_at_risk(group):
    cohort, _, trainer, (good, bad), ids = group
    for each in ids[:2]:
        attend(each, good)
        close(each, trainer)
    grid = shares.grid(cohort.id)
    assert [each.id for each in grid.at_risk] == [bad.id]
    assert [(grid.present_at(each), grid.percent_of(next(w for w in grid.webinars if w.id == each))) for each in ids[:3]] == [(1, 50), (1, 50), (0, 0)]


def test_two_accounts_of_one_person_become_one_line_and_connections_are_merged(group):
    _cohort, _, trainer, (one, other), ids = group
    attend(ids[0], one, early=60)
    attend(ids[0], other, late=30, early=30)
    close(ids[0], trainer)
    by_hand(ids[0], other.id, other, 0, 5)
    listeners.merge(PeopleMerged(from_id=other.id, to_id=one.id))
    listeners.merge(PeopleMerged(from_id=other.id, to_id=one.id))
    session.rollback()
    assert [tuple(row) for row in session.execute(select(Line.person_id, Line.minutes).where(~Line.is_leader))] == [(one.id, 90)]
    assert set(session.scalars(select(Stay.person_id))) == {one.id}
    assert [(each[0], each[4]) for each in amendments()] == [(one.id, one.id)]
