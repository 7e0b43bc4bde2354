"""Changes inside the file, without a new revision; files around a file; and files that were made to exhaust a reader."""

import re
import zlib
from base64 import a85decode, a85encode
from collections.abc import Callable
from io import BytesIO

import pypdf
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from tests.plugins.certificate.attacks.samples import ranges
from tests.plugins.certificate.attacks.signatures import covered

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
MB = 1024 * 1024


def _read(raw: bytes) -> tuple[bytes, Callable[[bytes], bytes]]:
    """Give what a stream holds and how it is written again."""
    try:
        if raw.rstrip().endswith(b"~>"):
            return zlib.decompress(a85decode(raw.rstrip(), adobe=False) if raw.startswith(b"<~") else a85decode(raw.rstrip()[:-2])), (
                lambda text: a85encode(_packed(text)) + b"~>"
            )
        return zlib.decompress(raw), _packed
    except (ValueError, zlib.error):
        return raw, lambda text: text


def _packed(text: bytes) -> bytes:
    """Pack as small as it goes: what is put in place has to fit."""
    ways = ((memory, way) for memory in (8, 9) for way in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED))
    packers = [zlib.compressobj(9, zlib.DEFLATED, 15, memory, way) for memory, way in ways]
    return min((one.compress(text) + one.flush() for one in packers), key=len)


def altered(pdf: bytes, has: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Change the first stream that holds *has*, in place: the file stays as long as it was."""
    for found in _STREAM.finditer(pdf):
        text, written = _read(found[1])
        if re.search(has, text) and (new := written(change(text))) and len(new) <= len(found[1]) and new != found[1]:
            return pdf[: found.start(1)] + new.ljust(len(found[1])) + pdf[found.end(1) :]
    msg = f"The sample has no stream with {has!r} that can be changed in place."
    raise AssertionError(msg)


def glyphs(pdf: bytes) -> bytes:
    """Let a page show other letters: every shown text becomes its first letter, again and again."""
    in_brackets = re.compile(rb"\(((?:\\.|[^\\()])*)\)\s*Tj|<([0-9A-Fa-f]+)>\s*Tj")
    return altered(
        pdf,
        rb"T[jJ]",
        lambda text: in_brackets.sub(lambda shown: shown[0].replace(shown[1] or shown[2], b"A" * len(shown[1] or shown[2])), text),
    )


def xmp(pdf: bytes) -> bytes:
    """Change a day in the metadata."""
    return altered(pdf, rb"<\?xpacket begin", lambda text: re.sub(rb"\d{4}-\d\d-\d\dT", b"1999-01-01T", text))


def credential(pdf: bytes) -> bytes:
    """Swap the attached credential for another one of the same length."""
    return altered(pdf, rb"\AeyJ[\w-]+\.", lambda text: text[:4] + b"A" * (len(text) - 4))


def table_of_objects(pdf: bytes) -> bytes:
    """Let the table of objects point elsewhere: a row of it, or a bit where it is packed."""
    rows = list(re.finditer(rb"\d{10} 00000 n", pdf))
    if rows:
        return pdf[: rows[-1].start()] + b"0000000017" + pdf[rows[-1].start() + 10 :]
    return flipped(pdf, pdf.rindex(b"endstream") - 20)


def flipped(pdf: bytes, place: int, bit: int = 0) -> bytes:
    """Change one bit."""
    changed = bytearray(pdf)
    changed[place] ^= 1 << bit
    return bytes(changed)


def written_anew(pdf: bytes) -> bytes:
    """Let another program write the file anew, seal and all."""
    out = BytesIO()
    pypdf.PdfWriter(clone_from=BytesIO(pdf)).write(out)
    return out.getvalue()


def unsealed(plain: bytes) -> bytes:
    """Give the document without any seal."""
    out = BytesIO()
    copy_into_new_writer(PdfFileReader(BytesIO(plain))).write(out)
    return out.getvalue()


def stripped(pdf: bytes) -> bytes:
    """Cut the whole dictionary of the seal out, signature and all."""
    _first, begins, ends, _rest = ranges(pdf)
    opened, closed = pdf.rindex(b"obj", 0, begins), pdf.index(b"endobj", ends)
    return pdf[:opened] + b"obj\nnull\n" + pdf[closed:]


def of_another_time(pdf: bytes, year: int) -> bytes:
    """Let the seal say that it was set in another year; whoever has the key can then sign that."""
    changed, times = re.subn(rb"(/M\s*\(D(?::|\\072))\d{4}", rb"\g<1>%d" % year, pdf, count=1)
    assert times == 1, "The sample does not say when it was sealed."
    assert len(covered(changed)) == len(covered(pdf))
    return changed


def deep(letter: bytes) -> bytes:
    """Open a hundred thousand brackets and close none."""
    return b"%PDF-1.7\n1 0 obj\n" + letter * 100_000 + b"\nendobj\nstartxref\n9\n%%EOF\n"


def bomb(*, around: bytes = b"") -> bytes:
    """Give a stream of some kilobytes that unpacks to half a gigabyte; *around* is a file into which it is put, at the front."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(MB)) for _ in range(512)) + packer.flush()
    stream = b"9999 0 obj\n<</Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream\nendobj\n" % (len(packed), packed)
    if not around:
        return b"%PDF-1.7\n" + stream + b"trailer <</Root 9999 0 R>>\nstartxref\n9\n%%EOF\n"
    line = around.index(b"\n") + 1
    return around[:line] + stream + around[line:]
