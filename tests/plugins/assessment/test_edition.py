"""The table [assessment] of an edition file."""

import re
from importlib.resources import files

import pytest
from sqlalchemy import func, select

from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Refused
from inspire_lms.kernel.programmes import loading, queries
from inspire_lms.kernel.programmes.edition_file import WrongFile
from inspire_lms.plugins.assessment.attempt import actions
from inspire_lms.plugins.assessment.bank import actions as bank
from inspire_lms.plugins.assessment.bank.gift import read
from inspire_lms.plugins.assessment.bank.queries import coverage, known
from inspire_lms.plugins.assessment.kinds.answering import right, wrong
from inspire_lms.plugins.assessment.kinds.known import KINDS, languages
from inspire_lms.plugins.assessment.models import Assessment, Version, Window
from tests.builders import a_trainee

SAMPLE = files("inspire_lms.kernel.programmes.sample")
PILOT = (SAMPLE / "pilot.toml").read_text("utf-8")
BANK = {"en": "questions.gift", "it": "questions.it.gift", "el": "questions.el.gift", "ro": "questions.ro.gift"}


def test_the_sample_pilot_has_a_pre_test_a_final_test_and_an_essay(app):
    edition = loading.load(PILOT, by=None)
    rows = session.execute(select(Assessment.code, Assessment.purpose, Assessment.minutes, Assessment.attempts, Assessment.pass_mark, Assessment.questions_each).order_by(Assessment.position)).all()
    assert rows == [("pre-test", "pre", 40, 1, None, 2), ("final-test", "final", 45, 2, 60, 3), ("essay", "essay", None, 1, 60, 1)]
    opens = session.execute(
        select(Window.opens_at, Window.closes_at).join(Assessment).where(Assessment.code == "final-test").order_by(Window.cohort_id)
    ).all()
    assert [(str(opened), str(closed)) for opened, closed in opens] == [
        ("2027-04-12 07:00:00+00:00", "2027-04-23 21:59:00+00:00"),
        ("2027-04-12 06:00:00+00:00", "2027-04-23 20:59:00+00:00"),
        ("2027-04-12 06:00:00+00:00", "2027-04-23 20:59:00+00:00"),
    ]
    assert len(queries.cohorts(edition.id)) == 3


def test_loading_again_changes_nothing_and_a_country_may_have_its_own_window(app):
    loading.load(PILOT, by=None)
    before = session.execute(select(Assessment.id, Window.id, Window.opens_at).join(Window)).all()
    loading.load(PILOT, by=None)
    assert session.execute(select(Assessment.id, Window.id, Window.opens_at).join(Window)).all() == before
    assert session.scalar(select(func.count()).select_from(Version)) == 1
    others, section, romania = PILOT.rpartition("[country.certificate]")
    changed = f"{others}[country.assessment.final-test]\ncloses = 2027-04-30T23:59:00\n{section}{romania}"
    loading.load(changed, by=None)
    closes = session.scalars(select(Window.closes_at).join(Assessment).where(Assessment.code == "final-test").order_by(Window.cohort_id)).all()
    assert [each.day for each in closes] == [23, 23, 30]


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('kind = "pre"', 'kind = "oral"', "kind"),
        ('code = "essay"\nkind', 'code = "pre-test"\nkind', "stands twice"),
        ("questions_per_competence = 2", "questions_per_competence = 2\npass_percent = 60", "A pre-test does not count"),
        ("closes = 2027-02-21T23:59:00\nminutes", "closes = 2027-02-01T23:59:00\nminutes", "close after it opens"),
        ("minutes = 40\nattempts", "minutes = 0\nattempts", "minutes"),
        ("pass_percent = 60\nmost", "pass_percent = 101\nmost", "pass_percent"),
        ('code = "problem"\ncompetence = "systems"', 'code = "problem"\ncompetence = "cooking"', "competence"),
        ("points = 1\ntext", "points = 0\ntext", "rising points"),
        ("questions_per_competence = 3", 'questions_per_competence = 3\ncompetences = ["cooking"]', "competences"),
    ],
)
def test_each_mistake_is_told_with_its_line(app, old, new, word):
    assert old in PILOT
    broken = PILOT.replace(old, new, 1)
    with pytest.raises(WrongFile) as caught:
        loading.load(broken, by=None)
    problems = [f"{problem.line} {problem.reason}" for problem in caught.value.problems]
    assert any(word in problem for problem in problems), problems
    assert session.scalar(select(func.count()).select_from(Assessment)) == 0


def test_what_was_started_keeps_its_rules(app):
    edition = loading.load(PILOT, by=None)
    edition_id, framework_id = edition.id, edition.framework_id
    for language, name in BANK.items():
        bank.bring_in(framework_id, (SAMPLE / name).read_bytes(), language=language, by=None)
    cohort = queries.cohorts(edition_id)[0]
    window = session.scalars(select(Window).join(Assessment).where(Assessment.code == "pre-test", Window.cohort_id == cohort.id)).one()
    from inspire_lms.kernel import clock

    window_id, opens_at = window.id, window.opens_at
    person = a_trainee(cohort).id
    with clock.frozen(opens_at):
        actions.start(window_id, person)
    with pytest.raises(Refused, match="has been started"):
        loading.load(PILOT.replace("questions_per_competence = 2", "questions_per_competence = 1"), by=None)
    without = re.sub(r'\[\[assessment\.test\]\]\ncode = "pre-test".*?(?=\[\[assessment\.test\]\])', "", PILOT, flags=re.DOTALL)
    with pytest.raises(Refused, match="cannot be taken out"):
        loading.load(without, by=None)
    loading.load(PILOT.replace("closes = 2027-02-21T23:59:00\nminutes", "closes = 2027-02-22T23:59:00\nminutes"), by=None)


def test_the_sample_bank_speaks_four_languages_and_covers_every_competence(app):
    framework_id = loading.load(PILOT, by=None).framework_id
    for language, name in BANK.items():
        bank.bring_in(framework_id, (SAMPLE / name).read_bytes(), language=language, by=None)
    titles = [each.title for each in read((SAMPLE / "questions.gift").read_text("utf-8"), "en")[0]]
    found = known(framework_id, titles)
    assert len(found) == 40
    assert all(languages(each.kind, each.content) == ("el", "en", "it", "ro") for each in found.values())
    assert [(each.total, each.needed) for each in coverage(framework_id, ("en",))] == [(5, 3)] * 8
    assert {each.kind for each in found.values()} == set(KINDS) - {"essay"}
    for each in found.values():
        assert all(KINDS[each.kind].grade(each.content, right(each.kind, each.content, language)) == 1 for language in BANK)
        worst = KINDS[each.kind].grade(each.content, wrong(each.kind, each.content))
        assert worst is not None
        assert worst < 1
