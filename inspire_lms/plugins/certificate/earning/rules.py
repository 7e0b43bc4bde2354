"""Who has earned which certificate: evidence in, what is met and what is missing out.

A criterion is demanded when the edition demands it and somebody keeps the evidence for it. When the plugin that
would know is absent or switched off, the criterion is not demanded and not printed, and the page of the decision
says so; with no evidence at all nobody has earned anything.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from inspire_lms.contracts.assessment import Result
from inspire_lms.contracts.attendance import Share
from inspire_lms.contracts.survey import Participation
from inspire_lms.kernel.errors import Message, counted
from inspire_lms.plugins.certificate.rules import Kind


class Criterion(StrEnum):
    """What an edition may ask for before it certifies; tests and written work are named by the codes of the assessments."""

    ATTENDANCE = "attendance"
    TESTS = "tests"
    ESSAY = "essay"
    COMPETENCES = "competences"
    SURVEY = "survey"


CRITERION_NAMES: Mapping[str, Message] = {
    Criterion.ATTENDANCE: Message("Attendance"),
    Criterion.TESTS: Message("Tests"),
    Criterion.ESSAY: Message("Written work"),
    Criterion.COMPETENCES: Message("Competences"),
    Criterion.SURVEY: Message("Survey"),
}
ASSESSED = frozenset({Criterion.TESTS, Criterion.ESSAY, Criterion.COMPETENCES})
"""The criteria that say something about what somebody can do, and not only about having been there."""
ESSAY = "essay"
"""The kind of assessment that people mark by hand (contracts/assessment.py)."""


class Completion(StrEnum):
    """Whether a trainee completes the course: attendance and assessments, not the survey (domain.md 9.5)."""

    MET = "met"
    MISSED = "missed"
    """Not met, and nothing that is missing can still be met."""
    OPEN = "open"


@dataclass(frozen=True)
class Needed:
    """An assessment that has to be passed."""

    code: str
    kind: str
    title: str
    pass_mark: int


@dataclass(frozen=True)
class Wanted:
    """A competence that has to be reached."""

    code: str
    title: Mapping[str, str]
    """By language."""


@dataclass(frozen=True)
class Evidence:
    """What is on record about one trainee."""

    demanded: frozenset[str]
    """Attendance, competences, survey: those that the edition demands and of which somebody keeps evidence."""
    share: Share | None = None
    """None: no minute on record."""
    needed: tuple[Needed, ...] = ()
    """The assessments that the edition demands and somebody holds."""
    results: Mapping[str, Decimal] = field(default_factory=dict)
    """The best result in per cent, by the code of the assessment."""
    surveys: Participation | None = None
    """None: not asked to answer any."""
    over: frozenset[str] = frozenset()
    """Codes of the assessments in which nothing better is possible any more."""
    wanted: tuple[Wanted, ...] = ()
    """The competences each of which has to be reached, when competences are demanded; none while nobody's were assessed."""
    least: int = 0
    """Per cent from which on a competence is reached."""
    shown: Mapping[str, Decimal] = field(default_factory=dict)
    """Per cent by the code of the competence, as shown_in finds it and the document prints it."""


@dataclass(frozen=True)
class Line:
    """One criterion: met or missing, and how."""

    criterion: Criterion
    title: Message
    is_met: bool
    how: Message
    is_open: bool = False
    """True when it is missing and can still be met."""


@dataclass(frozen=True)
class Standing:
    """Where one trainee stands."""

    lines: tuple[Line, ...]

    @property
    def whole(self) -> Kind:
        """What is earned by meeting everything: a document of attendance, where nothing is asked that somebody can do."""
        return Kind.COMPETENCE if any(line.criterion in ASSESSED for line in self.lines) else Kind.ATTENDANCE

    @property
    def earned(self) -> Kind | None:
        """The best document that was earned; None when nothing is."""
        if self.is_complete:
            return self.whole
        if any(line.criterion is Criterion.ATTENDANCE and line.is_met for line in self.lines):
            return Kind.ATTENDANCE
        return None

    @property
    def is_complete(self) -> bool:
        """Say whether everything that is asked for is met; nothing is while nothing but a survey is asked for, which shows nothing."""
        return any(line.criterion is not Criterion.SURVEY for line in self.lines) and not self.missing

    @property
    def completion(self) -> Completion:
        """Say whether attendance and assessments are met, the survey left out; missed when nothing that is missing can still be met."""
        counted_in = [line for line in self.lines if line.criterion is not Criterion.SURVEY]
        if counted_in and all(line.is_met for line in counted_in):
            return Completion.MET
        return Completion.OPEN if not self.lines or any(line.is_open for line in self.lines) else Completion.MISSED

    @property
    def is_out_of_reach(self) -> bool:
        """Say whether something that is missing can no longer be met, so that the whole cannot be earned any more."""
        return any(not line.is_open for line in self.missing)

    @property
    def missing(self) -> tuple[Line, ...]:
        """The criteria that are not met."""
        return tuple(line for line in self.lines if not line.is_met)


