"""The page on which a coordinator looks at the layouts and tries one."""

import io
import re
from pathlib import Path

import pypdf
import pytest

from inspire_lms.plugins.certificate.rules import Kind
from inspire_lms.plugins.certificate.trying.samples import Case
from tests.builders import a_cohort, a_trainee
from tests.plugins.certificate.builders import a_coordinator, a_group

LAYOUTS = Path(__file__).parents[3] / "certificates" / "layouts"


def words_of(answer) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages).split())


@pytest.fixture
def cohort(app, records):
    return a_group("GR")


@pytest.fixture
def visit(client, sign_in_as, cohort):
    return sign_in_as(client, a_coordinator(cohort))


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("case", list(Case))
def test_every_document_can_be_seen_with_every_person_that_is_hard_to_print(visit, cohort, kind, case):
    answer = visit.get(f"/certificate/cohort/{cohort.id}/layouts/{kind}-{case}.pdf")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    said = words_of(answer)
    name = {Case.LONGEST: "Χατζηδημητρίου", Case.SHORTEST: "Ηώ Ρω", Case.MIXED: "Οικονόμου-D’Avì", Case.SPARE: "Ηώ Ρω"}[case]
    assert name in said
    assert said.count("δεν ισχύει") >= 2


def test_what_may_be_missing_is_left_out_with_its_label(visit, cohort):
    whole, spare = (words_of(visit.get(f"/certificate/cohort/{cohort.id}/layouts/competence-{case}.pdf")) for case in ("shortest", "spare"))
    assert "Asociația Municipiilor din România" in whole
    assert "Asociația Municipiilor din România" not in spare
    assert "Partners" in whole
    assert "Partners" not in spare


def test_each_sample_is_named_with_the_document_that_it_is_of(visit, cohort):
    page = visit.get(f"/certificate/cohort/{cohort.id}/layouts").text
    links = re.findall(r'<a href="[^"]*/layouts/[^"]*[.]pdf">(.*?)</a>', page)
    assert len(links) == len(set(links)) == len(Kind) * len(Case)
    assert '>The longest name<span class="vh">: Certificate of attendance</span></a>' in page


def test_an_edition_that_certifies_nothing_says_so_here_too(client, sign_in_as):
    other = a_cohort("RO")
    visit = sign_in_as(client, a_coordinator(other))
    for path in ("layouts", "layouts/competence-longest.pdf"):
        answer = visit.get(f"/certificate/cohort/{other.id}/{path}")
        assert (answer.status_code, "This edition issues no certificates." in answer.text) == (409, True)


@pytest.mark.parametrize("which", ["diploma-longest", "competence-tallest"])
def test_there_is_no_sample_of_what_there_is_not(visit, cohort, which):
    assert visit.get(f"/certificate/cohort/{cohort.id}/layouts/{which}.pdf").status_code == 404


def tried(visit, cohort, text: str, case: str = "longest"):
    return visit.post(f"/certificate/cohort/{cohort.id}/layouts", data={"file": (io.BytesIO(text.encode()), "mine.toml"), "case": case})


def test_a_layout_that_is_being_designed_is_drawn_and_not_kept(visit, cohort):
    text = (LAYOUTS / "attendance.toml").read_text("utf-8").replace('version = "', 'version = "9')
    answer = tried(visit, cohort, text)
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert "Χατζηδημητρίου" in words_of(answer)
    assert "version 9" not in visit.get(f"/certificate/cohort/{cohort.id}/layouts").text


def test_a_wrong_layout_is_refused_with_the_line_of_each_mistake(visit, cohort):
    lines = (LAYOUTS / "attendance.toml").read_text("utf-8").splitlines()
    wide, field = lines.index("width = 162"), lines.index('text = "{certifies}"')
    lines[wide], lines[field] = "width = 262", 'text = "{certify}"'
    answer = tried(visit, cohort, "\n".join(lines))
    said = " ".join(answer.text.split())
    assert answer.status_code == 422
    assert "This box reaches beyond the page of 210 by 297 mm." in said
    assert "There is no field “certify”." in said
    assert f"line {field + 1}" in said.lower()


def test_a_layout_too_narrow_for_the_longest_name_is_refused_with_the_name(visit, cohort):
    text = (LAYOUTS / "completion.toml").read_text("utf-8")
    narrow = text.replace('text = "{name}"\nx = 24\ny = 84\nwidth = 162', 'text = "{name}"\nx = 24\ny = 84\nwidth = 20')
    assert narrow != text
    answer = tried(visit, cohort, narrow)
    assert answer.status_code == 409
    assert "Χατζηδημητρίου" in answer.text


def test_only_who_decides_about_the_group_opens_it(client, sign_in_as, cohort):
    assert sign_in_as(client, a_trainee(cohort)).get(f"/certificate/cohort/{cohort.id}/layouts").status_code == 403
