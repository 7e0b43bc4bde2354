"""What is read aloud, in which language, by the tags of a file: read with pypdf, which knows nothing of how we write them."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, DictionaryObject


class Stretch(NamedTuple):
    """The text of one element, without that of the elements inside it."""

    role: str
    language: str
    """Its own, or that of the nearest element around it, or that of the file."""
    text: str


def read_aloud(pdf: bytes) -> list[Stretch]:
    """List every element that has text, first to last; none when there are no tags."""
    reader = PdfReader(BytesIO(pdf))
    root = reader.root_object
    if "/StructTreeRoot" not in root:
        return []
    marked = {page.indirect_reference.idnum: _marked(page) for page in reader.pages}
    return list(_walked(root["/StructTreeRoot"], root.get("/Lang", ""), None, marked))


def _walked(element: DictionaryObject, language: str, page: int | None, marked: dict[int, dict[int, str]]) -> Iterator[Stretch]:
    language = element.get("/Lang", language)
    page = element.raw_get("/Pg").idnum if "/Pg" in element else page
    inside = element.get("/K", [])
    texts: list[str] = []
    for one in inside if isinstance(inside, ArrayObject) else [inside]:
        kid = one.get_object()
        if isinstance(kid, int):
            texts.append(marked[page].get(kid, ""))
        elif "/MCID" in kid:
            texts.append(marked[kid.raw_get("/Pg").idnum if "/Pg" in kid else page].get(kid["/MCID"], ""))
        elif "/S" in kid:
            yield from _said(element, language, texts)
            texts = []
            yield from _walked(kid, language, page, marked)
    yield from _said(element, language, texts)


def _said(element: DictionaryObject, language: str, texts: list[str]) -> Iterator[Stretch]:
    if text := " ".join("".join(texts).split()):
        yield Stretch(str(element["/S"]).removeprefix("/"), str(language), text)


def _marked(page: PageObject) -> dict[int, str]:
    """Give the text of each marked stretch of a page, by its number."""
    found: dict[int, str] = {}
    open_marks: list[int | None] = []

    def on_operator(operator: bytes, operands: list[Any], *_where: Any) -> None:
        if operator in {b"BMC", b"BDC"}:
            about = operands[1] if operator == b"BDC" else None
            open_marks.append(about.get("/MCID") if isinstance(about, DictionaryObject) else None)
        elif operator == b"EMC":
            open_marks.pop()

    def on_text(text: str, *_where: Any) -> None:
        number = next((mark for mark in reversed(open_marks) if mark is not None), None)
        if number is not None:
            found[number] = found.get(number, "") + text

    page.extract_text(visitor_operand_before=on_operator, visitor_text=on_text)
    return found
