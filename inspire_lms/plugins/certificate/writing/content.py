"""Elements into the operators of a page, each text marked with the number by which the structure knows it."""

from functools import lru_cache

from inspire_lms.plugins.certificate.drawing.faces import face
from inspire_lms.plugins.certificate.drawing.setting import width_of
from inspire_lms.plugins.certificate.drawing.tags import ARTIFACT, Picture, Piece

BASELINE = 0.8
"""Where the baseline stands below the top of a line, as a share of the size."""


def of(role: str, mark: int, leaf: Piece | Picture) -> bytes:
    """Write a text or picture of an element of that *role*, under the number by which the structure knows it."""
    head = b"/Artifact BMC\n" if role == ARTIFACT else b"/%s <</MCID %d>> BDC\n" % (role.encode(), mark)
    return head + (leaf.operators if isinstance(leaf, Picture) else _text(leaf)) + b"EMC\n"


def across(text: str, width: float, height: float) -> bytes:
    """Write *text* slanting across a page of *width* by *height* points, pale and below everything else."""
    run = width_of(text, "Sans-Bold", 54)
    cos, sin = 0.6157, 0.788
    x, y = width / 2 - run / 2 * cos, height / 2 - run / 2 * sin
    shown = _shown("Sans-Bold", text)
    place = f"{cos} {sin} {-sin} {cos} {x:.2f} {y:.2f} Tm"
    return f"/Artifact BMC\nBT 0.87 0.9 0.93 rg /Sans-Bold 54 Tf {place} {shown} ET\nEMC\n".encode("latin-1")


def _text(piece: Piece) -> bytes:
    size, leading, lines = piece.setting.size, piece.setting.leading, piece.setting.lines
    baseline = piece.top - size * BASELINE - (leading - size) / 2
    parts = [f"BT {_colour(piece.colour)} /{piece.font} {size:g} Tf"]
    for number, line in enumerate(lines, 1):
        x = piece.x + piece.right - width_of(line, piece.font, size) if piece.right else piece.x
        # What goes on in the next line is another word: without the space a voice would read the two as one.
        parts.append(f"1 0 0 1 {x:.2f} {baseline:.2f} Tm {_shown(piece.font, line if number == len(lines) else f'{line} ')}")
        baseline -= leading
    parts.append("ET\n")
    return " ".join(parts).encode("latin-1")


@lru_cache(maxsize=16384)
def _shown(font: str, text: str) -> str:
    return face(font).shown(text)


@lru_cache(maxsize=64)
def _colour(colour: str) -> str:
    return " ".join(f"{int(colour[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5)) + " rg"
