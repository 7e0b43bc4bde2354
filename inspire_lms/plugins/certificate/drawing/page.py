"""A layout and a record in, the elements of each page out; and everything about a text that does not fit, before it is drawn."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.pdf.setting import MM, fitted
from inspire_lms.plugins.certificate.drawing import ornaments, words
from inspire_lms.plugins.certificate.drawing.labels import label_of
from inspire_lms.plugins.certificate.drawing.record import Record
from inspire_lms.plugins.certificate.drawing.rows import GUTTER, SPACE, competence_nodes, fact_nodes, fact_rows, unit_nodes
from inspire_lms.plugins.certificate.drawing.tags import ARTIFACT, Node, Picture, Piece, paragraph
from inspire_lms.plugins.certificate.layout import ADDRESS, Box, Layout, Page

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

LINK = "?"
"""The address that a link of a template leads to: it is another on each certificate."""
WHOLE = "whole"
"""That the text of a box as a whole differs from certificate to certificate."""
FIELD = "Seal"
"""The name of the form field that holds the seal."""
STEP = 0.25
"""Points by which a list shrinks until it fits."""
Setter = Callable[[float], tuple[Node, float] | None]


class Draughtsman:
    """Sets the boxes of one document; a text that does not fit is kept in *too_long* and left out."""

    def __init__(self, layout: Layout, record: Record) -> None:
        """Take what is to be drawn."""
        self.layout = layout
        self.record = record
        self.too_long: list[str] = []
        self.pages = layout.pages_in(record.language)
        self.foreign: dict[str, dict[str, str]] = {}
        """Which fields speak another language than the page, by the language of the page."""

    def language_of(self, page: Page) -> str:
        """Say in which language *page* speaks."""
        return "en" if page.in_english else self.record.language

    def page_values(self, number: int) -> dict[str, str]:
        """Give the text of every field on the page with that number, counted from one."""
        language = self.language_of(self.pages[number - 1])
        return words.fields(self.record, language) | {"page": words.page_line(number, len(self.pages), language)}

    def element(self, box: Box, language: str, values: Mapping[str, str]) -> Node | None:
        """Set one box; None when it has nothing to say."""
        match box.kind:
            case "text":
                return self._text(box, language, values)
            case "facts":
                return self._facts(box, language, values)
            case "units":
                lines = words.units(self.record, language)
                return self._list(box, lambda size: unit_nodes(lines, box, size, self._up(box.y)), [line.title for line in lines])
            case "competences":
                found = words.competences(self.record, language)
                return self._list(box, lambda size: competence_nodes(found, box, size, self._up(box.y)), [one.title for one in found])
            case _:
                return self._drawn(box, language)

    def _text(self, box: Box, language: str, values: Mapping[str, str]) -> Node | None:
        text = box.text.format(**values)
        if not text.strip():
            return None
        set_in = fitted(
            text, box.font, box.size, least=box.least, leading=box.leading, width=box.width * MM, height=box.height * MM, lines=box.lines
        )
        if set_in is None:
            self.too_long.append(text)
            return None
        spare = box.height * MM - set_in.height
        down = {"top": 0.0, "middle": spare / 2, "bottom": spare}[box.stand]
        top, right = self._up(box.y) - down, box.width * MM if box.align == "right" else 0.0
        own = "" if words.PERSONAL.isdisjoint(box.named) else WHOLE
        piece = Piece(set_in, box.font, box.colour, box.x * MM, top, right, own)
        if box.text == ADDRESS:
            return Node(box.tag, (Node("Link", (piece,), link=LINK),))
        is_one_field = len(box.named) == 1 and box.text == f"{{{box.named[0]}}}"
        return paragraph(piece, box.tag, self._others(language).get(box.named[0], "") if is_one_field else "")

    def _facts(self, box: Box, language: str, values: Mapping[str, str]) -> Node | None:
        """Set labels over values, in columns of equal width, row by row, shrinking together until all fit."""
        other = self._others(language)
        told = tuple(words.Fact(one, label_of(one, language), values[one], other.get(one, "")) for one in box.fields if values.get(one))
        if not told:
            return None
        width = (box.width * MM - GUTTER * (box.columns - 1)) / box.columns
        top, room = self._up(box.y), box.height * MM + 0.01

        def setting(size: float) -> Node | None:
            rows = fact_rows(told, box, size, width)
            fits = rows is not None and sum(row.height for row in rows) <= room + size * SPACE
            return fact_nodes(box, rows, width, top) if rows is not None and fits else None

        return self._largest(box, setting, [one.value for one in told])

    def _list(self, box: Box, setting: Setter, titles: list[str]) -> Node | None:
        """Set a list at the largest size at which it stays above the foot of its box."""
        foot = self._up(box.y + box.height)

        def within(size: float) -> Node | None:
            made = setting(size)
            return made[0] if made is not None and made[1] >= foot - 0.01 else None

        return self._largest(box, within, titles) if titles else None

    def _largest(self, box: Box, setting: Callable[[float], Node | None], texts: list[str]) -> Node | None:
        """Set a list at the largest of the sizes of *box* at which it fits."""
        size = box.size
        while size >= box.least - 0.001:
            if (found := setting(size)) is not None:
                return found
            size -= STEP
        self.too_long.append("; ".join(texts))
        return None

    def _drawn(self, box: Box, language: str) -> Node:
        """Draw what is no text."""
        x, foot, width, height = box.x * MM, self._up(box.y + box.height), box.width * MM, box.height * MM
        if box.kind == "qr":
            side = min(width, height)
            around = (x, foot, x + side, foot + side)
            return Node("Figure", (Picture(ornaments.qr(x, foot, side), around),), alt=words.pictures(language)["qr"])
        operators = ornaments.operators(lambda canvas: _draw(canvas, box, (x, foot, width, height)))
        picture = Picture(operators, (x, foot, x + width, foot + height))
        return Node("Figure", (picture,), alt=words.pictures(language)["emblem"]) if box.kind == "emblem" else Node(ARTIFACT, (picture,))

    def _others(self, language: str) -> dict[str, str]:
        if language not in self.foreign:
            self.foreign[language] = words.foreign(self.record, language)
        return self.foreign[language]

    def _up(self, y: float) -> float:
        """Turn millimetres from the top into points from the foot."""
        return (self.layout.height - y) * MM


def _draw(canvas: "Canvas", box: Box, place: tuple[float, float, float, float]) -> None:
    match box.kind:
        case "mark":
            ornaments.mark(canvas, *place)
        case "frieze":
            ornaments.frieze(canvas, *place)
        case "emblem":
            ornaments.emblem(canvas, *place)
        case "rule":
            canvas.setFillColor(box.colour)
            canvas.rect(*place, stroke=0, fill=1)
        case "panel":
            canvas.setStrokeColor(box.colour)
            canvas.setLineWidth(0.6)
            canvas.rect(*place, stroke=1, fill=0)


def why_not_draw(layout: Layout, record: Record) -> Reason | None:
    """Say which text is too long for its place; None when everything fits."""
    draughtsman = Draughtsman(layout, record)
    for number, page in enumerate(draughtsman.pages, 1):
        values = draughtsman.page_values(number)
        for box in page.boxes:
            if box.named or box.kind in {"units", "competences"}:
                draughtsman.element(box, draughtsman.language_of(page), values)
    if not draughtsman.too_long:
        return None
    return Reason(
        "This text is too long for its place on the document of {name}: “{text}”.", name=record.name, text=draughtsman.too_long[0][:120]
    )
