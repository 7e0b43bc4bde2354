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


def test_the_first_start_tells_each_face_that_it_makes_and_the_second_none(app, tmp_path):
    told = []
    app.config["FONTS_FOLDER"] = tmp_path
    for name in list(typefaces.FACES)[1:]:
        (tmp_path / typefaces._path(name).name).write_bytes(b"made before")
    typefaces.make_ready(lambda number, of: told.append((number, of)))
    typefaces.make_ready(lambda number, of: told.append((number, of)))
    assert told == [(1, 1)]
    assert typefaces.font_path(next(iter(typefaces.FACES))).stat().st_size > 10_000
