"""Elements into the operators of a page, each text marked with the number by which the structure knows it."""

from inspire_lms.kernel.pdf import content
from inspire_lms.kernel.pdf.setting import width_of
from inspire_lms.plugins.certificate.drawing.tags import ARTIFACT, Picture, Piece


def of(role: str, mark: int, leaf: Piece | Picture) -> bytes:
    """Write a text or picture of an element of that *role*, under the number by which the structure knows it."""
    operators = leaf.operators if isinstance(leaf, Picture) else _text(leaf)
    return content.artifact(operators) if role == ARTIFACT else content.marked(role, mark, operators)


def across(text: str, width: float, height: float) -> bytes:
    """Write *text* slanting across a page of *width* by *height* points, pale and below everything else."""
    run = width_of(text, "Sans-Bold", 54)
    cos, sin = 0.6157, 0.788
    x, y = width / 2 - run / 2 * cos, height / 2 - run / 2 * sin
    place = f"{cos} {sin} {-sin} {cos} {x:.2f} {y:.2f} Tm"
    operators = f"BT 0.87 0.9 0.93 rg /Sans-Bold 54 Tf {place} {content.shown('Sans-Bold', text)} ET\n"
    return content.artifact(operators.encode("latin-1"))


def _text(piece: Piece) -> bytes:
    setting, lines = piece.setting, piece.setting.lines
    # What goes on in the next line is another word: without the space a voice would read the two as one.
    spaced = [*(f"{line} " for line in lines[:-1]), *lines[-1:]]
    place = {"x": piece.x, "top": piece.top, "right": piece.right}
    return content.text(spaced, font=piece.font, size=setting.size, leading=setting.leading, colour=piece.colour, **place)
