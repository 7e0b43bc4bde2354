"""Open a survey or take it out, take an answer, remind those who have not answered."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from flask import g
from sqlalchemy import exists, false, insert, literal, or_, select, text, update

from inspire_lms.contracts.survey import SurveyAnswered
from inspire_lms.kernel import bus, clock, mail
from inspire_lms.kernel.db import Words, db, is_sqlite, session, transaction
from inspire_lms.kernel.errors import Message, NotThere, Reason, Refused, When
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.survey import queries, rules
from inspire_lms.plugins.survey.edition import SectionPlan, SurveyPlan
from inspire_lms.plugins.survey.models import Participation, Question, Section, Sheet, Survey

REMIND_BEFORE = timedelta(days=3)
"""How long before a survey closes those who have not answered are reminded."""
MIX = text(
    "WITH gone AS (DELETE FROM survey_sheet WHERE survey_id = :survey RETURNING id, survey_id, answers) "
    "INSERT INTO survey_sheet (id, survey_id, answers) SELECT id, survey_id, answers FROM gone ORDER BY random()"
)


def load(edition_id: int, plan: SurveyPlan | None, by: int | None) -> None:
    """Store the survey of an edition for each of its countries, in place of any other that nobody has answered.

    Raises Refused when a survey would change or go after its first answer, since what was answered would then mean something
    else, and when one would open again whose results may have been seen.
    """
    del by
    for cohort in programmes.cohorts(edition_id):
        # Held, as answering holds them, so that nobody answers between the look at the answers and the change.
        chosen = select(Survey).where(Survey.cohort_id == cohort.id).order_by(Survey.id).with_for_update(of=Survey)
        found = {one.code: one for one in session.scalars(chosen.execution_options(populate_existing=True))}
        for code, one in found.items():
            if plan is None or code != plan.code:
                _take_out(one, cohort)
        if plan is not None:
            _store(found.get(plan.code), plan, cohort)


def _take_out(one: Survey, cohort: Cohort) -> None:
    """Remove a survey that nobody has answered; raises Refused when somebody has."""
    if queries.who_answered(one.id):
        raise Refused(
            Reason(
                "The survey “{title}” of {country} has answers already; it stays in the file.", title=one.title, country=cohort.country_name
            )
        )
    session.delete(one)
    session.flush()


def _store(found: Survey | None, plan: SurveyPlan, cohort: Cohort) -> None:
    country, one = plan.countries[cohort.country], found or Survey(cohort_id=cohort.id, code=plan.code, sections=[])
    answers = len(queries.who_answered(found.id)) if found else 0
    if found and answers:
        if _shape(found.sections) != _shape(_sections(plan)):
            raise Refused(Reason("The survey of {country} has answers already; its questions cannot change.", country=cohort.country_name))
        if rules.why_not_show(answers, found.closes_at, zone=cohort.zone, at=clock.now()) is None and country.closes_at > clock.now():
            raise Refused(
                Reason(
                    "The survey of {country} closed on {when} and its results may have been seen: it cannot be opened again.",
                    country=cohort.country_name,
                    when=When(found.closes_at, cohort.zone),
                )
            )
    one.title, one.intro, one.opens_at, one.closes_at = Words(plan.title), Words(plan.intro), country.opens_at, country.closes_at
    session.add(one)
    if not answers:
        one.sections.clear()
        session.flush()
        one.sections.extend(_sections(plan))


def _shape(sections: Iterable[Section]) -> list[Any]:
    """Say all that gives an answer its meaning: what was asked, in which order, on which scale, in which words."""
    return [
        (
            section.code,
            section.kind,
            section.title,
            section.intro,
            [dict(label) for label in section.scale],
            [(question.code, question.text) for question in section.questions],
        )
        for section in sections
    ]


def _sections(plan: SurveyPlan) -> list[Section]:
    return [_section(number, each) for number, each in enumerate(plan.sections, start=1)]


def _section(number: int, plan: SectionPlan) -> Section:
    return Section(
        number=number,
        code=plan.code,
        kind=plan.kind,
        title=Words(plan.title),
        intro=Words(plan.intro),
        scale=list(plan.scale),
        questions=[
            Question(number=at, code=f"{plan.code}.{item.code}", text=Words(item.text)) for at, item in enumerate(plan.items, start=1)
        ],
    )


def answer(survey_id: int, *, by: int, answers: Mapping[str, Any]) -> None:
    """Take the answers of one person: note that the person took part, and store the sheet without any way back.

    *answers* are by question code: a point, a pair of points, or words; None or no entry means no answer.
    Raises NotThere for an unknown survey, Refused when it is not open, not the person's, or answered already.
    """
    with transaction():
        one = session.scalar(select(Survey).where(Survey.id == survey_id).with_for_update(of=Survey))
        if one is None:
            raise NotThere
        cohort = next((each for each in programmes.cohorts_of(by) if each.id == one.cohort_id), None)
        reason = rules.why_not_answer(
            one.opens_at,
            one.closes_at,
            takes_part=cohort is not None,
            has_answered=queries.has_answered(survey_id, by),
            zone=cohort.zone if cohort else "UTC",
            at=clock.now(),
        )
        if reason:
            raise Refused(reason)
        known = set(session.scalars(select(Question.code).join(Section).where(Section.survey_id == survey_id)))
        _note(one, by)
        kept = {code: value for code, value in answers.items() if code in known and value is not None}
        session.add(Sheet(id=secrets.token_hex(16), survey_id=survey_id, answers=kept))
        session.flush()
        _mix(survey_id)
        bus.announce(SurveyAnswered(cohort_id=one.cohort_id, person_id=by))
        g.pop("enquiries", None)


def _note(one: Survey, person_id: int) -> None:
    """Note that a person took part; every row of the survey is written anew, so that none tells when."""
    of_survey = Participation.survey_id == one.id
    there = exists().where(of_survey, Participation.person_id == Person.id)
    lacking = programmes.select_members(one.cohort_id).with_only_columns(literal(one.id), Person.id, false()).where(~there)
    session.execute(insert(Participation).from_select(["survey_id", "person_id", "has_answered"], lacking))
    answered = or_(Participation.has_answered, Participation.person_id == person_id)
    session.execute(update(Participation).where(of_survey).values(has_answered=answered))


def _mix(survey_id: int) -> None:
    """Write all sheets of a survey anew in random order; SQLite keeps them by their random key anyway."""
    if not is_sqlite(db.engine):
        session.execute(MIX, {"survey": survey_id})


def remind() -> None:
    """Write once to each trainee who has not answered a survey that closes soon."""
    now = clock.now()
    for cohort in programmes.open_cohorts("survey"):
        for one in queries.surveys(cohort.id):
            if not (rules.state(one.opens_at, one.closes_at, at=now) == rules.State.OPEN and one.closes_at - now <= REMIND_BEFORE):
                continue
            answered = queries.who_answered(one.id)
            late = {_key(one, member.person_id): member.person_id for member in programmes.members(cohort.id)}
            told = mail.written(late)
            with transaction():
                for key, person_id in late.items():
                    if person_id not in answered and key not in told:
                        mail.queue(_reminder(one, person_id, cohort.zone))


def _key(one: Survey, person_id: int) -> str:
    # Of cohort and code, since the number of a survey that was taken out of the edition may be given again.
    return f"survey:{one.cohort_id}:{one.code}:reminder:{person_id}"


def _reminder(one: Survey, person_id: int, zone: str) -> mail.Letter:
    return mail.letter_to(
        person_id,
        key=_key(one, person_id),
        subject=Message("The survey closes soon: {title}", title=one.title),
        lines=(
            Message("You have not answered the survey about the course yet. It is open until {when}.", when=When(one.closes_at, zone)),
            Message("Your answers are kept apart from your name; only that you took part is known. It takes about six minutes."),
        ),
        button=(Message("Answer the survey"), mail.link("survey.answer", survey_id=one.id)),
    )
