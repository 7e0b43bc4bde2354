"""Whatever people do to a selection, in whatever order, from the first draft to the last call-up: what must hold of it holds after every step."""

from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.plugins.online_call.walking import story, truths
from tests.plugins.online_call.walking.deeds import DEEDS, Walk

LIKELY = {
    "open": "apply apply apply submit submit discard merge",
    "closed": "decide confirm_clear ask_to_mend step_back ask take_back leave_committee join_committee publish withdraw",
    "provisional": "appeal appeal appeal withdraw_appeal ask publish withdraw",
    "final": "accept accept decline withdraw correct merge resize",
}
"""What people do in a phase, the more often the likelier."""
WAITS = (
    ("online_call_application", "submitted", "decide"),
    ("online_call_override", "proposed", "answer_override"),
    ("online_call_appeal", "open", "answer_appeal"),
    ("online_call_correction", "proposed", "answer_correction"),
    ("online_call_correction", "reopened", "publish"),
    ("online_call_review", "asked", "sit"),
    ("online_call_review", "asked", "give"),
)
"""What waits for somebody, and who does it."""


BEGINNINGS = ("empty", "applied", "judged", "provisional", "provisional", "final", "accepted", "reopened")


class AnyOrder(RuleBasedStateMachine):
    """Begins at a stage that is drawn; then deeds that can be done now, deeds that cannot, and time."""

    stages, stage, place, app, walks = None, None, None, None, None

    @initialize(quotas=st.booleans())
    def begin(self, quotas):
        self.walk = Walk(self.stages[quotas][self.stage])
        self.walks.append(self.walk)
        self.deeds = 0

    def phase(self):
        now = self.walk.now
        if now["online_call_ranking"]:
            return "final"
        if now["online_call_publication"]:
            return "provisional"
        return "open" if self.walk.at < now["online_call_call"][0].closes_at else "closed"

    def likely(self):
        phase = self.phase()
        urgent = [deed for table, state, deed in WAITS if any(each.state == state for each in self.walk.now[table])]
        may_appeal = any(each.appeal_until and self.walk.at < each.appeal_until for each in self.walk.now["online_call_publication"])
        if phase in {"closed", "provisional"} and not urgent and not may_appeal:
            urgent = ["publish"] * 3
        if any(each.mended_at is None for each in self.walk.now["online_call_mending"]):
            urgent += ["mend"]
        return [*LIKELY[phase].split(), *urgent, *urgent, *urgent]

    @rule(seed=st.integers(0, 2**32))
    def go_on(self, seed):
        # The generator likes to draw the same seed again and again; the step is mixed in, so that not the same deed follows again and again.
        chance = Random(f"{seed} {self.place} {len(self.walk.log)}")
        who, by, how = chance.randrange(story.PEOPLE), chance.randrange(7), chance.randrange(7)
        if self.deeds >= 3 and chance.random() < (0.5 if self.phase() == "final" else 0.35):
            self.wait(chance)
        elif chance.random() < 0.15:
            self.walk.do(chance.choice(DEEDS), who, by, how)
        else:
            deed = chance.choice(self.likely())
            self.walk.do(deed, self.walk.whom(deed, who), by, how)
        self.deeds += 1

    def wait(self, chance):
        deadlines = self.walk.deadlines()
        if deadlines and chance.random() < 0.5:
            at = deadlines[0] + timedelta(seconds=chance.randrange(-1, 2))
            self.walk.let_pass(max(timedelta(0), at - self.walk.at), is_awake=chance.random() < 0.5)
        else:
            self.walk.let_pass(timedelta(days=chance.randrange(1, 6)))
        self.deeds = 0

    @invariant()
    def everything_holds(self):
        if hasattr(self, "walk") and self.walk.has_changed:
            found = [*truths.breaches(self.walk, self.app)]
            assert found == [], "\n".join([*found, "It was done:", *map(str, self.walk.log)])


def walked(app, *, examples, steps, derandomize=True):
    """Walk so many times from each stage; give the walks."""
    walks, stages = [], story.all_stages()
    how = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=derandomize, database=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    for place, stage in enumerate(BEGINNINGS):
        facts = {"app": app, "walks": walks, "stages": stages, "stage": stage, "place": place}
        run_state_machine_as_test(type("FromHere", (AnyOrder,), facts), settings=how)
    return walks


def kinds(walk):
    return {each.kind for each in walk.now["online_call_publication"]}


def standings(walk):
    return {each.standing for each in walk.now["online_call_place"]}


def was_called_up(walk):
    return any(each.offered_at and each.offered_at > walk.now["online_call_ranking"][0].published_at for each in walk.now["online_call_place"])


REACHED = {
    "a list": (16, kinds),
    "a final list": (10, lambda walk: "final" in kinds(walk)),
    "a corrected list": (2, lambda walk: "corrected" in kinds(walk)),
    "an appeal": (8, lambda walk: walk.now["online_call_appeal"]),
    "an appeal that was upheld": (3, lambda walk: any(each.state == "upheld" for each in walk.now["online_call_appeal"])),
    "an offer that lapsed": (5, lambda walk: "lapsed" in standings(walk)),
    "a call-up": (1, was_called_up),
    "a late withdrawal": (5, lambda walk: walk.done["late withdrawal"]),
}
"""In how many walks this is seen at the least, of the two dozen that are longer than a step."""
SELDOM = {"ask", "mend", "take_back", "withdraw_appeal", "publish_provisionally", "publish_finally", "publish_corrected"}
"""Deeds of which not every set of walks has one; the last three are what "publish" does when its time has come."""
NEVER_REFUSED = {"join_committee", "leave_committee", "erase"}


def test_whatever_people_do_in_whatever_order_a_selection_stays_true(app):
    walks = [each for each in walked(app, examples=5, steps=40) if len(each.log) > 1]
    done, refused = (set().union(*(getattr(each, name) for each in walks)) for name in ("done", "refused"))
    assert {what: least for what, (least, is_seen) in REACHED.items() if sum(bool(is_seen(each)) for each in walks) < least} == {}
    assert (set(DEEDS) - done - SELDOM, set(DEEDS) - refused - NEVER_REFUSED - SELDOM) == (set(), set())
