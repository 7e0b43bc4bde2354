"""What stands in a table, and its rows as HTML.

In Python, because a list of 500 has thousands of cells, and a macro for each costs more than the rest of the page.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from inspire_lms.kernel import i18n
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import Words

CUT = "__cut__"
"""The key that makes a row a line across the table, such as the cut-off of a ranking."""
SHORT_KINDS = {"num", "inl"}
"""Kinds of columns whose cells stand beside each other on a phone."""


@dataclass(frozen=True)
class Column:
    """One column."""

    name: str
    """The key in each row."""
    title: Message | str
    kind: str = "text"
    """text; num: figures, to the right; inl: short, several beside each other on a phone; plain: no heading on a phone.

    long: may hold words without a place to break, such as a digest.
    """
    sort: str | None = None
    """The address that sorts by this column."""
    sorted: str | None = None
    """ascending or descending, when the rows are sorted by this column."""


@dataclass(frozen=True)
class Cell:
    """What stands in a cell when it is more than a text or a number."""

    text: Any
    href: str | None = None
    status: str | None = None
    """ok half wait now warn bad: the word gets its shape."""
    note: Any = None
    """Small words below; left out of files."""
    shade: str = ""
    """g0 g1 g2 g3 or off, in a grid."""
    about: Any = None
    """Said after a link for those who hear it alone: whose, or which."""


def cut(text: Message | str, *, ends: bool = False) -> dict[str, Any]:
    """Make a line across the table; *ends* marks a second, quieter one."""
    return {CUT: "end" if ends else "here", "text": text}


def drawn(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], heading: str, total: Mapping[str, Any] | None = None) -> Markup:
    """Draw the rows of a table's body, and its sums; the cells under the column *heading* head their rows."""
    draw = _row_of(columns, heading)
    parts = [_across(len(columns), row) if CUT in row else draw(row, "") for row in rows]
    if total:
        parts.append(draw(total, "sum"))
    return Markup("".join(parts))  # noqa: S704 (every piece of it was escaped)


def _row_of(columns: Sequence[Column], heading: str) -> Callable[[Mapping[str, Any], str], str]:
    starts = [(column.name, column.name == heading, _Start(column)) for column in columns]
    language = i18n.current()

    def draw(row: Mapping[str, Any], kind: str) -> str:
        cells = []
        for name, heads, start in starts:
            value = row.get(name)
            inside, shade = (_cell(value, language), value.shade) if isinstance(value, Cell) else (said(value, language), "")
            cells.append(f'<th role="rowheader" scope="row">{inside}</th>' if heads else f"{start[shade]}{inside}</td>")
        return f'<tr role="row"{_class(kind)}>{"".join(cells)}</tr>\n'

    return draw


class _Start(dict[str, str]):
    """How the cells of a column begin, by their shade."""

    def __init__(self, column: Column) -> None:
        self.kinds = [column.kind if column.kind in {"num", "long"} else "", "inl" if column.kind in SHORT_KINDS else ""]
        self.label = f' data-label="{said(column.title)}"' if column.kind != "plain" else ""

    def __missing__(self, shade: str) -> str:
        start = self[shade] = f'<td role="cell"{_class(*self.kinds, shade)}{self.label}>'
        return start


def _class(*names: str) -> str:
    given = " ".join(filter(None, names))
    return f' class="{escape(given)}"' if given else ""


def _across(columns: int, row: Mapping[str, Any]) -> str:
    shape = "cut" if row[CUT] == "here" else "cut end"
    head = f'<th role="rowheader" scope="rowgroup" colspan="{columns}">{said(row["text"])}</th>'
    return f'<tr role="row" class="{shape}">{head}</tr>\n'


def said(thing: object, language: str | None = None) -> Markup:
    """Say a thing in escaped words; words that are only there in another language than *language* carry their own."""
    if isinstance(thing, str):
        return escape(thing)
    if language is not None and isinstance(thing, Words):
        spoken, tongue = thing.spoken()
        return Markup('<span lang="{}">{}</span>').format(tongue, spoken) if tongue and tongue != language else escape(spoken)
    return Markup() if thing is None else escape(i18n.show(thing))


def said_here(thing: object) -> Markup:
    """Say a thing in the reader's language, in escaped words, for templates."""
    return said(thing, i18n.current())


def _cell(cell: Cell, language: str) -> str:
    return "".join(_pieces(cell, language))


def _pieces(cell: Cell, language: str) -> Iterable[str]:
    if cell.status:
        yield f'<span class="status {escape(cell.status)}">'
    if cell.href:
        about = f'<span class="vh">: {said(cell.about, language)}</span>' if cell.about else ""
        yield f'<a href="{escape(cell.href)}">{said(cell.text, language)}{about}</a>'
    else:
        yield said(cell.text, language)
    if cell.status:
        yield "</span>"
    if cell.note:
        yield f'<small class="note">{said(cell.note, language)}</small>'
