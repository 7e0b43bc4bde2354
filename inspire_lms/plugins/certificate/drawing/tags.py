"""What a text is, beside how it looks: headings, paragraphs, lists, tables and pictures in reading order.

A reader of the document that does not see it goes by these (ISO 14289-1, PDF/UA-1; roles of ISO 32000-1, 14.8.4).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from inspire_lms.kernel.pdf.setting import Setting

ARTIFACT = "Artifact"
"""What is no part of the text: ornaments, and what is said again on every page."""


@dataclass(frozen=True)
class Piece:
    """A text, set, and where it stands: *x* and *top* in points from the foot of the page at the left."""

    setting: Setting
    font: str
    colour: str
    x: float
    top: float
    right: float = 0.0
    """The width at whose right end the lines end; 0: they begin at *x*."""
    own: str = ""
    """What it shows, when that differs from certificate to certificate: the field, or its place in a list; empty for what is common."""
    room: float = 0.0
    """The width that such a text may take, in points."""
    most: int = 1
    """How many lines it may take."""


@dataclass(frozen=True)
class Picture:
    """Something drawn: its operators, and the rectangle it takes, in points."""

    operators: bytes
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Node:
    """An element of the document: what it is, and what is inside, in reading order."""

    role: str
    inside: "tuple[Node | Piece | Picture, ...]"
    language: str = ""
    """Where it is another than around."""
    alt: str = ""
    """What a picture says to whoever does not see it."""
    link: str = ""
    """Where a link leads; "?" when that differs from certificate to certificate."""
    field: str = ""
    """The name of a form field that stands here."""

    def leaves(self) -> "Iterator[tuple[Node, Piece | Picture]]":
        """Give every text and picture with the element that it is in, in reading order."""
        for one in self.inside:
            if isinstance(one, Node):
                yield from one.leaves()
            else:
                yield self, one


def paragraph(piece: Piece, role: str = "P", language: str = "") -> Node:
    """Make an element of one text."""
    return Node(role, (piece,), language)
