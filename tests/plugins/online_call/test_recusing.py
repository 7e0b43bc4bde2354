"""Coordinators who are too near to an applicant: somebody else of the country decides, or the administration of the platform."""

import pytest
from sqlalchemy import select

from inspire_lms.contracts.people import PeopleMerged
from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Invalid, Refused
from inspire_lms.plugins.online_call.appealing import answering as appeals
from inspire_lms.plugins.online_call.correcting import actions as correcting
from inspire_lms.plugins.online_call.judging import deciding, replacing, reviewing
from inspire_lms.plugins.online_call.mending import asking
from inspire_lms.plugins.online_call.models import Application, Review
from inspire_lms.plugins.online_call.offering import merging, publishing
from inspire_lms.plugins.online_call.overriding import answering, queries
from inspire_lms.plugins.online_call.recusing import actions as recusing
from inspire_lms.plugins.online_call.recusing import queries as nearness
from inspire_lms.plugins.online_call.recusing.doubts import may_be_same
from inspire_lms.plugins.online_call.recusing.models import Recusal
from tests.builders import a_person, an_administrator, staff
from tests.plugins.online_call.builders import CLOSED, PUBLISHED, a_call, a_mendable_form, an_application, committee, decided, judged
from tests.plugins.online_call.lists import IN_TIME, a_provisional_list, an_appeal
from tests.plugins.online_call.test_judging import works_for

pytestmark = pytest.mark.usefixtures("app")

COLLEAGUE = "You work for the same administration as the applicant: another coordinator of the country decides"
DECLARED = "You have declared a conflict of interest: another coordinator of the country decides"
RELATED = "We are cousins."
ELSEWHERE = "Comune di Altrove"


def refused(reason, deed, *said, **more):
    with pytest.raises(Refused, match=reason):
        deed(*said, **more)


def name_of(person):
    return f"{person.given_name} {person.family_name}"


def test_a_coordinator_decides_about_nobody_of_the_own_administration(client, sign_in_as):
    call = a_call(form=a_mendable_form())
    colleague, other = committee(call)[2], staff(call.cohort, "coordinator")
    works_for(colleague, "COMUNE  DI PROVA")
    works_for(other, ELSEWHERE)
    number = an_application(call).id
    with clock.frozen(CLOSED):
        page = sign_in_as(client, colleague).get(f"/online_call/files/{number}").text
        assert (COLLEAGUE in page, 'name="decision"' in page, "Ask the applicant" in page) == (True, False, False)
        refused(COLLEAGUE, deciding.decide, number, is_eligible=True, note="Seen.", by=colleague.id)
        refused(COLLEAGUE, asking.ask, number, ["authorisation"], "It is not signed.", by=colleague.id)
        deciding.decide(number, is_eligible=True, note="", by=other.id)
    assert session.get(Application, number).state == "eligible"


def test_in_bulk_colleagues_are_left_for_somebody_else_and_the_page_says_how_many(client, sign_in_as):
    call = a_call()
    coordinator = committee(call)[2]
    works_for(coordinator, ELSEWHERE)
    near = [an_application(call, administration="comune di ALTROVE"), an_application(call, coordinator)]
    far = an_application(call)
    ids = [each.id for each in (*near, far)]
    with clock.frozen(CLOSED):
        page = sign_in_as(client, coordinator).get(f"/online_call/rooms/{call.cohort_id}/confirm").text
        assert "1 application would take part" in page
        assert "2 applications are left for somebody else, because you are too near to the applicants." in page
        assert "decided one by one" not in page
        assert deciding.confirm_clear(call.id, by=coordinator.id) == 1
    session.rollback()
    assert [session.get(Application, each).state for each in ids] == ["submitted", "submitted", "eligible"]


