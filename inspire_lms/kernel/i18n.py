"""Languages: catalogues, and how messages, moments and numbers are shown.

English is the source. Every folder of the translations folder is a language; each holds one catalogue per component, merged at
the first use. Patterns of dates are messages too, so that a new language needs its folder and nothing else.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, get_timezone_location
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_app_context

from inspire_lms.kernel.errors import Message, When

MEGABYTE = 1_000_000
"""Bytes."""
SOURCE = "en"
"""The language in which the code speaks."""

ZONES: Mapping[str, Message] = {
    "Europe/Rome": Message("Italian time"),
    "Europe/Athens": Message("Greek time"),
    "Europe/Bucharest": Message("Romanian time"),
}
"""What people call the time of a zone, where the name in Babel's data is clumsy."""

_speaking: ContextVar[tuple[str, str | None] | None] = ContextVar("speaking", default=None)


class Words(dict[str, str]):
    """One text in several languages, by language code.

    It falls back in this order: the language asked for, English, then the others by code.
    """

    def spoken(self, language: str | None = None) -> tuple[str, str]:
        """Give the text and the language that it really is in; two empty strings when there is none."""
        wanted = language or current()
        if said := self.get(wanted):
            return said, wanted
        return next(((self[code], code) for code in (SOURCE, *sorted(self)) if self.get(code)), ("", ""))

    def text(self, language: str | None = None) -> str:
        """Give the text in *language*, the reader's when None."""
        return self.spoken(language)[0]


@dataclass
class Catalogues:
    """The catalogues of an application, read when a language is first spoken."""

    folders: list[Path]
    spoken: dict[str, NullTranslations] = field(default_factory=dict)

    def languages(self) -> tuple[str, ...]:
        """List the languages: English first, then the folders in order of their codes."""
        found = {each.name for folder in self.folders if folder.is_dir() for each in folder.iterdir() if (each / "LC_MESSAGES").is_dir()}
        return (SOURCE, *sorted(found - {SOURCE}))

    def of(self, language: str) -> NullTranslations:
        """Give the merged catalogue of *language*."""
        if language not in self.spoken:
            files = [path for folder in self.folders for path in sorted((folder / language / "LC_MESSAGES").glob("*.po"))]
            self.spoken[language] = _read(tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in files), language)
        return self.spoken[language]


@lru_cache(maxsize=32)
def _read(files: tuple[tuple[Path, int, int], ...], language: str) -> NullTranslations:
    """Read files, each with the moment of its last change and its size: applications of one process share what was read."""
    merged: NullTranslations | None = None
    for path, _changed, _size in files:
        compiled = BytesIO()
        with path.open("rb") as stream:
            write_mo(compiled, read_po(stream, locale=language))
        compiled.seek(0)
        one = Translations(compiled)
        merged = merged.merge(one) if isinstance(merged, Translations) else one
    return merged or NullTranslations()


def install(app: Flask, folders: list[Path]) -> None:
    """Let *app* speak the languages found in *folders*."""
    app.extensions["inspire_catalogues"] = Catalogues(folders)


def languages() -> tuple[str, ...]:
    """List the codes of the languages that this instance speaks; English first."""
    catalogues: Catalogues = current_app.extensions["inspire_catalogues"]
    known: tuple[str, ...] | None = g.get("languages")
    g.languages = known = catalogues.languages() if known is None else known
    return known


@contextmanager
def speaking(language: str, zone: str | None = None) -> Iterator[None]:
    """Speak *language* inside the block, and show moments in *zone*: for mails, documents, calendar entries."""
    token = _speaking.set((language, zone))
    try:
        yield
    finally:
        _speaking.reset(token)


def current() -> str:
    """Say which language is spoken now."""
    told = _speaking.get()
    if told:
        return told[0]
    return str(g.get("language", SOURCE)) if has_app_context() else SOURCE


def zone() -> str:
    """Say in which zone moments are shown when nothing else is said: that of the page, else UTC."""
    told = _speaking.get()
    if told and told[1]:
        return told[1]
    return str(g.get("zone") or g.get("reader_zone") or "UTC") if has_app_context() else "UTC"


def _catalogue(language: str | None = None) -> NullTranslations:
    language = language or current()
    if language == SOURCE or not has_app_context():
        return _SILENT
    catalogues: Catalogues = current_app.extensions["inspire_catalogues"]
    return catalogues.of(language)


_SILENT = NullTranslations()
# A page shows what the page before it has shown; and what a moment or a number looks like in a language never changes.
_in_pattern, _day = lru_cache(maxsize=4096)(format_datetime), lru_cache(maxsize=1024)(format_date)


def _fill(text: str, values: Mapping[str, Any]) -> str:
    return text.format(**{key: show(value) for key, value in values.items()}) if values else text


def _(text: str, /, **values: Any) -> str:  # noqa: ANN401 (any value that can be shown)
    """Translate *text* and fill its words in braces."""
    return _fill(_catalogue().gettext(text), values)


def ngettext(one: str, many: str, n: int, /, **values: Any) -> str:  # noqa: ANN401
    """Translate a sentence that counts; the count is the word {n}."""
    return _fill(_catalogue().ngettext(one, many, n), {"n": n, **values})


def pgettext(context: str, text: str, /, **values: Any) -> str:  # noqa: ANN401
    """Translate a short word whose meaning *context* settles."""
    return _fill(str(_catalogue().pgettext(context, text)), values)


