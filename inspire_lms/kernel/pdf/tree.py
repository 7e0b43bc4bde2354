"""The structure of a document that runs over pages: elements, and the marked texts of each page that belong to them (ISO 32000-1, 14.7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from inspire_lms.kernel.pdf.objects import Name, Objects, Ref, Value


@dataclass(frozen=True)
class Mark:
    """A marked text: its page, counted from nought, and its number on that page."""

    page: int
    number: int


@dataclass
class Element:
    """An element of the document: what it is, and what is inside, in reading order."""

    role: str
    language: str = ""
    """Where it is another than that of the document."""
    attributes: Mapping[str, Value] = field(default_factory=dict)
    inside: "list[Element | Mark]" = field(default_factory=list)


def put(root: Element, objects: Objects, pages: Sequence[Ref]) -> Ref:
    """Put a whole structure among the objects of a file, with the way back from marked texts to elements; give its root."""
    top = objects.reserve()
    back: list[dict[int, Ref]] = [{} for _ in pages]
    first = _element(root, top, objects, pages, back)
    rows: list[Value] = []
    for key, found in enumerate(back):
        rows += [key, objects.add([found[number] for number in sorted(found)])]
    entry: dict[str, Value] = {
        "Type": Name("StructTreeRoot"), "K": first, "ParentTree": objects.add({"Nums": rows}), "ParentTreeNextKey": len(pages),
    }  # fmt: skip
    objects.put(top, entry)
    return top


def _element(element: Element, parent: Ref, objects: Objects, pages: Sequence[Ref], back: list[dict[int, Ref]]) -> Ref:
    own = objects.reserve()
    kids: list[Value] = []
    for one in element.inside:
        if isinstance(one, Element):
            kids.append(_element(one, own, objects, pages, back))
        else:
            back[one.page][one.number] = own
            kids.append({"Type": Name("MCR"), "Pg": pages[one.page], "MCID": one.number})
    entry: dict[str, Value] = {"Type": Name("StructElem"), "S": Name(element.role), "P": parent, "K": kids}
    if element.language:
        entry["Lang"] = element.language
    if element.attributes:
        entry["A"] = element.attributes
    objects.put(own, entry)
    return own
