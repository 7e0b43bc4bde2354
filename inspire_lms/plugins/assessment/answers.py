"""What this plugin answers when pages and other plugins ask."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from flask import url_for
from sqlalchemy import func, select

from inspire_lms.contracts.assessment import BestResults, Graders, RequiredAssessments, Result
from inspire_lms.contracts.pages import (
    AgendaEntries,
    AgendaEntry,
    CohortFigures,
    CohortTasks,
    Figure,
    HomePart,
    MenuEntries,
    MenuEntry,
    NextThing,
    NextThings,
    PathParts,
)
from inspire_lms.kernel import clock
from inspire_lms.kernel.access.queries import may
from inspire_lms.kernel.db import session
from inspire_lms.kernel.i18n import _, ngettext, show, when
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.assessment import grading, rules
from inspire_lms.plugins.assessment.attempt.queries import Stand, own_stands
from inspire_lms.plugins.assessment.marking.progress import gains, progress
from inspire_lms.plugins.assessment.marking.queries import Graded, cohorts_where, count_waiting, graded, graders_in
from inspire_lms.plugins.assessment.models import Assessment, Window
from inspire_lms.plugins.assessment.rules import Opening, Purpose

GAIN_AIM = Decimal("0.3")
"""Median learning gain that is wanted. Source: domain.md 9.5."""
FIRST_AIM = Decimal(75)
"""Per cent of those who sat that pass at the first attempt. Source: domain.md 9.5."""


def best_results(asked: BestResults) -> Mapping[int, tuple[Result, ...]]:
    """Give the best graded result of each person in each assessment of a cohort."""
    found: dict[int, dict[str, Graded]] = {}
    for each in graded(asked.cohort_id):
        own = found.setdefault(each.person_id, {})
        if each.code not in own or each.percent > own[each.code].percent:
            own[each.code] = each
    return {person_id: tuple(_result(each) for each in own.values()) for person_id, own in found.items()}


def graders(asked: Graders) -> Mapping[int, tuple[int, ...]]:
    """Say who marked whom by hand in a cohort."""
    return graders_in(asked.cohort_id)


def _result(best: Graded) -> Result:
    return Result(
        code=best.code, kind=best.purpose, title=show(best.title), percent=best.percent.quantize(grading.CENT), pass_mark=best.pass_mark,
        graded_at=best.graded_at, first_attempt=best.number == 1, by_competence=best.by_competence,
    )  # fmt: skip


def required_assessments(asked: RequiredAssessments) -> tuple[tuple[str, str, str, int | None], ...]:
    """List the assessments of the cohort's edition in order."""
    rows = session.execute(
        select(Assessment.code, Assessment.purpose, Assessment.title, Assessment.pass_mark)
        .join(Cohort, Cohort.edition_id == Assessment.edition_id)
        .where(Cohort.id == asked.cohort_id)
        .order_by(Assessment.position)
    )
    return tuple((code, purpose, show(title), pass_mark) for code, purpose, title, pass_mark in rows)


def menu_entries(asked: MenuEntries) -> tuple[MenuEntry, ...]:
    """Offer the page of tests to trainees and staff."""
    if asked.person_id is None or not may(asked.person_id, "assessment:see"):
        return ()
    return (MenuEntry(30, _("Tests"), url_for("assessment.overview")),)


def next_things(asked: NextThings) -> tuple[NextThing, ...]:
    """Tell a trainee which test is open, and a trainer how many essays wait."""
    now = clock.now()
    things = [
        thing
        for stand in own_stands(asked.person_id)
        if (thing := _next(stand, rules.opening(stand.terms.opens_at, stand.terms.closes_at, at=now)))
    ]
    waiting = count_waiting(cohorts_where(asked.person_id, "assessment:mark"))
    if waiting:
        heading = ngettext("{n} essay waits for its mark", "{n} essays wait for their marks", waiting)
        href = url_for("assessment.queue")
        things.append(NextThing(heading, _("The names stay hidden while you read."), _("Mark essays"), href, None, 1))
    return tuple(things)


