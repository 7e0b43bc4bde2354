"""Who looked at an application: what is kept, and what the applicant reads of it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from inspire_lms.contracts.mails import MailLookedAt
from inspire_lms.contracts.people import PeopleMerged
from inspire_lms.kernel import audit, clock, jobs, mail
from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.people import erasing
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.applying import letters
from inspire_lms.plugins.online_call.judging import reviewing
from inspire_lms.plugins.online_call.looking import actions, queries
from inspire_lms.plugins.online_call.looking.models import Look
from inspire_lms.plugins.online_call.models import Review
from inspire_lms.plugins.online_call.offering import merging, publishing
from inspire_lms.plugins.online_call.plugin import plugin
from inspire_lms.plugins.online_call.posting import looks
from inspire_lms.plugins.online_call.retention import thinning
from inspire_lms.plugins.online_call.rules import KEPT
from tests.builders import a_person, an_administrator
from tests.plugins.online_call.builders import CLOSED, PUBLISHED, a_call, an_application, committee, decided, judged, scored

pytestmark = pytest.mark.usefixtures("app")
NEXT_DAY = CLOSED + timedelta(days=1)


def kept(application_id):
    session.rollback()
    return sorted((str(look.day), look.by_id, look.office, look.saw_answers, look.saw_document, look.was_exported) for look in queries.looks_at(application_id))


def opened(client, sign_in_as, who, *addresses, at=CLOSED):
    """Let somebody open pages and say with what status."""
    sign_in_as(client, who)
    with clock.frozen(at):
        return [client.get(address).status_code for address in addresses]


def read_by(client, sign_in_as, applicant_id, application_id):
    """The rows of the table that the applicant reads, and the whole page."""
    sign_in_as(client, session.get(Person, applicant_id))
    page = client.get(f"/online_call/applications/{application_id}").text
    part = page.split('id="looks"')[1].split("</section>")[0]
    rows = [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL)] for row in re.findall(r"<tr.*?</tr>", part, re.DOTALL)]
    return rows[1:], page


def test_every_way_of_looking_is_kept_one_line_a_day_for_each_person(client, sign_in_as):
    call = a_call()
    one, other, coordinator = committee(call)
    application, untouched = decided(an_application(call), coordinator), an_application(call)
    number, room = application.id, f"/online_call/rooms/{call.cohort_id}"
    file, chief = f"/online_call/files/{number}", an_administrator()
    review = session.scalars(select(Review.id).where(Review.application_id == number, Review.evaluator_id == one.id)).one()
    assert opened(client, sign_in_as, coordinator, room, f"{room}/applications", file, file, f"{file}/attached/authorisation") == [200] * 5
    assert opened(client, sign_in_as, coordinator, f"{room}/export.csv", f"{room}/export.xlsx", at=NEXT_DAY) == [200, 200]
    assert opened(client, sign_in_as, one, "/online_call/reviews", f"/online_call/reviews/{review}") == [200, 200]
    assert opened(client, sign_in_as, chief, file) == [200]
    assert kept(number) == sorted([
        ("2026-12-12", coordinator.id, "coordinator", True, True, False),
        ("2026-12-12", one.id, "evaluator", True, False, False),
        ("2026-12-12", chief.id, "administrator", True, False, False),
        ("2026-12-13", coordinator.id, "coordinator", False, False, True),
    ])  # fmt: skip
    assert kept(untouched.id) == []
    assert other.id not in {line[1] for line in kept(number)}


def test_an_administrator_who_reads_a_mail_with_the_answers_has_looked_at_the_application_when_it_was_read(client, sign_in_as):
    call = a_call()
    chief, application = an_administrator(), an_application(call)
    number, applicant_id = application.id, application.person_id
    with transaction():
        mail.queue(mail.letter_to(applicant_id, key="account", subject=Message("Your account"), lines=()))
        letters.withdrawn(application)
    by_key = {row.key: row.id for row in session.execute(select(Mail.key, Mail.id).where(Mail.to_person == applicant_id))}
    receipt = by_key.pop(f"online_call.receipt:{number}")
    assert opened(client, sign_in_as, chief, *(f"/admin/mail/{each}" for each in by_key.values())) == [200] * len(by_key)
    jobs.run_due()
    assert (len(by_key), kept(number)) == (2, [])
    assert opened(client, sign_in_as, chief, f"/admin/mail/{receipt}", f"/admin/mail/{receipt}") == [200, 200]
    with clock.frozen(NEXT_DAY):
        jobs.run_due()
        looks.heard_that_a_mail_was_looked_at(MailLookedAt(mail_id=receipt, by_id=chief.id, at=CLOSED))
    assert kept(number) == [("2026-12-12", chief.id, "administrator", True, False, False)]
    rows, _page = read_by(client, sign_in_as, applicant_id, number)
    assert [row[1:] for row in rows] == [[f"Administration of the platform: {chief.name}", "the answers"]]


def test_a_mail_whose_text_is_gone_tells_nothing_about_the_application(client, sign_in_as):
    application = an_application(a_call())
    number = application.id
    with transaction():
        mail.reduce(Mail.to_person == application.person_id)
    receipt = session.scalars(select(Mail.id).where(Mail.key == f"online_call.receipt:{number}")).one()
    assert opened(client, sign_in_as, an_administrator(), f"/admin/mail/{receipt}") == [200]
    jobs.run_due()
    assert kept(number) == []


def test_who_is_refused_has_not_looked(client, sign_in_as):
    call = a_call("IT")
    application_id = an_application(call).id
    sign_in_as(client, committee(a_call("RO"))[2])
    assert client.get(f"/online_call/files/{application_id}").status_code == 404
    assert kept(application_id) == []


def test_the_day_is_that_of_the_country():
    call = a_call("GR")
    application, coordinator = an_application(call), committee(call)[2]
    for minutes in (-1, 0):
        with clock.frozen(CLOSED.replace(hour=22, minute=0) + timedelta(minutes=minutes)):
            actions.looked(application, by=coordinator.id)
    assert [line[0] for line in kept(application.id)] == ["2026-12-12", "2026-12-13"]


def test_the_applicant_reads_who_looked_by_office_and_never_who_evaluates(client, sign_in_as):
    call = a_call()
    one, other, coordinator = committee(call)
    application = decided(an_application(call), coordinator)
    number, applicant = application.id, application.person_id
    assert "Nobody has looked at your application so far." in read_by(client, sign_in_as, applicant, number)[1]
    reviews = session.scalars(select(Review.id).where(Review.application_id == number).order_by(Review.turn)).all()
    opened(client, sign_in_as, coordinator, f"/online_call/files/{number}", f"/online_call/files/{number}/attached/authorisation", at=NEXT_DAY)
    for who, review in zip((one, other), reviews, strict=True):
        opened(client, sign_in_as, who, f"/online_call/reviews/{review}")
    rows, page = read_by(client, sign_in_as, applicant, number)
    assert rows == [
        ["Sunday 13 December 2026", f"Coordinator: {coordinator.given_name} {coordinator.family_name}", "the answers, a document"],
        ["Saturday 12 December 2026", "An evaluator", "the answers"],
        ["Saturday 12 December 2026", "An evaluator", "the answers"],
    ]
    account = client.get("/profile").text
    assert not [name for each in (one, other) for name in (f"{each.given_name} {each.family_name}", each.email) if name in page + account]
    assert audit.looks_at(applicant) == []


def test_a_coordinator_who_evaluates_looks_as_coordinator():
    call = a_call()
    coordinator = committee(call)[2]
    application = an_application(call)
    access.grant(coordinator.id, "evaluator", call.cohort.context_id, by=None)
    with clock.frozen(CLOSED):
        actions.looked(application, by=coordinator.id)
    assert [line[2] for line in kept(application.id)] == ["coordinator"]


@pytest.mark.both_engines
def test_an_export_of_many_costs_no_more_statements_than_one_of_few(client, sign_in_as, statements):
    counted = []
    for country, number in (("IT", 2), ("RO", 60)):
        call = a_call(country)
        ids, coordinator = judged(call, [95 - each / 10 for each in range(number)])
        sign_in_as(client, coordinator)
        with clock.frozen(CLOSED):
            for _twice in range(2):
                with statements() as seen:
                    assert client.get(f"/online_call/rooms/{call.cohort_id}/export.csv").status_code == 200
        counted.append(len(seen))
        assert [kept(each)[0][1:] for each in ids] == [(coordinator.id, "coordinator", False, False, True)] * number
    assert counted[0] == counted[1]


def test_what_the_reader_still_has_to_evaluate_is_not_in_the_file_and_not_in_the_log(client, sign_in_as):
    call = a_call()
    coordinator = committee(call)[2]
    far_apart, other = (scored(decided(an_application(call), coordinator), *totals) for totals in ((91, 60), (80, 80)))
    with clock.frozen(CLOSED):
        reviewing.ask(far_apart.id, coordinator.id, by=coordinator.id)
    opened(client, sign_in_as, coordinator, f"/online_call/rooms/{call.cohort_id}/export.csv")
    assert [len(kept(each.id)) for each in (far_apart, other)] == [0, 1]


def test_the_page_of_the_applicant_costs_the_same_statements_with_many_looks_as_with_few(client, sign_in_as, statements):
    call = a_call()
    application, coordinator = an_application(call), committee(call)[2]
    number, applicant, counted = application.id, session.get(Person, application.person_id), []
    sign_in_as(client, applicant)
    for days in (range(1), range(1, 40)):
        for day in days:
            with clock.frozen(CLOSED + timedelta(days=day)):
                actions.looked(application, by=coordinator.id)
        client.get(f"/online_call/applications/{number}")
        with statements() as seen:
            assert client.get(f"/online_call/applications/{number}").status_code == 200
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_the_log_is_kept_as_long_as_the_application(client, sign_in_as):
    call = a_call(seats=1)
    ids, coordinator = judged(call, [90, 80])
    opened(client, sign_in_as, coordinator, f"/online_call/files/{ids[1]}")
    with clock.frozen(PUBLISHED):
        publishing.publish(call.id, by=coordinator.id)
    with clock.frozen(PUBLISHED + KEPT):
        thinning.thin_out()
    assert [line[1] for line in kept(ids[1])] == [coordinator.id]


def test_the_applicant_is_handed_out_the_looks_without_who_looked():
    call = a_call()
    one = committee(call)[0]
    application, other = an_application(call), an_application(call)
    with clock.frozen(CLOSED):
        for each in (application, other):
            actions.looked(each, by=one.id)
    [row] = erasing.held_about(application.person_id, plugin.privacy)["online_call_look"]
    assert row == {
        "id": row["id"], "application_id": application.id, "day": "2026-12-12", "first_at": CLOSED.isoformat(), "office": "evaluator",
        "saw_answers": True, "saw_document": False, "was_exported": False,
    }  # fmt: skip


@pytest.mark.both_engines
def test_the_looks_of_two_accounts_of_one_person_become_one_persons():
    call = a_call()
    application, gone, stays = an_application(call), a_person(), a_person()
    for who, at in ((gone, CLOSED), (stays, CLOSED), (gone, NEXT_DAY)):
        with clock.frozen(at):
            actions.looked(application, by=who.id)
    merging.merge(PeopleMerged(from_id=gone.id, to_id=stays.id))
    assert [line[:2] for line in kept(application.id)] == sorted([
        ("2026-12-12", gone.id), ("2026-12-12", stays.id), ("2026-12-13", stays.id),
    ])  # fmt: skip
    assert session.scalars(select(Look.office)).all() == ["evaluator"] * 3
