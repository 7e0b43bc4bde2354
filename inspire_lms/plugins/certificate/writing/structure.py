"""The structure of a file: its elements, and which element each marked text of a page belongs to (ISO 32000-1, 14.7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from inspire_lms.kernel.pdf.objects import Name, Objects, Ref, Value
from inspire_lms.plugins.certificate.drawing.tags import ARTIFACT, Node, Picture


@dataclass
class Tree:
    """The structure of a file while it is gathered: elements, and which element each marked text of a page belongs to."""

    objects: Objects
    language: str
    root: Ref = field(init=False)
    document: Ref = field(init=False)
    sections: list[Ref] = field(default_factory=list)
    parents: list[list[Ref]] = field(default_factory=list)
    """For each page, the elements of its marked texts in their order."""
    annotated: dict[int, Ref] = field(default_factory=dict)
    """The elements of links and fields of all pages, by their keys, which begin at 0."""

    def __post_init__(self) -> None:
        """Reserve the numbers of what everything else points at."""
        self.root, self.document = self.objects.reserve(), self.objects.reserve()

    def add_page(self, page: Ref, nodes: Sequence[Node], language: str, annotations: Mapping[int, tuple[Ref, int]]) -> None:
        """Take in the elements of one page; *annotations* are by the identity of the node that has one: the annotation and its key."""
        section = self.objects.reserve()
        marked: list[Ref] = []
        self.parents.append(marked)
        kids = [self._element(one, section, page, marked, annotations) for one in nodes if one.role != ARTIFACT]
        entry: dict[str, Value] = {"Type": Name("StructElem"), "S": Name("Sect"), "P": self.document, "K": kids}
        self.objects.put(section, entry | ({"Lang": language} if language != self.language else {}))
        self.sections.append(section)

    def _element(self, node: Node, parent: Ref, page: Ref, marked: list[Ref], annotations: Mapping[int, tuple[Ref, int]]) -> Ref:
        own = self.objects.reserve()
        entry: dict[str, Value] = {"Type": Name("StructElem"), "S": Name(node.role), "P": parent, "Pg": page}
        if node.language:
            entry["Lang"] = node.language
        if node.alt:
            entry["Alt"] = node.alt
        if node.role == "TH":
            entry["A"] = {"O": Name("Table"), "Scope": Name("Row")}
        kids: list[Value] = []
        for one in node.inside:
            if isinstance(one, Node):
                kids.append(self._element(one, own, page, marked, annotations))
                continue
            if isinstance(one, Picture):
                entry["A"] = {"O": Name("Layout"), "Placement": Name("Block"), "BBox": list(one.box)}
            kids.append(len(marked))
            marked.append(own)
        if id(node) in annotations:
            annotation, key = annotations[id(node)]
            kids.append({"Type": Name("OBJR"), "Obj": annotation, "Pg": page})
            self.annotated[key] = own
        self.objects.put(own, entry | {"K": kids[0] if len(kids) == 1 else kids})
        return own

    def close(self) -> Ref:
        """Write the root and the way back from pages and annotations to elements; give the root."""
        rows: list[Value] = []
        for key, elements in enumerate(self.parents):
            rows += [key, self.objects.add(list(elements))]
        for number, element in sorted(self.annotated.items()):
            rows += [len(self.parents) + number, element]
        back = self.objects.add({"Nums": rows})
        self.objects.put(self.document, {"Type": Name("StructElem"), "S": Name("Document"), "P": self.root, "K": list(self.sections)})
        self.objects.put(
            self.root,
            {
                "Type": Name("StructTreeRoot"),
                "K": self.document,
                "ParentTree": back,
                "ParentTreeNextKey": len(self.parents) + len(self.annotated),
            },
        )
        return self.root