def standing(evidence: Evidence) -> Standing:
    """Compare the evidence with what is demanded, criterion by criterion."""
    lines: list[Line] = []
    if Criterion.ATTENDANCE in evidence.demanded:
        lines.append(_attendance(evidence.share))
    for needed in evidence.needed:
        criterion = Criterion.ESSAY if needed.kind == ESSAY else Criterion.TESTS
        title, percent = Message("{title}", title=needed.title), evidence.results.get(needed.code)
        lines.append(_measured(criterion, title, percent, needed.pass_mark, is_open=needed.code not in evidence.over))
    if Criterion.COMPETENCES in evidence.demanded:
        lines += _competences(evidence)
    if Criterion.SURVEY in evidence.demanded:
        lines.append(_surveys(evidence.surveys))
    return Standing(tuple(lines))


def _attendance(share: Share | None) -> Line:
    title = CRITERION_NAMES[Criterion.ATTENDANCE]
    if share is None or share.scheduled == 0:
        return Line(Criterion.ATTENDANCE, title, is_met=False, how=Message("No webinar has been recorded yet."), is_open=True)
    if share.is_met:
        how: Message = counted(
            "{present} of one minute; {needed} needed.",
            "{present} of {n} minutes; {needed} needed.",
            n=share.scheduled,
            present=share.minutes,
            needed=share.needed,
        )
        return Line(Criterion.ATTENDANCE, title, is_met=True, how=how)
    left = share.scheduled - share.held
    lack = share.needed - share.minutes
    if share.reachable >= share.needed:
        how = counted(
            "One more minute is needed, of {left} that are left.",
            "{n} more minutes are needed, of {left} that are left.",
            n=lack,
            left=left,
        )
        return Line(Criterion.ATTENDANCE, title, is_met=False, how=how, is_open=True)
    how = counted(
        "{present} of one minute; {needed} were needed and can no longer be reached.",
        "{present} of {n} minutes; {needed} were needed and can no longer be reached.",
        n=share.scheduled,
        present=share.minutes,
        needed=share.needed,
    )
    return Line(Criterion.ATTENDANCE, title, is_met=False, how=how)


def _measured(criterion: Criterion, title: Message, percent: Decimal | None, least: int, *, is_open: bool) -> Line:
    """Say whether a result reaches *least* per cent; *is_open* says whether a better one is still possible."""
    values = {"percent": percent, "pass_mark": least}
    if percent is not None and percent >= least:
        return Line(criterion, title, is_met=True, how=Message("{percent}%; {pass_mark}% needed.", **values))
    if percent is None:
        still = Message("No result yet; {pass_mark}% needed.", pass_mark=least)
        over = Message("No result; {pass_mark}% was needed, and no attempt is possible any more.", pass_mark=least)
    else:
        still = Message("{percent}%, below the {pass_mark}% needed.", **values)
        over = Message("{percent}%, below the {pass_mark}% needed; no attempt is possible any more.", **values)
    return Line(criterion, title, is_met=False, how=still if is_open else over, is_open=is_open)


def _competences(evidence: Evidence) -> list[Line]:
    """Make a line for each competence that has to be reached; one line for all while nobody can say which."""
    is_open = any(one.code not in evidence.over for one in evidence.needed)
    if not evidence.wanted:
        title = CRITERION_NAMES[Criterion.COMPETENCES]
        return [_measured(Criterion.COMPETENCES, title, None, evidence.least, is_open=is_open)]
    return [
        _measured(
            Criterion.COMPETENCES,
            Message("Competence: {title}", title=one.title),
            evidence.shown.get(one.code),
            evidence.least,
            is_open=is_open,
        )
        for one in evidence.wanted
    ]


def _surveys(surveys: Participation | None) -> Line:
    title = CRITERION_NAMES[Criterion.SURVEY]
    if surveys is None or surveys.owed == 0:
        return Line(Criterion.SURVEY, title, is_met=False, how=Message("No survey has been opened yet."), is_open=True)
    if surveys.answered >= surveys.owed:
        return Line(Criterion.SURVEY, title, is_met=True, how=Message("Answered. Nobody can see what was answered."))
    if surveys.closed:
        how = counted("One survey has closed without an answer.", "{n} surveys have closed without an answer.", n=surveys.closed)
        return Line(Criterion.SURVEY, title, is_met=False, how=how)
    how = counted("One survey is still to be answered.", "{n} surveys are still to be answered.", n=surveys.owed - surveys.answered)
    return Line(Criterion.SURVEY, title, is_met=False, how=how, is_open=True)


@dataclass(frozen=True)
class Shown:
    """What one trainee showed in one competence."""

    percent: Decimal
    """The mean over the assessments that count and look at it, rounded half up to two places."""
    is_reached: bool
    """Whether that reaches the highest pass mark among them: then the level of the outcomes is reached."""


def shown_in(results: Collection[Result], needed: Collection[Needed]) -> dict[str, Shown]:
    """Sum up what one trainee showed, by the code of the competence, over the assessments that the edition demands."""
    marks = {one.code: one.pass_mark for one in needed}
    found: dict[str, list[tuple[Decimal, int]]] = {}
    for result in results:
        if result.code in marks:
            for competence, percent in result.by_competence.items():
                found.setdefault(competence, []).append((percent, marks[result.code]))
    shown = {}
    for competence, own in found.items():
        mean = sum((percent for percent, _ in own), Decimal(0)) / len(own)
        shown[competence] = Shown(mean.quantize(Decimal("0.01"), ROUND_HALF_UP), mean >= max(mark for _, mark in own))
    return shown
