"""The people of a cohort, for those who look after it; another country's people are not there."""

from datetime import UTC, datetime

import pytest

from inspire_lms.kernel import audit
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.people import actions, queries
from tests.builders import a_cohort, a_person, a_trainee, an_administrator, an_edition, staff

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
INVITED = {"email": "ioana@scoala.example", "given_name": "Ioana", "family_name": "Șerban", "language": "ro", "role": "trainer"}


@pytest.fixture
def romania(app):
    return a_cohort("RO", edition=an_edition())


@pytest.fixture
def italy(app, romania):
    return a_cohort("IT", edition=romania.edition)


@pytest.fixture
def coordinator(client, sign_in_as, romania):
    person = staff(romania, "coordinator", given_name="Ana", family_name="Pop")
    sign_in_as(client, person)
    return person


def test_a_coordinator_sees_trainees_and_staff_of_the_own_country_only(client, coordinator, romania, italy):
    here = a_trainee(romania, given_name="Ștefan", family_name="Țiriac")
    staff(romania, "trainer", given_name="Ioana", family_name="Șerban")
    there = a_trainee(italy, given_name="Nicolò", family_name="Bianchi")
    page = client.get("/people")
    assert page.status_code == 200
    assert "3 people" in page.text
    for shown in ("Ștefan Țiriac", "Ioana Șerban", "Ana Pop", "Trainee (Romania)", "Trainer (Romania)"):
        assert shown in page.text
    assert "Bianchi" not in page.text
    assert client.get(f"/people/{here.id}").status_code == 200
    assert client.get(f"/people/{there.id}").status_code == 404
    assert client.get("/people/99999").status_code == 404


def test_an_administrator_sees_everybody(client, sign_in_as, romania, italy):
    sign_in_as(client, an_administrator())
    for cohort in (romania, italy):
        trainee = a_trainee(cohort)
        assert client.get(f"/people/{trainee.id}").status_code == 200
    assert "3 people" in client.get("/people").text


@pytest.mark.parametrize("role", ["trainer", "evaluator"])
def test_the_list_is_not_open_to_other_staff(client, sign_in_as, romania, role):
    sign_in_as(client, staff(romania, role))
    assert client.get("/people").status_code == 403
    assert client.get("/people/invite").status_code == 403


def test_a_visitor_is_asked_to_sign_in(client):
    for address in ("/people", "/people/1", "/people/invite", "/profile", "/profile/data", "/profile/erase"):
        answer = client.get(address)
        assert (answer.status_code, answer.location) == (303, f"/sign-in?next={address}")


@pytest.mark.parametrize("typed", ["TIRIAC", "țiriac", "ştefan", "stefan tir", "primaria.example", "Tiriac  Stefan"])
def test_a_search_finds_people_however_it_is_typed(client, coordinator, romania, typed):
    a_trainee(romania, given_name="Ștefan", family_name="Țiriac", email="s@primaria.example")
    a_trainee(romania, given_name="Ioana", family_name="Șerban")
    page = client.get("/people", query_string={"q": typed}).text
    assert "Ștefan Țiriac" in page
    assert "Ioana Șerban" not in page


def test_a_search_without_a_hit_says_so(client, coordinator):
    assert "Nobody fits" in client.get("/people?q=%25_%3Cscript%3E").text


def test_a_greek_name_is_found_by_its_latin_form(client, coordinator, romania):
    a_trainee(romania, given_name="Γεώργιος", family_name="Παπαϊωάννου", language="el")
    for typed in ("papaioannou", "ΠΑΠΑΪΩΑΝΝΟΥ"):
        assert "Παπαϊωάννου" in client.get("/people", query_string={"q": typed}).text


def test_the_list_costs_the_same_for_two_and_for_sixty(client, coordinator, romania, statements):
    client.get("/people")
    with statements() as few:
        client.get("/people")
    for _ in range(60):
        staff(romania, "evaluator")
    with statements() as many:
        page = client.get("/people")
    assert len(many) == len(few) <= 9, many
    assert page.text.count('href="/people/') >= 50
    assert "page=2" in page.text


def test_people_stand_in_the_order_of_a_directory(client, coordinator, romania):
    for family in ("Țepeș", "Stan", "Șuteu", "Tudor"):
        a_trainee(romania, given_name="Ion", family_name=family, language="ro")
    page = client.get("/people").text
    places = [page.index(f"Ion {family}") for family in ("Stan", "Șuteu", "Tudor", "Țepeș")]
    assert places == sorted(places)


def test_opening_a_person_is_told_to_that_person(client, sign_in_as, coordinator, romania):
    trainee = a_trainee(romania)
    client.get(f"/people/{trainee.id}")
    assert [(line.by_id, line.did) for line in audit.looks_at(trainee.id)] == [(coordinator.id, "people.looked")]
    sign_in_as(client, trainee)
    page = client.get("/profile").text
    assert "Ana Pop" in page


