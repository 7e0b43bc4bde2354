"""An edition with its bank, its assessments and a cohort; attempts of trainees."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.programmes.models import Cohort, Edition
from inspire_lms.plugins.assessment.attempt import actions, queries
from inspire_lms.plugins.assessment.bank import actions as bank
from inspire_lms.plugins.assessment.bank.merging import Change, Deed
from inspire_lms.plugins.assessment.kinds.answering import right, wrong
from inspire_lms.plugins.assessment.models import Assessment, Attempt, Response, Version, Window
from tests.builders import a_cohort, an_edition, many_trainees, words

NOW = datetime(2027, 4, 12, 10, 0, tzinfo=UTC)
"""When the windows are open."""
OPENS, CLOSES = NOW - timedelta(days=1), NOW + timedelta(days=5)

BANK = """$CATEGORY: ethics

::E1:: What is right? {=Right ~Wrong ~%50%Half}

::E2:: Which two? {~%50%First ~%50%Second ~Third}

::E3:: Sure? {T}

::E4:: How many? {#12:0.5}

$CATEGORY: systems

::S1:: Name it {=system =%50%systems}

::S2:: Match {=a -> one =b -> two = -> three}

::S3:: Not so? {F}

::S4:: Which? {~No =Yes}
"""
ITALIAN = "$CATEGORY: ethics\n\n::E1:: Che cosa è giusto? {=Giusto ~Sbagliato ~%50%Metà}\n"
RUBRIC = [
    {"code": code, "competence": competence, "title": dict(words(code.capitalize())), "levels": [{"points": str(points), "text": dict(words(f"level {points}"))} for points in (0, 1, 3, 5)]}
    for code, competence in (("problem", "systems"), ("people", "ethics"))
]


@dataclass
class Course:
    """What the tests need again and again."""

    edition_id: int
    framework_id: int
    cohort_id: int
    windows: dict[str, int]
    """Window ids by code."""

    @property
    def cohort(self) -> Cohort:
        """The cohort, fresh."""
        return session.get_one(Cohort, self.cohort_id)


def a_course(country: str = "IT", *, cohort: Cohort | None = None, **final: Any) -> Course:
    """A bank of eight questions, a pre-test, a final test (say in `final` what matters) and an essay, open around NOW."""
    cohort = cohort or a_cohort(country, edition=an_edition())
    cohort_id, edition_id = cohort.id, cohort.edition_id
    framework_id = session.get_one(Edition, edition_id).framework_id
    with clock.frozen(OPENS - timedelta(days=10)), transaction():
        bank.bring_in_text(framework_id, BANK, language="en", by=None)
        essay = {"text": dict(words("Write about it")), "most_letters": 500, "criteria": RUBRIC}
        task = bank.put(framework_id, [Change(f"edition {edition_id}: essay", Deed.NEW, "essay", essay, "systems")], by=None)[0]
        common = {"edition_id": edition_id, "about": words("About"), "attempts": 1, "minutes": 30, "competences": [], "questions_each": 2, "pass_mark": None, "question_id": None}
        plans = [
            {"code": "pre-test", "purpose": "pre", "title": words("Pre-test")},
            {"code": "final-test", "purpose": "final", "title": words("Final test"), "pass_mark": 60, "attempts": 2} | final,
            {"code": "essay", "purpose": "essay", "title": words("Essay"), "pass_mark": 60, "minutes": None, "questions_each": 1, "question_id": task.question_id},
        ]
        windows = {}
        for position, plan in enumerate(plans, start=1):
            assessment = Assessment(**common | {"position": position} | plan)
            session.add(assessment)
            session.flush()
            window = Window(assessment_id=assessment.id, cohort_id=cohort_id, opens_at=OPENS, closes_at=CLOSES)
            session.add(window)
            session.flush()
            windows[plan["code"]] = window.id
    return Course(edition_id, framework_id, cohort_id, windows)


def start(course: Course, person_id: int, code: str = "final-test", *, at: datetime = NOW, seed: str = "seed") -> int:
    """Start an attempt at a moment; gives its id."""
    with clock.frozen(at):
        return actions.start(course.windows[code], person_id, seed=seed)


def answer(attempt_id: int, person_id: int, *, rightly: int, at: datetime = NOW + timedelta(minutes=5)) -> None:
    """Answer all questions, the first *rightly* of them rightly."""
    with clock.frozen(at):
        for each in queries.asked(attempt_id):
            sent = right(each.kind, each.content, "en") if each.position <= rightly else wrong(each.kind, each.content)
            actions.save(attempt_id, each.position, sent, by=person_id, device="one")


def sat(course: Course, person_id: int, code: str = "final-test", *, rightly: int = 4, at: datetime = NOW) -> int:
    """Take a whole test."""
    attempt_id = start(course, person_id, code, at=at)
    answer(attempt_id, person_id, rightly=rightly, at=at + timedelta(minutes=5))
    with clock.frozen(at + timedelta(minutes=10)):
        actions.submit(attempt_id)
    return attempt_id


def written(course: Course, person_id: int, text: str = "My essay", *, at: datetime = NOW) -> tuple[int, int]:
    """Hand in an essay; gives the ids of the attempt and of the answer."""
    attempt_id = start(course, person_id, "essay", at=at)
    with clock.frozen(at + timedelta(minutes=5)):
        actions.save(attempt_id, 1, [text], by=person_id)
        actions.submit(attempt_id)
    return attempt_id, queries.asked(attempt_id)[0].id


def _many_attempts(cohort: Cohort, n: int, code: str, **facts: Any) -> list[int]:
    """Store *n* attempts at once, past the actions; gives their ids."""
    cohort_id = cohort.id
    people = many_trainees(cohort, n)
    found = select(Window.id).join(Assessment).where(Window.cohort_id == cohort_id, Assessment.code == code)
    window_id = session.scalar(found) or a_course(cohort=session.get_one(Cohort, cohort_id)).windows[code]
    common = {"window_id": window_id, "number": 1, "started_at": NOW, "ends_at": NOW, "by_itself": False, "submitted_at": NOW, "receipt": "r"}
    with transaction():
        return list(session.scalars(insert(Attempt).returning(Attempt.id), [common | facts | {"person_id": each, "seed": f"s{each}"} for each in people]))


def fill_results(cohort: Cohort, n: int) -> str:
    """The results of a cohort in which n more people have sat the final test."""
    cohort_id = cohort.id
    _many_attempts(cohort, n, "final-test", state="graded", graded_at=NOW, percent=70)
    return f"/assessment/cohort/{cohort_id}"


def fill_queue(cohort: Cohort, n: int) -> str:
    """The queue with n more essays that wait."""
    attempts = _many_attempts(cohort, n, "essay", state="submitted")
    version = session.execute(select(Version.id, Version.digest).where(Version.kind == "essay")).first()
    rows = [{"attempt_id": each, "position": 1, "version_id": version.id, "digest": version.digest, "most": 10, "answer": ["Text"]} for each in attempts]
    with transaction():
        session.execute(insert(Response), rows)
    return "/assessment/marking"


def fill_bank(cohort: Cohort, n: int) -> str:
    """A bank with n more questions."""
    framework_id = session.get_one(Edition, cohort.edition_id).framework_id
    text = "$CATEGORY: ethics\n\n" + "\n\n".join(f"::Many {n} {each}:: Sure? {{T}}" for each in range(n))
    bank.bring_in_text(framework_id, text, language="en", by=None)
    return f"/assessment/bank/{framework_id}"


LISTS = (("the results of a cohort", fill_results), ("the essays that wait", fill_queue), ("the questions of a bank", fill_bank))
"""Lists whose statements must not grow with their rows; see tests/house/test_queries.py."""
