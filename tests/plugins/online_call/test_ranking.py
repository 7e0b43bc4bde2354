"""The order of a selection."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspire_lms.plugins.online_call.ranking import order as ranking
from inspire_lms.plugins.online_call.ranking.order import Entry
from inspire_lms.plugins.online_call.ranking.terms import Terms

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
CHAIN = ("motivation", "submitted", "draw")
TERMS = Terms(CHAIN, "s")

points = st.decimals(0, 30, places=2)
entries = st.lists(
    st.builds(
        Entry,
        number=st.from_regex(r"INSPIREPA-IT-2026-0000[0-9]{2}", fullmatch=True),
        total=st.sampled_from([Decimal("42.00"), Decimal("60.00"), Decimal("75.00"), Decimal("75.50")]),
        points=st.fixed_dictionaries({"motivation": st.sampled_from([Decimal(20), Decimal(25)])}),
        submitted_at=st.sampled_from([NOON, NOON + timedelta(microseconds=1)]),
    ),
    max_size=30,
    unique_by=lambda entry: entry.number,
)


def entry(number, total="75.00", motivation=20, minutes=0):
    return Entry(number=number, total=Decimal(total), points={"motivation": Decimal(motivation)}, submitted_at=NOON + timedelta(minutes=minutes))


def in_order(given_entries, chain=CHAIN, seed="seed"):
    return [(line.entry.number, line.settled_by) for line in ranking.ranked(given_entries, Terms(chain, seed))]


@pytest.mark.parametrize(
    ("given_entries", "order"),
    [
        ([entry("a", "70.00"), entry("b", "80.00")], [("b", None), ("a", None)]),
        ([entry("a", motivation=20), entry("b", motivation=25)], [("b", None), ("a", "motivation")]),
        ([entry("a", minutes=1), entry("b", minutes=0)], [("b", None), ("a", "submitted")]),
        ([entry("a", "75.00", 20, 0), entry("b", "75.00", 25, 9)], [("b", None), ("a", "motivation")]),
    ],
    ids=["more points", "more points for motivation", "earlier", "motivation before time"],
)
def test_equal_totals_are_separated_by_the_chain_that_the_call_states(given_entries, order):
    assert in_order(given_entries) == order


def test_what_nothing_else_separates_is_drawn_by_the_announced_seed_and_anybody_can_repeat_it():
    alike = [entry(number) for number in "abcdef"]
    expected = sorted("abcdef", key=lambda number: ranking.lot("seed of 2026", number))
    assert [number for number, _step in in_order(alike, seed="seed of 2026")] == expected
    assert {step for _number, step in in_order(alike, seed="seed of 2026")[1:]} == {"draw"}
    assert in_order(alike, seed="seed of 2026") != in_order(alike, seed="another seed")


@pytest.mark.parametrize(("total", "suitable"), [("49.99", False), ("50.00", True), ("50.01", True)])
def test_below_the_least_score_nobody_is_suitable(total, suitable):
    (line,) = ranking.ranked([entry("a", total)], Terms(CHAIN, "s", Decimal(50)))
    assert line.is_suitable is suitable


def test_a_protocol_number_that_occurs_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        ranking.ranked([entry("a"), entry("a")], TERMS)


@given(entries, st.randoms())
def test_the_ranking_does_not_depend_on_the_order_of_the_input(given_entries, random):
    mixed = given_entries[:]
    random.shuffle(mixed)
    one = ranking.ranked(given_entries, TERMS)
    other = ranking.ranked(mixed, TERMS)
    assert one == other
    assert ranking.digest(one, TERMS) == ranking.digest(other, TERMS)


@given(entries)
def test_everybody_stands_in_the_ranking_once_and_nobody_above_a_higher_total(given_entries):
    lines = ranking.ranked(given_entries, TERMS)
    assert sorted(line.entry.number for line in lines) == sorted(each.number for each in given_entries)
    assert [line.position for line in lines] == list(range(1, len(lines) + 1))
    assert [line.entry.total for line in lines] == sorted((each.total for each in given_entries), reverse=True)


@given(entries.filter(bool), st.data())
def test_more_points_never_lower_a_position(given_entries, data):
    chosen = data.draw(st.sampled_from(given_entries))
    raised = [each._replace(total=each.total + Decimal(5)) if each is chosen else each for each in given_entries]
    assert position(raised, chosen) <= position(given_entries, chosen)


@given(entries, st.data())
def test_who_withdraws_changes_nothing_in_the_order_of_the_others(given_entries, data):
    gone = data.draw(st.sets(st.sampled_from(given_entries).map(lambda each: each.number))) if given_entries else set()
    all_lines = [number for number, _step in in_order(given_entries)]
    assert [number for number, _step in in_order([each for each in given_entries if each.number not in gone])] == [
        number for number in all_lines if number not in gone
    ]


@given(entries.filter(bool))
def test_a_changed_point_changes_the_fingerprint(given_entries):
    lines = ranking.ranked(given_entries, TERMS)
    changed = (lines[0]._replace(entry=lines[0].entry._replace(total=lines[0].entry.total + Decimal("0.01"))), *lines[1:])
    assert ranking.digest(lines, TERMS) != ranking.digest(changed, TERMS)


def position(given_entries, chosen):
    lines = ranking.ranked(given_entries, TERMS)
    return next(line.position for line in lines if line.entry.number == chosen.number)
