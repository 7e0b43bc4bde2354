"""The table [assessment] of an edition file: tests and essays, and when each country may take them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from inspire_lms.kernel.curriculum import queries as curriculum
from inspire_lms.kernel.db import Words, session
from inspire_lms.kernel.errors import Reason, Refused
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.edition_file import Table
from inspire_lms.kernel.programmes.models import Edition
from inspire_lms.plugins.assessment.bank import actions as bank
from inspire_lms.plugins.assessment.bank.merging import Change, Deed
from inspire_lms.plugins.assessment.kinds import essay
from inspire_lms.plugins.assessment.kinds.shape import Content
from inspire_lms.plugins.assessment.models import Assessment, Attempt, Window
from inspire_lms.plugins.assessment.rules import Purpose

MOST_MINUTES = 600
MOST_EACH = 50
MOST_ATTEMPTS = 10


@dataclass(frozen=True)
class Planned:
    """One assessment as the file states it."""

    code: str
    purpose: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    minutes: int | None
    attempts: int
    pass_mark: int | None
    questions_each: int
    competences: tuple[str, ...]
    essay: Content | None
    windows: Mapping[str, tuple[datetime, datetime]]
    """Opening and closing by country."""


def read(common: Table | None, countries: Mapping[str, Table]) -> tuple[Planned, ...]:
    """Read [[assessment.test]]; a country's table [country.assessment.<code>] may give other moments."""
    if common is None:
        return ()
    tables = common.tables("test")
    codes = [table.code("code") for table in tables]
    for place, (table, code) in enumerate(zip(tables, codes, strict=True)):
        if code and code in codes[:place]:
            table.problem("code", Reason("“{value}” stands twice.", value=code))
    found = tuple(_planned(table, code, countries) for table, code in zip(tables, codes, strict=True))
    common.say("assessment", [each.code for each in found])
    common.say("assessment with a pass mark", [each.code for each in found if each.pass_mark is not None])
    return found


def _planned(table: Table, code: str, countries: Mapping[str, Table]) -> Planned:
    purpose = table.choice("kind", list(Purpose))
    is_essay = purpose == Purpose.ESSAY
    pass_mark = table.whole("pass_percent", least=1, most=100) if table.has("pass_percent") else None
    if purpose == Purpose.PRE and pass_mark is not None:
        table.problem("pass_percent", Reason("A pre-test does not count; it has no pass mark."))
    about = table.words("about")
    return Planned(
        code=code,
        purpose=purpose,
        title=table.words("title", most=200),
        about=about,
        minutes=None if is_essay and not table.has("minutes") else table.whole("minutes", least=1, most=MOST_MINUTES),
        attempts=table.whole("attempts", least=1, most=MOST_ATTEMPTS, default=1),
        pass_mark=pass_mark,
        questions_each=1 if is_essay else table.whole("questions_per_competence", least=1, most=MOST_EACH),
        competences=tuple(table.choices("competences", table.known("competence"), default=())),
        essay=_essay(table, about) if is_essay else None,
        windows={country: _window(table, code, own) for country, own in countries.items()},
    )


def _essay(table: Table, about: Mapping[str, str]) -> Content:
    """Read the task and the rubric; without a task of its own the essay asks what it is about."""
    content: dict[str, Any] = {
        "text": table.words("task", default=about),
        "most_letters": table.whole("most", least=200, most=essay.LONGEST, default=essay.LONGEST),
        "criteria": [_criterion(each) for each in table.tables("criterion", least=1)],
    }
    if reason := essay.check(content):
        table.problem("criterion", reason)
    return content


def _criterion(table: Table) -> dict[str, Any]:
    return {
        "code": table.code("code"),
        "competence": table.choice("competence", table.known("competence")),
        "title": table.words("title", most=200),
        "levels": [_level(each) for each in table.tables("level", least=2)],
    }


def _level(table: Table) -> dict[str, Any]:
    return {"points": str(table.whole("points", most=100)), "text": table.words("text", most=500)}