def test_the_second_person_is_no_colleague_and_where_none_is_left_the_administration_is_asked(outbox, client, sign_in_as):
    call, administrator = a_call(), an_administrator()
    first, colleague = committee(call)[2], staff(call.cohort, "coordinator")
    works_for(colleague, "Comune di Prova")
    number = an_application(call).id
    before = len(outbox)
    with clock.frozen(CLOSED):
        deciding.decide(number, is_eligible=False, note="Not signed.", by=first.id)
        override_id = queries.open_one(number).id
        assert [mail.to_person for mail in list(outbox)[before:]] == [administrator.id]
        assert COLLEAGUE in sign_in_as(client, colleague).get(f"/online_call/overrides/{override_id}").text
        waiting = client.get(f"/online_call/rooms/{call.cohort_id}/waiting").text
        assert ("The administration of the platform" in waiting, name_of(colleague) in waiting.split("<main")[1]) == (True, False)
        refused(COLLEAGUE, answering.confirm, override_id, by=colleague.id)
        refused(COLLEAGUE, answering.send_back, override_id, "No.", by=colleague.id)
        answering.confirm(override_id, by=administrator.id)
    assert session.get(Application, number).state == "not_eligible"


def test_a_colleague_does_not_answer_an_appeal_and_is_not_asked_to(outbox):
    call, (own,), coordinator = a_provisional_list([80])
    colleague, before = staff(call.cohort, "coordinator"), len(outbox)
    works_for(colleague, "Comune di Prova")
    appeal = an_appeal(own)
    assert [mail.to_person for mail in list(outbox)[before:]] == [own.person_id, coordinator.id]
    with clock.frozen(IN_TIME):
        assert COLLEAGUE in str(appeals.why_not(appeal, colleague.id))
        refused(COLLEAGUE, appeals.answer, appeal.id, is_upheld=False, words="No.", by=colleague.id)
        appeals.answer(appeal.id, is_upheld=False, words="It was read.", by=coordinator.id)


def test_a_colleague_neither_proposes_nor_confirms_a_correction():
    call = a_call()
    (number,), coordinator = judged(call, [80])
    colleague, other = (staff(call.cohort, "coordinator") for _each in range(2))
    works_for(colleague, "Comune di Prova")
    with clock.frozen(PUBLISHED):
        publishing.publish(call.id, by=coordinator.id)
        refused(COLLEAGUE, correcting.propose, number, "A court says so.", by=colleague.id)
        correction = correcting.propose(number, "A court says so.", by=coordinator.id)
        refused(COLLEAGUE, correcting.confirm, correction.id, by=colleague.id)
        correcting.confirm(correction.id, by=other.id)
    assert correction.state == "reopened"


def test_who_declares_a_conflict_decides_nothing_from_then_on_and_only_the_minutes_say_what_it_is(client, sign_in_as):
    call = a_call()
    first, other = committee(call)[2], staff(call.cohort, "coordinator")
    application = an_application(call)
    number, code, call_id = application.id, application.protocol_number, call.id
    file, address = f"/online_call/files/{number}", f"/online_call/files/{number}/conflict"
    with clock.frozen(CLOSED):
        assert address in sign_in_as(client, first).get(file).text
        assert client.post(address, data={"note": " "}).status_code == 422
        assert client.post(address, data={"note": RELATED}).status_code == 303
        own, others = client.get(file).text, sign_in_as(client, other).get(file).text
        assert (DECLARED in own, 'name="decision"' in own, address in own) == (True, False, False)
        assert ('name="decision"' in others, address in others) == (True, True)
        part = others.split('id="conflicts"')[1].split('id="evaluators"')[0]
        assert (name_of(first) in part, "Conflict of interest declared" in part, RELATED in own + others) == (True, True, False)
        refused(DECLARED, deciding.decide, number, is_eligible=True, note="Seen.", by=first.id)
        assert deciding.confirm_clear(call_id, by=first.id) == 0
        refused("already", recusing.declare, number, RELATED, by=first.id)
        assert sign_in_as(client, staff(a_call("RO").cohort, "coordinator")).get(address).status_code == 404
        deciding.decide(number, is_eligible=True, note="", by=other.id)
    assert nearness.of_call(call_id) == [{"person": first.id, "number": code, "what": RELATED}]
    line = next(each for each in audit.about(("application", number)) if each.did == "online_call.recused")
    assert (line.by_id, line.after, line.about_id) == (first.id, None, None)


def test_a_declaration_needs_words_and_is_not_about_oneself():
    call = a_call()
    coordinator = committee(call)[2]
    with pytest.raises(Invalid) as invalid:
        recusing.declare(an_application(call).id, " ", by=coordinator.id)
    assert list(invalid.value.reasons) == ["note"]
    refused("your own application", recusing.declare, an_application(call, coordinator).id, RELATED, by=coordinator.id)


