"""Tables: one description of columns and rows, shown as a page, a CSV file or an XLSX workbook."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from flask import Response, request
from markupsafe import Markup
from sqlalchemy import Row, Select, func, select

from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import show, zone, zone_name
from inspire_lms.kernel.web.forms import asked_number
from inspire_lms.kernel.web.rows import CUT, Cell, Column, cut, drawn

__all__ = ["ROWS_A_PAGE", "Cell", "Column", "Paged", "Table", "cut", "paged"]

ROWS_A_PAGE = 50
"""How many rows of a long list one page shows."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that starts so is run by spreadsheets as a formula; an apostrophe in front keeps it a text."""


@dataclass
class Table:
    """A table; rows are mappings from the names of columns to values or Cells."""

    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    caption: Message | str | None = None
    empty: Message | str = field(default_factory=lambda: Message("There is nothing here yet."))
    look: str = "stack"
    """stack: rows become blocks on a phone; rank: figures stay in columns; grid: many narrow columns; "": a small table."""
    heading: str = ""
    """The column whose cells head their rows; the first when empty."""
    total: Mapping[str, Any] | None = None
    """A last row of sums."""
    filter: Message | str | None = None
    """The label of a box that filters the rows as one types."""

    def __post_init__(self) -> None:
        """Let the first column head the rows unless another is named."""
        self.heading = self.heading or self.columns[0].name

    def body(self) -> Markup:
        """Draw the rows for a page, in the reader's language."""
        return drawn(self.columns, self.rows, self.heading, self.total)

    def csv(self, name: str) -> Response:
        """Give the table as a CSV file for spreadsheets: UTF-8 with its mark, commas, formulas made harmless."""
        out = StringIO()
        writer = csv.writer(out)
        writer.writerow([show(column.title) for column in self.columns])
        writer.writerows([_in_text(value) for value in row] for row in self._values())
        return _file(("\ufeff" + out.getvalue()).encode(), f"{name}.csv", "text/csv; charset=utf-8")

    def xlsx(self, name: str) -> Response:
        """Give the table as an XLSX workbook with one sheet; numbers and days stay numbers and days.

        A workbook knows no zones: moments are told in that of the page, which the heading names.
        """
        import xlsxwriter  # slow import

        out = BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
            sheet = book.add_worksheet()
            strong = book.add_format({"bold": True, "bottom": 2})
            moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            rows = list(self._values())
            for at, column in enumerate(self.columns):
                title = show(column.title)
                if any(isinstance(row[at], datetime) for row in rows):
                    title = f"{title} ({zone_name(zone())})"
                sheet.write_string(0, at, title, strong)
                sheet.set_column(at, at, _width(title, (row[at] for row in rows)))
            for down, row in enumerate(rows, start=1):
                for at, value in enumerate(row):
                    _write(sheet, down, at, value, moment)
            sheet.freeze_panes(1, 1)
        return _file(out.getvalue(), f"{name}.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")

    def _values(self) -> Iterable[list[Any]]:
        listed = [*self.rows, self.total] if self.total else self.rows
        return ([_text_of(row.get(column.name)) for column in self.columns] for row in listed if CUT not in row)


def _text_of(value: object) -> Any:  # noqa: ANN401 (whatever a page shows)
    return value.text if isinstance(value, Cell) else value


def _in_text(value: object) -> str:
    """Say a value as files do: numbers with a point, moments in UTC and ISO form, and no formulas."""
    match value:
        case None:
            return ""
        case bool() | int() | float() | Decimal():
            return str(value)
        case datetime():
            return value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
    text = show(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _write(sheet: Any, down: int, at: int, value: object, moment: object) -> None:  # noqa: ANN401 (the library has no types)
    match value:
        case bool():
            sheet.write_boolean(down, at, value)
        case int() | float() | Decimal():
            sheet.write_number(down, at, float(value))
        case datetime():
            sheet.write_datetime(down, at, value.astimezone(ZoneInfo(zone())).replace(tzinfo=None), moment)
        case date():
            sheet.write_datetime(down, at, datetime(value.year, value.month, value.day))  # noqa: DTZ001 (a day has no zone)
        case None:
            sheet.write_blank(down, at, None)
        case _:
            # Written as a string it is never a formula, so it needs no apostrophe.
            sheet.write_string(down, at, show(value))


def _width(title: str, values: Iterable[object]) -> int:
    """Say how wide a column is, in letters, between 8 and 60."""
    return min(60, max(8, len(title), *(len(show(value)) for value in values)) + 2)


def _file(body: bytes, name: str, kind: str) -> Response:
    answer = Response(body, content_type=kind)
    plain = name.encode("ascii", "ignore").decode().replace('"', "")
    answer.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@dataclass(frozen=True)
class Paged:
    """One page of a long list."""

    rows: Sequence[Row[Any]]
    page: int
    pages: int
    total: int
    before: str | None
    """The address of the page before; None on the first."""
    after: str | None


def cut_out(total: int, asked: int, size: int = ROWS_A_PAGE) -> tuple[int, int, int]:
    """Say which page is meant by the *asked* one, from 1 and the nearest there is, of how many, and its first row, from 0."""
    pages = max(1, -(-total // size))
    page = min(pages, max(1, asked))
    return page, pages, (page - 1) * size


def paged(query: Select[Any], page: int | str | None = None, size: int = ROWS_A_PAGE) -> Paged:
    """Run *query* for one page of its rows, in two statements.

    *page* counts from 1 and is what the address says when None; what is no page of the list gives the nearest one.
    """
    asked = {"page": str(request.args.get("page", "") if page is None else page)}
    total = session.execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()
    number, pages, first = cut_out(total, asked_number(asked, "page", 1), size)
    rows = session.execute(query.limit(size).offset(first)).all()
    return Paged(rows, number, pages, total, _page_address(number - 1, pages), _page_address(number + 1, pages))


def _page_address(number: int, pages: int) -> str | None:
    if not 1 <= number <= pages:
        return None
    return "?" + urlencode([*((key, value) for key, value in request.args.items() if key != "page"), ("page", number)])
