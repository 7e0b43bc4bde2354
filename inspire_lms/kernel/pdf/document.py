"""A whole document as an accessible file (PDF/UA-1) that archives may keep (PDF/A-3a): the same values give the same bytes.

pdf = written(Document(title=…, author=…, subject=…, language="el", at=…, blocks=(Heading(…), Paragraph(…), Grid(…))))
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.i18n import _, speaking
from inspire_lms.kernel.pdf import metadata
from inspire_lms.kernel.pdf.blocks import Block, Said, spoken, texts_of
from inspire_lms.kernel.pdf.faces import face
from inspire_lms.kernel.pdf.flow import Bookmark, Flow, tidy
from inspire_lms.kernel.pdf.fonts import embedded
from inspire_lms.kernel.pdf.metadata import About
from inspire_lms.kernel.pdf.objects import ROW, Name, Objects, Ref, Value, numbered, row_at, stream
from inspire_lms.kernel.pdf.sheets import FOOT, HEIGHT, LEFT, ROOM, SMALL, WIDTH, Sheets
from inspire_lms.kernel.pdf.tree import put

FACES = ("Display", "Serif-Bold", "Sans", "Sans-Bold")
"""The faces that a document is set in."""


@dataclass(frozen=True)
class Document:
    """What is to be written."""

    title: str
    author: str
    """Who is responsible for it."""
    subject: str
    """Says at the foot of each page what the document is, and in the metadata."""
    language: str
    at: datetime
    """The moment that the file states; part of the values, never now."""
    blocks: tuple[Block, ...]


def why_not_print(texts: Iterable[str]) -> Reason | None:
    """Say why *texts* cannot be printed: a face lacks one of their letters."""
    used = {letter for text in texts for letter in tidy(text) if letter != "\n"}
    lacking = sorted(letter for letter in used if any(letter not in face(name).widths for name in FACES))
    if not lacking:
        return None
    return Reason("These letters cannot be printed: {letters}", letters=" ".join(lacking))


def texts(document: Document) -> list[str]:
    """List every text that a document prints."""
    said: list[Said] = [document.title, document.subject, *(text for block in document.blocks for text in texts_of(block))]
    return [spoken(one, document.language)[0] for one in said]


def written(document: Document) -> bytes:
    """Write a document. Raises ValueError for a letter that no face has: `why_not_print` says so beforehand."""
    if reason := why_not_print(texts(document)):
        raise ValueError(str(reason))
    flow = Flow(document.language)
    flow.title(document.title)
    for block in document.blocks:
        flow.block(block)
    _number(flow.sheets, document)
    objects = Objects()
    pages = [objects.reserve() for _ in flow.sheets.pages]
    catalog: dict[str, Value] = {
        "Type": Name("Catalog"), "Pages": _pages(objects, pages, flow.sheets), "Lang": document.language, "MarkInfo": {"Marked": True},
        "StructTreeRoot": put(flow.root, objects, pages), "ViewerPreferences": {"DisplayDocTitle": True},
        "OutputIntents": [metadata.output_intent(objects)], "Outlines": _outlines(objects, pages, flow.bookmarks),
        "PageMode": Name("UseOutlines"),
    }  # fmt: skip
    return _closed(objects, catalog, About(document.title, document.author, document.subject, document.language, document.at))


def _number(sheets: Sheets, document: Document) -> None:
    """Say at the foot of each page what it belongs to, and which of how many it is."""
    with speaking(document.language):
        for place in range(len(sheets.pages)):
            told = _("Page {number} of {of}", number=place + 1, of=len(sheets.pages))
            sheets.show(None, (document.subject,), SMALL, x=LEFT, top=FOOT - 8, page=place)
            sheets.show(None, (told,), SMALL, x=LEFT, top=FOOT - 20, right=ROOM, page=place)


def _pages(objects: Objects, pages: list[Ref], sheets: Sheets) -> Ref:
    above = objects.reserve()
    fonts = {name: embedded(face(name), objects, letters) for name, letters in sorted(sheets.letters.items())}
    shown = objects.add({"Font": fonts, "ProcSet": [Name("PDF"), Name("Text")]})
    for key, (ref, sheet) in enumerate(zip(pages, sheets.pages, strict=True)):
        entry: dict[str, Value] = {
            "Type": Name("Page"), "Parent": above, "MediaBox": [0, 0, WIDTH, HEIGHT], "Resources": shown, "StructParents": key,
            "Contents": objects.add_stream({}, b"".join(sheet.parts)), "Tabs": Name("S"),
        }  # fmt: skip
        objects.put(ref, entry)
    objects.put(above, {"Type": Name("Pages"), "Kids": list(pages), "Count": len(pages)})
    return above


def _outlines(objects: Objects, pages: list[Ref], bookmarks: list[Bookmark]) -> Ref:
    """Write the bookmarks as a tree: each heading below the last one of a higher level."""
    root = objects.reserve()
    refs = [objects.reserve() for _ in bookmarks]
    parents: list[int | None] = []
    for place, one in enumerate(bookmarks):
        parents.append(next((above for above in range(place - 1, -1, -1) if bookmarks[above].level < one.level), None))
    for place, (ref, one) in enumerate(zip(refs, bookmarks, strict=True)):
        parent = parents[place]
        twins = [other for other, above in enumerate(parents) if above == parent]
        at = twins.index(place)
        entry: dict[str, Value] = {
            "Title": one.text, "Parent": root if parent is None else refs[parent],
            "Dest": [pages[one.page], Name("XYZ"), 0, one.top, None],
        }  # fmt: skip
        entry |= {"Prev": refs[twins[at - 1]]} if at else {}
        entry |= {"Next": refs[twins[at + 1]]} if at + 1 < len(twins) else {}
        objects.put(ref, entry | _ends(refs, [other for other, above in enumerate(parents) if above == place]))
    objects.put(root, {"Type": Name("Outlines"), **_ends(refs, [other for other, above in enumerate(parents) if above is None])})
    return root


def _ends(refs: list[Ref], inside: list[int]) -> dict[str, Value]:
    return {"First": refs[inside[0]], "Last": refs[inside[-1]], "Count": len(inside)} if inside else {}


def _closed(objects: Objects, catalog: dict[str, Value], about: About) -> bytes:
    """Add what the file says of itself, and write it to its end."""
    packet = objects.reserve()
    objects.streams[packet.number] = stream({"Type": Name("Metadata"), "Subtype": Name("XML")}, metadata.packet(about), level=0)
    information = objects.add(metadata.information(about))
    root = objects.add(catalog | {"Metadata": packet})
    table = objects.reserve()
    block, rows = objects.closed()
    rows[table.number] = row_at(len(block))
    name = hashlib.sha256(block).digest()[:16]
    entries: dict[str, Value] = {
        "Type": Name("XRef"), "Size": len(rows), "W": [1, 3, ROW - 4], "Root": root, "Info": information, "ID": [name, name],
    }  # fmt: skip
    ending = numbered(table.number, stream(entries, b"".join(rows)))
    return block + ending + b"startxref\n%d\n%%%%EOF\n" % len(block)
