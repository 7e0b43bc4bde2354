"""Days as offices count them: without Saturdays, Sundays and the holidays of the country, Orthodox Easter where it is kept."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspire_lms.kernel.programmes.working_days import holiday, is_working_day, working_days_later

COUNTRIES = st.sampled_from(["IT", "GR", "RO", "QQ"])
DAYS = st.dates(date(2025, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("country", "day", "number", "last"),
    [
        ("IT", date(2027, 5, 28), 5, date(2027, 6, 7)),  # the Republic's day, a Wednesday, does not count
        ("RO", date(2027, 4, 28), 5, date(2027, 5, 7)),  # Orthodox Good Friday and Easter Monday
        ("GR", date(2027, 4, 28), 5, date(2027, 5, 10)),  # and Labour Day, which moves away from Holy Saturday
        ("IT", date(2027, 4, 28), 5, date(2027, 5, 5)),  # Easter was in March there
        ("RO", date(2026, 11, 27), 1, date(2026, 12, 2)),  # a Friday; Saint Andrew and the National Day follow the week-end
        ("QQ", date(2026, 12, 24), 1, date(2026, 12, 25)),  # nobody knows the holidays of this country
        ("IT", date(2026, 12, 25), 0, date(2026, 12, 25)),
    ],
)
def test_working_days_are_counted_by_the_calendar_of_the_country(country, day, number, last):
    assert working_days_later(country, day, number) == last


@given(country=COUNTRIES, day=DAYS, number=st.integers(1, 30))
def test_so_many_working_days_lie_behind_the_day_and_the_last_is_one(country, day, number):
    last = working_days_later(country, day, number)
    between = [day + timedelta(days=one) for one in range(1, (last - day).days + 1)]
    assert [is_working_day(country, one) for one in between].count(True) == number
    assert is_working_day(country, last)


@given(country=COUNTRIES, day=DAYS)
def test_a_day_with_the_name_of_a_holiday_is_no_working_day(country, day):
    assert not (holiday(country, day) and is_working_day(country, day))


def test_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="forwards"):
        working_days_later("IT", date(2027, 1, 1), -1)
