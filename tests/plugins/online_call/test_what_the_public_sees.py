"""What the Italian authority forbids online cannot be published: by no setting, by no address, at no time (domain.md 6.2)."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.offering import actions, publishing
from inspire_lms.plugins.online_call.offering.models import Place
from inspire_lms.plugins.online_call.publishing.rules import SHOWN
from tests.plugins.online_call.builders import PUBLISHED, a_selection
from tests.plugins.online_call.lists import IN_PEACE, IN_TIME, a_provisional_list
from tests.plugins.online_call.test_opening import FILE, read_file

pytestmark = pytest.mark.usefixtures("app")
TRIED = ("", "?all=1", "?state=reserve", "?names=1&points=1", "?page=2", "?format=json", "?kind=provisional", "?number=1")


def addresses(app, cohort_id):
    """Every address of the call that can be opened, with numbers that exist put in."""
    values = {"cohort_id": cohort_id, "country": "it", "kind": "csv", "section": "work", "question": "authorisation", "token": "x"}
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("online_call.") and "GET" in rule.methods]
    return [re.sub(r"<(?:[^:<>]*:)?(\w+)>", lambda match: str(values.get(match[1], 1)), rule.rule) for rule in rules]


def seen_by_everybody(app, cohort_id):
    """All that a visitor without an account gets, from every address, in every manner that was thought of."""
    visitor, headers = app.test_client(), ({}, {"Accept": "application/json"})
    asked = [address + more for address in (*addresses(app, cohort_id), "/", "/sitemap.xml", "/robots.txt") for more in TRIED]
    return "\n".join(visitor.get(each, headers=header).text for each in asked for header in headers)


def forbidden(*, but=()):
    """Codes of all who were not selected, every name, address and total."""
    rows = session.execute(select(Application.protocol_number, Person.family_name, Person.email).join(Person, Application.person_id == Person.id)).all()
    codes = {row.protocol_number for row in rows} - set(but)
    return codes | {row.family_name for row in rows} | {row.email for row in rows}


def test_of_a_provisional_list_the_public_sees_nothing(app):
    call, (first, *_others), _coordinator = a_provisional_list(["91.37", "82.53", "40.11"], seats=1)
    cohort_id, number = call.cohort_id, first.protocol_number
    with clock.frozen(IN_TIME):
        seen = seen_by_everybody(app, cohort_id)
        assert app.test_client().get(f"/online_call/results/{cohort_id}").status_code == 404
    assert [each for each in {*forbidden(), number, "91.37", "82.53", "40.11", "91,37"} if each in seen] == []


def test_of_the_final_list_the_public_sees_the_codes_and_positions_of_those_selected(app):
    call, (first, *_others), coordinator = a_provisional_list(["91.37", "82.53", "40.11"], seats=1)
    call_id, cohort_id, number = call.id, call.cohort_id, first.protocol_number
    with clock.frozen(IN_PEACE):
        publishing.publish(call_id, by=coordinator.id)
        seen = seen_by_everybody(app, cohort_id)
    assert number in seen
    assert [each for each in {*forbidden(but=[number]), "91.37", "82.53", "40.11"} if each in seen] == []


def test_who_was_called_up_is_shown_and_who_left_is_not_any_more(app):
    call, (first, second, third) = a_selection([90, 80, 70], seats=1)
    cohort_id = call.cohort_id
    with clock.frozen(PUBLISHED):
        actions.decline(first.id, by=first.person_id)
        shown = app.test_client().get(f"/online_call/results/{cohort_id}").text
    assert [each.protocol_number in shown for each in (first, second, third)] == [False, True, False]
    assert session.scalars(select(Place.standing).where(Place.application_id == second.id)).one() == "offered"


@pytest.mark.parametrize(
    ("until", "last"),
    [(None, PUBLISHED + SHOWN), (date(2027, 6, 30), PUBLISHED.replace(month=6, day=30))],
)
def test_after_its_last_day_the_list_is_gone_and_the_page_says_so(client, until, last):
    call, (first,) = a_selection([90], public_until=until)
    address, number = f"/online_call/results/{call.cohort_id}", first.protocol_number
    with clock.frozen(last):
        before = client.get(address)
        assert (before.status_code, number in before.text, f"This list is shown until {last:%A %-d %B %Y}." in before.text) == (200, True, True)
        assert "See the codes of those selected" in client.get("/online_call/it").text
    with clock.frozen(last + timedelta(days=1)):
        for each in (address, "/online_call/it/result"):
            after = client.get(each)
            assert (after.status_code, number in after.text, "no longer published" in after.text) == (410, False, True)
        assert "See the codes of those selected" not in client.get("/online_call/it").text
    for answer in (before, after):
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert '<meta name="robots" content="noindex, nofollow, noarchive">' in answer.text


@pytest.mark.parametrize("line", ["public_names = true", 'publish = "everybody"', "public_points = true", 'public_list = "reserve"', 'public_until = "never"'])
def test_no_line_of_an_edition_file_makes_more_public(line):
    _part, mistakes = read_file(FILE.replace("offer_days = 7", f"offer_days = 7\n{line}", 1))
    assert len(mistakes) == 1
    assert line.split(" = ", maxsplit=1)[0] in mistakes[0]
