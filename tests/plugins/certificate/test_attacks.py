"""Files made to mislead. Each begins as a sealed certificate; none may be called intact, and no exception may escape."""

import logging
import random
import re
from io import BytesIO

import pypdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign import fields, signers

from inspire_lms.kernel import clock
from inspire_lms.plugins.certificate import verdict
from inspire_lms.plugins.certificate.drawing.page import draw
from inspire_lms.plugins.certificate.drawing.record import sample
from inspire_lms.plugins.certificate.issuing.records import layout_of
from inspire_lms.plugins.certificate.sealing import demo, pades
from inspire_lms.plugins.certificate.sealing.seal import root_of
from inspire_lms.plugins.certificate.verdict import Verdict, judge

CHANGED, FOREIGN = Verdict.CHANGED, Verdict.FOREIGN


class Ground:
    """A sealed file, the seal, and one who makes files look like it."""

    def __init__(self, folder):
        self.seal = demo.opened(folder / "seal", at=clock.now())
        self.forger = demo.opened(folder / "forged", at=clock.now())
        self.plain = draw(layout_of("competence"), sample("competence", "el", "Γεώργιος Παπαϊωάννου", "Georgios Papaioannou"))
        self.good = pades.sealed(self.plain, self.seal)
        self.ranges = tuple(int(one) for one in pades.RANGES.search(self.good).groups())

    def judge(self, pdf):
        return judge(pdf, [self.seal.certificate], [root_of(self.seal)], at=clock.now())

    def with_ranges(self, *numbers):
        new = f"/ByteRange [{' '.join(str(one) for one in numbers)}]".encode()
        old = pades.RANGES.search(self.good)[0]
        return self.good.replace(old, new.ljust(len(old)) if len(new) <= len(old) else new)


@pytest.fixture
def ground(app, tmp_path):
    return Ground(tmp_path)


