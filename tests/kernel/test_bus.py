"""Facts and enquiries: stored, delivered, answered, and silent where a plugin is off."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from inspire_lms.contracts import Enquiry, Fact
from inspire_lms.kernel import bus, jobs, plugin
from inspire_lms.kernel.db import transaction
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.plugin import Plugin, registry


@dataclass(frozen=True)
class Rang(Fact):
    """A bell rang."""

    at: datetime
    day: date
    loud: Decimal
    heard: tuple[int, ...]
    by: str | None


@dataclass(frozen=True)
class Bells(Enquiry[int]):
    """How many bells there are."""


RANG = Rang(datetime(2026, 12, 11, 12, tzinfo=UTC), date(2026, 12, 11), Decimal("1.50"), (1, 2), None)


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


def test_a_plugin_that_is_off_hears_nothing_and_answers_nothing(tower):
    plugin.switch("tower", on=False)
    with transaction():
        bus.announce(RANG)
    jobs.run_due()
    assert tower == []
    assert bus.ask(Bells(), default=0) == 0
    plugin.switch("tower", on=True)
    assert bus.ask(Bells(), default=0) == 3


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
