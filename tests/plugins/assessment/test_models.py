"""What the tables refuse: each constraint is broken once, by its name."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from inspire_lms.kernel.db import Words, session, transaction
from inspire_lms.plugins.assessment.models import Assessment, Attempt, Extension, Mark, Question, Response, Version, Window
from tests.builders import a_trainee
from tests.plugins.assessment.builders import CLOSES, NOW, OPENS, a_course, start, written

VERSION = {"number": 9, "kind": "true_false", "competence_id": 1, "content": {}, "digest": "d", "made_at": NOW}
ASSESSMENT = {
    "position": 9, "code": "more", "purpose": "final", "title": Words(en="T"), "about": Words(en="A"), "minutes": 10, "attempts": 1, "pass_mark": 60,
    "questions_each": 1, "competences": [], "question_id": None,
}  # fmt: skip
ATTEMPT = {"number": 9, "seed": "s", "started_at": NOW, "ends_at": NOW, "state": "open"}
SUBMITTED = {"state": "submitted", "submitted_at": NOW, "receipt": "r"}
GRADED = SUBMITTED | {"state": "graded", "graded_at": NOW, "percent": 50}


def refused(made, name):
    with pytest.raises(IntegrityError) as caught, transaction():
        session.add(made)
        session.flush()
    said = str(caught.value.orig)
    assert name in said or "UNIQUE constraint failed" in said


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("but", "name"),
    [
        ({"title": ""}, "ck_assessment_question_a_question_has_a_title"),
        ({"title": "E1"}, "uq_assessment_question_framework_id_title"),
    ],
)
def test_a_question_that_must_not_be(course, but, name):
    refused(Question(framework_id=course.framework_id, **but), name)


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("but", "name"),
    [
        ({"number": 0}, "ck_assessment_version_versions_are_counted_from_1"),
        ({"kind": "cloze"}, "ck_assessment_version_the_kind_is_known"),
        ({"number": 1}, "uq_assessment_version_question_id_number"),
    ],
)
def test_a_version_that_must_not_be(course, but, name):
    refused(Version(question_id=1, **VERSION | but), name)


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("but", "name"),
    [
        ({"purpose": "oral"}, "ck_assessment_assessment_the_purpose_is_known"),
        ({"pass_mark": 0}, "ck_assessment_assessment_the_pass_mark_is_a_percentage"),
        ({"pass_mark": 101}, "ck_assessment_assessment_the_pass_mark_is_a_percentage"),
        ({"purpose": "pre"}, "ck_assessment_assessment_a_pre_test_cannot_be_failed"),
        ({"purpose": "essay"}, "ck_assessment_assessment_an_essay_has_its_question"),
        ({"question_id": 1}, "ck_assessment_assessment_an_essay_has_its_question"),
        ({"minutes": 0}, "ck_assessment_assessment_an_attempt_lasts_a_minute_at_least"),
        ({"attempts": 0}, "ck_assessment_assessment_there_is_an_attempt"),
        ({"questions_each": 0}, "ck_assessment_assessment_there_is_a_question"),
        ({"code": "essay"}, "uq_assessment_assessment_edition_id_code"),
    ],
)
def test_an_assessment_that_must_not_be(course, but, name):
    refused(Assessment(edition_id=course.edition_id, **ASSESSMENT | but), name)


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("closes", "same", "name"),
    [(OPENS, False, "ck_assessment_window_a_window_closes_after_it_opens"), (CLOSES, True, "uq_assessment_window_assessment_id_cohort_id")],
)
def test_a_window_that_must_not_be(course, closes, same, name):
    cohort_id = course.cohort_id if same else a_course("GR").cohort_id
    refused(Window(assessment_id=1, cohort_id=cohort_id, opens_at=OPENS, closes_at=closes), name)


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("but", "name"),
    [
        ({"minutes": -1, "attempts": 1}, "ck_assessment_extension_an_extension_takes_nothing_away"),
        ({"attempts": -1}, "ck_assessment_extension_an_extension_takes_nothing_away"),
        ({"minutes": 0}, "ck_assessment_extension_an_extension_gives_something"),
        ({"reason": ""}, "ck_assessment_extension_an_extension_has_a_reason"),
    ],
)
def test_an_extension_that_must_not_be(course, but, name):
    person = a_trainee(course.cohort).id
    facts = {"minutes": 5, "attempts": 0, "reason": "Why", "granted_by": person, "granted_at": NOW}
    refused(Extension(window_id=1, person_id=person, **facts | but), name)


@pytest.mark.both_engines
def test_a_person_has_one_extension_in_a_window(course):
    person = a_trainee(course.cohort).id
    facts = {"window_id": 1, "person_id": person, "minutes": 5, "attempts": 0, "reason": "Why", "granted_by": person, "granted_at": NOW}
    with transaction():
        session.add(Extension(**facts))
    refused(Extension(**facts), "uq_assessment_extension_window_id_person_id")


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("but", "name"),
    [
        (SUBMITTED | {"number": 1}, "uq_assessment_attempt_window_id_person_id_number"),
        ({}, "uq_assessment_attempt_open"),
        (SUBMITTED | {"state": "lost"}, "ck_assessment_attempt_the_state_is_known"),
        (SUBMITTED | {"number": 0}, "ck_assessment_attempt_attempts_are_counted_from_1"),
        (SUBMITTED | {"ends_at": NOW - timedelta(seconds=1)}, "ck_assessment_attempt_an_attempt_ends_after_it_starts"),
        (SUBMITTED | {"submitted_at": None}, "ck_assessment_attempt_only_an_open_one_was_not_submitted"),
        (SUBMITTED | {"receipt": None}, "ck_assessment_attempt_only_an_open_one_has_no_receipt"),
        (GRADED | {"graded_at": None}, "ck_assessment_attempt_only_a_graded_one_has_its_moment"),
        (GRADED | {"percent": None}, "ck_assessment_attempt_only_a_graded_one_has_a_result"),
        (GRADED | {"percent": 101}, "ck_assessment_attempt_the_result_is_a_percentage"),
    ],
)
def test_an_attempt_that_must_not_be(course, but, name):
    person = a_trainee(course.cohort).id
    start(course, person, "pre-test")
    refused(Attempt(window_id=course.windows["pre-test"], person_id=person, **ATTEMPT | but), name)


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("but", "name"),
    [
        ({"position": 1}, "uq_assessment_response_attempt_id_position"),
        ({"position": 0}, "ck_assessment_response_questions_are_counted_from_1"),
        ({"most": 0}, "ck_assessment_response_a_question_is_worth_something"),
        ({"points": 2}, "ck_assessment_response_points_stay_within_the_question"),
        ({"points": -1}, "ck_assessment_response_points_stay_within_the_question"),
        ({"late_at": NOW}, "ck_assessment_response_a_late_answer_has_its_moment"),
        ({"late_answer": ["x"]}, "ck_assessment_response_a_late_answer_has_its_moment"),
    ],
)
def test_a_response_that_must_not_be(course, but, name):
    attempt_id = start(course, a_trainee(course.cohort).id, "pre-test")
    refused(Response(attempt_id=attempt_id, version_id=1, digest="d", **{"position": 99, "most": 1} | but), name)


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("but", "name"),
    [
        ({"number": 0, "reason": "Why"}, "ck_assessment_mark_marks_are_counted_from_1"),
        ({"number": 2}, "ck_assessment_mark_a_later_mark_has_a_reason"),
        ({"points": -1}, "ck_assessment_mark_a_mark_is_not_negative"),
    ],
)
def test_a_mark_that_must_not_be(course, but, name):
    person = a_trainee(course.cohort).id
    _, response_id = written(course, person)
    refused(Mark(response_id=response_id, **{"number": 1, "levels": {}, "points": 1, "marked_by": person, "marked_at": NOW} | but), name)


@pytest.mark.both_engines
def test_a_mark_has_its_number_once(course):
    person = a_trainee(course.cohort).id
    _, response_id = written(course, person)
    facts = {"response_id": response_id, "number": 1, "levels": {}, "points": 1, "marked_by": person, "marked_at": NOW}
    with transaction():
        session.add(Mark(**facts))
    refused(Mark(**facts), "uq_assessment_mark_response_id_number")
