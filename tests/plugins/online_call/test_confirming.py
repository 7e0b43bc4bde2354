"""Deeds about many: shown with their number and everybody whom they concern, and done only as they were shown."""

from datetime import timedelta

import pytest
from lxml import html
from sqlalchemy import func, select

from inspire_lms.kernel import clock
from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.confirming.rules import Seen, sealed, why_not
from inspire_lms.plugins.online_call.correcting import actions as correcting
from inspire_lms.plugins.online_call.judging import deciding, reviewing
from inspire_lms.plugins.online_call.models import Application, Review
from inspire_lms.plugins.online_call.offering import actions as offering
from inspire_lms.plugins.online_call.offering import leaving, publishing
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.overriding import answering
from inspire_lms.plugins.online_call.overriding import queries as proposals
from inspire_lms.plugins.online_call.posting import actions as posting
from inspire_lms.plugins.online_call.publishing.models import Publication
from tests.builders import a_person, staff
from tests.plugins.online_call.builders import CLOSED, PUBLISHED, a_call, a_selection, an_application, committee, judged
from tests.plugins.online_call.confirming import confirmed, sees
from tests.plugins.online_call.papers import SOURCE, a_row, handed_in

pytestmark = pytest.mark.usefixtures("app")

NOW = sealed(3, "all that is to be done")


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (NOW, None),
        (None, None),
        (Seen(2, NOW.seal), "In the meantime the number has changed: they are 3 now. Nothing was done; look at it again."),
        (Seen(0, ""), "In the meantime the number has changed: they are 3 now. Nothing was done; look at it again."),
        (sealed(3, "something else"), "In the meantime something of this has changed. Nothing was done; look at it again."),
    ],
)
def test_only_what_was_seen_is_done(seen, reason):
    assert (why_not(seen, NOW) and str(why_not(seen, NOW))) == reason


def room(call):
    return f"/online_call/rooms/{call.cohort_id}"


def rows(text, part="whom"):
    """The words of each row of a part of the page."""
    drawn = html.fromstring(text).get_element_by_id(part)
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")] for row in drawn.xpath(".//tbody/tr")]


def heading(text):
    return " ".join(html.fromstring(text).find(".//h1").text_content().split())


def count(model, *where):
    session.rollback()
    return session.scalar(select(func.count()).select_from(model).where(*where))


def named(family):
    return a_person(given_name="Ada", family_name=family, email=f"{family.lower()}@inspire.example")


@pytest.fixture
def clear(client, sign_in_as):
    """Two applications that meet every condition and one that does not; the coordinator looks."""
    call = a_call()
    one, other, coordinator = committee(call)
    clear_ = [an_application(call, named(family)) for family in ("Alfa", "Beta")]
    an_application(call, named("Gamma"), employed="no")
    sign_in_as(client, coordinator)
    return call, [each.id for each in clear_], (one, other), coordinator


def test_before_many_are_confirmed_it_is_said_who_they_are_and_who_evaluates_whom(client, clear):
    call, ids, evaluators, _coordinator = clear
    both = {f"{each.given_name} {each.family_name}" for each in evaluators}
    with clock.frozen(CLOSED):
        text = client.get(f"{room(call)}/confirm").text
        assert heading(text) == "2 applications would take part"
        assert "Applications that are not among them and are decided one by one: 1." in text
        found = rows(text)
        assert [(row[0][:9], row[1]) for row in found] == [("Alfa, Ada", "Comune di Prova"), ("Beta, Ada", "Comune di Prova")]
        assert all(set(row[2].removeprefix("Takes part; asked to evaluate: ").split(", ")) == both for row in found)
        assert {tuple(row) for row in rows(text, "beside")} == {(name, "2", "2") for name in both}
        assert count(Review) == 0, "looking does nothing"
        assert confirmed(client, f"{room(call)}/confirm").status_code == 303
    assert [session.get(Application, each).state for each in ids] == ["eligible", "eligible"]
    asked = session.execute(select(Review.evaluator_id, func.count()).group_by(Review.evaluator_id)).all()
    assert {tuple(each) for each in asked} == {(each.id, 2) for each in evaluators}


