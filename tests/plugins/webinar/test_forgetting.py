"""What goes when an account is erased, and what a report keeps of people who are none of ours."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.people import erasing
from inspire_lms.plugins.webinar import queries
from inspire_lms.plugins.webinar.attendance import forgetting, importing, register
from inspire_lms.plugins.webinar.models import Report
from tests.builders import PASSWORD, a_trainee
from tests.plugins.webinar.builders import BEFORE, MINUTE, a_group, held, published, work
from tests.plugins.webinar.test_importing import confirm, read

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)


def erase(person, at):
    person_id = person.id
    with clock.frozen(at):
        erasing.erase(person_id, PASSWORD)
    work(at)


def test_an_erased_trainer_leads_nothing_that_is_to_come_and_everybody_else_is_reminded(outbox):
    cohort, coordinator, trainer, (person, other) = a_group()
    ids = published(cohort, coordinator)
    at = held(ids[0]).ends_at + MINUTE
    trainer_id = trainer.id
    erase(trainer, at)
    assert [queries.is_leader(each, trainer_id) for each in ids] == [True] + [False] * 7
    before = len(outbox.to(person))
    work(held(ids[1]).starts_at - DAY)
    assert [len(outbox.to(each)) - before for each in (person, other)] == [1, 1]


def test_a_reminder_reaches_the_others_when_one_who_is_invited_is_erased_in_the_same_moment(outbox):
    cohort, coordinator, trainer, (person, _) = a_group()
    ids = published(cohort, coordinator)
    erase(trainer, held(ids[0]).starts_at - DAY)
    assert len(outbox.to(person)) == 9


def test_the_plan_and_the_list_of_what_waits_say_that_nobody_leads_a_webinar(client, sign_in_as):
    cohort, coordinator, trainer, _ = a_group()
    published(cohort, coordinator)
    cohort_id = cohort.id
    sign_in_as(client, coordinator)
    with clock.frozen(BEFORE):
        assert "nobody leads it" not in client.get(f"/webinar/plan/{cohort_id}").text
    erase(trainer, BEFORE)
    with clock.frozen(BEFORE):
        assert client.get(f"/webinar/plan/{cohort_id}").text.count("nobody leads it") == 8
        assert "8 webinars have nobody to lead them" in client.get("/").text


@pytest.fixture
def imported():
    cohort, coordinator, trainer, _ = a_group("IT", trainees=0)
    maria = a_trainee(cohort, given_name="Maria", family_name="Rossi", email="maria.rossi@comune.example.it")
    nicolo = a_trainee(cohort, given_name="Nicolò", family_name="D'Angelo", email="n.dangelo@regione.example.it")
    return trainer, maria, nicolo, published(cohort, coordinator)


def told(report_id):
    """What a report keeps: names and addresses, and about whom something was answered."""
    session.rollback()
    kept = session.get_one(Report, report_id)
    return sorted({(row[0], row[1]) for row in kept.rows}), sorted(kept.answers)


def test_of_those_outside_the_group_a_confirmed_report_keeps_no_name(imported):
    trainer, _, nicolo, ids = imported
    report_id = read(ids[0], trainer)
    lines = len(session.get_one(Report, report_id).rows)
    confirm(report_id, trainer, **{"Paola Ferri": None, "iPhone di Chiara": None})
    names, keys = told(report_id)
    assert [name for name, _ in names] == ["", "D’Angelo Nicolò", "Maria Rossi"]
    assert [key for key in keys if "paola" in key or "iphone" in key] == []
    assert len(session.get_one(Report, report_id).rows) == lines
    assert register.minutes_of(held(ids[0]), nicolo.id) == 120


def test_of_an_erased_person_a_report_keeps_no_name(imported):
    trainer, maria, nicolo, ids = imported
    report_id = read(ids[0], trainer)
    confirm(report_id, trainer, **{"Paola Ferri": None, "iPhone di Chiara": None})
    erase(maria, held(ids[0]).ends_at + DAY)
    names, keys = told(report_id)
    assert [name for name, _ in names] == ["", "D’Angelo Nicolò"]
    assert [key for key in keys if "maria" in key] == []
    assert register.minutes_of(held(ids[0]), nicolo.id) == 120


def test_what_a_report_says_about_a_person_is_handed_out_to_that_person_alone(imported):
    trainer, maria, nicolo, ids = imported
    confirm(read(ids[0], trainer), trainer, **{"Paola Ferri": None, "iPhone di Chiara": None})
    names = [{row[0] for part in forgetting.named(each.id) for row in part["rows"]} for each in (maria, nicolo, trainer)]
    assert names == [{"Maria Rossi"}, {"D’Angelo Nicolò"}, set()]


@pytest.mark.parametrize(("seconds", "left"), [(-1, 1), (0, 0)])
def test_a_report_that_nobody_confirms_goes_after_thirty_days(imported, seconds, left):
    trainer, *_, ids = imported
    read(ids[0], trainer)
    with clock.frozen(held(ids[0]).ends_at + MINUTE + timedelta(days=30, seconds=seconds)):
        forgetting.forget_unconfirmed()
    session.rollback()
    assert len(session.scalars(select(Report.id)).all()) == left


def test_a_report_that_was_confirmed_stays(imported):
    trainer, *_, ids = imported
    confirm(read(ids[0], trainer), trainer, **{"Paola Ferri": None, "iPhone di Chiara": None})
    with clock.frozen(held(ids[0]).ends_at + timedelta(days=400)):
        forgetting.forget_unconfirmed()
    session.rollback()
    assert len(importing.confirmed(ids[0])) == 1
