"""A document before other people's judges and readers: both standards, letters, order of reading, pages, bookmarks."""

import io
from datetime import UTC, datetime
from itertools import product

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspire_lms.kernel.i18n import Words
from inspire_lms.kernel.pdf.blocks import Entries, Grid, Heading, Paragraph
from inspire_lms.kernel.pdf.document import Document, why_not_print, written
from inspire_lms.kernel.pdf.setting import flowing, width_of
from tests.judges import second, tags, text, verapdf

AT = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
LONG = {
    "en": "Whoever applies states the administration, the unit and the years of service, in this order. ",
    "it": "Chi presenta domanda indica l’amministrazione, l’unità e gli anni di servizio, in quest’ordine. ",
    "el": "Όποιος υποβάλλει αίτηση δηλώνει τον φορέα, τη μονάδα και τα έτη υπηρεσίας, με αυτήν τη σειρά. ",
    "ro": "Cine depune candidatura declară instituția, unitatea și anii de vechime, în această ordine. ",
}
PAGES = {"en": "Page", "it": "Pagina", "el": "Σελίδα", "ro": "Pagina"}
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" * 2


def a_document(language="en", **but):
    said = Words(LONG)
    blocks = (
        Paragraph(said.text(language) * 8 + "\nȘtefan Țîrlea, Γεώργιος Παπαϊωάννου, Nicolò D’Angelo"),
        Heading(said),
        Entries((said, said), is_numbered=True),
        Heading(Words(en="Only in English"), level=3),
        Paragraph(Words(en="Nobody has translated this."), is_note=True),
        Heading("2 x 3"),
        Grid(
            heads=("A", "B", "Γ"),
            caption=Words(LONG),
            rows=(*((f"{number}.", said, f"{number},50") for number in range(1, 40)), ("40.", said.text(language) * 60, DIGEST)),
            shares=(1, 4, 2),
            figures=frozenset({2}),
        ),
        Grid(rows=(("SHA-256", DIGEST), ("ș", "ț"))),
        Entries((said,)),
    )
    said = {"title": LONG[language].strip(), "author": "INSPIRE PA", "subject": "IT-1", "language": language, "at": AT, "blocks": blocks}
    return Document(**said | but)


LANGUAGES = ("en", "it", "el", "ro")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_conforms_to_both_standards_before_both_judges(bare, language):
    pdf = written(a_document(language))
    found = {(judge.__name__, flavour): judge.failures(pdf, flavour) for judge, flavour in product((verapdf, second), ("3a", "ua1"))}
    assert {case: failures for case, failures in found.items() if failures} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_printed_comes_back_in_order_in_its_language_from_faces_that_travel_with_it(bare, language):
    document = a_document(language)
    pdf = written(document)
    assert (text.strange_letters(text.plain(pdf)), text.unfit_faces(pdf)) == ([], [])
    assert text.about(pdf) == text.About(document.title, language, is_tagged=True)
    heard = tags.read_aloud(pdf)
    line = LONG[language].strip()
    headings = [(one.role, one.text) for one in heard if one.role in {"H1", "H2", "H3"}]
    assert headings == [("H1", line), ("H2", line), ("H3", "Only in English"), ("H2", "2 x 3")]
    numbered = [(one.role, one.text) for one in heard if one.role in {"Lbl", "LBody"}]
    assert numbered == [("Lbl", "1."), ("LBody", line), ("Lbl", "2."), ("LBody", line), ("Lbl", "•"), ("LBody", line)]
    assert {one.language for one in heard if one.text in {"Only in English", "Nobody has translated this."}} == {"en"}
    assert {one.language for one in heard if one.text == line} == {language}
    # The reader puts a space where a line ends, also inside a word that is wider than its column.
    cells = [(one.role, DIGEST if one.text.replace(" ", "") == DIGEST else one.text) for one in heard if one.role in {"TH", "TD", "Caption"}]
    rows = [cell for number in range(1, 40) for cell in (("TH", f"{number}."), ("TD", line), ("TD", f"{number},50"))]
    assert cells[: 4 + len(rows)] == [("Caption", line), ("TH", "A"), ("TH", "B"), ("TH", "Γ"), *rows]
    long_row, facts = cells[4 + len(rows) : 7 + len(rows)], cells[7 + len(rows) :]
    assert long_row == [("TH", "40."), ("TD", (LONG[language] * 60).strip()), ("TD", DIGEST)]
    assert facts == [("TH", "SHA-256"), ("TD", DIGEST), ("TH", "ș"), ("TD", "ț")]


def test_each_page_says_which_it_is_and_each_heading_is_a_bookmark_to_its_page(bare):
    pdf = written(a_document("el"))
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    count = len(reader.pages)
    assert count > 3
    assert all(f"Σελίδα {number} από {count}" in page.extract_text() for number, page in enumerate(reader.pages, 1))
    (top,) = (one for one in reader.outline if not isinstance(one, list))
    below = reader.outline[1]
    assert (top.title, [one.title for one in below if not isinstance(one, list)]) == (LONG["el"].strip(), [LONG["el"].strip(), "2 x 3"])
    assert all(one.title in " ".join(reader.pages[reader.get_destination_page_number(one)].extract_text().split()) for one in (top, below[0]))


def test_the_heads_of_a_table_stand_on_every_page_and_are_read_once(bare):
    pdf = written(a_document("en", blocks=(Grid(heads=("Criterion", "Points"), rows=tuple((str(number), "1") for number in range(90))),)))
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert [page.extract_text().count("Criterion") for page in pages] == [1] * len(pages)
    assert len(pages) > 1
    assert [one.text for one in tags.read_aloud(pdf)].count("Criterion") == 1


def test_the_same_values_give_the_same_bytes_and_others_do_not(bare):
    assert written(a_document("ro")) == written(a_document("ro"))
    assert written(a_document("ro")) != written(a_document("ro", subject="IT-2"))


def test_a_letter_that_no_face_has_is_named_before_anything_is_written(bare):
    assert str(why_not_print(["Москва", "ok"])) == "These letters cannot be printed: М а в к о с"
    assert why_not_print(["Îngrijire\tși sănătate\n€ 5 – «ναι»"]) is None
    with pytest.raises(ValueError, match="cannot be printed"):
        written(a_document("en", blocks=(Paragraph("Москва"),)))


@given(st.text("abcdefgh șțάέ", max_size=200), st.floats(20, 300))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_line_is_wider_than_it_may_be_and_nothing_is_lost(bare, words, width):
    lines = flowing(words, "Sans", 10, width)
    assert "".join(lines) == " ".join(filter(None, words.split(" ")))
    assert all(width_of(line.rstrip(" "), "Sans", 10) <= width + 0.01 or len(line) == 1 for line in lines)
