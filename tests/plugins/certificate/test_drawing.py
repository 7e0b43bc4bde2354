import io
import subprocess
import unicodedata
from dataclasses import replace
from datetime import date

import pypdf
import pytest
import zxingcpp
from PIL import Image

from inspire_lms.kernel.errors import Invalid
from inspire_lms.kernel.i18n import Words
from inspire_lms.kernel.pdf.setting import broken, fitted, width_of
from inspire_lms.kernel.typefaces import make_ready
from inspire_lms.plugins.certificate.drawing import words
from inspire_lms.plugins.certificate.drawing.page import why_not_draw
from inspire_lms.plugins.certificate.drawing.record import PrintedResult, PrintedUnit, read, sample, title_of
from inspire_lms.plugins.certificate.issuing.deciding import ground_of
from inspire_lms.plugins.certificate.issuing.records import layout_of, what_is_wrong_with_layouts, why_not_drawable, why_not_printable
from inspire_lms.plugins.certificate.rules import Kind
from inspire_lms.plugins.certificate.trying.samples import Case, record_for
from inspire_lms.plugins.certificate.writing.compiled import Form
from tests.builders import a_trainee
from tests.judges import tags
from tests.plugins.certificate.builders import NOW, a_coordinator, a_group, drawn, issued

LONGEST = {
    "it": ("Maria Ludovica Guidobaldi Montefeltro-Della Gherardesca D’Angiò", "Maria Ludovica Guidobaldi Montefeltro-Della Gherardesca D’Angiò"),
    "el": ("Αικατερίνη-Παναγιώτα Παπακωνσταντινοπούλου-Χατζηδημητρίου", "Aikaterini-Panagiota Papakonstantinopoulou-Chatzidimitriou"),
    "ro": ("Ștefania-Antoaneta Țîrlea-Bălășoiu Constantinescu-Hățeganu", "Ștefania-Antoaneta Țîrlea-Bălășoiu Constantinescu-Hățeganu"),
    "en": ("Alexandra Featherstonehaugh-Cholmondeley Wriothesley-Beauchamp", "Alexandra Featherstonehaugh-Cholmondeley Wriothesley-Beauchamp"),
}
SHORTEST = {"it": ("Io Po", "Io Po"), "el": ("Ηώ Ρω", "Io Ro"), "ro": ("Ia Io", "Ia Io"), "en": ("Jo Ng", "Jo Ng")}
HARD = {"it": "Nicolò D'Angelo", "el": "Γεώργιος Παπαϊωάννου", "ro": "Ștefan Țiriac", "en": "Μαρία Οικονόμου"}


@pytest.fixture
def letters(app):
    make_ready()


def a_record(language="it", kind=Kind.COMPETENCE, names=None, **but):
    name, latin = names or (HARD[language], "Latin Name")
    return replace(sample(kind, language, name, latin), **{"number": "INSPIREPA-IT-2027-000123", "short_code": "7KQFM2XD", **but})


def text_of(pdf: bytes) -> str:
    return subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize("language", ["it", "el", "ro", "en"])
@pytest.mark.parametrize("names", [LONGEST, SHORTEST, None], ids=["longest", "shortest", "hard"])
@pytest.mark.parametrize("kind", list(Kind))
def test_the_longest_and_the_shortest_name_come_back_from_the_file_as_they_are(letters, language, names, kind):
    record = a_record(language, kind, names[language] if names else None)
    assert why_not_draw(layout_of(kind), record) is None
    text = " ".join(text_of(drawn(record)).split())
    assert record.name in text
    assert record.latin_name in text
    assert unicodedata.is_normalized("NFC", text)
    assert not set(text) & set("\u00b5\u2126\u2206\u0387şţŞŢ")


@pytest.mark.parametrize("language", ["it", "el", "ro", "en"])
def test_a_file_says_its_title_its_language_and_embeds_every_face(letters, language):
    record = a_record(language)
    pdf = drawn(record)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert (reader.metadata.title, reader.trailer["/Root"]["/Lang"]) == (title_of(record), language)
    assert reader.metadata.creation_date == NOW
    fonts = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode().splitlines()[2:]
    assert fonts
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts)
    assert len(reader.pages) == (2 if language == "en" else 3)


def test_the_same_record_gives_the_same_bytes(letters):
    record = a_record("el")
    assert drawn(record) == drawn(record)


