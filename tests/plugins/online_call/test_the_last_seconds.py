"""The last ten seconds of a call: all that reached the server in time counts, nothing that came after, whoever had to wait for the database."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.mail import Mail
from inspire_lms.plugins.online_call.applying import actions
from inspire_lms.plugins.online_call.eligibility import Check
from inspire_lms.plugins.online_call.models import Application, Register
from inspire_lms.plugins.online_call.questions import Kind, Section
from tests.builders import a_person, words
from tests.plugins.online_call.builders import a_call, a_question, a_rule

pytestmark = pytest.mark.both_engines
ROOT = Path(__file__).parents[3]
PROCESSES, IN_TIME, LATE = 3, 400, 100
SHORT = (Section("work", words("Your work"), (a_question("administration"), a_question("employed", Kind.YES_NO))),)
"""A form without a file: five hundred of them are ready in seconds."""

SUBMIT = """
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from inspire_lms.app import create_app
from inspire_lms.kernel import clock
from inspire_lms.kernel.db import db
from inspire_lms.kernel.errors import Refused
from inspire_lms.plugins.online_call.applying import actions
from inspire_lms.settings import Settings

instance, database = sys.argv[1:]
app = create_app(Settings(instance=Path(instance), database_url=database, secret_key="s", argon2_cheap=True))

def submit(line):
    application, person, at = line.split()
    with app.app_context(), clock.arriving(datetime.fromisoformat(at)):
        try:
            actions.submit(int(application), by=int(person))
            return "in"
        except Refused:
            return "out"
        finally:
            db.session.remove()

print("ready", flush=True)
lines = sys.stdin.read().splitlines()
with ThreadPoolExecutor(8) as pool:
    print(" ".join(pool.map(submit, lines)), flush=True)
"""


def a_closed_call():
    """A call that closed a moment ago by the real clock."""
    closes = clock.now() - timedelta(seconds=1)
    rules = (a_rule("employed", Check.ONE_OF, "employed", "yes"),)
    return a_call(opens_at=closes - timedelta(days=20), closes_at=closes, form=SHORT, eligibility=rules)


def drafts_of(call, number):
    call_id, people, at = call.id, [a_person().id for _each in range(number)], call.opens_at
    answers = {"administration": "Comune di Prova", "employed": "yes"}
    with transaction():
        made = [Application(call_id=call_id, person_id=each, state="draft", answers=answers, begun_at=at, saved_at=at) for each in people]
        session.add_all(made)
        session.flush()
        return [(each.id, each.person_id) for each in made]


def test_five_hundred_in_the_last_ten_seconds_in_several_processes(app, database):
    call = a_closed_call()
    closes = call.closes_at
    drafts = drafts_of(call, IN_TIME + LATE)
    arrivals = [closes - timedelta(seconds=10 * (place + 1) / IN_TIME) + timedelta(microseconds=24_999) for place in range(IN_TIME)]
    arrivals += [closes + timedelta(milliseconds=100 * place) for place in range(LATE)]
    lines = [f"{application} {person} {at.isoformat()}" for (application, person), at in zip(drafts, arrivals, strict=True)]
    session.rollback()
    command = [sys.executable, "-c", SUBMIT, app.config["INSPIRE"].instance, database]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        for _own in range(PROCESSES)
    ]
    for each in started:
        assert each.stdout.readline() == "ready\n", each.stderr.read()
    for own, each in enumerate(started):
        each.stdin.write("\n".join(lines[own::PROCESSES]))
        each.stdin.close()
    said = []
    for each in started:
        with each:
            said.append((each.stdout.read(), each.stderr.read(), each.wait(timeout=240)))
    answers = " ".join(out for out, _errors, _code in said).split()
    assert ((answers.count("in"), answers.count("out")), [code for _out, _errors, code in said]) == ((IN_TIME, LATE), [0] * PROCESSES), said
    session.rollback()
    submitted = session.execute(select(Application.id, Application.submitted_at, Application.protocol_number).where(Application.submitted_at.is_not(None))).all()
    assert {row.id for row in submitted} == {application for application, _person in drafts[:IN_TIME]}
    assert {row.id: row.submitted_at for row in submitted} == {row[0]: at for row, at in zip(drafts[:IN_TIME], arrivals, strict=False)}
    # No number twice, none left out, and a receipt for each.
    assert sorted(int(row.protocol_number[-6:]) for row in submitted) == list(range(1, IN_TIME + 1))
    assert session.scalars(select(Register.last)).one() == IN_TIME
    assert session.scalar(select(func.count()).select_from(Mail).where(Mail.key.like("online_call.receipt:%"))) == IN_TIME


def test_the_page_itself_counts_from_the_arrival(client, sign_in_as):
    call = a_closed_call()
    closes = call.closes_at
    (application, person), (late, other) = drafts_of(call, 2)
    for number, who, at, status in ((application, person, closes - timedelta(microseconds=1), "submitted"), (late, other, closes, "draft")):
        sign_in_as(client, session.get(type(a_person()), who))
        client.post(f"/online_call/applications/{number}/check", environ_overrides={"inspire_lms.arrived_at": at})
        session.rollback()
        assert session.get(Application, number).state == status
    assert actions.submit(application, by=person) is None
