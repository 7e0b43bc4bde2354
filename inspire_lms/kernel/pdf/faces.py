"""The printed faces: how wide a text runs, how it is written into a page, and the font program with just its letters.

A text is written by the code points of its letters: what is read out of a file is then what was printed, also where one
glyph serves two letters (µ and μ). HarfBuzz measures, kerns and cuts.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from inspire_lms.kernel.typefaces import KERNED, REPERTOIRE, font_path

UNITS = 1000
"""Units of a PDF glyph width in an em."""
_ESCAPED = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\", "\r": r"\r"})
_DROPPED = ("BASE", "DSIG", "GDEF", "GPOS", "GSUB", "MATH", "OS/2", "STAT", "cmap", "name", "post")


class Face:
    """One face: a static font, cut from its package. *scale* turns its units into thousandths of an em."""

    def __init__(self, name: str, path: Path) -> None:
        """Open the font at *path*."""
        import uharfbuzz as hb  # slow import

        self.name = name
        self._face = hb.Face(hb.Blob.from_file_path(str(path)))
        self._font = hb.Font(self._face)
        self.scale = UNITS / self._face.upem
        self.is_kerned = name in KERNED
        glyphs = ((chr(one), self._font.get_nominal_glyph(one)) for one in sorted(REPERTOIRE))
        self._glyphs = {letter: glyph for letter, glyph in glyphs if glyph}
        self.widths: dict[str, int] = {
            letter: round(self._font.get_glyph_h_advance(glyph) * self.scale) for letter, glyph in self._glyphs.items()
        }

    def width(self, text: str, size: float) -> float:
        """Measure *text* in points. Raises KeyError for a letter that the face lacks."""
        run = sum(map(self.widths.__getitem__, text))
        return float((run + sum(self._kerns(text)) if self.is_kerned else run) * size / UNITS)

    def shown(self, text: str) -> str:
        """Write the operator that shows *text*; its characters stand for bytes (Latin-1)."""
        kerns = self._kerns(text) if self.is_kerned else ()
        if not any(kerns):
            return f"{_string(text)} Tj"
        parts, run = [], ""
        for letter, kern in zip(text, kerns, strict=True):
            run += letter
            if kern:
                parts.append(f"{_string(run)}{-kern}")
                run = ""
        if run:
            parts.append(_string(run))
        return f"[{''.join(parts)}] TJ"

    def _kerns(self, text: str) -> tuple[int, ...]:
        """Say by how much each letter moves the next one, in thousandths of an em."""
        import uharfbuzz as hb  # slow import

        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self._font, buffer, {"kern": True, "liga": False, "clig": False, "calt": False, "ccmp": False})
        advances = [round(one.x_advance * self.scale) for one in buffer.glyph_positions or ()]
        if len(advances) != len(text):
            return (0,) * len(text)
        # A space keeps its width: where it is much narrower, readers take two words for one.
        return tuple(
            0 if " " in text[at : at + 2] else advance - self.widths[letter]
            for at, (letter, advance) in enumerate(zip(text, advances, strict=True))
        )

    def table(self, tag: str) -> bytes:
        """Give one table of the font."""
        return bytes(self._face.reference_table(tag).data)

    def cut(self, letters: Iterable[str]) -> tuple[bytes, dict[str, int]]:
        """Cut the font down to *letters*; give the program, and where each letter stands in it."""
        import uharfbuzz as hb  # slow import

        wanted = hb.SubsetInput()
        wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE | hb.SubsetFlags.NO_LAYOUT_CLOSURE
        wanted.unicode_set.update(ord(letter) for letter in letters)
        wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _DROPPED)
        plan = hb.SubsetPlan(self._face, wanted)
        now = plan.old_to_new_glyph_mapping
        return bytes(plan.execute().blob.data), {letter: now[self._glyphs[letter]] for letter in letters}


def _string(text: str) -> str:
    """Write *text* by its code points, as a string of the PDF language whose characters stand for bytes."""
    return f"({text.encode('utf-16-be').decode('latin-1').translate(_ESCAPED)})"


@lru_cache(maxsize=16)
def face(name: str) -> Face:
    """Give the face of that name; the first call of an instance cuts it from its package."""
    return Face(name, font_path(name))
