"""What an administrator sees of mails: those to one person, and the addresses to which nothing is sent."""

import pytest
from lxml import html
from sqlalchemy import select, update

from inspire_lms.kernel import audit, mail
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.mailing import refused, refusing
from inspire_lms.kernel.mailing.refused import RefusedAddress
from tests.builders import a_cohort, a_person, an_administrator, staff

FORBIDDEN = 403


@pytest.fixture
def desk(client, sign_in_as):
    """The browser of an administrator."""
    return sign_in_as(client, an_administrator())


def write(person, subject, *, state="sent"):
    with transaction():
        number = mail.queue(mail.letter_to(person.id, key=subject, subject=Message(subject), lines=(Message("Good day."),)))
        session.execute(update(Mail).where(Mail.id == number).values(state=state, sent_at=Mail.written_at if state == "sent" else None))
    return number


def subjects(client, address):
    return html.fromstring(client.get(address).text).xpath("//section[@id='mails' or .//*[@id='mails']]//tbody//th//a/text()")


def test_mails_are_found_by_the_name_in_either_script_and_by_the_address(desk):
    write(a_person(given_name="Ελένη", family_name="Αντωνίου", email="e.antoniou@gov.example"), "One")
    write(a_person(given_name="Ștefan", family_name="Țiriac", email="stefan@primaria.example"), "Two")
    with transaction():
        superior = mail.Letter(None, "head@office.example", "Anna Superiore", "it", "UTC", key="s", subject=Message("Three"), lines=())
        mail.queue(superior)
    asked = ("", "αντωνιου", "antoniou", "tiriac stefan", "primaria", "superiore", "OFFICE.example", "nobody", "stefan antoniou", "%")
    assert {q: subjects(desk, f"/admin/mail?q={q}") for q in asked} == {
        "": ["Three", "Two", "One"], "αντωνιου": ["One"], "antoniou": ["One"], "tiriac stefan": ["Two"], "primaria": ["Two"], "superiore": ["Three"],
        "OFFICE.example": ["Three"], "nobody": [], "stefan antoniou": [], "%": [],
    }  # fmt: skip


def test_the_page_of_a_person_leads_an_administrator_and_nobody_else_to_the_mails(client, sign_in_as, desk):
    ana = a_person()
    write(ana, "To Ana")
    write(a_person(), "To Ivo")
    here = f"/admin/mail?person={ana.id}"
    assert here in desk.get(f"/people/{ana.id}").text.replace("&amp;", "&")
    assert subjects(desk, here) == ["To Ana"]
    assert desk.get("/admin/mail?person=99999").status_code == 404
    cohort = a_cohort("RO")
    trainer = staff(cohort, "trainer")
    sign_in_as(client, staff(cohort, "coordinator"))
    page = client.get(f"/people/{trainer.id}")
    assert (page.status_code, "/admin/mail" in page.text) == (200, False)
    closed = (here, "/admin/mail", "/admin/mail/refused")
    assert [client.get(address).status_code for address in closed] == [FORBIDDEN] * len(closed)
    assert client.post("/admin/mail/refused/1/clear").status_code == FORBIDDEN


def test_the_mails_of_a_person_are_found_in_the_same_number_of_statements(desk, statements):
    ana, counts = a_person(), []
    for number in (2, 20):
        for turn in range(number):
            write(ana, f"Letter {number} {turn}")
        for address in (f"/admin/mail?person={ana.id}", f"/admin/mail?q={ana.family_name}"):
            desk.get(address)
            with statements() as seen:
                desk.get(address)
            counts.append(len(seen))
    assert counts[:2] == counts[2:]


def test_an_address_is_entered_seen_and_cleared(desk):
    wrong = desk.post("/admin/mail/refused", data={"address": "ana", "said": ""})
    assert (wrong.status_code, session.scalar(select(RefusedAddress.id))) == (422, None)
    assert desk.post("/admin/mail/refused", data={"address": "Ana@gov.example", "said": "The mailbox is unknown"}).status_code == 303
    page = desk.get("/admin/mail/refused").text
    assert "ana@gov.example" in page
    assert "Entered by hand: The mailbox is unknown" in page
    number = session.scalar(select(RefusedAddress.id))
    assert desk.post(f"/admin/mail/refused/{number}/clear").status_code == 303
    assert "No address is refused." in desk.get("/admin/mail/refused").text
    assert [line.did for line in audit.about(("kernel_refused_address", number))] == ["mail.address-refused", "mail.address-cleared"]
    assert desk.post(f"/admin/mail/refused/{number}/clear").status_code == 404


def test_a_mail_that_came_back_is_entered_on_its_page(desk):
    ana = a_person()
    number = write(ana, "Hello")
    assert f"/admin/mail/{number}/came-back" in desk.get(f"/admin/mail/{number}").text
    assert "It did not arrive." in desk.get(f"/admin/mail/{number}/came-back").text
    assert desk.post(f"/admin/mail/{number}/came-back", data={"said": "Mailbox unknown"}).status_code == 303
    page = desk.get(f"/admin/mail/{number}").text
    assert [words in page for words in ("Address refused", "Mailbox unknown", "Nothing is sent to this address", "Send again")] == [True, True, True, False]
    assert f"/admin/mail/{number}" in desk.get("/admin/mail/refused").text
    assert desk.get(f"/admin/mail/{number}/came-back").status_code == 404


def test_a_refused_mail_is_sent_again_once_the_address_is_clear(desk):
    ana, admin = a_person(), an_administrator()
    number = write(ana, "Hello", state="refused")
    refusing.enter(ana.email, "Mailbox unknown", by=admin.id)
    assert desk.post(f"/admin/mail/{number}/again").status_code == 409
    with transaction():
        refused.forget([ana.email])
    assert desk.post(f"/admin/mail/{number}/again").status_code == 303
    session.rollback()
    assert session.get_one(Mail, number).state == "kept"
