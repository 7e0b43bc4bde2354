"""A table with headings, from CSV or XLSX: which column is which, and its rows one after the other."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from inspire_lms.kernel import files
from inspire_lms.kernel.errors import Invalid, Reason
from inspire_lms.plugins.online_call.importing.sheets import workbook
from inspire_lms.plugins.online_call.importing.sheets.workbook import LONGEST_CELL, MOST_COLUMNS, Cell

SEPARATORS = (",", ";", "\t")

MOST_ROWS = 5000
"""Rows below the headings."""

ASIDE = "#"
"""A row whose first cell begins so is for the reader and is not read: the explanations of the template."""

Row = tuple[int, dict[int, Cell]]


@dataclass(frozen=True)
class Line:
    """One row of a table, without its empty cells."""

    number: int
    """As the spreadsheet shows it."""
    cells: Mapping[str, Cell]
    """By the heading of the column."""
    beside: tuple[int, ...]
    """Columns without a heading in which something stands."""


@dataclass(frozen=True)
class Table:
    """A table that is being read."""

    columns: Mapping[str, int]
    """Where each heading stands, from 0."""
    lines: Iterator[Line]
    """The rows; raises Invalid when a later one shows that the file cannot be read."""


def opened(content: bytes, name: str, kind: str, *, needed: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """Open a table whose first row has the headings *needed* and perhaps some of *optional*, in any order.

    Raises Invalid, naming the headings that are missing, unknown or there twice.
    """
    known = (*needed, *optional)
    rows = workbook.rows(content) if kind == files.XLSX else _of_csv(files.decoded(content, name), known)
    first = next((cells for _number, cells in rows if any(cells.values()) and not _is_aside(cells)), None)
    if first is None:
        raise Invalid(Reason("The file is empty: there is not even a row with headings."))
    titles = {at: cell.strip() if isinstance(cell, str) else "" for at, cell in first.items()}
    found = [title for title in titles.values() if title]
    if missing := [title for title in needed if title not in found]:
        raise Invalid(Reason("The first row lacks these headings: {names}. Take the template of this call.", names=", ".join(missing)))
    if unknown := [title for title in found if title not in known]:
        shown = ", ".join(each[:40] for each in unknown[:10])
        raise Invalid(Reason("These headings are not in the form of this call: {names}. Take the codes of the template.", names=shown))
    if twice := sorted({title for title in found if found.count(title) > 1}):
        raise Invalid(Reason("These headings stand twice: {names}.", names=", ".join(twice)))
    columns = {title: at for at, title in titles.items() if title}
    return Table(columns, _lines(rows, columns))


def place(column: int) -> str:
    """Name a column as spreadsheets do: A, B, …, Z, AA."""
    name, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _lines(rows: Iterator[Row], columns: Mapping[str, int]) -> Iterator[Line]:
    names, count = {at: title for title, at in columns.items()}, 0
    for number, cells in rows:
        full = {at: cell.strip() if isinstance(cell, str) else cell for at, cell in cells.items()}
        full = {at: cell for at, cell in full.items() if cell}
        if not full or _is_aside(cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise Invalid(Reason("The table has more than {most} rows. Divide it into several files.", most=MOST_ROWS))
        yield Line(number, {names[at]: cell for at, cell in full.items() if at in names}, tuple(at for at in full if at not in names))


def _is_aside(cells: Mapping[int, Cell]) -> bool:
    first = cells.get(0, "")
    return isinstance(first, str) and first.lstrip().startswith(ASIDE)


def _of_csv(text: str, known: Sequence[str]) -> Iterator[Row]:
    """Read CSV; the separator is the one by which the headings are known."""
    separator = max(SEPARATORS, key=lambda each: len(set(_headings(text, each)) & set(known)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            if len(row) > MOST_COLUMNS:
                raise Invalid(Reason("Row {row} has more than {most} columns.", row=number, most=MOST_COLUMNS))
            yield number, {at: _short(cell) for at, cell in enumerate(row) if cell}
    except csv.Error as wrong:
        raise Invalid(Reason("Row {row} cannot be read: perhaps a quotation mark is missing.", row=number + 1)) from wrong


def _headings(text: str, separator: str) -> list[str]:
    for line in text[:200_000].splitlines()[:20]:
        if line.strip() and not line.lstrip('" ').startswith(ASIDE):
            return [each.strip() for each in next(csv.reader([line], delimiter=separator), [])]
    return []


def _short(cell: str) -> Cell:
    return cell if len(cell) <= LONGEST_CELL else Reason("The text is longer than {most} characters.", most=LONGEST_CELL)
