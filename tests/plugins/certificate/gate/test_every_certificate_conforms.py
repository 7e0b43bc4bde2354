"""Every certificate, sealed, before every judge. All that needs veraPDF stands here, so that Java is started in one process only."""

import re
import sys
from itertools import product

import pytest

from inspire_lms.plugins.certificate.drawing.record import title_of
from inspire_lms.plugins.certificate.rules import Kind
from tests.judges import second, tags, text, verapdf
from tests.judges.programs import made
from tests.plugins.certificate.gate import samples, seals, spoiled

every = pytest.mark.parametrize("sample", samples.MATRIX, ids="-".join)


def broken(judge, pdf, flavour):
    return sorted({one.rule for one in judge.failures(pdf, flavour)})


@every
def test_it_conforms_to_both_standards_before_both_judges(conforming, sample):
    pdf = conforming(*sample)
    found = {(judge.__name__, flavour): judge.failures(pdf, flavour) for judge, flavour in product((verapdf, second), ("3a", "ua1"))}
    assert {case: failures for case, failures in found.items() if failures} == {}


@every
def test_what_was_printed_comes_back_letter_by_letter_from_typefaces_that_travel_with_it(conforming, printed, sample):
    pdf, record = conforming(*sample), samples.record(*sample[:3])
    written = text.plain(pdf)
    assert (text.missing(written, printed(*sample[:3])), text.strange_letters(written), text.unfit_faces(pdf)) == ([], [], [])
    assert text.about(pdf) == text.About(title_of(record), record.language, is_tagged=True)


@every
def test_its_seal_is_valid_trusted_and_covers_it_all(conforming, ours, sample):
    pdf = conforming(*sample)
    assert (seals.poppler(pdf, ours), seals.pyhanko(pdf, ours)) == (seals.GOOD, seals.GOOD)
    complaints = {"openssl": seals.openssl(pdf, ours), "mupdf": seals.mupdf(pdf), "qpdf": seals.qpdf(pdf)}
    assert complaints == {"openssl": "", "mupdf": "", "qpdf": ""}
    assert seals.algorithm(pdf) == sample.algorithm


@every
def test_each_language_is_read_aloud_as_what_it_is(conforming, sample):
    record = samples.record(*sample[:3])
    heard = tags.read_aloud(conforming(*sample))
    found = {words: {one.language for one in heard if words in one.text} for words in samples.spoken(record)}
    assert found == {words: {language} for words, language in samples.spoken(record).items()}


@every
def test_the_code_can_be_read_from_a_poor_picture_and_from_one_of_half_the_size(conforming, sample):
    address = samples.record(*sample[:3]).address
    assert text.codes(conforming(*sample)) == ([address], [address])


@pytest.mark.parametrize(("language", "kind", "engine"), list(product(samples.LANGUAGES, Kind, ("fast", "pyhanko"))))
def test_it_is_read_aloud_from_its_title_over_the_name_to_the_rest_with_a_space_between_words(conforming, printed, language, kind, engine):
    pdf, record = conforming(language, kind, "longest", "ES256", engine), samples.record(language, kind, "longest")
    heard = text.reading_order(pdf)
    assert next(one for one in heard if one.role.startswith("H")) == text.Heard("H1", record.title.text(language))
    spoken = " ".join(one.text for one in heard)
    assert text.missing(spoken, printed(language, kind, "longest")) == []
    places = [spoken.index(words) for words in (record.title.text(language), record.name, record.programme.text("en"))]
    assert places == sorted(places)
    assert "".join(one.text for one in tags.read_aloud(pdf)).replace(" ", "") == spoken.replace(" ", "")


@pytest.mark.parametrize(("flavour", "rules"), [("3a", 155), ("3b", 146), ("ua1", 106)])
def test_verapdf_judges_by_all_the_rules_that_its_profile_has(flavour, rules):
    assert (verapdf.rules_of(flavour), verapdf.rules_in_the_file(flavour)) == (rules, rules)


PLAIN = (
    "import sys; from reportlab.pdfgen.canvas import Canvas; c = Canvas(sys.stdout.buffer); c.drawString(100, 700, 'Certificate'); c.save()"
)
UNTAGGED = ["TAGGED-DOCUMENT", "STRUCT-TREE-ROOT", "METADATA-STRUCTURE", "ID-SCHEMA", "FONT-EMBEDDING"]
COLOURS_AND_STREAMS = ["DEVICE-GRAY", "STREAM-EOL", "STREAM-LENGTH"]


