"""Two accounts of one person: which application counts, and what becomes of the other."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from inspire_lms.contracts.people import PeopleMerged
from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import NotThere
from inspire_lms.kernel.people import erasing, rules
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.online_call.appealing import answering as answering_appeals
from inspire_lms.plugins.online_call.judging import deciding
from inspire_lms.plugins.online_call.models import Application, Review
from inspire_lms.plugins.online_call.offering import actions, auditing, merging, publishing
from inspire_lms.plugins.online_call.offering.models import Place
from inspire_lms.plugins.online_call.overriding import answering, queries
from tests.builders import a_person, an_administrator, staff
from tests.plugins.online_call.builders import (
    CLOSED,
    PUBLISHED,
    a_call,
    a_draft,
    a_selection,
    an_application,
    committee,
    decided,
    scored,
    standings,
)
from tests.plugins.online_call.lists import IN_TIME, a_provisional_list, an_appeal

pytestmark = pytest.mark.usefixtures("app")
LATER = PUBLISHED + timedelta(days=1)


def merged(from_id, to_id):
    with clock.frozen(CLOSED):
        erasing.merge(from_id, to_id, by=an_administrator().id)
        jobs.run_due()
        merging.merge(PeopleMerged(from_id=from_id, to_id=to_id))


def erased_unheard(person_id):
    """Erase an account whose applications stayed as they were, as merging once left them."""
    with transaction():
        session.execute(update(Person).where(Person.id == person_id).values(erased_at=CLOSED, **rules.after_erasing(person_id)))


def kept(*application_ids):
    session.rollback()
    return [(found.person_id, str(found.state)) for found in (session.get(Application, each) for each in application_ids)]


def test_who_applied_twice_takes_part_once_and_the_ranking_can_be_published(outbox):
    call = a_call(seats=1)
    coordinator, (one, other) = committee(call)[2], (a_person(), a_person())
    twin, own = an_application(call, one), an_application(call, other)
    merged(one.id, other.id)
    assert kept(twin.id, own.id) == [(one.id, "withdrawn"), (other.id, "submitted")]
    scored(decided(own, coordinator), 80, 80)
    with clock.frozen(PUBLISHED):
        publishing.publish(call.id, by=coordinator.id)
    assert standings([own]) == ["offered"]
    assert {mail.to_person for mail in outbox if mail.subject.startswith("A place is offered")} == {other.id}


@pytest.mark.parametrize("deed", ["publish", "reject"])
def test_an_application_left_with_an_erased_account_holds_nobody_up(deed, outbox):
    call = a_call(seats=1)
    coordinator, gone = committee(call)[2], a_person()
    left, own = an_application(call, gone), an_application(call)
    number = len(outbox)
    scored(decided(left, coordinator), 90, 90)
    scored(decided(own, coordinator), 80, 80)
    with clock.frozen(CLOSED):
        erased_unheard(gone.id)
        if deed == "reject":
            assert not deciding.decide(left.id, is_eligible=False, note="Twice.", by=coordinator.id)
            answering.confirm(queries.open_one(left.id).id, by=an_administrator().id)
        else:
            publishing.publish(call.id, by=coordinator.id)
    assert gone.id not in {mail.to_person for mail in outbox[number:]}


def test_the_application_that_is_further_goes_with_the_person():
    _call, applications = a_selection([90, 80, 70], seats=1)
    offered, reserve = applications[0], applications[1]
    gone, stays = offered.person_id, reserve.person_id
    merged(gone, stays)
    assert kept(offered.id, reserve.id) == [(stays, "eligible"), (gone, "withdrawn")]
    assert standings(applications) == ["offered", "withdrawn", "reserve"]
    with clock.frozen(LATER):
        assert actions.accept(offered.id, by=stays) == "accepted"


def test_a_draft_gives_way_to_what_was_submitted():
    call, (one, other) = a_call(), (a_person(), a_person())
    draft, submitted = a_draft(call, other).id, an_application(call, one).id
    merged(one.id, other.id)
    assert session.get(Application, draft) is None
    assert kept(submitted) == [(other.id, "submitted")]


def test_a_draft_of_the_account_that_goes_is_deleted():
    call, (one, other) = a_call(), (a_person(), a_person())
    draft, submitted = a_draft(call, one).id, an_application(call, other).id
    merged(one.id, other.id)
    assert session.get(Application, draft) is None
    assert kept(submitted) == [(other.id, "submitted")]


def test_a_place_held_by_both_accounts_goes_to_the_next_one():
    _call, applications = a_selection([90, 80, 70], seats=2)
    merged(applications[1].person_id, applications[0].person_id)
    assert standings(applications) == ["offered", "withdrawn", "offered"]
    assert session.scalars(select(Place.standing).where(Place.application_id == applications[2].id)).one() == "offered"


def test_an_account_that_is_gone_accepts_nothing_before_what_follows_of_that_is_done():
    call, (one, _other) = a_selection([90, 80], seats=1)
    number, cohort_id, from_id, to_id = one.id, call.cohort_id, one.person_id, a_person().id
    with clock.frozen(LATER):
        erasing.merge(from_id, to_id, by=an_administrator().id)
        with pytest.raises(NotThere):
            actions.accept(number, by=from_id, by_mail=True)
        jobs.run_due()
        actions.accept(number, by=to_id)
        jobs.run_due()
    assert kept(number) == [(to_id, "eligible")]
    assert [*auditing.accepted_take_part()] == []
    assert [each.person_id for each in programmes.members(cohort_id)] == [to_id]


def evaluators_of(application_id):
    session.rollback()
    chosen = select(Review.evaluator_id, Review.state).where(Review.application_id == application_id).order_by(Review.turn, Review.id)
    return [tuple(row) for row in session.execute(chosen)]


@pytest.mark.parametrize(
    ("totals", "before", "after"),
    [
        ((), [("own", "asked"), ("other", "asked")], [("third", "asked"), ("other", "asked")]),
        ((90,), [("own", "done"), ("other", "asked")], [("third", "asked"), ("other", "asked")]),
        ((90, 60), [("own", "done"), ("other", "done"), ("third", "asked")], [("fourth", "asked"), ("other", "done")]),
    ],
    ids=["asked", "given", "given, and too far from the other"],
)
def test_an_evaluator_who_turns_out_to_be_the_applicant_does_not_evaluate_the_own_application(totals, before, after):
    call = a_call()
    one, other, coordinator = committee(call)
    third, fourth = (staff(session.get(Cohort, call.cohort_id), "evaluator").id for _each in range(2))
    names = {one.id: "own", other.id: "other", third: "third", fourth: "fourth"}
    application = scored(decided(an_application(call), coordinator), *totals)
    number, applicant, own = application.id, application.person_id, one.id
    assert [(names[person], state) for person, state in evaluators_of(number)] == before
    merged(applicant, own)
    assert [(names[person], state) for person, state in evaluators_of(number)] == after


def test_what_a_list_rests_on_stays_and_is_given_by_somebody_else_once_it_is_opened_again():
    _call, (first, _second), coordinator = a_provisional_list([90, 80])
    number, cohort = first.id, session.get(Cohort, first.cohort_id)
    (own, _done), (other, _too) = before = evaluators_of(number)
    spare, appeal = staff(cohort, "evaluator").id, an_appeal(first).id
    merged(first.person_id, own)
    assert evaluators_of(number) == before
    with clock.frozen(IN_TIME):
        answering_appeals.answer(appeal, is_upheld=True, words="Read anew.", by=coordinator.id)
    assert sorted(evaluators_of(number)) == sorted([(other, "asked"), (spare, "asked")])
