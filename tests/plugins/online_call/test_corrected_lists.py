"""A final list that was wrong is corrected: nobody who holds a place loses it, and whoever waits is called up by the corrected order."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, Refused
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.announcing.models import NoticeVersion
from inspire_lms.plugins.online_call.correcting import actions, moves, publishing, rules
from inspire_lms.plugins.online_call.correcting.models import Correction
from inspire_lms.plugins.online_call.judging import deciding, reviewing
from inspire_lms.plugins.online_call.judging.queries import ranking_of
from inspire_lms.plugins.online_call.models import Application, Call, Criterion, Mark, Register, Review
from inspire_lms.plugins.online_call.offering import actions as offering
from inspire_lms.plugins.online_call.offering import auditing, leaving
from inspire_lms.plugins.online_call.offering import publishing as final
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.publishing import auditing as publishing_audit
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.ranking import auditing as ranking_audit
from inspire_lms.plugins.online_call.rules import Standing
from tests.builders import an_administrator, staff
from tests.plugins.online_call.builders import CLOSED, PUBLISHED, a_call, a_selection, an_application, judged, standings
from tests.plugins.online_call.confirming import sees

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize(
    ("before", "suitable", "after"),
    [
        (None, True, Standing.RESERVE),
        (None, False, Standing.UNSUITABLE),
        (Standing.RESERVE, False, Standing.UNSUITABLE),
        (Standing.UNSUITABLE, True, Standing.RESERVE),
        *((each, suitable, each) for each in (Standing.OFFERED, Standing.ACCEPTED, Standing.DECLINED, Standing.LAPSED, Standing.WITHDRAWN) for suitable in (True, False)),
    ],
)
def test_who_was_ever_offered_a_place_keeps_what_became_of_it(before, suitable, after):
    assert rules.standing_after(before, is_suitable=suitable) is after


def two_people():
    return an_administrator().id, an_administrator().id


def opened_again(application, by, *, reason="A court has decided."):
    """The application, opened again by two people."""
    correction = actions.propose(application.id, reason, by=by[0])
    actions.confirm(correction.id, by=by[1])
    return correction.id


def give(application, total):
    asked = select(Review).where(Review.application_id == application.id, Review.state == "asked")
    for review in session.scalars(asked).all():
        reviewing.give(review.id, {"motivation": min(60, total), "transfer": max(0, total - 60)}, "", by=review.evaluator_id)


def corrected(call_id, application, total, by):
    opened_again(application, by)
    give(application, total)
    return publishing.publish(call_id, by=by[0])


def breaches():
    session.rollback()
    return [*auditing.seats(), *ranking_audit.reproducible(), *ranking_audit.within_limits(), *publishing_audit.reproducible()]


def test_the_person_wronged_gets_the_next_place_and_nobody_loses_one(outbox):
    call, people = a_selection([90, 85, 80, 75, 40], seats=2)
    call_id, by = call.id, two_people()
    with clock.frozen(PUBLISHED):
        offering.accept(people[0].id, by=people[0].person_id)
        opened_again(people[3], by)
        with pytest.raises(Refused, match="Evaluations not yet given: 2"):
            publishing.publish(call_id, by=by[0])
        give(people[3], 99)
        found = moves.corrected(session.get(Call, call_id), ranking_of(call_id))
        assert [(each.number, each.before, each.after.position, each.keeps_place, each.is_wronged) for each in found.changed] == [
            (people[3].protocol_number, 4, 1, False, True), (people[0].protocol_number, 1, 2, True, False),
            (people[1].protocol_number, 2, 3, True, False), (people[2].protocol_number, 3, 4, False, False),
        ]  # fmt: skip
        assert found.called_next == people[3].protocol_number
        before = len(outbox)
        publication = publishing.publish(call_id, by=by[0])
        assert (publication.number, publication.kind, publication.reason) == (2, "corrected", "A court has decided.")
        assert standings(people) == ["accepted", "offered", "reserve", "reserve", "unsuitable"]
        told = list(outbox)[before:]
        addresses = [session.get(Person, each.person_id).email for each in (people[3], people[2])]
        assert [mail.address for mail in told] == addresses
        assert ["you get the next one that becomes free" in mail.text for mail in told] == [True, False]
        offering.decline(people[1].id, by=people[1].person_id)
        assert standings(people) == ["accepted", "declined", "reserve", "offered", "unsuitable"]
    assert breaches() == []


def test_who_was_rejected_wrongly_enters_the_list():
    call = a_call(seats=1)
    call_id, rejected = call.id, an_application(call, employed="no")
    _ids, coordinator = judged(call, [80])
    by = (coordinator.id, staff(session.get(Call, call_id).cohort, "coordinator").id)
    with clock.frozen(CLOSED):
        deciding.decide(rejected.id, is_eligible=False, note="", by=coordinator.id)
    with clock.frozen(PUBLISHED):
        final.publish(call_id, by=coordinator.id)
        opened_again(rejected, by)
        with pytest.raises(Refused, match="without a decision on eligibility: 1"):
            publishing.publish(call_id, by=by[0])
        with transaction():
            deciding.settle(session.get(Application, rejected.id), is_eligible=True, note="Employed after all.", by=by[1])
        give(rejected, 95)
        publishing.publish(call_id, by=by[0])
    lines = session.execute(select(Place.application_id, Place.position, Place.standing).order_by(Place.position)).all()
    assert [tuple(each) for each in lines] == [(rejected.id, 1, "reserve"), (_ids[0], 2, "offered")]
    assert breaches() == []


def test_a_correction_takes_a_reason_and_two_people_and_opens_nothing_else(outbox):
    call, (first, second) = a_selection([90, 80], seats=1)
    call_id, (one, other) = call.id, two_people()
    review = session.scalars(select(Review).where(Review.application_id == second.id)).first()
    review_id, evaluator = review.id, review.evaluator_id
    with clock.frozen(PUBLISHED):
        with pytest.raises(Invalid):
            actions.propose(first.id, " ", by=one)
        correction = actions.propose(first.id, "We had added up wrongly.", by=one).id
        with pytest.raises(Refused, match="being corrected already"):
            actions.propose(first.id, "Again", by=other)
        with pytest.raises(Refused, match="You have proposed it yourself"):
            actions.confirm(correction, by=one)
        with pytest.raises(Refused, match="nothing to correct"):
            publishing.publish(call_id, by=one)
        with pytest.raises(Invalid):
            actions.send_back(correction, "", by=other)
        actions.send_back(correction, "It was added up rightly.", by=other)
        taken = actions.propose(first.id, "Look at it once more.", by=one).id
        with pytest.raises(Refused, match="Only who has proposed it"):
            actions.take_back(taken, by=other)
        actions.take_back(taken, by=one)
        opened_again(first, (one, other))
        with pytest.raises(Refused, match="marks are fixed"):
            reviewing.give(review_id, {"motivation": 1, "transfer": 1}, "", by=evaluator)
        with pytest.raises(Refused, match="A list is published"):
            deciding.decide(first.id, is_eligible=False, note="Out.", by=one)
    assert list(session.scalars(select(Correction.state).order_by(Correction.id))) == ["sent_back", "taken_back", "reopened"]
    told = [(mail.to_person, mail.subject) for mail in outbox if mail.key.startswith("online_call.correction-answered:")]
    number = session.get(Application, first.id).protocol_number
    assert told == [(one, f"Your proposal on application {number} was sent back"), (one, f"Application {number} is open again, as you proposed")]
    assert "It was added up rightly." in next(mail.text for mail in outbox if "was sent back" in mail.subject)


def test_a_correction_of_an_application_that_is_withdrawn_comes_to_nothing_and_holds_no_list_up():
    call, (first, second, third) = a_selection([90, 80, 70], seats=1)
    call_id, by = call.id, two_people()
    with clock.frozen(PUBLISHED):
        proposed, opened = actions.propose(second.id, "We had added up wrongly.", by=by[0]).id, opened_again(first, by)
        for each in (second, first):
            leaving.withdraw(each.id, by=each.person_id)
        found = {each.id: (each.state, each.answered_by_id, each.answered_at) for each in session.scalars(select(Correction))}
        assert found == {proposed: ("dropped", None, PUBLISHED), opened: ("dropped", by[1], PUBLISHED)}
        with pytest.raises(Refused, match="nothing to correct"):
            publishing.publish(call_id, by=by[0])
        assert corrected(call_id, third, 75, by).number == 2
    assert breaches() == []


def test_before_the_final_list_there_is_nothing_to_correct():
    call = a_call()
    (first,), coordinator = judged(call, [90])
    with clock.frozen(PUBLISHED), pytest.raises(Refused, match="no final list"):
        actions.propose(first, "Wrong.", by=coordinator.id)


def _empty():
    with transaction():
        session.connection().execute(delete(Publication.__table__))
        for table in (Correction, Place, Ranking, Mark, Review, Application, Criterion, NoticeVersion, Call, Register):
            session.execute(delete(table))


DEEDS = st.one_of(
    st.tuples(st.sampled_from(["accept", "decline", "withdraw"]), st.integers(0, 4), st.just(0)),
    st.tuples(st.just("correct"), st.integers(0, 4), st.integers(30, 99)),
)


@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(deeds=st.lists(DEEDS, min_size=3, max_size=6))
def test_whatever_is_corrected_nobody_loses_a_place_and_the_order_of_call_up_follows(deeds):
    session.rollback()
    _empty()
    call, people = a_selection([90, 85, 80, 75, 55], seats=2)
    call_id, by = call.id, two_people()
    own = [(each.id, each.person_id) for each in people]
    with clock.frozen(PUBLISHED):
        for deed, who, total in deeds:
            before = dict(zip([each for each, _person in own], standings(people), strict=True))
            order = list(session.scalars(select(Place.application_id).order_by(Place.position)))
            held = {each for each, stands in before.items() if stands in {"offered", "accepted"}}
            try:
                if deed == "correct":
                    corrected(call_id, people[who], total, by)
                    order = list(session.scalars(select(Place.application_id).order_by(Place.position)))
                else:
                    {"accept": offering.accept, "decline": offering.decline, "withdraw": leaving.withdraw}[deed](own[who][0], by=own[who][1])
            except Refused:
                continue
            after = dict(zip([each for each, _person in own], standings(people), strict=True))
            holding = {each for each, stands in after.items() if stands in {"offered", "accepted"}}
            called = [each for each in order if each in holding - held]
            waits = [each for each in order if after[each] == "reserve"]
            assert held - holding <= (set() if deed == "correct" else {own[who][0]})
            assert len(holding) <= 2
            assert not called or all(order.index(called[-1]) < order.index(each) for each in waits)
            assert breaches() == []


def test_a_correction_by_page_from_the_proposal_to_the_corrected_list(client, sign_in_as):
    call, people = a_selection([90, 80], seats=1)
    (one, other), room = two_people(), f"/online_call/rooms/{call.cohort_id}"
    file = f"/online_call/files/{people[1].id}"
    with clock.frozen(PUBLISHED):
        sign_in_as(client, session.get(Person, one))
        assert "Open this application again" in client.get(file).text
        assert client.post(f"{file}/correct", data={"reason": ""}).status_code == 422
        assert client.post(f"{file}/correct", data={"reason": "A late appeal."}).status_code == 303
        correction = session.scalars(select(Correction.id)).one()
        assert "You have proposed it yourself" in client.get(f"/online_call/corrections/{correction}").text
        assert client.post(f"{room}/correction/publish").status_code == 409
        sign_in_as(client, session.get(Person, other))
        assert client.post(f"/online_call/corrections/{correction}", data={"decision": "confirm", "answer": "I have added it up too."}).status_code == 303
        assert "I have added it up too." in client.get(f"/online_call/corrections/{correction}").text
        give(people[1], 95)
        page = client.get(f"{room}/correction").text
        assert [text for text in ("Keeps the place", "Gets the next place", "would have got a place at first") if text not in page] == []
        assert "Publish the corrected list" in page
        assert client.post(f"{room}/correction/publish", data=sees(client, f"{room}/correction")).status_code == 303
        assert all(text in client.get(room).text for text in ("Corrected final ranking", "replaces no. 1"))
        sign_in_as(client, session.get(Person, people[1].person_id))
        assert "95.00" in client.get(f"/online_call/applications/{people[1].id}").text


@pytest.mark.parametrize("state", ["reopened", "waiting"])
def test_the_page_of_corrections_costs_the_same_statements_for_one_as_for_twelve(client, sign_in_as, statements, state):
    counted, by = [], two_people()
    for country, number in (("IT", 1), ("RO", 12)):
        call, people = a_selection([95 - place for place in range(14)], country=country, seats=1)
        room = f"/online_call/rooms/{call.cohort_id}/correction"
        with clock.frozen(PUBLISHED):
            for each in people[:number]:
                if state == "reopened":
                    give(each, 99 if opened_again(each, by) % 2 else 30)
                else:
                    actions.propose(each.id, "A court has decided.", by=by[0])
            sign_in_as(client, session.get(Person, by[1]))
            client.get(room)
            with statements() as seen:
                assert client.get(room).text.count("A court has decided.") == number
        counted.append(len(seen))
    assert counted[0] == counted[1]
