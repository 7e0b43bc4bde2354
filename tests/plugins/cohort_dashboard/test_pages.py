"""The dashboard, by person."""

import pytest

from inspire_lms.kernel.plugin import switch
from tests.builders import a_cohort, a_trainee, an_administrator, an_edition, many_trainees, staff


@pytest.fixture
def cohort(app):
    return a_cohort()


def test_a_coordinator_is_led_to_the_own_country(client, sign_in_as, cohort):
    number, name = cohort.id, a_trainee(cohort).name
    sign_in_as(client, staff(cohort, "coordinator"))
    page = client.get("/cohort_dashboard/", follow_redirects=True)
    assert page.request.path == f"/cohort_dashboard/{number}"
    assert "Romania: 1 trainee enrolled" in page.text
    assert name.replace("'", "&#39;") in client.get(f"/cohort_dashboard/{number}/people").text


def test_a_coordinator_of_another_country_finds_nothing(client, sign_in_as, cohort):
    number = cohort.id
    sign_in_as(client, staff(a_cohort("IT"), "coordinator"))
    for path in (f"/cohort_dashboard/{number}", f"/cohort_dashboard/{number}/people", f"/cohort_dashboard/{number}/people.csv"):
        assert client.get(path).status_code == 404


def test_a_trainee_may_not_open_it(client, sign_in_as, cohort):
    number = cohort.id
    sign_in_as(client, a_trainee(cohort))
    assert client.get(f"/cohort_dashboard/{number}").status_code == 403


def test_an_administrator_chooses_among_the_countries(client, sign_in_as, app):
    edition = an_edition()
    for country in ("IT", "GR", "RO"):
        a_cohort(country, edition=edition)
    sign_in_as(client, an_administrator())
    page = client.get("/cohort_dashboard/").text
    assert "3 countries at a glance" in page
    assert all(name in page for name in ("Italy", "Greece", "Romania"))


def test_a_country_for_whose_edition_it_is_switched_off_is_not_offered(client, sign_in_as, app):
    first, second = a_cohort("IT"), a_cohort("RO")
    number, edition = second.id, second.edition_id
    sign_in_as(client, an_administrator())
    switch("cohort_dashboard", on=False, edition_id=first.edition_id)
    assert client.get("/cohort_dashboard/").headers["Location"] == f"/cohort_dashboard/{number}"
    switch("cohort_dashboard", on=False, edition_id=edition)
    page = client.get("/cohort_dashboard/")
    assert (page.status_code, "No cohort yet" in page.text) == (200, True)


@pytest.mark.parametrize(
    ("what", "kind", "starts"),
    [
        ("people", "csv", "\ufeffPerson".encode()),
        ("figures", "csv", "\ufeffCode".encode()),
        ("people", "xlsx", b"PK"),
        ("figures", "xlsx", b"PK"),
    ],
)
def test_figures_and_people_come_as_files(client, sign_in_as, cohort, what, kind, starts):
    number = cohort.id
    a_trainee(cohort)
    sign_in_as(client, staff(cohort, "coordinator"))
    assert client.get(f"/cohort_dashboard/{number}/{what}.{kind}").data.startswith(starts)


@pytest.mark.parametrize("path", ["", "/people"])
def test_the_statements_do_not_grow_with_the_people(client, sign_in_as, statements, path, app):
    counted = []
    for people in (2, 200):
        cohort = a_cohort()
        number = cohort.id
        many_trainees(cohort, people)
        sign_in_as(client, staff(cohort, "coordinator"))
        client.get(f"/cohort_dashboard/{number}{path}")
        with statements() as seen:
            client.get(f"/cohort_dashboard/{number}{path}")
        counted.append(len(seen))
    assert counted[0] == counted[1]
