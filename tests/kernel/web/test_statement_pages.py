"""Privacy notice, accessibility statement, and reports of problems."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Refused
from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.people.privacy import HELD
from inspire_lms.kernel.plugin import plugins
from inspire_lms.kernel.web.statement_pages import REPORTS_AN_HOUR, send_report
from tests.builders import AT, a_cohort, a_person, a_trainee, an_administrator, staff


@pytest.fixture(autouse=True)
def _at_noon():
    with clock.frozen(AT):
        yield


def readers() -> list[str]:
    return list(session.scalars(select(Mail.address).where(Mail.key.like("report:%")).order_by(Mail.address)))


def report(client, **but):
    return client.post("/report", data={"what": "The button does nothing.", "page": "/webinar/3", "address": "ana@office.example"} | but)


def test_the_privacy_notice_says_everything_that_is_declared(client):
    page = client.get("/privacy").get_data(as_text=True)
    declared = [*HELD, *(one for each in plugins() for one in each.privacy)]
    assert [str(one.purpose) for one in declared if str(one.purpose) not in page.replace("&#39;", "'").replace("&amp;", "&")] == []


@pytest.mark.parametrize("address", ["/privacy", "/accessibility", "/report", "/components"])
@pytest.mark.parametrize("language", ["en", "it", "el", "ro"])
def test_what_the_site_owes_is_open_to_everybody_in_every_language(client, address, language):
    answer = client.get(address, query_string={"language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.get_data(as_text=True)


def test_a_visitor_writes_to_the_administrators(client):
    email = an_administrator().email
    staff(a_cohort(), "coordinator")
    assert report(client).status_code == 303
    assert readers() == [email]


def test_a_trainee_writes_to_the_coordinators_of_the_own_country(client, sign_in_as):
    romania, greece = a_cohort("RO"), a_cohort("GR")
    an_administrator()
    staff(greece, "coordinator")
    email = staff(romania, "coordinator").email
    sign_in_as(client, a_trainee(romania))
    assert report(client).status_code == 303
    assert readers() == [email]


def test_the_mail_holds_the_words_as_they_were_written(client, outbox):
    an_administrator()
    report(client, what="Ο πίνακας <b>κόβεται</b> {στην} οθόνη.")
    (mail,) = outbox
    assert "Ο πίνακας <b>κόβεται</b> {στην} οθόνη." in mail.text
    assert "&lt;b&gt;κόβεται&lt;/b&gt;" in mail.html


def test_a_report_sent_twice_is_sent_once(client):
    an_administrator()
    report(client)
    report(client)
    assert len(readers()) == 1


def test_an_empty_report_is_not_sent_and_what_was_typed_stays(client):
    an_administrator()
    answer = report(client, what="", page="/webinar/4")
    assert (answer.status_code, readers()) == (422, [])
    assert "/webinar/4" in answer.get_data(as_text=True)


def send(number: int) -> None:
    send_report(what=f"Report {number}", page=None, address=None, person_id=None)


def test_a_flood_of_reports_is_refused_until_the_hour_is_over(app):
    an_administrator()
    for number in range(REPORTS_AN_HOUR):
        send(number)
    with pytest.raises(Refused):
        send(99)
    with clock.frozen(AT + timedelta(minutes=61)):
        send(99)
    assert len(readers()) == REPORTS_AN_HOUR + 1


def test_the_page_from_which_one_comes_is_filled_in(client, sign_in_as):
    person = a_person()
    page = sign_in_as(client, person).get("/report?page=/webinar/3").get_data(as_text=True)
    assert 'value="/webinar/3"' in page
    assert f'value="{person.email}"' in page