@pytest.mark.parametrize(
    ("flavour", "to_verapdf", "to_the_second"),
    [
        (
            "3b",
            ["6.1.7.1-2", "6.2.4.3-4", "6.2.11.4.1-1", "6.6.2.1-1"],
            ["METADATA-STRUCTURE", "ID-SCHEMA", "FONT-EMBEDDING", *COLOURS_AND_STREAMS],
        ),
        ("3a", ["6.1.7.1-2", "6.2.4.3-4", "6.2.11.4.1-1", "6.6.2.1-1", "6.7.2.2-1", "6.7.3.3-1"], [*UNTAGGED, *COLOURS_AND_STREAMS]),
        (
            "ua1",
            ["6.2-1", "7.1-3", "7.1-8", "7.1-10", "7.1-11", "7.2-34", "7.21.4.1-1"],
            [*UNTAGGED, "CONTENT-TAGGING", "ID-PART", "METADATA-TITLE", "TEXT-LANGUAGE", "VIEWER-PREFERENCES"],
        ),
    ],
)
def test_a_file_as_reportlab_writes_it_by_itself_is_refused_by_both(flavour, to_verapdf, to_the_second):
    # In a process of its own, where nobody has taught the library better.
    pdf = made(sys.executable, "-c", PLAIN)
    assert broken(verapdf, pdf, flavour) == sorted(to_verapdf)
    name = "PDFUA1" if flavour == "ua1" else f"PDFA{flavour.upper()}"
    assert broken(second, pdf, flavour) == sorted(f"{name}-{rule}-001" for rule in to_the_second)


LANGUAGE_UA = (r"7\.2-\d+", r"PDFUA1-.*LANGUAGE-001")
SPOILED = {
    # What is spoiled: what veraPDF says against it and what the second judge does, as PDF/A-3a; then both as PDF/UA-1.
    spoiled.no_language: (("", ""), LANGUAGE_UA),
    spoiled.no_marks: ((r"6\.7\.2\.2-1", r"PDFA3A-TAGGED-DOCUMENT-001"), (r"6\.2-1", r"PDFUA1-TAGGED-DOCUMENT-001")),
    spoiled.no_output_intent: ((r"6\.2\.4\.3-[24]", r"PDFA3A-DEVICE-(RGB|GRAY)-001"), ("", "")),
    spoiled.no_face: ((r"6\.2\.11\.4\.1-1", r"PDFA3A-FONT-EMBEDDING-001"), (r"7\.21\.4\.1-1", r"PDFUA1-FONT-EMBEDDING-001")),
    spoiled.no_letters: ((r"6\.2\.11\.7\.2-1", r"PDFA3A-UNICODE-MAPPING-001"), (r"7\.21\.7-1", r"PDFUA1-FONT-UNICODE-MAPPING-001")),
    spoiled.no_alternative: (("", ""), (r"7\.3-1", r"PDFUA1-FIGURE-ALTERNATIVE-TEXT-001")),
    spoiled.no_mention_of_accessibility: (("", ""), (r"5-1", r"PDFUA1-ID-(PART|SCHEMA)-001")),
    spoiled.no_relationship: ((r"6\.8-3", r"PDFA3A-FILE-SPEC-AF-RELATIONSHIP-001"), ("", "")),
    spoiled.noughts_for_all_letters: (
        (r"6\.2\.11\.7\.2-2", r"PDFA3A-UNICODE-VALUE-001"),
        (r"7\.21\.7-2", r"PDFUA1-FONT-UNICODE-VALUE-001"),
    ),
    # Here only the second judge looks.
    spoiled.nought_for_a_letter: (("", r"PDFA3A-UNICODE-VALUE-001"), ("", r"PDFUA1-FONT-UNICODE-VALUE-001")),
    # What no judge of conformance minds, so that others must; test_the_judges_can_say_no.py has them.
    spoiled.no_other_language: (("", ""), ("", "")),
    spoiled.another_order: (("", ""), ("", "")),
    spoiled.no_words: (("", ""), ("", "")),
    None: (("", ""), ("", "")),
}


@pytest.mark.parametrize("spoil", SPOILED, ids=lambda spoil: spoil.__name__ if spoil else "nothing")
def test_a_file_with_one_thing_spoiled_is_refused_for_that_thing(conforming, spoil):
    pdf = spoiled.unsealed(conforming("el", Kind.COMPETENCE, "mixed", "ES256"), spoil)
    for flavour, expected in zip(("3a", "ua1"), SPOILED[spoil], strict=True):
        for judge, pattern in zip((verapdf, second), expected, strict=True):
            said = broken(judge, pdf, flavour)
            assert (bool(said), [one for one in said if not re.fullmatch(pattern, one)]) == (bool(pattern), []), (judge.__name__, flavour)