def show(thing: Any, language: str | None = None) -> str:  # noqa: ANN401
    """Put *thing* into words for the reader: a message, words, a moment, a day, a number, or a text as it is."""
    if language and language != current():
        with speaking(language, zone()):
            return show(thing)
    match thing:
        case Message():
            if thing.plural is not None:
                return ngettext(thing.text, thing.plural, thing.values["n"], **{k: v for k, v in thing.values.items() if k != "n"})
            return _(thing.text, **thing.values)
        case Words():
            return thing.text()
        case When():
            return when(thing.at, thing.zone, "exact" if thing.to_the_second else "full")
        case datetime():
            return when(thing)
        case date():
            return on_day(thing)
        case Decimal():
            return number(thing, max(0, -int(thing.normalize().as_tuple().exponent)))
        case None:
            return ""
        case _:
            return str(thing)


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    return Locale.parse("en_GB" if language == SOURCE else language)


def locale() -> Locale:
    """Give Babel's locale of the language spoken now; English dates are those of Europe."""
    return _locale(current())


def zone_name(zone_: str, at: datetime | None = None) -> str:
    """Name a zone at a moment: "Romanian time, EET"; for all moments when None: "Romanian time"."""
    spoken = show(ZONES[zone_]) if zone_ in ZONES else "UTC" if zone_ == "UTC" else get_timezone_location(zone_, locale=locale())
    short = (at.astimezone(ZoneInfo(zone_)).tzname() if at else "") or ""
    return f"{spoken}, {short}" if short.isalpha() and short != spoken else spoken


def when(at: datetime, zone_: str | None = None, style: str = "full") -> str:
    """Show a moment in a zone, that of the page when None.

    *style* is full (weekday, day, time, zone, the reader's own time when it differs), exact (to the second), day, short or time.
    Raises ValueError for a naive moment.
    """
    if at.tzinfo is None:
        msg = "A moment without its zone cannot be shown."
        raise ValueError(msg)
    shown = zone_ or zone()
    text = _in_pattern(at, _pattern(style), tzinfo=ZoneInfo(shown), locale=locale())
    if style not in {"full", "exact"}:
        return text
    told = f"{text} ({zone_name(shown, at)})"
    own = g.get("reader_zone") if has_app_context() and _speaking.get() is None else None
    if own and at.astimezone(ZoneInfo(own)).utcoffset() != at.astimezone(ZoneInfo(shown)).utcoffset():
        mine = f"{_in_pattern(at, _pattern('short'), tzinfo=ZoneInfo(own), locale=locale())} ({zone_name(own, at)})"
        return _("{moment}; for you {own}", moment=told, own=mine)
    return told


def _pattern(style: str) -> str:
    if style == "full":
        return pgettext("pattern of a moment", "EEEE d MMMM y, HH:mm")
    if style == "day":
        return pgettext("pattern of a day", "EEEE d MMMM y")
    if style == "date":
        return pgettext("pattern of a date", "d MMMM y")
    if style == "short":
        return pgettext("pattern of a short moment", "d MMM y, HH:mm")
    if style in {"seconds", "exact"}:
        return pgettext("pattern of a moment to the second", "d MMMM y, HH:mm:ss")
    return "HH:mm"


def on_day(day: date, style: str = "full") -> str:
    """Show a day: full "Friday 11 December 2026", date "11 December 2026", short "11 Dec 2026"."""
    if style == "short":
        return _day(day, pgettext("pattern of a short date", "d MMM y"), locale=locale())
    return _day(day, _pattern("date" if style == "date" else "day"), locale=locale())


def _rounded(value: Decimal | float, decimals: int, mark: Decimal | float | None) -> tuple[Decimal, str]:
    """Round half up, to as many places more as keep it on its side of *mark*; give the pattern that shows it, too."""
    exact = Decimal(str(value))
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), "ROUND_HALF_UP") + 0  # no minus before nought
    if mark is not None and rounded.compare(Decimal(str(mark))) != exact.compare(Decimal(str(mark))):
        return _rounded(exact, decimals + 1, mark)
    return rounded, "#,##0" + ("." + "0" * decimals if decimals else "")


def number(value: Decimal | float, decimals: int = 0, *, mark: Decimal | float | None = None) -> str:
    """Show a number with *decimals* places, rounded half up; with more where it would seem to reach a *mark* that it misses."""
    return _figure(value, decimals, mark, current())


def percent(value: Decimal | float, decimals: int = 0, *, mark: Decimal | float | None = None) -> str:
    """Show per cent; *value* runs from 0 to 100 and is rounded as a number is."""
    return _figure(value, decimals, mark, current(), is_percent=True)


@lru_cache(maxsize=8192)
def _figure(value: Decimal | float, decimals: int, mark: Decimal | float | None, language: str, *, is_percent: bool = False) -> str:
    rounded, pattern = _rounded(value, decimals, mark)
    spoken = _locale(language)
    if is_percent:
        return format_percent(rounded / 100, format=spoken.percent_formats[None].pattern.replace("#,##0", pattern), locale=spoken)
    return format_decimal(rounded, format=pattern, locale=spoken)


def duration(minutes: int) -> str:
    """Show a length of time: "1 hour and 20 minutes"."""
    hours, rest = divmod(minutes, 60)
    whole, left = ngettext("{n} hour", "{n} hours", hours), ngettext("{n} minute", "{n} minutes", rest)
    if hours and rest:
        return _("{hours} and {minutes}", hours=whole, minutes=left)
    return whole if hours else left


def size(length: int) -> str:
    """Show the size of a file: "214 kB" or "1.5 MB"; *length* is in bytes."""
    return _("{n} kB", n=number(max(1, -(-length // 1000)))) if length < MEGABYTE else _("{n} MB", n=number(Decimal(length) / MEGABYTE, 1))


def is_zone(name: str) -> bool:
    """Say whether *name* is a zone of the IANA database."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
