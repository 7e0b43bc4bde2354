"""When a superior may be asked and may answer, and what it means."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspire_lms.plugins.online_call import eligibility
from inspire_lms.plugins.online_call.authorising import rules
from inspire_lms.plugins.online_call.authorising.rules import Asked, RequestState
from inspire_lms.plugins.online_call.authorising.terms import ByLink
from inspire_lms.plugins.online_call.eligibility import Check, Finding, Rule
from inspire_lms.plugins.online_call.questions import Kind
from inspire_lms.plugins.online_call.rules import State, Window
from tests.plugins.online_call.builders import CLOSES, OPEN, OPENS, a_question
from tests.plugins.online_call.superiors import terms

WINDOW = Window(OPENS, CLOSES, "Europe/Rome")
LAST = CLOSES + timedelta(days=3)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
ASKED, GIVEN, REFUSED, EXPIRED = RequestState


def asked(state=ASKED, *, times=1, at=OPEN, days=10):
    return Asked(state, times, at, at + timedelta(days=days))


@pytest.mark.parametrize(
    ("at", "days", "days_after", "dies"),
    [
        (OPEN, 10, 0, datetime(2026, 11, 30, 11, 0, tzinfo=UTC)),
        (OPEN, 60, 0, CLOSES),
        (OPEN, 60, 3, LAST),
        (CLOSES - MINUTE, 10, 0, CLOSES),
        (CLOSES + DAY, 10, 3, LAST),
    ],
)
def test_a_link_dies_at_the_closing_time_of_day_and_never_after_the_last_moment(at, days, days_after, dies):
    assert rules.expiry(WINDOW, terms(days=days, days_after=days_after), at=at) == dies


def test_the_last_moment_keeps_its_time_of_day_when_the_clocks_change():
    window = Window(datetime(2026, 10, 1, 7, tzinfo=UTC), datetime(2026, 10, 23, 10, 0, tzinfo=UTC), "Europe/Rome")
    assert rules.last_moment(window, terms(days_after=3)) == datetime(2026, 10, 26, 11, 0, tzinfo=UTC)


@given(minutes=st.integers(0, 60 * 24 * 25), days=st.integers(1, 60), after=st.integers(0, 30), hours=st.integers(1, 240))
def test_whenever_somebody_asks_the_link_ends_in_time_and_the_reminder_lies_between(minutes, days, after, hours):
    at, agreed = OPENS + timedelta(minutes=minutes), terms(days=days, days_after=after, remind_hours=hours)
    dies = rules.expiry(WINDOW, agreed, at=at)
    due = rules.reminder(at, dies, agreed)
    assert dies <= rules.last_moment(WINDOW, agreed)
    assert due is None or (at + rules.ONE_DAY <= due < dies and due >= dies - timedelta(hours=hours))


@pytest.mark.parametrize(
    ("state", "before", "is_attached", "at", "why_not"),
    [
        (State.DRAFT, None, False, OPEN, None),
        (State.DRAFT, None, False, CLOSES - SECOND, None),
        (State.DRAFT, None, False, CLOSES, "The call closed on"),
        (State.DRAFT, None, False, OPENS - SECOND, "The call opens on"),
        (State.DRAFT, None, True, OPEN, "A file is attached."),
        (State.SUBMITTED, asked(EXPIRED), False, LAST - SECOND, None),
        (State.SUBMITTED, asked(EXPIRED), False, LAST, "An authorisation could be asked for until"),
        (State.SUBMITTED, None, True, OPEN, "A file is attached."),
        (State.ELIGIBLE, asked(EXPIRED), False, CLOSES + DAY, "The application is no longer waiting"),
        (State.NOT_ELIGIBLE, asked(REFUSED), False, CLOSES + DAY, "The application is no longer waiting"),
        (State.WITHDRAWN, asked(), False, OPEN + DAY, "The application is no longer waiting"),
        (State.DRAFT, asked(), False, OPEN + rules.PAUSE - SECOND, "You asked a moment ago."),
        (State.DRAFT, asked(), False, OPEN + rules.PAUSE, None),
        (State.DRAFT, asked(REFUSED), False, OPEN + DAY, None),
        (State.DRAFT, asked(REFUSED, times=2), False, OPEN + DAY, None),
        (State.DRAFT, asked(REFUSED, times=3), False, OPEN + DAY, "You have asked 3 times; the call allows no more."),
        (State.DRAFT, asked(GIVEN), False, OPEN + DAY, "Your superior has given the authorisation."),
    ],
)
def test_one_asks_while_it_can_help_and_not_too_often(state, before, is_attached, at, why_not):
    reason = rules.why_not_ask(state, WINDOW, terms(), before, is_attached=is_attached, at=at)
    assert str(reason).startswith(why_not) if why_not else reason is None


@pytest.mark.parametrize(
    ("before", "state", "at", "why_not"),
    [
        (asked(), State.DRAFT, OPEN + 10 * DAY - SECOND, None),
        (asked(), State.DRAFT, OPEN + 10 * DAY, "The link worked until"),
        (asked(EXPIRED), State.DRAFT, OPEN + 11 * DAY, "The link worked until"),
        (asked(days=30), State.SUBMITTED, CLOSES, None),
        (asked(days=30), State.ELIGIBLE, CLOSES, None),
        (asked(days=30), State.DRAFT, CLOSES, "The person who asked takes no part"),
        (asked(), State.WITHDRAWN, OPEN, "The person who asked takes no part"),
        (asked(GIVEN), State.DRAFT, OPEN, "This request has been answered."),
        (asked(REFUSED), State.DRAFT, OPEN, "This request has been answered."),
    ],
)
def test_a_superior_answers_once_and_in_time(before, state, at, why_not):
    reason = rules.why_not_answer(before, state, WINDOW, at=at)
    assert str(reason).startswith(why_not) if why_not else reason is None


@pytest.mark.parametrize(
    ("state", "is_last", "found"),
    [
        (GIVEN, False, Finding.PASS),
        (GIVEN, True, Finding.PASS),
        (ASKED, False, Finding.UNKNOWN),
        (REFUSED, False, Finding.FAIL),
        (EXPIRED, False, Finding.UNKNOWN),
        (EXPIRED, True, Finding.FAIL),
    ],
)
def test_a_yes_passes_a_no_fails_and_silence_fails_only_when_nobody_can_be_asked_any_more(state, is_last, found):
    assert rules.finding(state, is_last=is_last) is found


@pytest.mark.parametrize(
    ("attached", "by_link", "found"),
    [
        ({"q"}, {}, Finding.PASS),
        ({"q"}, {"q": Finding.FAIL}, Finding.PASS),
        (set(), {"q": Finding.PASS}, Finding.PASS),
        (set(), {"q": Finding.UNKNOWN}, Finding.UNKNOWN),
        (set(), {"q": Finding.FAIL}, Finding.FAIL),
        (set(), {"other": Finding.PASS}, Finding.FAIL),
        (set(), None, Finding.FAIL),
    ],
)
def test_a_rule_asks_for_an_authorisation_by_file_or_by_link(attached, by_link, found):
    asks = Rule("r", Check.AUTHORISED, "q", (), (), {"en": "The condition"}, {"en": "Why not"})
    assert eligibility.find(asks, {}, attached, "anna@comune.example", by_link) is found


@pytest.mark.parametrize(
    ("state", "may_submit_open", "stands"),
    [(GIVEN, False, True), (ASKED, True, True), (ASKED, False, False), (REFUSED, True, False), (EXPIRED, True, False)],
)
def test_an_open_request_stands_for_the_file_only_if_the_call_says_so(state, may_submit_open, stands):
    assert rules.stands_for_a_file(state, terms(may_submit_open=may_submit_open)) is stands


@pytest.mark.parametrize(("by_one", "to_one", "allowed"), [(5, 19, True), (6, 0, False), (0, 20, False)])
def test_nobody_floods_anybody(by_one, to_one, allowed):
    assert (rules.why_too_many(by_one, to_one) is None) is allowed


@pytest.mark.parametrize("name", ["Nicolò D'Angelo", "Dott.ssa Lucia De Santis", "Dr. Ștefan Țiriac", "Ελένη Παπαϊωάννου-Αντωνίου", "M. L. Rossi Jr."])
def test_a_name_in_any_of_the_scripts_goes_through(name):
    assert rules.why_no_name(name) is None


@pytest.mark.parametrize(
    "name", ["", "Visit spam.example now", "http://spam.example", "a@b.example", "Call 06 1234567", "Win $$$", "One\nTwo", "x" * 121]
)
def test_nothing_but_a_name_reaches_a_stranger(name):
    assert rules.why_no_name(name) is not None


def test_a_question_keeps_its_terms_and_one_without_any_is_kept_as_before():
    linked = a_question("q", Kind.FILE, link=terms())
    assert type(linked).restored(linked.stored()) == linked
    assert isinstance(linked.link, ByLink)
    plain = a_question("q", Kind.FILE)
    assert "link" not in plain.stored()
    assert type(plain).restored(plain.stored()) == plain