def _window(table: Table, code: str, country: Table) -> tuple[datetime, datetime]:
    """Read when the window opens and closes on the clocks of a country."""
    own = country.table(code, optional=True) if code else country
    opens, closes = (
        own.moment(key) if code and own.has(key) else table.moment(key, zone=country.zone) for key in ("opens", "closes")
    )
    if closes <= opens and table.has("opens") and table.has("closes"):
        table.problem("closes", Reason("It has to close after it opens."))
    return opens, closes


def load(edition_id: int, tests: tuple[Planned, ...], by: int | None) -> None:
    """Write the assessments of an edition and their windows; loading again changes what may still change."""
    edition = session.get_one(Edition, edition_id)
    there = {each.code: each for each in session.scalars(select(Assessment).where(Assessment.edition_id == edition_id))}
    for code, gone in there.items():
        if code not in {each.code for each in tests}:
            _remove(gone)
    cohorts = {cohort.country: cohort.id for cohort in programmes.cohorts(edition_id)}
    for position, planned in enumerate(tests, start=1):
        assessment = _written(edition, planned, position, there.get(planned.code), by)
        for country, (opens_at, closes_at) in planned.windows.items():
            _open(assessment.id, cohorts[country], opens_at, closes_at)


def _written(edition: Edition, planned: Planned, position: int, there: Assessment | None, by: int | None) -> Assessment:
    if there is not None and (reason := _why_not_change(there, planned)):
        raise Refused(reason)
    assessment = there or Assessment(edition_id=edition.id, code=planned.code)
    assessment.position, assessment.purpose = position, planned.purpose
    assessment.title, assessment.about = Words(planned.title), Words(planned.about)
    assessment.minutes, assessment.attempts, assessment.pass_mark = planned.minutes, planned.attempts, planned.pass_mark
    assessment.questions_each, assessment.competences = planned.questions_each, list(planned.competences)
    assessment.question_id = _essay_question(edition, planned, by) if planned.essay else None
    session.add(assessment)
    session.flush()
    return assessment


def _why_not_change(there: Assessment, planned: Planned) -> Reason | None:
    """Say what may not change once somebody has started."""
    same = (there.purpose, there.pass_mark, there.questions_each) == (planned.purpose, planned.pass_mark, planned.questions_each)
    if same or not _was_started(there.id):
        return None
    return Reason("“{title}” has been started; its kind, its pass mark and its number of questions stay as they are.", title=there.title)


def _was_started(assessment_id: int) -> bool:
    started = select(Attempt.id).join(Window, Window.id == Attempt.window_id).where(Window.assessment_id == assessment_id)
    return session.scalar(started.limit(1)) is not None


def _remove(gone: Assessment) -> None:
    if _was_started(gone.id):
        raise Refused(Reason("“{title}” has been started; it cannot be taken out of the edition.", title=gone.title))
    for window in session.scalars(select(Window).where(Window.assessment_id == gone.id)):
        session.delete(window)
    session.flush()
    session.delete(gone)


def _essay_question(edition: Edition, planned: Planned, by: int | None) -> int:
    """Put the task and the rubric into the bank, under the code of edition and essay."""
    content = planned.essay or {}
    codes = [each.code for each in curriculum.competences(edition.framework_id)]
    competence = next((each["competence"] for each in content["criteria"] if each["competence"] in codes), codes[0])
    change = Change(f"{edition.code}: {planned.code}", Deed.NEW, "essay", content, competence)
    return bank.put(edition.framework_id, [change], by=by)[0].question_id


def _open(assessment_id: int, cohort_id: int, opens_at: datetime, closes_at: datetime) -> None:
    window = session.scalar(select(Window).where(Window.assessment_id == assessment_id, Window.cohort_id == cohort_id))
    if window is None:
        session.add(Window(assessment_id=assessment_id, cohort_id=cohort_id, opens_at=opens_at, closes_at=closes_at))
    else:
        window.opens_at, window.closes_at = opens_at, closes_at
