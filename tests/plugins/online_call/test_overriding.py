"""Deciding other than the rules of eligibility found: a reason, and a second person of the country."""

import pytest
from sqlalchemy import select

from inspire_lms.contracts.people import PeopleMerged, PersonErased
from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Invalid, Refused
from inspire_lms.plugins.online_call.eligibility import Finding
from inspire_lms.plugins.online_call.judging import deciding
from inspire_lms.plugins.online_call.models import Application, Review
from inspire_lms.plugins.online_call.offering import leaving, merging, publishing
from inspire_lms.plugins.online_call.overriding import answering, queries, rules
from inspire_lms.plugins.online_call.overriding.models import Override
from inspire_lms.plugins.online_call.overriding.rules import OverrideState
from tests.builders import a_person, an_administrator, staff
from tests.plugins.online_call.builders import (
    CLOSED,
    PUBLISHED,
    a_call,
    a_mendable_form,
    an_application,
    committee,
    decided,
    judged,
    scored,
)

pytestmark = pytest.mark.usefixtures("app")
UNSIGNED = "The letter is not signed."


def decide(application_id, *, is_eligible, note, by):
    with clock.frozen(CLOSED):
        return deciding.decide(application_id, is_eligible=is_eligible, note=note, by=by.id)


def answer(deed, override_id, *said, by):
    with clock.frozen(CLOSED):
        deed(override_id, *said, by=by.id)


def state(application_id):
    session.rollback()
    kept = session.get(Application, application_id)
    return str(kept.state), kept.decision_note


def proposed(call, *, is_eligible=False, **answers):
    """An application with a proposal about it that waits; and who proposed it."""
    coordinator, application_id = committee(call)[2], an_application(call, **answers).id
    assert decide(application_id, is_eligible=is_eligible, note=UNSIGNED, by=coordinator) is False
    return application_id, coordinator, queries.open_one(application_id).id


@pytest.mark.parametrize(
    ("found", "is_eligible", "by_two", "needed"),
    [
        (Finding.PASS, True, None, False),
        (Finding.PASS, False, None, True),
        (Finding.FAIL, False, None, False),
        (Finding.FAIL, True, None, True),
        (Finding.UNKNOWN, True, None, False),
        (Finding.UNKNOWN, False, None, False),
        (Finding.PASS, True, True, False),
        (Finding.PASS, True, False, True),
        (Finding.FAIL, False, True, True),
        (Finding.UNKNOWN, False, True, True),
        (Finding.UNKNOWN, True, True, False),
    ],
)
def test_against_the_rules_or_against_what_two_decided_one_alone_does_not_decide(found, is_eligible, by_two, needed):
    assert rules.needs_second(found, is_eligible=is_eligible, decided_by_two=by_two) is needed


@pytest.mark.parametrize(
    ("answers", "is_eligible", "note", "outcome"),
    [
        ({}, True, "", "eligible"),
        ({}, False, "", "refused"),
        ({}, False, UNSIGNED, "waits"),
        ({"employed": "no"}, False, "", "not_eligible"),
        ({"employed": "no"}, True, " ", "refused"),
        ({"employed": "no"}, True, "Seconded to the municipality.", "waits"),
    ],
    ids=["as the rules", "against the rules", "against, with a reason", "rejected by a rule", "in spite of a rule", "in spite of it, with a reason"],
)
def test_a_decision_other_than_the_rules_needs_a_reason_and_a_second_person(answers, is_eligible, note, outcome, outbox):
    call = a_call()
    coordinator, application = committee(call)[2], an_application(call, **answers)
    number, letters = application.id, len(outbox)
    if outcome == "refused":
        with pytest.raises(Invalid) as invalid:
            decide(number, is_eligible=is_eligible, note=note, by=coordinator)
        assert list(invalid.value.reasons) == ["note"]
    else:
        assert decide(number, is_eligible=is_eligible, note=note, by=coordinator) is (outcome != "waits")
    assert state(number) == ("submitted" if outcome in {"refused", "waits"} else outcome, "")
    assert [mail.subject.split()[-1] for mail in outbox[letters:] if mail.to_person == application.person_id] == (["condition"] if outcome == "not_eligible" else [])


