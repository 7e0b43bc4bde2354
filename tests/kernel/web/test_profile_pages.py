"""One's own account."""

import json

import pytest

from inspire_lms.kernel.people import queries
from tests.builders import PASSWORD, a_cohort, a_person, a_trainee, an_administrator

PAGES = ["/profile", "/profile/change", "/profile/work", "/profile/password", "/profile/erase"]
PROFILE = {
    "given_name": "Γεώργιος",
    "family_name": "Παπαϊωάννου",
    "latin_given_name": "",
    "latin_family_name": "Papaioannou",
    "language": "el",
    "zone": "Europe/Athens",
}


@pytest.fixture
def person(client, sign_in_as):
    made = a_person(given_name="Nicolò", family_name="D'Angelo", language="it")
    sign_in_as(client, made)
    return made


@pytest.mark.parametrize("language", ["it", "el", "ro", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_each_page_opens_in_each_language(client, person, address, language):
    answer = client.get(address, query_string={"language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text


def test_names_and_language_are_changed_and_the_page_follows(client, person):
    answer = client.post("/profile/change", data=PROFILE, follow_redirects=True)
    assert answer.status_code == 200
    assert '<html lang="el">' in answer.text
    assert "Γεώργιος Παπαϊωάννου" in answer.text
    assert "Georgios Papaioannou" in answer.text


def test_no_zone_means_that_of_the_course(client, person):
    client.post("/profile/change", data=PROFILE | {"zone": ""})
    assert queries.person(person.id).zone is None


@pytest.mark.parametrize(
    ("field", "wrong"), [("given_name", ""), ("latin_family_name", "Παπα"), ("zone", "Mars/Olympus"), ("language", "xx")]
)
def test_what_is_wrong_is_said_at_its_field(client, person, field, wrong):
    answer = client.post("/profile/change", data=PROFILE | {field: wrong})
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text


def test_administration_and_position_are_told_and_taken_back(client, person):
    client.post("/profile/work", data={"organisation": "Comune di Forlì", "position": "Funzionaria"})
    assert "Comune di Forlì" in client.get("/profile").text
    client.post("/profile/work", data={"organisation": "", "position": ""})
    assert queries.work_of(person.id) == queries.Work()


def test_changing_the_password_keeps_this_session_and_ends_the_others(app, client, sign_in_as, person):
    elsewhere = sign_in_as(app.test_client(), person)
    assert client.post("/profile/password", data={"current": "wrong", "password": "un tè sul balcone"}).status_code == 422
    assert client.post("/profile/password", data={"current": PASSWORD, "password": "un tè sul balcone"}).status_code == 303
    assert client.get("/profile").status_code == 200
    assert elsewhere.get("/profile").status_code == 303


def test_all_that_is_held_can_be_taken_along(client, person):
    answer = client.get("/profile/data")
    told = json.loads(answer.text)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert told["tables"]["people_person"][0]["family_name"] == "D'Angelo"
    assert "argon2" not in answer.text


def test_an_account_is_erased_with_the_password(client, person):
    email = person.email
    assert client.post("/profile/erase", data={"password": "wrong"}).status_code == 422
    assert client.post("/profile/erase", data={"password": PASSWORD}).status_code == 303
    assert client.get("/profile").status_code == 303
    assert queries.by_email(email) is None


def test_who_holds_a_place_withdraws_first(client, sign_in_as):
    trainee = a_trainee(a_cohort(), language="en")
    sign_in_as(client, trainee)
    answer = client.post("/profile/erase", data={"password": PASSWORD})
    assert answer.status_code == 409
    assert "You hold a place in a course." in answer.text


def test_the_last_administrator_stays(client, sign_in_as):
    sign_in_as(client, an_administrator())
    assert client.post("/profile/erase", data={"password": PASSWORD}).status_code == 409
