"""Setting type: a text into lines that fit a box, or the finding that it does not; and into as many lines as it takes."""

from dataclasses import dataclass
from functools import lru_cache

from inspire_lms.kernel.pdf.faces import face

MM = 72 / 25.4
"""Points in a millimetre."""
STEP = 0.5
"""Points by which a text shrinks until it fits."""


@dataclass(frozen=True)
class Setting:
    """A text broken into lines."""

    lines: tuple[str, ...]
    size: float
    leading: float
    """Distance of the lines in points."""

    @property
    def height(self) -> float:
        """The height in points, from the top of the first line to the foot of the last."""
        return self.leading * len(self.lines)


def width_of(text: str, font: str, size: float) -> float:
    """Measure *text* in points. Raises KeyError for a letter that the face lacks."""
    return face(font).width(text, size)


# Of what is on a certificate nine tenths are on the next one too.
@lru_cache(maxsize=8192)
def broken(text: str, font: str, size: float, width: float) -> tuple[str, ...] | None:
    """Break *text* at spaces into lines of at most *width* points; None when one word is wider."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        # Not at every space: those that bind stay.
        for word in filter(None, paragraph.split(" ")):
            if width_of(word, font, size) > width:
                return None
            longer = f"{line} {word}" if line else word
            if width_of(longer, font, size) <= width:
                line = longer
            else:
                lines.append(line)
                line = word
        lines.append(line)
    return tuple(lines)


def fitted(
    text: str, font: str, size: float, *, least: float, leading: float, width: float, height: float, lines: int = 0
) -> Setting | None:
    """Set *text* into *width* by *height* points at the largest size from *size* down to *least*.

    A text that fits on one line at *least* or above is not broken unless that keeps it larger on two. Gives None when
    the text is too long for the box.
    """
    tried = size
    while tried >= least - 0.001:
        set_in = broken(text, font, tried, width)
        if set_in is not None and (not lines or len(set_in) <= lines) and len(set_in) * tried * leading <= height + 0.01:
            return Setting(set_in, tried, tried * leading)
        tried -= STEP
    return None


def flowing(text: str, font: str, size: float, width: float) -> tuple[str, ...]:
    """Break *text* into lines of at most *width* points, at its spaces, and inside a word only where the word is wider than a line.

    A line that goes on after a space ends with that space: what is read out of the file keeps its words apart.
    """
    lines: list[str] = []
    line = ""
    for word in filter(None, text.split(" ")):
        longer = f"{line} {word}" if line else word
        if width_of(longer, font, size) <= width:
            line = longer
            continue
        if line:
            lines.append(f"{line} ")
        *full, line = _cut(word, font, size, width)
        lines += full
    return (*lines, line)


def _cut(word: str, font: str, size: float, width: float) -> list[str]:
    """Cut a word that is wider than a line, letter by letter."""
    parts, part = [], ""
    for letter in word:
        if part and width_of(part + letter, font, size) > width:
            parts.append(part)
            part = ""
        part += letter
    return [*parts, part]
