"""The reader of an edition file: TOML in, checked values out, and every mistake with its line.

Nothing stops at the first mistake. A value that is wrong is noted and replaced by a harmless one of the
same kind, so that the reading goes on; `Table.finish` says at the end what was wrong altogether.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, TypeVar

from inspire_lms.kernel.errors import Invalid, Reason, counted
from inspire_lms.kernel.programmes.toml import values as toml_values
from inspire_lms.kernel.programmes.toml.lines import Path, lines_of
from inspire_lms.kernel.programmes.toml.mistakes import File, Problem, missing, nothing_here, syntax_mistake

Value = TypeVar("Value")

_HARMLESS = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands for a date that could not be read."""


class Table:
    """One table of the file. Each method reads one key; without *default* the key must be there."""

    def __init__(self, file: File, path: Path, values: Mapping[str, Any], *, zone: str = "UTC", languages: Sequence[str] = ("en",)) -> None:
        """Look at *values*, which stand at *path*; *zone* and *languages* hold for the tables below too."""
        self.file = file
        self.path = path
        self.zone = zone
        self.languages = tuple(languages)
        self.values = values
        self.base: Table | None = None
        self._asked = file.asked.setdefault(path, set())

    def over(self, base: "Table | None") -> "Table":
        """Make a table that says what this one says, and what *base* says where this one is silent."""
        made = Table(self.file, self.path, self.values, zone=self.zone, languages=self.languages)
        made.base = base
        return made

    def has(self, key: str) -> bool:
        """Say whether *key* stands here or in the base."""
        self._asked.add(key)
        in_base = self.base is not None and self.base.has(key)
        return key in self.values or in_base

    def is_right(self, key: str) -> bool:
        """Say whether *key* was given and nothing was wrong with it so far."""
        return self.has(key) and not self.file.has_problem((*self.holder_of(key).path, key))

    def known(self, what: str) -> tuple[str, ...]:
        """Give the codes that may stand for *what*: part, competence, unit or country of the file, language of the site."""
        return self.file.known.get(what, ())

    def knows(self, what: str) -> bool:
        """Say whether somebody has said which codes may stand for *what*."""
        return what in self.file.known

    def say(self, what: str, codes: Iterable[str]) -> None:
        """Say which codes may stand for *what*; parts that are read later see it. Parts are read in the order of their plugins' names."""
        self.file.known[what] = tuple(codes)

    def problem(self, key: str, reason: Reason) -> None:
        """Note a mistake at *key*; the empty key is the table as a whole."""
        self._note((key,) if key else (), reason)

    def text(self, key: str, *, most: int = 200, default: str | None = None) -> str:
        """Read a text of 1 to *most* characters; spaces at its ends are dropped."""
        return self._read(key, default, "", lambda raw: toml_values.text(key, raw, most))

    def code(self, key: str, *, default: str | None = None) -> str:
        """Read a short name for machines: letters, digits and single hyphens, at most 40."""
        return self._read(key, default, "", lambda raw: toml_values.code(key, raw))

    def words(self, key: str, *, most: int = 2000, default: Mapping[str, str] | None = None) -> dict[str, str]:
        """Read one text in several languages, {en = "…", it = "…"}; the languages of the table must be among them."""
        if not self._is_there(key, default):
            return dict(default or {})
        return self._words((key,), self._raw(key), most)

    def words_list(self, key: str, *, most: int = 2000, default: Sequence[Mapping[str, str]] | None = None) -> list[dict[str, str]]:
        """Read a list of such texts."""
        if not self._is_there(key, default):
            return [dict(one) for one in default or ()]
        return [self._words((key, number), one, most) for number, one in enumerate(self._list(key))]

    def whole(self, key: str, *, least: int = 0, most: int = 1_000_000, default: int | None = None) -> int:
        """Read a whole number from *least* to *most*."""
        return self._read(key, default, least, lambda raw: toml_values.whole(key, raw, least, most))

    def decimal(
        self, key: str, *, least: Decimal = Decimal(0), most: Decimal = Decimal(1_000_000), default: Decimal | None = None
    ) -> Decimal:
        """Read a number, exact as it is written, from *least* to *most*."""
        return self._read(key, default, least, lambda raw: toml_values.decimal(key, raw, least, most))

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Read true or false."""
        return self._read(key, default, harmless=False, check=lambda raw: toml_values.flag(key, raw))

    def choice(self, key: str, options: Iterable[str], *, default: str | None = None) -> str:
        """Read one of *options*; on a mistake the first of them stands for it."""
        given = tuple(options)
        return self._read(key, default, given[0] if given else "", lambda raw: toml_values.option(key, raw, given))

    def choices(self, key: str, options: Iterable[str], *, default: Sequence[str] | None = None) -> list[str]:
        """Read a list in which each is one of *options*; wrong ones are left out."""
        given = tuple(options)
        return self._read_list(key, default, lambda raw: toml_values.option(key, raw, given))

    def texts(self, key: str, *, most: int = 200, default: Sequence[str] | None = None) -> list[str]:
        """Read a list of texts; wrong ones are left out."""
        return self._read_list(key, default, lambda raw: toml_values.text(key, raw, most))

    def day(self, key: str, *, default: date | None = None, years: range = toml_values.YEARS) -> date:
        """Read a date, moved by the shift of the file; *years* says of which years when it is not about the edition itself."""
        return self._read(key, default, _HARMLESS.date(), lambda raw: toml_values.day(key, raw, self.file.shift, years))

    def days(self, key: str, *, default: Sequence[date] | None = None) -> list[date]:
        """Read a list of dates, moved by the shift of the file; wrong ones are left out."""
        return self._read_list(key, default, lambda raw: toml_values.day(key, raw, self.file.shift))

    def clock_time(self, key: str, *, default: time | None = None) -> time:
        """Read a time of day on the wall clock."""
        return self._read(key, default, time(0), lambda raw: toml_values.clock_time(key, raw))

    def moment(self, key: str, *, zone: str | None = None, default: datetime | None = None) -> datetime:
        """Read a local date and time as the wall clock of *zone* (else of the table) shows it; UTC comes out."""
        return self._read(key, default, _HARMLESS, lambda raw: toml_values.moment(key, raw, self.file.shift, zone or self.zone))

    def table(self, key: str, *, optional: bool = False) -> "Table":
        """Read a table below this one, over that of the base; an empty one stands for one that is not there."""
        below = self.base.table(key, optional=True) if self.base is not None and self.base.has(key) else None
        there = self.has(key)
        raw = self.values.get(key, {})
        if not there and not optional:
            self.problem("", Reason("The table “{key}” is missing.", key=key))
        if not isinstance(raw, dict):
            self.problem(key, Reason("“{key}” is a table of its own.", key=key))
            raw = {}
        return self._below((key,), raw).over(below)

    def tables(self, key: str, *, least: int = 0) -> list["Table"]:
        """Read an array of tables, [[…]]; those here stand in place of those of the base."""
        if self.has(key) and key not in self.values and self.base is not None:
            return self.base.tables(key, least=least)
        raw = self.values.get(key, [])
        if not toml_values.is_tables(raw):
            self.problem(key, Reason("“{key}” stands in double square brackets, once for each.", key=key))
        elif len(raw) < least:
            self.problem(key, counted("At least one “{key}” is needed.", "At least {n} “{key}” are needed.", n=least, key=key))
        return [self._below((key, number), one) for number, one in enumerate(raw)] if toml_values.is_tables(raw) else []

    def mistakes(self) -> tuple[Problem, ...]:
        """Say every mistake of the file in the order of its lines, keys that nobody asked for among them; to be asked at the end."""
        self.note_leftovers()
        return self.file.in_order()

    def finish(self) -> None:
        """Raise WrongFile when there is any mistake in the file."""
        if problems := self.mistakes():
            raise WrongFile(problems)

    def note_leftovers(self) -> None:
        """Note the keys that nobody asked for, here and below."""
        for key, value in self.values.items():
            if key not in self._asked:
                self._note_leftover(key)
                continue
            parts = [((key, number), one) for number, one in enumerate(value)] if toml_values.is_tables(value) else [((key,), value)]
            for path, below in parts:
                if isinstance(below, dict) and (*self.path, *path) in self.file.asked:
                    self._below(path, below).note_leftovers()

    def _note_leftover(self, key: str) -> None:
        """Note a key that nobody asked for; when it is a misspelt one that is missing, the two are one mistake."""
        unused = sorted(self._asked - set(self.values))
        near = get_close_matches(key, unused, n=1) or get_close_matches(key, sorted(self._asked), n=1)
        self.file.add((*self.path, key), nothing_here(key, near[0] if near else None))
        if near:
            self.file.forget_missing((*self.path, near[0]), near[0])

    def _below(self, path: Path, values: Mapping[str, Any]) -> "Table":
        return Table(self.file, (*self.path, *path), values, zone=self.zone, languages=self.languages)

    def holder_of(self, key: str) -> "Table":
        """Give the table in which *key* really stands."""
        if key not in self.values and self.base is not None and self.base.has(key):
            return self.base.holder_of(key)
        return self

    def _raw(self, key: str) -> Any:  # noqa: ANN401 (whatever TOML gives)
        return self.holder_of(key).values[key]

    def _note(self, keys: Path, reason: Reason) -> None:
        holder = self.holder_of(str(keys[0])) if keys else self
        self.file.add((*holder.path, *keys), reason)

    def _is_there(self, key: str, default: object) -> bool:
        """Say whether *key* can be read; note it as missing when there is no *default* either."""
        there = self.has(key)
        if not there and default is None:
            self.problem(key, missing(key))
        return there

    def _read(self, key: str, default: Value | None, harmless: Value, check: Callable[[Any], Value | Reason]) -> Value:
        if not self._is_there(key, default):
            return harmless if default is None else default
        found = check(self._raw(key))
        if isinstance(found, Reason):
            self.problem(key, found)
            return harmless
        return found

    def _read_list(self, key: str, default: Sequence[Value] | None, check: Callable[[Any], Value | Reason]) -> list[Value]:
        if not self._is_there(key, default):
            return list(default or ())
        good: list[Value] = []
        for number, raw in enumerate(self._list(key)):
            found = check(raw)
            if isinstance(found, Reason):
                self._note((key, number), found)
            else:
                good.append(found)
        return good

    def _list(self, key: str) -> list[Any]:
        raw = self._raw(key)
        if isinstance(raw, list):
            return raw
        self.problem(key, Reason("“{key}” is a list in square brackets.", key=key))
        return []

    def _words(self, keys: Path, raw: object, most: int) -> dict[str, str]:
        given = toml_values.texts_by_language(raw)
        for language, reason in toml_values.why_not_words(
            str(keys[0]), given, needed=self.languages, spoken=self.known("language"), most=most
        ):
            self._note((*keys, language) if language else keys, reason)
        return dict(given or {})


class WrongFile(Invalid):
    """The file has mistakes; *problems* says each with its line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the mistakes, and give each as a sentence with its line."""
        self.problems = tuple(problems)
        said = [Reason("Line {line}: {what}", line=one.line, what=one.reason) for one in self.problems]
        super().__init__({str(number): one for number, one in enumerate(said, start=1)})


def read(text: str, *, shift_weeks: int = 0) -> Table:
    """Read *text* into its outermost table; raises WrongFile with the line where it is none."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        values, lines = tomllib.loads(plain, parse_float=Decimal), lines_of(plain)
    except tomllib.TOMLDecodeError as error:
        raise WrongFile([syntax_mistake(str(error), plain)]) from error
    except (ValueError, RecursionError) as error:
        # A number of thousands of digits, or lists within lists within lists: nobody writes that by mistake.
        raise WrongFile([Problem(1, "", Reason("The file holds a number or a nesting that cannot be read."))]) from error
    return Table(File(lines, timedelta(weeks=shift_weeks)), (), values)
