"""Who may do what with a call, an application and a place; and when."""

from datetime import UTC, datetime, time, timedelta

import pytest

from inspire_lms.plugins.online_call import rules
from inspire_lms.plugins.online_call.rules import Phase, ReviewState, Standing, State

OPENS = datetime(2026, 11, 9, 8, 0, tzinfo=UTC)
CLOSES = datetime(2026, 12, 11, 11, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
INSTANT = timedelta(microseconds=1)
WINDOW = rules.Window(OPENS, CLOSES, "Europe/Rome")


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        (OPENS - INSTANT, Phase.BEFORE),
        (OPENS, Phase.OPEN),
        (CLOSES - INSTANT, Phase.OPEN),
        (CLOSES, Phase.CLOSED),
        (CLOSES + SECOND, Phase.CLOSED),
    ],
)
def test_a_call_opens_and_closes_to_the_second_by_itself(at, phase):
    assert WINDOW.phase(at) is phase


def test_whoever_is_late_reads_the_deadline_and_the_time_of_the_server():
    reason = rules.why_not_change(State.DRAFT, WINDOW, at=CLOSES + timedelta(minutes=1))
    assert reason is not None
    assert reason.values["deadline"].at == CLOSES
    assert reason.values["now"].at == CLOSES + timedelta(minutes=1)
    assert {reason.values["deadline"].zone, reason.values["now"].zone} == {"Europe/Rome"}


@pytest.mark.parametrize(
    ("state", "at", "may"),
    [
        (State.DRAFT, OPENS, True),
        (State.DRAFT, CLOSES - INSTANT, True),
        (State.DRAFT, CLOSES, False),
        (State.DRAFT, OPENS - INSTANT, False),
        (State.SUBMITTED, OPENS, False),
        (State.WITHDRAWN, OPENS, False),
    ],
)
def test_only_a_draft_changes_and_only_while_the_call_is_open(state, at, may):
    assert (rules.why_not_change(state, WINDOW, at=at) is None) is may


@pytest.mark.parametrize(
    ("state", "standing", "may"),
    [
        (State.DRAFT, None, False),
        (State.SUBMITTED, None, True),
        (State.ELIGIBLE, None, True),
        (State.NOT_ELIGIBLE, None, True),
        (State.WITHDRAWN, None, False),
        (State.ELIGIBLE, Standing.UNSUITABLE, True),
        (State.ELIGIBLE, Standing.RESERVE, True),
        (State.ELIGIBLE, Standing.OFFERED, True),
        (State.ELIGIBLE, Standing.ACCEPTED, True),
        (State.ELIGIBLE, Standing.DECLINED, False),
        (State.ELIGIBLE, Standing.LAPSED, False),
        (State.WITHDRAWN, Standing.WITHDRAWN, False),
    ],
)
def test_an_application_is_withdrawn_in_every_state_that_still_leads_somewhere(state, standing, may):
    assert (rules.why_not_withdraw(state, standing) is None) is may


@pytest.mark.parametrize(
    ("state", "at", "published", "may"),
    [
        (State.SUBMITTED, CLOSES - INSTANT, False, False),
        (State.SUBMITTED, CLOSES, False, True),
        (State.ELIGIBLE, CLOSES, False, True),
        (State.NOT_ELIGIBLE, CLOSES, False, True),
        (State.DRAFT, CLOSES, False, False),
        (State.WITHDRAWN, CLOSES, False, False),
        (State.SUBMITTED, CLOSES, True, False),
    ],
)
def test_eligibility_is_decided_between_the_deadline_and_the_ranking(state, at, published, may):
    assert (rules.why_not_decide(state, WINDOW, published=published, at=at) is None) is may


@pytest.mark.parametrize(
    ("state", "review", "published", "may"),
    [
        (State.ELIGIBLE, ReviewState.ASKED, False, True),
        (State.ELIGIBLE, ReviewState.DONE, False, True),
        (State.ELIGIBLE, ReviewState.CONFLICT, False, False),
        (State.ELIGIBLE, ReviewState.ASKED, True, False),
        (State.NOT_ELIGIBLE, ReviewState.ASKED, False, False),
        (State.WITHDRAWN, ReviewState.ASKED, False, False),
    ],
)
def test_marks_are_given_to_eligible_applications_until_the_ranking_is_published(state, review, published, may):
    assert (rules.why_not_review(state, review, published=published) is None) is may


