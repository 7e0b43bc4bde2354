"""A compiled block and one record in, the bytes of one certificate out: whole, or with the place of the seal left open."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from inspire_lms.plugins.certificate.drawing import words
from inspire_lms.plugins.certificate.drawing.page import Draughtsman
from inspire_lms.plugins.certificate.drawing.record import Record, title_of
from inspire_lms.plugins.certificate.layout import Layout
from inspire_lms.plugins.certificate.writing import content
from inspire_lms.plugins.certificate.writing.compiled import Compiled, Form, common_of, compiled, shape_of
from inspire_lms.plugins.certificate.writing.metadata import About, information, packet
from inspire_lms.plugins.certificate.writing.pdf import ROW, Name, Raw, Ref, Value, moment, numbered, row_at, stream, written

KEPT = 24
"""Compiled blocks in memory, about 60 kB each: those of the latest batches."""
QUICK = 1
"""How hard the certificate's own parts are packed; harder takes three times as long for one part in ten."""
SHORT = 300
"""Bytes of operators that are not worth packing."""
_SEAL_HEAD = (
    b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M%s"
    b"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]"
    b"/ByteRange[0 %010d %010d %010d]/Contents"
)


@dataclass(frozen=True)
class Unsealed:
    """A certificate in which only the signature is missing."""

    block: bytes
    before: bytes
    """What stands between the block and the signature."""
    room: int
    """Hexadecimal figures that the signature may take."""
    after: bytes
    digest: bytes
    """SHA-256 of everything but the signature."""

    def sealed(self, signature: bytes) -> bytes:
        """Give the file with *signature* in its place. Raises ValueError when it is too long for it."""
        figures = signature.hex().upper().encode()
        if len(figures) > self.room:
            msg = f"The signature takes {len(figures)} figures, and there is room for {self.room}."
            raise ValueError(msg)
        return b"".join((self.block, self.before, b"<", figures.ljust(self.room, b"0"), b">", self.after))


def unsealed(layout: Layout, record: Record, *, credential: str, at: datetime, room: int) -> Unsealed:
    """Write a certificate with *room* hexadecimal figures for its seal, which is set at *at*.

    Raises ValueError when a text is too long and KeyError when a letter is missing: both are looked for before a decision.
    """
    block = block_of(layout, record, Form.SEALED, has_credential=bool(credential))
    writer = _Writer(block, len(block.block))
    writer.own(record, credential, at)
    start = writer.begin(block.places.seal)
    length = len(_SEAL_HEAD % (written(moment(at)), 0, 0, 0))
    gap = start + length
    table = gap + room + 2 + len(b">>\nendobj\n")
    end = writer.table(record, table)
    after = b">>\nendobj\n" + end
    head = _SEAL_HEAD % (written(moment(at)), gap, gap + room + 2, len(after))
    before = b"".join((*writer.parts, head))
    digest = block.digest.copy()
    digest.update(before)
    digest.update(after)
    return Unsealed(block.block, before, room, after, digest.digest())


def whole(layout: Layout, record: Record, *, credential: str, at: datetime, form: Form) -> bytes:
    """Write a document without a seal: one that another program seals, or a preview."""
    block = block_of(layout, record, form, has_credential=bool(credential))
    writer = _Writer(block, len(block.block))
    writer.own(record, credential, at)
    end = writer.table(record, writer.place)
    return b"".join((block.block, *writer.parts, end))


def block_of(layout: Layout, record: Record, form: Form, *, has_credential: bool) -> Compiled:
    """Give the block for *record*, made or made before."""
    common, shape = common_of(record), shape_of(record, has_credential=has_credential)
    kept: list[Compiled] = current_app.extensions.setdefault("certificate_blocks", [])
    more: Mapping[str, frozenset[str]] = {}
    for block in kept:
        if block.form is form and block.shape == shape and block.layout is layout and block.common == common:
            more = _missing(block, record)
            if not more:
                return block
            more = {name: block.letters[name] | letters for name, letters in more.items()}
    made = compiled(layout, record, form, has_credential=has_credential, more=more)
    kept[:] = [made, *kept[: KEPT - 1]]
    return made