@pytest.mark.parametrize("change", ["one withdraws", "one is decided by somebody else", "an evaluator leaves"])
def test_when_the_set_has_changed_nothing_is_confirmed_and_it_is_asked_again(client, clear, change):
    call, ids, evaluators, _coordinator = clear
    second, context_id = staff(call.cohort, "coordinator").id, call.cohort.context_id
    person, gone = session.get(Application, ids[0]).person_id, evaluators[0].id
    with clock.frozen(CLOSED):
        seen = sees(client, f"{room(call)}/confirm")
        if change == "one withdraws":
            leaving.withdraw(ids[0], by=person)
        elif change == "one is decided by somebody else":
            deciding.decide(ids[0], is_eligible=True, note="", by=second)
        else:
            access.revoke(gone, "evaluator", context_id, by=second)
        before = count(Review)
        answer = client.post(f"{room(call)}/confirm", data=seen)
        assert answer.status_code == 409
        expected = "something of this has changed" if change == "an evaluator leaves" else "the number has changed: it is 1 now"
        assert expected in answer.text
        assert count(Review) == before
        assert session.get(Application, ids[1]).state == "submitted"
        assert confirmed(client, f"{room(call)}/confirm").status_code == 303
    assert session.get(Application, ids[1]).state == "eligible"


def test_while_the_call_is_open_the_page_says_why_nothing_can_be_confirmed(client, clear):
    call = clear[0]
    with clock.frozen(CLOSED - timedelta(days=2)):
        text = client.get(f"{room(call)}/confirm").text
        assert "Eligibility is decided after the call has closed" in text
        assert sees(client, f"{room(call)}/confirm") == {}


def test_before_the_ranking_is_published_every_line_says_what_becomes_of_it(client, sign_in_as):
    call = a_call(seats=1)
    _ids, coordinator = judged(call, [90, 80, 40])
    sign_in_as(client, coordinator)
    with clock.frozen(PUBLISHED):
        text = client.get(f"{room(call)}/publish").text
        assert heading(text) == "Publish the ranking and send 1 offer"
        assert "Offers: 1. Reserve list: 1. Not suitable: 1." in text
        assert [tuple(row[1:]) for row in rows(text)] == [
            ("1", "90.00", "Gets an offer until Monday 18 January 2027, 12:00 (Italian time, CET)"),
            ("2", "80.00", "Goes on the reserve list, as number 1"),
            ("3", "40.00", "Gets no place: too few points"),
        ]
        assert count(Ranking) == 0
        assert confirmed(client, f"{room(call)}/publish").status_code == 303
    assert [str(each) for each in session.scalars(select(Place.standing).order_by(Place.position))] == ["offered", "reserve", "unsuitable"]


@pytest.mark.parametrize("change", ["points", "letters", "a day later"])
def test_a_ranking_that_has_changed_since_is_not_published(client, sign_in_as, change):
    call = a_call(seats=1)
    call_id = call.id
    ids, coordinator = judged(call, [90, 80])
    by = coordinator.id
    sign_in_as(client, coordinator)
    at = PUBLISHED
    with clock.frozen(at):
        seen = sees(client, f"{room(call)}/publish")
        if change == "points":
            review = session.scalars(select(Review).where(Review.application_id == ids[1]).limit(1)).one()
            reviewing.give(review.id, {"motivation": 60, "transfer": 25}, "", by=review.evaluator_id)
        elif change == "letters":
            posting.let_wait(call_id, is_closed=True, by=by)
        else:
            at += timedelta(days=1)
    with clock.frozen(at):
        answer = client.post(f"{room(call)}/publish", data=seen)
        assert (answer.status_code, "Nothing was done; look at it again." in answer.text) == (409, True)
        assert (count(Ranking), count(Mail, Mail.key.like("online_call.offer%"))) == (0, 0)
        assert confirmed(client, f"{room(call)}/publish").status_code == 303
        assert client.post(f"{room(call)}/publish", data=seen).status_code == 409, "twice is once"
    assert count(Ranking) == 1


