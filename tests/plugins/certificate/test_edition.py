from pathlib import Path

import pytest
from sqlalchemy import select

from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid
from inspire_lms.kernel.plugin import find
from inspire_lms.kernel.programmes import edition_file
from inspire_lms.kernel.programmes.loading import mistakes_in
from inspire_lms.plugins.certificate.issuing import edition
from inspire_lms.plugins.certificate.models import Scheme
from tests.builders import a_cohort

PILOT = Path(__file__).parents[3] / "inspire_lms" / "kernel" / "programmes" / "sample" / "pilot.toml"
COMMON = """[certificate]
number_prefix = "inspirepa"
scheme_version = "1.0"
requires = ["attendance", "final-test"]
delivery = { en = "Online", ro = "Online" }
assessment_type = { en = "Test", ro = "Test" }
identity_check = { en = "By account", ro = "Prin cont" }
level_statement = { en = "None", ro = "Niciunul" }
"""
COUNTRY = """[country.certificate]
competence_title = { en = "Certificate of competence", ro = "Atestat de competențe" }
attendance_title = { en = "Certificate of attendance", ro = "Certificat de participare" }
awarding_body = { en = "Body", ro = "Organism" }
place = { en = "Bucharest", ro = "București" }
signatory_name = "Ștefania Țurcanu"
signatory_function = { en = "Head", ro = "Responsabilă" }
quality_assurance = { en = "Internal", ro = "Internă" }
"""


def read(common=COMMON, country=COUNTRY):
    root = edition_file.read(common + "\n" + country)
    root.languages = ("en", "ro")
    table = root.table("country").table("certificate")
    found = edition.read(root.table("certificate") if "certificate" in common else None, {"RO": table})
    root.finish()
    return found


def said(**parts):
    with pytest.raises(Invalid) as wrong:
        read(**parts)
    return " ".join(str(reason) for reason in wrong.value.reasons.values())


def test_what_a_country_does_not_say_the_common_table_says_for_it():
    scheme = read()["RO"]
    assert (scheme.number_prefix, scheme.requires, scheme.competence_title["ro"]) == ("INSPIREPA", ("attendance", "final-test"), "Atestat de competențe")
    assert (scheme.accreditation, scheme.partners, scheme.mode["ro"]) == ({}, (), "Online")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('number_prefix = "inspirepa"', 'number_prefix = "INSPIRE PA!"', "number_prefix"),
        ('requires = ["attendance", "final-test"]', "requires = []", "asks for at least one thing"),
        ("scheme_version", "scheme_versoin", "scheme_versoin"),
        ('delivery = { en = "Online", ro = "Online" }', 'delivery = { ro = "Online" }', "delivery"),
    ],
)
def test_a_mistake_is_said_with_its_line(old, new, says):
    message = said(common=COMMON.replace(old, new))
    assert says in message
    assert "Line " in message


def test_a_country_without_its_title_is_refused():
    assert "competence_title" in said(country=COUNTRY.replace('competence_title = { en = "Certificate of competence", ro = "Atestat de competențe" }\n', ""))


def test_a_criterion_that_is_no_assessment_of_the_edition_is_refused():
    root = edition_file.read(COMMON + COUNTRY)
    root.file.known["assessment"] = ("essay",)
    edition.read(root.table("certificate"), {"RO": root.table("country").table("certificate")})
    assert "“final-test” is neither a criterion nor an assessment of this edition" in " ".join(str(one.reason) for one in root.mistakes())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"final-test", "essay", "survey"]', '"final-tset", "survey"]', "“final-tset” is neither a criterion nor an assessment of this edition"),
        ('"final-test", "essay", "survey"]', '"pre-test", "survey"]', "“pre-test” has no pass mark (pass_percent), so no certificate can ask for it."),
        ("attempts = 1\npass_percent = 60\nmost", "attempts = 1\nmost", "“essay” has no pass mark (pass_percent), so no certificate can ask for it."),
        ("[survey", "[another", "The certificate asks for a survey, and this edition has none."),
    ],
    ids=["misspelt", "the pre-test", "an essay without a pass mark", "a survey that is not there"],
)
def test_what_nobody_could_meet_or_everybody_would_meet_is_said_with_its_line(application, settings, old, new, says):
    text = PILOT.read_text("utf-8")
    assert old in text
    changed = text.replace(old, new)
    with application(settings, find()):
        found = [one for one in mistakes_in(changed.encode()) if says in str(one.reason)]
    assert [one.line for one in found] == [changed[: changed.index("requires = [")].count("\n") + 1]


def test_an_edition_without_the_part_certifies_nothing():
    assert edition.read(None, {}) == {}


def test_loading_again_changes_the_wording_and_adds_nothing(app):
    cohort = a_cohort("RO")
    for version in ("1.0", "1.1"):
        with transaction():
            edition.load(cohort.edition_id, read(common=COMMON.replace('"1.0"', f'"{version}"')), None)
    (scheme,) = session.scalars(select(Scheme).where(Scheme.edition_id == cohort.edition_id))
    assert (scheme.version, scheme.country, scheme.signatory) == ("1.1", "RO", "Ștefania Țurcanu")


def test_the_sample_pilot_has_a_scheme_for_each_country():
    text = PILOT.read_text("utf-8")
    assert text.count("[country.certificate]") == 3
    assert "[certificate]" in text
