"""What the kernel's own tables refuse, each by the name of its constraint."""

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.access.models import Context, Grant
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.jobs import Job
from inspire_lms.kernel.mailing.refused import RefusedAddress
from inspire_lms.kernel.plugin import Site
from tests.builders import AT, a_person

ADDRESS = {"address": "ana@gov.example", "since": AT, "said": "550 no such mailbox", "mail_id": None, "is_by_hand": False}
JOB = {"kind": "kernel.sweep", "payload": {}, "made_at": AT, "due_at": AT, "tries": 0}


def refused(table, values):
    """Give the words in which the database refuses a row."""
    with pytest.raises(IntegrityError) as told, transaction():
        session.execute(insert(table).values(**values))
    return str(told.value)


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("table", "values", "constraint"),
    [
        (Site, {"id": 2, "version": 1}, "there_is_one_site"),
        (Job, JOB | {"done_at": AT, "failed_at": AT}, "done_or_failed_not_both"),
        (Job, JOB | {"tries": -1}, "tries_are_counted"),
        (Context, {"kind": "cohort", "parent_id": None, "path": "/9/"}, "only_the_system_has_nothing_above"),
        (RefusedAddress, ADDRESS | {"address": "Ana@gov.example"}, "a_refused_address_is_folded"),
        (RefusedAddress, ADDRESS | {"said": ""}, "a_refusal_says_why"),
        (Context, {"kind": "village", "parent_id": 1, "path": "/9/"}, "kind_is_known"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_row_that_must_never_be_is_refused(app, table, values, constraint):
    access.system()
    assert constraint in refused(table, values)


@pytest.mark.both_engines
def test_a_role_that_nobody_knows_is_refused(app):
    person, place = a_person(), access.system()
    grant = {"person_id": person.id, "role": "emperor", "context_id": place, "granted_at": AT}
    assert "role_is_known" in refused(Grant, grant)
