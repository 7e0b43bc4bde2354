"""The pages, as a visitor and an applicant see them."""

from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.applying import queries
from inspire_lms.plugins.online_call.models import Application
from tests.builders import a_person
from tests.plugins.online_call.builders import CLOSES, OPEN, OPENS, PDF, PUBLISHED, a_call, a_draft, a_selection, an_application, standings

pytestmark = pytest.mark.usefixtures("app")
LATER = PUBLISHED + timedelta(days=1)


def owner(application):
    return session.get(Person, application.person_id)


def stored(application_id):
    session.rollback()
    return session.get(Application, application_id)


@pytest.mark.parametrize("language", ["en", "it", "el", "ro"])
def test_the_call_states_seats_criteria_dates_conditions_and_tie_break(client, language):
    a_call("GR", seats=7)
    with clock.frozen(OPEN):
        text = client.get(f"/online_call/gr?language={language}").text
    suffix = "" if language == "en" else f" ({language})"
    for wanted in (f"20 places{suffix}", f"Motivation{suffix}", f"Condition employed{suffix}", f"Your authorisation{suffix}", "a seed", "13:00", "EET"):
        assert wanted in text
    assert f'lang="{language}"' in text


@pytest.mark.parametrize(
    ("at", "may_begin"), [(OPENS - timedelta(seconds=1), False), (OPENS, True), (CLOSES - timedelta(seconds=1), True), (CLOSES, False)]
)
def test_the_page_opens_and_closes_by_itself(client, at, may_begin):
    a_call()
    with clock.frozen(at):
        assert ("/online_call/it/apply" in client.get("/online_call/it").text) is may_begin


@pytest.mark.parametrize("address", ["/online_call/xx", "/online_call/IT", "/online_call/it/result", "/online_call/it/apply", "/online_call/rooms/99"])
def test_there_is_no_page_for_a_country_without_a_call(client, address):
    assert client.get(address).status_code in {303, 404}


def test_a_visitor_who_has_the_page_gets_it_again_only_when_it_changed(client):
    a_call()
    with clock.frozen(OPEN):
        tag = client.get("/online_call/it").headers["ETag"]
        assert client.get("/online_call/it", headers={"If-None-Match": tag}).status_code == 304
        assert client.get("/online_call/it?language=ro", headers={"If-None-Match": tag}).status_code == 200
    with clock.frozen(CLOSES):
        assert client.get("/online_call/it", headers={"If-None-Match": tag}).status_code == 200


def test_from_the_first_page_to_the_receipt_without_a_script(client, sign_in_as, outbox):
    a_call()
    sign_in_as(client, a_person())
    with clock.frozen(OPEN):
        assert "Your authorisation" in client.get("/online_call/it/apply").text
        work = client.post("/online_call/it/apply").location
        motivation = client.post(work, data={"administration": "Comune di <b>Prova</b>", "employed": "yes"}).location
        answers = {"challenge": "First line\r\nsecond line", "declaration": "yes", "authorisation": (BytesIO(PDF), "Nulla osta.pdf")}
        check = client.post(motivation, data=answers, content_type="multipart/form-data").location
        assert "Comune di &lt;b&gt;Prova&lt;/b&gt;" in client.get(check).text
        follow = client.post(check).location
        page = client.get(follow).text
    assert "INSPIREPA-IT-2026-000001" in page
    assert "Comune di &lt;b&gt;Prova&lt;/b&gt;" in page
    assert "20 November 2026, 10:00:00 (Italian time, CET)" in page
    assert [mail.subject for mail in outbox] == ["Your application INSPIREPA-IT-2026-000001 has arrived"]


def test_what_is_missing_is_listed_with_the_way_to_it(client, sign_in_as):
    draft = a_draft(a_call(), employed=None)
    sign_in_as(client, owner(draft))
    with clock.frozen(OPEN):
        page = client.get(f"/online_call/applications/{draft.id}/check").text
        assert f"/online_call/applications/{draft.id}/write/work#f-employed" in page
        assert client.post(f"/online_call/applications/{draft.id}/check").status_code == 422
    assert stored(draft.id).state == "draft"