def test_where_a_rule_could_not_tell_the_coordinator_decides_alone_with_a_reason():
    call = a_call()
    coordinator, application = committee(call)[2], an_application(call, a_person(email="somebody@elsewhere.invalid"))
    with pytest.raises(Invalid):
        decide(application.id, is_eligible=True, note="", by=coordinator)
    assert decide(application.id, is_eligible=True, note="Known to the service.", by=coordinator) is True
    assert state(application.id) == ("eligible", "Known to the service.")


@pytest.mark.both_engines
def test_a_proposal_is_in_force_from_the_moment_another_confirms_it_and_both_are_named(outbox):
    call = a_call()
    application_id, first, override_id = proposed(call)
    second, applicant = staff(call.cohort, "coordinator"), session.get(Application, application_id).person_id
    before = len(outbox)
    assert state(application_id) == ("submitted", "")
    answer(answering.confirm, override_id, by=second)
    assert state(application_id) == ("not_eligible", UNSIGNED)
    kept = session.get(Override, override_id)
    assert (kept.state, kept.proposed_by_id, kept.answered_by_id, kept.found) == ("confirmed", first.id, second.id, "pass")
    lines = [(line.did, line.by_id, (line.after or {}).get("proposed_by")) for line in audit.about(("application", application_id))][-3:]
    assert lines == [
        ("online_call.override-proposed", first.id, first.id),
        ("online_call.decided", second.id, first.id),
        ("online_call.override-confirmed", second.id, first.id),
    ]
    number = session.get(Application, application_id).protocol_number
    assert [(mail.to_person, mail.subject) for mail in outbox[before:]] == [
        (applicant, f"Your application {number} does not meet a condition"),
        (first.id, f"Your decision on application {number} is confirmed"),
    ]


def test_who_takes_part_in_spite_of_a_rule_is_evaluated_from_the_confirmation_on():
    call = a_call()
    application_id, _first, override_id = proposed(call, is_eligible=True, employed="no")
    asked = select(Review.turn).where(Review.application_id == application_id)
    assert session.scalars(asked).all() == []
    answer(answering.confirm, override_id, by=an_administrator())
    assert (state(application_id), session.scalars(asked).all()) == (("eligible", UNSIGNED), [1, 2])


def test_a_proposal_that_is_sent_back_decides_nothing_and_says_why(outbox):
    call = a_call()
    application_id, first, override_id = proposed(call)
    second = staff(call.cohort, "coordinator")
    with pytest.raises(Invalid) as invalid:
        answer(answering.send_back, override_id, " ", by=second)
    assert list(invalid.value.reasons) == ["answer"]
    answer(answering.send_back, override_id, "I can read the signature.", by=second)
    assert state(application_id) == ("submitted", "")
    assert (outbox[-1].to_person, outbox[-1].subject.endswith("was sent back"), "I can read the signature." in outbox[-1].text) == (first.id, True, True)
    assert decide(application_id, is_eligible=True, note="", by=first) is True


def test_nobody_confirms_the_own_proposal_and_nobody_else_takes_it_back():
    call = a_call()
    application_id, first, override_id = proposed(call)
    second = staff(call.cohort, "coordinator")
    for deed, said, by in ((answering.confirm, (), first), (answering.send_back, ("No.",), first), (answering.take_back, (), second)):
        with pytest.raises(Refused):
            answer(deed, override_id, *said, by=by)
    answer(answering.take_back, override_id, by=first)
    for deed, said, by in ((answering.confirm, (), second), (answering.send_back, ("No.",), second), (answering.take_back, (), first)):
        with pytest.raises(Refused):
            answer(deed, override_id, *said, by=by)
    assert (state(application_id), session.get(Override, override_id).state) == (("submitted", ""), "taken_back")


def test_while_a_proposal_waits_nothing_else_is_decided_and_nothing_published():
    call = a_call()
    application_id, first, override_id = proposed(call)
    coordinator = staff(call.cohort, "coordinator")
    scored(decided(an_application(call), coordinator), 80, 80)
    with pytest.raises(Refused):
        decide(application_id, is_eligible=True, note="", by=coordinator)
    with clock.frozen(CLOSED):
        assert deciding.confirm_clear(call.id, by=coordinator.id) == 0
    with clock.frozen(PUBLISHED), pytest.raises(Refused):
        publishing.publish(call.id, by=coordinator.id)
    answer(answering.confirm, override_id, by=coordinator)
    assert decide(application_id, is_eligible=False, note="Seen.", by=first) is False, "still other than the rules"
    with clock.frozen(PUBLISHED), pytest.raises(Refused) as refused:
        publishing.publish(call.id, by=coordinator.id)
    assert str(refused.value.reason) == "Decisions on eligibility that wait for a second person: 1."


