"""Conforming files with one thing spoiled, so that the judges can show that they say no, and to what."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject, PdfObject

Spoil = Callable[[PdfWriter], None]
"""Changes what is about to be written."""


def unsealed(pdf: bytes, spoil: Spoil | None = None) -> bytes:
    """Write a sealed file anew without its seal and with one thing spoiled; an unspoiled one conforms as before.

    Whoever left the seal in would break one rule more, by which it covers the whole file.
    """
    writer = PdfWriter(clone_from=BytesIO(pdf))
    root = writer.root_object
    root.pop("/Perms", None)
    for one in root["/AcroForm"]["/Fields"]:
        field = one.get_object()
        field["/V"].clear()
        del field["/V"]
    if spoil:
        spoil(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def no_language(writer: PdfWriter) -> None:
    """Take away the language of the file and of every element in it."""
    for one in (writer.root_object, *_elements(writer)):
        one.pop("/Lang", None)


def no_marks(writer: PdfWriter) -> None:
    """Take away the word that the file is tagged."""
    del writer.root_object["/MarkInfo"]


def no_other_language(writer: PdfWriter) -> None:
    """Take away the languages of the elements: what is in English is then read aloud as if it were in the language of the file."""
    for one in _elements(writer):
        one.pop("/Lang", None)


def another_order(writer: PdfWriter) -> None:
    """Have two neighbouring paragraphs read aloud the second first."""
    lists = [kids for one in _elements(writer) if isinstance(kids := one.get("/K"), ArrayObject)]
    kids, place = next((kids, place) for kids in lists for place in range(len(kids) - 1) if _are_paragraphs(kids[place : place + 2]))
    kids[place : place + 2] = reversed(kids[place : place + 2])


def _are_paragraphs(kids: list[PdfObject]) -> bool:
    return all(isinstance(kid.get_object(), DictionaryObject) and kid.get_object().get("/S") == "/P" for kid in kids)


def no_words(writer: PdfWriter) -> None:
    """Take all words out of the first page, and leave the marks around them."""
    page = writer.pages[0]
    _set(writer, page, "/Contents", _changed(rb"(?s)\bBT\b.*?\bET\b", b"", page.get_contents().get_data()))


def no_output_intent(writer: PdfWriter) -> None:
    """Take away what the colours mean."""
    del writer.root_object["/OutputIntents"]


def no_face(writer: PdfWriter) -> None:
    """Take one typeface of the first page out of the file."""
    del _descriptor(_face(writer))["/FontFile2"]


def no_letters(writer: PdfWriter) -> None:
    """Have one typeface of the first page not say which letters its glyphs stand for."""
    del _face(writer)["/ToUnicode"]


def drawn_letters(writer: PdfWriter) -> None:
    """Put a set of drawings in the place of one typeface of the first page."""
    face, name = _face(writer), NameObject
    nothing, box = ArrayObject([NumberObject(0)]), ArrayObject(NumberObject(number) for number in (0, 0, 1, 1))
    face.clear()
    face.update(
        {name("/Type"): name("/Font"), name("/Subtype"): name("/Type3"), name("/CharProcs"): DictionaryObject(), name("/FontBBox"): box}
    )
    face.update({name("/FirstChar"): NumberObject(0), name("/LastChar"): NumberObject(0), name("/Widths"): nothing})
    face.update(
        {name("/FontMatrix"): ArrayObject(NumberObject(number) for number in (1, 0, 0, 1, 0, 0)), name("/Encoding"): DictionaryObject()}
    )


def no_alternative(writer: PdfWriter) -> None:
    """Take away what is read to those who do not see the code."""
    del next(one for one in _elements(writer) if one["/S"] == "/Figure")["/Alt"]


def no_relationship(writer: PdfWriter) -> None:
    """Have the file not say what its attachment is to it."""
    del next(_having(writer, "/EF"))["/AFRelationship"]


def no_mention_of_accessibility(writer: PdfWriter) -> None:
    """Take PDF/UA out of the metadata."""
    stream = writer.root_object["/Metadata"]
    stream.set_data(_changed(rb"<pdfuaid:part>1</pdfuaid:part>|pdfuaid:part=(['\"])1\1", b"", stream.get_data()))


def revised(pdf: bytes) -> bytes:
    """Append a revision with another title to a sealed file."""
    writer = PdfWriter(BytesIO(pdf), incremental=True)
    writer.add_metadata({"/Title": "Forged"})
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def one_bit_off(pdf: bytes) -> bytes:
    """Change a bit in the remark behind the first line, which no reader looks at."""
    place = pdf.index(b"%", 1) + 2
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def nought_for_a_letter(writer: PdfWriter) -> None:
    """Have the code 0 of one typeface, which no page uses, mean U+0000."""
    face = _face(writer)
    codes = face["/ToUnicode"].get_data()
    nought = b"0" * len(re.search(rb"begincodespacerange\s*<([0-9A-Fa-f]+)>", codes)[1])
    _set(writer, face, "/ToUnicode", _changed(rb"\bendcmap\b", b"1 beginbfchar\n<%s> <0000>\nendbfchar\nendcmap" % nought, codes))


def noughts_for_all_letters(writer: PdfWriter) -> None:
    """Have every code of one typeface, or the first one of each row of codes, mean U+0000."""
    face = _face(writer)
    head, end, letters = face["/ToUnicode"].get_data().partition(b"endcodespacerange")
    noughts = _changed(rb"(?m)^((?:<[0-9A-Fa-f]+>\s*){1,2})<[0-9A-Fa-f]+>\s*$", rb"\1<0000>", letters)
    _set(writer, face, "/ToUnicode", head + end + noughts)


def _face(writer: PdfWriter) -> DictionaryObject:
    """Give the first typeface that is used on the first page, on which the square code stands: one judge may see no typefaces beside it."""
    page = writer.pages[0]
    name = re.search(rb"(/\S+)\s+[\d.]+\s+Tf\b", page.get_contents().get_data())[1].decode()
    return page["/Resources"]["/Font"][name].get_object()


def _descriptor(face: DictionaryObject) -> DictionaryObject:
    below = face["/DescendantFonts"][0].get_object() if "/DescendantFonts" in face else face
    return below["/FontDescriptor"]


def _changed(pattern: bytes, new: bytes, content: bytes) -> bytes:
    changed = re.sub(pattern, new, content)
    assert changed != content, f"{pattern!r} is nowhere, so nothing has been spoiled."
    return changed


def _set(writer: PdfWriter, where: DictionaryObject, key: str, content: bytes) -> None:
    stream = DecodedStreamObject()
    stream.set_data(content)
    where[NameObject(key)] = writer._add_object(stream)


def _elements(writer: PdfWriter) -> Iterator[DictionaryObject]:
    """Go through the elements of the tree of tags."""
    return _having(writer, "/S", "/P")


def _having(writer: PdfWriter, *keys: str) -> Iterator[DictionaryObject]:
    """Go through all dictionaries that have these keys."""
    return (one for one in writer._objects if isinstance(one, DictionaryObject) and all(key in one for key in keys))
