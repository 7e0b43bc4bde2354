"""Deciding on eligibility, evaluating, and what evaluators may not see."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Refused
from inspire_lms.kernel.people.models import Membership, Organisation
from inspire_lms.plugins.online_call import rules
from inspire_lms.plugins.online_call.judging import deciding, queries, reviewing
from inspire_lms.plugins.online_call.models import Application, Call, Review
from inspire_lms.plugins.online_call.offering import publishing
from tests.builders import staff
from tests.plugins.online_call.builders import CLOSED, CLOSES, a_call, an_application, committee, decided, scored

pytestmark = pytest.mark.usefixtures("app")
MARKS = {"motivation": Decimal(40), "transfer": Decimal(20)}


def reviews(application):
    session.rollback()
    rows = session.scalars(select(Review).where(Review.application_id == application.id).order_by(Review.turn, Review.id))
    return [(each.turn, each.evaluator_id, each.state) for each in rows]


def works_for(person, organisation):
    with transaction():
        found = session.scalar(select(Organisation).where(Organisation.name == organisation)) or Organisation(name=organisation)
        session.add(found)
        session.flush()
        session.add(Membership(person_id=person.id, organisation_id=found.id, position=""))


def test_who_is_found_eligible_is_evaluated_by_the_two_evaluators_of_the_country():
    call = a_call()
    committee(a_call("RO"))
    one, other, coordinator = committee(call)
    application = decided(an_application(call), coordinator)
    assert reviews(application) == [(1, one.id, "asked"), (2, other.id, "asked")]


def test_nothing_is_decided_before_the_call_has_closed():
    call = a_call()
    coordinator, application = committee(call)[2], an_application(call)
    with clock.frozen(CLOSES - (CLOSED - CLOSES)), pytest.raises(Refused):
        deciding.decide(application.id, is_eligible=True, note="", by=coordinator.id)


def test_the_clear_ones_are_confirmed_together_and_nobody_is_rejected_in_bulk():
    call = a_call()
    coordinator = committee(call)[2]
    clear, doubtful, failing = an_application(call), an_application(call, employed="no"), an_application(call)
    with clock.frozen(CLOSED):
        assert deciding.confirm_clear(call.id, by=coordinator.id) == 2
    assert [session.get(Application, each).state for each in (clear.id, doubtful.id, failing.id)] == ["eligible", "submitted", "eligible"]


def test_an_evaluator_of_the_same_administration_is_left_out_however_it_is_written():
    call = a_call()
    one, other, coordinator = committee(call)
    works_for(one, "COMUNE DI  PROVA")
    application = decided(an_application(call), coordinator)
    assert reviews(application) == [(1, other.id, "asked")]
    assert one.id not in reviewing.who_may(session.get(Application, application.id))


def test_an_evaluator_who_applies_does_not_evaluate_the_own_application():
    call = a_call()
    one, other, coordinator = committee(call)
    application = decided(an_application(call, one), coordinator)
    assert reviews(application) == [(1, other.id, "asked")]


def test_whoever_declares_a_conflict_is_replaced_and_what_was_given_is_gone():
    call = a_call()
    one, other, coordinator = committee(call)
    application = scored(decided(an_application(call), coordinator), 60)
    third = staff(call.cohort, "evaluator")
    review = session.scalars(select(Review).where(Review.evaluator_id == one.id)).one()
    with clock.frozen(CLOSED):
        with pytest.raises(Invalid):
            reviewing.declare_conflict(review.id, "  ", by=one.id)
        reviewing.declare_conflict(review.id, "A cousin.", by=one.id)
        with pytest.raises(Refused):
            reviewing.give(review.id, MARKS, "", by=one.id)
    assert reviews(application) == [(1, one.id, "conflict"), (1, third.id, "asked"), (2, other.id, "asked")]
    assert queries.marks_of(review.id) == {}


def test_marks_are_given_by_whoever_was_asked_and_within_the_weights():
    call = a_call()
    one, other, coordinator = committee(call)
    decided(an_application(call), coordinator)
    review = session.scalars(select(Review).where(Review.evaluator_id == one.id)).one()
    with clock.frozen(CLOSED):
        with pytest.raises(NotThere):
            reviewing.give(review.id, MARKS, "", by=other.id)
        with pytest.raises(Invalid) as invalid:
            reviewing.give(review.id, MARKS | {"motivation": Decimal("60.5")}, "", by=one.id)
        assert list(invalid.value.reasons) == ["motivation"]
        reviewing.give(review.id, MARKS, "Good.", by=one.id)
        reviewing.give(review.id, MARKS | {"transfer": Decimal("0.5")}, "Good.", by=one.id)
    assert queries.marks_of(review.id) == {"motivation": Decimal(40), "transfer": Decimal("0.5")}


@pytest.mark.parametrize(("totals", "third"), [((80, 60), False), ((81, 60), True), ((60, 81), True)])
def test_a_gap_above_the_threshold_asks_for_a_third_evaluation(totals, third):
    call = a_call()
    coordinator = committee(call)[2]
    spare = staff(call.cohort, "evaluator")
    application = scored(decided(an_application(call), coordinator), *totals)
    asked = [each for each in reviews(application) if each[0] == 3]
    assert asked == ([(3, spare.id, "asked")] if third else [])


def test_without_a_third_evaluator_the_coordinator_asks_and_nothing_is_published_before():
    call = a_call()
    coordinator = committee(call)[2]
    application = scored(decided(an_application(call), coordinator), 90, 60)
    with clock.frozen(CLOSED):
        with pytest.raises(Refused):
            publishing.publish(call.id, by=coordinator.id)
        reviewing.ask(application.id, coordinator.id, by=coordinator.id)
        with pytest.raises(Refused):
            reviewing.ask(application.id, coordinator.id, by=coordinator.id)
    application = scored(application, 88)
    (judged,) = queries.judged(session.get(Call, call.id))
    assert (judged.score.total, judged.is_third_due) == (Decimal("89.00"), False)


def test_a_third_that_is_not_needed_any_more_is_taken_back():
    call = a_call()
    one, _other, coordinator = committee(call)
    staff(call.cohort, "evaluator")
    application = scored(decided(an_application(call), coordinator), 90, 60)
    review = session.scalars(select(Review).where(Review.evaluator_id == one.id)).one()
    with clock.frozen(CLOSED):
        reviewing.give(review.id, {"motivation": Decimal(60), "transfer": Decimal(10)}, "", by=one.id)
    assert [turn for turn, _who, _state in reviews(application)] == [1, 2]


@pytest.mark.parametrize(
    ("loads", "kept_out", "chosen"),
    [({}, set(), 1), ({1: 1}, set(), 2), ({1: 1, 2: 1}, set(), 3), ({1: 2, 2: 1, 3: 1}, {2}, 3), ({}, {1, 2, 3}, None)],
)
def test_whoever_has_least_to_evaluate_is_asked_next(loads, kept_out, chosen):
    assert rules.choose([1, 2, 3], loads, kept_out) == chosen
