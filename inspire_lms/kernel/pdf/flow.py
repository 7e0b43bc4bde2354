"""Blocks into pages: each text is broken into lines, set from the top down, and goes on on the next page where it has to."""

import unicodedata
from dataclasses import dataclass, field

from inspire_lms.kernel.pdf.blocks import Block, Entries, Grid, Heading, Paragraph, Said, spoken
from inspire_lms.kernel.pdf.objects import Name
from inspire_lms.kernel.pdf.setting import flowing
from inspire_lms.kernel.pdf.sheets import INK, LEFT, ROOM, RULE, SOFT, Sheets, Type
from inspire_lms.kernel.pdf.tree import Element

TITLE = Type("Display", 22, 27)
HEADINGS = {2: Type("Serif-Bold", 14, 19), 3: Type("Sans-Bold", 10.5, 15)}
BODY, NOTE = Type("Sans", 10.5, 15), Type("Sans", 9, 13, SOFT)
CELL, LABEL = Type("Sans", 9.5, 13.5), Type("Sans-Bold", 9.5, 13.5)
GAP, PAD, INDENT = 7.0, 4.0, 18.0
"""Points: after a paragraph, above and below a cell, before the text of an entry."""
TOGETHER = 2
"""Lines of a text that are not left alone at the foot of a page."""


def tidy(text: str) -> str:
    """Compose the letters of *text* (NFC) and make every stretch of white space one space, but for line ends."""
    return "\n".join(" ".join(line.split(" ")).strip() for line in unicodedata.normalize("NFC", text).replace("\t", " ").splitlines())


@dataclass(frozen=True)
class Bookmark:
    """A heading with its place: the page from nought, and the height from its foot."""

    text: str
    level: int
    page: int
    top: float


