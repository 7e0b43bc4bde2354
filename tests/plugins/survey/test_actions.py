"""Answering: once, in time, and without any way back from an answer to a person."""

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import inspect, select, text

from inspire_lms.contracts.pages import CohortFigures
from inspire_lms.contracts.survey import Participation as TookPart
from inspire_lms.contracts.survey import SurveyAnswered, SurveysOwed
from inspire_lms.kernel import bus, clock, jobs
from inspire_lms.kernel.db import db, session
from inspire_lms.kernel.errors import Refused
from inspire_lms.kernel.plugin import registry
from inspire_lms.plugins.survey import actions, queries
from inspire_lms.plugins.survey.models import Participation, Sheet
from tests.builders import a_cohort, a_person, a_trainee
from tests.plugins.survey.builders import ANSWERS, CLOSES, OPENS, a_survey

pytestmark = pytest.mark.both_engines


@pytest.fixture
def survey(app):
    return a_survey(a_cohort())


@pytest.fixture
def trainees(app, survey):
    from inspire_lms.kernel.programmes import queries as programmes

    cohort = programmes.cohort(survey.cohort_id)
    return [a_trainee(cohort).id for _ in range(6)]


def answer(survey, person_id, answers=ANSWERS, at=OPENS):
    with clock.frozen(at):
        actions.answer(survey.id, by=person_id, answers=answers)


def test_an_answer_is_kept_as_it_was_given_and_its_giver_took_part(survey, trainees):
    answer(survey, trainees[0])
    assert queries.sheets((survey.id,)) == [ANSWERS]
    assert queries.has_answered(survey.id, trainees[0]) is True
    assert queries.who_answered(survey.id) == {trainees[0]}


def test_answers_to_unknown_questions_are_left_out(survey, trainees):
    answer(survey, trainees[0], {"s1.useful": 5, "s9.spy": 1})
    assert queries.sheets((survey.id,)) == [{"s1.useful": 5}]


def test_nobody_answers_twice(survey, trainees):
    answer(survey, trainees[0])
    with pytest.raises(Refused, match="answered already"):
        answer(survey, trainees[0])
    assert len(queries.sheets((survey.id,))) == 1


def test_one_minute_late_is_refused_with_both_times(survey, trainees):
    with pytest.raises(Refused, match="server's clock"):
        answer(survey, trainees[0], at=CLOSES + timedelta(minutes=1))
    assert queries.who_answered(survey.id) == set()


def test_only_trainees_of_the_cohort_answer(survey, trainees):
    with pytest.raises(Refused, match="trainees of the cohort"):
        answer(survey, a_person().id)


def test_others_hear_that_somebody_took_part_and_nothing_else(survey, trainees):
    heard = []
    registry().listens.setdefault(SurveyAnswered, {})["survey"] = heard.append
    answer(survey, trainees[0])
    with clock.frozen(OPENS):
        jobs.run_due()
    assert heard == [SurveyAnswered(cohort_id=survey.cohort_id, person_id=trainees[0])]


def test_who_took_part_is_answered_for_the_whole_cohort_and_whether_others_still_can(survey, trainees):
    answer(survey, trainees[2])
    before, after = TookPart(0, 1, closed=0, until=CLOSES), TookPart(0, 1, closed=1)
    for at, others in ((OPENS - timedelta(days=1), before), (CLOSES - timedelta(seconds=1), before), (CLOSES, after)):
        with clock.frozen(at):
            told = bus.ask(SurveysOwed(survey.cohort_id), default={})
        assert told == {person: TookPart(1, 1) if person == trainees[2] else others for person in trainees}


def test_no_column_leads_from_a_sheet_to_a_person(app):
    columns = {column["name"] for column in inspect(db.engine).get_columns("survey_sheet")}
    assert columns == {"id", "survey_id", "answers"}
    pointing = {key["referred_table"] for key in inspect(db.engine).get_foreign_keys("survey_sheet")}
    assert pointing == {"survey_survey"}
    assert {column["name"] for column in inspect(db.engine).get_columns("survey_participation")} == {
        "survey_id",
        "person_id",
        "has_answered",
    }


