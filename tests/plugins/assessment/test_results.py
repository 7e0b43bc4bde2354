"""Who marked what, and what a result shows: also of an empty essay, after corrections, and of attempts that do not count."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from inspire_lms.contracts.assessment import BestResults, Graders
from inspire_lms.kernel import bus, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Refused
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.assessment.attempt import actions
from inspire_lms.plugins.assessment.marking import actions as marking
from inspire_lms.plugins.assessment.models import Attempt, Response
from inspire_lms.plugins.assessment.rules import State
from tests.builders import a_trainee, staff
from tests.plugins.assessment.builders import CLOSES, NOW, sat, start, written

HOUR = timedelta(hours=1)


pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def person(course):
    return a_trainee(course.cohort, language="en").id


@pytest.fixture
def trainer(course):
    return staff(course.cohort, "trainer").id


@pytest.fixture
def coordinator(course):
    return staff(course.cohort, "coordinator").id


@pytest.fixture
def read_result(client, sign_in_as):
    """Open the page of a result as the person whose attempt it is."""

    def read(attempt_id):
        person_id = session.get_one(Attempt, attempt_id).person_id
        return sign_in_as(client, session.get_one(Person, person_id)).get(f"/assessment/attempt/{attempt_id}/result?language=en")

    return read


def results_of(course, person):
    return {each.code: each for each in bus.ask(BestResults(course.cohort_id), default={})[person]}


def graders_of(course, person):
    return bus.ask(Graders(course.cohort_id), default={}).get(person, ())


def an_answer(attempt_id):
    return session.scalars(select(Response.id).where(Response.attempt_id == attempt_id).order_by(Response.position)).first()


@pytest.mark.both_engines
def test_an_empty_essay_earned_nothing_in_each_competence_of_its_rubric(course, person):
    written(course, person, "  ", at=NOW - HOUR)
    assert results_of(course, person)["essay"].by_competence == {"ethics": 0, "systems": 0}


def test_the_result_of_an_empty_essay_can_be_read(course, person, read_result):
    attempt_id, _ = written(course, person, "  ", at=NOW - HOUR)
    page = read_result(attempt_id)
    assert (page.status_code, "Not passed: 0%" in page.text) == (200, True)


def test_a_result_of_which_nothing_is_known_by_competence_has_no_chart(course, person, read_result):
    attempt_id = start(course, person)
    with transaction():
        session.execute(delete(Response))
        session.execute(update(Attempt).values(state="graded", percent=0, graded_at=NOW, submitted_at=NOW, receipt="r"))
    page = read_result(attempt_id)
    assert (page.status_code, "Per competence" in page.text) == (200, False)


def test_a_late_answer_that_was_accepted_stands_beside_what_the_receipt_is_for(course, trainer, coordinator, client, sign_in_as):
    person = a_trainee(course.cohort, language="it")
    attempt_id = start(course, person.id, "essay")
    actions.save(attempt_id, 1, ["Consegnato in tempo"], by=person.id)
    with clock.frozen(CLOSES + HOUR):
        with pytest.raises(Refused):
            actions.save(attempt_id, 1, ["Arrivato tardi"], by=person.id)
        actions.submit(attempt_id)
        response_id = an_answer(attempt_id)
        marking.mark(response_id, levels={"problem": 0, "people": 0}, comment="", by=trainer)
        marking.accept_late(response_id, reason="The line was down", by=coordinator)
        marking.mark(response_id, levels={"problem": 3, "people": 3}, comment="", by=trainer)
        browser = sign_in_as(client, person)
        receipt, result = (browser.get(f"/assessment/attempt/{attempt_id}/{page}").text for page in ("receipt", "result"))
    copy = receipt.partition("<ol")[2]
    assert copy.index("Consegnato in tempo") < copy.index("arrivata in ritardo ed è stata accettata") < copy.index("Arrivato tardi")
    assert "Il punteggio è stato corretto: Una risposta tardiva" in result
    assert "A late answer was accepted" not in result


@pytest.mark.both_engines
def test_who_corrected_an_answer_of_a_test_has_marked_it(course, person, coordinator):
    attempt_id = sat(course, person, rightly=3, at=NOW - HOUR)
    marking.correct(an_answer(attempt_id), points=1, levels=None, reason="The key was wrong", by=coordinator)
    assert graders_of(course, person) == (coordinator,)


def test_a_correction_does_not_take_the_first_marker_away(course, person, trainer, coordinator):
    _, response_id = written(course, person)
    marking.mark(response_id, levels={"problem": 0, "people": 0}, comment="", by=trainer)
    marking.correct(response_id, points=None, levels={"problem": 3, "people": 3}, reason="Appeal", by=coordinator)
    assert graders_of(course, person) == tuple(sorted((trainer, coordinator)))


def test_who_marked_an_attempt_that_is_not_the_best_has_marked_too(course, person, coordinator):
    worse = sat(course, person, rightly=0, at=NOW - 3 * HOUR)
    sat(course, person, rightly=4, at=NOW - 2 * HOUR)
    marking.correct(an_answer(worse), points=1, levels=None, reason="The key was wrong", by=coordinator)
    assert graders_of(course, person) == (coordinator,)


def test_who_marked_one_person_has_not_marked_another(course, person, trainer):
    other = a_trainee(course.cohort).id
    _, response_id = written(course, person)
    marking.mark(response_id, levels={"problem": 3, "people": 3}, comment="", by=trainer)
    sat(course, other, at=NOW - HOUR)
    assert graders_of(course, other) == ()


def test_who_marked_a_part_of_what_has_no_result_yet_has_marked(course, person, trainer):
    attempt_id, response_id = written(course, person)
    marking.mark(response_id, levels={"problem": 3, "people": 3}, comment="", by=trainer)
    with transaction():  # as while the marks of another answer are missing
        session.execute(update(Attempt).where(Attempt.id == attempt_id).values(state=State.SUBMITTED, graded_at=None, percent=None))
    assert bus.ask(BestResults(course.cohort_id), default={}) == {}
    assert graders_of(course, person) == (trainer,)