READY = {"published": False, "phase": Phase.CLOSED, "undecided": 0, "open_reviews": 0, "third_due": 0, "eligible": 1}


@pytest.mark.parametrize(
    ("but", "may"),
    [
        ({}, True),
        ({"published": True}, False),
        ({"phase": Phase.OPEN}, False),
        ({"undecided": 1}, False),
        ({"open_reviews": 1}, False),
        ({"third_due": 1}, False),
        ({"unconfirmed": 1}, False),
        ({"eligible": 0}, False),
    ],
)
def test_a_ranking_is_published_once_and_only_when_nothing_is_open(but, may):
    assert (rules.why_not_publish(**(READY | but)) is None) is may


@pytest.mark.parametrize(
    ("standing", "at", "may"),
    [
        (Standing.OFFERED, CLOSES - INSTANT, True),
        (Standing.OFFERED, CLOSES, False),
        (Standing.ACCEPTED, CLOSES + SECOND, True),
        (Standing.LAPSED, CLOSES - SECOND, False),
        (Standing.RESERVE, CLOSES - SECOND, False),
        (Standing.DECLINED, CLOSES - SECOND, False),
        (Standing.WITHDRAWN, CLOSES - SECOND, False),
        (Standing.UNSUITABLE, CLOSES - SECOND, False),
    ],
)
def test_an_offer_is_accepted_until_the_second_of_its_deadline(standing, at, may):
    assert (rules.why_not_accept(standing, CLOSES, "Europe/Rome", at=at) is None) is may


@pytest.mark.parametrize(("standing", "may"), [(each, each in {Standing.OFFERED, Standing.DECLINED}) for each in Standing])
def test_only_an_offer_is_declined_and_twice_is_the_same(standing, may):
    assert (rules.why_not_decline(standing) is None) is may


@pytest.mark.parametrize(
    ("at", "days", "deadline"),
    [
        (datetime(2027, 1, 19, 9, 0, tzinfo=UTC), 7, datetime(2027, 1, 26, 11, 0, tzinfo=UTC)),
        (datetime(2027, 3, 25, 9, 0, tzinfo=UTC), 7, datetime(2027, 4, 1, 10, 0, tzinfo=UTC)),
        (datetime(2027, 1, 19, 23, 30, tzinfo=UTC), 1, datetime(2027, 1, 21, 11, 0, tzinfo=UTC)),
    ],
    ids=["a week later at noon in Rome", "noon stays noon over the change to summer time", "the day is that of the country"],
)
def test_an_offer_lapses_at_noon_of_the_country(at, days, deadline):
    assert rules.offer_deadline(at, zone="Europe/Rome", days=days, until=time(12)) == deadline


@pytest.mark.parametrize(("number", "text"), [(1, "INSPIREPA-IT-2026-000001"), (123, "INSPIREPA-IT-2026-000123"), (1_000_000, "INSPIREPA-IT-2026-1000000")])
def test_a_protocol_number_says_country_year_and_number(number, text):
    assert rules.protocol_number("IT", 2026, number) == text


def test_of_two_applications_of_one_person_the_one_that_is_further_goes_on():
    in_order = [
        (State.DRAFT, None), (State.WITHDRAWN, Standing.WITHDRAWN), (State.SUBMITTED, None), (State.ELIGIBLE, Standing.RESERVE),
        (State.ELIGIBLE, Standing.OFFERED), (State.ELIGIBLE, Standing.ACCEPTED),
    ]  # fmt: skip
    assert [rules.how_far(*each) for each in in_order] == [0, 1, 2, 3, 4, 5]
    equal = [(State.ELIGIBLE, Standing.LAPSED), (State.ELIGIBLE, Standing.DECLINED), (State.WITHDRAWN, None)]
    assert {rules.how_far(*each) for each in equal} == {1}
