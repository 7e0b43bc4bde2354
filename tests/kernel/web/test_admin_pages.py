"""What an administrator sees and does: mails, plugins, and addresses with numbers that nothing has."""

import pytest
from sqlalchemy import select, update

from inspire_lms.kernel import audit, jobs, mail
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.mail import Mail, MailState
from tests.builders import a_person, an_administrator


@pytest.fixture
def desk(client, sign_in_as):
    """The browser of an administrator."""
    return sign_in_as(client, an_administrator())


def a_mail(state):
    """A letter with a link that sets a password."""
    person = a_person()
    button = (Message("Set a new password"), mail.link("sign_in.new_password", token="T0ken"))
    with transaction():
        mail.queue(mail.letter_to(person.id, key="k", subject=Message("Hello"), lines=(), button=button))
        session.execute(update(Mail).values(state=state, error="550 no such mailbox" if state == MailState.FAILED else ""))
    return session.scalar(select(Mail.id))


@pytest.mark.parametrize(("state", "is_shown"), [(MailState.KEPT, True), (MailState.QUEUED, False), (MailState.FAILED, False)])
def test_the_key_of_a_link_is_shown_only_where_no_mail_server_brings_it(desk, state, is_shown):
    shown = desk.get(f"/admin/mail/{a_mail(state)}").text
    assert ("/new-password/T0ken" in shown) is is_shown
    assert ("/new-password/…" in shown) is not is_shown


HUGE = (2**31, 10**20)


@pytest.mark.parametrize("number", HUGE)
@pytest.mark.parametrize(
    "path", ["/people/{}", "/cohort/{}/members", "/editions/{}", "/admin/mail/{}", "/webinar/{}", "/online_call/application/{}"]
)
def test_a_number_that_no_row_can_have_is_not_there(desk, path, number):
    assert desk.get(path.format(number)).status_code == 404


@pytest.mark.parametrize("number", HUGE)
@pytest.mark.parametrize("path", ["/people?page={}", "/admin/mail?page={}", "/admin/audit?page={}"])
def test_a_page_that_no_list_has_is_shown_all_the_same(desk, path, number):
    assert desk.get(path.format(number)).status_code == 200


@pytest.mark.parametrize("number", [*HUGE, 999])
def test_a_role_is_taken_back_only_where_there_is_something(desk, number):
    person_id = a_person().id
    assert desk.post(f"/people/{person_id}/revoke", data={"role": "trainer", "context_id": number}).status_code == 404


@pytest.mark.parametrize("number", [999, "999999999"])
def test_a_plugin_is_switched_for_editions_that_there_are(desk, number):
    assert desk.post("/admin/plugin/survey/switch", data={"on": "no", "edition": number}).status_code == 404


def test_a_mail_that_was_refused_is_sent_again_at_the_push_of_a_button(app, desk):
    number = a_mail(MailState.FAILED)
    assert "550 no such mailbox" in desk.get(f"/admin/mail/{number}").text
    answer = desk.post(f"/admin/mail/{number}/again")
    assert (answer.status_code, answer.location) == (303, f"/admin/mail/{number}")
    assert session.get_one(Mail, number).state == MailState.KEPT
    assert "Send again" not in desk.get(f"/admin/mail/{number}").text
    assert [line.did for line in audit.recent(did="mail.sent-again")] == ["mail.sent-again"]
    assert jobs.failed() == []
