"""The pages, as each of the roles, over HTTP."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.webinar import queries
from inspire_lms.plugins.webinar.attendance import forms, importing
from inspire_lms.plugins.webinar.models import Stay
from tests.builders import a_trainee, staff
from tests.plugins.webinar.builders import BEFORE, HOST, LINK, MINUTE, a_group, attend, close, held, planned, published
from tests.plugins.webinar.test_importing import sample


@pytest.fixture
def group(app):
    cohort, coordinator, trainer, people = a_group("IT")
    return cohort, coordinator, trainer, people, published(cohort, coordinator)


def text_of(answer):
    return answer.get_data(as_text=True)


STAFF_ONLY = ["/register", "/register.csv", "/register.pdf", "/report", "/present"]


def test_a_trainee_sees_the_own_webinars_and_nothing_of_the_staff(client, sign_in_as, group):
    cohort, _, _, (person, _), ids = group
    sign_in_as(client, person)
    assert [client.get(f"/webinar/{ids[0]}{each}").status_code for each in ("", ".ics")] == [200, 200]
    assert [client.get(f"/webinar/{ids[0]}{each}").status_code for each in (*STAFF_ONLY, "/edit", "/cancel")] == [403] * 7
    assert [client.get(f"/webinar/{each}/{cohort.id}").status_code for each in ("plan", "attendance")] == [403, 403]
    assert [client.get(each).status_code for each in ("/", "/webinar/", "/webinar/calendar", "/webinar/rule", "/agenda")] == [200] * 5


def test_another_country_is_not_there(client, sign_in_as, group):
    cohort, *_, ids = group
    other, coordinator, trainer, (person, _) = a_group("GR")
    for each, paths in (
        (person, [f"/webinar/{ids[0]}"]),
        (trainer, [f"/webinar/{ids[0]}", *(f"/webinar/{ids[0]}{one}" for one in STAFF_ONLY), f"/webinar/attendance/{cohort.id}"]),
        (coordinator, [f"/webinar/plan/{cohort.id}", f"/webinar/{ids[0]}/edit", f"/webinar/{ids[0]}/register", f"/webinar/attendance/{cohort.id}.csv"]),
    ):
        sign_in_as(client, each)
        assert [client.get(path).status_code for path in paths] == [404] * len(paths)
    sign_in_as(client, trainer)
    assert client.post(f"/webinar/{ids[0]}/close").status_code == 404
    assert client.get(f"/webinar/attendance/{other.id}").status_code == 200


def test_visitors_are_sent_to_sign_in_and_the_rule_is_public(client, group):
    *_, ids = group
    assert client.get(f"/webinar/{ids[0]}").status_code == 303
    assert client.get("/webinar/rule").status_code == 200


def test_what_is_only_planned_is_not_there_for_trainees(client, sign_in_as):
    cohort, coordinator, trainer, (person, _) = a_group("RO")
    ids = planned(cohort, coordinator)
    sign_in_as(client, person)
    assert [client.get(f"/webinar/{ids[0]}{each}").status_code for each in ("", ".ics")] == [404, 404]
    sign_in_as(client, trainer)
    assert client.get(f"/webinar/{ids[0]}").status_code == 200


def test_joining_records_and_leads_on_to_the_meeting(client, sign_in_as, group):
    _, _, trainer, (person, _), ids = group
    sign_in_as(client, person)
    start = held(ids[0]).starts_at
    with clock.frozen(start - 16 * MINUTE):
        assert client.post(f"/webinar/{ids[0]}/join").status_code == 409
    with clock.frozen(start - 5 * MINUTE):
        assert LINK not in text_of(client.get(f"/webinar/{ids[0]}"))
        answer = client.post(f"/webinar/{ids[0]}/join")
        assert (answer.status_code, answer.location) == (303, f"/webinar/{ids[0]}/door")
        door = client.get(answer.location)
        assert (door.status_code, door.headers["Refresh"]) == (200, f"0; url={LINK}")
        assert HOST not in text_of(door)
        assert client.post(f"/webinar/{ids[0]}/here").get_json() == {"here": True}
    sign_in_as(client, trainer)
    with clock.frozen(start):
        client.post(f"/webinar/{ids[0]}/join")
        assert client.get(f"/webinar/{ids[0]}/door").headers["Refresh"] == f"0; url={HOST}"
        assert person.name.split()[0] in text_of(client.get(f"/webinar/{ids[0]}/present"))
    sign_in_as(client, person)
    with clock.frozen(start + MINUTE):
        assert client.post(f"/webinar/{ids[0]}/leave").status_code == 303
        assert client.get(f"/webinar/{ids[0]}/door").location == f"/webinar/{ids[0]}"


def test_no_page_of_a_trainee_holds_the_host_link(client, sign_in_as, group):
    *_, (person, _), ids = group
    sign_in_as(client, person)
    with clock.frozen(held(ids[0]).starts_at):
        client.post(f"/webinar/{ids[0]}/join")
        pages = ["/", "/webinar/", f"/webinar/{ids[0]}", f"/webinar/{ids[0]}/door", f"/webinar/{ids[0]}.ics", "/agenda"]
        assert [each for each in pages if HOST in text_of(client.get(each))] == []


def test_the_trainer_takes_closes_prints_and_exports_the_register(client, sign_in_as, group):
    cohort, _, trainer, _, ids = group
    evil = a_trainee(cohort, given_name="=Mara", family_name="<b>Ștefan</b> Παπαϊωάννου")
    attend(ids[0], evil, late=10)
    sign_in_as(client, trainer)
    with clock.frozen(held(ids[0]).ends_at + MINUTE):
        assert "Close the register" in text_of(client.get(f"/webinar/{ids[0]}/register"))
        assert client.post(f"/webinar/{ids[0]}/close").status_code == 303
        assert client.post(f"/webinar/{ids[0]}/close").status_code == 409
        shown = text_of(client.get(f"/webinar/{ids[0]}/register"))
        table = text_of(client.get(f"/webinar/{ids[0]}/register.csv"))
        printed = client.get(f"/webinar/{ids[0]}/register.pdf")
    assert "<b>Ștefan" not in shown
    assert "&lt;b&gt;Ștefan&lt;/b&gt; Παπαϊωάννου" in shown
    assert table.startswith("\ufeffName,")
    assert "\n'=Mara <b>Ștefan</b> Παπαϊωάννου," in table
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(printed.data)).pages)
    assert "=Mara <b>Ștefan</b>" in words
    assert "Παπαϊωάννου" in words
    assert "110" in words


def test_a_correction_after_closing_is_made_on_a_page_and_stays_visible(client, sign_in_as, group):
    _, _, trainer, (person, _), ids = group
    close(ids[0], trainer)
    sign_in_as(client, trainer)
    local = held(ids[0]).local
    typed = {"came_day": local.day, "came_month": local.month, "came_year": local.year, "came_time": "15:00"}
    typed |= {"left_day": local.day, "left_month": local.month, "left_year": local.year, "left_time": "16:10"}
    path = f"/webinar/{ids[0]}/line/{person.id}"
    with clock.frozen(held(ids[0]).ends_at + 9 * MINUTE):
        assert client.post(path, data=typed).status_code == 422
        assert client.post(path, data=typed | {"left_time": "14:00", "reason": "Heard."}).status_code == 409
        assert client.post(path, data=typed | {"reason": "Heard and answered."}).status_code == 303
    shown = text_of(client.get(f"/webinar/{ids[0]}/register"))
    assert "from 0 to 70 min." in shown
    assert "Heard and answered." in shown


def test_a_report_is_read_asked_about_and_counted_on_pages(client, sign_in_as, group):
    cohort, _, trainer, _, ids = group
    a_trainee(cohort, given_name="Maria", family_name="Rossi", email="maria.rossi@comune.example.it")
    chiara_id = a_trainee(cohort, given_name="Chiara", family_name="Conti").id
    sign_in_as(client, trainer)
    path = f"/webinar/{ids[0]}/report"
    with clock.frozen(held(ids[0]).ends_at + MINUTE):
        wrong = client.post(path, data={"report": (BytesIO(b"%PDF-1.7"), "report.csv"), "zone": "Europe/Rome"})
        assert (wrong.status_code, "This is a PDF file" in text_of(wrong)) == (422, True)
        answer = client.post(path, data={"report": (BytesIO(sample("zoom_italian.csv", ids[0])), "zoom.csv"), "zone": "Europe/Rome"})
        assert answer.status_code == 303
        page = text_of(client.get(answer.location))
        assert "iPhone di Chiara" in page
        assert client.post(answer.location, data={}).status_code == 422
        matches = importing.waiting(int(answer.location.rpartition("/")[2])).matches
        typed = {forms.field_name(each): str(chiara_id) if each.participant.name == "iPhone di Chiara" else "nobody" for each in matches}
        assert client.post(answer.location, data=typed).status_code == 303
        assert "15:47" in text_of(client.get(f"/webinar/{ids[0]}/register"))


def test_an_answer_stays_with_its_participant_when_the_group_changes_meanwhile(client, sign_in_as, group):
    cohort, _, trainer, _, ids = group
    a_trainee(cohort, given_name="Maria", family_name="Rossi", email="maria.rossi@comune.example.it")
    chiara_id = a_trainee(cohort, given_name="Chiara", family_name="Conti").id
    cohort_id = cohort.id
    sign_in_as(client, trainer)
    with clock.frozen(held(ids[0]).ends_at + MINUTE):
        sent = {"report": (BytesIO(sample("zoom_italian.csv", ids[0])), "zoom.csv"), "zone": "Europe/Rome"}
        address = client.post(f"/webinar/{ids[0]}/report", data=sent).location
        shown = re.findall(r'<label for="f-([^"]+)">([^<]+)</label>', text_of(client.get(address)))
        typed = {field: str(chiara_id) if name == "iPhone di Chiara" else "nobody" for field, name in shown if field.startswith("who")}
        a_trainee(session.get_one(Cohort, cohort_id), given_name="Paola", family_name="Ferri")
        assert client.post(address, data=typed).status_code == 303
    found = session.execute(select(Stay.person_id, Stay.source).where(Stay.webinar_id == ids[0])).all()
    assert [tuple(each) for each in found] == [(chiara_id, "imported")]


def test_whose_connections_were_looked_at_can_see_who_looked(client, sign_in_as, group):
    _, _, trainer, (person, _), ids = group
    sign_in_as(client, trainer)
    client.get(f"/webinar/{ids[0]}/line/{person.id}")
    client.get(f"/webinar/{ids[0]}/line/{trainer.id}")
    assert [(each.by_id, each.did) for each in audit.looks_at(person.id)] == [(trainer.id, "webinar.looked")]
    assert [each.did for each in audit.about_person(trainer.id) if each.did == "webinar.looked"] == []
    sign_in_as(client, person)
    assert trainer.name in text_of(client.get("/profile"))


def test_the_coordinator_plans_publishes_moves_and_cancels_on_pages(client, sign_in_as, app):
    cohort, coordinator, trainer, _ = a_group("RO")
    cohort_id = cohort.id
    sign_in_as(client, coordinator)
    with clock.frozen(BEFORE):
        assert "This is" not in text_of(client.get(f"/webinar/plan/{cohort_id}"))
        assert client.post(f"/webinar/plan/{cohort_id}/from-pattern").status_code == 303
        assert client.post(f"/webinar/plan/{cohort_id}/from-pattern").status_code == 409
        assert client.post(f"/webinar/plan/{cohort_id}/publish").status_code == 303
        ids = [each.id for each in queries.of_cohort(cohort_id)]
        moved = {"starts_day": "14", "starts_month": "3", "starts_year": "2027", "starts_time": "10:00", "minutes": "90", "leaders": str(trainer.id), "link": LINK, "host_link": ""}
        assert client.post(f"/webinar/{ids[0]}/edit", data=moved).status_code == 409
        asked = text_of(client.post(f"/webinar/{ids[0]}/edit", data=moved | {"reason": "Holiday."}))
        agreed = re.search(r'name="agreed" value="([^"]+)"', asked)[1]
        assert client.post(f"/webinar/{ids[0]}/edit", data=moved | {"reason": "Holiday.", "agreed": agreed}).status_code == 303
        page = text_of(client.get(f"/webinar/plan/{cohort_id}"))
        assert "This is a Sunday." in page
        assert client.post(f"/webinar/{ids[1]}/cancel", data={"reason": ""}).status_code == 422
        assert client.post(f"/webinar/{ids[1]}/cancel", data={"reason": "Ill."}).status_code == 303
        added = moved | {"number": "9", "title": "Atelier", "starts_day": "21"}
        assert client.post(f"/webinar/plan/{cohort_id}/new", data=added).status_code == 303
    assert [(held(each).state, held(each).sequence) for each in ids[:3]] == [("published", 1), ("cancelled", 1), ("published", 0)]


def test_lists_cost_the_same_for_two_people_and_for_twenty(client, sign_in_as, statements, group):
    cohort, _, trainer, _, ids = group
    cohort_id = cohort.id
    sign_in_as(client, trainer)
    paths = [f"/webinar/{ids[0]}/register", f"/webinar/attendance/{cohort_id}", f"/webinar/{ids[0]}", "/webinar/"]
    counts = []
    for _ in range(2):
        for each in paths:
            client.get(each)
        seen = []
        for each in paths:
            with statements() as here:
                client.get(each)
            seen.append(len(here))
        counts.append(seen)
        for _more in range(9):
            a_trainee(session.get_one(Cohort, cohort_id))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 14


def test_a_second_trainer_of_the_country_may_take_the_register_too(client, sign_in_as, group):
    cohort, *_, ids = group
    sign_in_as(client, staff(cohort, "trainer"))
    assert client.get(f"/webinar/{ids[0]}/register").status_code == 200
