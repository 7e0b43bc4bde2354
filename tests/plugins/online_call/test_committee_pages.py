"""The committee's pages: who gets in, what is kept, what leaves as a file."""

import csv
import re
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.models import Application, Mark, Review
from inspire_lms.plugins.online_call.offering import leaving, publishing
from inspire_lms.plugins.online_call.offering.models import Place
from tests.builders import an_administrator
from tests.plugins.online_call.builders import (
    CLOSED,
    PUBLISHED,
    a_call,
    a_draft,
    a_selection,
    an_application,
    committee,
    decided,
    judged,
    scored,
)
from tests.plugins.online_call.confirming import confirmed

pytestmark = pytest.mark.usefixtures("app")


def person(person_id):
    return session.get(Person, person_id)


def addresses(call, application):
    cohort = call.cohort_id
    review = session.scalars(select(Review.id).where(Review.application_id == application.id)).first()
    return {
        "room": f"/online_call/rooms/{cohort}",
        "applications": f"/online_call/rooms/{cohort}/applications",
        "csv": f"/online_call/rooms/{cohort}/export.csv",
        "xlsx": f"/online_call/rooms/{cohort}/export.xlsx",
        "file": f"/online_call/files/{application.id}",
        "attached": f"/online_call/files/{application.id}/attached/authorisation",
        "review": f"/online_call/reviews/{review}",
    }


EVERYWHERE = ("room", "applications", "csv", "xlsx", "file", "attached", "review")


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("coordinator", {"room", "applications", "csv", "xlsx", "file", "attached"}),
        ("administrator", {"room", "applications", "csv", "xlsx", "file", "attached"}),
        ("evaluator", {"review"}),
        ("coordinator elsewhere", set()),
        ("evaluator elsewhere", set()),
        ("applicant", set()),
        ("nobody", set()),
    ],
)
def test_each_role_gets_in_where_it_belongs_and_nowhere_else(client, sign_in_as, who, may):
    call = a_call("IT")
    one, _other, coordinator = committee(call)
    elsewhere = committee(a_call("RO"))
    application = decided(an_application(call), coordinator)
    people = {
        "coordinator": coordinator, "administrator": an_administrator(), "evaluator": one, "coordinator elsewhere": elsewhere[2],
        "evaluator elsewhere": elsewhere[0], "applicant": person(application.person_id),
    }  # fmt: skip
    if who in people:
        sign_in_as(client, people[who])
    with clock.frozen(CLOSED):
        answers = {name: client.get(address).status_code for name, address in addresses(call, application).items()}
    assert {name for name, status in answers.items() if status == 200} == may
    refused = {303} if who == "nobody" else {404} if "elsewhere" in who else {403, 404}
    assert {status for status in answers.values() if status != 200} <= refused | ({403} if "elsewhere" in who or may else set())


def test_another_countrys_ids_are_not_there(client, sign_in_as):
    call = a_call("IT")
    application = an_application(call)
    sign_in_as(client, committee(a_call("RO"))[2])
    for address in (f"/online_call/rooms/{call.cohort_id}", f"/online_call/files/{application.id}"):
        assert client.get(address).status_code == 404
    for address in (f"/online_call/rooms/{call.cohort_id}/publish", f"/online_call/files/{application.id}", f"/online_call/files/{application.id}/ask"):
        assert client.post(address, data={"decision": "eligible", "evaluator": "1"}).status_code == 404


def test_nobody_reads_a_draft(client, sign_in_as):
    call = a_call()
    draft = a_draft(call)
    sign_in_as(client, committee(call)[2])
    assert client.get(f"/online_call/files/{draft.id}").status_code == 404


def test_an_evaluator_sees_neither_what_the_other_gave_nor_private_answers(client, sign_in_as):
    call = a_call()
    _one, other, coordinator = committee(call)
    application = scored(decided(an_application(call, adjustments="Captions, please."), coordinator), "77.5")
    sign_in_as(client, other)
    address = session.scalars(select(Review.id).where(Review.application_id == application.id, Review.evaluator_id == other.id)).one()
    with clock.frozen(CLOSED):
        page = client.get(f"/online_call/reviews/{address}").text
    assert "A challenge of our own." in page
    for hidden in ("77.5", "60.0", "17.5", "Captions, please."):
        assert hidden not in page


def test_a_coordinator_who_is_to_evaluate_does_not_see_the_others_points_before(client, sign_in_as):
    from inspire_lms.plugins.online_call.judging import reviewing

    call = a_call()
    coordinator = committee(call)[2]
    application = scored(decided(an_application(call), coordinator), "91.5", "60.5")
    sign_in_as(client, coordinator)
    where = addresses(call, application)
    with clock.frozen(CLOSED):
        assert "91.5" in client.get(where["room"]).text
        reviewing.ask(application.id, coordinator.id, by=coordinator.id)
        for name in ("room", "file", "csv"):
            assert "91.5" not in client.get(where[name]).text