@dataclass
class Flow:
    """A document while it is set."""

    language: str
    sheets: Sheets = field(default_factory=Sheets)
    root: Element = field(default_factory=lambda: Element("Document"))
    bookmarks: list[Bookmark] = field(default_factory=list)

    def title(self, text: str) -> None:
        """Set the title, the one heading of the first level."""
        self._heading(Element("H1"), tidy(text), TITLE, 1)
        self.sheets.rule(thick=1.2, colour=INK)
        self.sheets.top -= 2 * GAP

    def block(self, block: Block) -> None:
        """Set a block below what is there."""
        match block:
            case Heading():
                text, role = self._said(block.text, f"H{block.level}")
                self.sheets.need(HEADINGS[block.level].leading * 2 + BODY.leading * (TOGETHER + 2))
                self.sheets.top -= 0 if self.sheets.is_fresh else GAP * 4 / block.level
                self._heading(role, text, HEADINGS[block.level], block.level)
            case Paragraph():
                text, _ = spoken(block.text, self.language)
                for line in filter(None, tidy(text).split("\n")):
                    self._text(self._said(block.text, "P")[1], line, NOTE if block.is_note else BODY)
            case Entries():
                self._entries(block)
            case Grid():
                self._grid(block)

    def _said(self, said: Said, role: str, **attributes: Name) -> tuple[str, Element]:
        """Give a text and make the element that it is; its language where it is another."""
        text, language = spoken(said, self.language)
        return tidy(text), Element(role, language if language != self.language else "", attributes)

    def _heading(self, element: Element, text: str, kind: Type, level: int) -> None:
        text = " ".join(text.split())
        self.root.inside.append(element)
        self.bookmarks.append(Bookmark(text, level, len(self.sheets.pages) - 1, self.sheets.top))
        self._lines(element, text, kind, x=LEFT, width=ROOM)
        self.sheets.top -= GAP / 2

    def _text(self, element: Element, text: str, kind: Type) -> None:
        self.root.inside.append(element)
        self._lines(element, text, kind, x=LEFT, width=ROOM)
        self.sheets.top -= GAP

    def _lines(self, element: Element, text: str, kind: Type, *, x: float, width: float) -> None:
        """Set a text from the present height down, over as many pages as it takes."""
        lines = flowing(text, kind.font, kind.size, width)
        self.sheets.need(kind.leading * min(TOGETHER, len(lines)))
        while lines:
            fits = max(1, int(self.sheets.room // kind.leading))
            self.sheets.show(element, lines[:fits], kind, x=x, top=self.sheets.top)
            self.sheets.top -= kind.leading * len(lines[:fits])
            lines = lines[fits:]
            if lines:
                self.sheets.turn()

    def _entries(self, block: Entries) -> None:
        numbering = Name("Decimal" if block.is_numbered else "Disc")
        whole = Element("L", "", {"O": Name("List"), "ListNumbering": numbering})
        self.root.inside.append(whole)
        for number, entry in enumerate(block.entries, 1):
            text, body = self._said(entry, "LBody")
            label, item = Element("Lbl"), Element("LI")
            item.inside += [label, body]
            whole.inside.append(item)
            self.sheets.need(BODY.leading * TOGETHER)
            self.sheets.show(label, (f"{number}. " if block.is_numbered else "• ",), BODY, x=LEFT, top=self.sheets.top)
            self._lines(body, " ".join(text.split()), BODY, x=LEFT + INDENT, width=ROOM - INDENT)
            self.sheets.top -= GAP / 3
        self.sheets.top -= GAP

    def _grid(self, grid: Grid) -> None:
        table = Element("Table")
        self.root.inside.append(table)
        if grid.caption:
            text, caption = self._said(grid.caption, "Caption")
            self.sheets.need(LABEL.leading * 5)
            self._lines(caption, text, LABEL, x=LEFT, width=ROOM)
            table.inside.append(caption)
            self.sheets.top -= PAD
        columns = _columns(grid)
        head = Element("THead") if grid.heads else None
        if head:
            table.inside.append(head)
            self._head(grid, columns, head)
        body = Element("TBody")
        table.inside.append(body)
        for row in grid.rows:
            self._row(grid, columns, row, body)
        self.sheets.top -= 2 * GAP

    def _head(self, grid: Grid, columns: list[tuple[float, float]], head: Element | None) -> None:
        """Set the names of the columns; said again on a further page they are no part of the text."""
        row = Element("TR")
        cells: list[tuple[Element | None, tuple[str, ...]]] = []
        for (_x, width), said in zip(columns, grid.heads, strict=True):
            text, named = self._said(said, "TH", O=Name("Table"), Scope=Name("Column"))
            row.inside.append(named)
            cells.append((named if head else None, flowing(" ".join(text.split()), LABEL.font, LABEL.size, width)))
        high = max(len(lines) for _, lines in cells) * LABEL.leading
        self.sheets.need(high + 4 * CELL.leading)
        for place, ((x, width), (element, lines)) in enumerate(zip(columns, cells, strict=True)):
            self.sheets.show(element, lines, LABEL, x=x, top=self.sheets.top, right=width if place in grid.figures else 0.0)
        self.sheets.top -= high + PAD
        self.sheets.rule(thick=1, colour=INK)
        if head:
            head.inside.append(row)

    def _row(self, grid: Grid, columns: list[tuple[float, float]], said: tuple[Said, ...], body: Element) -> None:
        """Set one row; one that is higher than what is left of a page begins on the next, one higher than a page goes on there."""
        row = Element("TR")
        body.inside.append(row)
        cells: list[tuple[Element, Type, tuple[str, ...]]] = []
        for place, ((_x, width), one) in enumerate(zip(columns, said, strict=True)):
            scope = {"O": Name("Table"), "Scope": Name("Row")} if place == 0 else {}
            text, element = self._said(one, "TD" if place else "TH", **scope)
            kind = CELL if place or grid.heads else LABEL
            cells.append((element, kind, tuple(line for part in text.split("\n") for line in flowing(part, kind.font, kind.size, width))))
            row.inside.append(element)
        left = max(len(lines) for _, _, lines in cells)
        if self.sheets.room < left * CELL.leading + 2 * PAD and not self.sheets.is_fresh:
            self._over(grid, columns)
        while left:
            fits = max(1, min(left, int((self.sheets.room - 2 * PAD) // CELL.leading)))
            for place, ((x, width), (element, kind, lines)) in enumerate(zip(columns, cells, strict=True)):
                if lines[:fits]:
                    right = width if place in grid.figures else 0.0
                    self.sheets.show(element, lines[:fits], kind, x=x, top=self.sheets.top - PAD, right=right)
            self.sheets.top -= fits * CELL.leading + 2 * PAD
            self.sheets.rule(thick=0.5, colour=RULE)
            cells, left = [(element, kind, lines[fits:]) for element, kind, lines in cells], left - fits
            if left:
                self._over(grid, columns)

    def _over(self, grid: Grid, columns: list[tuple[float, float]]) -> None:
        """Go on with a table on the next page, under its heads."""
        self.sheets.turn()
        if grid.heads:
            self._head(grid, columns, None)


def _columns(grid: Grid) -> list[tuple[float, float]]:
    """Say where each column begins, and how wide it is."""
    count = len(grid.heads) or len(grid.rows[0])
    shares = grid.shares or (1.0,) * count
    between, at, found = 10.0, LEFT, []
    for share in shares:
        width = ROOM * share / sum(shares)
        found.append((at, width - between))
        at += width
    found[-1] = (found[-1][0], found[-1][1] + between)
    return found
