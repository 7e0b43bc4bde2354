"""The server is killed in the middle of submissions, again and again: nothing that was confirmed is lost, nothing is done twice."""

import http.client
import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.db import db, session, transaction
from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.people import actions as people
from tests.builders import PASSWORD, a_cohort, a_trainee
from tests.ground.databases import ROOT
from tests.plugins.survey.builders import a_survey

PEOPLE, KILLS, PATIENCE = 12, 4, 180
"""Patience in seconds."""
SERVER = """
import sys
from dataclasses import replace
from pathlib import Path
from inspire_lms.app import create_app
from inspire_lms.serving import serve
from inspire_lms.settings import Settings
app = create_app(Settings(instance=Path(sys.argv[1]), database_url=sys.argv[2], port=int(sys.argv[3]), base_url=f"http://127.0.0.1:{sys.argv[3]}", argon2_cheap=True, secret_key="not a secret"))
serve(app)
"""


class Reader:
    """A browser that tries again until it is told that its deed is done."""

    def __init__(self, base):
        """Have no cookies yet."""
        self.base = base
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def send(self, path, **data):
        """Ask for a page, or send a form; give the text."""
        body = urllib.parse.urlencode(data).encode() if data else None
        with self.opener.open(f"{self.base}{path}", body, timeout=10) as answer:
            return answer.read().decode()

    def token(self, page):
        """Give the token of the page's forms."""
        return re.search(r'name="_token" value="([^"]+)"', page)[1]

    def answer(self, email, number, told, answered):
        """Sign in, answer the survey, and note when the page says that the answers are stored."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(http.client.HTTPException, urllib.error.URLError, OSError, TypeError):
                page = self.send("/sign-in?language=en")
                if 'name="password"' in page:
                    self.send("/sign-in", email=email, password=PASSWORD, _token=self.token(page))
                page = self.send(f"/survey/{number}")
                if "You have taken part" not in page:
                    page = self.send(f"/survey/{number}", **answered, _token=self.token(page))
                if "You have taken part" in page:
                    told.append(email)
                    return
            time.sleep(0.2)


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def start(instance, url, port):
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(instance), url, str(port)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
            return process
        assert process.poll() is None, "the server did not start"
        time.sleep(0.1)
    msg = "the server does not answer"
    raise AssertionError(msg)


@pytest.mark.both_engines
def test_nothing_is_lost_and_nothing_is_done_twice(app, settings, database):
    now = clock.now()
    cohort = a_cohort()
    survey = a_survey(cohort, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1))
    number = survey.id
    emails = [a_trainee(cohort).email for _ in range(PEOPLE)]
    with transaction():
        for each in emails:
            people.ask_new_password(each)
    url = str(db.engine.url.render_as_string(hide_password=False))
    session.remove()
    port = free_port()
    told: list[str] = []
    answered = {"s1.useful": "5", "s1.peers": "4", "s2.ethics.before": "2", "s2.ethics.now": "4", "s3.keep": "D'Angelo, Ștefan, Γεώργιος"}
    process = start(settings.instance, url, port)
    readers = [threading.Thread(target=Reader(f"http://127.0.0.1:{port}").answer, args=(email, number, told, answered), daemon=True) for email in emails]
    try:
        for each in readers:
            each.start()
        for _ in range(KILLS):
            time.sleep(1.0)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            process = start(settings.instance, url, port)
        for each in readers:
            each.join(PATIENCE)
    finally:
        process.kill()
        process.wait()
    from inspire_lms.plugins.survey.models import Participation, Sheet

    assert sorted(told) == sorted(emails), "everybody was told in the end"
    taken = session.scalar(select(func.count()).select_from(Participation).where(Participation.has_answered))
    assert (taken, session.scalar(select(func.count()).select_from(Sheet))) == (PEOPLE, PEOPLE), "one sheet for each, none lost, none twice"
    later = clock.now() + 2 * jobs.LEASE
    with clock.frozen(later):
        while jobs.run_due():
            pass
    waiting = select(func.count()).select_from(jobs.Job).where(jobs.Job.done_at.is_(None), jobs.Job.due_at <= later)
    assert session.scalar(waiting) == 0, "what was queued is done, once the lease of the killed has ended"
    assert session.scalar(select(func.count()).select_from(Mail)) == len(set(session.scalars(select(Mail.key))))
