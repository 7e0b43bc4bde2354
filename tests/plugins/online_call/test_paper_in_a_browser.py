"""Applications on paper in a real browser: readable for everybody, on a phone, in four languages, without scripts."""

import pytest
from sqlalchemy import select

from inspire_lms.kernel.db import session
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.importing.models import Import
from tests.ground.browsers import broken_words, overflow
from tests.plugins.online_call.builders import CLOSED, a_call, an_application, committee
from tests.plugins.online_call.papers import SOURCE, a_row, a_table, confirmed, handed_in

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "it", "el", "ro"])
def test_no_page_of_an_import_keeps_anybody_out(open_page, live_server, sign_in_as, axe, language, width):
    live_server.at = CLOSED
    call = a_call("RO")
    coordinator = committee(call)[2].id
    online = session.get(Person, an_application(call).person_id)
    names = {"given_name": online.given_name, "family_name": online.family_name}
    wrong, _by = handed_in(call, a_row(1, received_at="yesterday", employed="perhaps"), a_row(2, e_mail="anna"), by=coordinator)
    doubtful, _by = handed_in(call, a_row(3, **names), a_row(4), a_row(4, e_mail="anna@elsewhere.example"), by=coordinator)
    ready, _by = handed_in(call, a_row(5), by=coordinator)
    written, _by = handed_in(call, a_row(6), by=coordinator)
    confirmed(written, coordinator)
    cohort_id, reader = call.cohort_id, session.get(Person, coordinator)
    page = sign_in_as(open_page(width=width, language=language), reader)
    found = []
    for address in (f"/online_call/rooms/{cohort_id}/paper", *(f"/online_call/imports/{each}" for each in (wrong, doubtful, ready, written))):
        page.goto(f"{address}?language={language}")
        found += axe(page) + [f"{address} breaks {word}" for word in broken_words(page)]
        if wide := overflow(page):
            found.append(f"{address} is {wide} pixels too wide")
    assert found == []


def test_the_whole_import_goes_without_scripts(open_page, live_server, sign_in_as, tmp_path):
    live_server.at = CLOSED
    call = a_call("RO")
    table = tmp_path / "cereri.csv"
    table.write_bytes(a_table(a_row(1), a_row(1, e_mail="anna@elsewhere.example")))
    page = sign_in_as(open_page(width=360, scripts=False), committee(call)[2])
    page.goto(f"/online_call/rooms/{call.cohort_id}")
    page.get_by_role("link", name="Applications on paper").click()
    page.get_by_label("Table of applications").set_input_files(table)
    page.get_by_role("button", name="Try the table").click()
    page.get_by_label("The same person: row 2 counts, this one is left out").check()
    page.get_by_role("button", name="Keep the answers").click()
    page.get_by_label("Where these applications come from").fill(SOURCE)
    page.get_by_label("I state that each of these applications").check()
    page.get_by_role("button", name="Enter the applications").click()
    page.get_by_role("heading", name="1 application was entered").wait_for()
    session.rollback()
    held = session.scalars(select(Import)).one()
    assert (held.written, held.left_out, held.source) == (1, 1, SOURCE)
