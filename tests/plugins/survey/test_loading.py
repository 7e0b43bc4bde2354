"""Loading an edition again: what nobody has answered is brought up to date, what somebody has answered stays as it was answered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inspire_lms.contracts.survey import SurveysOwed
from inspire_lms.kernel import bus, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Refused
from inspire_lms.plugins.survey import actions, queries
from inspire_lms.plugins.survey.edition import CountryPlan, ItemPlan, SectionPlan, SurveyPlan
from inspire_lms.plugins.survey.models import Question, Section
from tests.builders import a_cohort, a_trainee, words
from tests.plugins.survey.builders import CLOSES, OPENS

pytestmark = pytest.mark.both_engines
SCALE = tuple(dict(words(f"Point {number}")) for number in range(1, 6))
ITEMS = (ItemPlan("useful", dict(words("It was useful"))), ItemPlan("peers", dict(words("I learnt from others"))))
REACTION = SectionPlan("course", "scale", dict(words("The course")), {}, SCALE, ITEMS)
GAIN = SectionPlan("gain", "gain", dict(words("Before and now")), dict(words("How sure")), SCALE, (ItemPlan("ethics", {}),))
COMMENTS = SectionPlan("words", "comments", dict(words("Your words")), {}, (), (ItemPlan("keep", dict(words("What to keep"))),))
PLAN = SurveyPlan(
    "after-course", dict(words("How was it?")), dict(words("Six minutes.")), (REACTION, GAIN, COMMENTS), {"RO": CountryPlan(OPENS, CLOSES)}
)


@pytest.fixture
def cohort(app):
    return a_cohort()


def load(cohort, plan, at=OPENS - timedelta(days=1)):
    with clock.frozen(at), transaction():
        actions.load(cohort.edition_id, plan, None)


def answered(cohort, count=1):
    (survey,) = queries.surveys(cohort.id)
    number, people = survey.id, [a_trainee(cohort).id for _ in range(count)]
    with clock.frozen(OPENS):
        for person in people:
            actions.answer(number, by=person, answers={"course.useful": 4})
    return people


def codes(cohort):
    return [one.code for one in queries.surveys(cohort.id)]


def test_a_survey_that_nobody_answered_gives_way_to_the_one_of_the_file(cohort):
    load(cohort, PLAN)
    load(cohort, replace(PLAN, code="at-the-end"))
    trainee = a_trainee(cohort).id
    assert codes(cohort) == ["at-the-end"]
    assert bus.ask(SurveysOwed(cohort.id), default={})[trainee].owed == 1
    load(cohort, None)
    assert codes(cohort) == []
    assert bus.ask(SurveysOwed(cohort.id), default={})[trainee].owed == 0
    assert (session.query(Section).count(), session.query(Question).count()) == (0, 0)


@pytest.mark.parametrize("plan", [None, replace(PLAN, code="at-the-end")])
def test_a_survey_with_answers_is_neither_taken_out_nor_asked_a_second_time(cohort, plan):
    load(cohort, PLAN)
    answered(cohort)
    with pytest.raises(Refused, match="it stays in the file"):
        load(cohort, plan)
    assert codes(cohort) == ["after-course"]


@pytest.mark.parametrize(
    "section",
    [
        replace(REACTION, scale=SCALE[::-1]),
        replace(REACTION, kind="comments", scale=()),
        replace(REACTION, items=ITEMS[:1]),
        replace(REACTION, items=ITEMS[::-1]),
        replace(REACTION, items=(replace(ITEMS[0], text=dict(words("It was useless"))), ITEMS[1])),
        replace(REACTION, title=dict(words("The trainers"))),
        replace(REACTION, intro=dict(words("Think of the worst hour."))),
    ],
)
def test_questions_change_only_before_the_first_answer(cohort, section):
    changed = replace(PLAN, sections=(section, GAIN, COMMENTS))
    load(cohort, PLAN)
    load(cohort, changed)
    load(cohort, PLAN)
    answered(cohort)
    with pytest.raises(Refused, match="its questions cannot change"):
        load(cohort, changed)


def test_the_same_file_again_changes_nothing_and_title_and_end_may_still_change_while_it_is_open(cohort):
    load(cohort, PLAN)
    answered(cohort)
    longer = {"RO": CountryPlan(OPENS, CLOSES + timedelta(days=1))}
    load(cohort, PLAN)
    load(cohort, replace(PLAN, title=dict(words("The course")), countries=longer), at=CLOSES - timedelta(seconds=1))
    (survey,) = queries.surveys(cohort.id)
    assert (survey.title.text("en"), survey.closes_at) == ("The course", CLOSES + timedelta(days=1))
    assert [question.code for section in survey.sections for question in section.questions] == [
        "course.useful", "course.peers", "gain.ethics", "words.keep",
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "refused"), [(4, False), (5, True)])
def test_it_is_not_opened_again_once_results_were_shown(cohort, count, refused):
    load(cohort, PLAN)
    answered(cohort, count)
    longer = replace(PLAN, countries={"RO": CountryPlan(OPENS, CLOSES + timedelta(days=1))})
    load(cohort, PLAN, at=CLOSES)
    if refused:
        with pytest.raises(Refused, match="its results may have been seen"):
            load(cohort, longer, at=CLOSES)
    else:
        load(cohort, longer, at=CLOSES)
    assert (queries.surveys(cohort.id)[0].closes_at == CLOSES) is refused
