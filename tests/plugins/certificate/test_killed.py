"""A batch whose process is really killed, with the signal that nobody can catch."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.db import session
from inspire_lms.plugins.certificate import queries
from tests.builders import a_trainee
from tests.plugins.certificate.builders import a_coordinator, a_group, decided, work

WORKER = """
import sys
from pathlib import Path
from inspire_lms.app import create_app
from inspire_lms.kernel import jobs
from inspire_lms.plugins.certificate.plugin import plugin
from inspire_lms.settings import Settings

app = create_app(Settings(instance=Path(sys.argv[1]), database_url=sys.argv[2], secret_key="not a secret", argon2_cheap=True), [plugin])
app.config["FONTS_FOLDER"] = sys.argv[3]
with app.app_context():
    while jobs.run_due(1):
        pass
"""
PATIENCE = 60


def made_in(batch_id: int) -> int:
    session.rollback()
    return queries.progress(batch_id).done


def test_a_batch_whose_worker_is_killed_goes_on_and_each_holder_has_one_certificate_and_one_mail(app, records, settings, outbox):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    trainees = [records.met_by(a_trainee(cohort)) for _ in range(12)]
    batch_id = decided(cohort, trainees, by=coordinator).id
    before = made_in(batch_id)
    words = [sys.executable, "-c", WORKER, str(settings.instance), settings.database, str(app.config["FONTS_FOLDER"])]
    with subprocess.Popen(words, cwd=Path(__file__).parents[3], stderr=subprocess.DEVNULL) as worker:
        until = time.monotonic() + PATIENCE
        while made_in(batch_id) == before and worker.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        os.kill(worker.pid, signal.SIGKILL)
    first = {row.number: row.digest for row in queries.register(batch_id=batch_id) if row.digest}
    assert first, "The worker was killed before it had made anything; nothing was tried."
    with clock.frozen(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        work()
    rows = queries.register(batch_id=batch_id)
    assert queries.progress(batch_id) == queries.Progress(12, 12)
    assert {row.number: row.digest for row in rows if row.number in first} == first
    assert len({row.digest for row in rows}) == 12
    assert [len(outbox.to(person)) for person in trainees] == [1] * 12
