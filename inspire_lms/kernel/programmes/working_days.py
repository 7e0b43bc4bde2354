"""The public holidays of a country, and days that are counted without them and without Saturdays and Sundays."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

_OWN_LANGUAGE = {"IT": "it_IT", "GR": "el", "RO": "ro"}
"""In which the holidays of a country are named; any other country names its own."""
_SATURDAY = 5


def holiday(country: str, day: date) -> str | None:
    """Name the public holiday of a country on a day, in its language; None on any other day, and for unknown countries."""
    return _holidays(country, day.year).get(day)


def is_working_day(country: str, day: date) -> bool:
    """Say whether public offices of a country work on a day: Monday to Friday, public holidays left out.

    Of a country whose holidays nobody knows, Monday to Friday.
    """
    return day.weekday() < _SATURDAY and holiday(country, day) is None


def working_days_later(country: str, day: date, number: int) -> date:
    """Give the last of *number* working days, counted from the day after *day* (Regulation (EEC) 1182/71, article 3); *day* itself for 0.

    Raises ValueError when *number* is negative.
    """
    if number < 0:
        msg = "Days are counted forwards."
        raise ValueError(msg)
    while number:
        day += timedelta(days=1)
        number -= is_working_day(country, day)
    return day


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> Mapping[date, str]:
    import holidays  # slow import

    if country not in holidays.list_supported_countries():
        return {}
    found = holidays.country_holidays(country, years=year, language=_OWN_LANGUAGE.get(country))
    return {day: name for day, name in found.items()}  # noqa: C416 (a plain dictionary: theirs adds years when asked)