@pytest.mark.parametrize("kind", list(Kind))
def test_the_code_in_the_picture_is_the_address_of_the_check(letters, tmp_path, kind):
    record = a_record("ro", kind, address="https://pilot.inspire.example/certificate/check/kT3vQ0a9ZbXyW1mN8pLsRg")
    (tmp_path / "one.pdf").write_bytes(drawn(record))
    subprocess.run(["pdftoppm", "-r", "100", "-f", "1", "-l", "1", "-png", "-singlefile", str(tmp_path / "one.pdf"), str(tmp_path / "one")], check=True)
    with Image.open(tmp_path / "one.png") as picture:
        assert [found.text for found in zxingcpp.read_barcodes(picture)] == [record.address]


def test_each_page_says_in_its_language_that_the_seal_is_for_demonstration_only(letters):
    pages = text_of(drawn(a_record("it"))).split("\f")[:3]
    assert "Demonstration seal, not qualified" in " ".join(pages[2].split())
    assert all("qualific" in " ".join(page.split()) or "not qualified" in " ".join(page.split()) for page in pages)


def test_a_preview_says_on_every_page_that_it_is_not_valid(letters):
    for form, often in ((Form.OPEN, 0), (Form.PREVIEW, 1)):
        pdf = drawn(a_record("en"), form=form)
        assert [page.extract_text().count("Preview, not valid") for page in pypdf.PdfReader(io.BytesIO(pdf)).pages] == [often, often]


ELEMENTS = {
    "identification of the learner": "Ștefan Țiriac", "title": "Element title", "country of the issuer": "Element country",
    "awarding body": "Element body", "date of issuing": "12 March 2027", "learning outcomes": "Element outcome", "workload": "40 hours",
    "EQF level": "No EQF level is claimed for this programme.", "form of participation": "Element mode", "quality assurance": "Element quality",
    "that this makes nobody recognise it": "Using them does not, in itself, imply official validation or recognition.",
}  # fmt: skip
"""The mandatory elements of the Council Recommendation on micro-credentials of 16 June 2022 but the type of assessment, as they are printed."""
ASSESSED = {
    Kind.COMPETENCE: "Element assessment",
    Kind.CERTIFICATION: "Element assessment",
    Kind.ATTENDANCE: "None: no learning outcome was assessed for this document.",
}


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("language", ["en", "el"])
def test_every_document_states_the_eleven_elements_of_the_recommendation(letters, kind, language):
    texts = {
        name: Words(en=f"Element {said}") for name, said in
        {"title": "title", "country_name": "country", "body": "body", "mode": "mode", "quality": "quality", "assessment": "assessment"}.items()
    }  # fmt: skip
    unit = PrintedUnit(1, Words(en="Unit"), 120, 180, (Words(en="Element outcome"),))
    record = a_record(language, kind, ("Ștefan Țiriac", "Stefan Tiriac"), units=(unit,), eqf=Words(), **texts)
    heard = tags.read_aloud(drawn(record))
    english = " ".join(one.text for one in heard if one.language == "en")
    wanted = ELEMENTS | {"type of assessment": f"Type of assessment {ASSESSED[kind]}"}
    if language == "el":
        # The day of issue stands on the face alone, beside the place.
        del wanted["date of issuing"]
        assert any("12 Μαρτίου 2027" in one.text for one in heard)
    assert [name for name, said in wanted.items() if said not in english] == []


@pytest.mark.parametrize(("minutes", "share"), [(960, "100%"), (959, "99.9%"), (955, "99%"), (768, "80%"), (0, "0%")])
def test_nobody_who_missed_a_minute_has_attended_all(app, minutes, share):
    record = a_record("en", live_minutes=960, attended_minutes=minutes)
    assert words.personal(record, "en")["attendance"].endswith(f" of 16 hours ({share})")


def test_a_document_of_attendance_says_nothing_about_what_was_shown(letters):
    text = " ".join(text_of(drawn(a_record("en", Kind.ATTENDANCE, assessment=Words(en="Test and essay")))).split())
    assert "Content and intended learning outcomes" in text
    assert [said for said in ("What was learnt", "Test and essay", "Results", "pass mark", "Supervision") if said in text] == []


