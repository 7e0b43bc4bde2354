"""When one can join, publish, move, cancel, close; and what a trainee is told."""

from datetime import UTC, datetime, timedelta

import pytest

from inspire_lms.contracts.attendance import Share
from inspire_lms.plugins.webinar import rules
from inspire_lms.plugins.webinar.rules import Phase, State

START = datetime(2026, 11, 26, 14, tzinfo=UTC)
END = START + timedelta(hours=2)
QUARTER = timedelta(minutes=15)
ZONE = "Europe/Rome"
LINK = "https://meet.example.org/inspire"
SECOND = timedelta(seconds=1)


def said(reason):
    return None if reason is None else reason.text


@pytest.mark.parametrize(
    ("state", "at", "phase"),
    [
        (State.PUBLISHED, START - QUARTER - SECOND, Phase.TO_COME),
        (State.PUBLISHED, START - QUARTER, Phase.OPEN),
        (State.PUBLISHED, END - SECOND, Phase.OPEN),
        (State.PUBLISHED, END, Phase.OVER),
        (State.PLANNED, START, Phase.TO_COME),
        (State.CANCELLED, START, Phase.CANCELLED),
    ],
)
def test_a_webinar_opens_a_quarter_before_and_is_over_at_its_end(state, at, phase):
    assert rules.phase(state, START, END, opens=QUARTER, at=at) is phase


@pytest.mark.parametrize(
    ("state", "at", "link", "why"),
    [
        (State.PUBLISHED, START - QUARTER - SECOND, LINK, "You can join from {when} on."),
        (State.PUBLISHED, START - QUARTER, LINK, None),
        (State.PUBLISHED, END - SECOND, LINK, None),
        (State.PUBLISHED, END, LINK, "This webinar ended on {when}."),
        (State.PUBLISHED, START, "", "The address of the meeting has not been entered yet. Your trainer has been shown this too."),
        (State.PLANNED, START, LINK, "This webinar has not been announced yet."),
        (State.CANCELLED, START, LINK, "This webinar does not take place."),
    ],
)
def test_one_joins_while_the_door_is_open(state, at, link, why):
    assert said(rules.why_not_join(state, START, END, ZONE, link, opens=QUARTER, at=at)) == why


@pytest.mark.parametrize(
    ("state", "at", "why"),
    [
        (State.PLANNED, END - SECOND, None),
        (State.PLANNED, END, "Webinar {number} lies in the past. Move it first."),
        (State.PUBLISHED, START, "This webinar is published already."),
        (State.CANCELLED, START, "A cancelled webinar cannot be published. Plan a new one."),
    ],
)
def test_what_is_past_is_not_announced(state, at, why):
    assert said(rules.why_not_publish(1, state, END, at=at)) == why


@pytest.mark.parametrize(
    ("state", "at", "closed", "reason", "why"),
    [
        (State.PLANNED, START, None, "", None),
        (State.PUBLISHED, START - SECOND, None, "The trainer is ill.", None),
        (State.PUBLISHED, START - SECOND, None, " ", "Please say why, in a sentence that those concerned may read."),
        (State.PUBLISHED, START, None, "The trainer is ill.", "This webinar has begun; its time cannot be changed any more."),
        (State.PUBLISHED, END, END, "The trainer is ill.", "The register of this webinar is closed."),
        (State.CANCELLED, START, None, "x", "A cancelled webinar cannot be changed. Plan a new one."),
        (State.PUBLISHED, START - SECOND, None, "x" * 501, "At most {most} characters."),
    ],
)
def test_what_was_announced_changes_with_a_reason_and_before_it_begins(state, at, closed, reason, why):
    assert said(rules.why_not_change(state, START, closed, reason, at=at)) == why


@pytest.mark.parametrize(
    ("state", "at", "closed", "why"),
    [
        (State.PUBLISHED, START - SECOND, None, None),
        (State.PUBLISHED, START, None, "This webinar has begun and cannot be cancelled any more."),
        (State.PUBLISHED, START - SECOND, END, "The register of this webinar is closed."),
        (State.PLANNED, START - SECOND, None, "Nobody has been told of this webinar; take it out of the plan instead."),
        (State.CANCELLED, START - SECOND, None, "This webinar is cancelled already."),
    ],
)
def test_only_what_was_announced_and_has_not_begun_is_cancelled(state, at, closed, why):
    assert said(rules.why_not_cancel(state, START, closed, "The trainer is ill.", at=at)) == why


