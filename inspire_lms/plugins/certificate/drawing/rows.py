"""Lists of a document, set at one size: facts under their labels, units with outcomes, competences with what was reached."""

from dataclasses import dataclass

from inspire_lms.plugins.certificate.drawing import words
from inspire_lms.plugins.certificate.drawing.setting import MM, Setting, broken, width_of
from inspire_lms.plugins.certificate.layout import Box

SOFT = "#4b5b74"
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


def fact_rows(told: tuple[words.Fact, ...], box: Box, size: float, width: float) -> list[FactRow] | None:
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


def unit_pieces(lines: tuple[words.UnitLine, ...], box: Box, size: float, top: float) -> list[Piece] | None:
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


def competence_pieces(lines: tuple[words.CompetenceLine, ...], box: Box, size: float, top: float) -> list[Piece] | None:
    """Set the competences at *size*, row by row; None when a word is wider than its place."""
    pieces: list[Piece] = []
    width, leading = (box.width * MM - GUTTER * (box.columns - 1)) / box.columns, size * box.leading
    reached = max((width_of(line.reached, "Sans-Bold", size) for line in lines), default=0.0)
    for at in range(0, len(lines), box.columns):
        rows = 1
        for column, line in enumerate(lines[at : at + box.columns]):
            title = broken(line.title, "Sans", size, width - reached - size)
            if title is None:
                return None
            x, rows = box.x * MM + column * (width + GUTTER), max(rows, len(title))
            pieces.append(Piece(Setting(title, size, leading), "Sans", box.colour, x, top))
            pieces.append(Piece(Setting((line.reached,), size, leading), "Sans-Bold", box.colour, x, top, f"right:{width}"))
        top -= rows * leading + size * 0.2
    return pieces
