"""Facts and enquiries: stored, delivered, answered, and silent where a plugin is off."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from inspire_lms.contracts import Enquiry, Fact
from inspire_lms.kernel import bus, clock, jobs, plugin
from inspire_lms.kernel.db import transaction
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.plugin import Plugin, registry
from tests.builders import a_cohort


@dataclass(frozen=True)
class Rang(Fact):
    """A bell rang."""

    at: datetime
    day: date
    loud: Decimal
    heard: tuple[int, ...]
    by: str | None


@dataclass(frozen=True)
class Filled(Fact):
    """A cohort is complete."""

    cohort_id: int


@dataclass(frozen=True)
class Bells(Enquiry[int]):
    """How many bells there are."""


NOON = datetime(2026, 12, 11, 12, tzinfo=UTC)
RANG = Rang(NOON, date(2026, 12, 11), Decimal("1.50"), (1, 2), None)


@pytest.fixture
def tower(app):
    heard = []
    for name in ("tower", "chapel"):
        registry().plugins[name] = Plugin(name, Message(name), Message(name))
    registry().listens[Rang] = {"tower": heard.append}
    registry().answers[Bells] = {"tower": lambda _ask: 3}
    return heard


def test_a_fact_survives_being_stored():
    assert bus.unpacked(Rang, bus.packed(RANG)) == RANG


def test_a_fact_is_heard_after_the_commit(tower):
    with transaction():
        bus.announce(RANG)
        assert tower == []
    jobs.run_due()
    assert tower == [RANG]


def test_a_plugin_that_is_off_answers_nothing_and_hears_what_it_missed_when_it_is_on_again(tower):
    plugin.switch("tower", on=False)
    with clock.frozen(NOON):
        with transaction():
            bus.announce(RANG)
        jobs.run_due()
    assert tower == []
    assert bus.ask(Bells(), default=0) == 0
    plugin.switch("tower", on=True)
    assert bus.ask(Bells(), default=0) == 3
    with clock.frozen(NOON + jobs.LOOK_AGAIN):
        jobs.run_due()
    assert tower == [RANG]


def test_a_plugin_that_is_off_for_an_edition_hears_of_its_cohorts_when_it_is_on_again(tower):
    cohort = a_cohort()
    registry().listens[Filled] = {"tower": tower.append}
    plugin.switch("tower", on=False, edition_id=cohort.edition_id)
    with clock.frozen(NOON):
        with transaction():
            bus.announce(Filled(cohort.id))
        jobs.run_due()
    assert tower == []
    plugin.switch("tower", on=True, edition_id=cohort.edition_id)
    with clock.frozen(NOON + jobs.LOOK_AGAIN):
        jobs.run_due()
    assert tower == [Filled(cohort.id)]


def test_a_plugin_that_has_gone_misses_what_is_told(tower):
    with transaction():
        bus.announce(RANG)
    registry().listens[Rang] = {}
    jobs.run_due()
    assert jobs.failed() == []
    assert jobs.run_due() == 0


def test_an_enquiry_that_nobody_answers_gives_the_default(app):
    assert bus.ask(Bells(), default=7) == 7


def test_two_answers_where_one_is_wanted_are_a_fault(tower):
    registry().answers[Bells]["chapel"] = lambda _ask: 1
    assert bus.gather(Bells()) == [1, 3]
    with pytest.raises(RuntimeError):
        bus.ask(Bells(), default=0)


def test_a_page_asks_the_same_thing_once(app, tower):
    asked = []
    registry().answers[Bells] = {"tower": lambda _ask: asked.append(1) or 3}
    with app.test_request_context("/"):
        assert (bus.ask(Bells(), default=0), bus.ask(Bells(), default=0)) == (3, 3)
    assert asked == [1]
