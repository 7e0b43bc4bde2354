"""A draft with questions that depend on others, on several devices, as the committee will see it, and reminded of."""

import re
from dataclasses import replace
from html import unescape
from io import BytesIO

import pytest
from sqlalchemy import select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import NotThere, Refused
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.applying import actions, queries
from inspire_lms.plugins.online_call.drafting import consents
from inspire_lms.plugins.online_call.eligibility import Check
from inspire_lms.plugins.online_call.judging import deciding
from inspire_lms.plugins.online_call.mending import queries as mendings
from inspire_lms.plugins.online_call.models import Application, Outcome, Review
from inspire_lms.plugins.online_call.offering import leaving
from tests.builders import a_person
from tests.plugins.online_call.builders import (
    ANSWERS,
    BRANCHED,
    CLOSED,
    CLOSES,
    OPEN,
    PDF,
    a_branching_form,
    a_call,
    a_draft,
    a_rule,
    an_application,
    committee,
    decided,
)
from tests.plugins.online_call.papers import COLUMNS, a_row, a_table, tried

pytestmark = pytest.mark.usefixtures("app")

RULES = (a_rule("mayor", Check.ONE_OF, "mayor", "yes"), a_rule("plan", Check.ATTACHED, "plan"))


def stored(application_id):
    session.rollback()
    return session.get(Application, application_id)


def owner(application):
    return session.get(Person, application.person_id)


def text_of(answer):
    return " ".join(unescape(re.sub("<[^>]+>", " ", answer.text)).split())


def write(draft_id, section):
    return f"/online_call/applications/{draft_id}/write/{section}"


WORK = {"administration": "Comune di Prova", "employed": "yes", "since_day": "1", "since_month": "3", "since_year": "2019"}


class TestQuestionsThatDependOnOthers:
    """Without scripts: what is saved decides what is asked."""

    @pytest.fixture
    def draft(self, client, sign_in_as):
        draft = a_draft(a_call(form=a_branching_form()), body="state", since="2019-03-01")
        sign_in_as(client, owner(draft))
        with clock.frozen(OPEN):
            yield draft.id

    def test_what_an_answer_brings_is_shown_before_one_goes_on(self, client, draft):
        page = client.get(write(draft, "work")).text
        assert re.search(r'data-when="body" data-is="other" hidden>', page)
        answer = client.post(write(draft, "work"), data=WORK | {"body": "other"})
        assert answer.location.endswith("/write/work#f-which")
        page = client.get(write(draft, "work")).text
        assert re.search(r'data-when="body" data-is="other">', page)
        assert client.post(write(draft, "work"), data=WORK | {"body": "other", "which": "A park"}).location.endswith("/write/motivation")
        assert stored(draft).answers["since"] == "2019-03-01"

    def test_a_section_that_is_asked_is_a_step_and_one_that_is_not_cannot_be_opened(self, client, draft):
        assert client.get(write(draft, "town")).status_code == 303
        assert "Your town" not in client.get(write(draft, "work")).text
        assert client.post(write(draft, "work"), data=WORK | {"body": "town"}).location.endswith("/write/town")
        assert "Your town" in client.get(write(draft, "town")).text

    def test_what_is_not_asked_in_the_end_stays_in_the_draft_and_is_dropped_on_submission_and_told(self, client, draft, outbox):
        actions.save(draft, {"body": "town", "mayor": "no", "why": "A reason of old."}, by=stored(draft).person_id)
        actions.attach(draft, "plan", BytesIO(PDF), "plan.pdf", by=stored(draft).person_id)
        actions.save(draft, {"body": "state"}, by=stored(draft).person_id)
        for page in ("", "/check", "/preview"):
            shown = text_of(client.get(f"/online_call/applications/{draft}{page}"))
            assert "What you wrote there stays in the draft and is deleted when you submit: The mayor The plan The why" in shown
            assert "A reason of old." not in shown
        assert client.post(f"/online_call/applications/{draft}/check").status_code == 303
        kept = stored(draft)
        assert kept.answers == ANSWERS | BRANCHED
        assert set(queries.attachments(draft)) == {"authorisation"}
        assert "Not kept, since it is not asked after your other answers: The mayor; The plan; The why" in outbox[-1].text
        assert "Friday 1 March 2019" in outbox[-1].text

    def test_a_day_that_does_not_exist_is_said_in_words_and_stays_as_typed(self, client, draft):
        answer = client.post(write(draft, "work"), data=WORK | {"body": "state", "since_day": "31", "since_month": "4"})
        assert answer.status_code == 422
        assert "The date 31/4/2019 does not exist." in text_of(answer)
        assert 'name="since_day" value="31"' in answer.text
        assert stored(draft).answers["since"] == "2019-03-01"

    def test_how_far_each_section_is_stands_there_in_words(self, client, draft):
        actions.save(draft, {"body": "town", "declaration": False}, by=stored(draft).person_id)
        shown = text_of(client.get(f"/online_call/applications/{draft}"))
        assert "Your work 4 of 4 needed answers Your town 0 of 1 needed answer Motivation 2 of 3 needed answers" in shown