def test_a_minute_late_the_page_says_deadline_and_server_time_in_the_zone_and_keeps_the_draft(client, sign_in_as):
    draft = a_draft(a_call())
    sign_in_as(client, owner(draft))
    with clock.frozen(CLOSES + timedelta(minutes=1)):
        answer = client.post(f"/online_call/applications/{draft.id}/check")
    assert answer.status_code == 409
    assert "Friday 11 December 2026, 12:00 (Italian time, CET)" in answer.text
    assert "it is 11 December 2026, 12:01:00 (Italian time, CET)" in answer.text
    assert stored(draft.id).answers["challenge"] == "A challenge of our own."


class TestSavingAsOneTypes:
    @pytest.fixture
    def draft(self, client, sign_in_as):
        draft = a_draft(a_call())
        sign_in_as(client, owner(draft))
        return SimpleNamespace(id=draft.id)

    def save(self, client, draft, at=OPEN, **data):
        with clock.frozen(at):
            return client.post(f"/online_call/applications/{draft.id}/save/motivation", data=data, headers={"Accept": "application/json"})

    def test_what_is_typed_is_saved_and_the_time_is_told(self, client, draft):
        answer = self.save(client, draft, challenge="Half a sen", _changed="challenge")
        assert (answer.status_code, answer.json["saved_at"], answer.json["at"]) == (200, OPEN.isoformat(), "10:00:00")
        assert stored(draft.id).answers["challenge"] == "Half a sen"

    def test_what_is_too_long_is_told_and_what_was_saved_before_stays(self, client, draft):
        answer = self.save(client, draft, challenge="x" * 201, _changed="challenge")
        assert answer.status_code == 422
        assert list(answer.json["errors"]) == ["f-challenge"]
        assert stored(draft.id).answers["challenge"] == "A challenge of our own."

    def test_after_the_deadline_it_says_so(self, client, draft):
        answer = self.save(client, draft, at=CLOSES, challenge="Late", _changed="challenge")
        assert answer.status_code == 409
        assert "12:00 (Italian time, CET)" in answer.json["message"]

    def test_a_window_left_open_elsewhere_writes_over_nothing(self, client, draft):
        version = self.save(client, draft, challenge="Newer", _changed="challenge").json["version"]
        old = self.save(client, draft, challenge="Older", _changed="challenge", _version="0000000000000000")
        assert (old.status_code, old.json["elsewhere"]) == (409, True)
        assert self.save(client, draft, challenge="Newest", _changed="challenge", _version=version).status_code == 200
        assert stored(draft.id).answers["challenge"] == "Newest"

    def test_it_costs_few_statements(self, client, draft, statements):
        self.save(client, draft, challenge="Once", _changed="challenge")
        with statements() as seen:
            self.save(client, draft, challenge="Quick", _changed="challenge")
        assert len(seen) <= 5, seen


def test_a_file_that_is_no_pdf_is_refused_beside_its_field(client, sign_in_as):
    draft = a_draft(a_call())
    sign_in_as(client, owner(draft))
    with clock.frozen(OPEN):
        data = {"challenge": "Kept all the same.", "authorisation": (BytesIO(b"PK\x03\x04 something"), "a.pdf")}
        answer = client.post(f"/online_call/applications/{draft.id}/write/motivation", data=data, content_type="multipart/form-data")
        kept = client.get(f"/online_call/applications/{draft.id}/files/authorisation")
    assert answer.status_code == 422
    assert "not a PDF file" in answer.text
    assert stored(draft.id).answers["challenge"] == "Kept all the same."
    assert (kept.data, kept.headers["Content-Type"], "attachment" in kept.headers["Content-Disposition"]) == (PDF, "application/pdf", True)


@pytest.mark.parametrize("path", ["", "/check", "/write/work", "/files/authorisation"])
def test_somebody_elses_application_is_not_there(client, sign_in_as, path):
    draft = a_draft(a_call())
    sign_in_as(client, a_person())
    assert client.get(f"/online_call/applications/{draft.id}{path}").status_code == 404


@pytest.mark.parametrize("deed", ["check", "accept", "decline", "withdraw", "discard", "save/work", "files/authorisation/remove"])
def test_nothing_is_done_to_somebody_elses_application(client, sign_in_as, deed):
    draft = a_draft(a_call())
    sign_in_as(client, a_person())
    with clock.frozen(OPEN):
        assert client.post(f"/online_call/applications/{draft.id}/{deed}", data={"administration": "x"}).status_code == 404
    assert stored(draft.id).state == "draft"


