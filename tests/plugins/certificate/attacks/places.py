"""Games with what the seal covers and with the place of the signature."""

import re

from tests.plugins.certificate.attacks.samples import COVERS, gap, ranges, with_gap

_PLACE = re.compile(rb"/Contents\s?(<[0-9A-F]{1000,}>)")


def stating(pdf: bytes, statement: bytes) -> bytes:
    """Let the file say something else about what its seal covers, in the same room when it fits."""
    old = COVERS.search(pdf)[0]
    return pdf.replace(old, statement.ljust(len(old)))


def covering(pdf: bytes, *numbers: object) -> bytes:
    """Let the seal cover *numbers*, however many there are."""
    return stating(pdf, b"/ByteRange [" + b" ".join(str(one).encode() for one in numbers) + b"]")


def fitting(pdf: bytes) -> bytes:
    """Let the statement fit a file in which something was put before the place of the signature."""
    before = b""
    while before != pdf:
        before, place = pdf, _PLACE.search(pdf)
        pdf = covering(pdf, 0, place.start(1), place.end(1), len(pdf) - place.end(1))
    return pdf


def said_in(pdf: bytes, before: bytes, after: bytes) -> bytes:
    """Say once more, in a comment or a string near the end, what the seal covers."""
    statement = before + COVERS.search(pdf)[0] + after
    place = pdf.rindex(b"startxref")
    return pdf[:place] + statement + b"\n" + pdf[place:]


def wider_gap(pdf: bytes) -> bytes:
    """Let the seal leave more uncovered than its signature: the key before it too."""
    first, begins, ends, rest = ranges(pdf)
    return covering(pdf, first, pdf.rindex(b"/Contents", 0, begins), ends, rest)


def filled(pdf: bytes, new: bytes) -> bytes:
    """Put something else into the place of the signature, in the same room."""
    return with_gap(pdf, new.ljust(len(gap(pdf))))


def in_a_string(pdf: bytes) -> bytes:
    """Write the signature as a string in round brackets."""
    inside = gap(pdf)[1:-1]
    return with_gap(pdf, b"(" + inside + b")")


def two_signatures(pdf: bytes) -> bytes:
    """Put two signatures into one place: the second in the room behind the first."""
    held = gap(pdf)
    room = re.search(rb"0*>\Z", held).start()
    second = b">/Contents<30820000"
    return with_gap(pdf, held[:room] + second + held[room + len(second) :])


def odd_figures(pdf: bytes) -> bytes:
    """Take the last figure away; a reader adds a nought by itself."""
    return with_gap(pdf, gap(pdf)[:-2] + b"> ")


def indefinite(pdf: bytes) -> bytes:
    """Write the signature with a length that is not said, which old encodings allow and ours does not."""
    held = bytes.fromhex(gap(pdf)[1:-1].decode())
    length = 4 + int.from_bytes(held[2:4])
    loose = b"\x30\x80" + held[4:length] + b"\x00\x00"
    return with_gap(pdf, b"<" + loose.ljust(len(held), b"\x00").hex().upper().encode() + b">")


def moved(pdf: bytes) -> bytes:
    """Move the second part away and put objects of one's own between: the sealed bytes are all still there (SWA).

    The room of the signature ends early; a second statement, which a reader may take for the right one, names the new places.
    """
    _first, begins, ends, rest = ranges(pdf)
    held = gap(pdf).rstrip(b">").rstrip(b"0")
    held += b"0" if len(held) % 2 == 0 else b""
    own = b">\n/ByteRange [0 %d 9999999999 %d]\n/Fill (" % (begins, rest)
    objects = b")>>\nendobj\n1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\n"
    before = pdf[:begins] + held + own
    there = len(before) + len(objects)
    return before.replace(b"9999999999", b"%010d" % there) + objects + pdf[ends:]


def moved_with_one_statement(pdf: bytes) -> bytes:
    """Do the same and change the only statement there is, as far as its room goes."""
    own = b"1 0 obj\n<</Type /Catalog>>\nendobj\n"
    first, begins, ends, rest = ranges(pdf)
    stated = covering(pdf, first, begins, ends + len(own), rest)
    return stated[:ends] + own + stated[ends:]
