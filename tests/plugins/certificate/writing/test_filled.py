"""One block for a batch, and what is each certificate's own."""

import base64
import hashlib
import io
import random
import subprocess
from dataclasses import replace

import pypdf
import pytest
from flask import current_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspire_lms.kernel import clock
from inspire_lms.kernel.i18n import Words
from inspire_lms.kernel.pdf.faces import face
from inspire_lms.plugins.certificate import layout
from inspire_lms.plugins.certificate.drawing import words
from inspire_lms.plugins.certificate.drawing.record import PrintedCompetence, PrintedResult, read, sample
from inspire_lms.plugins.certificate.issuing.records import layout_of
from inspire_lms.plugins.certificate.layout import Layout
from inspire_lms.plugins.certificate.rules import Kind
from inspire_lms.plugins.certificate.sealing import chosen, pades
from inspire_lms.plugins.certificate.sealing.pades import Document
from inspire_lms.plugins.certificate.writing.compiled import Form
from inspire_lms.plugins.certificate.writing.filled import unsealed
from tests.judges import second
from tests.plugins.certificate.builders import NOW, drawn, sealed
from tests.plugins.certificate.gate import samples

GREEK = sample(Kind.COMPETENCE, "el", "Γεώργιος Παπαϊωάννου", "Georgios Papaioannou")


def text_of(pdf: bytes) -> str:
    return " ".join(subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode().split())


def blocks() -> list:
    return current_app.extensions.get("certificate_blocks", [])


@pytest.fixture(autouse=True)
def no_blocks(app):
    current_app.extensions.pop("certificate_blocks", None)


def test_certificates_of_one_batch_share_one_block():
    made = [
        drawn(replace(GREEK, name=name, number=f"SAMPLE-GR-2027-{at:06d}", attended_minutes=800 + at))
        for at, name in enumerate(["Ηώ Ρω", "Άννα Ψωμά", "Ζωή Ξένου"])
    ]
    assert len(blocks()) == 1
    assert all(pdf.startswith(blocks()[0].block) for pdf in made)
    assert [name in text_of(pdf) for name, pdf in zip(["Ηώ Ρω", "Άννα Ψωμά", "Ζωή Ξένου"], made, strict=True)] == [True] * 3


@pytest.mark.parametrize(
    "change",
    [
        {"scheme": "another"}, {"title": Words(el="Άλλο", en="Other")}, {"language": "ro", "name": "Ion Pop"}, {"results": ()}, {"attended_minutes": None}, {"latin_name": "Γεώργιος Παπαϊωάννου"},
        {"competences": (PrintedCompetence(Words(en="One"), "80", Words()),)}, {"seal": "own"}, {"kind": Kind.ATTENDANCE},
    ],
)  # fmt: skip
def test_what_is_common_makes_the_block_and_nothing_of_another_batch_gets_in(change):
    drawn(GREEK)
    drawn(replace(GREEK, **change))
    assert len(blocks()) == 2


def test_a_letter_that_the_batch_has_not_ready_gets_a_block_of_its_own_and_is_printed():
    drawn(GREEK)
    strange = replace(GREEK, name="Łukasz Dvořák", latin_name="Łukasz Dvořák-Ștefan")
    assert {"Łukasz Dvořák", "Łukasz Dvořák-Ștefan"} <= {
        one for one in (strange.name, strange.latin_name) if one in text_of(drawn(strange))
    }
    assert len(blocks()) == 2
    drawn(replace(strange, number="SAMPLE-GR-2027-000009"))
    assert len(blocks()) == 2


BEFORE = [
    {"name": "Ηώ Ρω"}, {"name": "Łukasz Dvořák"}, {"name": "Αικατερίνη-Παναγιώτα Παπακωνσταντινοπούλου-Χατζηδημητρίου"}, {"attended_minutes": 1},
    {"results": (PrintedResult(Words(en="A title that is so long that its result takes another line and still another line of the document"), "8.5", 60),)},
]  # fmt: skip


def test_the_same_record_gives_the_same_bytes_whoever_came_before():
    alone = drawn(GREEK)
    current_app.extensions.pop("certificate_blocks")
    for change in BEFORE:
        drawn(replace(GREEK, **change))
    assert drawn(GREEK) == alone


def test_a_name_longer_than_its_model_is_measured_after_itself_and_the_others_stay_together():
    long = replace(
        GREEK,
        name="Αικατερίνη-Παναγιώτα Παπακωνσταντινοπούλου-Χατζηδημητρίου",
        latin_name="Aikaterini-Panagiota Papakonstantinopoulou-Chatzidimitriou of Thessaloniki",
    )
    texts = [text_of(drawn(one)) for one in (GREEK, long, replace(GREEK, name="Ηώ Ρω"))]
    assert len(blocks()) == 2
    assert long.name in texts[1]
    assert "Chatzidimitriou of Thessaloniki" in texts[1]
    assert "Ηώ Ρω" in texts[2]


