"""The tables refuse what must never be."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from inspire_lms.kernel.db import session, transaction
from inspire_lms.plugins.survey.models import Participation, Question, Section, Sheet
from tests.builders import a_cohort, a_person, words
from tests.plugins.survey.builders import CLOSES, OPENS, a_survey

pytestmark = pytest.mark.both_engines


def refused(name, *rows):
    with pytest.raises(IntegrityError) as error, transaction():
        session.add_all(rows)
        session.flush()
    assert name in str(error.value)


def test_it_closes_after_it_opens(app):
    cohort = a_cohort()
    with pytest.raises(IntegrityError, match="it_closes_after_it_opens"):
        a_survey(cohort, closes_at=OPENS)
    assert a_survey(cohort, closes_at=OPENS + timedelta(seconds=1)).closes_at < CLOSES


def test_a_cohort_has_one_survey_of_a_code(app):
    cohort = a_cohort()
    a_survey(cohort)
    with pytest.raises(IntegrityError, match=r"survey_survey.cohort_id|uq_survey_survey_cohort_id_code"):
        a_survey(cohort)


def test_kind_is_known(app):
    survey = a_survey(a_cohort())
    refused("kind_is_known", Section(survey_id=survey.id, number=9, code="x", kind="spy", title=words("x"), intro=words(""), scale=[]))


def test_a_question_has_a_code(app):
    survey = a_survey(a_cohort())
    refused("a_question_has_a_code", Question(section_id=survey.sections[0].id, number=9, code="", text=words("x")))


def test_sections_and_questions_are_numbered_once(app):
    survey = a_survey(a_cohort())
    refused("survey_section", Section(survey_id=survey.id, number=1, code="x", kind="scale", title=words("x"), intro=words(""), scale=[]))
    refused("survey_question", Question(section_id=survey.sections[0].id, number=1, code="x", text=words("x")))


@pytest.mark.parametrize("key", ["1", "a" * 31, "a" * 33])
def test_a_sheet_has_a_random_key(app, key):
    survey = a_survey(a_cohort())
    refused("a_sheet_has_a_random_key", Sheet(id=key, survey_id=survey.id, answers={}))


def test_a_person_takes_part_once(app):
    one = {"survey_id": a_survey(a_cohort()).id, "person_id": a_person().id}
    with transaction():
        session.add(Participation(**one, has_answered=False))
    session.expunge_all()
    refused("survey_participation", Participation(**one, has_answered=True))