def test_what_nobody_translated_is_read_aloud_in_the_language_that_it_has(letters):
    record = a_record("el", mode=Words(en="Only English"), country_name=Words(en="Greece"), body=Words(el="Περιφέρεια"))
    heard = {(one.text, one.language) for one in tags.read_aloud(drawn(record)) if one.text in {"Only English", "Περιφέρεια"}}
    assert heard == {("Only English", "en"), ("Περιφέρεια", "el")}
    facts = words.facts(record, "el", ("country", "mode", "body"))
    assert [(one.value, one.language) for one in facts] == [("Greece", "en"), ("Only English", "en"), ("Περιφέρεια", "")]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("\u03b1\u0301\u03b3\u03c9", "άγω"), ("\u00b5", "\u03bc"), ("10\u202f%", "10 %"), ("a\tb", "a b"), ("\u2126", "Ω"), ("e\u2011government", "e-government"), ("8\u00a0h", "8\u00a0h")],
)
def test_a_text_that_was_typed_in_another_way_is_printed_in_ours_and_stops_no_decision(app, records, typed, printed):
    cohort = a_group("GR", mode=Words(el=typed, en=typed), signatory=typed)
    (certificate,) = issued(cohort, [records.met_by(a_trainee(cohort))], by=a_coordinator(cohort))
    said = read(certificate.record)
    assert (said.mode.text("el"), said.signatory) == (printed, printed)
    assert record_for(ground_of(cohort), Kind.COMPETENCE, Case.LONGEST).signatory == printed


def test_what_is_printed_holds_the_figures_of_the_record(letters):
    record = a_record(
        "en", results=(PrintedResult(Words(en="Final test"), "82.50", 60),), live_minutes=960, attended_minutes=920, planned_minutes=2400,
        first_day=date(2027, 1, 12), last_day=date(2027, 3, 2), eqf=Words(en="No level is claimed."),
    )  # fmt: skip
    text = " ".join(text_of(drawn(record)).split())
    for part in ("INSPIREPA-IT-2027-000123", "from 12 January 2027 to 2 March 2027", "40 hours", "15 hours and 20 minutes of 16 hours (96%)", "Final test: 83% (pass mark 60%)",
                 "No level is claimed.", "7KQF-M2XD", "does not, in itself, imply official validation or recognition", "Page 1 of 2", "Page 2 of 2"):  # fmt: skip
        assert part in text


def test_a_text_that_is_too_long_is_found_before_drawing_and_stops_it(letters):
    record = a_record("en", names=("W" * 200, "Latin"))
    assert "too long" in str(why_not_draw(layout_of(Kind.COMPETENCE), record))
    with pytest.raises(ValueError, match="too long"):
        drawn(record)


@pytest.mark.parametrize(
    ("name", "lacking"),
    [("Nicolò D’Angelo", None), ("Αναστασία Παπαϊωάννου", None), ("Ștefan Țiriac", None), ("Łukasz Dvořák", None), ("李 Wei", "“李” (U+674E)"), ("Мария", "“М” (U+041C)")],
)
def test_letters_that_the_typeface_lacks_are_named(letters, name, lacking):
    reason = why_not_printable(a_record("en", names=(name, "Latin")))
    assert (reason is None) if lacking is None else lacking in str(reason)


@pytest.mark.parametrize("field", ["title", "programme", "role_title", "body"])
def test_a_letter_that_one_typeface_lacks_is_named_whatever_text_it_stands_in(letters, field):
    record = a_record("en", **{field: Words(en="Ŧitle")})
    assert str(why_not_drawable(record)) == f"{record.name}: the typeface has no “Ŧ” (U+0166)."


def test_a_record_survives_being_stored(app):
    record = a_record("el")
    assert read(record.stored()) == record


def test_an_instance_with_a_wrong_layout_does_not_start(tmp_path, settings, monkeypatch):
    from inspire_lms import app as application
    from inspire_lms.plugins.certificate.plugin import plugin

    good = application.top
    (tmp_path / "certificates" / "layouts").mkdir(parents=True)
    for path in (good("certificates") / "layouts").glob("*.toml"):
        (tmp_path / "certificates" / "layouts" / path.name).write_text(path.read_text("utf-8").replace("{statement}", "{statment}"))
    monkeypatch.setattr(application, "top", lambda folder: tmp_path / folder if folder == "certificates" else good(folder))
    with pytest.raises(Invalid, match="There is no field “statment”"):
        application.create_app(settings, [plugin])


def test_the_doctor_draws_every_layout_and_finds_nothing(app):
    assert what_is_wrong_with_layouts() is None


@pytest.mark.parametrize(
    ("width", "lines", "size"),
    [(1000, 0, 20), (70, 0, 20), (38, 1, None), (20, 0, None)],
)
def test_text_shrinks_only_as_far_as_it_may(letters, width, lines, size):
    found = fitted("Ana Pop", "Sans", 20, least=18, leading=1.2, width=width, height=60, lines=lines)
    assert (found.size if found else None) == size
    assert found is None or all(width_of(line, "Sans", found.size) <= width for line in found.lines)


def test_lines_are_broken_at_spaces_and_where_the_text_says(letters):
    assert broken("one two\nthree", "Sans", 10, 1000) == ("one two", "three")
    assert broken("one two", "Sans", 10, 20) == ("one", "two")
    assert broken("unbreakable", "Sans", 10, 20) is None
