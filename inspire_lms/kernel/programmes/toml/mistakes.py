"""Mistakes in an edition file: where they stand and what they are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.programmes.toml.lines import Path

_PLACE = re.compile(r"^(.*) \(at (?:line (\d+), column \d+|end of document)\)$", re.DOTALL)
_SYNTAX = (
    ("Cannot overwrite a value", Reason("This key stands twice in its table.")),
    ("Cannot declare", Reason("This table stands twice in the file.")),
    ("Expected '='", Reason("After a key comes “=” and a value.")),
    ("Invalid value", Reason("The value is missing or is not written as TOML asks; texts stand in quotes.")),
    ("Invalid date or datetime", Reason("This date or time does not exist.")),
    ("Unterminated string", Reason("A text begins here and has no closing quote.")),
    ("Expected newline", Reason("There is something more after the end of a value.")),
    ("Unclosed array", Reason("A list is not closed, or a comma is missing in it.")),
    ("Unclosed inline table", Reason("A brace is not closed, or a comma is missing between its texts.")),
    ("Duplicate inline table key", Reason("This key stands twice between its braces.")),
    ("Invalid statement", Reason("A key is missing here, or has a letter that needs quotes.")),
    ("Invalid initial character for a key part", Reason("A key is missing here, or has a letter that needs quotes.")),
    ("Illegal character", Reason("There is a letter here that a text in single lines cannot have; perhaps a quote is not closed.")),
)
"""How the standard library begins its complaint, and what we say."""


@dataclass(frozen=True)
class Problem:
    """One mistake in a file."""

    line: int
    """Counted from 1."""
    path: str
    """The key with its tables: country.call.opens."""
    reason: Reason
    at: Path = ()
    """The same, with the positions in arrays."""

    def __str__(self) -> str:
        """Give the English sentence, for the command line and tests."""
        return f"line {self.line}: {self.reason}"


@dataclass
class File:
    """What all tables of one file share."""

    lines: Mapping[Path, int]
    shift: timedelta = timedelta(0)
    """Added to every date of the file: whole weeks, so that weekdays stay."""
    problems: list[Problem] = field(default_factory=list)
    known: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Codes by what they name (competence, unit, country), so that one part of the file can point at another."""
    asked: dict[Path, set[str]] = field(default_factory=dict)
    """The keys that each table was asked for: a key that nobody asked for is a mistake."""

    def add(self, path: Path, reason: Reason) -> None:
        """Note a mistake; what does not stand in the file is a mistake of the table where it is missing."""
        standing = path
        while standing not in self.lines:
            standing = standing[:-1]
        self.problems.append(Problem(self.lines[standing], in_words(path), reason, path))

    def has_problem(self, path: Path) -> bool:
        """Say whether a mistake was noted at *path*."""
        return any(one.at == path for one in self.problems)

    def forget_missing(self, path: Path, key: str) -> None:
        """Take back that *key* is missing at *path*: it was found misspelt."""
        self.problems = [one for one in self.problems if (one.at, one.reason) != (path, missing(key))]

    def in_order(self) -> tuple[Problem, ...]:
        """Give the mistakes by line, each once."""
        return tuple(sorted(dict.fromkeys(self.problems), key=lambda one: (one.line, one.path)))


def syntax_mistake(complaint: str, text: str) -> Problem:
    """Turn the *complaint* of the standard library about *text* into a mistake with its line."""
    found = _PLACE.match(complaint)
    what, line = (found[1], found[2]) if found else (complaint, None)
    for beginning, reason in _SYNTAX:
        if what.startswith(beginning):
            return Problem(_line(line, text), "", reason)
    return Problem(_line(line, text), "", Reason("This is not TOML: {complaint}.", complaint=what))


def _line(found: str | None, text: str) -> int:
    return int(found) if found else text.rstrip("\n").count("\n") + 1


def in_words(path: Path) -> str:
    """Write a path as a person does: country.call.opens."""
    return ".".join(part for part in path if isinstance(part, str))


def missing(key: str) -> Reason:
    """Say that *key* is missing."""
    return Reason("“{key}” is missing.", key=key)


def nothing_here(key: str, near: str | None) -> Reason:
    """Say that nobody reads *key*, and which key it may have meant to be."""
    if near is None:
        return Reason("There is no “{key}” here.", key=key)
    return Reason("There is no “{key}” here; did you mean “{near}”?", key=key, near=near)