def test_a_form_without_its_token_changes_nothing(app, client, sign_in_as):
    draft = a_draft(a_call())
    sign_in_as(client, owner(draft))
    app.config["WTF_CSRF_ENABLED"] = True
    with clock.frozen(OPEN):
        assert client.post(f"/online_call/applications/{draft.id}/check").status_code == 400
    assert stored(draft.id).state == "draft"


def test_opening_the_link_of_an_offer_changes_nothing_and_the_button_accepts(client, sign_in_as):
    _call, applications = a_selection([90, 80], seats=1)
    one = applications[0]
    sign_in_as(client, owner(one))
    with clock.frozen(LATER):
        page = client.get(f"/online_call/applications/{one.id}").text
        assert "18 January 2027, 12:00 (Italian time, CET)" in page
        assert client.get(f"/online_call/applications/{one.id}/accept").status_code == 404
        assert standings(applications) == ["offered", "reserve"]
        done = client.post(f"/online_call/applications/{one.id}/accept", follow_redirects=True)
    assert done.status_code == 200
    assert "You have a place in the course" in done.text
    assert standings(applications) == ["accepted", "reserve"]


def test_an_applicant_sees_the_own_points_position_and_cut_off_and_nobody_elses(client, sign_in_as):
    _call, applications = a_selection(["91.25", "80.5", "66.25"], seats=2)
    sign_in_as(client, owner(applications[2]))
    with clock.frozen(LATER):
        page = client.get(f"/online_call/applications/{applications[2].id}").text
    assert "You are number 1 on the reserve list" in page
    for wanted in ("66.25", "60.00", "6.25", "80.50"):
        assert wanted in page
    for hidden in ("91.25", applications[0].protocol_number, owner(applications[0]).name):
        assert hidden not in page


def test_the_public_sees_the_codes_of_those_selected_and_search_engines_stay_away(client):
    _call, applications = a_selection([90, 80, 70], seats=2)
    with clock.frozen(LATER):
        answer = client.get("/online_call/it/result")
    assert [each.protocol_number in answer.text for each in applications] == [True, True, False]
    assert not any(owner(each).family_name in answer.text for each in applications)
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "noindex" in answer.text


def test_whoever_was_rejected_reads_why(client, sign_in_as, outbox):
    from inspire_lms.plugins.online_call.judging import deciding
    from tests.plugins.online_call.builders import CLOSED, committee

    call = a_call()
    sent = an_application(call, employed="no")
    coordinator = committee(call)[2]
    with clock.frozen(CLOSED):
        deciding.decide(sent.id, is_eligible=False, note="", by=coordinator.id)
    sign_in_as(client, owner(sent))
    assert "Not met: employed" in client.get(f"/online_call/applications/{sent.id}").text
    assert "Not met: employed" in outbox[-1].text


def test_a_draft_is_discarded_and_a_submitted_one_withdrawn(client, sign_in_as):
    call = a_call()
    draft, sent = a_draft(call), an_application(call)
    draft_id, sent_id = draft.id, sent.id
    sign_in_as(client, owner(draft))
    with clock.frozen(OPEN):
        assert client.post(f"/online_call/applications/{draft_id}/discard").status_code == 303
        sign_in_as(client, owner(sent))
        assert client.post(f"/online_call/applications/{sent_id}/withdraw").status_code == 303
    assert (stored(draft_id), stored(sent_id).state, queries.attachments(sent_id) != {}) == (None, "withdrawn", True)


def test_the_home_page_reminds_of_a_draft_and_of_an_offer(client, sign_in_as):
    draft = a_draft(a_call("RO"))
    _call, (one,) = a_selection([90], seats=1)
    sign_in_as(client, owner(draft))
    with clock.frozen(OPEN):
        page = client.get("/").text
    assert "Finish your application" in page
    assert f"/online_call/applications/{draft.id}" in page
    sign_in_as(client, owner(one))
    with clock.frozen(LATER):
        assert "A place is offered to you" in client.get("/").text


def test_the_front_page_shows_the_calls(client):
    a_call("IT")
    a_call("GR")
    with clock.frozen(OPEN):
        page = client.get("/").text
    assert "/online_call/it" in page
    assert "/online_call/gr" in page
