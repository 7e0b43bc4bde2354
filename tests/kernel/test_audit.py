"""The audit keeps who did what, and nothing can be taken back."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from tests.builders import a_person

AT = datetime(2027, 1, 14, 9, tzinfo=UTC)


def _note(did="webinar.closed", thing=("webinar", 12), **more):
    with clock.frozen(AT), transaction():
        audit.record(did, thing, **{"by": None, **more})


def test_a_deed_is_kept_with_its_author_its_moment_and_what_it_changed(app):
    author = a_person()
    _note(by=author.id, before={"closed_at": None, "share": Decimal("75.5")}, after={"closed_at": AT, "present": (1, 2)}, cohort_id=3)
    [line] = audit.about(("webinar", 12))
    assert (line.at, line.by_id, line.did, line.cohort_id) == (AT, author.id, "webinar.closed", 3)
    assert line.before == {"closed_at": None, "share": "75.5"}
    assert line.after == {"closed_at": "2027-01-14T09:00:00+00:00", "present": [1, 2]}


def test_what_was_done_to_a_person_is_found_by_that_person(app):
    person, author = a_person(), a_person()
    _note("online_call.looked", ("application", 5), by=author.id, about=person.id)
    _note("people.invited", ("person", person.id), by=author.id)
    _note("people.invited", ("person", author.id))
    assert [line.did for line in audit.about_person(person.id)] == ["people.invited", "online_call.looked", "people.made-ready"]
    assert [(line.did, line.by_id) for line in audit.looks_at(person.id)] == [("online_call.looked", author.id)]


def test_looking_at_ones_own_data_is_not_told_as_a_look(app):
    person = a_person()
    _note("online_call.looked", ("application", 5), by=person.id, about=person.id)
    assert audit.looks_at(person.id) == []


def test_what_a_person_did_is_found_by_that_person(app):
    author = a_person()
    _note(by=author.id)
    assert [line.did for line in audit.by_person(author.id)] == ["webinar.closed"]


def test_the_latest_deeds_come_first_and_fifty_a_page(app):
    for number in range(51):
        _note(thing=("webinar", number))
    assert [line.thing_id for line in audit.recent(1)] == list(range(50, 0, -1))
    assert [line.thing_id for line in audit.recent(2)] == [0]
    assert audit.recent(1, did="survey") == []
    assert len(audit.recent(1, did="webinar")) == 50


def _change(line):
    line.did = "webinar.opened"


@pytest.mark.parametrize(
    "attempt",
    [
        _change,
        session.delete,
        lambda line: session.execute(update(audit.AuditLine).values(did="webinar.opened")),
        lambda line: session.execute(delete(audit.AuditLine)),
    ],
)
def test_a_line_can_be_neither_changed_nor_removed(app, attempt):
    _note()
    with pytest.raises(audit.Untouchable), transaction():
        attempt(session.query(audit.AuditLine).one())
    assert [line.did for line in audit.recent()] == ["webinar.closed"]


def test_a_deed_has_a_component_and_a_verb(app):
    with pytest.raises(IntegrityError, match="a_deed_has_a_component_and_a_verb"):
        _note("closed")
