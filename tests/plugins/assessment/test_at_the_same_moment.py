"""Two things at the same moment: a save and the handing in, a first drawing and a change of the bank, a broken attempt among others."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Refused
from inspire_lms.plugins.assessment import grading
from inspire_lms.plugins.assessment.attempt import actions, queries
from inspire_lms.plugins.assessment.bank import actions as bank
from inspire_lms.plugins.assessment.bank import kept
from inspire_lms.plugins.assessment.marking import actions as marking
from inspire_lms.plugins.assessment.models import Attempt, Response
from tests.builders import a_trainee, staff
from tests.plugins.assessment.builders import BANK, CLOSES, NOW, start

END = NOW + timedelta(minutes=30)
SECOND = timedelta(seconds=1)
CHANGED = BANK.replace("?", ", now?").replace("Name it", "Name that").replace("Match", "Join")


@pytest.fixture
def meanwhile(app):
    """Do one thing in a thread of its own and keep its transaction open for half a second while another is done."""

    def both(first, second):
        session.rollback()
        was_done, faults = threading.Event(), []

        def slowly():
            with app.app_context(), clock.frozen(NOW):
                try:
                    with transaction():
                        first()
                        was_done.set()
                        threading.Event().wait(0.5)
                except BaseException as fault:  # noqa: BLE001 (told to the test)
                    faults.append(fault)
                    was_done.set()

        thread = threading.Thread(target=slowly)
        thread.start()
        was_done.wait(20)
        with clock.frozen(NOW + SECOND):
            second()
        thread.join(20)
        assert faults == []
        session.rollback()

    return both


@pytest.mark.both_engines
def test_handing_in_waits_for_an_answer_that_is_being_saved(course, person, meanwhile):
    attempt_id = start(course, person, "essay")
    meanwhile(lambda: actions.save(attempt_id, 1, ["The last words"], by=person), lambda: actions.submit(attempt_id))
    attempt = session.get_one(Attempt, attempt_id)
    asked = queries.asked(attempt_id)
    assert [each.answer for each in asked] == [["The last words"]]
    assert attempt.receipt == grading.receipt(attempt_id, attempt.submitted_at, [(each.position, each.digest, each.answer) for each in asked])
    assert (attempt.state, asked[0].points) == ("submitted", None)


@pytest.mark.both_engines
def test_an_answer_that_came_in_time_and_was_overtaken_by_the_end_is_kept_aside(course, person):
    attempt_id = start(course, person, "essay")
    with clock.frozen(CLOSES + SECOND):
        actions.submit(attempt_id)
    with clock.frozen(CLOSES), pytest.raises(Refused, match="kept aside"):
        actions.save(attempt_id, 1, ["In time"], by=person)
    asked = queries.asked(attempt_id)[0]
    assert (asked.answer, asked.late_answer, asked.late_at) == (None, ["In time"], CLOSES)


@pytest.mark.both_engines
@pytest.mark.parametrize("is_drawn_first", [True, False])
def test_a_version_does_not_change_while_it_is_drawn_for_the_first_time(course, person, meanwhile, is_drawn_first):
    def draw():
        actions.start(course.windows["final-test"], person, seed="seed")

    def change():
        bank.bring_in_text(course.framework_id, CHANGED, language="en", by=None)

    meanwhile(*((draw, change) if is_drawn_first else (change, draw)))
    kept._kept.clear()
    asked = queries.asked(session.scalars(select(Attempt.id)).one())
    said = " ".join(each.content["text"]["en"] for each in asked)
    assert (", now?" in said or "that" in said or "Join" in said) is not is_drawn_first


@pytest.mark.both_engines
def test_an_attempt_that_cannot_be_handed_in_holds_up_no_other(course, person):
    broken, good = start(course, person), start(course, a_trainee(course.cohort).id)
    with transaction():
        session.execute(update(Response).where(Response.attempt_id == broken).values(digest="nobody knows it"))
    with clock.frozen(END + SECOND):
        actions.close_finished()
        jobs.run_due()
        actions.close_finished()
        jobs.run_due()
    states = dict(session.execute(select(Attempt.id, Attempt.state)).all())
    assert states == {broken: "open", good: "graded"}
    assert [(job.kind, job.payload) for job in jobs.failed()] == [("assessment.submit", {"attempt_id": broken})]


def test_who_got_more_time_at_the_last_moment_goes_on_until_the_new_end(course, person):
    attempt_id = start(course, person)
    coordinator = staff(course.cohort, "coordinator").id
    with clock.frozen(END + SECOND):
        actions.close_finished()
        marking.extend(course.windows["final-test"], person, minutes=15, attempts=0, until=None, reason="Why", by=coordinator)
        jobs.run_due()
    assert session.get_one(Attempt, attempt_id).state == "open"
    session.rollback()
    with clock.frozen(END + timedelta(minutes=15) + SECOND):
        actions.close_finished()
        jobs.run_due()
    assert session.get_one(Attempt, attempt_id).submitted_at == END + timedelta(minutes=15)
