"""Cohorts with webinars, valid by default."""

from datetime import UTC, datetime, timedelta

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.plugins.webinar import queries
from inspire_lms.plugins.webinar.attendance import closing, joining
from inspire_lms.plugins.webinar.models import Plan, Webinar
from inspire_lms.plugins.webinar.plan import actions
from tests.builders import a_cohort, a_trainee, staff

BEFORE = datetime(2027, 2, 1, 9, tzinfo=UTC)
"""When plans are made, where the case does not care."""
LINK, HOST = "https://meet.example.org/room", "https://meet.example.org/room/host"
MINUTE = timedelta(minutes=1)


def a_plan(cohort, **but):
    """The pattern of a cohort: Thursdays at 15:00 from 11 March 2027 on, one week skipped."""
    facts = {
        "cohort_id": cohort.id,
        "first_day": datetime(2027, 3, 11, tzinfo=UTC).date(),
        "at": "15:00",
        "minutes": 120,
        "skipped": ["2027-03-25"],
        "trainers": [],
        "link": LINK,
        "host_link": HOST,
        "threshold": 80,
    }
    with transaction():
        made = Plan(**facts | but)
        session.add(made)
        session.flush()
        return made


def a_group(country="RO", *, trainees=2, **but):
    """A cohort with its plan, a coordinator, a trainer and trainees; give cohort, coordinator, trainer and trainees."""
    cohort = a_cohort(country)
    a_plan(cohort, **but)
    people = [a_trainee(cohort) for _ in range(trainees)]
    return cohort, staff(cohort, "coordinator"), staff(cohort, "trainer", given_name="Renata", family_name="Colombo"), people


def planned(cohort, by):
    """The eight webinars of the pattern, nobody told."""
    with clock.frozen(BEFORE):
        return [each.id for each in actions.plan_from_pattern(cohort.id, by=by.id)]


def published(cohort, by):
    """The eight webinars of the pattern, announced; letters are written."""
    ids = planned(cohort, by)
    with clock.frozen(BEFORE):
        actions.publish(ids, by=by.id)
    work(BEFORE)
    return ids


def work(at):
    """Do what is due at a moment."""
    with clock.frozen(at):
        while jobs.run_due():
            pass


def held(webinar_id):
    """The webinar as it is stored now."""
    session.rollback()
    return queries.webinar(webinar_id)


def attend(webinar_id, person, *, late=0, early=0):
    """Let somebody join *late* minutes after the start and leave *early* minutes before the end."""
    one = held(webinar_id)
    starts, ends, person_id = one.starts_at, one.ends_at, person.id
    with clock.frozen(starts + late * MINUTE):
        joining.join(webinar_id, person_id)
    with clock.frozen(ends - early * MINUTE):
        joining.leave(webinar_id, person_id)


def close(webinar_id, by):
    """Close the register a minute after the end."""
    one = held(webinar_id)
    with clock.frozen(one.ends_at + MINUTE):
        closing.close(webinar_id, by=by.id)


def a_webinar(cohort, **but):
    """A row, for cases about the table."""
    start = datetime(2027, 3, 11, 13, tzinfo=UTC)
    facts = {
        "cohort_id": cohort.id,
        "unit_id": None,
        "number": 1,
        "title": {"en": "Unit 1"},
        "state": "published",
        "wall_clock": "2027-03-11T15:00",
        "zone": "Europe/Bucharest",
        "starts_at": start,
        "ends_at": start + timedelta(hours=2),
        "minutes": 120,
        "uid": "1@inspire.example",
        "changed_at": BEFORE,
        "published_at": BEFORE,
    }
    return Webinar(**facts | but)
