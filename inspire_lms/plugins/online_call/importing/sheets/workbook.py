"""XLSX as rows of text, by the standard library alone.

A workbook comes from outside: every part has a limit, is read piece by piece, and may declare neither a document type nor an entity.
"""

import io
import math
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from xml.parsers import expat

from inspire_lms.kernel.errors import Invalid, Reason
from inspire_lms.kernel.files import MB

Cell = str | Reason
"""What stands in a cell; a Reason when nothing can be read from it."""

MOST_COLUMNS = 200
"""Columns in which something may stand."""

LONGEST_CELL = 32_767
"""Characters of a cell, as spreadsheets have it."""

_MOST_UNPACKED = 60 * MB
"""Bytes of one part of a workbook when it is unpacked."""
_MOST_STRINGS, _MOST_LETTERS = 500_000, 20_000_000
"""Texts that a workbook keeps apart from its cells, and all their characters together."""
_PIECE, _LAST_ROW, _DAYS = 65_536, 1_048_576, 2_958_466
"""Bytes read at once; the last row of a sheet; the number of the first day that spreadsheets do not know, in the year 10000."""

BROKEN = Reason("The workbook is broken or protected. Open it, save it once more as XLSX without a password, or as CSV.")
TOO_LARGE = Reason("The workbook would be too large when unpacked. Copy the rows into a new workbook.")
TOO_WIDE = Reason("Something stands to the right of column {most}. Delete what does not belong to the table.", most=MOST_COLUMNS)
_HARM = (
    zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError,
    LookupError, ValueError, RuntimeError, OSError, EOFError, ArithmeticError,
)  # fmt: skip
"""What a file made to break the reader can make it fail with."""

_DAY_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Numbers of the formats for days and times that every spreadsheet knows (ECMA-376, 18.8.30)."""
_UNSAID = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def rows(content: bytes) -> Iterator[tuple[int, dict[int, Cell]]]:
    """Give the rows of the first visible sheet in which something stands: the number that the spreadsheet shows, cells by column from 0.

    Raises Invalid, at the latest after the last row, when the workbook is broken, too large or has merged cells.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            book = _told(archive, "xl/workbook.xml", _Book())
            targets = _told(archive, "xl/_rels/workbook.xml.rels", _Targets()).found
            parts = set(archive.namelist())
            strings = _told(archive, "xl/sharedStrings.xml", _Strings()).found if "xl/sharedStrings.xml" in parts else []
            days = _told(archive, "xl/styles.xml", _Styles()).days if "xl/styles.xml" in parts else []
            if book.first is None:
                raise Invalid(BROKEN)
            sheet = _Sheet(strings, days, book.epoch)
            for _piece in _read(archive, posixpath.normpath(posixpath.join("/xl", targets[book.first])).lstrip("/"), sheet):
                yield from sheet.taken()
            if sheet.merged:
                raise Invalid(Reason("The cells {cells} are merged. Unmerge them, so that each row has its own value.", cells=sheet.merged))
    except _HARM as harm:
        raise Invalid(BROKEN) from harm


class _Part:
    """One part of a workbook: what is made of its elements as they come."""

    def start(self, name: str, told: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, said: str) -> None: ...


def _told(archive: zipfile.ZipFile, name: str, part: Any) -> Any:  # noqa: ANN401 (the same part, read)
    for _piece in _read(archive, name, part):
        pass
    return part


