"""Files made to mislead. Each begins as a sealed certificate, or as nothing of the kind; none may be called intact, and no exception may escape."""

import hashlib
import logging
import re
import tracemalloc
from datetime import timedelta
from time import process_time

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from inspire_lms.plugins.certificate.checking import shape
from inspire_lms.plugins.certificate.sealing.seal import root_of
from inspire_lms.plugins.certificate.verdict import Verdict
from tests.plugins.certificate.attacks import bodies, places, samples, signatures, updates
from tests.plugins.certificate.attacks.authorities import (
    TIME_STAMPS,
    Authority,
    below_another,
    issued_by_a_leaf,
    of_the_same_names,
    vouching_for_one_another,
    with_an_unused_bit,
)
from tests.plugins.certificate.attacks.bodies import flipped
from tests.plugins.certificate.attacks.places import covering, filled
from tests.plugins.certificate.attacks.samples import gap, ranges, with_gap
from tests.plugins.certificate.attacks.signatures import resealed, signed, stamped_by

CHANGED, FOREIGN = Verdict.CHANGED, Verdict.FOREIGN
YEARS = timedelta(days=3650)

ADDED = "Something was added to the file after it was sealed."
ANOTHER_CONTENT = "The seal was set on something else: the file was changed since, or the seal was taken from another file."
BEFORE = "Something else stands before the PDF, or its first line is not as we write it."
CUT = "The end of the file is missing."
LARGE = "The file is larger than 5 MB; no certificate is."
METHOD = "The seal uses a method that we do not use."
NO_PDF = "The file is not a PDF."
NO_SEAL = "The file carries no seal."
NOT_A_SIGNATURE = "The place of the signature does not hold one signature as we write it."
NOT_COVERED = "The seal does not cover the whole file."
NOT_FOR_SEALING = "The certificate of the seal is not one for sealing documents."
NOT_OUR_AUTHORITY = "The seal does not rest on our authority."
NOT_THEN = "The seal was set when its certificate was not valid."
OTHER_WRITING = "The signature is not written as we write it."
SOMEBODY_ELSE = "The file was sealed by somebody else."
STRANGE = "The signature states something that ours never state."
TAMPERED = "The statement of what the seal covers has been tampered with."


@pytest.fixture(scope="module", params=samples.ENGINES)
def sealed(fonts, request):
    return samples.made(fonts, request.param)


def appended(change):
    return lambda s: updates.updated(s.good, change)


def stating(*numbers):
    """Let the seal cover numbers that a function gives for the right ones."""
    return lambda s: covering(s.good, *(number(*ranges(s.good)) if callable(number) else number for number in numbers))


def by(**but):
    """Sign with our own key, and do one thing otherwise than we do."""
    return lambda s: resealed(s.good, lambda digest: signed(digest, s.seal, **{key: value(s) if callable(value) else value for key, value in but.items()}))


def all_but_the_last(s):
    """Leave out the root, to make room for a time stamp."""
    return [s.seal.certificate, *s.seal.chain[:-1]]


def a_stamp(at=timedelta(0), over=None):
    return lambda s: stamped_by(Authority(s.at).seal(purposes=TIME_STAMPS), s.at + at, over=over)


def with_another_digest(method):
    return lambda s: resealed(s.good, lambda _digest: signed(hashlib.new(method, signatures.covered(s.good)).digest(), s.seal, method=method))


