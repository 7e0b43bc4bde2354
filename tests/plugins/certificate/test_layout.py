from pathlib import Path

import pytest

from inspire_lms.kernel.errors import Invalid
from inspire_lms.plugins.certificate import layout
from inspire_lms.plugins.certificate.rules import Kind

FOLDER = Path(__file__).parents[3] / "certificates" / "layouts"
GOOD = (FOLDER / "completion.toml").read_text("utf-8")


FILES = {
    Kind.COMPETENCE: GOOD,
    Kind.ATTENDANCE: (FOLDER / "attendance.toml").read_text("utf-8"),
    Kind.CERTIFICATION: (FOLDER / "certification.toml").read_text("utf-8"),
}


@pytest.mark.parametrize("kind", list(Kind))
def test_the_layouts_of_the_project_are_right(kind):
    read = layout.read(FILES[kind])
    assert read.kind is kind
    assert [len(read.pages_in(language)) for language in ("it", "el", "ro", "en")] == [3, 3, 3, 2]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def said(text: str) -> str:
    with pytest.raises(Invalid) as wrong:
        layout.read(text)
    return " ".join(str(reason) for reason in wrong.value.reasons.values())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('text = "{name}"', 'text = "{nam}"', "There is no field “nam”"),
        ('text = "{certifies}"', 'text = "Si attesta che"', "names at least one field"),
        ("width = 162\nheight = 22", "width = 262\nheight = 22", "reaches beyond the page of 210 by 297 mm"),
        ('font = "Display"\nsize = 31', 'font = "Comic"\nsize = 31', "is one of: Display"),
        ("least = 22\nleading = 1.2", "least = 40\nleading = 1.2", "The smallest size is larger than the size."),
        ('colour = "#9fb0c8"', 'colour = "blue"', "A colour is written #rrggbb"),
        ('document = "competence"', 'document = "diploma"', "is one of: competence"),
        ("y = 117\n", "y = 90\n", "This box lies on the one at"),
        ("size = 12\n", "size = 120\n", "size"),
        ("stand = ", "stands = ", "stands"),
        ('text = "{certifies}"', 'text = "{competences}"', "There is no field “competences”"),
    ],
)
def test_a_mistake_in_a_layout_is_said_with_its_line(old, new, says):
    message = said(GOOD.replace(old, new, 1))
    assert says in message
    assert "Line " in message


def test_the_line_is_the_one_of_the_mistake():
    wrong = GOOD.replace('text = "{certifies}"', 'text = "{certifys}"', 1)
    assert f"Line {line_of(wrong, '{certifys}')}: There is no field “certifys”" in said(wrong)


@pytest.mark.parametrize("text", ["{Name}", "{name", "name}", "{0}", "{}", "{name!r}", "{name:>99999999}", "{name.__class__}", "{{name}}"])
def test_braces_stand_around_a_field_and_nowhere_else(text):
    wrong = GOOD.replace('text = "{certifies}"', f'text = "{{certifies}} {text}"', 1)
    where = f"Line {line_of(wrong, '{certifies}')}: "
    assert said(wrong) == f"{where}Braces stand around the name of a field and nowhere else, for example {{name}}."


@pytest.mark.parametrize(("kind", "field"), [(kind, field) for kind in Kind for field in sorted(layout.ALWAYS | layout.ALSO[kind])])
def test_a_layout_without_a_place_for_a_stated_field_is_refused(kind, field):
    without = FILES[kind].replace(f"{{{field}}}", "{edition}").replace(f'"{field}"', '"edition"')
    assert f"The layout has no place for “{field}”, which every document of this kind states." in said(without)


def test_what_only_the_pages_that_an_english_document_lacks_show_is_missing_there():
    before, _, after = GOOD.rpartition('"identity"')
    assert said(f'{before}"edition"{after}') == "Line 1: The layout has no place for “identity”, which every document of this kind states."


def test_a_name_that_only_an_artifact_shows_is_told_to_nobody_who_listens():
    hidden = GOOD.replace('text = "{name}"\nx = 24', 'text = "{name}"\ntag = "Artifact"\nx = 24').replace('"name", ', "")
    assert said(hidden) == "Line 1: The layout has no place for “name”, which every document of this kind states."


@pytest.mark.parametrize(
    ("old", "new"),
    [('text = "{address}"', 'text = "{check}: {address}"'), ('text = "{supplement}"', 'text = "{address}"')],
    ids=["none that is a link", "two"],
)
def test_a_document_has_one_link_to_its_check(old, new):
    assert "A document has one link to its check: one box with the text {address} and nothing else." in said(GOOD.replace(old, new, 1))


def test_each_page_makes_the_honest_statement_about_the_seal():
    last = GOOD.rindex('text = "{seal}"')
    assert "Page 3 has no place for the honest statement" in said(GOOD[:last] + 'text = "{country}"' + GOOD[last + len('text = "{seal}"') :])


@pytest.mark.parametrize("kind", ["qr", "emblem", "units", "competences"])
def test_a_layout_without_code_emblem_units_or_competences_is_refused(kind):
    assert f"The layout has no place for “{kind}”" in said(GOOD.replace(f'kind = "{kind}"', 'kind = "panel"'))


def test_what_is_no_toml_is_said_with_its_line():
    assert "Line 2" in said("document = 'competence'\nversion = \n")
