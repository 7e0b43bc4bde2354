"""Connections merge: overlaps count once, the order of rows changes nothing, time outside the webinar does not count."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspire_lms.plugins.webinar.attendance.intervals import clipped, merged, minutes_within, time_within

START = datetime(2026, 11, 26, 14, tzinfo=UTC)
WINDOW = (START, START + timedelta(hours=2))


def at(minute, second=0):
    return START + timedelta(minutes=minute, seconds=second)


@pytest.mark.parametrize(
    ("stays", "minutes"),
    [
        ([], 0),
        ([(at(0), at(120))], 120),
        ([(at(-30), at(150))], 120),
        ([(at(-30), at(0))], 0),
        ([(at(120), at(130))], 0),
        ([(at(0), at(60)), (at(60), at(120))], 120),
        ([(at(0), at(60)), (at(30), at(90))], 90),
        ([(at(10), at(40)), (at(10), at(40))], 30),
        ([(at(50), at(70)), (at(0), at(10))], 30),
        ([(at(0), at(0, 29))], 0),
        ([(at(0), at(0, 30))], 1),
        ([(at(0, 20), at(120))], 120),
        ([(at(0, 31), at(120))], 119),
        ([(at(5), at(5))], 0),
    ],
)
def test_minutes_are_the_time_inside_the_webinar_that_at_least_one_connection_covers(stays, minutes):
    assert minutes_within(stays, WINDOW) == minutes


seconds = st.integers(min_value=-3600, max_value=3 * 3600)
stays = st.lists(st.tuples(seconds, seconds).map(sorted).map(tuple), max_size=12)


def moments(rows):
    return [(START + timedelta(seconds=start), START + timedelta(seconds=end)) for start, end in rows]


@given(stays)
def test_the_length_of_the_union_is_the_number_of_seconds_covered(rows):
    covered = {second for start, end in rows for second in range(max(start, 0), min(end, 7200))}
    assert time_within(moments(rows), WINDOW) == timedelta(seconds=len(covered))


@given(stays, st.randoms(use_true_random=False))
def test_the_order_of_connections_changes_nothing(rows, chance):
    mixed = list(rows)
    chance.shuffle(mixed)
    assert merged(moments(mixed)) == merged(moments(rows))


@given(stays)
def test_merging_what_is_merged_changes_nothing_and_leaves_gaps(rows):
    once = merged(moments(rows))
    assert merged(once) == once
    assert all(before[1] < after[0] for before, after in itertools.pairwise(once))


@given(stays)
def test_what_is_cut_lies_inside_the_window(rows):
    assert all(WINDOW[0] <= start < end <= WINDOW[1] for start, end in clipped(moments(rows), WINDOW))


@given(stays, stays)
def test_the_same_report_twice_adds_nothing(rows, more):
    assert minutes_within(moments(rows + rows + more), WINDOW) == minutes_within(moments(rows + more), WINDOW)
