"""Loading a framework with its levels, competences and units."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import TypeVar

from inspire_lms.kernel import audit
from inspire_lms.kernel.curriculum import queries
from inspire_lms.kernel.curriculum.content import FrameworkContent, UnitContent
from inspire_lms.kernel.curriculum.models import Competence, Framework, LearningOutcome, Level, Unit
from inspire_lms.kernel.db import Words, session, transaction
from inspire_lms.kernel.errors import Reason, Refused

Key = TypeVar("Key", int, str)


def load_framework(content: FrameworkContent, *, by: int | None) -> Framework:
    """Store a framework, or bring the one with the same code up to date.

    Texts, times and outcomes may change, and something may be added. Raises Refused when a level, a competence or a
    unit that is there already is missing from *content*: results and webinars point at it.
    """
    with transaction():
        framework = queries.framework_with(content.code)
        if framework is None:
            framework = Framework(code=content.code, title=Words(content.title))
            session.add(framework)
            session.flush()
            audit.record("curriculum.opened", ("curriculum_framework", framework.id), by=by, after={"code": content.code})
        framework.title = Words(content.title)
        levels = _load_levels(framework.id, content)
        competences = _load_competences(framework.id, content)
        units = {unit.number: unit for unit in queries.units(framework.id)}
        _refuse_missing(units, (each.number for each in content.units))
        for each in content.units:
            _load_unit(framework.id, units.get(each.number), each, levels, competences)
        session.flush()
        return framework


def _refuse_missing(there: Iterable[Key], given: Iterable[Key]) -> None:
    if missing := sorted(set(there) - set(given)):
        raise Refused(Reason("“{what}” is in use already and is missing from the file.", what=str(missing[0])))


def _load_levels(framework_id: int, content: FrameworkContent) -> dict[int, Level]:
    levels = {level.number: level for level in queries.levels(framework_id)}
    _refuse_missing(levels, (each.number for each in content.levels))
    for each in content.levels:
        level = levels.setdefault(each.number, Level(framework_id=framework_id, number=each.number))
        level.title, level.about = Words(each.title), Words(each.about)
        session.add(level)
    session.flush()
    return levels


def _load_competences(framework_id: int, content: FrameworkContent) -> dict[str, Competence]:
    competences = {competence.code: competence for competence in queries.competences(framework_id)}
    _refuse_missing(competences, (each.code for each in content.competences))
    for place, each in enumerate(content.competences, start=1):
        competence = competences.setdefault(each.code, Competence(framework_id=framework_id, code=each.code))
        competence.place, competence.title, competence.about = place, Words(each.title), Words(each.about)
        competence.alignments = [asdict(one) for one in each.alignments]
        session.add(competence)
    session.flush()
    return competences


def _load_unit(
    framework_id: int, unit: Unit | None, content: UnitContent, levels: dict[int, Level], competences: dict[str, Competence]
) -> None:
    if unit is None:
        unit = Unit(framework_id=framework_id, number=content.number, outcomes=[])
        session.add(unit)
    unit.title, unit.live_minutes, unit.study_minutes = Words(content.title), content.live_minutes, content.study_minutes
    kept = {outcome.place: outcome for outcome in unit.outcomes}
    unit.outcomes = [kept.get(place) or LearningOutcome(place=place) for place, _each in enumerate(content.outcomes, start=1)]
    for outcome, each in zip(unit.outcomes, content.outcomes, strict=True):
        outcome.text = Words(each.text)
        outcome.competence, outcome.level = competences[each.competence], levels[each.level]
