"""A compiled block and one record in, the bytes of one certificate out: whole, or with the place of the seal left open."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app

from inspire_lms.kernel.pdf.metadata import About, information, packet
from inspire_lms.kernel.pdf.objects import ROW, Name, Raw, Ref, Value, moment, numbered, row_at, stream, written
from inspire_lms.kernel.pdf.setting import Setting, broken
from inspire_lms.plugins.certificate.drawing import words
from inspire_lms.plugins.certificate.drawing.ornaments import qr_mask
from inspire_lms.plugins.certificate.drawing.page import WHOLE, Draughtsman
from inspire_lms.plugins.certificate.drawing.record import Record, title_of
from inspire_lms.plugins.certificate.drawing.rows import REACHED
from inspire_lms.plugins.certificate.drawing.tags import Piece
from inspire_lms.plugins.certificate.layout import Layout
from inspire_lms.plugins.certificate.writing import content
from inspire_lms.plugins.certificate.writing.compiled import Compiled, Form, Slot, common_of, compiled, model_of, shape_of

KEPT = 24
"""Compiled blocks in memory, about 60 kB each: those of the latest batches."""
QUICK = 1
"""How hard the certificate's own parts are packed; harder takes three times as long for one part in ten."""
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
    state: Any
    """That of the block, to go on from."""

    def sealed(self, signature: bytes) -> tuple[bytes, str]:
        """Give the file with *signature* in its place, and its SHA-256. Raises ValueError when it is too long for it."""
        figures = signature.hex().upper().encode()
        if len(figures) > self.room:
            msg = f"The signature takes {len(figures)} figures, and there is room for {self.room}."
            raise ValueError(msg)
        rest = b"".join((self.before, b"<", figures.ljust(self.room, b"0"), b">", self.after))
        digest = self.state.copy()
        digest.update(rest)
        return self.block + rest, digest.hexdigest()


def unsealed(layout: Layout, record: Record, *, credential: str, at: datetime, room: int) -> Unsealed:
    """Write a certificate with *room* hexadecimal figures for its seal, which is set at *at*.

    Raises ValueError when a text is too long and KeyError when a letter is missing: both are looked for before a decision.
    """
    fit = fitted(layout, record, Form.SEALED, has_credential=bool(credential))
    block = fit.block
    writer = _Writer(block, len(block.block))
    writer.own(fit.contents, record, credential, at)
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
    return Unsealed(block.block, before, room, after, digest.digest(), block.digest)


def whole(layout: Layout, record: Record, *, credential: str, at: datetime, form: Form) -> bytes:
    """Write a document without a seal: one that another program seals, or a preview."""
    fit = fitted(layout, record, form, has_credential=bool(credential))
    block = fit.block
    writer = _Writer(block, len(block.block))
    writer.own(fit.contents, record, credential, at)
    end = writer.table(record, writer.place)
    return b"".join((block.block, *writer.parts, end))


@dataclass(frozen=True)
class Fitted:
    """A block with the own content of one certificate, page by page."""

    block: Compiled
    contents: tuple[bytes, ...]


class UnfitError(Exception):
    """A certificate does not fit the block of its batch: *letters* are missing there, by face; with none, a text is too long."""

    def __init__(self, letters: Mapping[str, frozenset[str]]) -> None:
        """Keep the letters."""
        self.letters = letters
        super().__init__(str(letters))


def fitted(layout: Layout, record: Record, form: Form, *, has_credential: bool) -> Fitted:
    """Fit a certificate into the block of its batch, made or made before; one that does not fit is measured after itself."""
    more: dict[str, frozenset[str]] = {}
    for alone in (False, True):
        for _ in range(2):
            try:
                return _fitted(layout, record, form, alone=alone, has_credential=has_credential, more=more)
            except UnfitError as unfit:
                if not unfit.letters:
                    break
                more = {name: more.get(name, frozenset()) | letters for name, letters in unfit.letters.items()}
    msg = f"{record.number} does not fit its layout."
    raise ValueError(msg)


