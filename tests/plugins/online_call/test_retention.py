"""What is shown beforehand is exactly what is deleted, mails included; and what an applicant may erase earlier."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import NotThere, Refused
from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.judging import deciding
from inspire_lms.plugins.online_call.models import Application, Call, Review
from inspire_lms.plugins.online_call.offering import actions as offering
from inspire_lms.plugins.online_call.offering import leaving, publishing
from inspire_lms.plugins.online_call.posting.kinds import KINDS
from inspire_lms.plugins.online_call.retention import mails, queries, rules, thinning
from inspire_lms.plugins.online_call.rules import KEPT, Standing, State
from tests.builders import a_person
from tests.plugins.online_call.builders import (
    CLOSED,
    CLOSES,
    OPEN,
    PUBLISHED,
    a_call,
    a_draft,
    a_selection,
    an_application,
    committee,
    decided,
    scored,
)

pytestmark = pytest.mark.usefixtures("app")
DELETED = PUBLISHED + KEPT
ANNOUNCED = DELETED - rules.ANNOUNCED


@pytest.fixture
def past():
    """A call that ended: one has a place, one waits in the reserve list, one is not eligible, one is a draft."""
    call = a_call(seats=1)
    coordinator = committee(call)[2]
    placed, waiting, rejected = an_application(call), an_application(call), an_application(call, employed="no")
    draft = a_draft(call)
    for application, total in ((placed, 90), (waiting, 80)):
        scored(decided(application, coordinator), total, total)
    with clock.frozen(CLOSED):
        deciding.decide(rejected.id, is_eligible=False, note="A note about somebody.", by=coordinator.id)
    with clock.frozen(PUBLISHED):
        publishing.publish(call.id, by=coordinator.id)
        offering.accept(placed.id, by=placed.person_id)
    return {
        "call": call.id, "cohort": call.cohort_id, "coordinator": coordinator.id, "placed": placed.id, "waiting": waiting.id,
        "rejected": rejected.id, "draft": draft.id,
    }  # fmt: skip


def thin_out(at):
    with clock.frozen(at):
        thinning.thin_out()
    session.rollback()


def listed(past):
    return {row.id: (row.state, row.standing, row.files) for row in session.execute(queries.listed(past["call"]))}


def texts_of(application_id):
    person_id = session.get(Application, application_id).person_id
    return [each.text for each in session.scalars(select(Mail).where(Mail.to_person == person_id))]


def test_what_the_list_shows_is_exactly_what_goes(past):
    shown = listed(past)
    assert shown == {
        past["waiting"]: ("eligible", "reserve", 1), past["rejected"]: ("not_eligible", None, 1), past["draft"]: ("draft", None, 1),
    }  # fmt: skip
    counted = queries.counted(past["call"])
    assert (counted.applications, counted.drafts, counted.files, counted.stay) == (2, 1, 3, 1)
    thin_out(DELETED - timedelta(seconds=1))
    assert listed(past) == shown
    thin_out(DELETED)
    assert (listed(past), queries.counted(past["call"])[:4]) == ({}, (0, 0, 0, 0))
    left = {each: session.get(Application, past[each]) for each in ("placed", "waiting", "rejected", "draft")}
    assert left["draft"] is None
    assert [bool(left[each].answers) for each in ("placed", "waiting", "rejected")] == [True, False, False]


def test_the_mails_that_hold_a_copy_or_a_reason_are_emptied_and_still_say_that_they_were_written(past):
    before = {each: texts_of(past[each]) for each in ("placed", "waiting", "rejected")}
    assert any("A challenge of our own." in text for text in before["waiting"])
    assert any("A note about somebody." in text for text in before["rejected"])
    thin_out(DELETED)
    after = {each: texts_of(past[each]) for each in before}
    assert (after["placed"], [len(each) for each in after.values()]) == (before["placed"], [len(each) for each in before.values()])
    for each in ("waiting", "rejected"):
        assert not any(told in text for text in after[each] for told in ("A challenge of our own.", "A note about somebody.", "Comune"))
    # The place on the reserve list holds nothing that the applicant told: it stays as proof.
    assert any("reserve list" in text for text in after["waiting"])
    addresses = [each.address for each in session.scalars(select(Mail).where(Mail.text == ""))]
    assert len(set(addresses)) == 2


def test_of_every_kind_of_letter_it_is_said_whether_it_goes_with_the_application():
    """A new letter is put into retention.mails, or here: it repeats nothing that an applicant told, and no reason about one."""
    stay = {
        "withdrawn", "offer", "reminder", "lapsed", "accepted", "declined", "reserve", "reserve-ended", "unsuitable", "provisional",
        "correction-corrected", "notice-changed", "draft-reminder", "announcement", "asked", "asked-reminder", "corrected", "retention",
    }  # fmt: skip
    with_their_request = {"authorise", "authorisation-given", "authorisation-refused", "authorisation-expired"}
    keys = {code: (f"online_call.{code}:1", f"online_call.{code}:20261201:2") for code in KINDS}
    known = (mails.APPLICATION, *mails.OTHERS.values())
    go = {code for code, written in keys.items() if any(key.fullmatch(each) for key in known for each in written)}
    assert (go & stay, go | stay | with_their_request) == (set(), set(KINDS))


def test_what_evaluators_wrote_goes_too_and_their_points_stay(past):
    with transaction():
        session.execute(update(Review).values(comment="She writes like my aunt."))
    thin_out(DELETED)
    kept = {each.application_id: (each.comment, each.total) for each in session.scalars(select(Review).order_by(Review.id))}
    assert kept == {past["placed"]: ("She writes like my aunt.", 90), past["waiting"]: ("", 80)}


def test_coordinators_are_told_once_a_month_before_and_nobody_when_nothing_goes(past, outbox):
    def told():
        return [each for each in list(outbox) if each.key.startswith("online_call.retention")]

    thin_out(ANNOUNCED - timedelta(seconds=1))
    assert told() == []
    for days in (0, 1, 29):
        thin_out(ANNOUNCED + timedelta(days=days))
    (letter,) = told()
    assert letter.to_person == past["coordinator"]
    for wanted in ("Tuesday 11 January 2028", "Applications emptied: 2", "Drafts deleted: 1", "Files deleted: 3"):
        assert wanted in letter.text, letter.text
    thin_out(DELETED + timedelta(days=1))
    assert len(told()) == 1


@pytest.mark.both_engines
def test_a_call_that_never_had_a_final_list_is_emptied_a_year_after_its_end():
    call = a_call()
    application_id, end = an_application(call).id, call.reserve_until
    thin_out(end + KEPT - timedelta(seconds=1))
    assert session.get(Application, application_id).answers
    thin_out(end + KEPT)
    assert session.get(Application, application_id).answers == {}


def test_the_page_shows_numbers_without_names_to_the_coordinator_of_the_country_alone(client, sign_in_as, past):
    address = f"/online_call/rooms/{past['cohort']}/retention"
    sign_in_as(client, session.get(Person, past["coordinator"]))
    with clock.frozen(PUBLISHED):
        page = client.get(address).text
    waiting = session.get(Application, past["waiting"])
    person = waiting.person_id
    for wanted in ("Tuesday 11 January 2028", waiting.protocol_number, "Reserve list", "Not eligible", "Draft", "Begun on"):
        assert wanted in page
    for hidden in (session.get(Application, past["placed"]).protocol_number, "applicant"):
        assert hidden not in page.partition("What will go")[2].partition("Back to the committee room")[0]
    sign_in_as(client, session.get(Person, person))
    assert client.get(address).status_code == 403
    other = committee(a_call("GR"))[2]
    sign_in_as(client, other)
    assert client.get(address).status_code == 404


def test_the_list_of_many_takes_as_many_statements_as_that_of_few(client, sign_in_as, statements):
    seen = []
    for number in (2, 12):
        call = a_call()
        for _each in range(number):
            an_application(call)
        sign_in_as(client, committee(call)[2])
        client.get(f"/online_call/rooms/{call.cohort_id}/retention")
        with statements() as asked:
            assert client.get(f"/online_call/rooms/{call.cohort_id}/retention").text.count("To be checked") == number
        seen.append(len(asked))
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("state", "standing", "had_a_place", "has_text", "refusal"),
    [
        (State.DRAFT, None, False, True, "A draft is deleted as a whole."),
        (State.SUBMITTED, None, False, True, "Until you withdraw"),
        (State.NOT_ELIGIBLE, None, False, True, "Until you withdraw"),
        (State.ELIGIBLE, Standing.RESERVE, False, True, "Until you withdraw"),
        (State.ELIGIBLE, Standing.ACCEPTED, True, True, "You had a place in the course"),
        (State.WITHDRAWN, Standing.WITHDRAWN, True, True, "You had a place in the course"),
        (State.WITHDRAWN, None, False, False, "Your answers and files are erased already."),
        (State.WITHDRAWN, None, False, True, ""),
        (State.ELIGIBLE, Standing.DECLINED, False, True, ""),
        (State.ELIGIBLE, Standing.LAPSED, False, True, ""),
    ],
)
def test_what_may_be_erased_earlier(state, standing, had_a_place, has_text, refusal):
    found = rules.why_not_erase(state, standing, had_a_place=had_a_place, has_text=has_text)
    assert str(found or "").startswith(refusal)
    assert (found is None) == (refusal == "")


def test_who_withdrew_erases_the_answers_on_the_own_page_and_the_number_stays(client, sign_in_as):
    application = an_application(a_call())
    number, person_id = application.id, application.person_id
    page = f"/online_call/applications/{number}"
    sign_in_as(client, session.get(Person, person_id))
    with clock.frozen(OPEN):
        assert "Until you withdraw your application" in client.get(page).text
        assert client.post(f"{page}/erase").status_code == 409
        leaving.withdraw(number, by=person_id)
        assert "Erase my answers and files" in client.get(page).text
        assert client.post(f"{page}/erase").location == page
        erased = client.get(page).text
    assert ("Your answers and files are erased already." in erased, "A challenge of our own." in erased) == (True, False)
    session.rollback()
    kept = session.get(Application, number)
    assert (kept.answers, kept.administration, bool(kept.protocol_number), kept.state) == ({}, "", True, "withdrawn")
    assert not any("A challenge of our own." in text for text in texts_of(number))
    assert [each.did for each in audit.about(("application", number))][-1] == "online_call.own-erased"


def test_nobody_erases_the_application_of_somebody_else_or_one_that_led_into_the_course():
    _call, (one, other) = a_selection([90, 80], seats=2)
    with clock.frozen(PUBLISHED + timedelta(days=1)):
        offering.accept(one.id, by=one.person_id)
        leaving.withdraw(one.id, by=one.person_id)
        leaving.withdraw(other.id, by=other.person_id)
        with pytest.raises(Refused):
            thinning.erase_own(one.id, by=one.person_id)
        with pytest.raises(NotThere):
            thinning.erase_own(other.id, by=a_person().id)
        thinning.erase_own(other.id, by=other.person_id)
    session.rollback()
    assert [bool(session.get(Application, each).answers) for each in (one.id, other.id)] == [True, False]


@pytest.mark.parametrize("days", [60, 365, 1825])
def test_the_moment_is_so_many_days_after_the_final_list_or_after_the_end_of_the_call(days):
    assert rules.deleted_from(PUBLISHED, CLOSES, days) == PUBLISHED + timedelta(days=days)
    assert rules.deleted_from(None, CLOSES, days) == CLOSES + timedelta(days=days)
    call = a_call(kept_days=days)
    assert queries.deleted_from(session.get(Call, call.id)) == call.reserve_until + timedelta(days=days)


def test_each_country_keeps_answers_for_its_own_time_and_says_so(outbox):
    calls = {days: a_call(country, kept_days=days) for country, days in (("IT", 365), ("GR", 90))}
    numbers, ends = {days: an_application(call).id for days, call in calls.items()}, {days: call.reserve_until for days, call in calls.items()}
    coordinator = committee(calls[90])[2].id
    for at, left in ((ends[90] + timedelta(days=90, seconds=-1), [365, 90]), (ends[90] + timedelta(days=90), [365]), (ends[365] + KEPT, [])):
        thin_out(at)
        assert [days for days, number in numbers.items() if session.get(Application, number).answers] == left
    assert [each.to_person for each in outbox if each.key.startswith("online_call.retention")] == [coordinator]
