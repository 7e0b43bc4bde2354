"""Switched off for one edition: pages are gone, work is silent, nothing is lost. Another edition goes on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from inspire_lms.contracts.pages import NextThings, PersonParts
from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.plugin import switch
from inspire_lms.plugins.webinar.attendance import joining
from inspire_lms.plugins.webinar.calendars import feeds, keys
from inspire_lms.plugins.webinar.models import Stay
from inspire_lms.plugins.webinar.plan import actions
from tests.plugins.webinar.builders import BEFORE, MINUTE, a_group, held, planned, published, work

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)


def off(cohort, *, on=False):
    session.rollback()
    switch("webinar", on=on, edition_id=cohort.edition_id)


def test_nobody_is_invited_until_it_is_on_again(outbox):
    cohort, coordinator, _, (person, _) = a_group()
    ids = planned(cohort, coordinator)
    with clock.frozen(BEFORE):
        actions.publish(ids, by=coordinator.id)
    off(cohort)
    work(BEFORE)
    work(BEFORE + DAY)
    assert outbox.to(person) == []
    off(cohort, on=True)
    work(BEFORE + 2 * DAY)
    work(BEFORE + 3 * DAY)
    assert len(outbox.to(person)) == 8


def test_nobody_is_reminded(outbox):
    cohort, coordinator, _, (person, _) = a_group()
    other, another, _, (elsewhere, _) = a_group("GR")
    ids = published(cohort, coordinator)
    published(other, another)
    off(cohort)
    work(held(ids[0]).starts_at - DAY + timedelta(hours=2))
    assert [len(outbox.to(each)) for each in (person, elsewhere)] == [8, 9]


def test_nothing_is_said_to_do_and_calendars_are_empty(asked):
    cohort, coordinator, trainer, (person, _) = a_group()
    ids = published(cohort, coordinator)
    token = keys.renew(person.id).token
    shown = feeds.subscription(token)
    assert b"VEVENT" in shown.content()
    at = held(ids[0]).starts_at - 5 * MINUTE
    with clock.frozen(at):
        asking = [NextThings(person.id), NextThings(trainer.id), PersonParts(trainer.id)]
        assert [len(asked(each, at)) for each in asking] == [1, 1, 1]
        off(cohort)
        assert [len(asked(each, at)) for each in asking] == [0, 0, 0]
        empty = feeds.subscription(token)
        assert (b"VEVENT" in empty.content(), shown.version == empty.version) == (False, False)


def test_connections_wait_as_they_are(app):
    cohort, coordinator, _, (person, _) = a_group()
    ids = published(cohort, coordinator)
    with clock.frozen(held(ids[0]).starts_at):
        joining.join(ids[0], person.id)
    off(cohort)
    with clock.frozen(held(ids[0]).ends_at + MINUTE):
        joining.settle()
    assert session.scalars(select(Stay.left_at)).all() == [None]
    off(cohort, on=True)
    with clock.frozen(held(ids[0]).ends_at + MINUTE):
        joining.settle()
    assert session.scalars(select(Stay.left_at)).all() == [held(ids[0]).ends_at]
