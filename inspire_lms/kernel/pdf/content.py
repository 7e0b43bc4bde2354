"""The operators of a page: texts, rules, and the marks by which the structure knows them."""

from collections.abc import Sequence
from functools import lru_cache

from inspire_lms.kernel.pdf.faces import face
from inspire_lms.kernel.pdf.setting import width_of

BASELINE = 0.8
"""Where the baseline stands below the top of a line, as a share of the size."""


def marked(role: str, number: int, operators: bytes) -> bytes:
    """Mark what *operators* show as the part of an element with that number on its page."""
    return b"/%s <</MCID %d>> BDC\n" % (role.encode(), number) + operators + b"EMC\n"


def artifact(operators: bytes) -> bytes:
    """Mark what *operators* show as no part of the text."""
    return b"/Artifact BMC\n" + operators + b"EMC\n"


def text(
    lines: Sequence[str], *, font: str, size: float, leading: float, colour: str, x: float, top: float, right: float = 0.0
) -> bytes:
    """Show *lines* below *top*; with *right* they end that many points beside *x*. Spaces at their ends are shown, not measured."""
    baseline = top - size * BASELINE - (leading - size) / 2
    parts = [f"BT {colour_of(colour)} rg /{font} {size:g} Tf"]
    for line in lines:
        left = x + right - width_of(line.rstrip(" "), font, size) if right else x
        parts.append(f"1 0 0 1 {left:.2f} {baseline:.2f} Tm {shown(font, line)}")
        baseline -= leading
    parts.append("ET\n")
    return " ".join(parts).encode("latin-1")


def rule(x: float, y: float, width: float, *, thick: float, colour: str) -> bytes:
    """Draw a level line."""
    return f"{colour_of(colour)} RG {thick:g} w {x:.2f} {y:.2f} m {x + width:.2f} {y:.2f} l S\n".encode("latin-1")


@lru_cache(maxsize=16384)
def shown(font: str, line: str) -> str:
    """Write the operator that shows *line*; its characters stand for bytes (Latin-1)."""
    return face(font).shown(line)


@lru_cache(maxsize=64)
def colour_of(colour: str) -> str:
    """Write a colour such as #14233c as three shares."""
    return " ".join(f"{int(colour[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5))
