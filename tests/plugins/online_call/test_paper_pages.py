"""The coordinator's pages for applications on paper, without scripts: template, table, dry run, confirmation."""

import csv
import io
import re

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.importing.models import Import
from inspire_lms.plugins.online_call.models import Application
from tests.builders import a_person, an_administrator, words
from tests.plugins.online_call.builders import CLOSED, Kind, Section, a_call, a_form, a_question, an_application, committee
from tests.plugins.online_call.confirming import sees
from tests.plugins.online_call.papers import COLUMNS, SOURCE, a_row, a_table, confirmed, handed_in

pytestmark = pytest.mark.usefixtures("app")


def send(client, address, content, name="table.csv"):
    return client.post(address, data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def as_xlsx(*rows):
    book = Workbook()
    book.active.append(list(COLUMNS))
    for row in rows:
        book.active.append([row[each] for each in COLUMNS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def choices():
    form = a_form()
    region = a_question("region", Kind.CHOICE, options={"north": words("The north"), "south": words("The south")})
    tools = a_question("tools", Kind.CHOICES, options={"web": words("Web"), "phone": words("Phone")}, is_optional=True)
    return (*form, Section("more", words("More"), (region, tools, a_question("years", Kind.WHOLE, least=0, most=60))))


def test_the_whole_way_from_the_template_to_the_receipt(client, sign_in_as, outbox):
    call = a_call("IT", form=choices())
    cohort_id = call.cohort_id
    sign_in_as(client, committee(call)[2])
    paper = f"/online_call/rooms/{cohort_id}/paper"
    with clock.frozen(CLOSED):
        assert paper in client.get(f"/online_call/rooms/{cohort_id}").text
        sheet = load_workbook(io.BytesIO(client.get(f"{paper}/template.xlsx").data)).active
        headings, about = ([cell.value for cell in row] for row in sheet.iter_rows(max_row=2))
        assert about[headings.index("region")] == "The region (needed; one of these codes: north = The north; south = The south)"
        assert about[headings.index("tools")] == "The tools (optional; codes with a semicolon between them: web = Web; phone = Phone)"
        told = a_row(1) | {"region": "SOUTH", "tools": "phone; web", "years": 7}
        sheet.append([told[each] for each in headings])
        filled = io.BytesIO()
        sheet.parent.save(filled)
        there = send(client, paper, filled.getvalue(), "carta.xlsx").headers["Location"]
        assert "1 application can be entered" in client.get(there).text
        assert session.scalar(select(func.count()).select_from(Application)) == 0
        refused = client.post(f"{there}/confirm", data={"source": SOURCE})
        assert (refused.status_code, "Without this statement nothing is imported." in refused.text) == (422, True)
        done = client.post(f"{there}/confirm", data=sees(client, there) | {"source": SOURCE, "declared": "yes"}, follow_redirects=True)
        assert "1 application was entered" in done.text
        assert SOURCE in done.text
        assert "carta.xlsx" in client.get(paper).text
        assert client.post(f"{there}/confirm", data={"source": SOURCE, "declared": "yes"}).status_code == 303
    kept = session.scalars(select(Application)).one()
    assert {code: kept.answers[code] for code in ("region", "tools", "years")} == {"region": "south", "tools": ["web", "phone"], "years": 7}


def test_the_template_as_csv_has_the_same_columns_and_can_be_handed_in_filled(client, sign_in_as):
    call = a_call("IT")
    sign_in_as(client, committee(call)[2])
    paper = f"/online_call/rooms/{call.cohort_id}/paper"
    with clock.frozen(CLOSED):
        template = client.get(f"{paper}/template.csv").data
        headings = next(csv.reader(io.StringIO(template.decode("utf-8-sig"))))
        assert tuple(headings) == COLUMNS
        row = a_table(a_row(1)).partition(b"\r\n")[2]
        assert send(client, paper, template + row).status_code == 303
    assert "not a single application" in send(client, paper, template).text


def test_mistakes_are_listed_with_their_place_in_the_readers_language(client, sign_in_as):
    call = a_call("IT")
    coordinator = an_administrator(language="it")
    import_id, _by = handed_in(call, a_row(1, received_at="yesterday"), by=coordinator.id)
    sign_in_as(client, coordinator)
    with clock.frozen(CLOSED):
        page = client.get(f"/online_call/imports/{import_id}").text
    assert "D (received_at)" in page
    assert "Scriva giorno e ora, per esempio 2026-12-01 10:30." in page


def test_a_file_that_is_no_table_is_refused_beside_the_field(client, sign_in_as):
    call = a_call("IT")
    sign_in_as(client, committee(call)[2])
    with clock.frozen(CLOSED):
        answer = send(client, f"/online_call/rooms/{call.cohort_id}/paper", b"%PDF-1.7", "scan.pdf")
    assert (answer.status_code, "“scan.pdf” is a PDF file" in answer.text) == (422, True)


def test_doubts_are_asked_one_by_one_and_nothing_is_chosen_beforehand(client, sign_in_as):
    call = a_call("IT")
    coordinator = committee(call)[2]
    import_id, _by = handed_in(call, a_row(1), a_row(1, e_mail="anna@elsewhere.example"), by=coordinator.id)
    sign_in_as(client, coordinator)
    address = f"/online_call/imports/{import_id}"
    with clock.frozen(CLOSED):
        page = client.get(address).text
        assert page.count('name="row_3"') == 3
        assert "checked" not in page
        assert client.post(address, data={}).status_code == 422
        assert client.post(address, data={"row_3": "row"}).status_code == 303
        assert "1 application can be entered" in client.get(address).text
        client.post(f"{address}/ask-again")
        assert "1 row is in doubt" in client.get(address).text
        client.post(f"{address}/drop")
    assert session.scalar(select(func.count()).select_from(Import)) == 0


@pytest.mark.parametrize(("who", "status"), [("evaluator", 403), ("elsewhere", 404), ("applicant", 403), ("nobody", 303)])
def test_only_the_coordinators_of_the_country_get_in(client, sign_in_as, who, status):
    call = a_call("IT")
    import_id, _by = handed_in(call, a_row(1))
    cohort_id = call.cohort_id
    people = {"evaluator": committee(call)[0], "elsewhere": committee(a_call("RO"))[2], "applicant": a_person()}
    if who in people:
        sign_in_as(client, people[who])
    paper, dry_run = f"/online_call/rooms/{cohort_id}/paper", f"/online_call/imports/{import_id}"
    with clock.frozen(CLOSED):
        assert {client.get(each).status_code for each in (paper, f"{paper}/template.csv", f"{paper}/template.xlsx", dry_run)} == {status}
        posted = {client.post(each).status_code for each in (paper, dry_run, f"{dry_run}/confirm", f"{dry_run}/drop", f"{dry_run}/ask-again")}
    assert posted == {status}
    assert session.scalar(select(func.count()).select_from(Import)) == 1


def test_applicant_and_coordinator_see_that_it_came_on_paper(client, sign_in_as):
    call = a_call("IT")
    online = an_application(call).id
    import_id, by = handed_in(call, a_row(1, reading_language="en"))
    confirmed(import_id, by)
    on_paper = session.scalars(select(Application).where(Application.id != online)).one()
    number, owner = on_paper.id, session.get(Person, on_paper.person_id)
    with clock.frozen(CLOSED):
        sign_in_as(client, an_administrator())
        file = client.get(f"/online_call/files/{number}").text
        assert [said in file for said in ("Received on paper", "table.csv, 2", SOURCE, "Entered from paper", "Handed in on paper")] == [True] * 5
        assert "Received on paper" not in client.get(f"/online_call/files/{online}").text
        owner_page = sign_in_as(client, _with_password(owner)).get(f"/online_call/applications/{number}").text
    assert "Received on paper" in owner_page
    assert re.search("Your application came on paper. Its answers were entered here on .* by the coordination", owner_page)
    assert SOURCE not in owner_page


def _with_password(person):
    from inspire_lms.kernel.db import transaction

    person_id = person.id
    with transaction():
        session.get(Person, person_id).verified_at = CLOSED
    return session.get(Person, person_id)


def test_the_page_of_imports_takes_as_many_statements_for_many_as_for_one(client, sign_in_as, statements):
    call = a_call("IT")
    coordinator = committee(call)[2]
    by, seen_by = coordinator.id, []
    sign_in_as(client, coordinator)
    address = f"/online_call/rooms/{call.cohort_id}/paper"
    for part in (range(1), range(1, 12)):
        for number in part:
            handed_in(call, a_row(number), by=by)
        client.get(address)
        with statements() as seen:
            assert client.get(address).status_code == 200
        seen_by.append(len(seen))
    assert seen_by[0] == seen_by[1]
