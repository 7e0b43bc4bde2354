"""The clock: it stands still when told to, and knows the hours that changes of clocks make odd."""

from datetime import UTC, datetime

import pytest

from inspire_lms.kernel import clock

NOON = datetime(2026, 12, 11, 12, tzinfo=UTC)


def test_the_clock_stands_still_inside_the_block_and_goes_on_after_it():
    with clock.frozen(NOON):
        assert clock.now() == NOON
    assert clock.now() != NOON


def test_the_clock_takes_no_naive_moment():
    with pytest.raises(ValueError), clock.frozen(datetime(2026, 12, 11)):  # noqa: DTZ001 (that is the case)
        pass


@pytest.mark.parametrize(
    ("local", "zone", "utc"),
    [
        ((2026, 12, 11, 12, 0), "Europe/Rome", (2026, 12, 11, 11, 0)),
        ((2026, 7, 1, 12, 0), "Europe/Bucharest", (2026, 7, 1, 9, 0)),
        ((2027, 3, 28, 1, 59), "Europe/Rome", (2027, 3, 28, 0, 59)),
        ((2027, 3, 28, 3, 0), "Europe/Rome", (2027, 3, 28, 1, 0)),
    ],
)
def test_a_wall_clock_time_becomes_utc(local, zone, utc):
    assert clock.aware(datetime(*local), zone) == datetime(*utc, tzinfo=UTC)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("local", "zone", "reason"),
    [
        ((2027, 3, 28, 2, 30), "Europe/Rome", "This hour does not exist, because the clocks go forward."),
        ((2027, 3, 28, 3, 30), "Europe/Athens", "This hour does not exist, because the clocks go forward."),
        ((2026, 10, 25, 2, 30), "Europe/Rome", "This hour happens twice, because the clocks go back."),
        ((2026, 10, 25, 3, 30), "Europe/Bucharest", "This hour happens twice, because the clocks go back."),
    ],
)
def test_an_hour_that_does_not_exist_or_happens_twice_is_refused(local, zone, reason):
    with pytest.raises(ValueError) as refused:
        clock.aware(datetime(*local), zone)  # noqa: DTZ001
    assert str(refused.value.args[0]) == reason