def updated(pdf, change):
    """Append a revision in which *change* has altered something."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def retitled(pdf):
    """Append a revision with another title."""
    writer = pypdf.PdfWriter(BytesIO(pdf), incremental=True)
    writer.add_metadata({"/Title": "Forged"})
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def page_over(writer):
    stream = writer.add_object(generic.StreamObject(stream_data=b"BT /F1 30 Tf 100 100 Td (99%) Tj ET"))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = stream
    writer.update_container(page)


def note_over(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject({generic.pdf_name("/Type"): generic.pdf_name("/Annot"), generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"), generic.pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 300, 300)])})
    page["/Annots"] = generic.ArrayObject([writer.add_object(note)])
    writer.update_container(page)


def no_field(writer):
    writer.root["/AcroForm"]["/Fields"] = generic.ArrayObject()
    writer.update_root()


def rewritten(pdf):
    """Write the file anew with another library, seal and all."""
    out = BytesIO()
    pypdf.PdfWriter(clone_from=BytesIO(pdf)).write(out)
    return out.getvalue()


def without_seal(ground):
    writer = copy_into_new_writer(PdfFileReader(BytesIO(ground.plain)))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def contents(ground, change):
    _, length, second, _ = ground.ranges
    gap = change(ground.good[length:second])
    return ground.good[:length] + gap + ground.good[second:]


def flip(pdf, where, bit=0):
    changed = bytearray(pdf)
    changed[where] ^= 1 << bit
    return bytes(changed)


ATTACKS = {
    "one bit of a page": (lambda g: flip(g.good, g.good.index(b"stream") + 60), CHANGED, "has been changed|cannot be read"),
    "one bit in the table of objects": (lambda g: flip(g.good, g.good.rindex(b"startxref") - 200), CHANGED, "has been changed|cannot be read"),
    "another title in an appended update": (lambda g: retitled(g.good), CHANGED, "added to the file"),
    "another page over the first in an update": (lambda g: updated(g.good, page_over), CHANGED, "added to the file"),
    "a note over the page in an update": (lambda g: updated(g.good, note_over), CHANGED, "added to the file"),
    "the seal's field taken out in an update": (lambda g: updated(g.good, no_field), CHANGED, "added to the file"),
    "a comment at the end": (lambda g: g.good + b"% nothing\n", CHANGED, "added to the file"),
    "bytes at the end": (lambda g: g.good + bytes(64), CHANGED, "added to the file"),
    "a second end": (lambda g: g.good + b"\n%%EOF\n", CHANGED, "added to the file"),
    "an update without its own table": (lambda g: g.good + b"1 0 obj\n<<>>\nendobj\n", CHANGED, "added to the file"),
    "something before the beginning": (lambda g: b"\n" + g.good, CHANGED, "not a PDF"),
    "a shorter second part": (lambda g: g.with_ranges(g.ranges[0], g.ranges[1], g.ranges[2], g.ranges[3] - 30), CHANGED, "does not cover"),
    "a shorter first part": (lambda g: g.with_ranges(0, g.ranges[1] - 40, g.ranges[2], g.ranges[3]), CHANGED, "place of the seal|tampered|cover"),
    "a range of nothing": (lambda g: g.with_ranges(0, 0, 0, 0), CHANGED, "does not cover"),
    "a first part that begins later": (lambda g: g.with_ranges(10, g.ranges[1] - 10, g.ranges[2], g.ranges[3]), CHANGED, "does not cover"),
    "a second part beyond the end": (lambda g: g.with_ranges(0, g.ranges[1], g.ranges[2], g.ranges[3] + 100), CHANGED, "does not cover"),
    "no range at all": (lambda g: g.good.replace(b"/ByteRange", b"/ByteRangs"), CHANGED, "carries no seal"),
    "negative numbers in the range": (lambda g: re.sub(rb"/ByteRange \[0 ", b"/ByteRange [-1 ", g.good), CHANGED, "tampered"),
    "two ranges": (lambda g: g.good.replace(b"/Producer (", b"/ByteRange [0 1 2 3] (", 1) if b"/Producer (" in g.good else g.good.replace(b"/ByteRange", b"/ByteRange [0 1 2 3] /ByteRange", 1), CHANGED, "tampered|cover|cannot"),
    "an empty signature": (lambda g: contents(g, lambda gap: b"<" + b"0" * (len(gap) - 2) + b">"), FOREIGN, "place of the seal"),
    "something in the padding of the signature": (lambda g: contents(g, lambda gap: gap[:-9] + b"DEADBEEF>"), CHANGED, "place of the seal"),
    "small letters in the signature": (lambda g: contents(g, lambda gap: gap.lower()), CHANGED, "place of the seal"),
    "a literal string as signature": (lambda g: contents(g, lambda gap: b"(" + b"x" * (len(gap) - 2) + b")"), FOREIGN, "place of the seal"),
    "one bit of the signature itself": (lambda g: contents(g, lambda gap: gap[:4400] + (b"1" if gap[4400:4401] != b"1" else b"2") + gap[4401:]), CHANGED, "."),
    "sealed by an authority of the same names": (lambda g: pades.sealed(g.plain, g.forger), FOREIGN, "sealed by somebody else"),
    "no seal at all": (without_seal, FOREIGN, "carries no seal"),
    "written anew by another program": (lambda g: rewritten(g.good), CHANGED, "."),
    "cut in the middle": (lambda g: g.good[: len(g.good) // 2], FOREIGN, "."),
    "not a PDF": (lambda g: b"<html>Attestato</html>", FOREIGN, "not a PDF"),
    "empty": (lambda g: b"", FOREIGN, "not a PDF"),
    "too large": (lambda g: g.good + bytes(verdict.MOST_BYTES), CHANGED, "larger than 5 MB"),
}  # fmt: skip


def test_the_sealed_file_is_intact(ground):
    found = ground.judge(ground.good)
    assert (found.verdict, str(found.because)) == (Verdict.INTACT, "The seal is ours, and nothing has been changed since it was set.")


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused_with_the_right_words(ground, name, caplog):
    make, expected, says = ATTACKS[name]
    pdf = make(ground)
    assert pdf != ground.good
    with caplog.at_level(logging.DEBUG):
        found = ground.judge(pdf)
    assert found.verdict is expected
    assert re.search(says, str(found.because)), str(found.because)
    assert [record for record in caplog.records if record.levelno > logging.WARNING] == []


def test_a_seal_that_allows_changes_is_not_ours(ground):
    about = signers.PdfSignatureMetadata(
        field_name=pades.FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, certify=True, docmdp_permissions=fields.MDPPerm.FILL_FORMS
    )
    writer = copy_into_new_writer(PdfFileReader(BytesIO(ground.plain)))
    pdf = signers.PdfSigner(about, pades._signer_class()(ground.seal)).sign_pdf(writer, bytes_reserved=pades.RESERVED).getvalue()
    assert "does not forbid changes" in str(ground.judge(pdf).because)


def test_our_seal_on_another_root_is_not_trusted(ground):
    found = judge(ground.good, [ground.seal.certificate], [root_of(ground.forger)], at=clock.now())
    assert (found.verdict, str(found.because)) == (CHANGED, "The seal does not rest on our authority.")


def test_a_file_stays_intact_after_the_seal_has_ended(ground):
    late = ground.seal.certificate.not_valid_after_utc.replace(year=2099)
    assert judge(ground.good, [ground.seal.certificate], [root_of(ground.seal)], at=late).verdict is Verdict.INTACT


def test_five_hundred_random_changes_of_one_bit_are_all_refused(ground):
    chance = random.Random(2026)
    _, length, second, _ = ground.ranges
    places = [place for place in (chance.randrange(len(ground.good)) for _ in range(600)) if not length < place < second - 1][:500]
    accepted = [place for place in places if ground.judge(flip(ground.good, place, chance.randrange(8))).verdict is Verdict.INTACT]
    assert (len(places), accepted) == (500, [])


def test_random_cuts_are_all_refused(ground):
    chance = random.Random(7)
    assert all(ground.judge(ground.good[: chance.randrange(len(ground.good))]).verdict is not Verdict.INTACT for _ in range(60))
