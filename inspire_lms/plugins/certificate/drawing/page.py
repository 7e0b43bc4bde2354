"""A layout and a record in, the bytes of a PDF out; and everything about a text that does not fit, before it is drawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.typefaces import register_fonts
from inspire_lms.plugins.certificate.drawing import ornaments, words
from inspire_lms.plugins.certificate.drawing.record import Record, title_of
from inspire_lms.plugins.certificate.drawing.setting import MM, Setting, broken, fitted, width_of
from inspire_lms.plugins.certificate.layout import Box, Layout, Page

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

SOFT, RULE = "#4b5b74", "#ccd5e0"
LABEL = 0.82
"""Size of a label as a share of the size of its value."""
SPACE = 0.62
"""Space below a fact as a share of its size."""
GUTTER = 6 * MM
"""Points between two columns of facts."""


@dataclass(frozen=True)
class Piece:
    """One set text and where its first baseline stands, in points from the foot of the page."""

    setting: Setting
    font: str
    colour: str
    x: float
    top: float
    align: str = "left"


@dataclass(frozen=True)
class FactRow:
    """Labels and values beside one another, and the height that they take with the space below."""

    cells: tuple[tuple[Setting, Setting], ...]
    height: float


class Draughtsman:
    """Draws one document; a text that does not fit is kept in *too_long* and left out."""

    def __init__(self, layout: Layout, record: Record) -> None:
        """Take what is to be drawn."""
        self.layout = layout
        self.record = record
        self.too_long: list[str] = []
        self.pages = layout.pages_in(record.language)

    def language_of(self, page: Page) -> str:
        """Say in which language *page* speaks."""
        return "en" if page.in_english else self.record.language

    def pieces(self, page: Page, number: int) -> Iterator[Piece]:
        """Set every text of a page."""
        language = self.language_of(page)
        values = words.fields(self.record, language) | {"page": words.page_line(number, len(self.pages), language)}
        for box in page.boxes:
            if box.kind == "text":
                yield from self._text(box, box.text.format(**values))
            elif box.kind == "facts":
                yield from self._facts(box, language)
            elif box.kind == "units":
                yield from self._units(box, language)

    def _text(self, box: Box, text: str) -> Iterator[Piece]:
        if not text.strip():
            return
        set_in = fitted(
            text, box.font, box.size, least=box.least, leading=box.leading, width=box.width * MM, height=box.height * MM, lines=box.lines
        )
        if set_in is None:
            self.too_long.append(text)
            return
        spare = box.height * MM - set_in.height
        down = {"top": 0.0, "middle": spare / 2, "bottom": spare}[box.stand]
        yield Piece(
            set_in,
            box.font,
            box.colour,
            box.x * MM,
            self._up(box.y) - down,
            box.align if box.align == "left" else f"right:{box.width * MM}",
        )

    def _facts(self, box: Box, language: str) -> Iterator[Piece]:
        """Set labels over values, in columns of equal width, row by row, shrinking together until all fit."""
        told = words.facts(self.record, language, box.fields)
        width = (box.width * MM - GUTTER * (box.columns - 1)) / box.columns
        size = box.size
        while size >= box.least - 0.001:
            rows = _fact_rows(told, box, size, width)
            if rows is not None and sum(row.height for row in rows) <= box.height * MM + 0.01 + size * SPACE:
                yield from self._fact_pieces(box, rows, width)
                return
            size -= 0.25
        self.too_long.append("; ".join(one.value for one in told))

    def _fact_pieces(self, box: Box, rows: list[FactRow], width: float) -> Iterator[Piece]:
        top = self._up(box.y)
        for row in rows:
            for column, (label, value) in enumerate(row.cells):
                x = box.x * MM + column * (width + GUTTER)
                yield Piece(label, "Sans", SOFT, x, top)
                yield Piece(value, box.font, box.colour, x, top - label.height)
            top -= row.height

    def _units(self, box: Box, language: str) -> Iterator[Piece]:
        """Set the units one below the other: number, title with its hours, outcomes."""
        lines = words.units(self.record, language)
        size = box.size
        while size >= box.least - 0.001:
            pieces = _unit_pieces(lines, box, size, self._up(box.y))
            if pieces is not None and (not pieces or pieces[-1].top - pieces[-1].setting.height >= self._up(box.y + box.height) - 0.01):
                yield from pieces
                return
            size -= 0.25
        self.too_long.append("; ".join(line.title for line in lines))

    def _up(self, y: float) -> float:
        """Turn millimetres from the top into points from the foot."""
        return (self.layout.height - y) * MM


def why_not_draw(layout: Layout, record: Record) -> Reason | None:
    """Say which text is too long for its place; None when everything fits."""
    register_fonts()
    draughtsman = Draughtsman(layout, record)
    for number, page in enumerate(draughtsman.pages, 1):
        list(draughtsman.pieces(page, number))
    if not draughtsman.too_long:
        return None
    return Reason(
        "This text is too long for its place on the document of {name}: “{text}”.", name=record.name, text=draughtsman.too_long[0][:120]
    )


def draw(layout: Layout, record: Record, *, specimen: bool = False) -> bytes:
    """Draw the document. The same layout and record give the same bytes; the only moment in it is the day of issue.

    *specimen* writes "Preview, not valid" across every page. Raises ValueError when a text is too long:
    `why_not_draw` says so beforehand.
    """
    from reportlab.pdfgen.canvas import Canvas  # slow import

    register_fonts()
    out = BytesIO()
    canvas = Canvas(
        out,
        pagesize=(layout.width * MM, layout.height * MM),
        pageCompression=1,
        invariant=1,
        lang=record.language,
        pdfVersion=(1, 7),
        initialFontName="Sans",  # type: ignore[arg-type]  # a name, whatever the library's types say
    )
    canvas.setDateFormatter(lambda *_now: f"D:{record.issued_on:%Y%m%d}000000+00'00'")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.setTitle(title_of(record))
    canvas.setAuthor(record.body.text(record.language))
    canvas.setSubject(record.number)
    canvas.setCreator("inspire_lms")
    canvas.setProducer("inspire_lms")
    draughtsman = Draughtsman(layout, record)
    for number, page in enumerate(draughtsman.pages, 1):
        _draw_page(canvas, draughtsman, page, number)
        if specimen:
            _across(canvas, layout, words.specimen(draughtsman.language_of(page)))
        canvas.showPage()
    if draughtsman.too_long:
        msg = f"A text is too long for its place: {draughtsman.too_long[0]}"
        raise ValueError(msg)
    canvas.save()
    return out.getvalue()


def _draw_page(canvas: "Canvas", draughtsman: Draughtsman, page: Page, number: int) -> None:
    for box in page.boxes:
        x, foot = box.x * MM, (draughtsman.layout.height - box.y - box.height) * MM
        width, height = box.width * MM, box.height * MM
        match box.kind:
            case "mark":
                ornaments.mark(canvas, x, foot, width, height)
            case "frieze":
                ornaments.frieze(canvas, x, foot, width, height)
            case "emblem":
                ornaments.emblem(canvas, x, foot, width, height)
            case "qr":
                ornaments.qr(canvas, draughtsman.record.address, x, foot, min(width, height))
            case "rule":
                canvas.setFillColor(box.colour)
                canvas.rect(x, foot, width, height, stroke=0, fill=1)
            case "panel":
                canvas.setStrokeColor(box.colour)
                canvas.setLineWidth(0.6)
                canvas.rect(x, foot, width, height, stroke=1, fill=0)
    for piece in draughtsman.pieces(page, number):
        _write(canvas, piece)


def _write(canvas: "Canvas", piece: Piece) -> None:
    canvas.setFillColor(piece.colour)
    canvas.setFont(piece.font, piece.setting.size)
    baseline = piece.top - piece.setting.size * 0.8 - (piece.setting.leading - piece.setting.size) / 2
    right = float(piece.align.removeprefix("right:")) if piece.align.startswith("right:") else 0.0
    for line in piece.setting.lines:
        x = piece.x + right - width_of(line, piece.font, piece.setting.size) if right else piece.x
        canvas.drawString(x, baseline, line)
        baseline -= piece.setting.leading


def _across(canvas: "Canvas", layout: Layout, text: str) -> None:
    canvas.saveState()
    canvas.setFillColor(RULE)
    canvas.setFillAlpha(0.6)
    canvas.setFont("Sans-Bold", 54)
    canvas.translate(layout.width * MM / 2, layout.height * MM / 2)
    canvas.rotate(52)
    canvas.drawCentredString(0, 0, text)
    canvas.restoreState()


def _fact_rows(told: tuple[words.Fact, ...], box: Box, size: float, width: float) -> list[FactRow] | None:
    """Set facts at *size*, row by row; None when a word is wider than its column."""
    rows = []
    for at in range(0, len(told), box.columns):
        cells = []
        for fact in told[at : at + box.columns]:
            label, value = broken(fact.label, "Sans", size * LABEL, width), broken(fact.value, box.font, size, width)
            if label is None or value is None:
                return None
            cells.append((Setting(label, size * LABEL, size * LABEL * 1.3), Setting(value, size, size * box.leading)))
        rows.append(FactRow(tuple(cells), max(label.height + value.height for label, value in cells) + size * SPACE))
    return rows


def _unit_pieces(lines: tuple[words.UnitLine, ...], box: Box, size: float, top: float) -> list[Piece] | None:
    """Set the units at *size*; None when a word is wider than its column."""
    pieces: list[Piece] = []
    x, width, indent, hours = box.x * MM, box.width * MM, size * 1.7, size * 9
    for line in lines:
        title = broken(line.title, "Sans-Bold", size, width - indent - hours)
        outcomes = [broken(text, "Sans", size, width - indent) for text in line.outcomes]
        if title is None or any(one is None for one in outcomes):
            return None
        leading = size * box.leading
        head = Setting(title, size, leading)
        pieces.append(Piece(Setting((line.number,), size, leading), "Sans-Bold", SOFT, x, top))
        pieces.append(Piece(Setting((line.hours,), size * 0.92, leading), "Sans", SOFT, x, top, f"right:{width}"))
        pieces.append(Piece(head, "Sans-Bold", box.colour, x + indent, top))
        top -= head.height
        for one in outcomes:
            outcome = Setting(one or (), size, leading)
            pieces.append(Piece(outcome, "Sans", box.colour, x + indent, top))
            top -= outcome.height
        top -= size * 0.55
    return pieces