def test_before_a_provisional_list_everybody_is_named_who_is_told(client, sign_in_as):
    call = a_call(seats=1, appeal_days=5)
    _ids, coordinator = judged(call, [90])
    rejected = an_application(call, named("Omega"))
    rejected_id, by = rejected.id, coordinator.id
    with clock.frozen(CLOSED):
        deciding.decide(rejected_id, is_eligible=False, note="Not signed.", by=by)
        answering.confirm(proposals.open_one(rejected_id).id, by=staff(call.cohort, "coordinator").id)
    sign_in_as(client, session.get(Person, by))
    with clock.frozen(PUBLISHED):
        address = f"{room(call)}/publish-provisionally"
        text = client.get(address).text
        assert heading(text) == "Publish the ranking provisionally and tell 2 people"
        assert [(row[1], row[3]) for row in rows(text)] == [("1", "Sees position and points"), ("–", "Sees that the application does not take part")]
        assert "until Monday 18 January 2027, 12:00" in text
        seen = sees(client, address)
        leaving.withdraw(rejected_id, by=session.get(Application, rejected_id).person_id)
        answer = client.post(address, data=seen)
        assert (answer.status_code, "the number has changed: it is 1 now" in answer.text, count(Publication)) == (409, True, 0)
        assert confirmed(client, address).status_code == 303
    assert (count(Publication), count(Mail, Mail.key.like("online_call.provisional:%"))) == (1, 1)


def still_asked(application_id, person_id):
    """Let the second evaluation of an application wait for this person."""
    with transaction():
        review = session.scalars(select(Review).where(Review.application_id == application_id, Review.turn == 2)).one()
        review.evaluator_id, review.state, review.done_at, review.total = person_id, "asked", None, None


@pytest.mark.parametrize("deed", ["publish", "publish-provisionally"])
def test_a_coordinator_who_has_still_to_evaluate_does_not_read_there_what_others_gave(client, sign_in_as, deed):
    call = a_call(seats=1, appeal_days=5)
    ids, coordinator = judged(call, [91, 80])
    still_asked(ids[0], coordinator.id)
    sign_in_as(client, coordinator)
    with clock.frozen(CLOSED):
        text = client.get(f"{room(call)}/{deed}").text
    assert [row[1:3] for row in rows(text)] == [["1", "80.00"]]
    assert sees(client, f"{room(call)}/{deed}") == {}


def test_whoever_evaluates_anew_reads_nowhere_what_others_gave_anew(client, sign_in_as):
    call, people = a_selection([90, 80, 70], seats=1)
    asked_id = people[2].id
    one, two = (staff(call.cohort, "coordinator").id for _each in range(2))
    with clock.frozen(PUBLISHED):
        correcting.confirm(correcting.propose(asked_id, "A late appeal.", by=one).id, by=two)
        first = session.scalars(select(Review).where(Review.application_id == asked_id, Review.turn == 1)).one()
        reviewing.give(first.id, {"motivation": 60, "transfer": 25}, "", by=first.evaluator_id)
        still_asked(asked_id, two)
        told = {}
        for reader in (one, two):
            sign_in_as(client, session.get(Person, reader))
            told[reader] = [client.get(f"{room(call)}/{page}").text for page in ("correction", "publish", "export.csv")]
    assert [["85.00" in page for page in told[each]] for each in (one, two)] == [[True] * 3, [False] * 3]
    assert ["Waits for your evaluation" in told[each][0] for each in (one, two)] == [False, True]


def test_a_corrected_list_names_who_gets_a_mail_and_is_published_as_it_was_shown(client, sign_in_as):
    call, people = a_selection([90, 80, 70], seats=1)
    ids = [each.id for each in people]
    one, two = (staff(call.cohort, "coordinator").id for _each in range(2))
    sign_in_as(client, session.get(Person, two))
    page, post = f"{room(call)}/correction", f"{room(call)}/correction/publish"

    with clock.frozen(PUBLISHED):
        correcting.confirm(correcting.propose(ids[2], "A late appeal.", by=one).id, by=two)
        for review in session.scalars(select(Review).where(Review.application_id == ids[2]).order_by(Review.turn)).all():
            reviewing.give(review.id, {"motivation": 60, "transfer": 25}, "", by=review.evaluator_id)
        text = client.get(page).text
        assert "2 people get a mail" in text
        assert [(row[1], row[2], row[5]) for row in rows(text, "moves")] == [("3", "2", "Gets a mail"), ("2", "3", "Gets a mail")]
        seen = sees(client, page)
        offering.decline(ids[0], by=session.get(Application, ids[0]).person_id)
        answer = client.post(post, data=seen)
        assert (answer.status_code, "the number has changed: it is 1 now" in answer.text, count(Publication)) == (409, True, 1)
        assert [(row[4], row[5]) for row in rows(answer.text, "moves")][1] == ("Offer openKeeps the place", "Gets none")
        assert client.post(post, data=sees(client, page)).status_code == 303
    assert (count(Publication), count(Mail, Mail.key.like("online_call.correction-corrected:%"))) == (2, 1)


