"""A fourth country is a changed edition file and a folder of translations, and nothing else."""

import re
import shutil
from datetime import UTC, datetime

import pytest

from inspire_lms import app as application
from inspire_lms.kernel import clock, i18n
from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.programmes import actions, loading, queries
from inspire_lms.kernel.programmes.sample.material import SAMPLE
from tests.builders import a_person, staff

SLOVENIAN = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: sl\\n"
"Plural-Forms: nplurals=4; plural=(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3);\\n"

msgid "Sign in"
msgstr "Prijava"

msgid "The course"
msgstr "Tečaj"
"""
SLOVENIA = """
[[country]]
code = "SI"
name = { en = "Slovenia", it = "Slovenia", el = "Σλοβενία", ro = "Slovenia", sl = "Slovenija" }
language = "sl"
zone = "Europe/Ljubljana"
zone_name = { en = "Slovenian time", it = "ora di Lubiana", el = "ώρα Σλοβενίας", ro = "ora Sloveniei", sl = "slovenski čas" }
seats = 12
"""
ITALIAN_TABLES = re.compile(r"(?m)^\[country\.[a-z]+\]\n(?:(?!\[).*\n)*")


@pytest.fixture
def installed():
    """All plugins that there are."""


@pytest.fixture
def translations(tmp_path, monkeypatch):
    """The folder of translations with one language more."""
    folder = tmp_path / "translations"
    shutil.copytree(application.top("translations"), folder)
    (folder / "sl" / "LC_MESSAGES").mkdir(parents=True)
    (folder / "sl" / "LC_MESSAGES" / "kernel.po").write_text(SLOVENIAN, "utf-8")
    top = application.top
    monkeypatch.setattr(application, "top", lambda name: folder if name == "translations" else top(name))
    return folder


@pytest.fixture
def four(translations, app):
    """The sample pilot with Slovenian beside each English text, and with Slovenia."""
    text = (SAMPLE / "pilot.toml").read_text("utf-8")
    italy = text[text.index('[[country]]\ncode = "IT"') : text.index('[[country]]\ncode = "GR"')]
    tables = "".join(ITALIAN_TABLES.findall(italy)).replace("\nit = ", "\nsl = ").replace(", it = ", ", sl = ")
    return with_slovenian(text) + SLOVENIA + tables


def with_slovenian(text: str) -> str:
    """Put a Slovenian text after each English one, in braces and on lines of their own."""
    text = re.sub(r'\{ en = ("(?:[^"\\]|\\.)*")', r"{ en = \1, sl = \1", text)
    return re.sub(r'(?m)^en = (".*")$', r"en = \1\nsl = \1", text)


def test_without_its_folder_of_translations_the_country_is_refused(app):
    text = with_slovenian((SAMPLE / "pilot.toml").read_text("utf-8")) + SLOVENIA
    found = [str(one.reason) for one in loading.mistakes_in(text.encode())]
    assert "“sl” has no folder of translations; there are: en, el, it, ro." in found


def test_the_country_has_its_cohort_its_clock_its_language_and_its_people(four, client, sign_in_as):
    assert loading.mistakes_in(four.encode()) == ()
    with clock.frozen(datetime(2026, 11, 1, tzinfo=UTC)):
        edition_id = loading.load(four, by=None).id
    cohorts = {cohort.country: cohort for cohort in queries.cohorts(edition_id)}
    slovenia = cohorts["SI"]
    assert (list(cohorts), slovenia.seats, slovenia.zone, slovenia.language) == (["IT", "GR", "RO", "SI"], 12, "Europe/Ljubljana", "sl")
    assert i18n.languages() == ("en", "el", "it", "ro", "sl")
    page = client.get("/course?language=sl").get_data(as_text=True)
    assert ("Slovenija" in page, "Prijava" in page, "Tečaj" in page, '<html lang="sl"' in page) == (True, True, True, True)
    person = a_person(language="sl")
    assert '<option value="sl" selected>Slovenščina</option>' in sign_in_as(client, person).get("/profile/change").text
    assert "Slovenščina" in client.get("/profile").text
    actions.enrol(slovenia.id, person.id, by=None)
    sign_in_as(client, staff(queries.cohort(slovenia.id), "coordinator", language="sl"))
    assert client.get(f"/cohort/{slovenia.id}/members").status_code == 200
    assert client.get(f"/cohort/{cohorts['IT'].id}/members").status_code == 404


def test_every_plugin_serves_the_country(four, client, sign_in_as):
    with clock.frozen(datetime(2026, 11, 1, tzinfo=UTC)):
        edition_id = loading.load(four, by=None).id
    slovenia = next(cohort for cohort in queries.cohorts(edition_id) if cohort.country == "SI")
    chief = a_person(language="sl")
    access.grant(chief.id, "administrator", access.system(), by=None)
    sign_in_as(client, chief)
    rules = sorted(rule.rule for rule in client.application.url_map.iter_rules() if rule.arguments == {"cohort_id"} and "GET" in rule.methods)
    opened = [(rule, client.get(rule.replace("<int:cohort_id>", str(slovenia.id))).status_code) for rule in rules]
    assert len(opened) >= 5
    # Nobody was asked for a name, and no ranking is published that could be shown or corrected; everything else is there.
    missing = ["/certificate/name/<int:cohort_id>", "/online_call/results/<int:cohort_id>", "/online_call/rooms/<int:cohort_id>/correction"]
    assert [each for each in opened if each[1] not in {200, 303}] == [(rule, 404) for rule in missing]


