"""Reads of surveys, for our pages and for those who ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from inspire_lms.contracts.pages import (
    AgendaEntries,
    AgendaEntry,
    CohortFigures,
    Figure,
    HomePart,
    NextThing,
    NextThings,
    PathParts,
    PersonParts,
)
from inspire_lms.contracts.survey import Participation as TookPart
from inspire_lms.contracts.survey import SurveysOwed
from inspire_lms.kernel import clock
from inspire_lms.kernel.access.queries import cohort_ids_where
from inspire_lms.kernel.db import Words, once_a_page, session
from inspire_lms.kernel.i18n import _
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.survey import rules, tally
from inspire_lms.plugins.survey.models import Participation, Question, Section, Sheet, Survey

CENT = Decimal("0.01")
"""To how much of one per cent a share is rounded."""


@dataclass(frozen=True)
class Asked:
    """A survey and whether one person took part in it."""

    id: int
    cohort_id: int
    title: Words
    state: rules.State
    survey: Survey
    has_answered: bool


WHOLE = selectinload(Survey.sections).selectinload(Section.questions)
"""A survey with its questions in three statements."""


def survey(survey_id: int) -> Survey | None:
    """Give a survey with its questions."""
    return session.scalar(select(Survey).options(WHOLE).where(Survey.id == survey_id))


def own_survey(survey_id: int, person_id: int) -> Survey | None:
    """Give a survey to somebody who takes part in its cohort."""
    found = survey(survey_id)
    if found is None or all(cohort.id != found.cohort_id for cohort in programmes.cohorts_of(person_id)):
        return None
    return found


def surveys(cohort_id: int) -> list[Survey]:
    """List the surveys of a cohort in the order in which they open."""
    return list(session.scalars(select(Survey).where(Survey.cohort_id == cohort_id).order_by(Survey.opens_at, Survey.id)))


def has_answered(survey_id: int, person_id: int) -> bool:
    """Say whether a person took part."""
    row = select(Participation.has_answered).where(Participation.survey_id == survey_id, Participation.person_id == person_id)
    return bool(session.scalar(row))


@once_a_page
def asked(person_id: int, cohort_ids: tuple[int, ...]) -> list[Asked]:
    """List the surveys that a person is asked to answer, in one statement."""
    own = (Participation.survey_id == Survey.id) & (Participation.person_id == person_id)
    rows = session.execute(
        select(Survey, Participation.has_answered)
        .outerjoin(Participation, own)
        .where(Survey.cohort_id.in_(cohort_ids))
        .order_by(Survey.opens_at)
    )
    now = clock.now()
    return [
        Asked(one.id, one.cohort_id, one.title, rules.state(one.opens_at, one.closes_at, at=now), one, bool(answered))
        for one, answered in rows
        if is_on_for_cohort("survey", one.cohort_id)
    ]


@once_a_page
def who_answered(survey_id: int) -> frozenset[int]:
    """Give the ids of all who took part, also of those who have withdrawn since: their sheets are still there."""
    chosen = select(Participation.person_id).where(Participation.survey_id == survey_id, Participation.has_answered)
    return frozenset(session.scalars(chosen))


def participation(one: Survey) -> tuple[int, int]:
    """Count how many of the trainees that the cohort has now took part, and how many trainees that are."""
    members, answered = programmes.members(one.cohort_id), who_answered(one.id)
    return sum(member.person_id in answered for member in members), len(members)


def sheets(survey_ids: tuple[int, ...]) -> list[dict[str, object]]:
    """List the answered sheets; whoever asks has checked that they may be shown."""
    return list(session.scalars(select(Sheet.answers).where(Sheet.survey_id.in_(survey_ids))))


def surveys_owed(enquiry: SurveysOwed) -> Mapping[int, TookPart]:
    """Answer who took part in the surveys of a cohort, and whether the others still can."""
    now = clock.now()
    asked_for: dict[int, datetime] = {one.id: one.closes_at for one in surveys(enquiry.cohort_id)}
    chosen = select(Participation.person_id, Participation.survey_id).where(
        Participation.survey_id.in_(asked_for), Participation.has_answered
    )
    answered: dict[int, set[int]] = {}
    for person_id, survey_id in session.execute(chosen):
        answered.setdefault(person_id, set()).add(survey_id)
    found = {}
    for member in programmes.members(enquiry.cohort_id):
        own = answered.get(member.person_id, set())
        left = [closes_at for survey_id, closes_at in asked_for.items() if survey_id not in own]
        still = [closes_at for closes_at in left if now < closes_at]
        found[member.person_id] = TookPart(len(own), len(asked_for), closed=len(left) - len(still), until=min(still, default=None))
    return found


def next_things(enquiry: NextThings) -> tuple[NextThing, ...]:
    """Say which surveys wait for a person."""
    zones = {cohort.id: cohort.zone for cohort in programmes.cohorts_of(enquiry.person_id)}
    if not zones:
        return ()
    return tuple(
        NextThing(
            _("Say how the course was: {title}", title=one.title),
            _("Your answers are kept apart from your name. They count for the certificate only as “took part”."),
            _("Answer the survey"),
            url_for("survey.answer", survey_id=one.id),
            one.survey.closes_at,
            1,
            _("About six minutes."),
            zones[one.survey.cohort_id],
        )
        for one in asked(enquiry.person_id, tuple(zones))
        if one.state == rules.State.OPEN and not one.has_answered
    )


def path_parts(enquiry: PathParts) -> tuple[HomePart, ...]:
    """Show the surveys on "my path"."""
    found = asked(enquiry.person_id, (enquiry.cohort_id,))
    return (HomePart(40, "survey/path.html", {"surveys": found}),) if found else ()


def agenda(enquiry: AgendaEntries) -> tuple[AgendaEntry, ...]:
    """Give the dates of the surveys of a cohort: a trainee is led to the questions, staff to the results."""
    takes_part = any(cohort.id == enquiry.cohort_id for cohort in programmes.cohorts_of(enquiry.person_id))
    to = "survey.answer" if takes_part else "survey.show"
    return tuple(
        AgendaEntry(one.opens_at, one.closes_at, _("Survey: {title}", title=one.title), url_for(to, survey_id=one.id))
        for one in surveys(enquiry.cohort_id)
    )


def person_parts(enquiry: PersonParts) -> tuple[HomePart, ...]:
    """Lead whoever may see results, a trainer too, to those of each cohort."""
    ids = [one for one in cohort_ids_where(enquiry.person_id, "survey:see-results") if is_on_for_cohort("survey", one)]
    if not ids:
        return ()
    chosen = select(Survey, Cohort).join(Cohort, Cohort.id == Survey.cohort_id).where(Survey.cohort_id.in_(ids))
    now = clock.now()
    found = [
        {"survey": one, "country": cohort.country_name, "zone": cohort.zone, "state": rules.state(one.opens_at, one.closes_at, at=now)}
        for one, cohort in session.execute(chosen.order_by(Survey.closes_at, Survey.id))
    ]
    return (HomePart(60, "survey/asked.html", {"surveys": found}),) if found else ()


def figures(enquiry: CohortFigures) -> tuple[Figure, ...]:
    """Give participation, and satisfaction once the survey has closed (domain.md 9.5)."""
    found = surveys(enquiry.cohort_id)
    answered, members = participation(found[-1]) if found else (0, 0)
    href = url_for("survey.show", survey_id=found[-1].id) if found else ""
    share = (Decimal(100 * answered) / members).quantize(CENT, "ROUND_HALF_UP") if members else None
    given = _satisfaction(found)
    return (
        Figure("surveyed", 80, "funnel", _("Answered the survey"), Decimal(answered), "people", None, href=href),
        Figure("survey-response", 80, "kpi", _("Survey response"), share, "percent", Decimal(70), href=href),
        Figure("satisfaction", 81, "kpi", _("Satisfaction, mean of 1 to 5"), given.mean, "points", Decimal(4), href=href),
        Figure("satisfied", 82, "kpi", _("Answers 4 or 5"), given.high, "percent", Decimal(80), href=href),
    )


def _satisfaction(found: Sequence[Survey]) -> tally.Distribution:
    """Count the points of the newest survey that may be shown; nothing when too few people gave any."""
    at = clock.now()
    for one in reversed(found):
        if rules.why_not_show(len(who_answered(one.id)), one.closes_at, zone="UTC", at=at) is None:
            return tally.satisfaction(sheets((one.id,)), _scale_codes(one.id))
    return tally.distribution(())


def _scale_codes(survey_id: int) -> list[str]:
    chosen = select(Question.code).join(Section).where(Section.survey_id == survey_id, Section.kind == rules.Kind.SCALE)
    return list(session.scalars(chosen))
