"""Files are taken by what they hold, kept by digest, and given back unharmed."""

import hashlib
import io
import json
import zipfile

import pypdf
import pytest
from reportlab.pdfgen import canvas
from sqlalchemy.exc import IntegrityError

from inspire_lms.kernel import files
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere
from inspire_lms.kernel.files import CSV, JSON, MB, PDF, TEXT, TOML, XLSX, ZIP


def a_pdf(*, password="", pages=1):
    out = io.BytesIO()
    drawing = canvas.Canvas(out, invariant=1)
    for _ in range(pages):
        drawing.drawString(72, 720, "Autorizzazione")
        drawing.showPage()
    drawing.save()
    if not password:
        return out.getvalue()
    locked = pypdf.PdfWriter(clone_from=io.BytesIO(out.getvalue()))
    locked.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    locked.write(out)
    return out.getvalue()


def a_zip(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "content")
    return out.getvalue()


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 50
TEXT_FILE = "Nume,Minute\nȚiriac,55\nΠαπαϊωάννου,60\n"


def keep(content, name="x.pdf", **more):
    with transaction():
        return files.keep(content, name, **{"by": None, **more})


def refusal(content, name="x.pdf", **more):
    with pytest.raises(Invalid) as said:
        keep(content, name, **more)
    return str(said.value.reasons[""])


def test_a_file_comes_back_as_it_was_handed_in(app):
    content = a_pdf()
    kept = keep(io.BytesIO(content), "Έγκριση_Δήμου.pdf")
    found, given = files.fetch(kept.id)
    assert (given, found.name, found.kind, found.size) == (content, "Έγκριση_Δήμου.pdf", PDF, len(content))


def test_the_same_content_is_stored_once(app, settings):
    first, second = keep(a_pdf(), "a.pdf"), keep(a_pdf(), "b.pdf")
    assert (first.digest, first.id == second.id) == (second.digest, False)
    assert len([path for path in (settings.instance / "files").rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("content", "name", "allow"),
    [
        (TEXT_FILE.encode(), "list.csv", CSV),
        (TEXT_FILE.encode("utf-8-sig"), "list.csv", CSV),
        (TEXT_FILE.encode("utf-16"), "teams.csv", CSV),
        (b"[call]\nseats = 20\n", "edition.toml", TOML),
        (json.dumps({"a": ["Ț"]}).encode(), "report.json", JSON),
        (b"plain", "notes.txt", TEXT),
        (a_zip("xl/workbook.xml", "[Content_Types].xml"), "list.xlsx", XLSX),
        (a_zip("a.txt"), "list.zip", ZIP),
        (a_pdf(pages=3), "no-ending", PDF),
    ],
)
def test_each_kind_is_known_by_its_content(app, content, name, allow):
    assert keep(content, name, allow=(allow,)).kind == allow


@pytest.mark.parametrize(
    ("content", "allow", "said"),
    [
        (JPEG, PDF, "“x.pdf” is a picture (JPEG), not a PDF file."),
        (b"\x89PNG\r\n\x1a\n", PDF, "“x.pdf” is a picture (PNG), not a PDF file."),
        (a_zip("word/document.xml"), PDF, "“x.pdf” is a Word document, not a PDF file."),
        (a_zip("META-INF/manifest.xml"), PDF, "“x.pdf” is an OpenDocument file, not a PDF file."),
        (a_zip("a.txt"), XLSX, "“x.pdf” is a ZIP archive, not an Excel workbook (XLSX)."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", PDF, "“x.pdf” is a Word or Excel file of the old kind, not a PDF file."),
        (b"MZ\x90\x00", PDF, "“x.pdf” is a program, not a PDF file."),
        (b"  <!DOCTYPE html><script>", PDF, "“x.pdf” is a web page, not a PDF file."),
        (b"Autorizzo la partecipazione", PDF, "“x.pdf” is a text file, not a PDF file."),
        (b"\x01\x00\x02\x03", PDF, "“x.pdf” is a file of another kind, not a PDF file."),
        (a_pdf(), CSV, "“x.pdf” is a PDF file, not a CSV file."),
        (b"", PDF, "“x.pdf” is empty."),
        (a_pdf()[:-200], PDF, "“x.pdf” is a PDF that is broken or incomplete. Open it on your computer and save it once more."),
        (
            b"%PDF-1.7\nnothing\n%%EOF",
            PDF,
            "“x.pdf” is a PDF that is broken or incomplete. Open it on your computer and save it once more.",
        ),
        (a_pdf(password="x"), PDF, "“x.pdf” is protected by a password. Hand in a copy that everybody can open."),
        (a_zip("xl/workbook.xml")[:-30], XLSX, "“x.pdf” is a ZIP archive, not an Excel workbook (XLSX)."),
        (b"Nome\nNicol\xf2\n", CSV, "“x.pdf” is not written in UTF-8: line 2 cannot be read. Save it once more as UTF-8."),
        (b'{"a": 1,\n "b": }', JSON, "“x.pdf” is not valid JSON: line 2, column 7."),
        (b"9" * 5000, JSON, "“x.pdf” is broken or incomplete. Save it once more."),
        (b"[" * 100_000, JSON, "“x.pdf” is broken or incomplete. Save it once more."),
    ],
)
def test_what_is_refused_is_told_what_it_is(app, content, allow, said):
    assert refusal(content, allow=(allow,)) == said
    assert session.query(files.StoredFile).count() == 0


def test_two_kinds_may_be_wanted(app):
    assert refusal(JPEG, "x.jpg", allow=(CSV, XLSX)) == "“x.jpg” is a picture (JPEG), not a CSV file or an Excel workbook (XLSX)."


@pytest.mark.parametrize(("size", "taken"), [(1000, True), (1001, False)])
def test_a_file_has_a_largest_size(app, size, taken):
    content = b"x" * size
    if taken:
        assert keep(content, allow=(TEXT,), most_bytes=1000).size == size
    else:
        assert refusal(io.BytesIO(content), allow=(TEXT,), most_bytes=1000) == "“x.pdf” is larger than 1 kB."


def test_large_sizes_are_told_in_megabytes(app):
    assert refusal(b"x" * (5 * MB + 1)) == "“x.pdf” is larger than 5.0 MB."


def test_an_archive_that_unpacks_into_too_much_is_refused(app):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"xl/{number}", b"\x00" * 70 * MB)
    assert refusal(out.getvalue(), allow=(XLSX,)) == "“x.pdf” would be too large when unpacked."


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\Users\\anna\\Autorizzazione.pdf", "Autorizzazione.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        (".htaccess", "htaccess"),
        ("", "file"),
        ("/", "file"),
        ("ș" * 200 + ".pdf", "ș" * 146 + ".pdf"),
        ("Nicolo\u0300.pdf", "Nicolò.pdf"),
    ],
)
def test_the_name_of_a_file_is_reduced_to_a_bare_name(sent, kept):
    assert files.tidy_name(sent) == kept