def test_deciding_evaluating_and_publishing_by_page(client, sign_in_as, outbox):
    call = a_call(seats=1)
    one, other, coordinator = committee(call)
    applications = [an_application(call), an_application(call), an_application(call, employed="no")]
    room = f"/online_call/rooms/{call.cohort_id}"
    with clock.frozen(CLOSED):
        sign_in_as(client, coordinator)
        assert confirmed(client, f"{room}/confirm").status_code == 303
        rejected = client.post(f"/online_call/files/{applications[2].id}", data={"decision": "rejected"})
        assert rejected.status_code == 303
        assert client.post(f"{room}/publish").status_code == 409
        for evaluator in (one, other):
            sign_in_as(client, evaluator)
            for number, review in enumerate(session.scalars(select(Review.id).where(Review.evaluator_id == evaluator.id).order_by(Review.id)).all()):
                wrong = client.post(f"/online_call/reviews/{review}", data={"motivation": "61", "transfer": "1"})
                assert wrong.status_code == 422
                data = {"motivation": f"{40 + number},5", "transfer": "20", "_comment": "Seen"}
                assert client.post(f"/online_call/reviews/{review}", data=data).status_code == 303
        sign_in_as(client, coordinator)
        assert "Publish the ranking" in client.get(room).text
        assert confirmed(client, f"{room}/publish").status_code == 303
        page = client.get(room).text
    assert "Ranking published" in page
    lines = session.scalars(select(Place).order_by(Place.position)).all()
    assert [(line.application_id, str(line.total), line.standing) for line in lines] == [
        (applications[1].id, "61.5000", "offered"),
        (applications[0].id, "60.5000", "reserve"),
    ]
    assert sum("A place is offered" in mail.subject for mail in outbox) == 1


def test_formulas_and_markup_in_answers_are_harmless_in_pages_and_files(client, sign_in_as):
    call = a_call()
    coordinator = committee(call)[2]
    evil, script = '=HYPERLINK("http://x")', "<script>alert(1)</script>"
    application = scored(decided(an_application(call, administration=evil, challenge=script), coordinator), 80, 80)
    sign_in_as(client, coordinator)
    where = addresses(call, application)
    with clock.frozen(CLOSED):
        plain, xlsx = client.get(where["csv"]), client.get(where["xlsx"])
        pages = client.get(where["file"]).text + client.get(where["room"]).text + client.get(where["applications"]).text
    assert plain.data.startswith("\ufeff".encode())
    assert next(row for row in csv.reader(StringIO(plain.text)) if row[0] == "1")[3] == f"'{evil}"
    cell = load_workbook(BytesIO(xlsx.data)).active["D2"]
    assert (cell.value, cell.data_type) == (evil, "s")
    assert script not in pages
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in pages


def test_the_export_holds_every_criterion_of_every_evaluation(client, sign_in_as):
    _call, applications = a_selection(["91.5", 80], seats=1)
    sign_in_as(client, an_administrator())
    with clock.frozen(PUBLISHED + timedelta(days=1)):
        text = client.get(f"/online_call/rooms/{_call.cohort_id}/export.csv").text
    head, first, _second = csv.reader(StringIO(text))
    assert head[5:9] == ["A: Motivation", "A: Transfer", "B: Motivation", "B: Transfer"]
    assert first[:2] == ["1", applications[0].protocol_number]
    assert first[5:9] == ["60.00", "31.50", "60.00", "31.50"]


@pytest.mark.parametrize("page", ["applications", "room", "published room"])
def test_a_list_costs_the_same_statements_with_two_rows_as_with_two_hundred(client, sign_in_as, statements, page):
    counted = []
    for country, number in (("IT", 2), ("RO", 200)):
        call = a_call(country)
        call_id = call.id
        _ids, coordinator = judged(call, [95 - each / 10 for each in range(number)])
        sign_in_as(client, coordinator)
        address = f"/online_call/rooms/{call.cohort_id}{'/applications' if page == 'applications' else ''}"
        with clock.frozen(CLOSED):
            if page == "published room":
                publishing.publish(call_id, by=coordinator.id)
            client.get(address)
            with statements() as seen:
                assert client.get(address).status_code == 200
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_a_long_list_is_paged_by_fifty(client, sign_in_as):
    call = a_call()
    ids, coordinator = judged(call, [95 - each / 10 for each in range(60)])
    sign_in_as(client, coordinator)
    pages = [client.get(f"/online_call/rooms/{call.cohort_id}/applications?page={page}").text for page in (1, 2)]
    assert [sum(f'/online_call/files/{each}"' in page for each in ids) for page in pages] == [50, 10]
    with clock.frozen(CLOSED):
        pages = [client.get(f"/online_call/rooms/{call.cohort_id}?page={page}").text for page in ("1", "2", "99", "x", "9" * 5000)]
    # The line of the cut-off is one of the fifty rows.
    assert [sum(f'/online_call/files/{each}"' in page for each in ids) for page in pages] == [49, 11, 11, 49, 49]