def _missing(block: Compiled, record: Record) -> dict[str, frozenset[str]]:
    """Name the letters of a record's own texts that *block* does not have ready, by face."""
    lacking: dict[str, frozenset[str]] = {}
    for own in _own_texts(block, record):
        for name, text in own:
            ready = block.letters.get(name, frozenset())
            if not ready.issuperset(text):
                lacking[name] = lacking.get(name, frozenset()) | (set(text) - ready)
    return lacking


def _own_texts(block: Compiled, record: Record) -> Iterator[list[tuple[str, str]]]:
    for stretch in block.stretches:
        for slot in stretch.slots:
            if slot.box.kind == "text":
                yield [(slot.box.font, str(getattr(record, one, ""))) for one in words.PERSONAL.intersection(slot.box.named)]


class _Writer:
    """What one certificate adds to its block."""

    def __init__(self, block: Compiled, place: int) -> None:
        self.block, self.place = block, place
        self.parts: list[bytes] = []
        self.rows = list(block.rows)

    def begin(self, number: int) -> int:
        """Begin an object whose body somebody else writes; gives where the body stands."""
        self.rows[number] = row_at(self.place)
        head = b"%d 0 obj\n" % number
        self.parts.append(head)
        self.place += len(head)
        return self.place

    def put(self, number: int, body: bytes) -> None:
        self.rows[number] = row_at(self.place)
        part = numbered(number, body)
        self.parts.append(part)
        self.place += len(part)

    def own(self, record: Record, credential: str, at: datetime) -> None:
        """Write everything that is this certificate's own, but for seal and table."""
        block, places = self.block, self.block.places
        for number, content_ in _contents(block, record):
            self.put(number, stream({}, content_, level=QUICK if len(content_) > SHORT else 0))
        about = About(title_of(record), record.body.text(record.language), record.number, record.language, at)
        self.put(places.metadata, stream({"Type": Name("Metadata"), "Subtype": Name("XML")}, packet(about), level=0))
        self.put(places.information, written(information(about)))
        target: dict[str, Value] = {"S": Name("URI"), "URI": Raw(b"(" + record.address.encode("ascii") + b")")}
        self.put(places.link, written({**block.link, "Contents": words.link_name(record.address, record.language), "A": target}))
        if credential:
            held = credential.encode("ascii")
            entries: dict[str, Value] = {
                "Type": Name("EmbeddedFile"), "Subtype": Name("application/vc+jwt"), "Params": {"Size": len(held), "ModDate": moment(at)},
            }  # fmt: skip
            self.put(places.attached, stream(entries, held, level=QUICK))

    def table(self, record: Record, at: int) -> bytes:
        """Write the cross-reference stream, which stands at *at*, and the end of the file."""
        block = self.block
        self.rows[block.places.table] = row_at(at)
        name = hashlib.sha256(record.number.encode() + record.code.encode()).digest()[:16]
        entries: dict[str, Value] = {
            "Type": Name("XRef"), "Size": len(self.rows), "W": [1, 3, ROW - 4], "Root": block.root, "Info": Ref(block.places.information),
            "ID": [name, name],
        }  # fmt: skip
        body = stream(entries, b"".join(self.rows), level=QUICK)
        return numbered(block.places.table, body) + b"startxref\n%d\n%%%%EOF\n" % at


def _contents(block: Compiled, record: Record) -> Iterator[tuple[int, bytes]]:
    """Give the operators of each stretch that is the certificate's own, with the number of its object."""
    draughtsman = Draughtsman(block.layout, record, like=block.draughtsman)
    own: dict[int, dict[str, str]] = {}
    for stretch in block.stretches:
        drawn = []
        for slot in stretch.slots:
            if slot.page not in own:
                own[slot.page] = block.values[slot.page] | words.personal(record, slot.language)
            node = draughtsman.element(slot.box, slot.language, own[slot.page])
            operators, after = content.of(node, slot.first) if node is not None else (b"", slot.first)
            if after != slot.after:
                msg = f"{record.number} has another shape than its batch: {slot.box.named or slot.box.kind}"
                raise ValueError(msg)
            drawn.append(operators)
        yield stretch.number, b"".join(drawn)