def _read(archive: zipfile.ZipFile, name: str, part: _Part) -> Iterator[None]:
    """Feed a part to *part*, piece by piece, so that its size never matters at once."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda full, told: part.start(_bare(full), {_bare(key): value for key, value in told.items()})
    parser.EndElementHandler = lambda full: part.end(_bare(full))
    parser.CharacterDataHandler = part.text
    unpacked = 0
    with archive.open(name) as stream:
        while piece := stream.read(_PIECE):
            unpacked += len(piece)
            if unpacked > _MOST_UNPACKED:
                raise Invalid(TOO_LARGE)
            parser.Parse(piece, False)  # noqa: FBT003 (expat takes no name here)
            yield
        parser.Parse(b"", True)  # noqa: FBT003
        yield


def _refuse(*_declared: object) -> None:
    raise Invalid(BROKEN)


def _bare(name: str) -> str:
    return name.rpartition("}")[2]


@dataclass
class _Book(_Part):
    """Which sheet is read, and from which day the workbook counts."""

    first: str | None = None
    epoch: datetime = datetime(1899, 12, 30)  # noqa: DTZ001 (the clock of a workbook has no zone)

    def start(self, name: str, told: dict[str, str]) -> None:
        if name == "workbookPr" and told.get("date1904") in {"1", "true"}:
            self.epoch = datetime(1904, 1, 1)  # noqa: DTZ001
        if name == "sheet" and self.first is None and told.get("state", "visible") == "visible":
            self.first = told["id"]


@dataclass
class _Targets(_Part):
    """Where the parts stand to which the workbook points."""

    found: dict[str, str] = field(default_factory=dict)

    def start(self, name: str, told: dict[str, str]) -> None:
        if name == "Relationship" and told.get("TargetMode") != "External":
            self.found[told["Id"]] = told["Target"]


@dataclass
class _Strings(_Part):
    """The texts that cells name by their number."""

    found: list[str] = field(default_factory=list)
    letters: int = 0
    _said: list[str] = field(default_factory=list)
    _is_text: bool = False
    _is_aid: bool = False

    def start(self, name: str, told: dict[str, str]) -> None:
        if name == "rPh":
            self._is_aid = True
        self._is_text = name == "t" and not self._is_aid

    def end(self, name: str) -> None:
        self._is_text = False
        if name == "rPh":
            self._is_aid = False
        if name == "si":
            self.found.append("".join(self._said))
            self._said = []
            if len(self.found) > _MOST_STRINGS:
                raise Invalid(TOO_LARGE)

    def text(self, said: str) -> None:
        if self._is_text:
            self.letters += len(said)
            if self.letters > _MOST_LETTERS:
                raise Invalid(TOO_LARGE)
            self._said.append(said)


@dataclass
class _Styles(_Part):
    """Which formats show a number as a day."""

    days: list[bool] = field(default_factory=list)
    _own: dict[int, str] = field(default_factory=dict)
    _is_of_cells: bool = False

    def start(self, name: str, told: dict[str, str]) -> None:
        if name == "numFmt":
            self._own[int(told["numFmtId"])] = told.get("formatCode", "")
        elif name == "cellXfs":
            self._is_of_cells = True
        elif name == "xf" and self._is_of_cells:
            number = int(told.get("numFmtId", "0"))
            own = _UNSAID.sub("", self._own.get(number, ""))
            self.days.append(number in _DAY_FORMATS or bool(re.search("[dmyhs]", own, re.IGNORECASE)))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._is_of_cells = False


@dataclass
class _Sheet(_Part):
    """The rows of a sheet, given away as they come."""

    strings: Sequence[str]
    days: Sequence[bool]
    epoch: datetime
    merged: str = ""
    _ready: list[tuple[int, dict[int, Cell]]] = field(default_factory=list)
    _row: int = 0
    _cells: dict[int, Cell] = field(default_factory=dict)
    _at: int = -1
    _told: dict[str, str] = field(default_factory=dict)
    _said: list[str] = field(default_factory=list)
    _letters: int = 0
    _is_text: bool = False
    _is_formula: bool = False

    def taken(self) -> list[tuple[int, dict[int, Cell]]]:
        """Give the rows that are whole, and forget them."""
        ready, self._ready = self._ready, []
        return ready

    def start(self, name: str, told: dict[str, str]) -> None:
        if name == "row":
            number = int(told.get("r", self._row + 1))
            if not self._row < number <= _LAST_ROW:
                raise Invalid(BROKEN)
            self._row, self._cells, self._at = number, {}, -1
        elif name == "c":
            self._at = _column(told["r"]) if "r" in told else self._at + 1
            self._told, self._said, self._letters, self._is_formula = told, [], 0, False
        elif name == "f":
            self._is_formula = True
        elif name == "mergeCell":
            self.merged = self.merged or told.get("ref", "")[:20]
        self._is_text = name in {"v", "t"}

    def end(self, name: str) -> None:
        self._is_text = False
        if name == "c" and (self._letters or self._is_formula):
            if self._at >= MOST_COLUMNS:
                raise Invalid(TOO_WIDE)
            self._cells[self._at] = self._read()
        elif name == "row" and self._cells:
            self._ready.append((self._row, self._cells))

    def text(self, said: str) -> None:
        if self._is_text:
            self._letters += len(said)
            if self._letters <= LONGEST_CELL:
                self._said.append(said)

    def _read(self) -> Cell:
        """Say what stands in the cell that has just ended."""
        if self._is_formula:
            return Reason("A formula stands here. Copy the column and paste it again as values.")
        if self._letters > LONGEST_CELL:
            return Reason("The text is longer than {most} characters.", most=LONGEST_CELL)
        return self._readers.get(self._told.get("t", "n"), self._number)("".join(self._said))

    @property
    def _readers(self) -> dict[str, Callable[[str], Cell]]:
        return {
            "s": lambda said: _plain(self.strings[int(said)]),
            "str": _plain,
            "inlineStr": _plain,
            "d": lambda said: said.replace("T", " "),
            "b": lambda said: "yes" if said == "1" else "no",
            "e": lambda said: Reason("The spreadsheet shows the error {error} here. Write the value.", error=said[:20]),
        }

    def _number(self, said: str) -> Cell:
        value, style = float(said), int(self._told.get("s", "0"))
        if not math.isfinite(value):
            raise Invalid(BROKEN)
        if style < len(self.days) and self.days[style]:
            if not 0 <= value < _DAYS:
                return Reason("This is not a day that exists.")
            moment = self.epoch + timedelta(seconds=round(value * 86_400))
            return f"{moment:%Y-%m-%d}" if value == int(value) else f"{moment:%Y-%m-%d %H:%M:%S}"
        return str(int(value)) if value == int(value) else repr(value)


def _column(reference: str) -> int:
    """Give the number of a column from 0, for a reference such as AB12."""
    found = re.fullmatch("([A-Z]{1,3})[0-9]{1,7}", reference)
    if found is None:
        raise Invalid(BROKEN)
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _plain(said: str) -> str:
    """Undo how a workbook writes the characters that XML cannot."""
    unescaped = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), said)
    # Letters beyond the first 65,536 come as two halves; a half alone is no letter, and the file is broken.
    return unescaped.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
