"""From what TOML gives to what we need: each function returns the value, or the reason why it is none."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from inspire_lms.kernel.errors import Reason, counted

YEARS = range(2000, 2101)
"""In which an edition may take place: a mistyped year is found, and no calendar comes to its end."""
_CODE = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")


def text(key: str, raw: object, most: int) -> str | Reason:
    """Take a text of 1 to *most* characters, without spaces at its ends."""
    if not isinstance(raw, str):
        return Reason("“{key}” is a text in quotes.", key=key)
    if not raw.strip():
        return Reason("“{key}” is empty.", key=key)
    if len(raw) > most:
        return too_long(key, most)
    return raw.strip()


def too_long(key: str, most: int) -> Reason:
    """Say that a text is too long."""
    return counted("“{key}” is longer than one character.", "“{key}” is longer than {n} characters.", n=most, key=key)


def code(key: str, raw: object) -> str | Reason:
    """Take a short name for machines."""
    if isinstance(raw, str) and len(raw) <= 40 and _CODE.fullmatch(raw):  # noqa: PLR2004 (the width of our columns)
        return raw
    return Reason("“{key}” is a code: at most 40 letters, digits and hyphens, for example final-test.", key=key)


def whole(key: str, raw: object, least: int, most: int) -> int | Reason:
    """Take a whole number."""
    if isinstance(raw, bool) or not isinstance(raw, int):
        return Reason("“{key}” is a whole number.", key=key)
    return raw if least <= raw <= most else _between(key, least, most)


def decimal(key: str, raw: object, least: Decimal, most: Decimal) -> Decimal | Reason:
    """Take a number, exact as it was written."""
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal) or not Decimal(raw).is_finite():
        return Reason("“{key}” is a number.", key=key)
    return Decimal(raw) if least <= raw <= most else _between(key, least, most)


def _between(key: str, least: int | Decimal, most: int | Decimal) -> Reason:
    return Reason("“{key}” lies between {least} and {most}.", key=key, least=least, most=most)


def flag(key: str, raw: object) -> bool | Reason:
    """Take true or false."""
    return raw if isinstance(raw, bool) else Reason("“{key}” is true or false, without quotes.", key=key)


def option(key: str, raw: object, options: Sequence[str]) -> str | Reason:
    """Take one of *options*; a near miss is asked about."""
    if isinstance(raw, str) and raw in options:
        return raw
    near = get_close_matches(raw, options, n=1) if isinstance(raw, str) else []
    if near:
        return Reason("“{key}” cannot be “{given}”; did you mean “{near}”?", key=key, given=str(raw), near=near[0])
    return Reason("“{key}” is one of: {options}.", key=key, options=", ".join(options))


def day(key: str, raw: object, shift: timedelta, years: range = YEARS) -> date | Reason:
    """Take a date; *years* says of which years."""
    if not isinstance(raw, date) or isinstance(raw, datetime):
        return Reason("“{key}” is a date, for example 2027-01-12.", key=key)
    return raw + shift if raw.year in years else _no_year(key, years)


def _no_year(key: str, years: range = YEARS) -> Reason:
    return Reason("“{key}” lies between the years {first} and {last}.", key=key, first=str(years[0]), last=str(years[-1]))


def clock_time(key: str, raw: object) -> time | Reason:
    """Take a time of day."""
    return raw if isinstance(raw, time) else Reason("“{key}” is a time of day, for example 10:00:00.", key=key)


def moment(key: str, raw: object, shift: timedelta, zone: str) -> datetime | Reason:
    """Take a local date and time; UTC comes out."""
    if not isinstance(raw, datetime):
        return Reason("“{key}” is a date with a time, for example 2027-01-12T10:00:00.", key=key)
    if raw.tzinfo is not None:
        return Reason("“{key}” is local time: leave out the offset, the zone of the country applies.", key=key)
    return at_wall_clock(raw + shift, zone) if raw.year in YEARS else _no_year(key)


def at_wall_clock(local: datetime, zone: str) -> datetime | Reason:
    """Find the moment at which the clocks of *zone* show *local*; it must be shown exactly once."""
    place = ZoneInfo(zone)
    first, second = (local.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    shown = Reason("This time does not exist in {zone}: the clocks are put forward then.", zone=zone)
    if first.astimezone(place).replace(tzinfo=None) != local:
        return shown
    if first != second:
        return Reason("This time happens twice in {zone}: the clocks are put back then.", zone=zone)
    return first


def texts_by_language(raw: object) -> Mapping[str, str] | None:
    """Take one text in several languages; None when it is something else."""
    if isinstance(raw, dict) and all(isinstance(one, str) for one in raw.values()):
        return {language: one.strip() for language, one in raw.items() if one.strip()}
    return None


def why_not_words(
    key: str, given: Mapping[str, str] | None, *, needed: Sequence[str], spoken: Sequence[str], most: int
) -> Iterator[tuple[str, Reason]]:
    """Say what is wrong with a text in several languages; each reason with its language, or with "" for the whole.

    *needed* must be there; *spoken* are those that there may be, any when empty.
    """
    if given is None:
        yield "", Reason("“{key}” is a text per language, for example {example}.", key=key, example='{ en = "…", it = "…" }')
        return
    if missing := [one for one in needed if one not in given]:
        yield "", Reason("“{key}” has no text in: {languages}.", key=key, languages=", ".join(missing))
    for language, one in given.items():
        if spoken and language not in spoken:
            known = ", ".join(spoken)
            yield language, Reason("“{language}” is no language of this site; there are: {languages}.", language=language, languages=known)
        elif len(one) > most:
            yield language, too_long(key, most)


def is_tables(raw: Any) -> bool:  # noqa: ANN401 (whatever TOML gives)
    """Say whether this is an array of tables."""
    return isinstance(raw, list) and all(isinstance(one, dict) for one in raw)