ATTACKS = {
    # Revisions appended to the sealed file.
    "an update shows something else on the page": (appended(updates.page_content), CHANGED, ADDED),
    "an update lays a white box over the name": (appended(updates.white_box), CHANGED, ADDED),
    "an update writes a free text over the page": (appended(updates.free_text), CHANGED, ADDED),
    "an update adds a page": (appended(updates.new_page), CHANGED, ADDED),
    "an update changes the name in the metadata": (appended(updates.name_in_xmp), CHANGED, ADDED),
    "an update changes the title": (appended(updates.title), CHANGED, ADDED),
    "an update swaps the credential": (appended(updates.attachment), CHANGED, ADDED),
    "an update takes the field of the seal away": (appended(updates.no_field), CHANGED, ADDED),
    "an update adds an empty field for a signature": (appended(updates.empty_field), CHANGED, ADDED),
    "an update adds a field of text with a value": (appended(updates.form_value), CHANGED, ADDED),
    "an update adds what looks like a store for long checks": (appended(updates.security_store), CHANGED, ADDED),
    "an update lets the document open an address": (appended(updates.catalog), CHANGED, ADDED),
    "an update without a table of its own (ISA)": (lambda s: s.good + b"1 0 obj\n<</Type /Catalog>>\nendobj\n", CHANGED, ADDED),
    "an update with a trailer and no table": (lambda s: s.good + b"1 0 obj\n<<>>\nendobj\ntrailer <</Root 1 0 R>>\n", CHANGED, ADDED),
    "a comment at the end": (lambda s: s.good + b"% nothing\n", CHANGED, ADDED),
    "bytes at the end": (lambda s: s.good + bytes(64), CHANGED, ADDED),
    "a line end at the end": (lambda s: s.good + b"\n", CHANGED, ADDED),
    "a second end": (lambda s: s.good + b"%%EOF\n", CHANGED, ADDED),
    "a second file behind the first": (lambda s: s.good + s.another, CHANGED, ADDED),
    # Games with what the seal covers.
    "nothing said about what is covered": (lambda s: s.good.replace(b"/ByteRange", b"/ByteRangs"), CHANGED, NO_SEAL),
    "noughts": (stating(0, 0, 0, 0), CHANGED, NOT_COVERED),
    "a first number below nought": (stating(-1, lambda _a, b, _c, _d: b, lambda _a, _b, c, _d: c, lambda _a, _b, _c, d: d), CHANGED, TAMPERED),
    "parts that lie over one another": (stating(0, lambda _a, _b, c, _d: c, lambda _a, b, _c, _d: b, lambda _a, b, c, d: d + c - b), CHANGED, NOT_COVERED),
    "three numbers": (stating(0, lambda _a, b, _c, _d: b, lambda _a, _b, c, _d: c), CHANGED, TAMPERED),
    "six numbers": (stating(0, lambda _a, b, _c, _d: b, lambda _a, _b, c, _d: c, 5, 6, 7), CHANGED, TAMPERED),
    "numbers that are too large": (stating(0, 10**12, 10**12, 5), CHANGED, TAMPERED),
    "numbers that are large": (stating(0, 10**9, 10**9 + 9, 5), CHANGED, NOT_COVERED),
    "the two parts in reverse": (stating(lambda _a, _b, c, _d: c, lambda _a, _b, _c, d: d, 0, lambda _a, b, _c, _d: b), CHANGED, NOT_COVERED),
    "a first part that begins later": (stating(10, lambda _a, b, _c, _d: b - 10, lambda _a, _b, c, _d: c, lambda _a, _b, _c, d: d), CHANGED, NOT_COVERED),
    "a second part that ends before the end": (stating(0, lambda _a, b, _c, _d: b, lambda _a, _b, c, _d: c, lambda _a, _b, _c, d: d - 30), CHANGED, NOT_COVERED),
    "a second part beyond the end": (stating(0, lambda _a, b, _c, _d: b, lambda _a, _b, c, _d: c, lambda _a, _b, _c, d: d + 30), CHANGED, NOT_COVERED),
    "a gap wider than the signature": (lambda s: places.wider_gap(s.good), CHANGED, "What the seal leaves uncovered is not the place of the signature."),
    "a gap over half of the file": (stating(0, 20, lambda _a, _b, c, _d: c, lambda _a, _b, _c, d: d), CHANGED, "What the seal leaves uncovered is not the place of the signature."),
    "said once more in a comment": (lambda s: places.said_in(s.good, b"% ", b""), CHANGED, TAMPERED),
    "said once more in a string": (lambda s: places.said_in(s.good, b"(", b")"), CHANGED, TAMPERED),
    # Games with the place of the signature.
    "no signature": (lambda s: filled(s.good, b""), FOREIGN, NOT_A_SIGNATURE),
    "null for a signature": (lambda s: filled(s.good, b"null"), FOREIGN, NOT_A_SIGNATURE),
    "an empty signature": (lambda s: filled(s.good, b"<>"), FOREIGN, NOT_A_SIGNATURE),
    "noughts for a signature": (lambda s: with_gap(s.good, b"<" + b"0" * (len(gap(s.good)) - 2) + b">"), FOREIGN, "The signature has been taken out of the file."),
    "small letters": (lambda s: with_gap(s.good, gap(s.good).lower()), CHANGED, NOT_A_SIGNATURE),
    "one small letter": (lambda s: with_gap(s.good, gap(s.good).replace(b"A", b"a", 1)), CHANGED, NOT_A_SIGNATURE),
    "an odd number of figures": (lambda s: places.odd_figures(s.good), CHANGED, NOT_A_SIGNATURE),
    "spaces between the figures": (lambda s: with_gap(s.good, gap(s.good)[:-3] + b" 0>"), CHANGED, NOT_A_SIGNATURE),
    "a string in round brackets": (lambda s: places.in_a_string(s.good), CHANGED, NOT_A_SIGNATURE),
    "a second signature in the room behind the first": (lambda s: places.two_signatures(s.good), CHANGED, NOT_A_SIGNATURE),
    "something in the room behind the signature": (lambda s: with_gap(s.good, gap(s.good)[:-9] + b"DEADBEEF>"), CHANGED, "Something stands in the empty space behind the signature."),
    "a signature cut short": (lambda s: with_gap(s.good, b"<" + gap(s.good)[1:801].ljust(len(gap(s.good)) - 2, b"0") + b">"), FOREIGN, SOMEBODY_ELSE),
    "a length that is not said": (lambda s: places.indefinite(s.good), CHANGED, "The signature does not begin as ours do."),
    "the second part moved away (SWA)": (lambda s: places.moved(s.good), CHANGED, TAMPERED),
    "the second part moved away under one statement": (lambda s: places.moved_with_one_statement(s.good), CHANGED, NOT_A_SIGNATURE),
    # Changes inside, and other files around.
    "other letters on the page": (lambda s: bodies.glyphs(s.good), CHANGED, ANOTHER_CONTENT),
    "another day in the metadata": (lambda s: bodies.xmp(s.good), CHANGED, ANOTHER_CONTENT),
    "another credential of the same length": (lambda s: bodies.credential(s.good), CHANGED, ANOTHER_CONTENT),
    "another table of objects": (lambda s: bodies.table_of_objects(s.good), CHANGED, ANOTHER_CONTENT),
    "one bit of a page": (lambda s: flipped(s.good, s.good.index(b"stream") + 60), CHANGED, ANOTHER_CONTENT),
    "another year of the seal": (lambda s: bodies.of_another_time(s.good, 2020), CHANGED, ANOTHER_CONTENT),
    "the signature of another certificate of ours": (lambda s: signatures.in_place(s.good, signatures.signature_of(s.another)), CHANGED, ANOTHER_CONTENT),
    "written anew by another program": (lambda s: bodies.written_anew(s.good), CHANGED, NOT_COVERED),
    "the seal cut out": (lambda s: bodies.stripped(s.good), FOREIGN, NO_SEAL),
    "never sealed": (lambda s: bodies.unsealed(s.plain), FOREIGN, NO_SEAL),
    "a line end before the beginning": (lambda s: b"\n" + s.good, CHANGED, BEFORE),
    "a picture before the beginning": (lambda s: b"GIF89a" + s.good, CHANGED, BEFORE),
    "an archive before the beginning": (lambda s: b"PK\x03\x04" + bytes(26) + s.good, CHANGED, BEFORE),
    "a page of the web within the first lines": (lambda s: s.good.replace(b"\n", b"\n%<html><script>alert(1)</script>\n", 1), CHANGED, NOT_COVERED),
    "a version that there is not": (lambda s: b"%PDF-9.9" + s.good[8:], CHANGED, BEFORE),
    "the last line cut off": (lambda s: s.good[: s.good.rindex(b"%%EOF")], CHANGED, CUT),
    "cut in the middle": (lambda s: s.good[: len(s.good) // 2], FOREIGN, NO_SEAL),
    "cut behind the signature": (lambda s: s.good[: ranges(s.good)[2] + 40], CHANGED, CUT),
    # Signatures by others, and by us in other forms. Who has our key can make these; it shows that each point is looked at.
    "sealed under the same names": (lambda s: resealed(s.good, lambda digest: signed(digest, s.forger)), FOREIGN, SOMEBODY_ELSE),
    "sealed under the same names and number": (lambda s: resealed(s.good, lambda digest: signed(digest, of_the_same_names(s.seal, s.at))), FOREIGN, SOMEBODY_ELSE),
    "sealed by another, with our certificate beside": (lambda s: resealed(s.good, lambda digest: signed(digest, s.forger, holds=[s.forger.certificate, s.seal.certificate])), CHANGED, SOMEBODY_ELSE),
    "our certificate and another key": (lambda s: resealed(s.good, lambda digest: signed(digest, s.forger, names=s.seal.certificate, holds=[s.seal.certificate])), CHANGED, "The seal names our certificate, and was not made with its key."),
    "a certificate given out by our seal": (lambda s: resealed(s.good, lambda digest: signed(digest, issued_by_a_leaf(s.seal, s.at))), CHANGED, SOMEBODY_ELSE),
    "SHA-1": (with_another_digest("sha1"), CHANGED, METHOD),
    "SHA-512": (with_another_digest("sha512"), CHANGED, METHOD),
    "two signers": (by(signers=2), CHANGED, "The seal was set by several at once; ours never are."),
    "no signer": (by(signers=0), CHANGED, ANOTHER_CONTENT),
    "one statement more": (by(more=[signatures.a_strange_attribute()]), CHANGED, STRANGE),
    "one statement less": (by(without=["signing_certificate_v2"]), CHANGED, STRANGE),
    "one statement twice": (by(more=[("content_type", "data")]), CHANGED, STRANGE),
    "another version": (by(version="v3"), CHANGED, STRANGE),
    "a content of its own": (by(content=b"another file"), CHANGED, "The seal carries a content of its own instead of covering the file."),
    "another certificate meant than carried": (by(means=lambda s: s.forger.certificate), CHANGED, "The seal names another certificate than the one that it carries."),
    "a stranger's certificate beside ours": (by(holds=lambda s: [s.seal.certificate, *s.seal.chain, s.forger.certificate]), CHANGED, NOT_OUR_AUTHORITY),
    "two strangers who vouch for one another beside ours": (by(holds=lambda s: [s.seal.certificate, *s.seal.chain, *vouching_for_one_another(s.at)]), CHANGED, NOT_OUR_AUTHORITY),
    "our certificate twice": (by(holds=lambda s: [s.seal.certificate, *s.seal.chain, s.seal.certificate]), CHANGED, STRANGE),
    "something added beside the signature": (by(added=[("content_type", "data")]), CHANGED, "Something was added to the signature after it was made."),
    "a time stamp of another seal": (by(holds=all_but_the_last, stamp=a_stamp(over=b"another")), CHANGED, "The time stamp in the seal belongs to another seal."),
    "a time stamp of a time after the certificate": (by(holds=all_but_the_last, stamp=a_stamp(YEARS)), CHANGED, NOT_THEN),
    "values inside one another": (lambda s: resealed(s.good, lambda digest: signatures.nested(s.seal, digest, 700)), CHANGED, OTHER_WRITING),
    # Files that are none of ours, or were made to exhaust a reader.
    "empty": (lambda s: b"", FOREIGN, "The file is empty."),
    "not a PDF": (lambda s: b"<html>Attestato</html>", FOREIGN, NO_PDF),
    "five megabytes of nothing": (lambda s: bytes(shape.MOST_BYTES), FOREIGN, NO_PDF),
    "five megabytes of letters": (lambda s: b"%PDF-1.7\n" + b"A" * (shape.MOST_BYTES - 9), FOREIGN, NO_SEAL),
    "five megabytes of statements": (lambda s: b"%PDF-1.7\n" + b"/ByteRange" * 500_000 + b"startxref %%EOF", FOREIGN, TAMPERED),
    "one statement and five megabytes of spaces": (lambda s: b"%PDF-1.7\n/ByteRange" + b" " * 5_000_000 + b"startxref %%EOF", FOREIGN, TAMPERED),
    "more than five megabytes": (lambda s: s.good + bytes(shape.MOST_BYTES), CHANGED, LARGE),
    "a hundred thousand brackets": (lambda s: bodies.deep(b"["), FOREIGN, NO_SEAL),
    "a hundred thousand dictionaries": (lambda s: bodies.deep(b"<</A"), FOREIGN, NO_SEAL),
    "a bomb": (lambda s: bodies.bomb(), FOREIGN, NO_SEAL),
    "a bomb in a sealed file": (lambda s: bodies.bomb(around=s.good), CHANGED, NOT_COVERED),
    "a bomb in a sealed file whose numbers fit": (lambda s: places.fitting(bodies.bomb(around=s.good)), CHANGED, ANOTHER_CONTENT),
}  # fmt: skip


def test_there_are_more_than_forty_kinds():
    assert len(ATTACKS) > 40


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused_with_the_right_words(sealed, name, caplog):
    make, expected, says = ATTACKS[name]
    pdf = make(sealed)
    assert pdf != sealed.good
    tracemalloc.start()
    began = process_time()
    with caplog.at_level(logging.DEBUG):
        found = sealed.judge(pdf)
    took, peak = process_time() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found.verdict, str(found.because), found.covered) == (expected, says, "")
    assert [record for record in caplog.records if record.levelno > logging.WARNING] == []
    assert took < 2, "An attack costs no more time than a real file."
    assert peak < 30 * bodies.MB, "An attack costs no more memory than a few copies of the largest upload."


@pytest.mark.parametrize(
    "make",
    [lambda s: s.good, lambda s: s.another, by(), by(holds=all_but_the_last), by(holds=all_but_the_last, stamp=a_stamp())],
    ids=["as issued", "another", "signed by hand as we do", "without the root", "with a time stamp"],
)
def test_what_is_ours_is_intact(sealed, make):
    pdf = make(sealed)
    because = "The seal is ours, and nothing has been changed since it was set."
    found = sealed.judge(pdf)
    assert (found.verdict, str(found.because), found.seal) == (Verdict.INTACT, because, sealed.seal.certificate)
    assert found.covered == hashlib.sha256(signatures.covered(pdf)).hexdigest()


def of(authority, **but):
    """Give the judgement of a file under a seal of *authority* that stands on our list, whatever kind of seal it is."""

    def judged(sealed, pdf=None, **asked):
        seal = authority.seal(**but)
        pdf = resealed(pdf or sealed.good, lambda digest: signed(digest, seal))
        return sealed.judge(pdf, **{"seals": [seal.certificate], "roots": [authority.root]} | asked)

    return judged


LISTED = {
    "for signing only": ({"uses": frozenset({"digital_signature"})}, None),
    "for commitment only": ({"uses": frozenset({"content_commitment"})}, None),
    "for neither": ({"uses": frozenset({"key_encipherment"})}, NOT_FOR_SEALING),
    "for nothing": ({"uses": frozenset()}, NOT_FOR_SEALING),
    "for time stamps": ({"purposes": TIME_STAMPS}, NOT_FOR_SEALING),
    "for opening a site as a client": ({"purposes": (ExtendedKeyUsageOID.CLIENT_AUTH,)}, NOT_FOR_SEALING),
    "an authority": ({"ca": True}, NOT_FOR_SEALING),
    "not valid yet": ({"begins": timedelta(days=1)}, NOT_THEN),
    "ended before it sealed": ({"begins": timedelta(days=-60), "ends": timedelta(days=-30)}, NOT_THEN),
}


@pytest.mark.parametrize("kind", LISTED)
def test_a_certificate_on_our_list_seals_only_what_and_when_it_may(sealed, kind):
    but, says = LISTED[kind]
    found = of(Authority(sealed.at), **but)(sealed)
    assert (found.verdict, str(found.because)) == ((CHANGED, says) if says else (Verdict.INTACT, "The seal is ours, and nothing has been changed since it was set."))


def test_a_certificate_given_out_by_our_seal_is_no_seal_even_on_our_list(sealed):
    leaf = issued_by_a_leaf(sealed.seal, sealed.at)
    found = sealed.judge(resealed(sealed.good, lambda digest: signed(digest, leaf)), seals=[leaf.certificate])
    assert (found.verdict, str(found.because)) == (CHANGED, NOT_OUR_AUTHORITY)


def test_a_certificate_in_the_signature_is_written_in_one_way_only(sealed):
    authority = Authority(sealed.at)
    seal = below_another(authority)
    between, root = seal.chain
    verdicts = []
    for held in (between, with_an_unused_bit(between)):
        pdf = resealed(sealed.good, lambda digest, held=held: signed(digest, seal, holds=[seal.certificate, held]))
        found = sealed.judge(pdf, seals=[seal.certificate], roots=[root])
        verdicts.append((found.verdict, str(found.because)))
    assert verdicts == [(Verdict.INTACT, "The seal is ours, and nothing has been changed since it was set."), (CHANGED, OTHER_WRITING)]


def test_our_seal_on_another_root_is_not_trusted(sealed):
    found = sealed.judge(sealed.good, roots=[root_of(sealed.forger)])
    assert (found.verdict, str(found.because)) == (CHANGED, NOT_OUR_AUTHORITY)


@pytest.mark.parametrize(
    ("before_the_end", "is_intact"),
    [(timedelta(days=1), True), (timedelta(0), True), (timedelta(seconds=-1), False), (timedelta(days=-400), False)],
)
def test_the_register_says_whether_the_certificate_was_valid_when_it_sealed(sealed, before_the_end, is_intact):
    ends = sealed.seal.certificate.not_valid_after_utc
    found = sealed.judge(sealed.good, at=ends + YEARS, sealed_at=lambda _covered: ends - before_the_end)
    assert (found.verdict, str(found.because) == NOT_THEN) == ((Verdict.INTACT, False) if is_intact else (CHANGED, True))


def test_the_register_is_asked_about_what_the_seal_covers(sealed):
    asked = []
    sealed.judge(sealed.good, sealed_at=asked.append)
    assert asked == [hashlib.sha256(signatures.covered(sealed.good)).hexdigest()]


def test_a_file_stays_intact_after_the_seal_has_ended(sealed):
    late = sealed.seal.certificate.not_valid_after_utc + YEARS
    assert sealed.judge(sealed.good, at=late).verdict is Verdict.INTACT


def test_a_file_that_says_itself_that_it_was_sealed_after_the_end_is_refused(sealed):
    late = resealed(bodies.of_another_time(sealed.good, 2060), lambda digest: signed(digest, sealed.seal))
    found = sealed.judge(late)
    assert (found.verdict, str(found.because)) == (CHANGED, NOT_THEN)


def with_one_word_changed(pdf, old, new):
    changed, times = re.subn(old, new, pdf)
    if not times:
        # It stands in a packed stream of objects.
        changed, times = bodies.altered(pdf, old, lambda text: re.sub(old, new, text)), 1
    assert (times, len(changed)) == (1, len(pdf)), f"The sample says {old!r} {times} times."
    return changed


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (rb"/P 1(?=\s*[/>])", b"/P 2", "The seal does not forbid changes; ours does."),
        (rb"(/TransformMethod\s*)/DocMDP", rb"\1/FieldM", "The seal does not forbid changes; ours does."),
        (rb"\(Seal\)", b"(0000)", "The file carries another seal than ours."),
        (rb"/ETSI\.CAdES\.detached", b"/adbe.pkcs7.sha1    ", "The file carries another seal than ours."),
        (rb"(startxref\n)\d\d", rb"\g<1>00", "The file cannot be read as a sealed PDF."),
    ],
)
def test_our_own_key_seals_nothing_but_the_form_that_we_know(sealed, old, new, says):
    # Only our key can sign this; it shows what the reading of the PDF itself adds to what stands before it.
    pdf = resealed(with_one_word_changed(sealed.good, old, new), lambda digest: signed(digest, sealed.seal))
    found = sealed.judge(pdf)
    assert (found.verdict, str(found.because)) == (CHANGED, says)


def test_a_file_of_ours_that_takes_too_long_is_refused(sealed, monkeypatch):
    from inspire_lms.plugins.certificate import verdict

    monkeypatch.setattr(verdict, "LONGEST", timedelta(microseconds=1))
    found = sealed.judge(sealed.good)
    assert (found.verdict, str(found.because)) == (CHANGED, "The file takes longer to read than any of ours.")


def test_without_a_seal_of_ours_nothing_is_ours(sealed):
    found = sealed.judge(sealed.good, seals=[])
    assert (found.verdict, str(found.because), found.seal) == (FOREIGN, SOMEBODY_ELSE, None)
