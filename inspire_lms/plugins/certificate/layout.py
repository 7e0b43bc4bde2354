"""A layout's text to boxes in millimetres; a wrong one is refused, with the line of every mistake.

A layout says where things stand and how large they are; which words stand there are fields, filled from the
record of one certificate and the catalogues. So a designer moves boxes and a translator never sees them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.programmes import edition_file
from inspire_lms.kernel.programmes.edition_file import Table
from inspire_lms.plugins.certificate.rules import Kind

FONTS = ("Display", "Serif", "Serif-Bold", "Sans", "Sans-Bold")
"""The faces that kernel/typefaces.py cuts."""
TEXT_FIELDS = (
    "accreditation", "address", "assessment", "attendance", "body", "certifies", "check", "competences_heading", "country",
    "disclaimer", "edition", "eqf", "expires",
    "funding", "grading", "hours", "identity", "issued", "issued_place", "language", "latin_name", "micro", "mode", "name", "number",
    "page", "partners", "period", "place", "prerequisites", "programme", "quality", "results", "role_title", "scheme", "seal",
    "short_code", "signatory", "signatory_function", "statement", "supplement", "title", "units_heading",
)  # fmt: skip
"""What a text may name in braces."""
ALWAYS = frozenset(
    {"number", "name", "title", "programme", "statement", "body", "country", "period", "mode", "hours", "assessment", "eqf", "quality",
     "issued_place", "signatory", "signatory_function", "seal", "funding", "disclaimer", "micro", "scheme", "page", "short_code",
     "address", "expires"}
)  # fmt: skip
"""What every document states (domain.md 3.2 and 3.6), with the units and their outcomes."""
ALSO: Mapping[str, frozenset[str]] = {
    Kind.COMPETENCE: frozenset({"role_title", "results", "attendance", "identity"}),
    Kind.ATTENDANCE: frozenset({"attendance"}),
    Kind.CERTIFICATION: frozenset({"role_title", "results", "attendance", "identity", "accreditation"}),
}
"""What a kind of document states beside that."""
ADDRESS = "{address}"
"""The text of the box that is the link to the check."""
KINDS = ("text", "facts", "units", "competences", "qr", "emblem", "mark", "frieze", "rule", "panel")
TAGS = ("P", "H1", "H2", "H3", "Artifact")
WITH_TEXT = frozenset({"text", "facts", "units", "competences"})
TOUCH = 0.01
"""Millimetres by which boxes may overlap: they may touch."""
_FIELD = re.compile(r"\{([a-z_]+)\}")
_BRACE = re.compile(r"[{}]")
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class Box:
    """A rectangle on a page with what stands in it. Lengths in millimetres from the top left, sizes in points."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    text: str = ""
    fields: tuple[str, ...] = ()
    """For facts: the fields, each with its label, row by row."""
    columns: int = 1
    font: str = "Sans"
    size: float = 10
    least: float = 10
    """The smallest size to which text may shrink before it counts as too long."""
    leading: float = 1.35
    """Distance of lines as a multiple of the size."""
    lines: int = 0
    """At most so many lines; 0: as many as the height takes."""
    colour: str = "#14233c"
    align: str = "left"
    stand: str = "top"
    """Where text stands in a box that is higher: top, middle or bottom."""
    tag: str = "P"
    """What the text is to whoever does not see it: P, a heading (H1, H2, H3), or Artifact for what every page says again."""

    @property
    def named(self) -> tuple[str, ...]:
        """The fields that the box shows."""
        return (*_FIELD.findall(self.text), *self.fields)


@dataclass(frozen=True)
class Page:
    """One page: its boxes, and the language in which they speak."""

    in_english: bool
    """True: always English. False: the language of the cohort."""
    unless_english: bool
    """True: left out when the cohort speaks English, since an English page says the same."""
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Layout:
    """Where everything stands in one kind of document."""

    kind: Kind
    version: str
    width: float
    height: float
    pages: tuple[Page, ...]

    def pages_in(self, language: str) -> tuple[Page, ...]:
        """Give the pages of a document in *language*."""
        return tuple(page for page in self.pages if not (page.unless_english and language == "en"))


def read(text: str) -> Layout:
    """Read a layout file. Raises Invalid with the line of every mistake."""
    root = edition_file.read(text)
    kind = Kind(root.choice("document", tuple(Kind)))
    version = root.text("version", most=20)
    paper = root.table("paper")
    width, height = _length(paper, "width", Decimal(50), Decimal(600)), _length(paper, "height", Decimal(50), Decimal(600))
    pages = tuple(_page(page, width, height) for page in root.tables("page", least=1))
    _require(root, kind, pages)
    _keep_headings(root, pages)
    root.finish()
    return Layout(kind, version, width, height, pages)


def _page(table: Table, width: float, height: float) -> Page:
    in_english = table.choice("language", ("national", "english")) == "english"
    unless_english = table.flag("unless_english", default=False)
    read_boxes = [(one, _box(one)) for one in table.tables("box", least=1)]
    for one, box in read_boxes:
        if box.x + box.width > width + TOUCH or box.y + box.height > height + TOUCH:
            one.problem("", Reason("This box reaches beyond the page of {width} by {height} mm.", width=f"{width:g}", height=f"{height:g}"))
    _keep_apart(read_boxes)
    return Page(in_english, unless_english, tuple(box for _, box in read_boxes))


