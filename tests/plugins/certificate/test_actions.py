import pytest

from inspire_lms.kernel.errors import Invalid, Refused
from inspire_lms.kernel.jobs import Job
from inspire_lms.kernel.db import session
from inspire_lms.plugins.certificate import queries
from inspire_lms.plugins.certificate.issuing import deciding, issue
from inspire_lms.plugins.certificate.rules import Kind, State
from tests.builders import a_trainee, staff
from tests.plugins.certificate.builders import a_coordinator, a_group, decided, issued, work


def test_a_decision_makes_one_file_for_each_person(app, records):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    people = [records.met_by(a_trainee(cohort)) for _ in range(6)]
    batch = decided(cohort, people, by=coordinator)
    batch_id = batch.id
    work()
    assert queries.progress(batch_id) == queries.Progress(6, 6)
    rows = queries.register(batch_id=batch_id)
    assert [row.number[-6:] for row in rows] == [f"{n:06d}" for n in range(1, 7)]
    assert {row.state for row in rows} == {State.VALID}
