"""When a survey may be answered, and when its results are too small to be shown."""

from datetime import UTC, datetime, timedelta

import pytest

from inspire_lms.plugins.survey.rules import State, state, why_not_answer, why_not_show

OPENS = datetime(2027, 4, 15, 16, 30, tzinfo=UTC)
CLOSES = datetime(2027, 5, 9, 21, 59, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("at", "expected"),
    [(OPENS - SECOND, State.TO_COME), (OPENS, State.OPEN), (CLOSES - SECOND, State.OPEN), (CLOSES, State.CLOSED)],
)
def test_the_first_moment_belongs_to_the_survey_and_the_last_does_not(at, expected):
    assert state(OPENS, CLOSES, at=at) is expected


@pytest.mark.parametrize(
    ("takes_part", "has_answered", "at", "reason"),
    [
        (True, False, OPENS, None),
        (False, False, OPENS, "This survey is for the trainees of the cohort."),
        (True, True, OPENS, "You have answered already. Your answers are kept without your name, so they cannot be changed."),
        (True, False, OPENS - SECOND, "The survey opens on {when}."),
        (True, False, CLOSES, "The survey closed on {when}; our server's clock says {now}."),
    ],
)
def test_a_trainee_answers_once_while_the_survey_is_open(takes_part, has_answered, at, reason):
    found = why_not_answer(OPENS, CLOSES, takes_part=takes_part, has_answered=has_answered, zone="Europe/Rome", at=at)
    assert (found and found.text) == reason


@pytest.mark.parametrize(
    ("answers", "at", "hidden"), [(5, CLOSES, False), (4, CLOSES, True), (20, CLOSES - SECOND, True), (0, CLOSES, True)]
)
def test_results_are_shown_after_the_end_and_from_five_answers_on(answers, at, hidden):
    assert (why_not_show(answers, CLOSES, zone="Europe/Rome", at=at) is not None) is hidden
