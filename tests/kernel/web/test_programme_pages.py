"""The course, the members of a cohort, and the editions, through their pages."""

from io import BytesIO

import pytest

from inspire_lms.contracts.pages import CohortTasks, NextThing
from inspire_lms.kernel import audit
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.people.profile import change_work
from inspire_lms.kernel.plugin import EditionPart, Plugin, is_on, registry
from inspire_lms.kernel.programmes import actions, queries
from tests.builders import a_cohort, a_trainee, an_administrator, an_edition, staff

FILE = """
[programme]
code = "p"
title = { en = "Programme", ro = "Program" }
aim = { en = "Aim", ro = "Scop" }
[edition]
code = "e"
title = { en = "First edition", ro = "Prima ediție" }
role_title = { en = "Manager", ro = "Responsabil" }
about = { en = "About", ro = "Despre" }
audience = { en = "Civil servants", ro = "Funcționari" }
funding = { en = "Funded", ro = "Finanțat" }
starts = 2027-02-16
ends = 2027-04-15
[framework]
code = "f"
title = { en = "Framework", ro = "Cadru" }
[[framework.level]]
number = 1
title = { en = "One", ro = "Unu" }
about = { en = "One", ro = "Unu" }
[[framework.level]]
number = 2
title = { en = "Two", ro = "Doi" }
about = { en = "Two", ro = "Doi" }
[[framework.competence]]
code = "ethics"
title = { en = "Ethics", ro = "Etică" }
about = { en = "Ethics", ro = "Etică" }
[[unit]]
number = 1
title = { en = "Unit <one>", ro = "Unitatea <unu>" }
live_minutes = 120
study_minutes = 180
[[unit.outcome]]
competence = "ethics"
level = 1
text = { en = "Can tell", ro = "Poate spune" }
[[country]]
code = "RO"
name = { en = "Romania", ro = "România" }
language = "ro"
zone = "Europe/Bucharest"
zone_name = { en = "Romanian time", ro = "ora României" }
seats = 20
"""


@pytest.fixture
def app(settings):
    """The kernel with one plugin that can be switched."""
    from inspire_lms.app import create_app
    from inspire_lms.kernel.db import db
    from tests.conftest import Visitor

    part = EditionPart("bells", lambda _common, _countries: None, lambda *_given: None)
    made = create_app(settings, [Plugin("bells", Message("Bells"), Message("They ring."), edition=part)])
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    made.test_client_class = Visitor
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


def text_of(response):
    return response.get_data(as_text=True)


def test_without_an_edition_the_course_says_so(client):
    response = client.get("/course")
    assert (response.status_code, "No course is published yet" in text_of(response)) == (200, True)


def test_everybody_sees_units_outcomes_hours_and_countries_in_the_own_language(client):
    edition = an_edition()
    a_cohort("IT", edition=edition)
    a_cohort("GR", edition=edition)
    english, greek = text_of(client.get("/course?language=en")), text_of(client.get("/course?language=el"))
    for expected in ("Unit 8", "Outcome 8.1", "16 hours", "24 hours", "40 hours", "Italy", "20 places", "16 February 2027"):
        assert expected in english
    for expected in ("Unit 8 (el)", "Outcome 8.1 (el)", "Ελλάδα", '<span lang="en">Italy</span>'):
        assert expected in greek
    assert client.get(f"/course/{queries.editions()[0].code}").status_code == 200
    assert client.get("/course/unknown").status_code == 404


def test_the_course_costs_the_same_number_of_statements_for_many_units(client, statements):
    seen = {}
    for units in (2, 40):
        a_cohort(edition=an_edition(units=units))
        client.get("/course")
        with statements() as spoken:
            client.get("/course")
        seen[units] = len(spoken)
    assert seen[2] == seen[40] <= 12


@pytest.fixture
def cohort(app):
    return a_cohort("RO", seats=3)


