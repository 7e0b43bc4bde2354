"""What is for the coordinator of the country alone is read by nobody else: on no page, in no mail, in no export."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.db import session
from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.mending import actions as mending
from inspire_lms.plugins.online_call.mending import asking
from inspire_lms.plugins.online_call.models import Review
from inspire_lms.plugins.online_call.seeing import apart
from tests.builders import an_administrator
from tests.plugins.online_call.builders import CLOSED, PDF, a_call, a_mendable_form, an_application, committee, decided

pytestmark = pytest.mark.usefixtures("app")
SECRET, OPENLY = "Captions, please.", "A challenge of our own."
NOT_SHOWN = "Answers for the coordinator of the country alone are not shown to you."


def a_form_with_a_private_file():
    """The form in which the authorisation, a file, is for the coordinator alone and may be mended."""
    return tuple(
        replace(each, questions=tuple(replace(one, is_private=one.is_private or one.code == "authorisation") for one in each.questions))
        for each in a_mendable_form()
    )


def test_each_role_reads_on_page_in_mail_and_in_export_what_is_for_it(client, sign_in_as):
    call = a_call()
    one, _other, coordinator = committee(call)
    application = decided(an_application(call, adjustments=SECRET), coordinator)
    number, applicant = application.id, session.get(Person, application.person_id)
    receipt = session.scalars(select(Mail.id).where(Mail.key == f"online_call.receipt:{number}")).one()
    review = session.scalars(select(Review.id).where(Review.application_id == number, Review.evaluator_id == one.id)).one()
    room, chief = f"/online_call/rooms/{call.cohort_id}", an_administrator()
    file, letter = f"/online_call/files/{number}", f"/online_call/outbox/{receipt}"
    mail_, export, own = f"/admin/mail/{receipt}", f"{room}/export.csv", f"/online_call/applications/{number}"

    def read(who, address):
        sign_in_as(client, who)
        with clock.frozen(CLOSED):
            answer = client.get(address)
        assert answer.status_code == 200, address
        return SECRET in answer.text, OPENLY in answer.text, NOT_SHOWN in answer.text

    assert {(who, address): read(person, address) for who, person, address in (
        ("applicant", applicant, own), ("coordinator", coordinator, file), ("administrator", chief, file), ("evaluator", one, f"/online_call/reviews/{review}"),
        ("coordinator", coordinator, letter), ("administrator", chief, letter), ("administrator", chief, mail_),
        ("coordinator", coordinator, export), ("administrator", chief, export), ("administrator", chief, room), ("administrator", chief, f"{room}/applications"),
    )} == {
        ("applicant", own): (True, True, False), ("coordinator", file): (True, True, False), ("administrator", file): (False, True, True),
        ("evaluator", f"/online_call/reviews/{review}"): (False, True, False),
        ("coordinator", letter): (False, True, False), ("administrator", letter): (False, True, False), ("administrator", mail_): (False, True, False),
        ("coordinator", export): (False, False, False), ("administrator", export): (False, False, False), ("administrator", room): (False, False, False),
        ("administrator", f"{room}/applications"): (False, False, False),
    }  # fmt: skip


def test_a_file_for_the_coordinator_alone_is_given_to_no_administrator_before_and_after_mending(client, sign_in_as):
    call = a_call(mend_days=5, form=a_form_with_a_private_file())
    coordinator, chief, application = committee(call)[2], an_administrator(), an_application(call)
    number, applicant = application.id, application.person_id
    with clock.frozen(CLOSED):
        asking.ask(number, ["authorisation"], "It is not signed.", by=coordinator.id)
    with clock.frozen(CLOSED + timedelta(hours=1)):
        mending.mend(number, {}, {"authorisation": (BytesIO(PDF), "signed.pdf")}, by=applicant)
    file = f"/online_call/files/{number}"
    found = {}
    for who in (coordinator, chief):
        sign_in_as(client, who)
        with clock.frozen(CLOSED + timedelta(hours=2)):
            page = client.get(file).text
            files = [client.get(f"{file}/{kind}/authorisation").status_code for kind in ("attached", "before")]
        found[who.id] = (files, "signed.pdf" in page, "nulla osta.pdf" in page, f"{file}/attached/authorisation" in page)
    assert found == {coordinator.id: ([200, 200], True, True, True), chief.id: ([404, 404], False, False, False)}


def test_an_administrator_who_is_also_coordinator_of_the_country_reads_as_coordinator_there_and_nowhere_else():
    here, elsewhere, both = a_call("IT"), a_call("GR"), an_administrator()
    access.grant(both.id, "coordinator", here.cohort.context_id, by=None)
    asked = {"administration", "employed", "challenge", "authorisation", "adjustments", "declaration"}
    assert apart.readable(both.id, here) == asked
    assert apart.readable(both.id, elsewhere) == asked - {"adjustments"}
    assert (apart.not_for(both.id, here), apart.not_for(both.id, elsewhere)) == (frozenset(), {"adjustments"})