def test_what_two_have_decided_one_alone_does_not_undo(outbox):
    call = a_call()
    application_id, first, override_id = proposed(call)
    second = staff(call.cohort, "coordinator")
    answer(answering.confirm, override_id, by=second)
    with pytest.raises(Invalid):
        decide(application_id, is_eligible=True, note="", by=first)
    assert decide(application_id, is_eligible=True, note="The letter has come.", by=first) is False
    answer(answering.confirm, queries.open_one(application_id).id, by=second)
    assert state(application_id) == ("eligible", "The letter has come.")
    number, applicant = session.get(Application, application_id).protocol_number, session.get(Application, application_id).person_id
    assert [mail.subject for mail in outbox if mail.to_person == applicant][1:] == [
        f"Your application {number} does not meet a condition",
        f"Your application {number} takes part in the selection",
    ]
    assert "The letter has come." in [mail for mail in outbox if mail.to_person == applicant][-1].text


def test_nobody_decides_about_the_own_application():
    call = a_call()
    applicant = a_person()
    application_id = an_application(call, applicant).id
    access.grant(applicant.id, "coordinator", call.cohort.context_id, by=None)
    with pytest.raises(Refused):
        decide(application_id, is_eligible=True, note="Me.", by=applicant)
    with clock.frozen(CLOSED):
        assert deciding.confirm_clear(call.id, by=applicant.id) == 0
    decide(application_id, is_eligible=False, note="Not signed.", by=staff(call.cohort, "coordinator"))
    with pytest.raises(Refused):
        answer(answering.send_back, queries.open_one(application_id).id, "It is.", by=applicant)


def test_the_other_coordinators_are_asked_and_where_there_is_none_who_looks_after_the_platform(outbox):
    chief, alone, two = an_administrator(), a_call("IT"), a_call("RO")
    other = staff(two.cohort, "coordinator")
    for call, asked in ((alone, chief), (two, other)):
        before = len(outbox)
        proposed(call)
        assert [(mail.to_person, mail.subject.endswith("waits for a second person")) for mail in outbox[before + 1 :]] == [(asked.id, True)]


def test_when_the_application_is_withdrawn_the_proposal_comes_to_nothing(client, sign_in_as):
    call = a_call()
    application_id, first, override_id = proposed(call)
    with clock.frozen(CLOSED):
        leaving.withdraw(application_id, by=session.get(Application, application_id).person_id)
    with pytest.raises(Refused):
        answer(answering.confirm, override_id, by=an_administrator())
    assert (state(application_id)[0], session.get(Override, override_id).state) == ("withdrawn", "dropped")
    sign_in_as(client, first)
    with clock.frozen(CLOSED):
        shown = client.get(f"/online_call/overrides/{override_id}").text
    assert ("Dropped: the application was withdrawn" in shown, "Answered by" in shown) == (True, False)


def test_after_publishing_nothing_is_confirmed():
    call = a_call()
    ids, coordinator = judged(call, [90])
    with clock.frozen(PUBLISHED):
        publishing.publish(call.id, by=coordinator.id)
        with pytest.raises(Refused):
            deciding.decide(ids[0], is_eligible=False, note="Late.", by=coordinator.id)


def test_an_erased_applicant_leaves_no_reason_behind():
    application_id, _first, override_id = proposed(a_call())
    leaving.forget(PersonErased(session.get(Application, application_id).person_id))
    session.rollback()
    assert session.get(Override, override_id) is None


@pytest.mark.both_engines
def test_the_proposals_of_two_accounts_become_one_persons_but_two_people_stay_two():
    call = a_call()
    gone, stays = staff(call.cohort, "coordinator"), staff(call.cohort, "coordinator")
    numbers = [an_application(call).id for _each in range(3)]
    for number in numbers:
        decide(number, is_eligible=False, note=UNSIGNED, by=gone)
    first, second, third = (queries.open_one(number).id for number in numbers)
    answer(answering.confirm, second, by=stays)
    answer(answering.take_back, third, by=gone)
    merging.merge(PeopleMerged(from_id=gone.id, to_id=stays.id))
    session.rollback()
    kept = [session.get(Override, each) for each in (first, second, third)]
    assert [(each.proposed_by_id, each.answered_by_id, each.state) for each in kept] == [
        (stays.id, None, OverrideState.PROPOSED),
        (gone.id, stays.id, OverrideState.CONFIRMED),
        (stays.id, stays.id, OverrideState.TAKEN_BACK),
    ]


