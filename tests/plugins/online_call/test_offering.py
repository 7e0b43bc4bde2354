"""Places: offered, answered, called up."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import NotThere, Refused
from inspire_lms.kernel.plugin import switch
from inspire_lms.kernel.programmes import actions as programmes
from inspire_lms.kernel.programmes import queries as taking_part
from inspire_lms.plugins.online_call.applying import opening
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering import actions, leaving, letters, publishing, queries
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.ranking import queries as ranking
from tests.builders import a_person, words
from tests.plugins.online_call.builders import OFFER_UNTIL, PUBLISHED, a_call, a_part, a_selection, judged, lapse_due, standings

pytestmark = pytest.mark.usefixtures("app")
LATER = PUBLISHED + timedelta(days=1)


def held():
    session.rollback()
    return session.scalars(select(Ranking.held)).one()


def test_publishing_offers_the_seats_and_puts_the_rest_in_order_on_the_reserve_list(outbox):
    _call, applications = a_selection([80, 90, 70, 49, 60], seats=2)
    assert standings(applications) == ["offered", "offered", "reserve", "unsuitable", "reserve"]
    lines = queries.places_of(applications[0].call_id)
    assert [lines[each.id].position for each in applications] == [2, 1, 3, 5, 4]
    assert lines[applications[0].id].offer_until == OFFER_UNTIL
    subjects = {each.person_id: [mail.subject for mail in outbox if mail.to_person == each.person_id][-1] for each in applications}
    assert [subjects[each.person_id].split(":")[0] for each in applications] == [
        "A place is offered to you",
        "A place is offered to you",
        f"Your application {applications[2].protocol_number} is on the reserve list",
        f"Your application {applications[3].protocol_number} was not selected",
        f"Your application {applications[4].protocol_number} is on the reserve list",
    ]


def test_a_published_ranking_is_fixed_and_its_fingerprint_can_be_checked():
    call, _applications = a_selection([80, 90, 90], seats=2)
    fixed = judging.ranking_of(call.id)
    assert ranking.found_again(fixed) == fixed.digest
    with clock.frozen(LATER), pytest.raises(Refused):
        publishing.publish(call.id, by=a_person().id)


def test_accepting_makes_a_trainee_once():
    call, (one,) = a_selection([80], seats=1)
    cohort_id, person_id = call.cohort_id, one.person_id
    with clock.frozen(LATER):
        assert [actions.accept(one.id, by=person_id) for _twice in range(2)] == ["accepted", "accepted"]
    assert standings([one]) == ["accepted"]
    assert [member.person_id for member in taking_part.members(cohort_id)] == [person_id]


def test_a_declined_place_goes_to_exactly_the_next_one():
    _call, applications = a_selection([90, 80, 70, 60], seats=2)
    with clock.frozen(LATER):
        for _twice in range(2):
            actions.decline(applications[1].id, by=applications[1].person_id)
    assert (standings(applications), held()) == (["offered", "declined", "offered", "reserve"], 2)


def test_an_offer_that_nobody_answers_lapses_at_its_deadline_and_is_called_up_once(outbox):
    _call, applications = a_selection([90, 80, 70], seats=1)
    with clock.frozen(OFFER_UNTIL - timedelta(seconds=1)):
        lapse_due()
    assert standings(applications) == ["offered", "reserve", "reserve"]
    with clock.frozen(OFFER_UNTIL):
        lapse_due()
        lapse_due()
    assert (standings(applications), held()) == (["lapsed", "offered", "reserve"], 1)
    assert [mail.subject for mail in outbox if mail.to_person == applications[0].person_id][-1] == "The offer of a place has lapsed"
    with clock.frozen(OFFER_UNTIL + timedelta(minutes=1)), pytest.raises(Refused, match="lapsed"):
        actions.accept(applications[0].id, by=applications[0].person_id)


def test_nobody_accepts_after_the_deadline_even_before_the_clock_has_ticked():
    _call, (one,) = a_selection([90], seats=1)
    with clock.frozen(OFFER_UNTIL), pytest.raises(Refused, match="lapsed"):
        actions.accept(one.id, by=one.person_id)


def test_a_reminder_goes_out_once_before_the_offer_lapses(outbox):
    _call, applications = a_selection([90, 80], seats=1)
    for hours, reminded in ((49, 0), (48, 1), (47, 1)):
        with clock.frozen(OFFER_UNTIL - timedelta(hours=hours)):
            actions.remind_due()
            jobs.run_due()
        assert sum(mail.subject.startswith("Your place lapses") for mail in outbox) == reminded
    assert {mail.to_person for mail in outbox if mail.subject.startswith("Your place lapses")} == {applications[0].person_id}


def test_one_reminder_that_fails_holds_up_no_other(outbox, monkeypatch):
    _call, applications = a_selection([90, 80], seats=2)
    broken, second = applications[0].id, applications[1].person_id
    write = letters.reminder

    def fail_for_one(place, application):
        if application.id == broken:
            raise ValueError
        write(place, application)

    monkeypatch.setattr(letters, "reminder", fail_for_one)
    with clock.frozen(OFFER_UNTIL - timedelta(hours=47)):
        actions.remind_due()
        jobs.run_due()
    assert [mail.to_person for mail in outbox if mail.subject.startswith("Your place lapses")] == [second]


@pytest.mark.parametrize(
    ("which", "accepted", "after"),
    [
        (0, False, ["withdrawn", "offered", "reserve", "unsuitable"]),
        (0, True, ["withdrawn", "offered", "reserve", "unsuitable"]),
        (1, False, ["offered", "withdrawn", "reserve", "unsuitable"]),
        (3, False, ["offered", "reserve", "reserve", "withdrawn"]),
    ],
    ids=["an offered place", "an accepted place", "on the reserve list", "not suitable"],
)
def test_whoever_withdraws_leaves_a_place_to_the_next_one_if_there_was_one(which, accepted, after, outbox):
    call, applications = a_selection([90, 80, 70, 10], seats=1)
    cohort_id, leaver = call.cohort_id, applications[which]
    with clock.frozen(LATER):
        if accepted:
            actions.accept(leaver.id, by=leaver.person_id)
        leaving.withdraw(leaver.id, by=leaver.person_id)
        jobs.run_due()
        with pytest.raises(Refused):
            leaving.withdraw(leaver.id, by=leaver.person_id)
    assert standings(applications) == after
    assert (session.get(Application, leaver.id).state, taking_part.members(cohort_id)) == ("withdrawn", [])
    assert outbox.to(a_mail_to(leaver))[-1].subject.endswith("is withdrawn")


def a_mail_to(application):
    class To:
        id = application.person_id

    return To


def test_a_trainee_who_leaves_by_another_door_frees_the_place_too():
    call, applications = a_selection([90, 80], seats=1)
    leaver = applications[0]
    with clock.frozen(LATER):
        actions.accept(leaver.id, by=leaver.person_id)
        programmes.withdraw(call.cohort_id, leaver.person_id, by=None)
        jobs.run_due()
    assert (standings(applications), held()) == (["withdrawn", "offered"], 1)


def test_nobody_is_called_up_after_the_reserve_list_has_ended():
    call, applications = a_selection([90, 80], seats=1)
    with clock.frozen(call.reserve_until + timedelta(seconds=1)):
        lapse_due()
    assert (standings(applications), held()) == (["lapsed", "reserve"], 0)


def test_a_place_is_answered_only_by_its_owner():
    _call, (one,) = a_selection([90], seats=1)
    other = a_person()
    with clock.frozen(LATER):
        for deed in (actions.accept, actions.decline):
            with pytest.raises(NotThere):
                deed(one.id, by=other.id)


def test_more_offers_than_seats_would_still_never_seat_one_too_many():
    call, applications = a_selection([90, 80, 70], seats=2)
    cohort_id = call.cohort_id
    stranger = a_person()
    with clock.frozen(LATER):
        programmes.enrol(cohort_id, stranger.id, by=None)
        assert actions.accept(applications[0].id, by=applications[0].person_id) == "accepted"
        assert actions.accept(applications[1].id, by=applications[1].person_id) == "reserve"
    assert standings(applications) == ["accepted", "reserve", "reserve"]
    assert len(taking_part.members(cohort_id)) == 2


def test_a_ranking_is_not_published_once_the_reserve_list_has_ended_and_can_be_when_it_is_prolonged():
    call = a_call(seats=1)
    ids, coordinator = judged(call, [90, 80])
    call_id, edition_id, late = call.id, call.cohort.edition_id, call.reserve_until + timedelta(seconds=1)
    with clock.frozen(late):
        with pytest.raises(Refused, match="reserve list ended"):
            publishing.publish(call_id, by=coordinator.id)
        opening.load(edition_id, {"IT": a_part(reserve_until=late, reason=words("More time"))}, None)
        publishing.publish(call_id, by=coordinator.id)
    assert standings([session.get(Application, each) for each in ids]) == ["offered", "reserve"]


def test_the_first_offers_go_out_though_the_reserve_list_ends_while_the_ranking_is_published():
    call, applications = a_selection([90, 80], seats=1)
    with clock.frozen(call.reserve_until + timedelta(seconds=1)), transaction():
        session.execute(update(Ranking).values(seats=2))
        assert actions.call_up(session.scalars(select(Ranking.id)).one()) == [applications[1].person_id]


def test_one_broken_offer_does_not_hold_up_the_others(app):
    """Of two offers that are over in one minute the first is broken: its call has lost the clock time of its deadlines."""
    broken, (first, _next) = a_selection([90, 80], seats=1)
    _call, (other, following) = a_selection([90, 80], seats=1)
    with transaction():
        session.execute(update(Call).where(Call.id == broken.id).values(offer_until="none"))
        session.execute(update(Place).where(Place.application_id == first.id).values(offer_until=OFFER_UNTIL - timedelta(minutes=1)))
    with clock.frozen(OFFER_UNTIL):
        jobs.tick()
        jobs.run_due()
    assert standings([first, other, following]) == ["offered", "lapsed", "offered"]
    assert [job.kind for job in jobs.failed()] == [actions.LAPSE]


def test_where_the_call_is_switched_off_offers_neither_lapse_nor_are_reminded_of(outbox):
    call, applications = a_selection([90, 80], seats=1)
    edition_id, written = call.cohort.edition_id, len(outbox)
    switch("online_call", on=False, edition_id=edition_id)
    with clock.frozen(OFFER_UNTIL - timedelta(hours=1)):
        actions.remind_due()
        jobs.run_due()
    with clock.frozen(OFFER_UNTIL):
        lapse_due()
        assert (standings(applications), len(outbox)) == (["offered", "reserve"], written)
        switch("online_call", on=True, edition_id=edition_id)
        lapse_due()
    assert standings(applications) == ["lapsed", "offered"]
