"""Texts that people wrote at some length: paragraphs, and lists whose lines begin with a hyphen."""

from dataclasses import dataclass
from itertools import groupby

LIST = "- "
"""How an entry of a list begins."""


@dataclass(frozen=True)
class Part:
    """A paragraph, or a list."""

    lines: tuple[str, ...]
    is_list: bool


def laid_out(text: str) -> tuple[Part, ...]:
    """Lay out a text: an empty line ends a paragraph, lines that begin with a hyphen are a list, other lines flow together."""
    found: list[Part] = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines = [" ".join(line.split()) for line in block.split("\n") if line.strip()]
        for is_list, some in groupby(lines, key=lambda line: line.startswith(LIST)):
            said = tuple(some)
            entries = tuple(line.removeprefix(LIST) for line in said)
            found.append(Part(entries if is_list else (" ".join(said),), is_list))
    return tuple(found)
