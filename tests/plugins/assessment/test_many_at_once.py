"""Sixty people save at the same moment, from several processes: no save fails and none is lost."""

import multiprocessing
import time
from typing import Any

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.plugins.assessment.attempt import actions
from inspire_lms.plugins.assessment.models import Attempt, Response
from tests.builders import a_trainee
from tests.plugins.assessment.builders import NOW, a_course

PEOPLE, PROCESSES, ROUNDS = 60, 3, 4


def save_often(settings: Any, own: list[tuple[int, int]], starts: float, failures: Any) -> None:
    """Save in one process for some people, each in several rounds, and say what failed."""
    from concurrent.futures import ThreadPoolExecutor

    from inspire_lms.app import create_app

    app = create_app(settings)

    def save(attempt_id: int, person_id: int) -> None:
        with app.app_context(), clock.frozen(NOW):
            try:
                for turn in range(1, ROUNDS + 1):
                    actions.save(attempt_id, 1, [f"{person_id} in round {turn}"], by=person_id, device="test")
            except BaseException as fault:  # noqa: BLE001 (told to the test)
                failures.put(repr(fault))

    time.sleep(max(0.0, starts - time.time()))
    with ThreadPoolExecutor(8) as pool:
        for attempt_id, person_id in own:
            pool.submit(save, attempt_id, person_id)


@pytest.mark.both_engines
def test_sixty_people_save_at_once_and_nothing_is_lost(app, settings):
    course = a_course()
    with clock.frozen(NOW):
        people = []
        for country in ("IT", "GR", "RO"):
            own = course if country == "IT" else a_course(country)
            people += [(own, a_trainee(own.cohort).id) for _ in range(PEOPLE // 3)]
        attempts = [(actions.start(own.windows["essay"], person_id), person_id) for own, person_id in people]
    session.remove()
    spawn = multiprocessing.get_context("spawn")
    failures = spawn.Queue()
    starts = time.time() + 6
    workers = [spawn.Process(target=save_often, args=(settings, attempts[at::PROCESSES], starts, failures)) for at in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    assert failures.empty()
    rows = session.execute(select(Attempt.person_id, Response.answer).join(Response, Response.attempt_id == Attempt.id)).all()
    assert sorted(rows) == sorted((person_id, [f"{person_id} in round {ROUNDS}"]) for _, person_id in attempts)


@pytest.mark.both_engines
def test_handing_in_twice_at_once_marks_once(app, settings):
    course = a_course()
    person = a_trainee(course.cohort).id
    with clock.frozen(NOW):
        attempt_id = actions.start(course.windows["final-test"], person)
        with transaction():
            actions.submit(attempt_id)
            actions.submit(attempt_id)
    assert session.get_one(Attempt, attempt_id).state == "graded"