def test_a_batch_gives_what_one_at_a_time_gives_but_for_the_signature():
    documents = [Document(layout_of("competence"), replace(GREEK, number=f"SAMPLE-GR-2027-{at:06d}"), "eyJ.a.b") for at in range(3)]
    together = [unsealed(one.layout, one.record, credential=one.credential, at=NOW, room=6000) for one in documents]
    current_app.extensions.pop("certificate_blocks")
    alone = [unsealed(one.layout, one.record, credential=one.credential, at=NOW, room=6000) for one in reversed(documents)]
    assert [one.digest for one in together] == [one.digest for one in reversed(alone)]
    assert len({one.pdf for one in pades.sealed(documents, chosen.seal(), at=clock.now())}) == 3


def test_a_signature_that_does_not_fit_is_an_error_and_not_a_broken_file():
    made = unsealed(layout_of("competence"), GREEK, credential="", at=NOW, room=10)
    pdf, digest = made.sealed(b"12345")
    assert (pdf.count(b"<3132333435>"), digest) == (1, hashlib.sha256(pdf).hexdigest())
    with pytest.raises(ValueError, match="there is room for 10"):
        made.sealed(b"123456")


def test_a_preview_has_no_field_for_a_seal_and_an_open_file_has_an_empty_one():
    assert b"ETSI.CAdES.detached" in sealed(GREEK, chosen.seal())
    for form in (Form.PREVIEW, Form.OPEN):
        assert b"ETSI.CAdES.detached" not in drawn(GREEK, form=form)


def elsewhere() -> Layout:
    """Give a layout whose link stands on the last page, and whose first page says twice what is to be said about the seal."""
    text = (current_app.extensions["inspire_top"]("certificates") / "layouts" / "completion.toml").read_text("utf-8")
    moved = text.replace('text = "{address}"', 'text = "{seal}"').replace('text = "{title}"\nx = 24', 'text = "{address}"\nx = 24')
    assert moved.count("{address}") == 1
    return layout.read(moved)


@pytest.mark.parametrize("language", ["el", "en"])
def test_link_and_seal_are_known_to_the_structure_wherever_a_layout_has_them(language):
    record = replace(GREEK, language=language, check_page="pilot.example/check")
    (made,) = pades.sealed([Document(elsewhere(), record, "eyJ.a.b")], chosen.seal(), at=NOW)
    pdf = pypdf.PdfReader(io.BytesIO(made.pdf))
    nums = pdf.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    elements = {nums[at]: nums[at + 1].get_object() for at in range(0, len(nums), 2)}
    found = []
    for number, page in enumerate(pdf.pages):
        for one in page.get("/Annots", []):
            element = elements[one.get_object()["/StructParent"]]
            kids = element["/K"] if isinstance(element["/K"], list) else [element["/K"]]
            assert [kid.get_object().raw_get("/Obj") for kid in kids if "/Obj" in str(kid.get_object())] == [one]
            found.append((number, one.get_object()["/Subtype"], element["/S"]))
    assert found == [(0, "/Widget", "/Form"), (len(pdf.pages) - 1, "/Link", "/Link")]
    assert [second.failures(made.pdf, flavour) for flavour in ("3a", "ua1")] == [(), ()]


def test_what_differs_in_a_layout_is_what_is_written_for_each_certificate():
    assert set(words.personal(GREEK, "el")) == words.PERSONAL


@pytest.mark.parametrize("kind", list(Kind))
def test_a_greek_file_with_its_credential_takes_at_most_seventy_kilobytes(kind):
    record = samples.record("el", kind, "longest")
    credential = base64.urlsafe_b64encode(random.Random(2027).randbytes(5000)).decode()
    assert len(sealed(record, chosen.seal(), credential=credential)) <= 70_000


LETTERS = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψωΆΈάέΐabcXYZĂÂÎȘȚșțßçñøÅ()'’-\\.µ"
# A word has two letters at least: single ones far apart are taken for one word in spaced letters by whoever reads a page by its looks.
NAMES = st.lists(st.text(LETTERS, min_size=2, max_size=12), min_size=1, max_size=3).map(" ".join)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(NAMES)
def test_any_name_of_the_repertoire_comes_back_as_it_was_printed(app, name):
    with app.app_context():
        printed = read(replace(GREEK, name=name, latin_name="Latin").stored())
        assert printed.name == name.replace("µ", "μ")
        assert printed.name in text_of(drawn(printed))


@pytest.mark.parametrize("name", ["Display", "Serif", "Sans", "Sans-Bold"])
def test_a_text_is_as_wide_as_its_letters_and_their_kerning(app, name):
    one = face(name)
    assert one.width("", 10) == 0
    together, apart = one.width("AV", 1000), one.width("A", 1000) + one.width("V", 1000)
    assert (together < apart - 10) if one.is_kerned else (together == apart)
    assert one.width("A V", 1000) == one.width("A", 1000) + one.width(" ", 1000) + one.width("V", 1000)
    with pytest.raises(KeyError):
        one.width("漢", 10)
