"""What the certificates of a batch have in common, drawn and packed once: fonts, ornaments, common texts, the structure.

Of a certificate nine tenths are the same as on the next one. So everything common stands at the beginning of the file as
one block, whose digest is worked out once, and a certificate adds its own texts, its metadata and its seal (filled.py).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from inspire_lms.kernel.i18n import Words
from inspire_lms.kernel.pdf import metadata
from inspire_lms.kernel.pdf.faces import face
from inspire_lms.kernel.pdf.fonts import embedded
from inspire_lms.kernel.pdf.objects import Name, Objects, Ref, Value
from inspire_lms.kernel.pdf.setting import MM, width_of
from inspire_lms.plugins.certificate.drawing import words
from inspire_lms.plugins.certificate.drawing.ornaments import CODE
from inspire_lms.plugins.certificate.drawing.page import FIELD, LINK, WHOLE, Draughtsman
from inspire_lms.plugins.certificate.drawing.record import Record
from inspire_lms.plugins.certificate.drawing.tags import ARTIFACT, Node, Picture, Piece
from inspire_lms.plugins.certificate.layout import Box, Layout
from inspire_lms.plugins.certificate.writing import content
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
    """A place for a text that differs: what the same place shows on the model, and the number of its mark on the page."""

    box: Box
    language: str
    page: int
    role: str
    mark: int
    model: Piece


@dataclass(frozen=True)
class Places:
    """The numbers of the objects that each certificate writes itself."""

    contents: tuple[int, ...]
    """For each page, the part of its content that is the certificate's own."""
    metadata: int
    information: int
    link: int
    code: int
    """The picture of the QR code."""
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
    has_credential: bool
    values: Mapping[int, dict[str, str]]
    """The common texts, by the number of the page."""
    slots: tuple[tuple[Slot, ...], ...]
    """What differs, page by page and in reading order."""
    letters: Mapping[str, frozenset[str]]
    """What each face has ready."""
    more: Mapping[str, frozenset[str]]
    """What of that most certificates of the batch do not need."""
    places: Places
    root: Ref
    link: dict[str, Value]
    block: bytes = b""
    rows: list[bytes] = field(default_factory=list)
    digest: Any = None
    """The state of SHA-256 after the block."""


def common_of(record: Record) -> tuple[Any, ...]:
    """Give what of *record* is common to a batch."""
    return tuple(getattr(record, name) for name in COMMON)


def shape_of(record: Record, *, alone: bool) -> tuple[Any, ...]:
    """Say what of a record its model depends on: certificates with the same common part and the same shape have the same model.

    One that stands *alone* is a model for itself.
    """
    return (
        (record.name, record.latin_name, record.attended_minutes, record.results, record.competences) if alone else (),
        record.latin_name != record.name,
        record.live_minutes if record.attended_minutes is not None else None,
        tuple((one.title, one.pass_mark) for one in record.results),
        tuple(one.title for one in record.competences),
        {tuple(sorted(one.level.items())) for one in record.competences},
    )


def model_of(record: Record) -> Record:
    """Make the record after which the places of a batch are measured: figures that take more room than most, a name on one line."""
    longest = max((one.level for one in record.competences), key=lambda level: len(level.text(record.language)), default=Words())
    return replace(
        record, name=f"{'n' * 24}", latin_name=f"{'n' * 24}" if record.latin_name == record.name else f"{'n' * 25}",
        attended_minutes=None if record.attended_minutes is None else (record.live_minutes or 0) - 1,
        results=tuple(replace(one, percent="100") for one in record.results),
        competences=tuple(replace(one, percent="100", level=one.level or longest) for one in record.competences),
    )  # fmt: skip


def compiled(
    layout: Layout, model: Record, form: Form, *, shape: tuple[Any, ...], has_credential: bool, more: Mapping[str, frozenset[str]]
) -> Compiled:
    """Draw what is common to all certificates with the common part and the shape of *model*; *more* are letters beyond the ready ones.

    Raises ValueError when a text is too long: `why_not_draw` says so beforehand.
    """
    work = _Work(layout, model, form, has_credential=has_credential, more=more)
    return work.finish(shape)