def test_the_committee_room_draws_more_than_sixty_people_as_bands(client, sign_in_as):
    call = a_call()
    _ids, coordinator = judged(call, [95 - each / 10 for each in range(70)])
    sign_in_as(client, coordinator)
    with clock.frozen(CLOSED):
        assert "90 to under 95" in client.get(f"/online_call/rooms/{call.cohort_id}").text


def test_full_marks_for_everybody_are_drawn_too(client, sign_in_as):
    call = a_call()
    _ids, coordinator = judged(call, [100, 100])
    sign_in_as(client, coordinator)
    with clock.frozen(CLOSED):
        assert "Median 100.00; from 100.00 to 100.00." in client.get(f"/online_call/rooms/{call.cohort_id}").text


def test_somebody_unsuitable_who_withdraws_does_not_move_the_cut_off(client, sign_in_as):
    call, applications = a_selection([90, 80, 45], seats=3)
    cohort_id, last = call.cohort_id, applications[2]
    with clock.frozen(PUBLISHED + timedelta(days=1)):
        leaving.withdraw(last.id, by=last.person_id)
        sign_in_as(client, an_administrator())
        assert "cut-off 80.00" in client.get(f"/online_call/rooms/{cohort_id}").text


def test_a_published_ranking_is_shown_as_it_was_fixed_whatever_happens_afterwards(client, sign_in_as):
    call, applications = a_selection([90, "88.25", 80, 45], seats=2)
    cohort_id, leaver, (first, _second, reserve, unsuitable) = call.cohort_id, applications[1], [each.id for each in applications]
    with clock.frozen(PUBLISHED + timedelta(days=1)):
        leaving.withdraw(leaver.id, by=leaver.person_id)
        with transaction():
            # Not by any page: points that change after publication must not show in what was published.
            session.execute(update(Mark).values(points=1))
        sign_in_as(client, an_administrator())
        page = client.get(f"/online_call/rooms/{cohort_id}").text
    ranking = page.split('id="ranking"')[1]
    rows = [[re.sub(r"<[^>]+>", " ", cell).split() for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL)] for row in re.findall(r"<tr.*?</tr>", ranking, re.DOTALL)[1:]]
    cut_off = rows.pop(2)[0]
    assert " ".join(cut_off).startswith("Cut-off: 2 places, 88.25 points.")
    assert [[" ".join(row[place]) for place in (0, 2, 3, 4)] for row in rows] == [
        ["1", "90", "90", "90.00"],
        ["2", "–", "–", "88.25"],
        ["3", "80", "80", "80.00"],
        ["4", "45", "45", "45.00"],
    ]
    assert [row[5][0] for row in rows] == ["Offer", "Withdrawn", "Offer", "Not"]
    assert all(f"/online_call/files/{each}" in ranking for each in (first, leaver.id, reserve, unsuitable))
    assert "Median 84.13; from 45.00 to 90.00." in page
    assert "3 of 3" in page


def test_the_home_page_tells_staff_what_waits(client, sign_in_as):
    call = a_call()
    one, _other, coordinator = committee(call)
    first, second = an_application(call), an_application(call)
    decided(first, coordinator)
    with clock.frozen(CLOSED):
        sign_in_as(client, one)
        assert "1 application waits for your evaluation" in client.get("/").text
        sign_in_as(client, coordinator)
        assert "Decide on the eligibility of 1 application" in client.get("/").text
    assert session.get(Application, second.id).state == "submitted"


def test_stepping_back_by_page(client, sign_in_as):
    call = a_call()
    one, _other, coordinator = committee(call)
    application = decided(an_application(call), coordinator)
    review = session.scalars(select(Review.id).where(Review.application_id == application.id, Review.evaluator_id == one.id)).one()
    sign_in_as(client, one)
    with clock.frozen(CLOSED):
        assert client.post(f"/online_call/reviews/{review}/conflict", data={"note": ""}).status_code == 422
        assert client.post(f"/online_call/reviews/{review}/conflict", data={"note": "A cousin."}).status_code == 303
        sign_in_as(client, coordinator)
        assert "An evaluator is missing" in client.get(f"/online_call/rooms/{call.cohort_id}").text
        asked = client.post(f"/online_call/files/{application.id}/ask", data={"evaluator": str(coordinator.id)})
    assert asked.status_code == 303


@pytest.mark.parametrize("asked", ["", "x", "-1", "9" * 5000])
def test_asking_nobody_that_there_is_is_refused(client, sign_in_as, asked):
    call = a_call()
    _one, _other, coordinator = committee(call)
    application = an_application(call)
    sign_in_as(client, coordinator)
    with clock.frozen(CLOSED):
        assert client.post(f"/online_call/files/{application.id}/ask", data={"evaluator": asked}).status_code == 404