def test_the_file_says_that_a_rule_looks_at_what_was_not_asked(client, sign_in_as):
    call = a_call(form=a_branching_form(), eligibility=RULES)
    application = an_application(call, **BRANCHED)
    assert [each.finding for each in session.scalars(select(Outcome).where(Outcome.application_id == application.id))] == ["unknown", "unknown"]
    sign_in_as(client, committee(call)[2])
    with clock.frozen(CLOSED):
        shown = text_of(client.get(f"/online_call/files/{application.id}"))
    assert shown.count("Not asked after the other answers: please look") == 2
    assert "The mayor" not in shown


def test_only_what_was_asked_can_be_asked_for_again():
    form = tuple(replace(each, questions=tuple(replace(one, is_mendable=one.code in {"since", "which"}) for one in each.questions)) for each in a_branching_form())
    call = a_call(form=form)
    state, other = an_application(call, **BRANCHED), an_application(call, **BRANCHED | {"body": "other", "which": "A park"})
    assert [[one.code for one in mendings.mendable(each)] for each in (state, other)] == [["since"], ["which", "since"]]


def test_on_paper_only_what_is_asked_is_needed_and_only_that_is_taken():
    from inspire_lms.plugins.online_call.importing import actions as importing

    call = a_call(form=a_branching_form())
    coordinator, call_id = committee(call)[2].id, call.id
    columns = (*COLUMNS, "body", "which", "since", "mayor", "plan", "why", "letters")
    rows = (
        a_row(1, body="state", since="1.3.2019", letters="yes"),
        a_row(2, body="state", since="2019-02-30", which="A park"),
        a_row(3, body="town", since="2019-03-01", mayor="no"),
        a_row(4, body="town", since="2019-03-01 00:00:00", mayor="yes"),
    )
    with clock.frozen(CLOSED):
        import_id = importing.read(call_id, BytesIO(a_table(*rows, columns=columns)), "table.csv", by=coordinator)
    found = [(each.row, each.column, str(each.reason)) for each in tried(import_id).wrong]
    assert found == [
        (3, "M (which)", "This is not asked after the other answers: leave it empty."),
        (3, "N (since)", "The date 2019-02-30 does not exist."),
        (4, "Q (why)", "Write an answer."),
    ]
    with clock.frozen(CLOSED):
        again = importing.read(call_id, BytesIO(a_table(rows[0], rows[3], columns=columns)), "table.csv", by=coordinator)
        importing.confirm(again, "On paper.", by=coordinator)
    kept = [each.answers for each in session.scalars(select(Application).order_by(Application.id))]
    assert [(each["since"], each.get("letters"), each.get("mayor"), "which" in each) for each in kept] == [
        ("2019-03-01", True, None, False), ("2019-03-01", False, "yes", False),
    ]  # fmt: skip