class _Work:
    """The common block while it is made."""

    def __init__(self, layout: Layout, record: Record, form: Form, *, has_credential: bool, more: Mapping[str, frozenset[str]]) -> None:
        self.layout, self.record, self.form, self.has_credential = layout, record, form, has_credential
        self.draughtsman = Draughtsman(layout, record)
        self.objects = Objects()
        self.tree = Tree(self.objects, record.language)
        self.more = dict(more)
        self.letters: dict[str, set[str]] = {name: set(letters) for name, letters in more.items()}
        self.above, self.kinds = self.objects.reserve(), self.objects.reserve()
        self.pages = [self.objects.reserve() for _ in self.draughtsman.pages]
        self.contents: list[Ref] = []
        self.slots: list[tuple[Slot, ...]] = []
        self.metadata, self.information, self.table = (self.objects.reserve() for _ in range(3))
        self.link, self.code, self.attached, self.seal, self.widget = (self.objects.reserve() for _ in range(5))
        self.linked: dict[str, Value] = {}
        self.values: dict[int, dict[str, str]] = {}

    def finish(self, shape: tuple[Any, ...]) -> Compiled:
        for number in range(1, len(self.pages) + 1):
            self._page(number)
        if self.draughtsman.too_long:
            msg = f"A text is too long for its place: {self.draughtsman.too_long[0]}"
            raise ValueError(msg)
        fonts = {name: embedded(face(name), self.objects, letters) for name, letters in sorted(self.letters.items())}
        shown: dict[str, Value] = {"Font": fonts, "XObject": {CODE: self.code}, "ProcSet": [Name("PDF"), Name("Text"), Name("ImageB")]}
        self.objects.put(self.kinds, shown)
        self.objects.put(self.above, {"Type": Name("Pages"), "Kids": list(self.pages), "Count": len(self.pages)})
        root = self.objects.add(self._catalog())
        block, rows = self.objects.closed()
        places = Places(
            tuple(one.number for one in self.contents), self.metadata.number, self.information.number, self.link.number, self.code.number,
            self.attached.number, self.seal.number, self.table.number,
        )  # fmt: skip
        return Compiled(
            self.layout, common_of(self.record), shape, self.form, self.has_credential, self.values,
            tuple(self.slots),
            {name: frozenset(letters) for name, letters in self.letters.items()}, self.more, places, root, self.linked, block, rows,
            hashlib.sha256(block),
        )  # fmt: skip

    def _page(self, number: int) -> None:
        page, ref = self.draughtsman.pages[number - 1], self.pages[number - 1]
        language = self.draughtsman.language_of(page)
        values = self.values[number] = self.draughtsman.page_values(number)
        parts: list[bytes] = []
        if self.form is Form.PREVIEW:
            across = words.specimen(language)
            self.letters.setdefault("Sans-Bold", set()).update(across)
            parts.append(content.across(across, self.layout.width * MM, self.layout.height * MM))
        nodes, slots, mark = [], [], 0
        for box in page.boxes:
            node = self.draughtsman.element(box, language, values)
            if node is None:
                continue
            nodes.append(node)
            for around, leaf in node.leaves():
                if isinstance(leaf, Piece) and leaf.own:
                    slots.append(Slot(box, language, number, around.role, mark, leaf))
                else:
                    parts.append(content.of(around.role, mark, leaf))
                mark += around.role != ARTIFACT
                self._take_letters(leaf, box, language)
            if number == 1 and "seal" in box.named and self.form is not Form.PREVIEW and not any(one.field for one in nodes):
                nodes.append(Node("Form", (), field=FIELD))
        self.slots.append(tuple(slots))
        self.contents.append(self.objects.reserve())
        self._put_page(ref, [self.objects.add_stream({}, b"".join(parts)), self.contents[-1]], number, nodes, language)

    def _put_page(self, ref: Ref, contents: list[Ref], number: int, nodes: list[Node], language: str) -> None:
        annotations: dict[int, tuple[Ref, int]] = {}
        # The keys of pages come first, then those of links and fields, page after page.
        first = len(self.tree.annotated)
        for node in nodes:
            for one in (node, *(inner for inner in node.inside if isinstance(inner, Node))):
                key = first + len(annotations)
                if one.link == LINK:
                    annotations[id(one)] = (self.link, key)
                    self.linked = self._link(one, key=len(self.pages) + key)
                elif one.field:
                    annotations[id(one)] = (self.widget, key)
                    self.objects.put(self.widget, self._widget(ref, key=len(self.pages) + key, language=language))
        self.tree.add_page(ref, nodes, language, annotations)
        entry: dict[str, Value] = {
            "Type": Name("Page"), "Parent": self.above, "MediaBox": [0, 0, self.layout.width * MM, self.layout.height * MM],
            "Resources": self.kinds, "Contents": contents, "StructParents": number - 1, "Tabs": Name("S"),
        }  # fmt: skip
        self.objects.put(ref, entry | ({"Annots": [one for one, _ in annotations.values()]} if annotations else {}))

    def _take_letters(self, leaf: Piece | Picture, box: Box, language: str) -> None:
        """Have the letters of a text ready, and where it differs those that another certificate may need."""
        if isinstance(leaf, Picture):
            return
        ready = self.letters.setdefault(leaf.font, set())
        ready.update(" ", *leaf.setting.lines)
        if leaf.own:
            ready.update(_FIGURES)
            for one in box.named if leaf.own == WHOLE else (leaf.own,):
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
