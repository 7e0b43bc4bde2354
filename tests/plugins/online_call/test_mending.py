"""Mending an application: what may be asked for again, once, until when, and what is kept of before."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select

from inspire_lms.contracts.people import PersonErased
from inspire_lms.kernel import audit, clock, files
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Invalid, NotThere, Refused
from inspire_lms.kernel.files import StoredFile
from inspire_lms.kernel.people import erasing
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.applying import opening
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.judging import deciding
from inspire_lms.plugins.online_call.looking import queries as looking
from inspire_lms.plugins.online_call.mending import actions, asking, queries, rules
from inspire_lms.plugins.online_call.mending.models import Earlier, Mending
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering import leaving
from inspire_lms.plugins.online_call.plugin import plugin
from inspire_lms.plugins.online_call.questions import all_questions, form_of
from inspire_lms.plugins.online_call.rules import State
from tests.builders import a_person, words
from tests.plugins.online_call.builders import CLOSED, OPEN, PDF, a_call, a_mendable_form, a_part, an_application, committee, decided

pytestmark = pytest.mark.usefixtures("app")
SECOND = timedelta(seconds=1)
UNTIL = datetime(2026, 12, 17, 11, 0, tzinfo=UTC)
"""Five days after CLOSED, at noon in Rome."""
SENTENCE = "The authorisation cannot be read."


def a_mendable_call(country="IT", **but):
    return a_call(country, form=a_mendable_form(), **but)


def asked(call, *codes, at=CLOSED, **answers):
    """An application that its applicant was asked to mend, and who asked."""
    coordinator, application_id = committee(call)[2], an_application(call, **answers).id
    with clock.frozen(at):
        asking.ask(application_id, codes or ("authorisation",), SENTENCE, by=coordinator.id)
    return session.get(Application, application_id), coordinator


def mend(application, *, at=CLOSED + SECOND, pdf="signed.pdf", by=None, **answers):
    number, by = application.id, by or application.person_id
    uploads = {"authorisation": (BytesIO(PDF + b"\n"), pdf)} if pdf else {}
    with clock.frozen(at):
        actions.mend(number, answers, uploads, by=by)
    session.rollback()


def findings(application_id):
    return {each.rule: each.finding for each in applying.outcomes(application_id)}


@pytest.mark.parametrize(
    ("state", "was_asked", "has_mendable", "may"),
    [
        (State.SUBMITTED, False, True, True),
        (State.SUBMITTED, True, True, False),
        (State.SUBMITTED, False, False, False),
        (State.ELIGIBLE, False, True, False),
        (State.NOT_ELIGIBLE, False, True, False),
        (State.WITHDRAWN, False, True, False),
    ],
)
def test_something_is_asked_for_once_and_before_the_decision(state, was_asked, has_mendable, may):
    assert (rules.why_not_ask(state, was_asked=was_asked, has_mendable=has_mendable) is None) is may


@pytest.mark.parametrize(
    ("state", "mended_at", "at", "may"),
    [
        (State.SUBMITTED, None, UNTIL - SECOND, True),
        (State.SUBMITTED, None, UNTIL, False),
        (State.SUBMITTED, CLOSED, UNTIL - SECOND, False),
        (State.WITHDRAWN, None, UNTIL - SECOND, False),
    ],
)
def test_it_is_mended_until_the_second_of_the_deadline_and_once(state, mended_at, at, may):
    assert (rules.why_not_mend(state, UNTIL, "Europe/Rome", mended_at, at=at) is None) is may


@pytest.mark.parametrize(("mended_at", "at", "waits"), [(None, UNTIL - SECOND, True), (None, UNTIL, False), (CLOSED, UNTIL - SECOND, False)])
def test_the_decision_waits_while_something_may_still_be_mended(mended_at, at, waits):
    assert (rules.why_not_decide_yet(UNTIL, "Europe/Rome", mended_at, at=at) is not None) is waits


@pytest.mark.parametrize(
    ("codes", "sentence", "wrong"),
    [((), SENTENCE, "questions"), (("challenge",), SENTENCE, "questions"), (("employed", "challenge"), SENTENCE, "questions"), (("employed",), " ", "sentence")],
    ids=["nothing", "what brings points", "also what brings points", "no sentence"],
)
def test_only_what_the_call_lets_be_mended_is_asked_for_and_with_a_sentence(codes, sentence, wrong):
    call = a_mendable_call()
    coordinator, application_id = committee(call)[2], an_application(call).id
    with clock.frozen(CLOSED), pytest.raises(Invalid) as invalid:
        asking.ask(application_id, codes, sentence, by=coordinator.id)
    assert list(invalid.value.reasons) == [wrong]


def test_nothing_is_asked_for_before_the_call_has_closed_after_the_decision_or_twice():
    call = a_mendable_call()
    first, coordinator = asked(call)
    other, open_one = an_application(call), an_application(call)
    decided(other, coordinator)
    for application, at in ((first, CLOSED), (first, UNTIL), (other, CLOSED), (open_one, OPEN + timedelta(hours=1))):
        with clock.frozen(at), pytest.raises(Refused):
            asking.ask(application.id, ("authorisation",), SENTENCE, by=coordinator.id)
    assert session.scalar(select(func.count()).select_from(Mending)) == 1


@pytest.mark.parametrize(("country", "until", "said"), [("IT", datetime(2026, 12, 17, 11, tzinfo=UTC), "12:00"), ("GR", datetime(2026, 12, 17, 10, tzinfo=UTC), "12:00")])
def test_the_deadline_stands_in_the_zone_of_the_country(country, until, said, outbox):
    application, _coordinator = asked(a_mendable_call(country))
    mending = queries.mending_of(application.id)
    assert (mending.until, mending.questions, mending.sentence) == (until, ["authorisation"], SENTENCE)
    assert (outbox[-1].to_person, said in outbox[-1].subject, SENTENCE in outbox[-1].text) == (application.person_id, True, True)


@pytest.mark.both_engines
def test_what_is_mended_takes_the_place_of_what_was_there_which_is_kept_and_the_rules_look_anew(outbox):
    call = a_mendable_call()
    application, coordinator = asked(call, "employed", "authorisation", "administration", employed="no", administration="Comune")
    number, old = application.id, applying.attachments(application.id)["authorisation"].file_id
    assert findings(number) == {"employed": "fail", "authorisation": "pass", "address": "pass"}
    mend(application, employed="yes", administration=" Comune  di Prova ")
    kept, mending = session.get(Application, number), queries.mending_of(number)
    assert (kept.answers["employed"], kept.administration, kept.state) == ("yes", "Comune di Prova", "submitted")
    assert findings(number) == {"employed": "pass", "authorisation": "pass", "address": "pass"}
    assert (mending.before, mending.found, mending.mended_at) == (
        {"employed": "no", "administration": "Comune"},
        {"employed": "fail", "authorisation": "pass", "address": "pass"},
        CLOSED + SECOND,
    )
    earlier, now = queries.earlier(mending.id)["authorisation"], applying.attachments(number)["authorisation"]
    assert (earlier.file_id, earlier.name, now.name) == (old, "nulla osta.pdf", "signed.pdf")
    assert (files.fetch(earlier.file_id)[1], files.fetch(now.file_id)[1]) == (PDF, PDF + b"\n")
    assert outbox[-1].subject == f"Your application {kept.protocol_number} is mended"
    assert [line.did for line in audit.about(("application", number))][-2:] == ["online_call.mending-asked", "online_call.mended"]
    with clock.frozen(CLOSED + SECOND):
        assert deciding.decide(number, is_eligible=True, note="", by=coordinator.id) is True


def test_only_what_was_asked_for_is_taken():
    application, _coordinator = asked(a_mendable_call(), "employed", employed="no")
    mend(application, employed="yes", challenge="Better now.", administration="Elsewhere")
    kept = session.get(Application, application.id)
    assert (kept.answers["challenge"], kept.administration) == ("A challenge of our own.", "Comune di Prova")
    assert applying.attachments(kept.id)["authorisation"].name == "nulla osta.pdf"


def test_what_is_mended_must_be_whole_and_nothing_is_kept_before():
    application, _coordinator = asked(a_mendable_call(), "employed", "authorisation")
    number = application.id
    for pdf, answers, wrong in (("signed.pdf", {}, ["employed"]), (None, {"employed": "yes"}, ["authorisation"]), (None, {"employed": "perhaps"}, ["employed", "authorisation"])):
        with pytest.raises(Invalid) as invalid:
            mend(application, pdf=pdf, **answers)
        assert list(invalid.value.reasons) == wrong
    with clock.frozen(CLOSED + SECOND), pytest.raises(Invalid) as invalid:
        actions.mend(number, {"employed": "yes"}, {"authorisation": (BytesIO(b"no pdf"), "letter.pdf")}, by=application.person_id)
    assert list(invalid.value.reasons) == ["authorisation"]
    session.rollback()
    assert (queries.mending_of(number).mended_at, session.scalar(select(func.count()).select_from(Earlier))) == (None, 0)


def test_it_is_mended_by_the_applicant_once_and_in_time():
    call = a_mendable_call()
    application, late = asked(call)[0], asked(call)[0]
    with pytest.raises(NotThere):
        mend(application, by=a_person().id)
    with pytest.raises(NotThere):
        mend(an_application(call))
    mend(application, at=UNTIL - SECOND)
    for each, at in ((application, UNTIL - SECOND), (late, UNTIL)):
        with pytest.raises(Refused):
            mend(each, at=at)


def test_until_the_deadline_nothing_is_decided_and_afterwards_on_what_there_is():
    call = a_mendable_call()
    application, coordinator = asked(call)
    number, call_id = application.id, call.id
    with clock.frozen(UNTIL - SECOND):
        with pytest.raises(Refused):
            deciding.decide(number, is_eligible=True, note="", by=coordinator.id)
        assert deciding.confirm_clear(call_id, by=coordinator.id) == 0
    with clock.frozen(UNTIL):
        assert deciding.confirm_clear(call_id, by=coordinator.id) == 1
    assert session.get(Application, number).state == "eligible"


def test_a_call_from_before_there_was_mending_can_still_be_loaded():
    call = a_call()
    call_id, edition_id, country = call.id, call.cohort.edition_id, call.cohort.country
    an_application(call)
    assert not any("mendable" in question for section in call.form for question in section["questions"])
    opening.load(edition_id, {country: a_part(mend_days=9, reason=words("More time"))}, None)
    assert session.get(Call, call_id).mend_days == 9
    with pytest.raises(Refused):
        opening.load(edition_id, {country: a_part(form=a_mendable_form())}, None)


def test_a_form_remembers_what_may_be_mended():
    call = a_mendable_call()
    assert [each.code for each in all_questions(form_of(call.form)) if each.is_mendable] == ["administration", "employed", "authorisation"]


def test_an_erased_applicant_leaves_neither_answers_nor_files_of_before():
    application, _coordinator = asked(a_mendable_call(), "employed", "authorisation")
    mend(application, employed="yes")
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 2
    leaving.forget(PersonErased(application.person_id))
    session.rollback()
    left = [session.scalar(select(func.count()).select_from(table)) for table in (Mending, Earlier, StoredFile)]
    assert left == [0, 0, 0]


def test_the_applicant_is_handed_out_what_was_asked_for_and_what_was_there_before():
    application, _coordinator = asked(a_mendable_call(), "employed", "authorisation", employed="no")
    mend(application, employed="yes")
    held = erasing.held_about(application.person_id, plugin.privacy)
    [mending], [earlier] = held["online_call_mending"], held["online_call_earlier"]
    assert (mending["before"], mending["sentence"], "asked_by_id" in mending, earlier["name"]) == ({"employed": "no"}, SENTENCE, False, "nulla osta.pdf")


def test_asking_and_mending_by_page(client, sign_in_as):
    call = a_mendable_call()
    coordinator, application = committee(call)[2], an_application(call, employed="no")
    number, applicant = application.id, session.get(Person, application.person_id)
    file, own = f"/online_call/files/{number}", f"/online_call/applications/{number}"
    sign_in_as(client, coordinator)
    with clock.frozen(CLOSED):
        assert f"{file}/mend" in client.get(file).text
        form = client.get(f"{file}/mend").text
        assert ('value="employed"' in form, 'value="challenge"' in form, "17 December 2026, 12:00" in form) == (True, False, True)
        assert client.post(f"{file}/mend", data={"sentence": ""}).status_code == 422
        assert client.post(f"{file}/mend", data={"questions": ["employed", "authorisation"], "sentence": SENTENCE}).status_code == 303
        page = client.get(file).text
        assert ("Can still be mended" in page, 'name="decision"' in page, f'href="{file}/mend"' in page) == (True, False, False)
        sign_in_as(client, applicant)
        home = client.get("/").text
        assert ("Mend your application" in home, f'href="{own}/mend"' in home) == (True, True)
        assert f"{own}/mend" in client.get(own).text
        page = client.get(f"{own}/mend").text
        assert [each in page for each in ('name="employed"', 'name="authorisation"', 'name="challenge"', 'name="administration"', SENTENCE, "17 December 2026, 12:00", "nulla osta.pdf")] == [
            True, True, False, False, True, True, True,
        ]  # fmt: skip
        assert client.post(f"{own}/mend", data={"employed": "yes"}).status_code == 422
        data = {"employed": "yes", "authorisation": (BytesIO(PDF + b"\n"), "signed.pdf")}
        assert client.post(f"{own}/mend", data=data, content_type="multipart/form-data").status_code == 303
        data = {"employed": "no", "authorisation": (BytesIO(PDF), "again.pdf")}
        assert client.post(f"{own}/mend", data=data, content_type="multipart/form-data").status_code == 409
        assert client.get(f"{own}/mend").status_code == 303
        seen = client.get(own).text
        assert "Mend your application" not in client.get("/").text
        assert client.get(f"{file}/before/authorisation").status_code == 403
        own_before = client.get(f"{own}/before/authorisation")
        assert client.get(f"{own}/before/employed").status_code == 404
        sign_in_as(client, a_person())
        assert client.get(f"{own}/before/authorisation").status_code == 404
        sign_in_as(client, coordinator)
        page = client.get(file).text.split('id="mending"')[1].split("</section>")[0]
        before = client.get(f"{file}/before/authorisation")
        assert client.get(f"{file}/before/employed").status_code == 404
        room = client.get(f"/online_call/rooms/{call.cohort_id}").text
        listed = client.get(f"/online_call/rooms/{call.cohort_id}/mendings").text
    assert [each in page for each in ("Mended", "nulla osta.pdf", "signed.pdf", f"{file}/before/authorisation", '<td role="cell" class="as-typed" data-label="Before">No</td>')] == [True] * 5
    fetched = (before.data == PDF, own_before.data == PDF)
    assert ("signed.pdf" in seen, f"{file}/before" in seen, f"{own}/before/authorisation" in seen, *fetched) == (True, False, True, True, True)
    assert ("still open 0, mended 1, not mended in time 0." in room, SENTENCE in listed) == (True, True)
    assert [look.saw_document for look in looking.looks_at(number)] == [True]


def test_another_countrys_coordinator_asks_for_nothing(client, sign_in_as):
    application, _coordinator = asked(a_mendable_call())
    sign_in_as(client, committee(a_call("RO"))[2])
    number = application.id
    assert [client.get(f"/online_call/files/{number}/{each}").status_code for each in ("mend", "before/authorisation")] == [404, 404]


def test_after_the_deadline_the_page_says_that_it_is_over(client, sign_in_as):
    application, _coordinator = asked(a_mendable_call())
    number = application.id
    sign_in_as(client, session.get(Person, application.person_id))
    with clock.frozen(UNTIL):
        page = client.get(f"/online_call/applications/{number}/mend")
        assert (page.status_code, "The time to mend it ended on" in page.text, 'name="authorisation"' in page.text) == (200, True, False)
        assert "Not mended in time" in client.get(f"/online_call/applications/{number}").text


def test_the_public_page_says_beforehand_that_something_may_be_mended(client):
    a_mendable_call("IT", mend_days=4)
    a_call("RO")
    with clock.frozen(OPEN):
        assert ["If something is missing" in client.get(f"/online_call/{country}").text for country in ("it", "ro")] == [True, False]
        assert "You then have 4 days, and can mend it once." in client.get("/online_call/it").text


def test_lists_of_mendings_cost_the_same_statements_with_many_as_with_few(client, sign_in_as, statements):
    counted = []
    for country, number in (("IT", 2), ("RO", 12)):
        call = a_mendable_call(country)
        for _each in range(number):
            _application, coordinator = asked(call)
        sign_in_as(client, coordinator)
        with clock.frozen(CLOSED):
            for address in (f"/online_call/rooms/{call.cohort_id}", f"/online_call/rooms/{call.cohort_id}/mendings"):
                client.get(address)
                with statements() as seen:
                    page = client.get(address).text
                counted.append((len(seen), page.count(SENTENCE)))
    assert [each[0] for each in counted[:2]] == [each[0] for each in counted[2:]]
    assert [each[1] for each in counted] == [0, 2, 0, 12]
