"""What a document is made of. A text is a str in the language of the document, or Words, of which the document takes its own language.

Where nobody translated a text, the one that is there is printed and marked with its language.
"""

from dataclasses import dataclass

from inspire_lms.kernel.i18n import Words

Said = str | Words


@dataclass(frozen=True)
class Heading:
    """A heading below the title: 2, or 3 below a 2. It becomes a bookmark."""

    text: Said
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """A text; lines that it holds become paragraphs of their own."""

    text: Said
    is_note: bool = False
    """Small and pale."""


@dataclass(frozen=True)
class Entries:
    """A list; numbered where the order matters."""

    entries: tuple[Said, ...]
    is_numbered: bool = False


@dataclass(frozen=True)
class Grid:
    """A table. The first cell of each row names the row; *heads* name the columns, none for a label beside its value."""

    rows: tuple[tuple[Said, ...], ...]
    heads: tuple[Said, ...] = ()
    shares: tuple[float, ...] = ()
    """How wide each column is, in shares of the width; the same for all when nothing is said."""
    figures: frozenset[int] = frozenset()
    """Columns that end at the right, counted from nought."""
    caption: Said = ""


Block = Heading | Paragraph | Entries | Grid


def spoken(said: Said, language: str) -> tuple[str, str]:
    """Give the text of *said* and the language it is in."""
    return said.spoken(language) if isinstance(said, Words) else (said, language)


def texts_of(block: Block) -> tuple[Said, ...]:
    """List the texts of a block."""
    match block:
        case Heading() | Paragraph():
            return (block.text,)
        case Entries():
            return block.entries
        case Grid():
            return (block.caption, *block.heads, *(cell for row in block.rows for cell in row))
