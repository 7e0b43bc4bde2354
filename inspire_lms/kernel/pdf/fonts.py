"""A face as PDF holds it: the font program with just the letters that are used, and the way from codes back to letters."""

import hashlib
import struct
from collections.abc import Collection

from inspire_lms.kernel.pdf.faces import Face
from inspire_lms.kernel.pdf.objects import Name, Objects, Ref, Value

SYMBOLIC = 4
"""Flag of a font descriptor: the letters are not those of the standard Latin set alone (ISO 32000-1, table 123)."""
_RUN = 100
"""Most entries in one section of a character map (Adobe technical note 5014)."""


def embedded(drawn: Face, objects: Objects, letters: Collection[str]) -> Ref:
    """Put the font with just *letters* among the objects of a file, and give what a page names."""
    known = sorted(letter for letter in letters if letter in drawn.widths)
    program, glyphs = drawn.cut(known)
    tag = "".join(chr(65 + one % 26) for one in hashlib.sha256("".join(known).encode()).digest()[:6])
    name = Name(f"{tag}+Inspire{drawn.name.replace('-', '')}")
    held = objects.add_stream({"Length1": len(program)}, program)
    descriptor = objects.add(_described(drawn, name) | {"FontFile2": held})
    places = bytearray(2 * (ord(known[-1]) + 1))
    for letter, glyph in glyphs.items():
        struct.pack_into(">H", places, 2 * ord(letter), glyph)
    below = objects.add(
        {
            "Type": Name("Font"),
            "Subtype": Name("CIDFontType2"),
            "BaseFont": name,
            "CIDSystemInfo": {"Registry": "Adobe", "Ordering": "Identity", "Supplement": 0},
            "FontDescriptor": descriptor,
            "DW": 0,
            "W": [one for letter in known for one in (ord(letter), [drawn.widths[letter]])],
            "CIDToGIDMap": objects.add_stream({}, bytes(places)),
        }
    )
    return objects.add(
        {
            "Type": Name("Font"),
            "Subtype": Name("Type0"),
            "BaseFont": name,
            "Encoding": Name("Identity-H"),
            "DescendantFonts": [below],
            "ToUnicode": objects.add_stream({}, _map(known)),
        }
    )


def _described(drawn: Face, name: Name) -> dict[str, Value]:
    left, foot, right, top = (round(one * drawn.scale) for one in struct.unpack_from(">4h", drawn.table("head"), 36))
    ascent, descent = (round(one * drawn.scale) for one in struct.unpack_from(">2h", drawn.table("hhea"), 4))
    (capital,) = struct.unpack_from(">h", drawn.table("OS/2"), 88)
    (slant,) = struct.unpack_from(">i", drawn.table("post"), 4)
    return {
        "Type": Name("FontDescriptor"),
        "FontName": name,
        "Flags": SYMBOLIC,
        "FontBBox": [left, foot, right, top],
        "ItalicAngle": slant / 65536,
        "Ascent": ascent,
        "Descent": descent,
        "CapHeight": round(capital * drawn.scale),
        "StemV": 80,
    }


def _map(letters: list[str]) -> bytes:
    """Write the character map that turns codes into letters again: each code is the letter's own code point."""
    runs: list[tuple[int, int]] = []
    for code in map(ord, letters):
        # A run ends where the first of the two bytes changes (Adobe technical note 5014, 6).
        if runs and code == runs[-1][1] + 1 and code % 256:
            runs[-1] = (runs[-1][0], code)
        else:
            runs.append((code, code))
    sections = [runs[at : at + _RUN] for at in range(0, len(runs), _RUN)]
    lines = "".join(
        f"{len(section)} beginbfrange\n" + "".join(f"<{a:04X}> <{b:04X}> <{a:04X}>\n" for a, b in section) + "endbfrange\n"
        for section in sections
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        + lines
        + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()