def test_two_people_decide_by_page(client, sign_in_as):
    call = a_call()
    first, application_id = committee(call)[2], an_application(call).id
    second, elsewhere = staff(call.cohort, "coordinator"), committee(a_call("RO"))[2]
    file, room = f"/online_call/files/{application_id}", f"/online_call/rooms/{call.cohort_id}"
    sign_in_as(client, first)
    with clock.frozen(CLOSED):
        assert client.post(file, data={"decision": "rejected", "note": UNSIGNED}).status_code == 303
        page = client.get(file).text
        assert "Your proposal is kept. It waits for a second person" in page
        assert 'name="decision"' not in page
        address = f"/online_call/overrides/{queries.open_one(application_id).id}"
        own = client.get(address).text
        assert ("You have proposed it yourself" in own, 'name="decision"' in own, "Take the proposal back" in own) == (True, False, True)
        assert client.post(address, data={"decision": "confirm", "answer": ""}).status_code == 409
        sign_in_as(client, elsewhere)
        assert [client.get(address).status_code, client.post(address, data={"decision": "confirm"}).status_code] == [404, 404]
        sign_in_as(client, second)
        assert "1 decision waits for a second person" in client.get("/").text
        assert client.post(address, data={"decision": "send-back", "answer": ""}).status_code == 422
        assert client.post(address, data={"decision": "confirm", "answer": "I see it too."}).status_code == 303
        pages = [client.get(each).text for each in (room, f"{room}/overrides", address)]
        history = client.get(file).text.split('id="history"')[1]
    names = [f"{each.given_name} {each.family_name}" for each in (first, second)]
    assert [[name in page for name in names] for page in (*pages, history)] == [[True, True]] * 4
    assert [UNSIGNED in page and "I see it too." in page for page in pages] == [True] * 3
    assert state(application_id) == ("not_eligible", UNSIGNED)


def test_taking_back_by_page(client, sign_in_as):
    application_id, first, override_id = proposed(a_call())
    sign_in_as(client, first)
    with clock.frozen(CLOSED):
        assert client.post(f"/online_call/overrides/{override_id}/take-back").status_code == 303
        assert 'name="decision"' in client.get(f"/online_call/files/{application_id}").text
    assert session.get(Override, override_id).state == "taken_back"


def test_the_list_of_decisions_by_two_costs_the_same_statements_with_many_as_with_few(client, sign_in_as, statements):
    counted = []
    for country, number in (("IT", 2), ("RO", 12)):
        call = a_call(country)
        coordinator = committee(call)[2]
        for _each in range(number):
            decide(an_application(call).id, is_eligible=False, note=UNSIGNED, by=coordinator)
        sign_in_as(client, coordinator)
        with clock.frozen(CLOSED):
            for address in (f"/online_call/rooms/{call.cohort_id}", f"/online_call/rooms/{call.cohort_id}/overrides"):
                client.get(address)
                with statements() as seen:
                    page = client.get(address).text
                counted.append((len(seen), page.count("/online_call/overrides/")))
    few, many = counted[:2], counted[2:]
    assert [each[0] for each in few] == [each[0] for each in many]
    assert [each[1] for each in few + many] == [2, 2, 10, 12]


def test_who_applied_in_the_own_country_is_told_before_that_somebody_else_decides(client, sign_in_as):
    call = a_call(form=a_mendable_form())
    coordinator = committee(call)[2]
    file = f"/online_call/files/{an_application(call, coordinator).id}"
    told, offered = "This is your own application: somebody else decides about it.", ("Keep the decision", "Ask the applicant")
    with clock.frozen(CLOSED):
        for person, is_own in ((coordinator, True), (staff(call.cohort, "coordinator"), False)):
            page = sign_in_as(client, person).get(file).text
            assert (told in page, [text in page for text in offered]) == (is_own, [not is_own] * 2)
