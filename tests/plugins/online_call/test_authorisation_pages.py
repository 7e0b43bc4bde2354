"""The pages of the authorisation: the applicant asks, whoever has the link answers, the coordinator sees it, evaluators do not."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock, i18n, mail
from inspire_lms.kernel.db import session
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.authorising import rules
from inspire_lms.plugins.online_call.models import Application, Review
from tests.builders import a_person
from tests.ground.browsers import overflow
from tests.plugins.online_call.builders import CLOSED, CLOSES, OPEN, committee, decided
from tests.plugins.online_call.superiors import SUPERIOR, a_draft_without_a_file, a_linked_call, answer, ask, request_of, submit
from tests.plugins.webinar.builders import a_group, held, published

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)


def owner(application_id):
    return session.get(Person, session.get(Application, application_id).person_id)


@pytest.fixture
def draft():
    made = a_draft_without_a_file(a_linked_call())
    return SimpleNamespace(id=made.id, person_id=made.person_id, ask=f"/online_call/applications/{made.id}/authorisation/authorisation")


def token_in(outbox):
    return outbox[-1].text.partition("/online_call/authorise/")[2].partition("?")[0]


def test_from_the_draft_to_the_answer_without_a_script(client, sign_in_as, outbox, draft):
    sign_in_as(client, owner(draft.id))
    with clock.frozen(OPEN):
        section = client.get(f"/online_call/applications/{draft.id}/write/motivation")
        # The Enter key presses the first button of a form: that must stay the one that goes on.
        assert [each in section.text.partition("Save and ask your superior")[0] for each in ("Save and continue", "Save and leave")] == [True, True]
        answers = {"challenge": "Kept on the way.", "declaration": "yes", "_then": "ask:authorisation"}
        assert client.post(f"/online_call/applications/{draft.id}/write/motivation", data=answers).location == draft.ask
        assert 'value="it" checked' in client.get(draft.ask).text
        assert client.post(draft.ask, data=SUPERIOR).location == draft.ask
        asked = client.get(draft.ask).text
    assert session.get(Application, draft.id).answers["challenge"] == "Kept on the way."
    for wanted in ("Asked, not answered yet", SUPERIOR["email"], "Monday 30 November 2026, 12:00 (Italian time, CET)"):
        assert wanted in asked
    address = f"/online_call/authorise/{token_in(outbox)}"
    superior = client.application.test_client()
    with clock.frozen(OPEN + DAY):
        for _twice in range(2):
            page = superior.get(f"{address}?language=en")
            assert (page.status_code, request_of(draft.id).state) == (200, "asked")
        for wanted in (owner(draft.id).name, "Comune di Prova", "Pilot course", "16 February 2027", "16 hours", "I authorise it"):
            assert wanted in page.text
        for hidden in ("A challenge of our own.", owner(draft.id).email):
            assert hidden not in page.text
        assert superior.post(address, data={}).status_code == 422
        assert superior.post(address, data={"answer": "give", "note": "Gladly."}).location == address
        done = superior.get(address).text
        assert superior.post(address, data={"answer": "refuse"}).status_code == 409
    assert ("Your answer has arrived." in done, 'name="answer"' in done, request_of(draft.id).state) == (True, False, "given")
    with clock.frozen(OPEN + DAY):
        follow = client.get(f"/online_call/applications/{draft.id}").text
        home = client.get("/").text
    assert ("Authorisation given" in follow, "Gladly." in follow, "Saturday 21 November 2026, 10:00" in follow) == (True, True, True)
    assert "Authorisation given" in home


def test_the_link_lets_in_so_its_page_is_kept_nowhere_and_passed_on_to_nobody(client, draft):
    token = ask(session.get(Application, draft.id))
    with clock.frozen(OPEN):
        headers = client.get(f"/online_call/authorise/{token}").headers
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "noindex" in headers["X-Robots-Tag"]
    assert mail.without_keys(f"http://localhost/online_call/authorise/{token}?language=it") == "http://localhost/online_call/authorise/…?language=it"


@pytest.mark.parametrize("language", ["en", "it", "el", "ro"])
def test_the_page_of_the_superior_speaks_the_language_of_the_mail(client, draft, language):
    token = ask(session.get(Application, draft.id), language=language)
    with clock.frozen(OPEN):
        page = client.get(f"/online_call/authorise/{token}?language={language}").text
    suffix = "" if language == "en" else f" ({language})"
    assert (f'lang="{language}"' in page, f"I authorise it{suffix}" in page) == (True, True)


def test_an_answer_without_the_form_token_changes_nothing(app, client, draft):
    token = ask(session.get(Application, draft.id))
    app.config["WTF_CSRF_ENABLED"] = True
    with clock.frozen(OPEN):
        assert client.post(f"/online_call/authorise/{token}", data={"answer": "give"}).status_code == 400
    assert request_of(draft.id).state == "asked"


@pytest.mark.parametrize("why", ["unknown", "replaced", "expired", "discarded"])
def test_a_dead_link_says_so_and_shows_no_more_than_it_must(client, sign_in_as, draft, why):
    token, at = ask(session.get(Application, draft.id)), OPEN + DAY
    name = owner(draft.id).name
    if why == "unknown":
        token = "x" * 43
    elif why == "replaced":
        ask(session.get(Application, draft.id), at=at)
    elif why == "expired":
        at = CLOSES
    else:
        sign_in_as(client, owner(draft.id))
        with clock.frozen(OPEN):
            client.post(f"/online_call/applications/{draft.id}/discard")
        client = client.application.test_client()
    with clock.frozen(at):
        shown = client.get(f"/online_call/authorise/{token}")
        sent = client.post(f"/online_call/authorise/{token}", data={"answer": "give"})
    if why == "expired":
        assert (shown.status_code, sent.status_code, "can no longer be answered" in shown.text) == (200, 409, True)
    else:
        assert (shown.status_code, sent.status_code, name in shown.text) == (409, 409, False)
        assert "This link no longer works" in shown.text


def test_who_is_signed_in_as_the_applicant_cannot_answer(client, sign_in_as, draft):
    token = ask(session.get(Application, draft.id))
    sign_in_as(client, owner(draft.id))
    with clock.frozen(OPEN):
        answer_ = client.post(f"/online_call/authorise/{token}", data={"answer": "give"})
    assert (answer_.status_code, "Nobody gives an authorisation to oneself." in answer_.text) == (409, True)


def test_what_is_wrong_is_shown_beside_its_field_and_what_was_typed_stays(client, sign_in_as, draft):
    sign_in_as(client, owner(draft.id))
    with clock.frozen(OPEN):
        refused = client.post(draft.ask, data=SUPERIOR | {"name": "See http://spam.example"})
    assert (refused.status_code, "after a full stop comes a space" in refused.text, SUPERIOR["email"] in refused.text) == (422, True, True)


@pytest.mark.parametrize("path", ["authorisation/authorisation", "authorisation/challenge"])
def test_nobody_asks_for_somebody_else_or_where_no_superior_may_answer(client, sign_in_as, draft, path):
    sign_in_as(client, a_person() if path.endswith("authorisation") else owner(draft.id))
    with clock.frozen(OPEN):
        assert client.get(f"/online_call/applications/{draft.id}/{path}").status_code == 404
        assert client.post(f"/online_call/applications/{draft.id}/{path}", data=SUPERIOR).status_code == 404
    assert request_of(draft.id) is None


def test_the_coordinator_sees_who_was_asked_and_what_was_answered_and_an_evaluator_never(client, sign_in_as):
    call = a_linked_call(days=60)
    one, _other, coordinator = committee(call)
    draft = a_draft_without_a_file(call)
    answer(ask(draft), at=OPEN + DAY, note="In the mornings only.")
    application = decided(submit(draft, at=OPEN + DAY), coordinator)
    application_id = application.id
    review = session.scalars(select(Review.id).where(Review.application_id == application_id, Review.evaluator_id == one.id)).one()
    with clock.frozen(CLOSED):
        file = sign_in_as(client, coordinator).get(f"/online_call/files/{application_id}").text
        evaluated = sign_in_as(client, one).get(f"/online_call/reviews/{review}").text
    for wanted in (SUPERIOR["name"], SUPERIOR["email"], "Authorisation given", "In the mornings only.", "Superior asked for the authorisation"):
        assert wanted in file
    for hidden in (SUPERIOR["name"], SUPERIOR["email"], "In the mornings only.", "Authorisation given"):
        assert hidden not in evaluated
    assert ("The superior answers by a link" in evaluated, "No file" in evaluated) == (True, False)


def test_a_submitted_applicant_whose_superior_refuses_reads_it_and_can_ask_again(client, sign_in_as):
    draft = a_draft_without_a_file(a_linked_call())
    application_id, token = draft.id, ask(draft)
    submit(draft)
    answer(token, is_given=False, note="Too few of us.")
    sign_in_as(client, owner(application_id))
    with clock.frozen(OPEN + rules.PAUSE):
        follow = client.get(f"/online_call/applications/{application_id}").text
    assert ("Authorisation refused" in follow, "Too few of us." in follow, "Ask again" in follow) == (True, True, True)
    with clock.frozen(CLOSES + 3 * DAY):
        assert "Ask again" not in client.get(f"/online_call/applications/{application_id}").text


def test_the_hours_of_the_webinars_stand_on_the_page_once_they_are_published(client):
    cohort, coordinator, _trainer, _people = a_group("IT")
    token = ask(a_draft_without_a_file(a_linked_call(cohort=cohort)))
    with clock.frozen(OPEN):
        before = client.get(f"/online_call/authorise/{token}").text
    first = held(published(cohort, coordinator)[0])
    with clock.frozen(OPEN):
        after = client.get(f"/online_call/authorise/{token}").text
    assert ("are not published yet" in before, "are not published yet" in after) == (True, False)
    assert f"{i18n.when(first.starts_at, 'Europe/Rome', 'day')}, {i18n.when(first.starts_at, 'Europe/Rome', 'time')}, 2 hours" in after


def test_the_home_page_costs_one_statement_more_however_many_requests_there_are(client, sign_in_as, statements):
    person = a_person()
    sign_in_as(client, person)
    seen_by_number = []
    for country in ("IT", "GR", "RO"):
        ask(a_draft_without_a_file(a_linked_call(country), person))
        with clock.frozen(OPEN):
            client.get("/")
            with statements() as seen:
                client.get("/")
        seen_by_number.append(sum("online_call_authorisation" in each for each in seen))
    assert seen_by_number == [1, 1, 1]


@pytest.mark.parametrize("language", ["en", "el"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_of_the_authorisation_keeps_anybody_out(open_page, live_server, sign_in_as, axe, language, width):
    live_server.at = OPEN + DAY
    call = a_linked_call("GR")
    draft = a_draft_without_a_file(call)
    token, person, number = ask(draft), owner(draft.id), draft.id
    found = []
    pages = [(None, f"authorise/{token}"), (None, f"authorise/{'x' * 43}")]
    pages += [(person, f"applications/{number}{path}") for path in ("", "/write/motivation", "/check", "/authorisation/authorisation")]
    for reader, address in pages:
        page = open_page(width=width, language=language)
        if reader is not None:
            sign_in_as(page, reader)
        page.goto(f"/online_call/{address}?language={language}")
        found += axe(page)
        if wide := overflow(page):
            found.append(f"{address} is {wide} pixels too wide")
        page.context.close()
    assert found == []


def test_a_superior_answers_by_keyboard_alone(page, live_server):
    live_server.at = OPEN
    draft = a_draft_without_a_file(a_linked_call())
    number, token = draft.id, ask(draft)
    page.goto(f"/online_call/authorise/{token}?language=en")

    def press_until(name):
        for _key in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("(document.activeElement.innerText || document.activeElement.name || '').trim()") == name:
                return
        raise AssertionError(name)

    press_until("answer")
    page.keyboard.press("Space")
    press_until("Send the answer")
    page.keyboard.press("Enter")
    page.get_by_text("Your answer has arrived.").wait_for()
    assert request_of(number).state == "given"
