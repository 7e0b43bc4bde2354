"""What waits, for whom and until when: found from counts and dates alone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspire_lms.kernel.errors import When
from inspire_lms.plugins.online_call.pending import rules
from inspire_lms.plugins.online_call.pending.rules import Count, Dates, Found, Open, Until, What
from inspire_lms.plugins.online_call.rules import Window
from inspire_lms.plugins.online_call.seeing.phases import JudgingPhase, Others, Sight

ZONE = "Europe/Rome"
OPENS, CLOSES = datetime(2026, 11, 16, 8, tzinfo=UTC), datetime(2026, 12, 11, 11, tzinfo=UTC)
AFTER, HOUR = CLOSES + timedelta(days=1), timedelta(hours=1)
CHECKED, RANKED = date(2026, 12, 18), date(2027, 1, 15)
RESERVE = datetime(2027, 2, 12, 11, tzinfo=UTC)


def dates(**but):
    facts = {"window": Window(OPENS, CLOSES, ZONE), "checked_by": CHECKED, "ranked_by": RANKED, "reserve_until": RESERVE}
    return Dates(**facts | but)


def a_phase(begins_at, *, may_mark):
    return JudgingPhase("p", {"en": "P"}, begins_at, Sight(may_mark=may_mark, others=Others.NEVER, hides_names=False))


def by_day(last):
    return rules.day(last, ZONE)


def at_moment(at):
    return rules.moment(at, ZONE)


@pytest.mark.parametrize(
    ("until", "at", "is_over"),
    [
        (None, RESERVE, False),
        (at_moment(CLOSES), CLOSES - timedelta(seconds=1), False),
        (at_moment(CLOSES), CLOSES, True),
        # The last day counts to its end by the clock of the country: midnight in Rome is 23:00 in UTC.
        (by_day(CHECKED), datetime(2026, 12, 18, 22, 59, 59, tzinfo=UTC), False),
        (by_day(CHECKED), datetime(2026, 12, 18, 23, 0, tzinfo=UTC), True),
        # On the last Sunday of March the day has an hour less.
        (by_day(date(2027, 3, 28)), datetime(2027, 3, 28, 21, 59, 59, tzinfo=UTC), False),
        (by_day(date(2027, 3, 28)), datetime(2027, 3, 28, 22, 0, tzinfo=UTC), True),
    ],
)
def test_something_is_overdue_from_its_moment_on_and_a_day_counts_to_its_end(until, at, is_over):
    assert Open(What.DECIDE, 1, until).is_overdue(at) is is_over


@given(hours=st.lists(st.one_of(st.none(), st.integers(-3, 3)), max_size=8))
def test_what_is_overdue_stands_first_then_the_nearest_date_then_what_has_none(hours):
    opens = [Open(What.MEND, 1, None if each is None else at_moment(AFTER + each * HOUR)) for each in hours]
    found = rules.in_order(opens, at=AFTER)
    dated = sorted(each for each in hours if each is not None)
    assert [each.until and each.until.over_at for each in found] == [AFTER + each * HOUR for each in dated] + [None] * (len(hours) - len(dated))
    assert [each.is_overdue(AFTER) for each in found] == sorted((each.is_overdue(AFTER) for each in found), reverse=True)


@pytest.mark.parametrize(
    ("marks", "hours", "until"),
    [
        ([], 0, None),
        ([True], 0, None),
        ([True, False], 0, 1),
        ([True, True, False], 0, 2),
        ([False, True, False], 0, 2),
        ([True, False, True, False], 1, 3),
        ([True, False], 5, None),
        ([True, False], -1, 1),
    ],
)
def test_points_can_be_given_until_the_phase_begins_that_ends_it(marks, hours, until):
    phases = [a_phase(AFTER + place * HOUR, may_mark=may) for place, may in enumerate(marks)]
    assert rules.marks_until(phases, at=AFTER + hours * HOUR) == (None if until is None else AFTER + until * HOUR)


ALL_AT_ONCE = {
    (What.DECIDE, None): Count(3, some_id=7),
    (What.SECOND, 5): Count(1, some_id=2),
    (What.MEND, None): Count(2, AFTER + HOUR, AFTER + 2 * HOUR, 4),
    (What.EVALUATE, 8): Count(4),
    (What.APPEAL, None): Count(1),
    (What.OFFER, None): Count(1, AFTER - HOUR, AFTER - HOUR),
    (What.RELEASE, None): Count(9),
    (What.IMPORT, None): Count(1, AFTER, AFTER, 6),
}


def test_each_thing_has_its_own_time_or_that_of_the_call():
    assert rules.waiting(Found(ALL_AT_ONCE), dates(), at=AFTER) == [
        Open(What.OFFER, 1, at_moment(AFTER - HOUR)),
        Open(What.MEND, 2, at_moment(AFTER + HOUR), at_moment(AFTER + 2 * HOUR), some_id=4),
        Open(What.DECIDE, 3, by_day(CHECKED), some_id=7),
        Open(What.SECOND, 1, by_day(CHECKED), person_id=5, some_id=2),
        Open(What.IMPORT, 1, at_moment(AFTER + timedelta(days=7)), some_id=6),
        Open(What.EVALUATE, 4, by_day(RANKED), person_id=8),
        Open(What.APPEAL, 1, by_day(RANKED)),
        Open(What.RELEASE, 9),
    ]


@pytest.mark.parametrize(
    ("what", "more", "until"),
    [
        (What.DECIDE, {}, by_day(CHECKED)),
        (What.DECIDE_ANEW, {"is_provisional": True}, by_day(RANKED)),
        (What.DECIDE_ANEW, {"is_final": True}, None),
        (What.SECOND, {"is_provisional": True}, None),
        (What.LACKS, {}, by_day(RANKED)),
        (What.THIRD, {"phases": (a_phase(AFTER, may_mark=True), a_phase(AFTER + HOUR, may_mark=False))}, at_moment(AFTER + HOUR)),
        # What an appeal has opened again waits for no phase.
        (What.EVALUATE, {"phases": (a_phase(AFTER, may_mark=True), a_phase(AFTER + HOUR, may_mark=False)), "is_provisional": True}, by_day(RANKED)),
        (What.EVALUATE, {"is_final": True}, None),
        (What.REOPEN, {"is_final": True}, None),
        (What.FAILED, {}, None),
    ],
)
def test_the_time_follows_how_far_the_selection_has_come(what, more, until):
    found = rules.waiting(Found({(what, None): Count(1)}), dates(**more), at=AFTER)
    assert [each.until for each in found if each.what is what] == [until]


@pytest.mark.parametrize(
    ("found", "more", "kinds"),
    [
        (Found(eligible=4), {}, [What.FINAL]),
        (Found(), {}, []),
        (Found({(What.EVALUATE, 1): Count(1)}, eligible=4), {}, [What.EVALUATE]),
        (Found({(What.MEND, None): Count(1, AFTER + HOUR, AFTER + HOUR)}, eligible=4), {}, [What.MEND]),
        (Found(eligible=4), {"has_appeals": True}, [What.PROVISIONAL]),
        (Found(eligible=4), {"has_appeals": True, "is_provisional": True, "appeal_until": AFTER + HOUR}, [What.APPEALS_END]),
        (Found(eligible=4), {"has_appeals": True, "is_provisional": True, "appeal_until": AFTER}, [What.FINAL]),
        (Found({(What.APPEAL, None): Count(1)}, eligible=4), {"has_appeals": True, "is_provisional": True, "appeal_until": AFTER}, [What.APPEAL]),
        (Found(eligible=4), {"is_final": True}, []),
        (Found(eligible=4, reserve=2), {"is_final": True}, [What.RESERVE_ENDS]),
        (Found(eligible=4, reopened=1), {"is_final": True}, [What.CORRECTED]),
        (Found({(What.REOPEN, 1): Count(1)}, eligible=4, reopened=1), {"is_final": True}, [What.REOPEN]),
        (Found(eligible=4), {"phases": (a_phase(AFTER, may_mark=True), a_phase(AFTER + HOUR, may_mark=False))}, [What.PHASE, What.FINAL]),
    ],
)
def test_a_list_can_be_published_when_nothing_stands_before_it(found, more, kinds):
    assert [each.what for each in rules.waiting(found, dates(**more), at=AFTER)] == kinds


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (OPENS - HOUR, [Open(What.OPENS, 1, at_moment(OPENS))]),
        (OPENS, [Open(What.CLOSES, 2, at_moment(CLOSES))]),
        (CLOSES, [Open(What.DECIDE, 3, by_day(CHECKED))]),
    ],
)
def test_while_the_call_is_open_nothing_is_decided_on(at, expected):
    assert rules.waiting(Found({(What.DECIDE, None): Count(3)}, drafts=2), dates(), at=at) == expected


def test_a_moment_is_told_in_the_zone_of_the_country():
    assert at_moment(CLOSES) == Until(CLOSES, When(CLOSES, ZONE))


@pytest.mark.parametrize(
    ("waits", "at", "is_final", "told"),
    [
        (What.DECIDE, AFTER, False, True),
        (What.EVALUATE, AFTER, False, True),
        (What.LACKS, AFTER, False, True),
        (What.EVALUATE, AFTER, True, True),
        (What.LACKS, CLOSES - HOUR, False, False),
        (What.APPEAL, AFTER, False, False),
    ],
)
def test_who_has_not_said_for_whom_they_work_stands_there_while_somebody_decides_or_evaluates(waits, at, is_final, told):
    found = Found({(waits, None): Count(1)}, untold=2)
    opens = rules.waiting(found, dates(is_final=is_final), at=at)
    assert [each for each in opens if each.what is What.UNTOLD] == ([Open(What.UNTOLD, 2)] if told else [])