def test_a_coordinator_invites_a_trainer_to_the_own_cohort(client, coordinator, romania, outbox):
    answer = client.post("/people/invite", data=INVITED | {"place": str(romania.id)})
    assert answer.status_code == 303
    invited = queries.by_email(INVITED["email"])
    assert access.people_with_role("trainer", romania.context_id) == [invited.id]
    assert outbox[0].address == INVITED["email"]
    assert "Ana Pop" in outbox[0].text
    assert "Not confirmed yet" in client.get("/people").text


@pytest.mark.parametrize(
    "but",
    [{"role": "coordinator"}, {"role": "administrator"}, {"place": "site"}, {"place": "999"}, {"email": "x"}, {"family_name": "\x00"}],
)
def test_a_coordinator_cannot_give_more_than_that(client, coordinator, romania, outbox, but):
    assert client.post("/people/invite", data=INVITED | {"place": str(romania.id)} | but).status_code == 422
    assert len(outbox) == 0


def test_a_coordinator_cannot_invite_to_another_country(client, coordinator, italy, outbox):
    assert client.post("/people/invite", data=INVITED | {"place": str(italy.id)}).status_code == 422
    assert len(outbox) == 0


def test_an_administrator_gives_any_role(client, sign_in_as, romania, italy):
    sign_in_as(client, an_administrator())
    assert client.post("/people/invite", data=INVITED | {"role": "coordinator", "place": str(italy.id)}).status_code == 303
    assert client.post("/people/invite", data=INVITED | {"role": "administrator", "place": str(italy.id)}).status_code == 422
    assert client.post("/people/invite", data=INVITED | {"role": "trainer", "place": "site"}).status_code == 422
    assert client.post("/people/invite", data=INVITED | {"role": "administrator", "place": "site"}).status_code == 303


def test_a_role_is_taken_back_by_those_who_may(client, coordinator, romania, italy):
    trainer, other = staff(romania, "trainer"), staff(italy, "trainer")
    assert "Take this role back" in client.get(f"/people/{trainer.id}").text
    wrong = {"role": "trainer", "context_id": romania.context_id}
    assert client.post(f"/people/{other.id}/revoke", data=wrong).status_code == 404
    assert client.post(f"/people/{coordinator.id}/revoke", data=wrong | {"role": "coordinator"}).status_code == 404
    assert client.post(f"/people/{trainer.id}/revoke", data=wrong | {"context_id": italy.context_id}).status_code == 404
    assert client.post(f"/people/{trainer.id}/revoke", data=wrong).status_code == 303
    assert access.people_with_role("trainer", romania.context_id) == []


def test_the_last_administrator_keeps_the_role(client, sign_in_as):
    person = an_administrator()
    sign_in_as(client, person)
    answer = client.post(f"/people/{person.id}/revoke", data={"role": "administrator", "context_id": access.system_context()})
    assert answer.status_code == 409
    assert "last administrator" in answer.text


def test_an_erased_person_is_in_no_list(client, sign_in_as, romania):
    from inspire_lms.kernel.people import erasing
    from tests.builders import PASSWORD

    person = a_person()
    erasing.erase(person.id, PASSWORD)
    sign_in_as(client, an_administrator())
    assert f"#{person.id}" not in client.get("/people").text
    assert client.get(f"/people/{person.id}").status_code == 404


def test_html_in_a_name_is_harmless_in_the_list(client, coordinator, romania):
    a_trainee(romania, given_name="<img src=x onerror=alert(1)>", family_name="X")
    assert "<img" not in client.get("/people").text


@pytest.mark.parametrize("language", ["it", "el", "ro", "en"])
def test_each_page_opens_in_each_language(client, coordinator, romania, language):
    for address in ("/people", f"/people/{coordinator.id}", "/people/invite"):
        answer = client.get(address, query_string={"language": language})
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text


def test_inviting_again_sends_a_new_link(client, coordinator, romania, outbox):
    for _ in range(2):
        client.post("/people/invite", data=INVITED | {"place": str(romania.id)})
    first, second = (mail.text.split("/new-password/")[1].split()[0] for mail in outbox)
    assert client.get(f"/new-password/{first}").status_code == 409
    assert actions.set_password(second, "o plimbare pe deal").email == INVITED["email"]


def test_an_administrator_merges_the_second_account_of_an_applicant(client, sign_in_as, romania):
    sign_in_as(client, an_administrator())
    leaving, staying = a_person(), a_trainee(romania)
    assert client.get(f"/people/{leaving.id}/merge").status_code == 200
    assert client.post(f"/people/{leaving.id}/merge", data={"email": "nobody@inspire.example"}).status_code == 422
    assert client.post(f"/people/{staying.id}/merge", data={"email": leaving.email}).status_code == 409
    assert client.post(f"/people/{leaving.id}/merge", data={"email": staying.email}).status_code == 303
    assert queries.person(leaving.id).erased_at is not None
    assert client.get(f"/people/{leaving.id}/merge").status_code == 404


def test_merging_is_not_for_coordinators(client, coordinator, romania):
    trainee = a_trainee(romania)
    assert client.get(f"/people/{trainee.id}/merge").status_code == 403
    assert "another account" not in client.get(f"/people/{trainee.id}").text
