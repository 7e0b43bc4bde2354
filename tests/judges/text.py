"""What other people's readers get out of a file: letters, faces, order of reading, the code in the picture."""

import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import zxingcpp
from PIL import Image

from tests.judges.programs import lying, made, told

LOOKALIKES = {
    "\u00b5": "micro sign for mu",
    "\u2126": "ohm sign for omega",
    "\u2206": "increment for delta",
    "\u0387": "ano teleia for middle dot",
    "\u015e": "S with cedilla",
    "\u015f": "s with cedilla",
    "\u0162": "T with cedilla",
    "\u0163": "t with cedilla",
}
"""Letters that look like ours and are others: whoever searches for the name does not find it."""


def plain(pdf: bytes) -> str:
    """Give all the text in the order in which it was written, every stretch of white space as one space (pdftotext)."""
    return " ".join(told("pdftotext", "-raw", "-", "-", given=pdf).split())


def missing(text: str, wanted: Iterable[str]) -> list[str]:
    """List those of *wanted* that do not stand in *text* letter by letter."""
    return [one for one in wanted if one not in text]


def strange_letters(text: str) -> list[str]:
    """List what should not be in a text: letters that look like others, those that are not composed, and those that are none."""
    found = {f"U+{ord(letter):04X} {LOOKALIKES[letter]}" for letter in text if letter in LOOKALIKES}
    found |= {
        f"U+{ord(letter):04X} is no letter" for letter in text if unicodedata.category(letter) in {"Cc", "Co", "Cn"} or letter == "\ufffd"
    }
    found |= {
        f"{word} is not composed" for word in text.split() if not unicodedata.is_normalized("NFC", word) and not set(word) & set(LOOKALIKES)
    }
    return sorted(found)


class Face(NamedTuple):
    """A typeface in a file."""

    name: str
    kind: str
    is_embedded: bool
    has_letters: bool
    """Whether it says which letters its glyphs stand for (ToUnicode)."""


_FACE = re.compile(
    r"^(?P<name>\S+)\s+(?P<kind>.+?)\s{2,}\S+\s+(?P<embedded>yes|no) +(?P<subset>yes|no) +(?P<letters>yes|no) +\d+ +\d+$", re.MULTILINE
)


def faces(pdf: bytes) -> list[Face]:
    """List the typefaces (pdffonts)."""
    table = told("pdffonts", "-", given=pdf)
    found = [Face(one["name"], one["kind"], one["embedded"] == "yes", one["letters"] == "yes") for one in _FACE.finditer(table)]
    assert len(found) == len(table.splitlines()) - 2, table
    return found


def unfit_faces(pdf: bytes) -> list[str]:
    """List the typefaces that are not embedded, do not say their letters, or are drawings (Type 3). A file without any is unfit itself."""
    found = faces(pdf)
    unfit = [one.name for one in found if not one.is_embedded or not one.has_letters or one.kind.startswith("Type 3")]
    return unfit if found else ["There is no typeface."]


class Heard(NamedTuple):
    """One stretch of text as a screen reader comes to it."""

    role: str
    """The innermost element that holds it: H1, P, TD."""
    text: str


def reading_order(pdf: bytes) -> list[Heard]:
    """List what the tags say is to be read, first to last (pdfinfo -struct-text); none when there are no tags. A text broken into lines is one."""
    heard: list[Heard] = []
    roles: dict[int, str] = {}
    for line in told("pdfinfo", "-struct-text", "-", given=pdf).splitlines():
        words, depth = line.strip(), len(line) - len(line.lstrip())
        if words.startswith('"'):
            heard.append(
                Heard(next(roles[above] for above in sorted(roles, reverse=True) if above < depth), " ".join(words.strip('"').split()))
            )
        elif words and not words.startswith(("/", "Object ")):
            roles = {above: role for above, role in roles.items() if above < depth} | {depth: words.split()[0].removesuffix(":")}
    return [one for one in heard if one.text]


@dataclass(frozen=True)
class About:
    """What a reader's window says about a file."""

    title: str
    language: str
    is_tagged: bool


def about(pdf: bytes) -> About:
    """Read the title and whether there are tags with pdfinfo, and the language, which it does not tell, with mutool."""
    facts = dict(line.split(":", 1) for line in told("pdfinfo", "-", given=pdf).splitlines() if ":" in line)
    with lying(pdf) as (path,):
        language = re.fullmatch(r"\((.*)\)", told("mutool", "show", path, "trailer/Root/Lang").strip())
    return About(facts.get("Title", "").strip(), language[1] if language else "", facts["Tagged"].strip() == "yes")


def codes(pdf: bytes, *, page: int = 1) -> tuple[list[str], list[str]]:
    """Read the square codes of a page from its picture at 100 dots an inch, and from that picture at half its width and height."""
    drawn = made("pdftoppm", "-r", "100", "-f", str(page), "-l", str(page), "-singlefile", "-gray", "-", given=pdf)
    with Image.open(io.BytesIO(drawn)) as picture:
        half = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)
        return _read(picture), _read(half)


def _read(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]
