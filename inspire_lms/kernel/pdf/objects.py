"""PDF objects as bytes, and what holds a file together (ISO 32000-1, 7.3 and 7.5). It writes and never reads."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
"""The second line has four bytes above 127, so that nothing takes the file for text (ISO 19005-3, 6.1.2)."""
ROW = 6
"""Bytes of a row of the cross-reference stream: one for the kind, three for the place, two for the place within."""
_PLAIN = frozenset(range(0x20, 0x7F)) - frozenset(b"()\\")
_IN_NAMES = frozenset(range(0x21, 0x7F)) - frozenset(b"#()<>[]{}/%+")


class Name(str):
    """A name of the PDF language, without its slash."""

    __slots__ = ()


class Raw(bytes):
    """What is written already."""

    __slots__ = ()


@dataclass(frozen=True)
class Ref:
    """The number of an object; it is written as a reference to it."""

    number: int


Value = str | int | float | bytes | Ref | Mapping[str, "Value"] | Sequence["Value"] | None
"""What can stand in a file: a str is a text for people, bytes are a string that is not a text."""


def written(value: Value) -> bytes:
    """Write *value* in the PDF language."""
    match value:
        case Raw():
            return bytes(value)
        case Name():
            return _name(str(value))
        case str():
            return _text(value)
        case bytes():
            return b"<" + value.hex().upper().encode() + b">"
        case bool():
            return b"true" if value else b"false"
        case int():
            return b"%d" % value
        case float():
            return f"{value:.3f}".rstrip("0").rstrip(".").encode()
        case Ref():
            return b"%d 0 R" % value.number
        case None:
            return b"null"
        case Mapping():
            return b"<<" + b"".join(_name(key) + b" " + written(one) for key, one in value.items()) + b">>"
        case _:
            return b"[" + b" ".join(written(one) for one in value) + b"]"


@lru_cache(maxsize=256)
def _name(name: str) -> bytes:
    return b"/" + b"".join(bytes([one]) if one in _IN_NAMES else b"#%02X" % one for one in name.encode())


def _text(text: str) -> bytes:
    raw = text.encode("utf-16-be")
    if all(ord(letter) in _PLAIN for letter in text):
        return b"(" + text.encode() + b")"
    return b"<FEFF" + raw.hex().upper().encode() + b">"


def moment(at: datetime) -> Raw:
    """Write a moment as a date of the PDF language, in UTC and to the second."""
    return Raw(b"(" + at.astimezone(UTC).strftime("D:%Y%m%d%H%M%S+00'00'").encode() + b")")


def stream(entries: Mapping[str, Value], content: bytes, *, level: int = 9) -> bytes:
    """Write a stream; *level* 0 leaves the content as it is."""
    held = zlib.compress(content, level) if level else content
    # Some readers take a carriage return at the very end for half of the end of the line, and then the length for a wrong one.
    if held.endswith(b"\r"):
        held, level = content, 0
    packed: dict[str, Value] = {**entries, "Filter": Name("FlateDecode")} if level else dict(entries)
    return written({**packed, "Length": len(held)}) + b"\nstream\n" + held + b"\nendstream"


def numbered(number: int, body: bytes) -> bytes:
    """Write an object with its number."""
    return b"%d 0 obj\n" % number + body + b"\nendobj\n"


@dataclass
class Objects:
    """The objects of a file, gathered under their numbers."""

    plain: dict[int, Value] = field(default_factory=dict)
    streams: dict[int, bytes] = field(default_factory=dict)
    size: int = 1
    """One more than the highest number; the number 0 belongs to the list of free objects."""

    def reserve(self) -> Ref:
        """Give a number whose object comes later."""
        self.size += 1
        return Ref(self.size - 1)

    def add(self, value: Value) -> Ref:
        """Take an object in."""
        ref = self.reserve()
        self.plain[ref.number] = value
        return ref

    def put(self, ref: Ref, value: Value) -> None:
        """Give a reserved number its object."""
        self.plain[ref.number] = value

    def add_stream(self, entries: Mapping[str, Value], content: bytes) -> Ref:
        """Take a packed stream in."""
        ref = self.reserve()
        self.streams[ref.number] = stream(entries, content)
        return ref

    def closed(self) -> tuple[bytes, list[bytes]]:
        """Give the beginning of a file that holds everything gathered, and the rows that say where each object is.

        What is no stream is packed together in one object stream. Rows of reserved numbers without an object are empty.
        """
        packed = self.reserve()
        rows = [b"\0" * ROW] * self.size
        rows[0] = b"\0\0\0\0\xff\xff"
        out = bytearray(HEAD)
        for number, body in self.streams.items():
            rows[number] = row_at(len(out))
            out += numbered(number, body)
        heads, bodies = [], bytearray()
        for within, (number, value) in enumerate(self.plain.items()):
            rows[number] = b"\2" + packed.number.to_bytes(3, "big") + within.to_bytes(2, "big")
            heads.append(b"%d %d" % (number, len(bodies)))
            bodies += written(value) + b"\n"
        head = b" ".join(heads) + b"\n"
        rows[packed.number] = row_at(len(out))
        entries: dict[str, Value] = {"Type": Name("ObjStm"), "N": len(heads), "First": len(head)}
        out += numbered(packed.number, stream(entries, head + bytes(bodies)))
        return bytes(out), rows


def row_at(place: int) -> bytes:
    """Say in a row of the cross-reference stream that an object begins at *place*."""
    return b"\1" + place.to_bytes(3, "big") + b"\0\0"