def _next(stand: Stand, opening: Opening) -> NextThing | None:
    """Say what a trainee may do about one assessment; None when there is nothing."""
    title, href, zone = show(stand.title), _door(stand.id), stand.terms.zone
    running = stand.running
    if running is not None and not rules.is_over(running.ends_at, at=clock.now()):
        href = url_for("assessment.question", attempt_id=running.id, position=1)
        return NextThing(_("{title}: your attempt is running", title=title), "", _("Go on"), href, running.ends_at, 0, zone=zone)
    if opening is not Opening.OPEN or stand.is_passed or stand.is_waiting or len(stand.tried) >= stand.terms.attempts:
        return None
    if stand.tried:
        return NextThing(_("{title}: you may try again", title=title), "", _("See the test"), href, stand.terms.closes_at, 2, zone=zone)
    text = ngettext("{n} minute from the start.", "{n} minutes from the start.", stand.terms.minutes) if stand.terms.minutes else ""
    button = _("See the task") if stand.purpose == Purpose.ESSAY else _("See the test")
    return NextThing(_("{title} is open", title=title), text, button, href, stand.terms.closes_at, 1, zone=zone)


def path_parts(asked: PathParts) -> tuple[HomePart, ...]:
    """Show the assessments of the cohort on the trainee's path."""
    own = [each for each in own_stands(asked.person_id) if each.cohort_id == asked.cohort_id]
    return (HomePart(40, "assessment/path.html", {"stands": own, "now": clock.now()}),) if own else ()


def agenda_entries(asked: AgendaEntries) -> tuple[AgendaEntry, ...]:
    """Give the windows of a cohort; a trainee's own extension included."""
    if own := [each for each in own_stands(asked.person_id) if each.cohort_id == asked.cohort_id]:
        return tuple(_window(show(each.title), each.terms.opens_at, each.terms.closes_at, _door(each.id)) for each in own)
    rows = session.execute(
        select(Assessment.title, Window.opens_at, Window.closes_at)
        .join(Assessment, Assessment.id == Window.assessment_id)
        .where(Window.cohort_id == asked.cohort_id)
    )
    href = url_for("assessment.overview")
    return tuple(_window(show(title), opens_at, closes_at, href) for title, opens_at, closes_at in rows)


def _window(title: str, opens_at: datetime, closes_at: datetime, href: str) -> AgendaEntry:
    return AgendaEntry(opens_at, closes_at, title, href)


def _door(window_id: int) -> str:
    return url_for("assessment.door", window_id=window_id)


def cohort_figures(asked: CohortFigures) -> tuple[Figure, ...]:
    """Count who of the members was assessed; measure gain and passes at the first attempt."""
    members = {each.person_id for each in programmes.members(asked.cohort_id)}
    rows = [each for each in progress(asked.cohort_id) if each.percent is not None and each.person_id in members]
    href = url_for("assessment.results", cohort_id=asked.cohort_id)
    finals = [each for each in rows if each.purpose == Purpose.FINAL]
    first = [each for each in finals if each.number == 1]
    gained = gains(rows)
    passed = sum(grading.is_passed(each.percent, each.pass_mark) for each in first if each.percent is not None)
    share = (grading.FULL * passed / len(first)).quantize(grading.CENT) if first else None
    assessed = Decimal(len({each.person_id for each in finals}))
    note = ngettext("from {n} person", "from {n} people", sum(1 for each in gained.values() if each is not None))
    middle = grading.middle(gained.values())
    return (
        Figure("assessed", 50, "funnel", _("Assessed"), assessed, "people", None, href=href, note=_("Took the final test.")),
        Figure("learning-gain", 60, "kpi", _("Learning gain, median"), middle, "ratio", GAIN_AIM, href=href, note=note),
        Figure("first-pass", 70, "kpi", _("Passed at the first attempt"), share, "percent", FIRST_AIM, href=href),
    )


def cohort_tasks(asked: CohortTasks) -> tuple[NextThing, ...]:
    """Tell the coordinator when essays have waited since their window closed."""
    essays = select(func.max(Window.closes_at)).join(Assessment, Assessment.id == Window.assessment_id)
    closed = essays.where(Window.cohort_id == asked.cohort_id, Assessment.purpose == Purpose.ESSAY, Window.closes_at < clock.now())
    last = session.scalar(closed)
    waiting = count_waiting([asked.cohort_id]) if last else 0
    if not waiting:
        return ()
    heading = ngettext("{n} essay has no mark yet", "{n} essays have no marks yet", waiting)
    text = _("The essays were due on {when}. The trainers mark them.", when=when(last)) if last else ""
    return (NextThing(heading, text, _("See the results"), url_for("assessment.results", cohort_id=asked.cohort_id), None, 1),)
