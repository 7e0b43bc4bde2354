"""Phases say who sees what, by the clock alone; the edition file says the phases."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from inspire_lms.contracts.pages import NextThings
from inspire_lms.kernel import clock
from inspire_lms.kernel.errors import Refused
from inspire_lms.plugins.online_call import answers
from inspire_lms.plugins.online_call.rules import ReviewState
from inspire_lms.plugins.online_call.seeing.phases import (
    AS_EVER,
    BEFORE_THE_FIRST,
    JudgingPhase,
    Others,
    Sight,
    phases_of,
    sight_at,
    why_not_mark,
)
from tests.builders import words
from tests.plugins.online_call.builders import CLOSED, a_call, an_application, committee, decided
from tests.plugins.online_call.marks import given, review_of, states_of
from tests.plugins.online_call.test_opening import FILE, read_file

START = datetime(2027, 1, 1, tzinfo=UTC)
MARKS = {"motivation": 40, "transfer": 20}
IN_FILE = """
[[call.phase]]
code = "marking"
title = { en = "Marking" }
from = 2026-12-19T09:00:00
marks = "open"
names = "hidden"
[[call.phase]]
code = "talking"
title = { en = "Talking" }
from = 2027-01-05T09:00:00
marks = "closed"
others = "always"
"""

sights = st.builds(Sight, may_mark=st.booleans(), others=st.sampled_from(Others), hides_names=st.booleans())


@st.composite
def some_phases(draw):
    """Up to four phases, each a while after the one before."""
    found, at = [], START
    for place, sight in enumerate(draw(st.lists(sights, max_size=4))):
        at += timedelta(minutes=draw(st.integers(1, 50)))
        found.append(JudgingPhase(f"p{place}", {"en": f"P{place}"}, at, sight))
    return tuple(found)


@generated(phases=some_phases(), minutes=st.integers(0, 250), own=st.sampled_from(ReviewState))
def test_what_is_seen_is_what_the_phase_of_the_moment_says_and_nothing_more(phases, minutes, own):
    at = START + timedelta(minutes=minutes)
    begun = [each for each in phases if each.begins_at <= at]
    sight = sight_at(phases, at)
    assert sight == (begun[-1].sight if begun else BEFORE_THE_FIRST if phases else AS_EVER)
    assert sight_at(phases_of([each.stored() for each in phases]), at) == sight
    allowed = {Others.NEVER: set(), Others.AFTER_OWN: {ReviewState.DONE}, Others.ALWAYS: {ReviewState.DONE, ReviewState.ASKED}}
    assert sight.shows_others(own) is (own in allowed[sight.others])
    may = why_not_mark(phases, "Europe/Rome", own, at=at) is None
    assert may is (sight.may_mark and not sight.shows_others(own)), "no mark follows another's"


def test_phases_are_read_from_the_edition_file():
    part, mistakes = read_file(FILE.replace("[[call.section]]", IN_FILE + "[[call.section]]", 1))
    assert mistakes == []
    assert [(each.code, each.begins_at, each.sight) for each in part.phases] == [
        ("marking", datetime(2026, 12, 19, 9, tzinfo=UTC), Sight(may_mark=True, others=Others.NEVER, hides_names=True)),
        ("talking", datetime(2027, 1, 5, 9, tzinfo=UTC), Sight(may_mark=False, others=Others.ALWAYS, hides_names=False)),
    ]


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ('code = "talking"', 'code = "marking"', "The code “marking” stands twice."),
        ("from = 2027-01-05T09:00:00", "from = 2026-12-19T09:00:00", "Phases stand in the order in which they begin"),
        ('marks = "open"', 'marks = "closed"', "In one phase at least marks are open."),
        ('marks = "closed"', 'marks = "open"', "nobody sees what others gave before the own"),
        ('others = "always"', 'others = "sometimes"', "others"),
        ('names = "hidden"', 'names = "perhaps"', "names"),
        ("from = 2027-01-05T09:00:00\n", "", "from"),
    ],
)
def test_what_phases_cannot_be_is_said_in_words(old, new, mistake):
    assert old in IN_FILE
    _part, mistakes = read_file(FILE.replace("[[call.section]]", IN_FILE.replace(old, new, 1) + "[[call.section]]", 1))
    assert any(mistake in said for said in mistakes), mistakes


def a_phase(code, begins_at, **but):
    """A phase in which marks are open, others are not seen, and names are shown."""
    return JudgingPhase(code, words(code.capitalize()), begins_at, Sight(**{"may_mark": True, "others": Others.NEVER, "hides_names": False} | but))


@pytest.mark.parametrize(("after", "refused"), [(-1, "Points can be given from"), (0, None), (3599, None), (3600, "Points cannot be given any more.")])
def test_marks_are_given_in_the_phases_in_which_they_are_open_to_the_second(app, after, refused):
    phases = (a_phase("marking", CLOSED), a_phase("end", CLOSED + timedelta(hours=1), may_mark=False))
    call = a_call(phases=phases)
    one, _other, coordinator = committee(call)
    application = decided(an_application(call), coordinator)
    at = CLOSED + timedelta(seconds=after)
    if refused is None:
        assert given(application, one, at=at, **MARKS).state == "done"
    else:
        with pytest.raises(Refused, match=refused):
            given(application, one, at=at, **MARKS)
    with clock.frozen(at), app.test_request_context():
        waiting = [each.text for each in answers.next_things(NextThings(committee_member_waiting(application)))]
    assert bool(waiting) is (refused is None), "nothing waits for whoever cannot do it"


def committee_member_waiting(application):
    """The evaluator who has not given anything."""
    return next(person for turn, person, state in states_of(application) if state == "asked" and turn == 2)


def test_whoever_sees_what_others_gave_changes_nothing_any_more(client, sign_in_as):
    call = a_call(phases=(a_phase("marking", CLOSED), a_phase("talking", CLOSED + timedelta(hours=1), others=Others.AFTER_OWN)))
    one, other, coordinator = committee(call)
    application = decided(an_application(call), coordinator)
    given(application, one, comment="Strong in part two.", **MARKS)
    given(application, one, motivation=41, transfer=20)
    addresses = {each: f"/online_call/reviews/{review_of(application, each).id}" for each in (one, other)}
    with clock.frozen(CLOSED + timedelta(hours=1)):
        sign_in_as(client, other)
        before = client.get(addresses[other]).text
        assert client.post(addresses[other], data={"motivation": "33", "transfer": "9.5", "_comment": "Weak."}).status_code == 303
        after = client.get(addresses[other]).text
        refused = client.post(addresses[other], data={"motivation": "34", "transfer": "9.5"})
        sign_in_as(client, one)
        theirs = client.get(addresses[one]).text
    assert ["Evaluation A" in page for page in (before, after)] == [False, True]
    assert ["Weak." in theirs, "33 of 60" in theirs, "9.5 of 40" in theirs] == [True] * 3
    assert (refused.status_code, "your own points are fixed" in after) == (409, True)