def test_the_coordinator_sees_the_members_with_their_administrations_and_takes_them_along(client, sign_in_as, cohort):
    cohort_id = cohort.id
    coordinator = staff(cohort, "coordinator", language="en")
    trainee = a_trainee(queries.cohort(cohort_id), given_name="Ștefan", family_name="Țiriac", email="stefan@inspire.example")
    change_work(trainee.id, organisation="Primăria =1+1", position="Inspector")
    sign_in_as(client, coordinator)
    page = text_of(client.get(f"/cohort/{cohort_id}/members"))
    for expected in ("Ștefan Țiriac", "Primăria =1+1", "Inspector", "stefan@inspire.example", "1 of 3 places is taken"):
        assert expected in page
    file = client.get(f"/cohort/{cohort_id}/members?as=csv")
    assert file.data.decode("utf-8-sig").splitlines()[1] == "Ștefan Țiriac,Primăria =1+1,Inspector,stefan@inspire.example"
    assert client.get(f"/cohort/{cohort_id}/members?as=xlsx").data[:2] == b"PK"


def test_an_empty_cohort_says_when_members_appear(client, sign_in_as, cohort):
    cohort_id = cohort.id
    sign_in_as(client, staff(cohort, "trainer"))
    assert "Trainees appear here when they accept an offered place." in text_of(client.get(f"/cohort/{cohort_id}/members?language=en"))


def test_another_country_is_not_there_and_without_the_role_the_page_is_not_open(client, sign_in_as, cohort):
    mine = cohort.id
    other = a_cohort("GR").id
    trainee = a_trainee(queries.cohort(other))
    sign_in_as(client, staff(queries.cohort(mine), "coordinator"))
    assert [client.get(path).status_code for path in (f"/cohort/{other}/members", f"/cohort/{other}/members/{trainee.id}", "/cohort/99/members")] == [404] * 3
    assert client.post(f"/cohort/{other}/members/{trainee.id}/withdraw").status_code == 404
    sign_in_as(client, trainee)
    assert client.get(f"/cohort/{other}/members").status_code == 403
    assert queries.participation(other, trainee.id).state == "enrolled"


def test_the_coordinator_records_a_withdrawal_and_a_trainer_does_not(client, sign_in_as, cohort):
    cohort_id = cohort.id
    trainee, coordinator, trainer = a_trainee(cohort), staff(queries.cohort(cohort_id), "coordinator"), staff(queries.cohort(cohort_id), "trainer")
    address = f"/cohort/{cohort_id}/members/{trainee.id}"
    sign_in_as(client, trainer)
    assert "Record a withdrawal" not in text_of(client.get(f"{address}?language=en"))
    assert client.post(f"{address}/withdraw").status_code == 403
    sign_in_as(client, coordinator)
    assert "Record a withdrawal" in text_of(client.get(f"{address}?language=en"))
    page = client.post(f"{address}/withdraw", follow_redirects=True)
    assert "The withdrawal is recorded. The place is free again." in text_of(page)
    assert "One person has withdrawn." in text_of(page)
    assert "Has withdrawn" in text_of(client.get(f"{address}?language=en"))
    assert (queries.participation(cohort_id, trainee.id).state, queries.cohort(cohort_id).taken) == ("withdrawn", 0)
    assert client.post(f"/cohort/{cohort_id}/members/{coordinator.id}/withdraw").status_code == 404


def test_who_has_finished_cannot_withdraw_any_more(client, sign_in_as, cohort):
    cohort_id = cohort.id
    trainee = a_trainee(cohort)
    coordinator = staff(queries.cohort(cohort_id), "coordinator")
    actions.finish(cohort_id, trainee.id, by=None)
    sign_in_as(client, coordinator)
    response = client.post(f"/cohort/{cohort_id}/members/{trainee.id}/withdraw?language=en")
    assert (response.status_code, "This person has finished the course already." in text_of(response)) == (409, True)


@pytest.mark.parametrize("role", ["coordinator", "trainer"])
def test_looking_at_a_member_is_told_to_that_person(client, sign_in_as, cohort, role):
    cohort_id, trainee = cohort.id, a_trainee(cohort)
    looker = staff(queries.cohort(cohort_id), role)
    address = f"/cohort/{cohort_id}/members/{trainee.id}"
    assert sign_in_as(client, looker).get(address).status_code == 200
    assert client.get(f"/cohort/{cohort_id}/members/{looker.id}").status_code == 404
    assert [(line.by_id, line.did, line.cohort_id) for line in audit.looks_at(trainee.id)] == [(looker.id, "programmes.looked", cohort_id)]
    assert audit.looks_at(looker.id) == []


@pytest.fixture
def administrator(client, sign_in_as):
    person = an_administrator()
    sign_in_as(client, person)
    return person