def _fitted(layout: Layout, record: Record, form: Form, *, alone: bool, has_credential: bool, more: Mapping[str, frozenset[str]]) -> Fitted:
    """Fit a certificate into the block of its batch, or its own when it stands *alone*, with *more* letters ready. Raises UnfitError."""
    kept: list[Compiled] = current_app.extensions.setdefault("certificate_blocks", [])
    common = common_of(record)
    wanted = (form, has_credential, layout, more, shape_of(record, alone=alone))
    for block in kept:
        if (block.form, block.has_credential, block.layout, block.more, block.shape) == wanted and block.common == common:
            return Fitted(block, _contents(block, record))
    block = compiled(layout, record if alone else model_of(record), form, shape=wanted[-1], has_credential=has_credential, more=more)
    kept[:] = [block, *kept[: KEPT - 1]]
    return Fitted(block, _contents(block, record))


def _contents(block: Compiled, record: Record) -> tuple[bytes, ...]:
    """Write what is the certificate's own, page by page. Raises UnfitError."""
    draughtsman = Draughtsman(block.layout, record)
    values: dict[str, dict[str, str]] = {}
    lacking: dict[str, frozenset[str]] = {}
    made = []
    for slots in block.slots:
        parts = []
        for slot in slots:
            if slot.language not in values:
                values[slot.language] = _own_values(record, slot.language)
            leaf = _leaf(slot, draughtsman, block.values[slot.page], values[slot.language])
            ready = block.letters[leaf.font]
            for line in leaf.setting.lines:
                if not ready.issuperset(line):
                    lacking[leaf.font] = lacking.get(leaf.font, frozenset()) | (frozenset(line) - ready)
            parts.append(content.of(slot.role, slot.mark, leaf))
        made.append(b"".join(parts))
    if lacking:
        raise UnfitError(lacking)
    return tuple(made)


def _own_values(record: Record, language: str) -> dict[str, str]:
    """Give what differs in a language: fields, and what was reached in each competence."""
    reached = {f"{REACHED}{number}": said for number, said in enumerate(words.reached(record, language))}
    return words.personal(record, language) | reached


def _leaf(slot: Slot, draughtsman: Draughtsman, common: Mapping[str, str], own: Mapping[str, str]) -> Piece:
    """Set what stands in a slot. Raises UnfitError when it takes more room than its model had."""
    model = slot.model
    if model.own == WHOLE:
        node = draughtsman.element(slot.box, slot.language, {**common, **own})
        leaf = next((leaf for _, leaf in node.leaves()), None) if node is not None else None
        if not isinstance(leaf, Piece):
            raise UnfitError({})
        return leaf
    lines = broken(own[model.own], model.font, model.setting.size, model.room)
    if lines is None or len(lines) > model.most:
        raise UnfitError({})
    return Piece(Setting(lines, model.setting.size, model.setting.leading), model.font, model.colour, model.x, model.top, model.right)


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

    def own(self, contents: tuple[bytes, ...], record: Record, credential: str, at: datetime) -> None:
        """Write everything that is this certificate's own, but for seal and table."""
        block, places = self.block, self.block.places
        for number, one in zip(places.contents, contents, strict=True):
            self.put(number, stream({}, one, level=QUICK))
        about = About(title_of(record), record.body.text(record.language), record.number, record.language, at)
        self.put(places.metadata, stream({"Type": Name("Metadata"), "Subtype": Name("XML")}, packet(about), level=0))
        self.put(places.information, written(information(about)))
        target: dict[str, Value] = {"S": Name("URI"), "URI": Raw(b"(" + record.address.encode("ascii") + b")")}
        self.put(places.link, written({**block.link, "Contents": words.link_name(record.address, record.language), "A": target}))
        side, rows = qr_mask(record.address)
        mask: dict[str, Value] = {
            "Type": Name("XObject"), "Subtype": Name("Image"), "Width": side, "Height": side, "ImageMask": True, "BitsPerComponent": 1,
        }  # fmt: skip
        self.put(places.code, stream(mask, rows, level=0))
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
