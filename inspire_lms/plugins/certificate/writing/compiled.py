"""What the certificates of a batch have in common, drawn and packed once: fonts, ornaments, common texts, the structure.

Of a certificate nine tenths are the same as on the next one. So everything common stands at the beginning of the file as
one block, whose digest is worked out once, and a certificate adds its own texts, its metadata and its seal (filled.py).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from itertools import groupby
from typing import Any

from inspire_lms.plugins.certificate.drawing import words
from inspire_lms.plugins.certificate.drawing.faces import face
from inspire_lms.plugins.certificate.drawing.page import FIELD, LINK, Draughtsman
from inspire_lms.plugins.certificate.drawing.record import Record
from inspire_lms.plugins.certificate.drawing.setting import MM, width_of
from inspire_lms.plugins.certificate.drawing.tags import Node, Piece
from inspire_lms.plugins.certificate.layout import Box, Layout
from inspire_lms.plugins.certificate.writing import content, metadata
from inspire_lms.plugins.certificate.writing.fonts import embedded
from inspire_lms.plugins.certificate.writing.pdf import Name, Objects, Ref, Value
from inspire_lms.plugins.certificate.writing.structure import Tree

PERSONAL = frozenset(
    {"number", "code", "short_code", "address", "name", "latin_name", "live_minutes", "attended_minutes", "results", "competences"}
)
"""What of a record differs from certificate to certificate of one batch."""
COMMON = tuple(one.name for one in fields(Record) if one.name not in PERSONAL)
CREDENTIAL = "credential.jwt"
"""The name of the attached file."""
_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FIGURES = "0123456789 \u00a0.,:;%()/-–'’“”"
ALPHABETS: Mapping[str, str] = {
    "en": _LATIN,
    "it": _LATIN + "ÀÈÉÌÒÙàèéìíòóùú",
    "ro": _LATIN + "ĂÂÎȘȚăâîșț",
    "el": "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψωΆΈΉΊΌΎΏΪΫάέήίόύώϊϋΐΰ",
}
"""Letters that a face has ready for names; a name with another letter gets a block of its own."""
_OWN_LETTERS: Mapping[str, str] = {"latin_name": _LATIN, "number": _LATIN[:26], "short_code": _LATIN[:26], "supplement": _LATIN}


class Form(StrEnum):
    """What is made: a file that is sealed as it is written, one that another program seals, or a preview."""

    SEALED = "sealed"
    OPEN = "open"
    PREVIEW = "preview"


@dataclass(frozen=True)
class Slot:
    """A place for what differs: the box, the language and the number of its page, and between which numbers its texts are."""

    box: Box
    language: str
    page: int
    first: int
    after: int


@dataclass(frozen=True)
class Stretch:
    """Neighbouring slots of a page: a piece of its content that each certificate writes itself, as an object of its own."""

    number: int
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Places:
    """The numbers of the other objects that each certificate writes itself."""

    metadata: int
    information: int
    link: int
    attached: int
    seal: int
    table: int
    """The cross-reference stream."""


@dataclass
class Compiled:
    """What is common to the certificates of a batch."""

    layout: Layout
    common: tuple[Any, ...]
    shape: tuple[Any, ...]
    form: Form
    values: Mapping[int, dict[str, str]]
    """The common texts, by the number of the page."""
    stretches: tuple[Stretch, ...]
    """What differs, in the order of the document; what stands between is in the block."""
    letters: Mapping[str, frozenset[str]]
    """What each face has ready."""
    places: Places
    root: Ref
    link: dict[str, Value]
    block: bytes = b""
    rows: list[bytes] = field(default_factory=list)
    digest: Any = None
    """The state of SHA-256 after the block."""
    draughtsman: Draughtsman | None = None
    """Who drew the block, and draws what is a certificate's own: the sizes that fitted last time fit nearly always."""


def common_of(record: Record) -> tuple[Any, ...]:
    """Give what of *record* is common to a batch."""
    return tuple(getattr(record, name) for name in COMMON)


def shape_of(record: Record, *, has_credential: bool) -> tuple[Any, ...]:
    """Say what of the structure differs: two certificates of one shape have the same elements."""
    return (
        record.latin_name != record.name,
        bool(record.live_minutes) and record.attended_minutes is not None,
        bool(record.results),
        len(record.competences),
        has_credential,
    )


