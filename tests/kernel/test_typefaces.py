"""Greek, comma below and accents can be printed, each face under a name of its own."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from inspire_lms.kernel import typefaces

NAMES = "Ștefăniță Țiriac Γεώργιος Παπαϊωάννου ΐΰ ΆΏ Nicolò D’Angelo – “80 %” €"


@pytest.mark.parametrize("face", sorted(typefaces.FACES))
def test_every_face_has_the_letters_of_four_languages(app, face):
    assert typefaces.missing_letters(NAMES, face) == set()


def test_a_letter_that_a_face_lacks_is_named(app):
    assert typefaces.missing_letters("Łukasz 漢 Ѫ\n", "Serif") == {"漢", "Ѫ"}


def test_a_face_is_cut_once_and_an_unknown_one_is_refused(app):
    first = typefaces.font_path("Sans").stat().st_mtime_ns
    assert typefaces.font_path("Sans").stat().st_mtime_ns == first
    with pytest.raises(KeyError):
        typefaces.font_path("Comic")


def test_what_is_printed_can_be_read_again(app):
    typefaces.register_fonts()
    out = BytesIO()
    canvas = Canvas(out, invariant=1)
    for place, face in enumerate(sorted(typefaces.FACES)):
        canvas.setFont(face, 12)
        canvas.drawString(50, 700 - 30 * place, NAMES)
    canvas.save()
    page = PdfReader(out).pages[0]
    assert page.extract_text().count("Ștefăniță Țiriac Γεώργιος Παπαϊωάννου") == len(typefaces.FACES)
    names = {font.get_object()["/BaseFont"].rpartition("+")[2] for font in page["/Resources"]["/Font"].values()}
    assert {name for name in names if name.startswith("Inspire")} == {f"Inspire{face.replace('-', '')}" for face in typefaces.FACES}
