"""Evaluators who are asked by mail, who do not answer, or who may not evaluate any more."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from inspire_lms.contracts.pages import MenuEntries, NextThings
from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Invalid, NotThere, Refused
from inspire_lms.kernel.plugin import switch
from inspire_lms.plugins.online_call import answers
from inspire_lms.plugins.online_call.judging import deciding, queries, replacing, reviewing
from inspire_lms.plugins.online_call.looking import queries as queries_of_looks
from inspire_lms.plugins.online_call.models import Review
from inspire_lms.plugins.online_call.offering import publishing
from tests.builders import staff
from tests.plugins.online_call.builders import CLOSED, PUBLISHED, a_call, an_application, committee, decided, judged, scored

pytestmark = pytest.mark.usefixtures("app")
ASKED = "online_call.asked:"


def reviews(application):
    session.rollback()
    rows = session.scalars(select(Review).where(Review.application_id == application.id).order_by(Review.turn, Review.id))
    return [(each.turn, each.evaluator_id, str(each.state)) for each in rows]


def review_of(evaluator):
    return session.scalars(select(Review).where(Review.evaluator_id == evaluator.id)).one()


def asked_by_mail(outbox, person):
    return [mail.subject for mail in outbox if mail.to_person == person.id and mail.key.startswith(ASKED)]


def test_each_evaluator_gets_one_mail_for_a_batch(outbox):
    call = a_call()
    one, other, coordinator = committee(call)
    for _each in range(3):
        an_application(call)
    with clock.frozen(CLOSED):
        deciding.confirm_clear(call.id, by=coordinator.id)
    assert [asked_by_mail(outbox, each) for each in (one, other)] == [["3 applications wait for your evaluation"]] * 2


@pytest.mark.parametrize(("minutes", "mails"), [(59, 1), (61, 2)])
def test_who_was_asked_within_the_hour_and_has_not_answered_is_not_written_to_again(minutes, mails, outbox):
    call = a_call()
    one, _other, coordinator = committee(call)
    first, second = an_application(call), an_application(call)
    decided(first, coordinator)
    with clock.frozen(CLOSED + timedelta(minutes=minutes)):
        deciding.decide(second.id, is_eligible=True, note="Seen.", by=coordinator.id)
    assert len(asked_by_mail(outbox, one)) == mails


def test_who_has_answered_is_written_to_again_within_the_hour(outbox):
    call = a_call()
    one, _other, coordinator = committee(call)
    scored(decided(an_application(call), coordinator), 60, 60)
    with clock.frozen(CLOSED + timedelta(minutes=5)):
        deciding.decide(an_application(call).id, is_eligible=True, note="Seen.", by=coordinator.id)
    assert len(asked_by_mail(outbox, one)) == 2


def test_a_third_evaluator_and_one_of_the_coordinators_choice_are_told_too(outbox):
    call = a_call()
    coordinator = committee(call)[2]
    spare = staff(call.cohort, "evaluator")
    application = scored(decided(an_application(call), coordinator), 90, 60)
    assert asked_by_mail(outbox, spare) == ["1 application waits for your evaluation"]
    with clock.frozen(CLOSED):
        replacing.take_back(review_of(spare).id, "Away until March.", by=coordinator.id)
        reviewing.ask(application.id, coordinator.id, by=coordinator.id)
    assert asked_by_mail(outbox, coordinator) == ["1 application waits for your evaluation"]


def test_an_evaluator_who_does_not_answer_is_replaced_with_a_reason_that_stays():
    call = a_call()
    one, other, coordinator = committee(call)
    application = decided(an_application(call), coordinator)
    with clock.frozen(CLOSED):
        with pytest.raises(Invalid):
            replacing.take_back(review_of(one).id, "  ", by=coordinator.id)
        replacing.take_back(review_of(one).id, "Does not answer.", by=coordinator.id)
        assert reviews(application) == [(2, other.id, "asked")]
        reviewing.ask(application.id, coordinator.id, by=coordinator.id)
    assert reviews(application) == [(1, coordinator.id, "asked"), (2, other.id, "asked")]
    (line,) = [each for each in audit.about(("application", application.id)) if each.did == "online_call.taken-back"]
    assert (line.by_id, line.after) == (coordinator.id, {"turn": 1, "evaluator": one.id, "reason": "Does not answer."})


def test_what_was_given_is_not_taken_back():
    call = a_call()
    one, other, coordinator = committee(call)
    application = scored(decided(an_application(call), coordinator), 60)
    with clock.frozen(CLOSED):
        with pytest.raises(Refused):
            replacing.take_back(review_of(one).id, "Too low.", by=coordinator.id)
        reviewing.declare_conflict(review_of(other).id, "A cousin.", by=other.id)
        with pytest.raises(Refused):
            replacing.take_back(review_of(other).id, "Gone.", by=coordinator.id)
        with pytest.raises(NotThere):
            replacing.take_back(9999, "Gone.", by=coordinator.id)
    assert reviews(application)[0] == (1, one.id, "done")


def test_whoever_lost_the_role_is_replaced_by_the_next_one(outbox):
    call = a_call()
    one, other, coordinator = committee(call)
    first, second = decided(an_application(call), coordinator), decided(an_application(call), coordinator)
    scored(first, 60)
    spare = staff(call.cohort, "evaluator")
    access.revoke(one.id, "evaluator", call.cohort.context_id, by=coordinator.id)
    with clock.frozen(CLOSED + timedelta(hours=2)):
        for _twice in range(2):
            replacing.replace_absent()
    assert reviews(first) == [(1, one.id, "done"), (2, other.id, "asked")]
    assert reviews(second) == [(1, spare.id, "asked"), (2, other.id, "asked")]
    assert asked_by_mail(outbox, spare) == ["1 application waits for your evaluation"]


def test_a_third_evaluator_who_lost_the_role_is_replaced_too():
    call = a_call()
    coordinator = committee(call)[2]
    spare = staff(call.cohort, "evaluator")
    application = scored(decided(an_application(call), coordinator), 90, 60)
    another = staff(call.cohort, "evaluator")
    access.revoke(spare.id, "evaluator", call.cohort.context_id, by=coordinator.id)
    with clock.frozen(CLOSED):
        replacing.replace_absent()
    assert reviews(application)[2:] == [(3, another.id, "asked")]


def test_nobody_is_replaced_where_the_call_is_switched_off():
    call = a_call()
    one, _other, coordinator = committee(call)
    application = decided(an_application(call), coordinator)
    access.revoke(one.id, "evaluator", call.cohort.context_id, by=coordinator.id)
    switch("online_call", on=False, edition_id=call.cohort.edition_id)
    with clock.frozen(CLOSED):
        replacing.replace_absent()
    assert reviews(application)[0] == (1, one.id, "asked")


def test_after_publishing_no_request_is_taken_back():
    call = a_call()
    ids, coordinator = judged(call, [90])
    review = session.scalars(select(Review).where(Review.application_id == ids[0])).first()
    with clock.frozen(PUBLISHED):
        publishing.publish(call.id, by=coordinator.id)
        with pytest.raises(Refused):
            replacing.take_back(review.id, "Late.", by=coordinator.id)
    assert queries.is_published(call.id)


def test_the_coordinator_takes_a_request_back_on_the_page_of_the_application(client, sign_in_as):
    call = a_call()
    one, other, coordinator = committee(call)
    elsewhere = decided(an_application(call), coordinator)
    application = decided(an_application(call), coordinator)
    reviews_there = {each: str(review) for each, review in session.execute(select(Review.evaluator_id, Review.id).where(Review.application_id == application.id))}
    foreign = session.scalars(select(Review.id).where(Review.application_id == elsewhere.id)).first()
    address = f"/online_call/files/{application.id}"
    sign_in_as(client, coordinator)
    with clock.frozen(CLOSED):
        assert "Take back a request" in client.get(address).text
        for given, said in (({"request": reviews_there[one.id], "why": ""}, "Your reason"), ({"request": foreign, "why": "Away."}, "Whose request")):
            refused = client.post(f"{address}/take-back", data=given)
            assert (refused.status_code, said in refused.text) == (422, True)
        assert client.post(f"{address}/take-back", data={"request": reviews_there[one.id], "why": "Away."}).status_code == 303
        page = client.get(address).text
    assert reviews(application) == [(2, other.id, "asked")]
    assert "(Away.)" in page


def test_whoever_has_stepped_back_reads_nothing_of_the_application(client, sign_in_as):
    call = a_call()
    one, _other, coordinator = committee(call)
    application_id = decided(an_application(call), coordinator).id
    review_id = review_of(one).id
    sign_in_as(client, one)
    with clock.frozen(CLOSED):
        before = client.get(f"/online_call/reviews/{review_id}").text
        client.post(f"/online_call/reviews/{review_id}/conflict", data={"note": "A cousin."})
    with clock.frozen(CLOSED + timedelta(days=1)):
        after = client.get(f"/online_call/reviews/{review_id}").text
    told = ("A challenge of our own.", "Comune di Prova")
    assert ([each in before for each in told], [each in after for each in told]) == ([True, True], [False, False])
    assert "You have stepped back from this application." in after
    looks = [(look.by_id, look.day) for look in queries_of_looks.looks_at(application_id)]
    assert looks == [(one.id, CLOSED.date())], "only the look before stepping back"


def test_an_evaluator_reads_applications_only_where_the_role_is_still_held(app, client, sign_in_as):
    italian, greek = a_call("IT"), a_call("GR")
    one, _other, coordinator = committee(italian)
    application = decided(an_application(italian), coordinator)
    access.grant(one.id, "evaluator", greek.cohort.context_id, by=None)
    access.revoke(one.id, "evaluator", italian.cohort.context_id, by=None)
    review_id, number = review_of(one).id, application.protocol_number
    sign_in_as(client, one)
    with clock.frozen(CLOSED):
        assert number not in client.get("/online_call/reviews").text
        assert client.get(f"/online_call/reviews/{review_id}").status_code == 404
        assert client.post(f"/online_call/reviews/{review_id}/conflict", data={"note": "A cousin."}).status_code == 404
        with app.test_request_context():
            assert answers.next_things(NextThings(one.id)) == ()


def test_where_the_call_is_switched_off_nothing_waits_for_an_evaluator(app, client, sign_in_as):
    call = a_call()
    one, _other, coordinator = committee(call)
    application = decided(an_application(call), coordinator)
    switch("online_call", on=False, edition_id=call.cohort.edition_id)
    sign_in_as(client, one)
    with clock.frozen(CLOSED):
        assert application.protocol_number not in client.get("/online_call/reviews").text
        with app.test_request_context():
            assert answers.next_things(NextThings(one.id)) == ()
            assert [each.text for each in answers.menu(MenuEntries(coordinator.id))] == ["Evaluations"]
