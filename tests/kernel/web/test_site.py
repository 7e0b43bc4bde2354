"""What every page has: language, headers, the four ways to say no."""

from io import BytesIO

import pytest

from inspire_lms.kernel import clock
from inspire_lms.kernel.plugin import registry
from tests.builders import a_person, an_administrator


@pytest.mark.parametrize(("header", "language"), [("el", "el"), ("de, ro;q=0.5", "ro"), ("de", "en"), ("", "en")])
def test_a_visitor_reads_the_language_of_the_browser(client, header, language):
    assert f'<html lang="{language}"' in client.get("/", headers={"Accept-Language": header}).text


def test_the_language_of_the_account_comes_before_that_of_the_browser(client, sign_in_as):
    sign_in_as(client, a_person(language="ro"))
    assert '<html lang="ro"' in client.get("/", headers={"Accept-Language": "el"}).text


def test_the_chosen_language_stays_on_the_next_page(client):
    assert '<html lang="it"' in client.get("/?language=it").text
    assert '<html lang="it"' in client.get("/course").text
    assert '<html lang="it"' in client.get("/course?language=tlh").text


def test_switching_keeps_the_page(client):
    page = client.get("/course?x=1").text
    assert 'href="?x=1&amp;language=el"' in page


def test_pages_carry_a_strict_policy(client):
    headers = client.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_stands_inline(client):
    for path in ("/", "/components", "/course", "/sign-in"):
        page = client.get(path).text
        assert "style=" not in page
        assert "onclick=" not in page
        assert "<style" not in page


def test_a_page_of_somebody_is_kept_nowhere(client, sign_in_as):
    sign_in_as(client, a_person())
    assert client.get("/").headers["Cache-Control"] == "no-store"


def test_what_is_not_there_says_so_in_the_readers_language(client):
    answer = client.get("/nothing?language=en")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_who_sends_too_much_reads_how_large_a_file_may_be(app, client, sign_in_as):
    app.config["MAX_CONTENT_LENGTH"] = 100
    sign_in_as(client, an_administrator())
    answer = client.post("/editions/load", data={"file": (BytesIO(b"x" * 101), "edition.toml")}, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "A file may have at most 5.0 MB." in answer.text


def test_a_machine_gets_the_reason_as_json(client):
    answer = client.get("/nothing", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json["error"] == "There is no such page"


def test_a_fault_of_ours_has_a_number_and_shows_nothing_else(app, client):
    app.config["TESTING"] = False
    app.testing = False
    registry().answers.clear()

    def break_it():
        msg = "secret detail"
        raise OSError(msg)

    app.view_functions["pages.health"] = break_it
    answer = client.get("/health")
    assert answer.status_code == 500
    assert "Number of this fault" in answer.text
    assert "secret detail" not in answer.text


def test_a_file_has_its_digest_in_the_address_and_may_be_kept(client):
    import re

    href = re.search(r'href="(/static/look.css\?v=\w+)"', client.get("/").text)[1]
    with client.get(href) as sent:
        assert "max-age=31536000" in sent.headers["Cache-Control"]


def test_the_start_page_of_a_person_says_what_the_day_is(client, sign_in_as):
    person = a_person()
    name = person.given_name
    sign_in_as(client, person)
    page = client.get("/").text
    assert f"Good day, {name}" in page
    assert str(clock.now().year) in page


@pytest.mark.parametrize(
    "path", ["/admin", "/admin/roles", "/admin/work", "/admin/mail", "/admin/audit", "/admin/plugin/survey", "/editions"]
)
def test_administration_opens_to_administrators_only(client, sign_in_as, path):
    sign_in_as(client, a_person())
    assert client.get(path).status_code == 403
    sign_in_as(client, an_administrator())
    assert client.get(path).status_code == 200


def test_an_administrator_switches_a_plugin_off_and_its_pages_are_gone(client, sign_in_as):
    sign_in_as(client, an_administrator())
    off = client.post("/admin/plugin/cohort_dashboard/switch", data={"on": "no"}, follow_redirects=True)
    assert "The plugin is switched off. Its data are kept." in off.text
    assert client.get("/cohort_dashboard/").status_code == 404
    client.post("/admin/plugin/cohort_dashboard/switch", data={"on": "yes"})
    assert client.get("/cohort_dashboard/").status_code == 200


def test_an_administrator_changes_what_a_role_may_do(client, sign_in_as):
    person, boss = a_person(), an_administrator()
    sign_in_as(client, boss)
    client.post("/admin/roles", data={"role": "person", "capability": "cohort_dashboard:see", "given": "yes"})
    sign_in_as(client, person)
    assert client.get("/cohort_dashboard/").status_code == 200


def test_the_sign_in_page_costs_at_most_one_statement(client, statements):
    client.get("/sign-in")
    with statements() as seen:
        client.get("/sign-in")
    assert len(seen) <= 1


def test_a_fault_in_the_menu_of_a_plugin_still_gives_the_page_that_says_so(app, client):
    from inspire_lms.contracts.pages import MenuEntries

    def fail(_enquiry):
        msg = "the menu is gone"
        raise OSError(msg)

    app.testing = False
    registry().answers[MenuEntries] = {"survey": fail}
    answer = client.get("/sign-in")
    assert answer.status_code == 500
    assert "Number of this fault" in answer.text