class TestSeveralDevices:
    """What one device has seen is not written over by it when another has changed it since."""

    @pytest.fixture
    def draft(self, client, sign_in_as):
        draft = a_draft(a_call(form=a_branching_form()), **BRANCHED)
        sign_in_as(client, owner(draft))
        with clock.frozen(OPEN):
            yield draft.id

    def version(self, client, draft, section):
        return re.search('name="_version" value="([^"]*)"', client.get(write(draft, section)).text)[1]

    def autosave(self, client, draft, section, version, **data):
        return client.post(
            f"/online_call/applications/{draft}/save/{section}", data=data | {"_changed": list(data), "_version": version}, headers={"Accept": "application/json"}
        )

    def test_different_answers_from_two_devices_are_both_kept(self, client, draft):
        one = two = self.version(client, draft, "motivation")
        first = self.autosave(client, draft, "motivation", one, challenge="From the desk")
        second = self.autosave(client, draft, "motivation", two, adjustments="From the train")
        third = self.autosave(client, draft, "motivation", first.json["version"], challenge="From the desk, longer")
        assert [each.status_code for each in (first, second, third)] == [200, 200, 200]
        kept = stored(draft).answers
        assert (kept["challenge"], kept["adjustments"]) == ("From the desk, longer", "From the train")

    def test_the_same_answer_from_two_devices_is_held_back_and_the_others_of_the_same_save_are_kept(self, client, draft):
        version = self.version(client, draft, "work")
        actions.save(draft, {"administration": "From the desk"}, by=stored(draft).person_id)
        answer = self.autosave(client, draft, "work", version, administration="From the train", since_day="2", since_month="4", since_year="2020")
        assert (answer.status_code, answer.json["elsewhere"]) == (409, True)
        kept = stored(draft).answers
        assert (kept["administration"], kept["since"]) == ("From the desk", "2020-04-02")
        again = self.autosave(client, draft, "work", answer.json["version"], administration="From the train")
        assert again.status_code == 409, "still held back"

    def test_without_scripts_both_texts_are_shown_and_the_person_chooses(self, client, draft):
        version = self.version(client, draft, "motivation")
        actions.save(draft, {"challenge": "First line\n<b>from the desk</b>"}, by=stored(draft).person_id)
        sent = {"challenge": "First line\r\n<i>from the train</i>", "adjustments": "Captions", "declaration": "yes", "_version": version}
        answer = client.post(write(draft, "motivation"), data=sent)
        assert answer.status_code == 409
        assert stored(draft).answers["adjustments"] == "Captions", "what is not in dispute is kept"
        for shown in ("<b>from the desk</b>", "<i>from the train</i>"):
            assert shown in unescape(answer.text)
            assert shown not in answer.text
        carried = {name: unescape(value) for name, value in re.findall('<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text) if name != "_token"}
        address = f"/online_call/applications/{draft}/both/motivation"
        unsure = client.post(address, data=carried)
        assert (unsure.status_code, "Choose one." in unsure.text) == (422, True)
        assert "from the train" in unsure.text
        chosen = client.post(address, data=carried | {"keep-challenge": "mine"})
        assert chosen.location.endswith("/check")
        assert stored(draft).answers["challenge"] == "First line\n<i>from the train</i>"

    def test_whoever_keeps_what_is_stored_changes_nothing_and_a_third_device_is_asked_about_once_more(self, client, draft):
        by, version = stored(draft).person_id, self.version(client, draft, "work")
        actions.save(draft, {"administration": "From the desk", "since": "2020-01-01"}, by=by)
        sent = WORK | {"administration": "From the train", "body": "state", "_version": version, "_then": "stay"}
        page = client.post(write(draft, "work"), data=sent).text
        carried = {name: unescape(value) for name, value in re.findall('<input type="hidden" name="([^"]+)" value="([^"]*)">', page) if name not in {"_token", "_both"}}
        carried |= {"_both": ["administration"]}
        assert "keep-since" not in page, "the day was changed there and not here: nothing is in dispute"
        assert stored(draft).answers["since"] == "2020-01-01"
        stored_one = client.post(f"/online_call/applications/{draft}/both/work", data=carried | {"keep-administration": "stored"})
        assert stored_one.location.endswith(f"/applications/{draft}")
        assert stored(draft).answers["administration"] == "From the desk"
        actions.save(draft, {"administration": "From the phone"}, by=by)
        third = client.post(f"/online_call/applications/{draft}/both/work", data=carried | {"keep-administration": "mine"})
        assert (third.status_code, "From the phone" in third.text, "From the train" in third.text) == (409, True, True)
        assert stored(draft).answers["administration"] == "From the phone"

    def test_after_the_deadline_nothing_is_chosen_any_more(self, client, draft):
        with clock.frozen(CLOSES):
            late = client.post(f"/online_call/applications/{draft}/both/work", data={"_both": "administration", "administration": "Late", "keep-administration": "mine"})
        assert late.status_code == 409
        assert stored(draft).answers["administration"] == "Comune di Prova"

    def test_a_save_costs_few_statements_and_says_how_far_the_section_is(self, client, draft, statements):
        version = self.version(client, draft, "work")
        with statements() as seen:
            answer = self.autosave(client, draft, "work", version, administration="")
        assert len(seen) <= 4, seen
        assert answer.json["progress"] == "3 of 4 needed answers"


class TestPreview:
    """The applicant sees beforehand what evaluators will be shown."""

    def test_it_is_word_for_word_what_an_evaluator_reads(self, client, sign_in_as):
        call = a_call()
        draft = a_draft(call, adjustments="A ramp, please")
        sign_in_as(client, owner(draft))

        def copied(page, heading):
            return re.findall('<dl class="list long">.*?</dl>', page.text.split(heading)[0], flags=re.DOTALL)

        with clock.frozen(OPEN):
            preview = client.get(f"/online_call/applications/{draft.id}/preview")
            actions.submit(draft.id, by=draft.person_id)
        one, _other, coordinator = committee(call)
        decided(stored(draft.id), coordinator)
        review = session.scalars(select(Review.id).where(Review.evaluator_id == one.id)).one()
        sign_in_as(client, one)
        with clock.frozen(CLOSED):
            seen = client.get(f"/online_call/reviews/{review}")
        assert copied(preview, 'id="apart"') == copied(seen, 'id="points"') != []
        assert "A ramp, please" in preview.text.split('id="apart"')[1]

    def test_nobody_else_sees_it(self, client, sign_in_as):
        draft = a_draft(a_call())
        sign_in_as(client, a_person())
        assert client.get(f"/online_call/applications/{draft.id}/preview").status_code == 404


def test_what_somebody_needs_to_take_part_reaches_the_coordinator_of_the_country_and_nobody_else(client, sign_in_as, outbox):
    call, elsewhere = a_call("IT"), a_call("GR")
    application = an_application(call, adjustments="A ramp, please")
    one, _other, coordinator = committee(call)
    decided(application, coordinator)
    review = session.scalars(select(Review.id).where(Review.evaluator_id == one.id)).one()
    cohort, number = call.cohort_id, application.id
    pages = [f"/online_call/files/{number}", f"/online_call/reviews/{review}", f"/online_call/rooms/{cohort}/export.csv", f"/online_call/rooms/{cohort}", f"/online_call/rooms/{cohort}/applications"]
    reading = {}
    for who, person in {"coordinator": coordinator, "evaluator": one, "coordinator elsewhere": committee(elsewhere)[2], "stranger": a_person()}.items():
        sign_in_as(client, person)
        with clock.frozen(CLOSED):
            reading[who] = [address for address in pages if "A ramp" in client.get(address).text]
    assert reading == {"coordinator": [pages[0]], "evaluator": [], "coordinator elsewhere": [], "stranger": []}
    assert not [mail.subject for mail in outbox if "A ramp" in mail.text + mail.html]
    assert "What only the coordinator reads is not repeated in this mail" in outbox[0].text


def test_the_public_page_lists_what_no_form_asks_for(client):
    a_call("IT")
    with clock.frozen(OPEN):
        shown = text_of(client.get("/online_call/it"))
    for wanted in ("a national identification or tax number", "an identity document", "a photograph", "details about health or a disability", "the age, or the date or place of birth", "only the coordinator of Italy reads it"):
        assert wanted in shown


class TestConsent:
    """A consent is free, and taken back as easily as given."""

    @pytest.fixture
    def sent(self, app):
        return an_application(a_call(form=a_branching_form()), **BRANCHED, letters=True)

    def test_it_is_taken_back_with_one_button_as_long_as_the_application_lives(self, client, sign_in_as, sent):
        number = sent.id
        sign_in_as(client, owner(sent))
        assert "The letters Consent given" in text_of(client.get(f"/online_call/applications/{number}"))
        for _time in range(2):
            with clock.frozen(CLOSED):
                assert client.post(f"/online_call/applications/{number}/consents/letters/take-back").status_code == 303
        shown = text_of(client.get(f"/online_call/applications/{number}"))
        assert "The letters Consent taken back" in shown
        assert "Take the consent back" not in shown
        assert [line.did for line in audit.about(("application", number))].count(consents.DID_TAKE_BACK) == 1

    def test_the_coordinator_reads_when_it_was_taken_back(self, client, sign_in_as, sent):
        coordinator = committee(sent.call)[2]
        consents.take_back(sent.id, "letters", by=sent.person_id)
        sign_in_as(client, coordinator)
        shown = text_of(client.get(f"/online_call/files/{sent.id}"))
        assert ("The letters Consent taken back" in shown, "Consent taken back" in shown) == (True, True)

    def test_only_the_own_consents_are_taken_back_and_only_those_that_were_given(self, sent):
        number, by = sent.id, sent.person_id
        for wrong in ((number, "letters", a_person().id), (number, "declaration", by), (number, "nothing", by)):
            with pytest.raises(NotThere):
                consents.take_back(wrong[0], wrong[1], by=wrong[2])
        never = an_application(sent.call, **BRANCHED)
        with pytest.raises(Refused, match="was not given"):
            consents.take_back(never.id, "letters", by=never.person_id)

    def test_it_can_be_taken_back_of_a_rejected_and_of_a_withdrawn_application_too(self, sent):
        number, by, coordinator = sent.id, sent.person_id, committee(sent.call)[2].id
        other = an_application(sent.call, **BRANCHED, letters=True)
        with clock.frozen(CLOSED):
            deciding.decide(number, is_eligible=True, note="Seen.", by=coordinator)
            leaving.withdraw(other.id, by=other.person_id)
        consents.take_back(number, "letters", by=by)
        consents.take_back(other.id, "letters", by=other.person_id)
        assert [stored(each).answers["letters"] for each in (number, other.id)] == ["taken-back", "taken-back"]
