"""Who has earned which certificate, and who may decide about it: evidence in, what is met and what is missing out.

A criterion is demanded when the edition demands it and somebody keeps the evidence for it. When the plugin that
would know is absent or switched off, the criterion is not demanded and not printed, and the page of the decision
says so; with no evidence at all nobody has earned anything.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from inspire_lms.contracts.assessment import Result
from inspire_lms.contracts.attendance import Share
from inspire_lms.contracts.survey import Participation
from inspire_lms.kernel.errors import Message, Reason, counted

SLICE = 30
"""Certificates that one run of the issuing job makes: a writer waits for less than a second."""


class Kind(StrEnum):
    """Which document: three different ones, never merged (domain.md 3.1)."""

    COMPETENCE = "competence"
    ATTENDANCE = "attendance"
    CERTIFICATION = "certification"


TOPS = (Kind.COMPETENCE, Kind.CERTIFICATION)
"""What whoever has met everything may be given: one of these two, as the scheme says."""


class Level(StrEnum):
    """How long a seal can be checked (PAdES baseline levels, ETSI EN 319 142-1): B-B as long as the seal's certificate lasts."""

    B_B = "B-B"
    B_T = "B-T"
    B_LTA = "B-LTA"


class AppealState(StrEnum):
    """Where an appeal stands."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class State(StrEnum):
    """Where a certificate stands. Decided: the decision is taken and the file is not made yet."""

    DECIDED = "decided"
    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"


CURRENT = (State.DECIDED, State.VALID)
"""States of which a person has at most one for each kind of document in a cohort."""


class Criterion(StrEnum):
    """What an edition may ask for before it certifies; tests and written work are named by the codes of the assessments."""

    ATTENDANCE = "attendance"
    TESTS = "tests"
    ESSAY = "essay"
    SURVEY = "survey"


KIND_NAMES: Mapping[str, Message] = {
    Kind.COMPETENCE: Message("Certificate of competence"),
    Kind.ATTENDANCE: Message("Certificate of attendance"),
    Kind.CERTIFICATION: Message("Certification of a person"),
}
CRITERION_NAMES: Mapping[str, Message] = {
    Criterion.ATTENDANCE: Message("Attendance"),
    Criterion.TESTS: Message("Tests"),
    Criterion.ESSAY: Message("Written work"),
    Criterion.SURVEY: Message("Survey"),
}
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
class Evidence:
    """What is on record about one trainee."""

    demanded: frozenset[str]
    """Attendance, survey: those that the edition demands and of which somebody keeps evidence."""
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
    def earned(self) -> Kind | None:
        """The best document that was earned; None when nothing is."""
        if self.is_complete:
            return Kind.COMPETENCE if any(line.criterion in {Criterion.TESTS, Criterion.ESSAY} for line in self.lines) else Kind.ATTENDANCE
        if any(line.criterion is Criterion.ATTENDANCE and line.is_met for line in self.lines):
            return Kind.ATTENDANCE
        return None

    @property
    def is_complete(self) -> bool:
        """Say whether everything that is asked for is met; nothing is while nothing is asked for."""
        return bool(self.lines) and not self.missing

    @property
    def completion(self) -> Completion:
        """Say whether attendance and assessments are met, the survey left out; missed when nothing that is missing can still be met."""
        counted_in = [line for line in self.lines if line.criterion is not Criterion.SURVEY]
        if counted_in and all(line.is_met for line in counted_in):
            return Completion.MET
        return Completion.OPEN if not self.lines or any(line.is_open for line in self.lines) else Completion.MISSED

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
        lines.append(_assessment(criterion, needed, evidence.results.get(needed.code), is_open=needed.code not in evidence.over))
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


def _assessment(criterion: Criterion, needed: Needed, percent: Decimal | None, *, is_open: bool) -> Line:
    title, values = Message("{title}", title=needed.title), {"percent": percent, "pass_mark": needed.pass_mark}
    if percent is not None and percent >= needed.pass_mark:
        return Line(criterion, title, is_met=True, how=Message("{percent}%; {pass_mark}% needed.", **values))
    if percent is None:
        still = Message("No result yet; {pass_mark}% needed.", pass_mark=needed.pass_mark)
        over = Message("No result; {pass_mark}% was needed, and no attempt is possible any more.", pass_mark=needed.pass_mark)
    else:
        still = Message("{percent}%, below the {pass_mark}% needed.", **values)
        over = Message("{percent}%, below the {pass_mark}% needed; no attempt is possible any more.", **values)
    return Line(criterion, title, is_met=False, how=still if is_open else over, is_open=is_open)


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


def graders_of(results: Collection[Result]) -> frozenset[int]:
    """Give everybody who marked something of one trainee by hand."""
    return frozenset(grader for result in results for grader in result.graders)


def why_not_decide(person_id: int, *, by: int, name: str, graders: Collection[int], trainers: Collection[int]) -> Reason | None:
    """Say why *by* may not decide about the certificate of a person; None when there is nothing against it.

    Four eyes: who taught or graded does not certify (ISO/IEC 17024, clause 5.2; domain.md 9.2).
    """
    if by == person_id:
        return Reason("Nobody decides about the own certificate.")
    if by in graders:
        return Reason("You graded work of {name}. Somebody who neither taught nor graded has to decide.", name=name)
    if by in trainers:
        return Reason("You taught this group. Somebody who neither taught nor graded has to decide.")
    return None


def why_not_award(found: Standing, kind: Kind, *, name: str, has_current: bool) -> Reason | None:
    """Say why a person cannot be given a document of *kind* now; None when it can be done."""
    if has_current:
        return Reason("{name} has this document already.", name=name)
    if found.earned is Kind.COMPETENCE or found.earned is kind:
        return None
    return Reason("{name} has not met what the {document} asks for.", name=name, document=KIND_NAMES[kind])


def why_not_revoke(state: str) -> Reason | None:
    """Say why a certificate in *state* cannot be revoked or replaced; None when it can."""
    if state == State.DECIDED:
        return Reason("This certificate is not issued yet.")
    if state == State.REVOKED:
        return Reason("This certificate is revoked already.")
    if state == State.REPLACED:
        return Reason("This certificate was replaced already. Act on the one that replaced it.")
    return None


def days_to_issue(decided_at: datetime, issued_at: datetime) -> int:
    """Count the whole days from the decision to the document (domain.md 9.5)."""
    return (issued_at - decided_at).days


def wanted_certified(enrolled: int) -> int:
    """Say how many of the enrolled should complete: four of five, rounded up (domain.md 9.5)."""
    return -(-enrolled * 4 // 5)