def _box(table: Table) -> Box:
    kind = table.choice("kind", KINDS, default="text")
    most = Decimal(600)
    x, y = _length(table, "x", Decimal(0), most), _length(table, "y", Decimal(0), most)
    width, height = _length(table, "width", Decimal("0.1"), most), _length(table, "height", Decimal("0.1"), most)
    colour = table.text("colour", most=7, default="#14233c")
    if not _COLOUR.fullmatch(colour):
        table.problem("colour", Reason("A colour is written #rrggbb, in small letters."))
        colour = "#14233c"
    if kind not in WITH_TEXT:
        return Box(kind, x, y, width, height, colour=colour)
    size = float(table.decimal("size", least=Decimal(5), most=Decimal(72)))
    least = float(table.decimal("least", least=Decimal(5), most=Decimal(72), default=Decimal(str(size))))
    if least > size:
        table.problem("least", Reason("The smallest size is larger than the size."))
    return Box(
        kind, x, y, width, height,
        text=_text(table) if kind == "text" else "",
        fields=_facts(table) if kind == "facts" else (),
        columns=table.whole("columns", least=1, most=3, default=1),
        font=table.choice("font", FONTS, default="Sans"),
        size=size,
        least=min(least, size),
        leading=float(table.decimal("leading", least=Decimal(1), most=Decimal(3), default=Decimal("1.35"))),
        lines=table.whole("lines", least=1, most=60, default=0) if table.has("lines") else 0,
        colour=colour,
        align=table.choice("align", ("left", "right"), default="left"),
        stand=table.choice("stand", ("top", "middle", "bottom"), default="top"),
        tag=table.choice("tag", TAGS, default="P"),
    )  # fmt: skip


def _text(table: Table) -> str:
    text = table.text("text", most=400)
    for field in _FIELD.findall(text):
        if field not in TEXT_FIELDS:
            table.problem(
                "text", Reason("There is no field “{field}”. The fields are: {fields}.", field=field, fields=", ".join(TEXT_FIELDS))
            )
    if _BRACE.search(_FIELD.sub("", text)):
        reason = Reason("Braces stand around the name of a field and nowhere else, for example {example}.", example="{name}")
        table.problem("text", reason)
    elif not _FIELD.search(text) and text != "INSPIRE PA":
        table.problem(
            "text",
            Reason("A text names at least one field, for example {example}: words of its own could not be translated.", example="{name}"),
        )
    return text


def _facts(table: Table) -> tuple[str, ...]:
    return tuple(table.choices("fields", TEXT_FIELDS))


def _keep_apart(boxes: Sequence[tuple[Table, Box]]) -> None:
    """Note each box with text that lies on one before it."""
    written = [(table, box) for table, box in boxes if box.kind in WITH_TEXT or box.kind == "qr"]
    for number, (table, box) in enumerate(written):
        for _, other in written[:number]:
            across = min(box.x + box.width, other.x + other.width) - max(box.x, other.x)
            down = min(box.y + box.height, other.y + other.height) - max(box.y, other.y)
            if across > TOUCH and down > TOUCH:
                table.problem("", Reason("This box lies on the one at {x}, {y} mm.", x=f"{other.x:g}", y=f"{other.y:g}"))
                break


def _flows(pages: Sequence[Page]) -> tuple[Sequence[Page], Sequence[Page]]:
    """Give the pages of a document in a language of its own, and of one in English."""
    return pages, [page for page in pages if not page.unless_english]


def _require(root: Table, kind: Kind, pages: Sequence[Page]) -> None:
    """Note what the document has to state and the layout nowhere shows, or shows in one language only."""
    flows = [[box for page in flow for box in page.boxes] for flow in _flows(pages)]
    for field in sorted({field for boxes in flows for field in _lacking(kind, boxes)}):
        root.problem("", Reason("The layout has no place for “{field}”, which every document of this kind states.", field=field))
    if any([box.text for box in boxes].count(ADDRESS) != 1 for boxes in flows):
        root.problem("page", Reason("A document has one link to its check: one box with the text {field} and nothing else.", field=ADDRESS))
    for number, page in enumerate(pages, 1):
        if any(box.tag == "Artifact" and box.named and not {"page", "name", "number"}.issuperset(box.named) for box in page.boxes):
            root.problem(
                "page",
                Reason(
                    "Page {number} hides a text that is said nowhere else: only page, name and number may be an Artifact.", number=number
                ),
            )
        if not any("seal" in box.named for box in page.boxes):
            root.problem("page", Reason("Page {number} has no place for the honest statement about the seal.", number=number))


def _lacking(kind: Kind, boxes: Sequence[Box]) -> set[str]:
    """Say what is shown in none of *boxes*, or only where a reader of the document who does not see it is not told."""
    shown = {field for box in boxes for field in box.named if box.tag != "Artifact" or field == "page"}
    drawn = {"qr", "emblem", "units"} | (set() if kind is Kind.ATTENDANCE else {"competences"})
    return ({*ALWAYS, *ALSO[kind]} - shown) | (drawn - {box.kind for box in boxes})


def _keep_headings(root: Table, pages: Sequence[Page]) -> None:
    """Note headings that leave a level out, in a language of its own or in English: who listens finds their way by them."""
    for flow in _flows(pages):
        levels = [int(box.tag[1]) for page in flow for box in page.boxes if box.tag in {"H1", "H2", "H3"}]
        if levels.count(1) != 1 or levels[0] != 1:
            root.problem("page", Reason("A document has one heading of the first level (tag H1), before all others."))
        elif any(after > before + 1 for before, after in pairwise(levels)):
            root.problem("page", Reason("The headings leave a level out: after H1 comes H2, after H2 H3."))


def _length(table: Table, key: str, least: Decimal, most: Decimal) -> float:
    return float(table.decimal(key, least=least, most=most))