def test_who_declares_it_steps_back_as_evaluator_and_who_has_stepped_back_does_not_decide():
    call = a_call()
    one, other, coordinator = committee(call)
    number = decided(an_application(call), coordinator).id
    with clock.frozen(CLOSED):
        review = session.scalars(select(Review).where(Review.application_id == number, Review.evaluator_id == other.id)).one()
        replacing.take_back(review.id, "Ill.", by=coordinator.id)
        reviewing.ask(number, coordinator.id, by=coordinator.id)
        recusing.declare(number, RELATED, by=coordinator.id)
        kept = {each.evaluator_id: each.state for each in session.scalars(select(Review).where(Review.application_id == number))}
        assert kept == {one.id: "asked", coordinator.id: "conflict", other.id: "asked"}
        reviewing.declare_conflict(next(each.id for each in session.scalars(select(Review)) if each.evaluator_id == one.id), RELATED, by=one.id)
        asked = session.scalars(select(Review.id).where(Review.evaluator_id == other.id)).one()
        refused(DECLARED, replacing.take_back, asked, "Ill.", by=coordinator.id)
        refused(DECLARED, reviewing.ask, number, other.id, by=coordinator.id)
    assert DECLARED in str(nearness.why_not(session.get(Application, number), one.id))


def test_of_two_accounts_of_a_coordinator_each_declaration_goes_over_once():
    call = a_call()
    one, twin = (staff(call.cohort, "coordinator") for _each in range(2))
    both, single = (an_application(call, a_person()).id for _each in range(2))
    for number, person in ((both, one), (both, twin), (single, twin)):
        recusing.declare(number, RELATED, by=person.id)
    merging.merge(PeopleMerged(from_id=twin.id, to_id=one.id))
    rows = session.execute(select(Recusal.application_id, Recusal.person_id).order_by(Recusal.application_id)).all()
    assert rows == [(both, one.id), (single, one.id)]


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        ("Comune di Prova", "Comune di Prova – Settore Bilancio", True),
        ("COMUNE DI PROVA, Settore Bilancio", "comune di prova", True),
        ("Comune di Prova", "comune di  PROVA", False),
        ("Comune di Prova", "Comune di Provaglio", False),
        ("Comune di Prova", "Comune di Altrove", False),
        ("Δήμος Αθηναίων", "ΔΗΜΟΣ ΑΘΗΝΑΙΩΝ (Οικονομική Υπηρεσία)", True),
        ("Primăria Cluj", "Primaria Cluj - Buget", True),
        ("", "Comune di Prova", False),
        ("–", "Comune di Prova", False),
    ],
)
def test_a_part_of_an_administration_is_a_doubt_and_the_same_one_is_none(one, other, may):
    assert (may_be_same(one, other), may_be_same(other, one)) == (may, may)


def test_who_has_not_said_for_whom_they_work_waits_is_named_and_is_asked_for_it(client, sign_in_as):
    call = a_call()
    silent, part, coordinator = committee(call)
    works_for(part, "Comune di Prova – Settore Bilancio")
    works_for(coordinator, ELSEWHERE)
    number = decided(an_application(call), coordinator).id
    room, sentence = f"/online_call/rooms/{call.cohort_id}", "1 member of the committee has not said for which administration they work"
    with clock.frozen(CLOSED):
        waiting, file = sign_in_as(client, coordinator).get(f"{room}/waiting").text, client.get(f"/online_call/files/{number}").text
        address = f"{room}/waiting/administrations"
        named = client.get(address).text.split("<main")[1]
        assert (sentence in waiting, f'href="{address}"' in waiting) == (True, True)
        assert [name_of(each) in named for each in (silent, part, coordinator)] == [True, False, False]
        doubts = file.split("Look whether they are colleagues")[1].split("</ul>")[0]
        assert f"{name_of(part)} works for “Comune di Prova – Settore Bilancio”" in doubts
        assert f"so that a colleague is not found: {name_of(silent)}" in doubts
        asks = [sign_in_as(client, each).get("/online_call/reviews").text for each in (silent, part)]
        assert ["/profile/work" in each.split("<main")[1] for each in asks] == [True, False]
        works_for(silent, ELSEWHERE)
        assert "has not said for which administration" not in sign_in_as(client, coordinator).get(f"{room}/waiting").text
