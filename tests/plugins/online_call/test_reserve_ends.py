"""When the reserve list ends: who waited in vain is told once, and the page says what is true."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.applying import opening
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering import leaving
from inspire_lms.plugins.online_call.posting import actions as posting
from inspire_lms.plugins.online_call.reserve import ending
from inspire_lms.plugins.online_call.reserve.rules import LATE, is_in_vain
from tests.builders import words
from tests.plugins.online_call.builders import PUBLISHED, a_part, a_selection, committee, lapse_due

pytestmark = pytest.mark.usefixtures("app")
END = a_part().reserve_until
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
LATER = END + 14 * DAY


def after(at):
    """What the worker does at *at*: two looks, and the work that they found."""
    with clock.frozen(at):
        ending.look()
        ending.look()
        jobs.run_due()
        posting.drop_untrue()
    session.rollback()


def told(state=None):
    """Which of the applications were told of the end, in order; in *state* only those whose letter is in it."""
    session.rollback()
    chosen = select(Application.id, Mail.state).join(Mail, Mail.to_person == Application.person_id).where(Mail.key.like("online_call.reserve-ended:%"))
    return [row.id for row in session.execute(chosen.order_by(Application.id)) if state in {None, row.state}]


def prolonged(call, until, at):
    """Load the call with a later end of the reserve list."""
    session.rollback()
    found = session.get(Call, call)
    with clock.frozen(at):
        opening.load(found.cohort.edition_id, {"IT": a_part(reserve_until=until, reason=words(f"More time until {until}"))}, None)
        jobs.run_due()


@pytest.mark.parametrize(
    ("standing", "at", "in_vain"),
    [("reserve", END, False), ("reserve", END + SECOND, True), ("offered", END + SECOND, False), ("unsuitable", END + SECOND, False), (None, END + SECOND, False)],
)
def test_who_waits_can_be_called_up_until_the_last_moment(standing, at, in_vain):
    assert is_in_vain(standing, END, at=at) is in_vain


def test_only_who_still_waits_is_told_at_the_end_and_only_once(outbox):
    _call, (_held, waiting, left, _low) = a_selection([90, 80, 70, 20], seats=1)
    waiting_id, left_id = waiting.id, left.id
    with clock.frozen(PUBLISHED + DAY):
        leaving.withdraw(left_id, by=left.person_id)
    with transaction():
        session.get_one(Person, session.get_one(Application, waiting_id).person_id).language = "it"
    after(END)
    assert told() == []
    after(END + SECOND)
    after(END + DAY)
    assert told() == [waiting_id]
    letter = next(each for each in reversed(outbox) if "reserve-ended" in each.key)
    assert letter.language == "it"
    assert "12 febbraio 2027" in letter.text
    assert session.get(Application, waiting_id).protocol_number in letter.text


def test_who_is_called_up_on_the_last_day_is_not_told_of_an_end():
    _call, applications = a_selection([90, 80, 70], seats=1)
    ids = [each.id for each in applications]
    with clock.frozen(END - SECOND):
        lapse_due()
    after(END + SECOND)
    assert told() == [ids[2]]


def test_a_list_that_is_prolonged_ends_for_everybody_once():
    call, applications = a_selection([90, 80], seats=1)
    call_id, waiting = call.id, applications[1].id
    with clock.frozen(END + SECOND):
        ending.look()
    prolonged(call_id, LATER, END + 2 * SECOND)
    assert told() == []
    after(LATER + SECOND)
    assert told() == [waiting]
    prolonged(call_id, LATER + 7 * DAY, LATER + DAY)
    after(LATER + 8 * DAY)
    assert told() == [waiting]


@pytest.mark.both_engines
def test_a_letter_that_waited_while_the_list_was_prolonged_is_dropped_and_written_at_the_next_end():
    call, applications = a_selection([90, 80], seats=1)
    call_id, waiting = call.id, applications[1].id
    with clock.frozen(END):
        posting.let_wait(call_id, is_closed=True, by=committee(call)[2].id)
    after(END + SECOND)
    assert told("held") == [waiting]
    prolonged(call_id, LATER, END + DAY)
    after(END + DAY)
    assert (told("held"), told("dropped")) == ([], [waiting])
    after(LATER + SECOND)
    assert (told("held"), told("dropped")) == ([waiting], [waiting])


@pytest.mark.parametrize(("late", "is_told"), [(LATE - SECOND, True), (LATE, False)])
def test_a_site_that_stood_still_for_a_month_writes_no_letter_any_more(late, is_told):
    a_selection([90, 80], seats=1)
    after(END + late)
    assert bool(told()) is is_told


def test_the_page_and_the_home_page_say_that_nobody_is_called_up_any_more(client, sign_in_as):
    _call, applications = a_selection([90, 80], seats=1)
    waiting, owner = applications[1].id, session.get(Person, applications[1].person_id)
    sign_in_as(client, owner)
    seen = {}
    for at in (END, END + SECOND):
        with clock.frozen(at):
            seen[at] = client.get(f"/online_call/applications/{waiting}?language=en").text, client.get("/?language=en").text
    (page, home), (ended, home_after) = seen.values()
    assert "You are number 1 on the reserve list" in page
    assert "The reserve list has ended" not in page
    assert "Reserve list ended" not in home
    assert "You are number" not in ended
    assert "The reserve list ended on Friday 12 February 2027, 12:00 (Italian time, CET). Until then no place became free for you." in " ".join(ended.split())
    assert "Reserve list ended" in home_after
