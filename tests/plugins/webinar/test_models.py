"""Each constraint of the tables refuses what must never be."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from inspire_lms.kernel.db import session, transaction
from inspire_lms.plugins.webinar.models import Amendment, CalendarKey, Leader, Line, Report, Stay
from tests.builders import a_cohort, a_person
from tests.plugins.webinar.builders import BEFORE, a_plan, a_webinar

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("app")


def refused(*rows):
    with pytest.raises(IntegrityError) as wrong, transaction():
        session.add_all(rows)
        session.flush()
    return str(wrong.value.orig)


@pytest.mark.parametrize(
    ("constraint", "but"),
    [
        ("ck_webinar_plan_threshold_is_per_cent", {"threshold": 101}),
        ("ck_webinar_plan_length_in_range", {"minutes": 14}),
    ],
)
def test_a_plan_is_refused(constraint, but):
    cohort = a_cohort()
    with pytest.raises(IntegrityError, match=constraint):
        a_plan(cohort, **but)


START = a_webinar(type("Nowhere", (), {"id": 0})).starts_at


@pytest.mark.parametrize(
    ("constraint", "but"),
    [
        ("ck_webinar_webinar_state_is_known", {"state": "held"}),
        ("ck_webinar_webinar_only_a_planned_one_is_unannounced", {"published_at": None}),
        ("ck_webinar_webinar_only_a_planned_one_is_unannounced", {"state": "planned"}),
        ("ck_webinar_webinar_only_a_cancelled_one_has_that_time", {"state": "cancelled"}),
        ("ck_webinar_webinar_only_a_cancelled_one_has_that_time", {"cancelled_at": BEFORE}),
        ("ck_webinar_webinar_ends_after_it_starts", {"ends_at": START}),
        ("ck_webinar_webinar_length_in_range", {"minutes": 481}),
        ("ck_webinar_webinar_numbers_begin_at_one", {"number": 0}),
        ("ck_webinar_webinar_sequence_is_counted", {"sequence": -1}),
        ("ck_webinar_webinar_somebody_closed_the_register", {"closed_at": START + 3 * HOUR}),
        ("ck_webinar_webinar_only_what_is_over_is_closed", {"closed_at": START + HOUR, "by_somebody": True}),
    ],
)
def test_a_webinar_is_refused(constraint, but):
    facts = dict(but)
    if facts.pop("by_somebody", False):
        facts["closed_by"] = a_person().id
    assert constraint in refused(a_webinar(a_cohort(), **facts))


def test_a_number_stands_once_in_a_cohort_and_a_uid_once_at_all():
    cohort = a_cohort()
    assert "UNIQUE" in refused(a_webinar(cohort), a_webinar(cohort, uid="2@inspire.example")).upper()
    assert "UNIQUE" in refused(a_webinar(cohort), a_webinar(cohort, number=2)).upper()


@pytest.fixture
def there():
    cohort, person = a_cohort(), a_person()
    with transaction():
        one = a_webinar(cohort)
        session.add(one)
        session.flush()
        return one.id, person.id


@pytest.mark.parametrize(
    ("constraint", "but"),
    [
        ("ck_webinar_stay_source_is_known", {"source": "seen", "left_at": START + HOUR}),
        ("ck_webinar_stay_nobody_leaves_before_coming", {"left_at": START - HOUR}),
        ("ck_webinar_stay_seen_after_coming", {"seen_at": START - HOUR}),
        ("ck_webinar_stay_an_imported_one_has_its_report", {"source": "imported", "left_at": START + HOUR}),
        ("ck_webinar_stay_only_a_joined_one_is_open", {"source": "manual"}),
        ("ck_webinar_stay_somebody_struck_it", {"struck_at": START + HOUR}),
    ],
)
def test_a_connection_is_refused(there, constraint, but):
    webinar_id, person_id = there
    facts = {"webinar_id": webinar_id, "person_id": person_id, "source": "joined", "came_at": START, "seen_at": START} | but
    assert constraint in refused(Stay(**facts))


def test_a_line_a_report_and_an_amendment_are_refused(there):
    webinar_id, person_id = there
    report = {"webinar_id": webinar_id, "digest": "0" * 64, "name": "zoom.csv", "kind": "zoom", "left_out": 0, "rows": [], "answers": {}, "read_at": START, "read_by": person_id}
    amendment = {"webinar_id": webinar_id, "person_id": person_id, "minutes_before": 0, "minutes_after": 9, "made_by": person_id, "made_at": START, "after_closing": True}
    line = {"webinar_id": webinar_id, "person_id": person_id, "is_leader": False}
    assert "ck_webinar_line_minutes_in_range" in refused(Line(**line, minutes=-1))
    assert "ck_webinar_report_somebody_confirmed_it" in refused(Report(**report, confirmed_at=START))
    assert "ck_webinar_amendment_a_change_has_a_reason" in refused(Amendment(**amendment, reason=""))
    assert "UNIQUE" in refused(Report(**report), Report(**report)).upper()
    assert "UNIQUE" in refused(Line(**line, minutes=1), Line(**line, minutes=2)).upper()
    assert "UNIQUE" in refused(Leader(webinar_id=webinar_id, person_id=person_id), Leader(webinar_id=webinar_id, person_id=person_id)).upper()
    key = {"person_id": person_id, "token": "a" * 43, "made_at": START}
    assert "UNIQUE" in refused(CalendarKey(**key), CalendarKey(**key)).upper()
