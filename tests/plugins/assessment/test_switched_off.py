"""Switched off for one edition: nothing is offered there, nothing is saved, nothing is handed in; the other edition goes on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from inspire_lms.contracts.pages import NextThings
from inspire_lms.kernel import bus, clock, jobs, plugin
from inspire_lms.kernel.db import session
from inspire_lms.plugins.assessment.attempt import actions, queries
from inspire_lms.plugins.assessment.models import Attempt
from tests.builders import a_trainee, staff
from tests.plugins.assessment.builders import CLOSES, a_course, start, written

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def switched(course):
    """Switch the plugin for the edition of the course."""
    return lambda *, on: plugin.switch("assessment", on=on, edition_id=course.edition_id)


def offered(app, person):
    """What a person is told to do, in tests."""
    with app.test_request_context(method="POST"):
        return [thing.href for things in bus.gather(NextThings(person.id)) for thing in things if "/assessment/" in thing.href]


def test_nothing_is_offered_to_trainees_and_staff(app, course, switched, client, sign_in_as):
    trainee, trainer = a_trainee(course.cohort, language="en"), staff(course.cohort, "trainer", language="en")
    _, response_id = written(course, a_trainee(course.cohort).id)
    before = {person.id: (offered(app, person), sign_in_as(client, person).get("/assessment/").text) for person in (trainee, trainer)}
    switched(on=False)
    after = {person.id: (offered(app, person), sign_in_as(client, person).get("/assessment/").text) for person in (trainee, trainer)}
    assert [bool(hrefs) for hrefs, _ in before.values()] == [True, True]
    assert [hrefs for hrefs, _ in after.values()] == [[], []]
    links = (f"/assessment/{course.windows['final-test']}", f"/assessment/cohort/{course.cohort_id}", "Mark essays")
    assert [any(link in text for link in links) for _, text in before.values()] == [True, True]
    assert [any(link in text for link in links) for _, text in after.values()] == [False, False]
    assert f"/assessment/marking/{response_id}" not in sign_in_as(client, trainer).get("/assessment/marking").text


def test_nothing_is_saved(course, switched, client, sign_in_as):
    trainee = a_trainee(course.cohort)
    attempt_id = start(course, trainee.id, "essay")
    switched(on=False)
    browser, address = sign_in_as(client, trainee), f"/assessment/attempt/{attempt_id}/1"
    assert browser.post(address, data={"answer": "Text"}).status_code == 404
    assert queries.asked(attempt_id)[0].answer is None
    session.rollback()
    switched(on=True)
    assert browser.post(address, data={"answer": "Text"}).status_code == 303


def test_nothing_is_handed_in_before_it_is_switched_on_again(course, switched, outbox):
    here = start(course, a_trainee(course.cohort).id)
    greek = a_course("GR")
    there = start(greek, a_trainee(greek.cohort).id)
    switched(on=False)

    def states():
        with clock.frozen(CLOSES + timedelta(seconds=1)):
            actions.close_finished()
            jobs.run_due()
            jobs.run_due()
        found = dict(session.execute(select(Attempt.id, Attempt.state)).all())
        session.rollback()
        return found, len(outbox)

    assert states() == ({here: "open", there: "graded"}, 1)
    switched(on=True)
    assert states() == ({here: "graded", there: "graded"}, 2)
