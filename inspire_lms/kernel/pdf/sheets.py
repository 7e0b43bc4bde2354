"""The pages of a document while they are filled, from the top down: what stands on each, and which letters of each face are used."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from inspire_lms.kernel.pdf import content
from inspire_lms.kernel.pdf.setting import MM
from inspire_lms.kernel.pdf.tree import Element, Mark

WIDTH, HEIGHT = 210 * MM, 297 * MM
LEFT, TOP, FOOT = 24 * MM, 24 * MM, 22 * MM
ROOM = WIDTH - 2 * LEFT
INK, SOFT, RULE = "#14233c", "#4b5b74", "#ccd5e0"


@dataclass(frozen=True)
class Type:
    """How a text is set: face, size, distance of lines in points, colour."""

    font: str
    size: float
    leading: float
    colour: str = INK


SMALL = Type("Sans", 8.5, 12, SOFT)


@dataclass
class Sheet:
    """One page: its operators, and how many marked texts it has."""

    parts: list[bytes] = field(default_factory=list)
    marks: int = 0


@dataclass
class Sheets:
    """All pages; the last is the one that is being filled."""

    pages: list[Sheet] = field(default_factory=lambda: [Sheet()])
    top: float = HEIGHT - TOP
    """How far down the page is filled, in points from its foot."""
    letters: dict[str, set[str]] = field(default_factory=dict)
    """By face, the letters that are used."""

    @property
    def room(self) -> float:
        """Height that is left on this page."""
        return self.top - FOOT

    @property
    def is_fresh(self) -> bool:
        """Say whether nothing stands on this page yet."""
        return self.top == HEIGHT - TOP

    def turn(self) -> None:
        """Begin a new page."""
        self.pages.append(Sheet())
        self.top = HEIGHT - TOP

    def need(self, height: float) -> None:
        """Begin a new page unless there is room for *height* points; a fresh page is as good as any other."""
        if self.room < height and not self.is_fresh:
            self.turn()

    def show(
        self, element: Element | None, lines: Sequence[str], kind: Type, *, x: float, top: float, right: float = 0.0, page: int = -1
    ) -> None:
        """Show *lines* as a part of *element*; without one they are no part of the text."""
        self.letters.setdefault(kind.font, set()).update(" ", *lines)
        sheet = self.pages[page]
        operators = content.text(
            lines, font=kind.font, size=kind.size, leading=kind.leading, colour=kind.colour, x=x, top=top, right=right
        )
        if element is None:
            sheet.parts.append(content.artifact(operators))
            return
        sheet.parts.append(content.marked(element.role, sheet.marks, operators))
        element.inside.append(Mark(len(self.pages) - 1, sheet.marks))
        sheet.marks += 1

    def rule(self, *, thick: float, colour: str, x: float = LEFT, width: float = ROOM) -> None:
        """Draw a line across at the present height."""
        self.pages[-1].parts.append(content.artifact(content.rule(x, self.top, width, thick=thick, colour=colour)))
