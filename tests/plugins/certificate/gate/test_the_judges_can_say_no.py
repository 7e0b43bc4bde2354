"""What the judges of letters and seals say about files that are not as they should be; what those of conformance say stands beside the matrix."""

import pytest
from PIL import Image

from inspire_lms.plugins.certificate.rules import Kind
from tests.judges import tags, text
from tests.plugins.certificate.gate import samples, seals, spoiled
from tests.plugins.certificate.gate.seals import GOOD

SAMPLE = ("el", Kind.COMPETENCE, "mixed", "ES256", "fast")
RECORD = samples.record(*SAMPLE[:3])
CHANGED = GOOD._replace(is_valid=False, is_trusted=False)
FOREIGN = GOOD._replace(is_trusted=False)
APPENDED = GOOD._replace(is_whole=False)


@pytest.fixture
def good(conforming):
    return conforming(*SAMPLE)


@pytest.mark.parametrize(
    ("change", "poppler", "pyhanko", "says_no"),
    [
        (lambda good: good, GOOD, GOOD, set()),
        # OpenSSL sees no file, only what the seal says it covers.
        (spoiled.revised, APPENDED, APPENDED, {"mupdf"}),
        (lambda good: good + b"% added\n", APPENDED, APPENDED, {"mupdf"}),
        (spoiled.one_bit_off, CHANGED, CHANGED, {"openssl", "mupdf"}),
        (spoiled.unsealed, GOOD._replace(is_valid=False, is_trusted=False, is_whole=False), (0, False, False, False), {"openssl", "mupdf"}),
    ],
    ids=["nothing", "a revision appended", "a remark appended", "one bit changed", "no seal"],
)
def test_a_file_that_was_changed_is_refused_by_those_who_can_see_it(good, ours, change, poppler, pyhanko, says_no):
    pdf = change(good)
    assert (seals.poppler(pdf, ours), seals.pyhanko(pdf, ours)) == (poppler, pyhanko)
    said = {"openssl": seals.openssl(pdf, ours), "mupdf": seals.mupdf(pdf)}
    assert {judge for judge, words in said.items() if words} == says_no


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_the_seal_of_a_root_with_the_same_name_and_another_key_is_trusted_by_nobody(conforming, ours, others, algorithm):
    ours_and_theirs = {owner: conforming(*SAMPLE[:3], algorithm, "fast", owner) for owner in ("ours", "others")}
    for owner, pdf in ours_and_theirs.items():
        for whom, trust in (("ours", ours), ("others", others)):
            expected = GOOD if owner == whom else FOREIGN
            assert (seals.poppler(pdf, trust), seals.pyhanko(pdf, trust)) == (expected, expected)
            assert bool(seals.openssl(pdf, trust)) is (owner != whom)


@pytest.mark.parametrize("lost", [1, 20, 400])
def test_a_file_that_lost_its_end_is_refused_by_the_judge_of_syntax(good, lost):
    assert (seals.qpdf(good), seals.qpdf(good[:-lost]) != "") == ("", lost > 1)


@pytest.mark.parametrize(
    ("written", "strange"),
    [
        ("Ștefania Μουμτζή-Țîrlea D’Avì", []),
        ("\u015etefan \u0163ine", ["U+015E S with cedilla", "U+0163 t with cedilla"]),
        (
            "Οικον\u00b5όμου \u2126 \u2206 \u0387",
            ["U+00B5 micro sign for mu", "U+0387 ano teleia for middle dot", "U+2126 ohm sign for omega", "U+2206 increment for delta"],
        ),
        ("Nicolo\u0300", ["Nicolo\u0300 is not composed"]),
        ("A\ue000\ufffd\x00", ["U+0000 is no letter", "U+E000 is no letter", "U+FFFD is no letter"]),
    ],
)
def test_letters_that_only_look_right_are_named(written, strange):
    assert text.strange_letters(written) == strange


def test_a_page_without_its_words_is_noticed_by_the_judge_of_letters(good, printed):
    assert text.missing(text.plain(good), printed(*SAMPLE[:3])) == []
    lacking = text.missing(text.plain(spoiled.unsealed(good, spoiled.no_words)), printed(*SAMPLE[:3]))
    assert RECORD.title.text("el") in lacking


@pytest.mark.parametrize(("spoil", "unfit"), [(None, 0), (spoiled.no_face, 1), (spoiled.no_letters, 1), (spoiled.drawn_letters, 1)])
def test_a_typeface_that_does_not_travel_or_does_not_say_its_letters_is_unfit(good, spoil, unfit):
    assert len(text.unfit_faces(spoiled.unsealed(good, spoil))) == unfit


def test_a_file_without_any_typeface_is_unfit_has_no_words_and_no_code_and_is_not_read_aloud(tmp_path):
    Image.new("L", (200, 200), 255).save(tmp_path / "empty.pdf")
    pdf = (tmp_path / "empty.pdf").read_bytes()
    assert (text.unfit_faces(pdf), text.plain(pdf), text.codes(pdf)) == (["There is no typeface."], "", ([], []))
    assert (text.reading_order(pdf), tags.read_aloud(pdf)) == ([], [])
    assert text.about(pdf) == text.About("empty", "", is_tagged=False)


def test_another_order_is_heard_by_both_who_read_aloud(good):
    pdf = spoiled.unsealed(good, spoiled.another_order)
    for heard, turned in ((text.reading_order(good), text.reading_order(pdf)), (tags.read_aloud(good), tags.read_aloud(pdf))):
        assert sorted(heard) == sorted(turned)
        assert heard != turned


def test_english_that_is_read_aloud_as_greek_is_noticed(good):
    spoken = [{one.language for one in tags.read_aloud(pdf)} for pdf in (good, spoiled.unsealed(good, spoiled.no_other_language))]
    assert spoken == [{"el", "en"}, {"el"}]
