"""A layout and a record in, the bytes of a PDF out; and everything about a text that does not fit, before it is drawn."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.typefaces import register_fonts
from inspire_lms.plugins.certificate.drawing import ornaments, words
from inspire_lms.plugins.certificate.drawing.record import Record, title_of
from inspire_lms.plugins.certificate.drawing.rows import GUTTER, SOFT, SPACE, FactRow, Piece, competence_pieces, fact_rows, unit_pieces
from inspire_lms.plugins.certificate.drawing.setting import MM, fitted, width_of
from inspire_lms.plugins.certificate.layout import Box, Layout, Page

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

RULE = "#ccd5e0"


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
            elif box.kind == "competences":
                yield from self._competences(box, language)

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
            rows = fact_rows(told, box, size, width)
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
        yield from self._shrunk(box, lambda size: unit_pieces(lines, box, size, self._up(box.y)), [line.title for line in lines])

    def _competences(self, box: Box, language: str) -> Iterator[Piece]:
        """Set the competences in columns, each with what was reached."""
        lines = words.competences(self.record, language)
        yield from self._shrunk(box, lambda size: competence_pieces(lines, box, size, self._up(box.y)), [line.title for line in lines])

    def _shrunk(self, box: Box, setting: Callable[[float], list[Piece] | None], titles: list[str]) -> Iterator[Piece]:
        """Set a list at the largest size at which it stays above the foot of its box."""
        size, foot = box.size, self._up(box.y + box.height)
        while size >= box.least - 0.001:
            pieces = setting(size)
            if pieces is not None and all(piece.top - piece.setting.height >= foot - 0.01 for piece in pieces):
                yield from pieces
                return
            size -= 0.25
        self.too_long.append("; ".join(titles))

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
