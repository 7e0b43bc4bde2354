"""The demonstration: today fits the stage, the same seed gives the same data, and all plugins play in order."""

from datetime import UTC, date, datetime, timedelta

import pytest

from inspire_lms.kernel import clock
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.errors import Message, Refused
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.plugin import Plugin
from inspire_lms.kernel.programmes import demo, queries
from inspire_lms.kernel.programmes.demo import STAGES, ready_accounts, shift

NOW = datetime(2026, 11, 21, 21, 15, tzinfo=UTC)


@pytest.mark.parametrize("stage", list(STAGES))
@pytest.mark.parametrize("day", range(14))
def test_today_falls_into_the_week_of_the_stage_on_every_day(stage, day):
    now = NOW + timedelta(days=day)
    monday = STAGES[stage] + timedelta(weeks=shift(stage, now))
    assert (monday.weekday(), monday <= now.date() < monday + timedelta(days=7)) == (0, True)


@pytest.fixture
def played():
    return []


@pytest.fixture
def installed(played):
    def play(name):
        def one(given):
            played.append((name, given.stage, given.now.date(), given.random.random()))
            with given.clock(given.now - timedelta(hours=1)):
                assert clock.now() == given.now - timedelta(hours=1)

        return one

    def plugin(name, *stages):
        return Plugin(name, Message("A"), Message("B"), demo={stage: play(name) for stage in stages})

    return [plugin("bells", "call", "teaching", "over"), plugin("choir", "call", "teaching")]


@pytest.fixture
def pilot(kernel_file, tmp_path, monkeypatch):
    """The kernel's part of the pilot in place of the whole."""
    (tmp_path / "pilot.toml").write_text(kernel_file, "utf-8")
    monkeypatch.setattr(demo, "SAMPLE", tmp_path)


def test_the_stages_up_to_the_one_wanted_are_played_in_order(app, pilot, played):
    told = []
    edition_id = demo.prepare("teaching", 7, NOW, tell=told.append)
    monday = date(2026, 11, 16)
    weeks = {stage: STAGES[stage] - STAGES["teaching"] + monday for stage in STAGES}
    assert told == ["call", "selection", "teaching"]
    assert [line[:3] for line in played] == [
        ("bells", "call", weeks["call"]),
        ("choir", "call", weeks["call"]),
        ("bells", "teaching", NOW.date()),
        ("choir", "teaching", NOW.date()),
    ]
    assert queries.edition(edition_id).starts_on == date(2027, 2, 16) + (monday - STAGES["teaching"])


def test_the_same_seed_on_the_same_day_gives_the_same_chance_and_each_plugin_has_its_own(app, pilot, played):
    from inspire_lms.kernel.db import db

    demo.prepare("teaching", 7, NOW)
    first = list(played)
    db.session.remove()
    db.drop_all()
    db.create_all()
    from inspire_lms.kernel.plugin import registry

    registry().remembered.clear()
    played.clear()
    demo.prepare("teaching", 7, NOW)
    assert (played == first, len({line[3] for line in first})) == (True, 4)


def test_staff_have_accounts_and_roles_in_their_own_country(app, pilot):
    edition_id = demo.prepare("call", 7, NOW)
    for cohort in queries.cohorts(edition_id):
        code = cohort.country.lower()
        roles = {
            role: [people.person(person_id).email for person_id in access.people_with_role(role, cohort.context_id)]
            for role in ("coordinator", "trainer", "evaluator", "trainee")
        }
        assert roles == {
            "coordinator": [f"coordinator.{code}@inspire.example"],
            "trainer": [f"trainer.{code}@inspire.example", f"trainer2.{code}@inspire.example"],
            "evaluator": [f"evaluator1.{code}@inspire.example", f"evaluator2.{code}@inspire.example"],
            "trainee": [],
        }


def test_a_second_demonstration_in_the_same_instance_is_refused(app, pilot):
    demo.prepare("call", 7, NOW)
    with pytest.raises(Refused, match="in this instance already"):
        demo.prepare("call", 7, NOW)


def test_the_accounts_to_print_are_the_administrator_and_six_for_each_country():
    found = ready_accounts()
    assert [(one.role, one.country) for one in found][:7] == [
        ("administrator", ""),
        ("coordinator", "IT"),
        ("trainer", "IT"),
        ("trainer", "IT"),
        ("evaluator", "IT"),
        ("evaluator", "IT"),
        ("trainee", "IT"),
    ]
    assert len(found) == 19