def sent(client, raw, **more):
    return client.post("/editions/load?language=en", data={"file": (BytesIO(raw), "edition.toml"), **more}, content_type="multipart/form-data")


def test_the_administrator_loads_an_edition_from_a_file(client, administrator):
    response = sent(client, FILE.encode())
    assert (response.status_code, response.location) == (303, "/editions")
    found = queries.edition_with("e")
    page = text_of(client.get("/editions"))
    assert ("First edition" in page, "The edition is loaded." in page, found.loaded_by) == (True, True, administrator.id)
    assert "Romania" in text_of(client.get(f"/editions/{found.id}"))
    assert "Unit &lt;one&gt;" in text_of(client.get("/course"))


def test_every_mistake_is_shown_with_its_line_and_nothing_is_loaded(client, administrator):
    wrong = FILE.replace("seats = 20", "seets = 20").replace("level = 1", "level = 9")
    response = sent(client, wrong.encode())
    lines = wrong.split("\n")
    page = text_of(response)
    assert response.status_code == 422
    assert "2 mistakes: nothing was loaded" in page
    for line, sentence in (("seets = 20", "There is no “seets” here; did you mean “seats”?"), ("level = 9", "There is no level 9 in the framework.")):
        assert str(lines.index(line) + 1) in page
        assert sentence in page
    assert queries.editions() == []


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\xff\xfe", "The file is not written in UTF-8."),
        (b"a = 'b", "mistake: nothing was loaded"),
        (b"", "mistakes: nothing was loaded"),
        (b"%PDF-1.7", "mistake: nothing was loaded"),
    ],
)
def test_a_file_that_is_no_edition_is_refused_with_a_sentence(client, administrator, raw, said):
    response = sent(client, raw)
    assert (response.status_code, said in text_of(response)) == (422, True)


def test_no_file_at_all_is_a_mistake_of_the_form(client, administrator):
    response = client.post("/editions/load?language=en", data={})
    assert (response.status_code, "Choose a file." in text_of(response)) == (422, True)


def test_a_file_can_be_looked_at_without_loading_it(client, administrator):
    response = sent(client, FILE.encode(), only_check="yes")
    assert (response.status_code, queries.editions()) == (303, [])
    assert "The file has no mistakes. Nothing was loaded." in text_of(client.get("/editions/load"))


def test_the_sample_can_be_taken_as_a_pattern(client, administrator):
    response = client.get("/editions/sample.toml")
    assert (response.status_code, b"[programme]" in response.data) == (200, True)


def test_a_plugin_is_switched_off_and_on_for_one_edition(client, administrator):
    edition_id, other = an_edition().id, an_edition().id
    assert "Bells" in text_of(client.get(f"/editions/{edition_id}"))
    client.post(f"/editions/{edition_id}/switch/bells", data={"on": "no"})
    assert (is_on("bells", edition_id), is_on("bells", other), is_on("bells")) == (False, True, True)
    client.post(f"/editions/{edition_id}/switch/bells", data={"on": "yes"})
    assert is_on("bells", edition_id)
    assert client.post(f"/editions/{edition_id}/switch/drums", data={"on": "no"}).status_code == 404
    assert client.post("/editions/99/switch/bells", data={"on": "no"}).status_code == 404


@pytest.mark.parametrize("address", ["/editions", "/editions/load", "/editions/1", "/editions/sample.toml"])
def test_editions_are_for_administrators(client, sign_in_as, cohort, address):
    assert client.get(address).status_code == 303
    sign_in_as(client, staff(cohort, "coordinator"))
    assert client.get(address).status_code == 403


def test_an_edition_that_is_not_there_is_not_there(client, administrator):
    assert client.get("/editions/99").status_code == 404




def test_what_waits_for_the_coordinator_is_not_shown_to_a_trainer(client, sign_in_as, cohort):
    cohort_id = cohort.id
    plugin = Plugin("drums", Message("Drums"), Message("They roll."), answers={CohortTasks: _a_task})
    registry().answers[CohortTasks] = {"drums": plugin.answers[CohortTasks]}
    seen = {}
    for role in ("coordinator", "trainer"):
        sign_in_as(client, staff(queries.cohort(cohort_id), role))
        seen[role] = "Roll the drums" in text_of(client.get("/"))
    assert seen == {"coordinator": True, "trainer": False}


def _a_task(_asked):
    return (NextThing("Roll the drums", "", "Roll", "/", None, 1),)
