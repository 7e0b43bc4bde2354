from pathlib import Path

import pytest
from sqlalchemy import select

from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid
from inspire_lms.kernel.plugin import find
from inspire_lms.kernel.programmes import edition_file
from inspire_lms.kernel.programmes.loading import mistakes_in
from inspire_lms.plugins.certificate.models import Scheme
from inspire_lms.plugins.certificate.rules import Kind
from inspire_lms.plugins.certificate.scheme import edition, titles
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


NO_TITLES = COUNTRY.replace('competence_title = { en = "Certificate of competence", ro = "Atestat de competențe" }\n', "").replace(
    'attendance_title = { en = "Certificate of attendance", ro = "Certificat de participare" }\n', ""
)


def test_a_country_that_we_know_has_safe_titles_when_it_says_none():
    scheme = read(country=NO_TITLES)["RO"]
    assert scheme.competence_title == {"en": "Certificate of competence", "ro": "Atestat de competențe"}
    assert scheme.attendance_title == {"en": "Certificate of attendance", "ro": "Certificat de participare"}
    assert scheme.certification_title == {}


@pytest.mark.parametrize(
    ("language", "competence", "attendance"),
    [
        ("it", "Attestato di competenze", "Attestato di partecipazione"),
        ("el", "Βεβαίωση επάρκειας", "Βεβαίωση παρακολούθησης"),
        ("ro", "Atestat de competențe", "Certificat de participare"),
        ("en", "Certificate of competence", "Certificate of attendance"),
    ],
)
def test_the_safe_titles_of_each_country_are_those_of_the_domain(language, competence, attendance):
    found = [titles.safe(kind, (language,)) for kind in (Kind.COMPETENCE, Kind.ATTENDANCE)]
    assert found == [{language: competence}, {language: attendance}]
    assert [titles.why_not_print(title, is_accredited=False) for title in found] == [None, None]


def test_a_country_that_we_do_not_know_says_its_titles():
    root = edition_file.read(COMMON.replace("ro =", "sl =") + NO_TITLES.replace("ro =", "sl ="))
    root.languages = ("en", "sl")
    edition.read(root.table("certificate"), {"SI": root.table("country").table("certificate")})
    said_of = {str(one.reason) for one in root.mistakes()}
    assert {"“competence_title” is missing.", "“attendance_title” is missing."} <= said_of


ACCREDITED = 'accreditation = { en = "Accreditation 12/2026", ro = "Acreditare 12/2026" }\n'


@pytest.mark.parametrize(
    ("language", "title", "kept_back"),
    [
        ("ro", "Certificat de absolvire", "certificat de absolvire"),
        ("ro", "CERTIFICAT DE CALIFICARE profesională", "certificat de calificare"),
        ("it", "Certificato di competenze", "certificato di competenze"),
        ("it", "Certificato delle competenze", "certificato delle competenze"),
        ("it", "Certificazione delle competenze", "certificazione delle competenze"),
        ("ro", "Atestat de absolvire", None),
        ("it", "Attestato di competenze certificate", None),
        ("el", "Πιστοποιητικό επάρκειας", None),
    ],
)
@pytest.mark.parametrize("key", ["competence_title", "attendance_title"])
def test_a_title_that_the_law_keeps_for_authorised_bodies_needs_an_accreditation(key, language, title, kept_back):
    texts = f'{key} = {{ en = "A title", {language} = "{title}" }}\n'

    def found(more):
        country = "".join(line for line in COUNTRY.splitlines(keepends=True) if not line.startswith(key)) + texts + more
        root = edition_file.read((COMMON + "\n" + country.replace("ro =", f"{language} =")).replace("ro =", f"{language} ="))
        root.languages = ("en", language)
        edition.read(root.table("certificate"), {"XX": root.table("country").table("certificate")})
        lines = (COMMON + "\n" + country).splitlines()
        return [(lines[one.line - 1].split(" ")[0], str(one.reason)) for one in root.mistakes()]

    (complaint,) = found("") or [None]
    assert (complaint is None) is (kept_back is None)
    if complaint:
        assert complaint[0] == key
        assert complaint[1].startswith(f"Only an authorised body may print “{kept_back}”.")
    assert found(ACCREDITED.replace("ro =", f"{language} =")) == []


COMPETENCES = COMMON.replace('"final-test"]', '"final-test", "competences"]\ncompetence_percent = 55')


@pytest.mark.parametrize(
    ("common", "core", "percent"),
    [
        (COMMON, (), None),
        (COMPETENCES, (), 55),
        (COMPETENCES + 'core_competences = ["ethics", "systems"]\n', ("ethics", "systems"), 55),
    ],
)
def test_competences_are_asked_for_with_their_percentage_and_those_that_count(common, core, percent):
    scheme = read(common=common)["RO"]
    assert (scheme.core_competences, scheme.competence_percent) == (core, percent)


NOT_ASKED = "This says something only where “requires” has “competences”."


