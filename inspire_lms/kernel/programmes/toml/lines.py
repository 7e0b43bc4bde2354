"""Where each key of a TOML text stands: the standard library reads the values and forgets the lines."""

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]
"""Keys and, inside arrays, positions: ("country", 0, "call", "opens")."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_PLAIN_VALUE = re.compile(r"[^,\]}#\n]*")
_STRINGS = {
    '"""': re.compile(r'"""(?:\\.|[^\\])*?"{3,5}(?!")', re.DOTALL),
    "'''": re.compile(r"'''.*?'{3,5}(?!')", re.DOTALL),
    '"': re.compile(r'"(?:\\.|[^"\\])*"'),
    "'": re.compile(r"'[^']*'"),
}


def lines_of(text: str) -> Mapping[Path, int]:
    """Say on which line (from 1) each table, key and array element of *text* begins; *text* is valid TOML."""
    return _Scanner(text).scan()


class _Scanner:
    """Walks once over a text that the standard library has accepted."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {(): 1}
        self.counts: dict[Path, int] = {}
        self.counted_at = (0, 1)

    def scan(self) -> Mapping[Path, int]:
        """Read header after header and key after key."""
        here: Path = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self._peek() == "[":
                here = self._header()
            else:
                self._pair(here)
            self._skip(_BLANK)
        return self.lines

    def _header(self) -> Path:
        """Read [a.b] or [[a.b]] and say which table it opens."""
        line, is_array = self._line(), self.text.startswith("[[", self.at)
        self.at += 2 if is_array else 1
        keys = self._dotted()
        self.at += 2 if is_array else 1
        path: Path = ()
        for number, key in enumerate(keys):
            path = (*path, key)
            self.lines.setdefault(path, line)
            if is_array and number == len(keys) - 1:
                self.counts[path] = self.counts.get(path, 0) + 1
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        self.lines[path] = line
        return path

    def _pair(self, here: Path) -> None:
        """Read one key with its value."""
        line = self._line()
        path = here
        for key in self._dotted():
            path = (*path, key)
            self.lines.setdefault(path, line)
        self._skip(_SPACE)
        self.at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)

    def _value(self, path: Path) -> None:
        """Walk over a value; arrays and inline tables are looked into."""
        for quote, pattern in _STRINGS.items():
            if self.text.startswith(quote, self.at):
                self._skip(pattern)
                return
        if self._peek() == "[":
            self._elements(path)
        elif self._peek() == "{":
            self._members(path)
        else:
            self._skip(_PLAIN_VALUE)

    def _elements(self, path: Path) -> None:
        """Walk over an array, noting where each element begins."""
        self.at += 1
        self._skip(_BLANK)
        number = 0
        while self._peek() not in ("]", ""):
            self.lines[(*path, number)] = self._line()
            self._value((*path, number))
            number += 1
            self._skip(_BLANK)
            if self._peek() == ",":
                self.at += 1
                self._skip(_BLANK)
        self.at += 1

    def _members(self, path: Path) -> None:
        """Walk over an inline table."""
        self.at += 1
        self._skip(_BLANK)
        while self._peek() not in ("}", ""):
            self._pair(path)
            self._skip(_BLANK)
            if self._peek() == ",":
                self.at += 1
                self._skip(_BLANK)
        self.at += 1

    def _dotted(self) -> list[str]:
        """Read a key, which may have dots and quotes."""
        keys: list[str] = []
        while True:
            self._skip(_SPACE)
            quote = self._peek()
            found = (_STRINGS[quote] if quote in ('"', "'") else _BARE).match(self.text, self.at)
            if found is None:
                return keys
            keys.append(found[0].strip(quote) if quote in ('"', "'") else found[0])
            self.at = found.end()
            self._skip(_SPACE)
            if self._peek() != ".":
                return keys
            self.at += 1

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _skip(self, pattern: re.Pattern[str]) -> None:
        if found := pattern.match(self.text, self.at):
            self.at = max(found.end(), self.at)

    def _line(self) -> int:
        """Count on from where the last count ended, so that the whole walk stays linear."""
        start, line = self.counted_at
        line += self.text.count("\n", start, self.at)
        self.counted_at = (self.at, line)
        return line
