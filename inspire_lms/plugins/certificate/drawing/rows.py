"""Lists of a document, set at one size: facts under their labels, units with outcomes, competences with what was reached."""

from dataclasses import dataclass

from inspire_lms.kernel.pdf.setting import MM, Setting, broken, width_of
from inspire_lms.plugins.certificate.drawing import words
from inspire_lms.plugins.certificate.drawing.tags import Node, Piece, paragraph
from inspire_lms.plugins.certificate.layout import Box

SOFT = "#4b5b74"
LABEL = 0.82
"""Size of a label as a share of the size of its value."""
SPACE = 0.62
"""Space below a fact as a share of its size."""
REACHED = "reached "
"""With the number of a competence: what was reached in it, as something that differs from certificate to certificate."""
BETWEEN = 0.55
"""Space below a unit as a share of its size."""
SMALLER = 0.92
"""Size of a unit's hours as a share of the size of its title."""
GUTTER = 6 * MM
"""Points between two columns of facts."""


@dataclass(frozen=True)
class FactRow:
    """Facts beside one another, each with its label and its value set, and the height that they take with the space below."""

    cells: tuple[tuple[words.Fact, Setting, Setting], ...]
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
            cells.append((fact, Setting(label, size * LABEL, size * LABEL * 1.3), Setting(value, size, size * box.leading)))
        rows.append(FactRow(tuple(cells), max(label.height + value.height for _, label, value in cells) + size * SPACE))
    return rows


def fact_nodes(box: Box, rows: list[FactRow], width: float, top: float) -> Node:
    """Place facts that are set: a list whose items have a label and a body."""
    items = []
    for row in rows:
        for column, (fact, label, value) in enumerate(row.cells):
            x = box.x * MM + column * (width + GUTTER)
            own = fact.field if fact.field in words.PERSONAL else ""
            most = int((row.height - value.size * SPACE - label.height) / value.leading + 0.01)
            body = Piece(value, box.font, box.colour, x, top - label.height, own=own, room=width, most=most)
            name = Piece(label, "Sans", SOFT, x, top)
            items.append(Node("LI", (paragraph(name, "Lbl"), paragraph(body, "LBody", fact.language))))
        top -= row.height
    return Node("L", tuple(items))


def unit_nodes(lines: tuple[words.UnitLine, ...], box: Box, size: float, top: float) -> tuple[Node, float] | None:
    """Set the units at *size*, row by row; None when a word is wider than its column. Gives the list and where it ends."""
    items: list[Node] = []
    width = (box.width * MM - GUTTER * (box.columns - 1)) / box.columns
    for at in range(0, len(lines), box.columns):
        foot = top
        for column, line in enumerate(lines[at : at + box.columns]):
            x = box.x * MM + column * (width + GUTTER)
            inside, end = _unit(line, box, size, (x, top, width))
            if not inside:
                return None
            number = Piece(Setting((line.number,), size, size * box.leading), "Sans-Bold", SOFT, x, top)
            items.append(Node("LI", (paragraph(number, "Lbl"), Node("LBody", inside, line.language))))
            foot = min(foot, end)
        top = foot - size * BETWEEN
    return Node("L", tuple(items)), top + size * BETWEEN


def _unit(line: words.UnitLine, box: Box, size: float, place: tuple[float, float, float]) -> tuple[tuple[Node, ...], float]:
    """Set one unit at *place*, its left end, top and width: title, hours at the right, outcomes below.

    Gives nothing when a word is wider than its column.
    """
    x, top, width = place
    indent, leading = size * 1.7, size * box.leading
    hours = width_of(line.hours, "Sans", size * SMALLER)
    title = broken(line.title, "Sans-Bold", size, width - indent - hours - size)
    outcomes = [broken(text, "Sans", size, width - indent) for text in line.outcomes]
    if title is None or any(one is None for one in outcomes):
        return (), top
    head = Setting(title, size, leading)
    made = [
        paragraph(Piece(head, "Sans-Bold", box.colour, x + indent, top)),
        paragraph(Piece(Setting((line.hours,), size * SMALLER, leading), "Sans", SOFT, x, top, width)),
    ]
    top -= head.height
    for one in outcomes:
        outcome = Setting(one or (), size, leading)
        made.append(paragraph(Piece(outcome, "Sans", box.colour, x + indent, top)))
        top -= outcome.height
    return tuple(made), top


def competence_nodes(lines: tuple[words.CompetenceLine, ...], box: Box, size: float, top: float) -> tuple[Node, float] | None:
    """Set the competences at *size*: a table with what was reached beside each; None when a word is wider than its place."""
    rows: list[Node] = []
    width, leading = (box.width * MM - GUTTER * (box.columns - 1)) / box.columns, size * box.leading
    reached = max((width_of(line.reached, "Sans-Bold", size) for line in lines), default=0.0)
    for at in range(0, len(lines), box.columns):
        tall = 1
        for column, line in enumerate(lines[at : at + box.columns]):
            title = broken(line.title, "Sans", size, width - reached - size)
            if title is None:
                return None
            x, tall = box.x * MM + column * (width + GUTTER), max(tall, len(title))
            name = Piece(Setting(title, size, leading), "Sans", box.colour, x, top)
            own = f"{REACHED}{at + column}"
            shown = Piece(Setting((line.reached,), size, leading), "Sans-Bold", box.colour, x, top, width, own, reached)
            rows.append(Node("TR", (paragraph(name, "TH", line.language), paragraph(shown, "TD"))))
        top -= tall * leading + size * 0.2
    return Node("Table", tuple(rows)), top
