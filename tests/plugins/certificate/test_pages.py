import io
import zipfile

import pytest

from inspire_lms.kernel import files
from inspire_lms.plugins.certificate import queries
from inspire_lms.plugins.certificate.issuing import changing
from inspire_lms.plugins.certificate.rules import State
from tests.builders import a_person, a_trainee, an_administrator, staff
from tests.plugins.certificate.builders import a_coordinator, a_group, decided, issued, one_issued, work

STAFF_PAGES = (
    "cohort/{cohort}", "cohort/{cohort}/decide", "cohort/{cohort}/register.csv", "cohort/{cohort}/preview/{person}/competence.pdf", "batch/{batch}", "batch/{batch}.zip",
    "one/{one}", "one/{one}.pdf", "one/{one}/revoke", "one/{one}/replace",
)  # fmt: skip


def text(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def group(app, records):
    """A Romanian group: one who has met everything, one who attended, one who did nothing; and its coordinator."""
    cohort = a_group("RO")
    people = {
        "ready": records.met_by(a_trainee(cohort, given_name="Ștefan", family_name="Țiriac")),
        "attended": records.attended_by(a_trainee(cohort, given_name="Ioana", family_name="Șerban")),
        "absent": a_trainee(cohort, given_name="Dan", family_name="Pop"),
    }
    return cohort, a_coordinator(cohort), people


def test_the_coordinator_sees_who_is_ready_and_who_is_not_and_why(client, sign_in_as, group):
    cohort, coordinator, people = group
    page = text(sign_in_as(client, coordinator).get(f"/certificate/cohort/{cohort.id}"))
    assert "1 of 3 have met everything and have no certificate yet" in page
    assert "No result yet; 60% needed." in page
    for person in people.values():
        assert person.name in page
    assert "Nothing has been issued yet." in page


@pytest.mark.parametrize(
    ("who", "status"),
    [("coordinator here", 200), ("administrator", 200), ("coordinator elsewhere", 404), ("trainer here", 403), ("trainee here", 403), ("stranger", 403), ("visitor", 303)],
)
def test_only_the_coordinator_of_the_country_opens_the_pages_of_staff(app, client, sign_in_as, records, who, status):
    cohort, coordinator, certificate = one_issued(records)
    person = {
        "coordinator here": lambda: coordinator,
        "administrator": an_administrator,
        "coordinator elsewhere": lambda: a_coordinator(a_group("IT")),
        "trainer here": lambda: staff(cohort, "trainer"),
        "trainee here": lambda: a_trainee(cohort),
        "stranger": a_person,
        "visitor": lambda: None,
    }[who]()
    visitor = sign_in_as(client, person) if person else client
    filled = {path: path.format(cohort=cohort.id, batch=certificate.batch_id, one=certificate.id, person=certificate.person_id) for path in STAFF_PAGES}
    assert {path: visitor.get(f"/certificate/{address}").status_code for path, address in filled.items()} == dict.fromkeys(STAFF_PAGES, status)


def test_deciding_through_the_page_issues_the_documents_and_shows_how_far_it_is(client, sign_in_as, group, outbox):
    cohort, coordinator, people = group
    browser = sign_in_as(client, coordinator)
    form = text(browser.get(f"/certificate/cohort/{cohort.id}/decide"))
    assert "Decision about certificates, Pilot course, Romania" in form
    sent = {"competence": [str(people["ready"].id)], "attendance": [str(people["attended"].id)], "minutes": "Decided.", "independent": "yes"}
    answer = browser.post(f"/certificate/cohort/{cohort.id}/decide", data=sent)
    assert answer.status_code == 303
    waiting = text(browser.get(answer.location))
    assert "0 of 2 documents are made" in waiting
    assert 'data-progress="/certificate/batch/' in waiting
    work()
    made = text(browser.get(answer.location))
    assert "2 documents are issued" in made
    assert "data-progress" not in made
    assert "Decided." in made
    assert sorted(mail.to_person for mail in outbox) == sorted([people["ready"].id, people["attended"].id])


@pytest.mark.parametrize(
    ("but", "status", "says"),
    [
        ({"independent": ""}, 422, "Confirm this, or let somebody else decide."),
        ({"minutes": ""}, 422, "This is still missing."),
        ({"competence": []}, 409, "Nobody has been chosen."),
        ({"competence": ["999"]}, 422, "Choose among those offered."),
    ],
)
def test_a_decision_that_is_not_complete_is_not_taken(client, sign_in_as, group, but, status, says):
    cohort, coordinator, people = group
    sent = {"competence": [str(people["ready"].id)], "minutes": "Decided.", "independent": "yes"} | but
    answer = sign_in_as(client, coordinator).post(f"/certificate/cohort/{cohort.id}/decide", data=sent)
    assert (answer.status_code, says in text(answer)) == (status, True)
    assert queries.register(cohort_id=cohort.id) == []


def test_a_coordinator_who_graded_cannot_choose_that_trainee_and_is_told_why(app, client, sign_in_as, records):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    records.met_by(a_trainee(cohort, given_name="Ana", family_name="Pop"), graders=(coordinator.id,))
    page = text(sign_in_as(client, coordinator).get(f"/certificate/cohort/{cohort.id}/decide"))
    assert "You graded work of Ana Pop." in page
    assert "There is nobody about whom you can decide" in page


def test_namesakes_are_told_apart_where_one_decides_about_them(app, client, sign_in_as, records):
    cohort = a_group("RO")
    namesakes = [records.met_by(a_trainee(cohort, given_name="Maria", family_name="Pop", email=f"maria{one}@cluj.example.ro")) for one in (1, 2)]
    browser = sign_in_as(client, a_coordinator(cohort))
    for address in (f"/certificate/cohort/{cohort.id}", f"/certificate/cohort/{cohort.id}/decide"):
        page = text(browser.get(address))
        assert [f"Maria Pop ({one.email})" in page for one in namesakes] == [True, True]


def test_a_name_that_cannot_be_printed_is_named_on_the_page(app, client, sign_in_as, records):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    trainee = records.met_by(a_trainee(cohort, given_name="Նարեկ", family_name="Pop"))
    sent = {"competence": [str(trainee.id)], "minutes": "Decided.", "independent": "yes"}
    answer = sign_in_as(client, coordinator).post(f"/certificate/cohort/{cohort.id}/decide", data=sent)
    assert answer.status_code == 422
    assert "Նարեկ Pop: the typeface has no" in text(answer)


def test_a_preview_is_drawn_and_neither_sealed_nor_stored(client, sign_in_as, group):
    cohort, coordinator, people = group
    browser = sign_in_as(client, coordinator)
    answer = browser.get(f"/certificate/cohort/{cohort.id}/preview/{people['ready'].id}/competence.pdf")
    assert (answer.status_code, answer.mimetype, answer.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert b"/ByteRange" not in answer.data
    assert queries.register(cohort_id=cohort.id) == []
    assert browser.get(f"/certificate/cohort/{cohort.id}/preview/999/competence.pdf").status_code == 404
    assert browser.get(f"/certificate/cohort/{cohort.id}/preview/{people['ready'].id}/diploma.pdf").status_code == 404


def test_all_files_of_a_batch_come_in_one_archive_with_an_index(app, client, sign_in_as, records):
    cohort = a_group("GR")
    coordinator = a_coordinator(cohort)
    made = issued(cohort, [records.met_by(a_trainee(cohort, given_name="Ελένη", family_name="Αντωνίου")) for _ in range(3)], by=coordinator)
    answer = sign_in_as(client, coordinator).get(f"/certificate/batch/{made[0].batch_id}.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.testzip() is None
    assert archive.namelist() == [*(f"{one.number}.pdf" for one in made), "index.csv"]
    assert archive.read(archive.namelist()[0]) == files.content_of(made[0].digest)
    index = archive.read("index.csv").decode("utf-8-sig")
    assert [line.split(",")[1] for line in index.splitlines()[1:]] == ["Ελένη Αντωνίου"] * 3
    assert all(one.digest in index for one in made)


def test_the_register_is_a_file_with_every_certificate_and_what_became_of_it(app, client, sign_in_as, records):
    cohort, coordinator, certificate = one_issued(records)
    changing.revoke(certificate.id, reason="=1+1", by=coordinator.id)
    answer = sign_in_as(client, coordinator).get(f"/certificate/cohort/{cohort.id}/register.csv")
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert f"{certificate.number}," in lines[1]
    assert "'=1+1" in lines[1]


def test_a_batch_that_stands_still_can_be_set_going(app, client, sign_in_as, records):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    batch_id = decided(cohort, [records.met_by(a_trainee(cohort))], by=coordinator).id
    answer = sign_in_as(client, coordinator).post(f"/certificate/batch/{batch_id}/continue")
    assert answer.status_code == 303
    work()
    assert queries.progress(batch_id) == queries.Progress(1, 1)


def test_the_coordinator_revokes_with_a_reason_through_the_page(app, client, sign_in_as, records):
    _, coordinator, certificate = one_issued(records)
    browser = sign_in_as(client, coordinator)
    address = f"/certificate/one/{certificate.id}"
    assert browser.post(f"{address}/revoke", data={"reason": ""}).status_code == 422
    assert queries.certificate(certificate.id).state == State.VALID
    assert browser.post(f"{address}/revoke", data={"reason": "Somebody else attended."}).status_code == 303
    page = text(browser.get(address))
    assert "is revoked, and its holder is told." in page
    assert "Somebody else attended." in page
    assert "This certificate is revoked already." in page
    assert browser.post(f"{address}/revoke", data={"reason": "Again."}).status_code == 409


def test_a_revoked_certificate_is_not_proposed_again_and_can_be_decided_on_purpose(app, client, sign_in_as, records):
    cohort, coordinator, certificate = one_issued(records, given_name="Ana", family_name="Pop")
    changing.revoke(certificate.id, reason="Somebody else attended.", by=coordinator.id)
    browser = sign_in_as(client, coordinator)
    overview, decision = text(browser.get(f"/certificate/cohort/{cohort.id}")), text(browser.get(f"/certificate/cohort/{cohort.id}/decide"))
    assert "Nobody waits for a certificate" in overview
    assert "Decide again about somebody whose certificate was revoked" in overview
    assert f'value="{certificate.person_id}"' in decision
    assert f'value="{certificate.person_id}" checked' not in decision


def test_the_coordinator_replaces_after_the_name_was_corrected(app, client, sign_in_as, records):
    from inspire_lms.kernel.db import session, transaction
    from inspire_lms.kernel.people.models import Person

    _, coordinator, certificate = one_issued(records, given_name="Ana", family_name="Pop")
    browser = sign_in_as(client, coordinator)
    address = f"/certificate/one/{certificate.id}/replace"
    refused = browser.post(address, data={"reason": "Name."})
    assert (refused.status_code, "Correct it there first." in text(refused)) == (409, True)
    with transaction():
        session.get_one(Person, certificate.person_id).given_name = "Ștefania"
    assert browser.post(address, data={"reason": "Name."}).status_code == 303
    work()
    new = queries.replaced_by(certificate.id)
    page = text(browser.get(f"/certificate/one/{new.id}"))
    assert certificate.number in page
    assert new.name in page


def test_a_holder_downloads_the_stored_file_and_nobody_else_does(app, client, sign_in_as, records):
    cohort, coordinator, certificate = one_issued(records, given_name="Ana", family_name="Pop")
    holder = client
    from inspire_lms.kernel.db import session

    person = session.get(type(coordinator), certificate.person_id)
    answer = sign_in_as(holder, person).get(f"/certificate/mine/{certificate.id}.pdf")
    assert answer.data == files.content_of(certificate.digest)
    assert certificate.number in answer.headers["Content-Disposition"]
    for other in (a_trainee(cohort), coordinator):
        assert sign_in_as(client, other).get(f"/certificate/mine/{certificate.id}.pdf").status_code == 404


def test_a_group_whose_edition_certifies_nothing_says_so(app, client, sign_in_as):
    from tests.builders import a_cohort

    cohort = a_cohort()
    page = text(sign_in_as(client, a_coordinator(cohort)).get(f"/certificate/cohort/{cohort.id}"))
    assert "This edition issues no certificates" in page


def test_evidence_that_nobody_keeps_is_said_before_the_decision(app, client, sign_in_as, records):
    cohort = a_group(requires=["attendance", "portfolio"])
    records.met_by(a_trainee(cohort))
    browser = sign_in_as(client, a_coordinator(cohort))
    for address in (f"/certificate/cohort/{cohort.id}", f"/certificate/cohort/{cohort.id}/decide"):
        assert "The edition asks for portfolio" in text(browser.get(address))


def test_a_long_list_of_trainees_is_paged(app, client, sign_in_as, records):
    from tests.builders import many_trainees

    cohort = a_group()
    many_trainees(cohort, 51)
    browser = sign_in_as(client, a_coordinator(cohort))
    first, second = (text(browser.get(f"/certificate/cohort/{cohort.id}?page={page}")) for page in ("1", "99"))
    assert (first.count(">Preview<"), second.count(">Preview<")) == (51, 2)  # one of them heads the column


@pytest.mark.parametrize("people", [2, 40])
def test_the_pages_of_a_group_cost_the_same_for_few_and_for_many(app, client, sign_in_as, records, statements, people):
    from tests.builders import many_trainees

    cohort = a_group()
    coordinator = a_coordinator(cohort)
    for person_id in many_trainees(cohort, people):
        records.shares[person_id] = next(iter(records.shares.values()), None) or __import__("tests.plugins.certificate.builders", fromlist=["a_share"]).a_share()
    browser = sign_in_as(client, coordinator)
    browser.get(f"/certificate/cohort/{cohort.id}")
    with statements() as seen:
        browser.get(f"/certificate/cohort/{cohort.id}")
    assert len(seen) <= 12, "\n".join(seen)
