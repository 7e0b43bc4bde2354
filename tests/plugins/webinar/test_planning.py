"""Eight dates from a pattern, and what speaks against a date."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from inspire_lms.kernel import clock
from inspire_lms.plugins.webinar.planning import Pattern, Planned, days, starts, warnings, why_not_link, why_not_plan

FIRST = date(2027, 3, 11)


def pattern(**but):
    return Pattern(**{"first_day": FIRST, "at": time(15), "minutes": 120} | but)


def test_webinars_are_a_week_apart():
    assert days(pattern(), 3) == (date(2027, 3, 11), date(2027, 3, 18), date(2027, 3, 25))


@pytest.mark.parametrize("any_day", [date(2027, 3, 15), date(2027, 3, 18), date(2027, 3, 21)])
def test_a_skipped_week_is_named_by_any_of_its_days(any_day):
    assert days(pattern(skipped=(any_day,)), 3) == (date(2027, 3, 11), date(2027, 3, 25), date(2027, 4, 1))


def test_the_first_week_can_be_skipped_too():
    assert days(pattern(skipped=(FIRST,)), 2) == (date(2027, 3, 18), date(2027, 3, 25))


@pytest.mark.parametrize(
    ("zone", "winter", "summer"),
    [("Europe/Rome", 14, 13), ("Europe/Athens", 13, 12), ("Europe/Bucharest", 13, 12)],
)
def test_the_hour_on_the_wall_stays_when_the_clocks_change(zone, winter, summer):
    before, _also_before, _also, after = starts(pattern(), 4)
    assert (before.time(), after.time()) == (time(15), time(15))
    assert [clock.aware(each, zone).hour for each in (before, after)] == [winter, summer]


@pytest.mark.parametrize(
    ("local", "why"),
    [
        (datetime(2027, 3, 28, 2, 30), "This hour does not exist, because the clocks go forward."),  # noqa: DTZ001
        (datetime(2027, 10, 31, 2, 30), "This hour happens twice, because the clocks go back."),  # noqa: DTZ001
    ],
)
def test_an_hour_that_the_change_of_clocks_takes_or_doubles_is_refused(local, why):
    with pytest.raises(ValueError, match=why):
        clock.aware(local, "Europe/Rome")


def planned(webinar_id=1, start=datetime(2027, 3, 11, 15), hours=0, cohort_id=1, trainers=frozenset({7}), number=1, minutes=120):  # noqa: DTZ001
    local = start + timedelta(hours=hours)
    utc = (local - timedelta(hours=1)).replace(tzinfo=UTC)
    return Planned(webinar_id, local, utc, utc + timedelta(minutes=minutes), "Europe/Rome", cohort_id, number, trainers)


NAMES = {7: "Paola Ferri", 8: "Dan Ciobotaru"}


@pytest.mark.parametrize(
    ("one", "other", "holiday", "said"),
    [
        (planned(), planned(2, cohort_id=2, trainers=frozenset({8})), None, []),
        (planned(), planned(2, cohort_id=2, hours=2), None, []),
        (planned(), planned(2, cohort_id=2, hours=-2), None, []),
        (planned(), planned(2, cohort_id=2, hours=1), None, ["Paola Ferri leads another webinar at that time"]),
        (planned(), planned(2, cohort_id=1, hours=1, trainers=frozenset(), number=4), None, ["Webinar 4 of the same group takes place at the same time."]),
        (planned(), planned(1), None, []),
        (planned(start=datetime(2027, 3, 14, 15)), planned(2, hours=48), None, ["This is a Sunday."]),  # noqa: DTZ001
        (planned(start=datetime(2027, 3, 13, 15)), planned(2), None, []),  # noqa: DTZ001
        (planned(), planned(2, hours=48), "Festa della Liberazione", ["This is a public holiday: Festa della Liberazione."]),
    ],
)
def test_a_clash_is_said(one, other, holiday, said):
    found = [str(each) for each in warnings(one, [one, other], holiday, NAMES)]
    assert [each[: len(text)] for each, text in zip(found, said, strict=True)] == said


@pytest.mark.parametrize(
    ("minutes", "number", "start", "why"),
    [
        (15, 3, 15, None),
        (14, 3, 15, "A webinar lasts from 15 to 480 minutes."),
        (480, 3, 9, None),
        (481, 3, 9, "A webinar lasts from 15 to 480 minutes."),
        (120, 2, 15, "There is a webinar 2 already."),
        (120, 3, 23, "A webinar ends on the day on which it begins."),
    ],
)
def test_a_webinar_has_a_length_a_number_and_a_day(minutes, number, start, why):
    reason = why_not_plan(datetime(2027, 3, 11, start), minutes, [1, 2], number)  # noqa: DTZ001
    assert (reason and str(reason)) == why


@pytest.mark.parametrize(
    ("link", "fits"),
    [
        ("", True),
        ("https://meet.example.org/room", True),
        ("http://meet.example.org/room", False),
        ("javascript:alert(1)", False),
        ("https://meet.example.org/a b", False),
        ('https://meet.example.org/"onclick', False),
        ("https://meet.example.org/\r\nSet-Cookie: x", False),
    ],
)
def test_a_meeting_has_a_plain_https_address(link, fits):
    assert (why_not_link(link) is None) is fits
