"""Against the provisional list an applicant appeals once, in time; somebody who had no part answers, and one application is opened again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from inspire_lms.contracts.pages import CohortTasks
from inspire_lms.contracts.people import PersonErased
from inspire_lms.kernel import clock
from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Invalid, NotThere, Refused
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call import answers
from inspire_lms.plugins.online_call.appealing import answering, filing
from inspire_lms.plugins.online_call.appealing.models import Appeal
from inspire_lms.plugins.online_call.appealing.rules import AppealState, why_not_answer, why_not_file
from inspire_lms.plugins.online_call.judging import deciding, reviewing
from inspire_lms.plugins.online_call.models import Application, Review
from inspire_lms.plugins.online_call.offering import actions as offering
from inspire_lms.plugins.online_call.offering import leaving, publishing
from inspire_lms.plugins.online_call.offering.models import Place
from inspire_lms.plugins.online_call.overriding import answering as overriding
from inspire_lms.plugins.online_call.overriding import queries as proposals
from inspire_lms.plugins.online_call.publishing import auditing, provisional
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.retention import thinning
from inspire_lms.plugins.online_call.rules import KEPT, State
from tests.builders import an_administrator, staff
from tests.plugins.online_call.builders import CLOSED, PUBLISHED, a_call, an_application, judged
from tests.plugins.online_call.confirming import confirmed
from tests.plugins.online_call.lists import APPEAL_UNTIL, IN_PEACE, IN_TIME, a_provisional_list, an_appeal

pytestmark = pytest.mark.usefixtures("app")
LAST_SECOND = APPEAL_UNTIL - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        ({}, False),
        ({"at": LAST_SECOND}, False),
        ({"at": APPEAL_UNTIL}, True),
        ({"state": State.NOT_ELIGIBLE}, False),
        ({"state": State.WITHDRAWN}, True),
        ({"has_appealed": True}, True),
        ({"until": None}, True),
    ],
)
def test_one_appeals_once_and_until_the_last_second(facts, refused):
    told = {"state": State.ELIGIBLE, "until": APPEAL_UNTIL, "has_appealed": False, "at": IN_TIME} | facts
    assert (why_not_file(told.pop("state"), told.pop("until"), "Europe/Rome", **told) is not None) is refused


@pytest.mark.parametrize(
    ("state", "by", "refused"),
    [("open", 4, False), ("open", 1, True), ("open", 2, True), ("open", 3, True), ("upheld", 4, True), ("withdrawn", 4, True)],
)
def test_neither_the_applicant_nor_who_had_a_part_answers_and_nobody_twice(state, by, refused):
    assert (why_not_answer(AppealState(state), applicant=1, took_part={2, 3}, by=by) is not None) is refused


def reviews_of(application):
    session.rollback()
    return list(session.scalars(select(Review).where(Review.application_id == application.id).order_by(Review.turn)))


def give(review, total):
    reviewing.give(review.id, {"motivation": min(60, total), "transfer": max(0, total - 60)}, "", by=review.evaluator_id)


def test_an_upheld_appeal_about_points_opens_one_application_and_moves_the_final_list(outbox):
    call, (first, second), coordinator = a_provisional_list([90, 80], seats=1)
    call_id, before = call.id, len(outbox)
    appeal = an_appeal(second)
    assert (appeal.label, appeal.about, appeal.state) == (f"{second.protocol_number}/1-1", "points", "open")
    with clock.frozen(IN_TIME):
        answering.answer(appeal.id, is_upheld=True, words="The annex was overlooked.", by=coordinator.id)
    asked = reviews_of(second)
    assert [(each.state, each.total) for each in asked] == [("asked", None)] * 2
    assert [mail.key for mail in list(outbox)[before:]] == [
        f"online_call.appeal-received:{appeal.id}", f"online_call.appeal-to-answer:{coordinator.id}:{appeal.id}",
        f"online_call.appeal-answered:{appeal.id}", *(f"online_call.appeal-anew:{each.id}:{appeal.id}" for each in asked),
    ]  # fmt: skip
    assert sum("The annex was overlooked." in mail.text for mail in list(outbox)[before:]) == 3
    with clock.frozen(IN_PEACE):
        with pytest.raises(Refused, match="Evaluations not yet given: 2"):
            publishing.publish(call_id, by=coordinator.id)
        for each in asked:
            give(each, 96)
        with pytest.raises(Refused, match="A list is published"):
            give(reviews_of(first)[0], 100)
        publishing.publish(call_id, by=coordinator.id)
    places = session.scalars(select(Place).order_by(Place.position)).all()
    assert [(each.application_id, int(each.total), each.standing) for each in places] == [(second.id, 96, "offered"), (first.id, 90, "reserve")]
    final = session.scalars(select(Publication).where(Publication.kind == "final")).one()
    assert [(each["number"], each["state"]) for each in final.minutes["appeals"]] == [("1-1", "upheld")]
    assert [*auditing.reproducible()] == []


def test_an_upheld_appeal_about_eligibility_asks_for_a_decision_anew():
    call = a_call(seats=1, appeal_days=5)
    call_id, rejected = call.id, an_application(call, employed="no")
    _ids, coordinator = judged(call, [80])
    other = staff(call.cohort, "coordinator")
    with clock.frozen(CLOSED):
        deciding.decide(rejected.id, is_eligible=False, note="", by=coordinator.id)
    with clock.frozen(PUBLISHED):
        provisional.publish(call_id, by=coordinator.id)
    appeal = an_appeal(rejected, "I am employed: see my contract.")
    assert appeal.about == "eligibility"
    with clock.frozen(IN_PEACE):
        with pytest.raises(Refused, match="Appeals that are not answered: 1"):
            publishing.publish(call_id, by=coordinator.id)
        with pytest.raises(Refused, match="You had a part"):
            answering.answer(appeal.id, is_upheld=True, words="Yes.", by=coordinator.id)
        answering.answer(appeal.id, is_upheld=True, words="The contract shows it.", by=other.id)
        with pytest.raises(Refused, match="without a decision on eligibility: 1"):
            publishing.publish(call_id, by=coordinator.id)
        deciding.decide(rejected.id, is_eligible=False, note="The contract ended in May.", by=coordinator.id)
        publishing.publish(call_id, by=coordinator.id)
    assert session.get(Application, rejected.id).state == "not_eligible"


def test_what_an_appeal_has_opened_again_is_not_decided_together_with_others():
    call = a_call(seats=1, appeal_days=5)
    call_id, rejected = call.id, an_application(call)
    _ids, coordinator = judged(call, [80])
    other, second = staff(call.cohort, "coordinator"), staff(call.cohort, "coordinator")
    with clock.frozen(CLOSED):
        deciding.decide(rejected.id, is_eligible=False, note="Not signed.", by=coordinator.id)
        overriding.confirm(proposals.open_one(rejected.id).id, by=second.id)
    with clock.frozen(PUBLISHED):
        provisional.publish(call_id, by=coordinator.id)
    appeal = an_appeal(rejected, "It is signed on the last page.")
    with clock.frozen(IN_TIME):
        answering.answer(appeal.id, is_upheld=True, words="It is.", by=other.id)
        assert deciding.confirm_clear(call_id, by=other.id) == 0
        assert deciding.decide(rejected.id, is_eligible=True, note="It is signed.", by=other.id) is False


def test_a_dismissed_appeal_changes_nothing_and_says_why(outbox):
    call, (_first, second), coordinator = a_provisional_list([90, 80], seats=1)
    call_id, appeal = call.id, an_appeal(second)
    with clock.frozen(IN_TIME), pytest.raises(Invalid):
        answering.answer(appeal.id, is_upheld=False, words=" ", by=coordinator.id)
    with clock.frozen(IN_PEACE):
        answering.answer(appeal.id, is_upheld=False, words="Both evaluators read it.", by=coordinator.id)
        publishing.publish(call_id, by=coordinator.id)
    told = next(mail for mail in outbox if mail.key == f"online_call.appeal-answered:{appeal.id}")
    assert told.subject == f"Your appeal {second.protocol_number}/1-1 is dismissed"
    assert "Both evaluators read it." in told.text
    assert [int(each.total) for each in session.scalars(select(Place).order_by(Place.position))] == [90, 80]


def test_an_appeal_is_ones_own_has_words_and_comes_in_time():
    _call, (first, second), _coordinator = a_provisional_list([90, 80])
    with clock.frozen(IN_TIME):
        for grounds in (" ", "x" * 4001):
            with pytest.raises(Invalid):
                filing.file(first.id, grounds, by=first.person_id)
        with pytest.raises(NotThere):
            filing.file(first.id, "Not mine", by=second.person_id)
        filing.file(first.id, "x" * 4000, by=first.person_id)
        with pytest.raises(Refused, match="once against each list"):
            filing.file(first.id, "Once more", by=first.person_id)
    with clock.frozen(APPEAL_UNTIL), pytest.raises(Refused, match="The time to appeal ended"):
        filing.file(second.id, "Too late", by=second.person_id)


def test_appeals_are_numbered_and_a_withdrawn_one_holds_nothing_up():
    call, (first, second), coordinator = a_provisional_list([90, 80])
    call_id, mine, other = call.id, an_appeal(first), an_appeal(second)
    assert (mine.number, other.number) == (1, 2)
    with clock.frozen(IN_TIME):
        with pytest.raises(NotThere):
            filing.withdraw(mine.id, by=second.person_id)
        filing.withdraw(mine.id, by=first.person_id)
        with pytest.raises(Refused, match="settled in the meantime"):
            answering.answer(mine.id, is_upheld=True, words="Yes.", by=coordinator.id)
        leaving.withdraw(second.id, by=second.person_id)
    assert [each.state for each in session.scalars(select(Appeal).order_by(Appeal.number))] == ["withdrawn", "withdrawn"]
    with clock.frozen(IN_PEACE):
        publishing.publish(call_id, by=coordinator.id)


def test_where_every_coordinator_had_a_part_the_administration_is_asked(outbox):
    call, (first, _second), coordinator = a_provisional_list([90, 80])
    administrator, evaluator = an_administrator(), reviews_of(first)[0].evaluator_id
    access.grant(evaluator, "coordinator", call.cohort.context_id, by=None)
    with clock.frozen(PUBLISHED):
        access.revoke(coordinator.id, "coordinator", call.cohort.context_id, by=None)
    before, appeal = len(outbox), an_appeal(first)
    asked = [mail.key for mail in list(outbox)[before:]]
    assert asked == [f"online_call.appeal-received:{appeal.id}", f"online_call.appeal-to-answer:{administrator.id}:{appeal.id}"]
    with clock.frozen(IN_TIME), pytest.raises(Refused, match="the administration of the platform"):
        answering.answer(appeal.id, is_upheld=True, words="My own marks.", by=evaluator)


def test_an_appeal_goes_with_the_answers_of_the_application():
    call, (first, second), coordinator = a_provisional_list([90, 80], seats=1)
    call_id, kept = call.id, an_appeal(first)
    an_appeal(second)
    with clock.frozen(IN_PEACE):
        for each in session.scalars(select(Appeal.id)).all():
            answering.answer(each, is_upheld=False, words="No.", by=coordinator.id)
        publishing.publish(call_id, by=coordinator.id)
        offering.accept(first.id, by=first.person_id)
    with clock.frozen(IN_PEACE + KEPT):
        thinning.thin_out()
    assert list(session.scalars(select(Appeal.id))) == [kept.id]
    with clock.frozen(IN_PEACE + KEPT):
        leaving.forget(PersonErased(person_id=first.person_id))
    session.rollback()
    assert list(session.scalars(select(Appeal.id))) == []
    assert [*auditing.reproducible()] == []


def test_an_appeal_by_page_from_the_own_result_to_the_answer(client, sign_in_as):
    call, (first, second), coordinator = a_provisional_list([90, 80], seats=1)
    own, room = f"/online_call/applications/{second.id}", f"/online_call/rooms/{call.cohort_id}"
    applicant = session.get(Person, second.person_id)
    with clock.frozen(IN_TIME):
        sign_in_as(client, applicant)
        page = client.get(own).text
        assert all(text in page for text in ("Your provisional result", "80.00", "90.00", "Monday 18 January 2027, 12:00"))
        assert first.protocol_number not in page
        assert client.get(f"/online_call/applications/{first.id}/appeal").status_code == 404
        assert client.post(f"{own}/appeal", data={"grounds": ""}).status_code == 422
        assert client.post(f"{own}/appeal", data={"grounds": "<b>Look</b> again."}).status_code == 303
        appeal = session.scalars(select(Appeal.id)).one()
        assert "&lt;b&gt;Look&lt;/b&gt; again." in client.get(own).text
        assert client.get(f"/online_call/appeals/{appeal}").status_code == 403
        sign_in_as(client, coordinator)
        assert "Answer 1 appeal" in client.get(room).text
        assert second.protocol_number in client.get(f"{room}/appeals").text
        assert "Look" in client.get(f"/online_call/appeals/{appeal}").text
        assert client.post(f"/online_call/appeals/{appeal}", data={"decision": "upheld", "answer": ""}).status_code == 422
        assert client.post(f"/online_call/appeals/{appeal}", data={"decision": "upheld", "answer": "True."}).status_code == 303
        review = reviews_of(second)[0]
        assert all(text in client.get(f"/online_call/files/{second.id}").text for text in ("Appeal received", "Appeal upheld"))
        sign_in_as(client, session.get(Person, review.evaluator_id))
        again = client.get(f"/online_call/reviews/{review.id}").text
        assert "an appeal was upheld" in again
        assert "True." in again
        assert 'value="60' in again
        sign_in_as(client, applicant)
        assert all(text in client.get(own).text for text in ("Upheld", "True.", "evaluated anew", "Last moment to appeal"))


def test_the_coordinator_is_told_what_comes_next_between_the_lists(app):
    call = a_call(seats=1, appeal_days=5)
    call_id, cohort_id = call.id, call.cohort_id
    ids, coordinator = judged(call, [90])

    def tasks(at):
        session.rollback()
        with app.test_request_context(), clock.frozen(at):
            return [each.heading for each in answers.tasks(CohortTasks(cohort_id))]

    assert tasks(PUBLISHED) == ["Publish the provisional ranking"]
    with clock.frozen(PUBLISHED):
        provisional.publish(call_id, by=coordinator.id)
    assert (tasks(LAST_SECOND), tasks(APPEAL_UNTIL)) == ([], ["Publish the ranking"])
    an_appeal(session.get(Application, ids[0]))
    assert (tasks(IN_TIME), tasks(IN_PEACE)) == (["Answer 1 appeal"], ["Answer 1 appeal"])


def test_the_coordinator_publishes_both_lists_by_page(client, sign_in_as):
    call = a_call(seats=1, appeal_days=5)
    _ids, coordinator = judged(call, [90, 80])
    room = f"/online_call/rooms/{call.cohort_id}"
    sign_in_as(client, coordinator)
    with clock.frozen(PUBLISHED):
        assert "Publish the provisional ranking" in client.get(room).text
        assert client.post(f"{room}/publish").status_code == 409
        assert confirmed(client, f"{room}/publish-provisionally").status_code == 303
        page = client.get(room).text
        assert "Provisional ranking published" in page
        assert "Applicants may appeal until Monday 18 January 2027, 12:00" in page
        assert "Publish and send the offers" in page  # it is there, and says why it has to wait
        assert client.post(f"{room}/publish").status_code == 409
    with clock.frozen(APPEAL_UNTIL):
        assert "Publish the ranking and send 1 offer" in client.get(room).text
        assert confirmed(client, f"{room}/publish").status_code == 303
        assert all(text in client.get(room).text for text in ("Final ranking", "replaces no. 1"))
