"""What the process keeps of a selection between two deeds: always what would be found anew."""

import contextlib
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.people import erasing
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.judging import deciding, reviewing
from inspire_lms.plugins.online_call.models import Call, Review
from inspire_lms.plugins.online_call.offering import actions, leaving, publishing
from inspire_lms.plugins.online_call.overview import memory
from tests.builders import staff
from tests.plugins.online_call.builders import CLOSED, PUBLISHED, a_call, an_application, committee, judged
from tests.plugins.online_call.rooms import both, forget

pytestmark = pytest.mark.usefixtures("app")
TOTALS = [90, 85, 80, 75]


def evaluation(application_id, turn=1):
    return session.scalars(select(Review).where(Review.application_id == application_id, Review.turn == turn)).one()


def other_marks(call_id, ids, _by):
    review = evaluation(ids[3])
    reviewing.give(review.id, {"motivation": Decimal(60), "transfer": Decimal(35)}, "", by=review.evaluator_id)


def a_step_back(call_id, ids, _by):
    review = evaluation(ids[0])
    reviewing.declare_conflict(review.id, "A relative.", by=review.evaluator_id)


def one_more(call_id, ids, by):
    with clock.frozen(CLOSED - timedelta(days=5)):
        application = an_application(session.get(Call, call_id))
    deciding.decide(application.id, is_eligible=True, note="Seen.", by=by)


def a_withdrawal(call_id, ids, _by):
    leaving.withdraw(ids[1], by=evaluation(ids[1]).application.person_id)


def a_published_list(call_id, _ids, by):
    publishing.publish(call_id, by=by)


def another_name(_call_id, ids, _by):
    with transaction():
        session.execute(update(Person).where(Person.id == evaluation(ids[0]).application.person_id).values(family_name="Zanetti"))


def more_seats(call_id, _ids, _by):
    with transaction():
        session.get(Call, call_id).cohort.seats = 3


DEEDS = [other_marks, a_step_back, one_more, a_withdrawal, a_published_list, another_name, more_seats]


@pytest.mark.parametrize("deed", DEEDS)
def test_the_room_shows_every_deed_at_once(deed):
    call = a_call(seats=2)
    ids, coordinator = judged(call, TOTALS)
    call_id, by = call.id, coordinator.id
    with clock.frozen(CLOSED):
        before, anew = both(session.get(Call, call_id), by)
        assert before == anew
        both(session.get(Call, call_id), by)
        deed(call_id, ids, by)
        session.rollback()
        shown, anew = both(session.get(Call, call_id), by)
    assert shown == anew != before


@pytest.mark.parametrize("deed", [actions.accept, actions.decline, leaving.withdraw])
def test_answers_to_offers_are_seen_at_once(deed):
    call = a_call(seats=2)
    ids, coordinator = judged(call, TOTALS)
    call_id, by = call.id, coordinator.id
    with clock.frozen(PUBLISHED):
        publishing.publish(call_id, by=by)
        before, _anew = both(session.get(Call, call_id), by)
        deed(ids[0], by=evaluation(ids[0]).application.person_id)
        session.rollback()
        shown, anew = both(session.get(Call, call_id), by)
    assert shown.standings == anew.standings != before.standings
    assert shown == anew


def test_who_has_still_to_evaluate_sees_no_scores_also_after_two_accounts_became_one():
    call = a_call(seats=2)
    one, other, _coordinator = committee(call)
    call_id, cohort = call.id, call.cohort
    application = an_application(call)
    reader = staff(cohort, "coordinator").id
    with clock.frozen(CLOSED):
        deciding.decide(application.id, is_eligible=True, note="Seen.", by=reader)
        first = evaluation(application.id, 1).evaluator_id
        second = ({one.id, other.id} - {first}).pop()
        reviewing.give(evaluation(application.id, 1).id, {"motivation": Decimal(40), "transfer": Decimal(30)}, "", by=first)
        assert both(session.get(Call, call_id), reader)[0].spread is not None
        erasing.merge(second, reader, by=reader)
        jobs.run_due()
        shown, anew = both(session.get(Call, call_id), reader)
    assert shown == anew
    assert shown.spread is None
    assert shown.hidden == {application.id}


def test_a_deed_that_is_undone_leaves_nothing_in_memory():
    call = a_call()
    call_id, said = call.id, []

    def found(word):
        return memory.kept(session.get(Call, call_id), "word", lambda: said.append(word) or word)

    with contextlib.suppress(ZeroDivisionError), transaction():
        session.get(Call, call_id).deeds += 1
        assert found("undone") == "undone"
        assert 1 / 0
    with transaction():
        session.get(Call, call_id).deeds += 1
    assert [found("done"), found("again")] == ["done", "done"]
    assert said == ["undone", "done"]


@pytest.mark.parametrize(("later", "times"), [(timedelta(0), 1), (memory.AGE - timedelta(seconds=1), 1), (memory.AGE, 2), (-timedelta(hours=1), 2)])
def test_nothing_is_kept_for_long(later, times):
    call, found = a_call(), []
    for at in (CLOSED, CLOSED + later):
        with clock.frozen(at):
            memory.kept(call, "times", lambda: found.append(1))
    assert len(found) == times


def test_what_was_not_asked_for_longest_goes_first():
    call, found = a_call(), []
    forget()
    for about in [*range(memory.MOST), 0, memory.MOST, 0, 1]:
        memory.kept(call, about, lambda about=about: found.append(about))
    assert found == [*range(memory.MOST), memory.MOST, 1]