def test_before_letters_are_released_their_receivers_are_named(client, sign_in_as):
    call = a_call(seats=1)
    call_id = call.id
    ids, coordinator = judged(call, [90, 80])
    by = coordinator.id
    with clock.frozen(PUBLISHED):
        posting.let_wait(call_id, is_closed=True, by=by)
        publishing.publish(call_id, by=by)
        sign_in_as(client, session.get(Person, by))
        person = session.get(Person, session.get(Application, ids[1]).person_id)
        text = client.get(f"{room(call)}/outbox/release").text
        assert rows(text) == [[f"{person.given_name} {person.family_name}", "Reserve list", "English"]]


def test_before_a_table_is_entered_it_is_said_for_whom_and_what_changed_since_is_asked_again(client, sign_in_as):
    call = a_call()
    coordinator = committee(call)[2]
    sign_in_as(client, coordinator)
    with clock.frozen(CLOSED):
        made = handed_in(call, a_row(1), a_row(2), by=coordinator.id)[0]
        there = f"/online_call/imports/{made}"
        found = rows(client.get(there).text)
        assert [(row[0], row[1], row[3]) for row in found] == [
            ("Anna Rossibaapaper1@comune.example", "2", "An account is prepared"), ("Anna Rossicaapaper2@comune.example", "3", "An account is prepared"),
        ]  # fmt: skip
        told = sees(client, there) | {"source": SOURCE, "declared": "yes"}
        answer = client.post(f"{there}/confirm", data=told | {"seal": "0" * 16})
        assert (answer.status_code, "the dry run has changed" in answer.text, count(Application)) == (409, True, 0)
        assert client.post(f"{there}/confirm", data=told).status_code == 303
    assert count(Application) == 2


def test_whoever_is_beyond_the_first_fifty_is_a_page_away(client, sign_in_as):
    call = a_call(seats=20)
    ids, coordinator = judged(call, [95 - each / 10 for each in range(60)])
    sign_in_as(client, coordinator)
    with clock.frozen(CLOSED):
        pages = [client.get(f"{room(call)}/publish?page={each}").text for each in (1, 2)]
        assert sees(client, f"{room(call)}/publish?page=2") == sees(client, f"{room(call)}/publish"), "every page confirms the whole"
    assert [sum(f'/online_call/files/{each}"' in page for each in ids) for page in pages] == [50, 10]
    assert 'href="?page=2#whom"' in pages[0]
    assert heading(pages[1]) == "Publish the ranking and send 20 offers"


def test_a_page_before_a_deed_costs_the_same_statements_for_many_as_for_few(client, sign_in_as, statements):
    counted = []
    for country, number in (("IT", 2), ("RO", 100)):
        call = a_call(country)
        _ids, coordinator = judged(call, [95 - each / 10 for each in range(number)])
        sign_in_as(client, coordinator)
        with clock.frozen(CLOSED):
            client.get(f"{room(call)}/publish")
            with statements() as seen:
                assert client.get(f"{room(call)}/publish").status_code == 200
        counted.append(len(seen))
    assert counted[0] == counted[1]


ALONE = {
    "online_call.let_wait": "It concerns letters that are still to be written.",
    "online_call.publish_corrected": "The page of the corrections shows it, and sends along what was seen.",
}
"""Deeds about a whole country that a page of their own does not show first, and why."""


def test_no_deed_about_a_whole_country_is_done_without_a_page_that_shows_it(app):
    of_rooms = [each for each in app.url_map.iter_rules() if "/rooms/<int:cohort_id>" in each.rule and "POST" in each.methods]
    assert {each.endpoint for each in of_rooms if "GET" not in each.methods} == set(ALONE)
