"""How a selection comes to the stages at which walks begin: by the same deeds, once, and then kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from inspire_lms.kernel.db import session
from inspire_lms.kernel.people import profile
from inspire_lms.kernel.programmes.models import Cohort
from tests.builders import a_person, an_administrator, staff
from tests.plugins.online_call.builders import CLOSED, CLOSES, ISLANDS, OPENS, PUBLISHED, a_call, a_mendable_form, with_regions
from tests.plugins.online_call.builders import REGIONS as AT_MOST_TWO
from tests.plugins.online_call.lists import IN_PEACE
from tests.plugins.online_call.walking import ground
from tests.plugins.online_call.walking.deeds import Walk
from tests.plugins.online_call.walking.ground import ROWS

SEATS, PEOPLE = 3, 8
STAGES = ("empty", "applied", "decided", "judged", "provisional", "final", "accepted", "reopened")


@dataclass(frozen=True)
class Stage:
    """What there is when a walk begins."""

    name: str
    rows: ROWS
    at: datetime
    call_id: int
    cohort_id: int
    context_id: int
    people: tuple[int, ...]
    evaluators: tuple[int, ...]
    coordinators: tuple[int, ...]
    administrator: int
    rules: dict[str, Any]
    """What the file says of the call."""


class Story(Walk):
    """The walk that goes straight on; each of its deeds leads to the stage of its name."""

    def empty(self):
        self.at = OPENS

    def applied(self):
        for who in range(PEOPLE - 1):
            self.at += timedelta(seconds=1)
            assert self.do("apply", who, who, 4 if who == 6 else 1)
        assert self.do("apply", PEOPLE - 1, 0, 0)
        self.at = CLOSES - timedelta(hours=1)

    def decided(self):
        self.at = CLOSED
        assert self.do("confirm_clear")
        assert self.do("decide", 6, 0, 2)

    def judged(self):
        while any(each.state == "asked" for each in self.now["online_call_review"]):
            assert self.do("sit", 0, 0, 3)

    def provisional(self):
        self.at = PUBLISHED
        assert self.do("publish_provisionally")

    def final(self):
        self.let_pass(IN_PEACE - PUBLISHED)
        assert self.do("publish_finally")

    def accepted(self):
        assert sum(self.do("accept", who) for who in range(PEOPLE)) == SEATS

    def reopened(self):
        reserve = next(each.application_id for each in self.now["online_call_place"] if each.standing == "reserve")
        assert self.do("correct", next(who for who in range(PEOPLE) if self.own(who) == reserve), 0, 1)
        assert self.do("answer_correction", 0, 1, 0)


def all_stages():
    """Give the stages of a selection without quotas (False) and of one with them (True)."""
    nothing, found = ground.kept(), {}
    for quotas in (False, True):
        ground.restore(nothing)
        found[quotas] = stages(quotas)
    return found


def stages(quotas):
    """Walk once from the open call to the first accepted places; give the stages on the way, by name."""
    walk, found = Story(_empty(quotas)), {}
    for name in STAGES:
        getattr(walk, name)()
        facts = {each: getattr(walk, each) for each in ("at", "call_id", "cohort_id", "context_id", "evaluators", "coordinators", "administrator", "rules")}
        found[name] = Stage(name, ground.kept(), people=tuple(walk.people), **facts)
    return found


def _empty(quotas):
    rules = {"form": _form(), "quotas": (ISLANDS, AT_MOST_TWO) if quotas else (), "appeal_days": 5}
    call = a_call(seats=SEATS, **rules)
    call_id, cohort_id = call.id, call.cohort_id
    cohort = session.get(Cohort, cohort_id)
    context_id = cohort.context_id
    evaluators = tuple(staff(session.get(Cohort, cohort_id), "evaluator").id for _each in range(4))
    coordinators = tuple(staff(session.get(Cohort, cohort_id), "coordinator").id for _each in range(2))
    profile.change_work(evaluators[2], organisation="Regione Prova", position="")
    people, administrator = tuple(a_person().id for _each in range(PEOPLE)), an_administrator().id
    return Stage("nothing", ground.kept(), OPENS, call_id, cohort_id, context_id, people, evaluators, coordinators, administrator, rules)


def _form():
    return (*a_mendable_form(), with_regions()[-1])