def test_neither_order_nor_version_of_the_rows_tells_whose_they_are(survey, trainees):
    for number, person in enumerate(trainees):
        answer(survey, person, {"s1.useful": number % 5 + 1, "s3.keep": f"comment {number}"})
    if db.engine.dialect.name == "sqlite":
        for table in ("survey_sheet", "survey_participation"):
            sql = session.scalar(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table})
            assert sql.rstrip().endswith("WITHOUT ROWID"), "rows of SQLite have a hidden number that counts up"
        return
    for table in ("survey_sheet", "survey_participation"):
        versions = session.scalars(text(f"SELECT DISTINCT xmin::text FROM {table}")).all()
        assert len(versions) == 1, "every row was written by the last transaction, whoever made it"
    orders = set()
    for _ in range(8):
        orders.add(tuple(session.scalars(text("SELECT answers->>'s3.keep' FROM survey_sheet ORDER BY ctid")).all()))
        with db.engine.begin() as connection:
            connection.execute(actions.MIX, {"survey": survey.id})
        session.rollback()
    assert len(orders) > 1, "the order of the rows changes by chance"


def test_the_audit_says_nothing_about_who_answered(survey, trainees):
    before = session.scalar(text("SELECT count(*) FROM kernel_audit"))
    answer(survey, trainees[0])
    assert session.scalar(text("SELECT count(*) FROM kernel_audit")) == before


def test_those_who_have_not_answered_are_reminded_once_before_the_end(survey, trainees, outbox):
    answer(survey, trainees[0])
    with clock.frozen(CLOSES - actions.REMIND_BEFORE - timedelta(seconds=1)):
        actions.remind()
    assert len(outbox) == 0
    for _ in range(2):
        with clock.frozen(CLOSES - actions.REMIND_BEFORE):
            actions.remind()
    assert sorted(mail.to_person for mail in outbox) == trainees[1:]


def test_reminding_reads_no_more_statements_however_many_have_been_written_to(survey, trainees, outbox, statements):
    counted = []
    for _ in range(2):
        with clock.frozen(CLOSES - actions.REMIND_BEFORE), statements() as seen:
            actions.remind()
        counted.append(len(seen))
    assert (len(outbox), counted[1] <= 6) == (6, True), counted


def figures(survey):
    """Give the figures of the cohort of a survey by their codes."""
    with current_app.test_request_context():
        return {one.code: one.value for one in queries.figures(CohortFigures(survey.cohort_id))}


def test_who_withdrew_after_answering_is_no_more_counted_among_the_trainees(survey, trainees):
    from inspire_lms.kernel.programmes import actions as programmes

    for person in trainees:
        answer(survey, person)
    programmes.withdraw(survey.cohort_id, trainees[0], by=None)
    shown = figures(survey)
    assert (shown["surveyed"], shown["survey-response"]) == (5, 100)
    assert len(queries.sheets((survey.id,))) == 6


def test_the_share_of_who_answered_has_two_places(survey, trainees):
    answer(survey, trainees[0])
    assert str(figures(survey)["survey-response"]) == "16.67"


def test_each_survey_is_shown_by_its_own_participants(survey, trainees):
    for person in trainees:
        answer(survey, person)
    later = a_survey(a_cohort(), code="later", cohort_id=survey.cohort_id, opens_at=CLOSES, closes_at=CLOSES + timedelta(days=9))
    answer(later, trainees[0], {"s1.useful": 1}, at=CLOSES)
    for at in (CLOSES, later.closes_at):
        with clock.frozen(at):
            shown = figures(survey)
        assert (shown["surveyed"], shown["satisfaction"]) == (1, 5), "the later one has one sheet, which is nobody's to see"


def test_a_withdrawn_trainee_keeps_no_survey(survey, trainees):
    from inspire_lms.kernel.programmes import actions as programmes

    programmes.withdraw(survey.cohort_id, trainees[0], by=None)
    with pytest.raises(Refused):
        answer(survey, trainees[0])
    assert session.scalars(select(Participation)).all() == []
    assert session.scalars(select(Sheet)).all() == []