def is_own(box: Box) -> bool:
    """Say whether what stands in *box* differs from certificate to certificate."""
    return box.kind in {"qr", "competences"} or not words.PERSONAL.isdisjoint(box.named)


def compiled(layout: Layout, record: Record, form: Form, *, has_credential: bool, more: Mapping[str, frozenset[str]]) -> Compiled:
    """Draw what is common to all certificates that share the common part of *record*; *more* are letters beyond the ready ones.

    Raises ValueError when a text is too long: `why_not_draw` says so beforehand.
    """
    work = _Work(layout, record, form, has_credential=has_credential, more=more)
    return work.finish()


class _Work:
    """The common block while it is made."""

    def __init__(self, layout: Layout, record: Record, form: Form, *, has_credential: bool, more: Mapping[str, frozenset[str]]) -> None:
        self.layout, self.record, self.form, self.has_credential = layout, record, form, has_credential
        self.draughtsman = Draughtsman(layout, record)
        self.objects = Objects()
        self.tree = Tree(self.objects, record.language)
        self.letters: dict[str, set[str]] = {name: set(letters) for name, letters in more.items()}
        self.above, self.kinds = self.objects.reserve(), self.objects.reserve()
        self.pages = [self.objects.reserve() for _ in self.draughtsman.pages]
        self.stretches: list[Stretch] = []
        self.metadata, self.information, self.table = (self.objects.reserve() for _ in range(3))
        self.link, self.attached, self.seal, self.widget = (self.objects.reserve() for _ in range(4))
        self.linked: dict[str, Value] = {}
        self.values: dict[int, dict[str, str]] = {}

    def finish(self) -> Compiled:
        for number in range(1, len(self.pages) + 1):
            self._page(number)
        if self.draughtsman.too_long:
            msg = f"A text is too long for its place: {self.draughtsman.too_long[0]}"
            raise ValueError(msg)
        fonts = {name: embedded(face(name), self.objects, letters) for name, letters in sorted(self.letters.items())}
        self.objects.put(self.kinds, {"Font": fonts, "ProcSet": [Name("PDF"), Name("Text"), Name("ImageB")]})
        self.objects.put(self.above, {"Type": Name("Pages"), "Kids": list(self.pages), "Count": len(self.pages)})
        root = self.objects.add(self._catalog())
        block, rows = self.objects.closed()
        places = Places(
            self.metadata.number, self.information.number, self.link.number,
            self.attached.number, self.seal.number, self.table.number,
        )  # fmt: skip
        return Compiled(
            self.layout, common_of(self.record), shape_of(self.record, has_credential=self.has_credential), self.form, self.values,
            tuple(self.stretches),
            {name: frozenset(letters) for name, letters in self.letters.items()}, places, root, self.linked, block, rows,
            hashlib.sha256(block), self.draughtsman,
        )  # fmt: skip

    def _page(self, number: int) -> None:
        page, ref = self.draughtsman.pages[number - 1], self.pages[number - 1]
        language = self.draughtsman.language_of(page)
        values = self.values[number] = self.draughtsman.page_values(number)
        parts: list[bytes | Slot] = []
        if self.form is Form.PREVIEW:
            across = words.specimen(language)
            self.letters.setdefault("Sans-Bold", set()).update(across)
            parts.append(content.across(across, self.layout.width * MM, self.layout.height * MM))
        nodes, first = [], 0
        for box in page.boxes:
            node = self.draughtsman.element(box, language, values)
            if node is None:
                continue
            drawn, after = content.of(node, first)
            parts.append(Slot(box, language, number, first, after) if is_own(box) else drawn)
            first = after
            self._take_letters(node, box, language)
            nodes.append(node)
            if number == 1 and "seal" in box.named and self.form is not Form.PREVIEW:
                nodes.append(Node("Form", (), field=FIELD))
        self._put_page(ref, self._contents(parts), number, nodes, language)

    def _contents(self, parts: list[bytes | Slot]) -> list[Ref]:
        """Lay out the content of a page: a stream for each constant stretch, a reserved number for each that differs."""
        laid = []
        for is_slot, run in groupby(parts, lambda part: isinstance(part, Slot)):
            if is_slot:
                laid.append(self.objects.reserve())
                self.stretches.append(Stretch(laid[-1].number, tuple(part for part in run if isinstance(part, Slot))))
            else:
                laid.append(self.objects.add_stream({}, b"".join(part for part in run if isinstance(part, bytes))))
        return laid

    def _put_page(self, ref: Ref, contents: list[Ref], number: int, nodes: list[Node], language: str) -> None:
        annotations: dict[int, tuple[Ref, int]] = {}
        # The keys of pages come first, then those of links and fields.
        for node in nodes:
            for one in (node, *(inner for inner in node.inside if isinstance(inner, Node))):
                if one.link == LINK:
                    annotations[id(one)] = (self.link, len(annotations))
                    self.linked = self._link(one, key=len(self.pages) + len(annotations) - 1)
                elif one.field:
                    annotations[id(one)] = (self.widget, len(annotations))
                    self.objects.put(self.widget, self._widget(ref, key=len(self.pages) + len(annotations) - 1, language=language))
        self.tree.add_page(ref, nodes, language, annotations)
        entry: dict[str, Value] = {
            "Type": Name("Page"), "Parent": self.above, "MediaBox": [0, 0, self.layout.width * MM, self.layout.height * MM],
            "Resources": self.kinds, "Contents": contents, "StructParents": number - 1, "Tabs": Name("S"),
        }  # fmt: skip
        self.objects.put(ref, entry | ({"Annots": [one for one, _ in annotations.values()]} if annotations else {}))

    def _take_letters(self, node: Node, box: Box, language: str) -> None:
        for font, text in content.letters_of(node):
            ready = self.letters.setdefault(font, set())
            ready.update(text)
            if is_own(box):
                ready.update(_FIGURES)
                for one in box.named or (box.kind,):
                    if one in words.PERSONAL:
                        ready.update(_OWN_LETTERS.get(one, ALPHABETS.get(self.record.language if one == "name" else language, _LATIN)))

    def _link(self, node: Node, *, key: int) -> dict[str, Value]:
        (piece,) = (one for one in node.inside if isinstance(one, Piece))
        widths = [width_of(line, piece.font, piece.setting.size) for line in piece.setting.lines]
        left = piece.x + piece.right - max(widths) if piece.right else piece.x
        return {
            "Type": Name("Annot"), "Subtype": Name("Link"), "Rect": [left, piece.top - piece.setting.height, left + max(widths), piece.top],
            "Border": [0, 0, 0], "F": 4, "StructParent": key,
        }  # fmt: skip

    def _widget(self, page: Ref, *, key: int, language: str) -> dict[str, Value]:
        entry: dict[str, Value] = {
            "Type": Name("Annot"), "Subtype": Name("Widget"), "FT": Name("Sig"), "T": FIELD, "TU": words.field_name(language),
            "Rect": [0, 0, 0, 0], "F": 132, "StructParent": key, "P": page,
        }  # fmt: skip
        return entry | ({"V": self.seal} if self.form is Form.SEALED else {})

    def _catalog(self) -> dict[str, Value]:
        entry: dict[str, Value] = {
            "Type": Name("Catalog"), "Pages": self.above, "Lang": self.record.language, "MarkInfo": {"Marked": True},
            "StructTreeRoot": self.tree.close(), "ViewerPreferences": {"DisplayDocTitle": True}, "Metadata": self.metadata,
            "OutputIntents": [metadata.output_intent(self.objects)],
        }  # fmt: skip
        if self.has_credential:
            files = {"F": self.attached, "UF": self.attached}
            held: dict[str, Value] = {
                "Type": Name("Filespec"), "F": CREDENTIAL, "UF": CREDENTIAL, "AFRelationship": Name("Data"),
                "Desc": "Open Badges 3.0 credential", "EF": files,
            }  # fmt: skip
            spec = self.objects.add(held)
            entry |= {"AF": [spec], "Names": {"EmbeddedFiles": {"Names": [CREDENTIAL, spec]}}}
        if self.form is not Form.PREVIEW:
            entry["AcroForm"] = {"Fields": [self.widget], "SigFlags": 3 if self.form is Form.SEALED else 0}
        if self.form is Form.SEALED:
            # PAdES in PDF 1.7 is an extension of the language (ETSI EN 319 142-1, 5.1).
            entry |= {"Perms": {"DocMDP": self.seal}, "Extensions": {"ESIC": {"BaseVersion": Name("1.7"), "ExtensionLevel": 1}}}
        return entry
