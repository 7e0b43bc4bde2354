"""The printed typefaces: Source Serif 4 and Source Sans 3, with Greek and the Romanian comma below.

The packages hold variable fonts, and reportlab draws static ones only. Each face is cut once, to the
letters of our four languages, and kept in the folder of the instance; that takes about a second a face.
"""

import importlib.util
import os
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REPERTOIRE = frozenset(
    {
        *range(0x20, 0x7F),  # Basic Latin
        *range(0xA0, 0x180),  # Latin-1 and Latin Extended-A: Italian, Romanian and their neighbours
        *range(0x218, 0x21C),  # Romanian comma below
        *range(0x384, 0x3CF),  # Greek, monotonic
        *(0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E),
        *(0x2020, 0x2022, 0x2026, 0x2030, 0x2039, 0x203A, 0x20AC, 0x2116, 0x2122, 0x2212),
    }
)
"""What a face is cut to. A letter outside is named by missing_letters, never printed as a box."""


@dataclass(frozen=True)
class Face:
    """One static face: the package and file it is cut from, and where on the axes it stands."""

    package: str
    file: str
    axes: "Mapping[str, float]"


FACES: "Mapping[str, Face]" = {
    "Display": Face("fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf", {"opsz": 60, "wght": 400}),
    "Serif": Face("fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf", {"opsz": 14, "wght": 400}),
    "Serif-Bold": Face("fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf", {"opsz": 14, "wght": 600}),
    "Sans": Face("fontpkg_source_sans_3", "SourceSans3[wght].ttf", {"wght": 400}),
    "Sans-Bold": Face("fontpkg_source_sans_3", "SourceSans3[wght].ttf", {"wght": 600}),
}
KERNED = frozenset({"Display", "Serif", "Serif-Bold"})
"""Faces set large enough for the pairs of letters to be seen: they keep their kerning."""
_CUT = 2
"""Raised with every change of how faces are cut, so that an instance cuts them anew."""
_cutting = threading.Lock()


def make_ready(tell: "Callable[[int, int], None]" = lambda _number, _of: None) -> None:
    """Cut every face that this instance does not have yet; tells before each which one of how many it is, counted from one."""
    lacking = [name for name in FACES if not _path(name).exists()]
    for number, name in enumerate(lacking, 1):
        tell(number, len(lacking))
        font_path(name)


def register_fonts() -> None:
    """Make every face known to reportlab under its name; the first call of an instance cuts them."""
    from reportlab.pdfbase import pdfmetrics  # slow import
    from reportlab.pdfbase.ttfonts import TTFont  # slow import

    for name in FACES:
        path = font_path(name)
        known = pdfmetrics.getRegisteredFontNames()
        if name not in known:
            pdfmetrics.registerFont(TTFont(name, str(path)))
    pdfmetrics.registerFontFamily("Sans", normal="Sans", bold="Sans-Bold", italic="Sans", boldItalic="Sans-Bold")
    pdfmetrics.registerFontFamily("Serif", normal="Serif", bold="Serif-Bold", italic="Serif", boldItalic="Serif-Bold")


def font_path(name: str) -> Path:
    """Say where the static face *name* lies, and cut it first when it is not there yet.

    The folder is the setting FONTS_FOLDER of the application, else "fonts" in the instance. Raises KeyError for an
    unknown name.
    """
    face, path = FACES[name], _path(name)
    if not path.exists():
        with _cutting:
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                _cut(name, face, path)
    return path


def _path(name: str) -> Path:
    folder = Path(current_app.config.get("FONTS_FOLDER") or Path(current_app.instance_path) / "fonts")
    return folder / f"{name}.{_CUT}.ttf"


def missing_letters(text: str, face: str) -> set[str]:
    """Name the letters of *text* that *face* cannot print; spaces and line ends are always there."""
    has = _letters(font_path(face))
    return {letter for letter in text if not letter.isspace() and ord(letter) not in has}


@lru_cache(maxsize=32)
def _letters(path: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont  # slow import

    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _cut(name: str, face: Face, path: Path) -> None:
    from fontTools import subset  # slow import
    from fontTools.ttLib import TTFont  # slow import
    from fontTools.varLib import instancer  # slow import

    font = TTFont(_source(face))
    options = subset.Options()
    options.hinting = False
    # Ligatures would hide the letters from whoever searches a document; kerning is kept where it shows.
    options.layout_features = ["kern"] if name in KERNED else []
    options.drop_tables = [*options.drop_tables, "BASE", "GSUB", *(() if name in KERNED else ("GDEF", "GPOS"))]
    options.glyph_names = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=REPERTOIRE)
    subsetter.subset(font)
    static = instancer.instantiateVariableFont(font, dict(face.axes), updateFontNames=False)
    _rename(static, f"Inspire{name.replace('-', '')}")
    # Another process may be cutting the same face: each writes its own file, and the last one to finish stays.
    half = path.with_suffix(f".{os.getpid()}")
    static.save(half)
    half.replace(path)


def _source(face: Face) -> Path:
    package = importlib.util.find_spec(face.package)
    if package is None or package.origin is None:
        msg = f"The package {face.package} with the typeface is not installed."
        raise ModuleNotFoundError(msg)
    return Path(package.origin).parent / "files" / face.file


def _rename(font: Any, name: str) -> None:  # noqa: ANN401 (fontTools has no types)
    """Give each cut its own PostScript name: readers merge two faces of one name, silently."""
    for record in font["name"].names:
        if record.nameID in {1, 3, 4, 6, 16}:
            record.string = name
