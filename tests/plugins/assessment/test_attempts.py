"""An attempt from the start to the result: what is saved, what is refused, what the clock does."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Invalid, NotThere, Refused
from inspire_lms.plugins.assessment import grading
from inspire_lms.plugins.assessment.attempt import actions, queries
from inspire_lms.plugins.assessment.bank import actions as bank
from inspire_lms.plugins.assessment.models import Attempt, Response, Version
from tests.builders import a_trainee
from tests.plugins.assessment.builders import BANK, CLOSES, NOW, OPENS, a_course, answer, sat, start, written

SECOND = timedelta(seconds=1)


def test_starting_draws_as_many_questions_from_each_competence(course, person):
    attempt_id = start(course, person)
    asked = queries.asked(attempt_id)
    codes = session.scalars(select(Version.competence_id).join(Response, Response.version_id == Version.id).where(Response.attempt_id == attempt_id)).all()
    assert [each.position for each in asked] == [1, 2, 3, 4]
    assert sorted(codes.count(code) for code in set(codes)) == [2, 2]


def test_starting_twice_goes_on_with_the_same_attempt(course, person):
    assert start(course, person) == start(course, person, at=NOW + timedelta(minutes=29))


def test_two_people_with_two_seeds_get_different_questions_and_one_seed_the_same(course, person):
    other, third = a_trainee(course.cohort).id, a_trainee(course.cohort).id
    first, second, like_first = start(course, person), start(course, other, seed="another"), start(course, third)
    digests = [[each.digest for each in queries.asked(attempt_id)] for attempt_id in (first, second, like_first)]
    assert digests[0] == digests[2]
    assert digests[0] != digests[1]


@pytest.mark.parametrize(("at", "word"), [(OPENS - SECOND, "opens on"), (OPENS, None), (CLOSES, None), (CLOSES + SECOND, "closed on")])
def test_an_attempt_starts_only_in_its_window(course, person, at, word):
    if word is None:
        assert start(course, person, at=at)
    else:
        with pytest.raises(Refused, match=word):
            start(course, person, at=at)


def test_there_are_as_many_attempts_as_the_edition_says(course, person):
    sat(course, person, rightly=0)
    sat(course, person, rightly=1, at=NOW + timedelta(hours=1))
    with pytest.raises(Refused, match="Your 2 attempts are used"):
        start(course, person, at=NOW + timedelta(hours=2))


def test_a_bank_that_is_too_small_refuses_the_start(app):
    course = a_course(questions_each=5)
    with pytest.raises(Refused, match="The bank has 4 questions on “ethics”, and 5 are needed"):
        start(course, a_trainee(course.cohort).id)


@pytest.mark.both_engines
def test_the_latest_answer_wins_and_another_device_is_told(course, person):
    attempt_id = start(course, person, "essay")
    with clock.frozen(NOW + SECOND):
        first = actions.save(attempt_id, 1, ["one"], by=person, device="desk")
    with clock.frozen(NOW + 2 * SECOND):
        knowing = actions.save(attempt_id, 1, ["two"], by=person, device="phone", seen=first.at.isoformat())
    with clock.frozen(NOW + 3 * SECOND):
        not_knowing = actions.save(attempt_id, 1, ["three"], by=person, device="desk", seen=first.at.isoformat())
    assert (first.elsewhere_at, knowing.elsewhere_at, not_knowing.elsewhere_at) == (None, None, knowing.at)
    assert queries.asked(attempt_id)[0].answer == ["three"]


def test_an_answer_can_be_taken_back_and_a_question_marked(course, person):
    attempt_id = start(course, person, "essay")
    with clock.frozen(NOW):
        actions.save(attempt_id, 1, ["Text"], by=person, flagged=True)
    assert queries.asked(attempt_id)[0].flagged
    with clock.frozen(NOW):
        actions.save(attempt_id, 1, [" "], by=person)
    asked = queries.asked(attempt_id)[0]
    assert (asked.answer, asked.flagged, asked.is_answered) == (None, False, False)


@pytest.mark.parametrize("sent", [["99"], ["<b>x</b>", "1", "1", "1", "1", "1", "1", "1", "1"], ["x" * 50_000]])
def test_what_cannot_be_an_answer_is_refused_and_the_saved_one_stays(course, person, sent):
    attempt_id = start(course, person)
    position = next(each.position for each in queries.asked(attempt_id) if each.kind in ("single", "multiple", "true_false"))
    good = ["true"] if queries.asked(attempt_id)[position - 1].kind == "true_false" else ["1"]
    with clock.frozen(NOW):
        actions.save(attempt_id, position, good, by=person)
        with pytest.raises(Invalid):
            actions.save(attempt_id, position, sent, by=person)
    assert queries.asked(attempt_id)[position - 1].answer == good


def test_nobody_saves_into_another_persons_attempt(course, person):
    attempt_id = start(course, person)
    other = a_trainee(course.cohort).id
    for who, position in ((other, 1), (person, 99), (person, 0)):
        with clock.frozen(NOW), pytest.raises(NotThere):
            actions.save(attempt_id, position, ["1"], by=who)
    assert [each.answer for each in queries.asked(attempt_id)] == [None] * 4


def test_the_last_second_counts_and_what_comes_later_is_kept_aside(course, person):
    attempt_id = start(course, person, "essay")
    with clock.frozen(CLOSES):
        actions.save(attempt_id, 1, ["In time"], by=person)
    with clock.frozen(CLOSES + SECOND), pytest.raises(Refused, match="The time ended on"):
        actions.save(attempt_id, 1, ["Late"], by=person)
    with clock.frozen(CLOSES + 2 * SECOND), pytest.raises(Refused, match="kept aside"):
        actions.save(attempt_id, 1, ["Later"], by=person)
    asked = queries.asked(attempt_id)[0]
    assert (asked.answer, asked.late_answer, asked.late_at) == (["In time"], ["Later"], CLOSES + 2 * SECOND)


def test_after_handing_in_nothing_changes_and_nothing_is_kept_aside(course, person):
    attempt_id = sat(course, person)
    with clock.frozen(NOW + timedelta(minutes=11)), pytest.raises(Refused, match="was submitted"):
        actions.save(attempt_id, 1, ["2"], by=person)
    assert [each.late_answer for each in queries.asked(attempt_id)] == [None] * 4


@pytest.mark.both_engines
@pytest.mark.parametrize(("rightly", "percent"), [(0, None), (2, None), (4, Decimal(100))])
def test_handing_in_marks_what_marks_itself_and_gives_a_receipt(course, person, rightly, percent):
    attempt_id = sat(course, person, rightly=rightly)
    attempt = session.get_one(Attempt, attempt_id)
    asked = queries.asked(attempt_id)
    assert (attempt.state, attempt.submitted_at, attempt.by_itself) == ("graded", NOW + timedelta(minutes=10), False)
    assert attempt.receipt == grading.receipt(attempt_id, attempt.submitted_at, [(each.position, each.digest, each.answer) for each in asked])
    assert attempt.percent == (percent if percent is not None else grading.percent(grading.Marked("", each.points, each.most) for each in asked))
    assert [each.points for each in asked[:rightly]] == [1] * rightly


def test_handing_in_twice_gives_the_same_receipt(course, person):
    attempt_id = sat(course, person)
    before = session.get_one(Attempt, attempt_id)
    receipt, at = before.receipt, before.submitted_at
    with clock.frozen(NOW + timedelta(minutes=20)):
        actions.submit(attempt_id)
    after = session.get_one(Attempt, attempt_id)
    assert (after.receipt, after.submitted_at) == (receipt, at)


def test_the_end_of_the_time_hands_in_what_was_saved(course, person):
    attempt_id = start(course, person)
    answer(attempt_id, person, rightly=4)
    end = NOW + timedelta(minutes=30)
    with clock.frozen(end):
        actions.close_finished()
        jobs.run_due()
    assert session.get_one(Attempt, attempt_id).state == "open"
    session.rollback()
    with clock.frozen(end + SECOND):
        actions.close_finished()
        jobs.run_due()
    attempt = session.get_one(Attempt, attempt_id)
    assert (attempt.state, attempt.by_itself, attempt.submitted_at, attempt.percent) == ("graded", True, end, 100)


def test_the_receipt_is_mailed_once_in_the_persons_language(course, person, outbox):
    attempt_id = sat(course, person)
    with clock.frozen(NOW + timedelta(minutes=11)):
        jobs.run_due()
        actions.submit(attempt_id)
        jobs.run_due()
    assert [mail.language for mail in outbox] == ["it"]
    assert session.get_one(Attempt, attempt_id).receipt in outbox[0].text


def test_a_change_of_the_bank_does_not_reach_an_attempt_that_was_started(course, person):
    attempt_id = start(course, person)
    before = [(each.kind, each.content) for each in queries.asked(attempt_id)]
    changed = BANK.replace("What is right?", "What is really right?").replace("{T}", "{F}").replace("Name it", "Name that")
    with clock.frozen(NOW):
        bank.bring_in_text(course.framework_id, changed, language="en", by=None)
    assert [(each.kind, each.content) for each in queries.asked(attempt_id)] == before


def test_an_essay_waits_for_its_mark_and_an_empty_one_does_not(course, person):
    attempt_id, _ = written(course, person)
    assert session.get_one(Attempt, attempt_id).state == "submitted"
    other = a_trainee(course.cohort).id
    empty, _ = written(course, other, "  ")
    assert (session.get_one(Attempt, empty).state, session.get_one(Attempt, empty).percent) == ("graded", 0)


@pytest.mark.parametrize(("letters", "is_refused"), [(500, False), (501, True)])
def test_an_essay_has_its_length(course, person, letters, is_refused):
    attempt_id = start(course, person, "essay")
    with clock.frozen(NOW):
        if is_refused:
            with pytest.raises(Invalid, match="501"):
                actions.save(attempt_id, 1, ["x" * letters], by=person)
        else:
            actions.save(attempt_id, 1, ["x" * letters], by=person)