@pytest.mark.parametrize(
    ("common", "key", "says"),
    [
        (COMPETENCES.replace("competence_percent = 55", ""), "[country.certificate]", "“competence_percent” is missing."),
        (COMPETENCES.replace("= 55", "= 0"), "competence_percent", "“competence_percent” lies between 1 and 100."),
        (COMPETENCES.replace("= 55", "= 101"), "competence_percent", "“competence_percent” lies between 1 and 100."),
        (COMMON + "competence_percent = 60\n", "competence_percent", NOT_ASKED),
        (COMMON + 'core_competences = ["ethics"]\n', "core_competences", NOT_ASKED),
        (COMPETENCES.replace('"final-test", ', ""), "requires", "Competences show in assessments: name at least one assessment beside them."),
        (COMMON.replace('"attendance", "final-test"', '"survey"'), "requires", "A survey alone certifies nobody: name attendance or an assessment beside it."),
        (COMMON + "validity_months = 0\n", "validity_months", "“validity_months” lies between 1 and 600."),
        (COMMON + "appeal_days = 0\n", "appeal_days", "“appeal_days” lies between 1 and 365."),
        (COMMON + 'top = "attendance"\n', "top", "“top” is one of: competence, certification."),
        (COMMON + 'top = "certification"\n', "top", "Persons are certified by accredited bodies only (ISO/IEC 17024). Say which accreditation: “accreditation”."),
        (COMMON + 'top = "certification"\n' + ACCREDITED, "top", "A certification of persons needs its title: “certification_title”."),
        (
            COMMON + 'certification_title = { en = "Certification", ro = "Certificare" }\n',
            "certification_title",
            "Persons are certified by accredited bodies only (ISO/IEC 17024). Say which accreditation: “accreditation”.",
        ),
    ],
)
def test_a_mistake_in_the_scheme_is_said_at_its_line(common, key, says):
    root = edition_file.read(common + "\n" + COUNTRY)
    root.languages = ("en", "ro")
    edition.read(root.table("certificate"), {"RO": root.table("country").table("certificate")})
    lines = (common + "\n" + COUNTRY).splitlines()
    assert [(lines[one.line - 1].split(" ")[0], str(one.reason)) for one in root.mistakes()] == [(key, says)]


def test_a_competence_that_is_not_in_the_framework_is_said():
    root = edition_file.read(COMPETENCES + 'core_competences = ["ethics", "ethcis"]\n' + COUNTRY)
    root.file.known["competence"] = ("ethics", "systems")
    edition.read(root.table("certificate"), {"RO": root.table("country").table("certificate")})
    assert "“core_competences” cannot be “ethcis”; did you mean “ethics”?" in [str(one.reason) for one in root.mistakes()]


def test_what_is_given_how_long_it_lasts_and_how_long_one_may_appeal_is_read_and_kept(app):
    certified = 'top = "certification"\nvalidity_months = 36\nappeal_days = 10\ncertification_title = { en = "Certification", ro = "Certificare" }\n'
    cohort = a_cohort("RO")
    for common, kept in (
        (COMMON, ("competence", None, 15, {}, [], None)),
        (COMPETENCES + certified + ACCREDITED, ("certification", 36, 10, {"en": "Certification", "ro": "Certificare"}, [], 55)),
    ):
        with transaction():
            edition.load(cohort.edition_id, read(common=common), None)
        scheme = session.scalars(select(Scheme).where(Scheme.edition_id == cohort.edition_id)).one()
        found = (scheme.top, scheme.validity_months, scheme.appeal_days, scheme.certification_title, scheme.core_competences, scheme.competence_percent)
        assert found == kept


def test_a_criterion_that_is_no_assessment_of_the_edition_is_refused():
    root = edition_file.read(COMMON + COUNTRY)
    root.file.known["assessment"] = ("essay",)
    edition.read(root.table("certificate"), {"RO": root.table("country").table("certificate")})
    assert "“final-test” is neither a criterion nor an assessment of this edition" in " ".join(str(one.reason) for one in root.mistakes())


@pytest.mark.parametrize(
    ("old", "new", "wrong", "says"),
    [
        ('"final-test", "essay", "survey"]', '"final-tset", "survey"]', "final-tset", "“final-tset” is neither a criterion nor an assessment of this edition"),
        ('"final-test", "essay", "survey"]', '"pre-test", "survey"]', "pre-test", "“pre-test” has no pass mark (pass_percent), so no certificate can ask for it."),
        ("attempts = 1\npass_percent = 60\nmost", "attempts = 1\nmost", "essay", "“essay” has no pass mark (pass_percent), so no certificate can ask for it."),
        ("[survey", "[another", "survey", "The certificate asks for a survey, and this edition has none."),
    ],
    ids=["misspelt", "the pre-test", "an essay without a pass mark", "a survey that is not there"],
)
def test_what_nobody_could_meet_or_everybody_would_meet_is_said_with_its_line(application, settings, old, new, wrong, says):
    text = PILOT.read_text("utf-8")
    assert old in text
    changed = text.replace(old, new)
    with application(settings, find()):
        found = [one for one in mistakes_in(changed.encode()) if says in str(one.reason)]
    asking = [number for number, line in enumerate(changed.splitlines(), 1) if line.startswith("requires = [")]
    assert [one.line for one in found] == [number for number in asking if wrong in changed.splitlines()[number - 1]]


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