def test_a_download_keeps_its_name_in_any_alphabet_and_is_never_shown_as_a_page(app):
    answer = files.download(b"x", 'Έγκριση "Țiriac".pdf', PDF)
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"_______ __iriac_.pdf\"; filename*=UTF-8''%CE%88%CE%B3%CE%BA%CF%81%CE%B9%CF%83%CE%B7%20%22%C8%9Airiac%22.pdf"
    )
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_not_there_is_not_there(app):
    with pytest.raises(NotThere):
        files.fetch(99)
    with pytest.raises(NotThere):
        files.content_of("0" * 64)


@pytest.fixture
def two(app):
    """The same content, handed in twice."""
    with transaction():
        return [files.keep(b"a list", name, by=None, allow=(files.TEXT,)).id for name in ("a.txt", "b.txt")]


def content():
    return files.content_of(hashlib.sha256(b"a list").hexdigest())


@pytest.mark.both_engines
def test_a_content_goes_with_the_last_file_that_has_it(two):
    for number in two:
        assert content() == b"a list"
        with transaction():
            files.forget(number)
    with pytest.raises(NotThere):
        content()


def test_a_file_whose_forgetting_was_undone_is_whole(two):
    with transaction():
        files.forget(two[0])
    with pytest.raises(ZeroDivisionError), transaction():
        files.forget(two[1])
        1 / 0  # noqa: B018 (that is the case)
    assert files.fetch(two[1])[1] == b"a list"


def test_a_file_that_is_replaced_by_the_same_content_is_whole(two):
    with transaction():
        kept = files.keep(b"a list", "c.txt", by=None, allow=(files.TEXT,)).id
        for number in two:
            files.forget(number)
    assert files.fetch(kept)[1] == b"a list"


def test_no_file_is_empty(app):
    from inspire_lms.kernel import clock

    with pytest.raises(IntegrityError, match="no_file_is_empty"), transaction():
        session.add(files.StoredFile(digest="x", size=0, name="x", kind=PDF, kept_at=clock.now()))
        session.flush()