@pytest.mark.parametrize(
    ("state", "at", "closed", "why"),
    [
        (State.PUBLISHED, END - SECOND, None, "The webinar ends on {when}; the register can be closed after that."),
        (State.PUBLISHED, END, None, None),
        (State.PUBLISHED, END, END, "The register was closed on {when}."),
        (State.PLANNED, END, None, "Only a webinar that took place has a register."),
        (State.CANCELLED, END, None, "Only a webinar that took place has a register."),
    ],
)
def test_a_register_is_closed_once_and_after_the_end(state, at, closed, why):
    assert said(rules.why_not_close(state, END, closed, ZONE, at=at)) == why


@pytest.mark.parametrize(
    ("came", "left", "why"),
    [
        (START, END, None),
        (START - QUARTER, START + SECOND, None),
        (START - QUARTER, START, "This lies outside the webinar."),
        (END - SECOND, END + QUARTER, None),
        (END, END + QUARTER, "This lies outside the webinar."),
        (END, START, "The end lies after the beginning."),
        (START, START, "The end lies after the beginning."),
    ],
)
def test_a_connection_entered_by_hand_touches_the_webinar(came, left, why):
    assert said(rules.why_not_correct(came, left, START, END, "Had no sound, joined by telephone.")) == why


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("left", "seen", "at", "until", "goes_on"),
    [
        (START + 30 * MINUTE, START + 29 * MINUTE, END, START + 30 * MINUTE, False),
        (None, START + 29 * MINUTE, START + 34 * MINUTE, START + 34 * MINUTE, True),
        (None, START + 29 * MINUTE, START + 34 * MINUTE + SECOND, START + 29 * MINUTE, False),
        (None, START, START + 40 * MINUTE, START + 40 * MINUTE, True),
        (None, START, END + MINUTE, END, False),
        (None, END - MINUTE, END + MINUTE, END, False),
    ],
)
def test_a_silent_page_has_left_and_one_without_script_stays_to_the_end(left, seen, at, until, goes_on):
    assert rules.left_at(START, left, seen, END, at=at) == (until, goes_on)


def share(minutes, held, scheduled=960, threshold=80, webinars=1, planned=8):
    return Share(minutes, held, scheduled, webinars, planned, threshold)


@pytest.mark.parametrize(
    ("minutes", "held", "standing", "at_risk", "sentence"),
    [
        (0, 0, "hope", False, "So far 0 minutes (0%). For 80% you need 768 minutes of the 960 left."),
        (528, 600, "hope", False, "So far 528 minutes (55%). For 80% you need 240 minutes of the 360 left."),
        (767, 960, "out", True, "So far 767 minutes (79%). The 80% can no longer be reached: at most 79%."),
        (768, 960, "met", False, "So far 768 minutes (80%). The 80% that are needed, 768 minutes, have been reached."),
        (503, 600, "hope", True, "So far 503 minutes (52%). For 80% you need 265 minutes of the 360 left."),
        (504, 600, "hope", False, "So far 504 minutes (52%). For 80% you need 264 minutes of the 360 left."),
        (408, 600, "hope", True, "So far 408 minutes (42%). For 80% you need 360 minutes of the 360 left."),
        (407, 600, "out", True, "So far 407 minutes (42%). The 80% can no longer be reached: at most 79%."),
        (527, 600, "hope", False, "So far 527 minutes (54%). For 80% you need 241 minutes of the 360 left."),
        (767, 840, "hope", False, "So far 767 minutes (79%). For 80% you need 1 minute of the 120 left."),
        (1, 120, "hope", True, "So far 1 minute (0%). For 80% you need 767 minutes of the 840 left."),
    ],
)
def test_a_trainee_is_told_what_is_needed_and_whether_it_can_still_be_reached(minutes, held, standing, at_risk, sentence):
    one = share(minutes, held)
    assert (rules.standing(one), rules.is_at_risk(one), str(rules.so_far(one))) == (standing, at_risk, sentence)


def test_without_a_plan_there_is_nothing_to_reach():
    assert str(rules.so_far(share(0, 0, scheduled=0))) == "No webinar has been planned yet."
