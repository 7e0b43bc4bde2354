"""What the coordinator's pages show: who is ready, who is not and why, and about whom one may decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.i18n import _, on_day, show
from inspire_lms.kernel.people.names import told_apart
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.certificate import queries, rules
from inspire_lms.plugins.certificate.appealing import queries as appeals
from inspire_lms.plugins.certificate.appealing.queries import Denied
from inspire_lms.plugins.certificate.earning import evidence
from inspire_lms.plugins.certificate.earning.evidence import CohortEvidence, Trainee
from inspire_lms.plugins.certificate.earning.rules import CRITERION_NAMES
from inspire_lms.plugins.certificate.issuing import deciding
from inspire_lms.plugins.certificate.models import Scheme
from inspire_lms.plugins.certificate.naming import queries as names
from inspire_lms.plugins.certificate.naming.queries import Named
from inspire_lms.plugins.certificate.naming.rules import Answer
from inspire_lms.plugins.certificate.queries import Current
from inspire_lms.plugins.certificate.rules import TOPS, AppealState, Kind
from inspire_lms.plugins.certificate.validity.rules import may_renew


@dataclass(frozen=True)
class Candidates:
    """Who can be decided about, for each kind, and who not. Names by person id, as the form has them."""

    whole: Mapping[str, str]
    """For the document of those who have met everything."""
    attendance: Mapping[str, str]
    refused: Mapping[str, str]
    """Who can no longer meet what is missing."""
    barred: tuple[tuple[str, Reason], ...]
    """Names and why this coordinator may not decide about them."""
    proposed: tuple[str, ...]
    """Those in *whole* who are ticked already: the name is confirmed, and nothing was revoked or is renewed, which is done on purpose."""

    @property
    def is_empty(self) -> bool:
        """Say whether there is nobody to choose."""
        return not (self.whole or self.attendance or self.refused)


@dataclass(frozen=True)
class Overview:
    """Everything on the page of a cohort."""

    cohort: Cohort
    scheme: Scheme | None
    known: CohortEvidence
    current: Mapping[tuple[int, str], Current]
    revoked: Mapping[tuple[int, str], int]
    names: Mapping[int, Named]
    """What each trainee said about the name that will be printed, by person id."""
    denied: Mapping[int, Denied]
    """Who was not given the whole, by the latest decision about them."""
    appeals: Sequence[Any]
    """Those of the cohort (appealing/queries.py)."""
    today: date

    @property
    def has_scheme(self) -> bool:
        """Say whether the edition certifies at all."""
        return self.scheme is not None

    @property
    def top(self) -> Kind:
        """The document for those who have met everything."""
        return Kind(self.scheme.top) if self.scheme else Kind.COMPETENCE

    @cached_property
    def called(self) -> Mapping[int, str]:
        """How each trainee is named on these pages, by person id: namesakes so that they can be told apart."""
        members = (one.member for one in self.known.trainees)
        return told_apart((member.person_id, member.name, member.email) for member in members)

    @property
    def members(self) -> int:
        """Count the trainees."""
        return len(self.known.trainees)

    @property
    def ready(self) -> int:
        """Count who has met everything and was never given the document: one that was revoked is not asked for again by itself."""
        return sum(one.standing.earned is Kind.COMPETENCE and not self._ever_held(one, self.top) for one in self.known.trainees)

    @property
    def attended_only(self) -> int:
        """Count who attended enough, has not met the rest and was never given any document."""
        none = [one for one in self.known.trainees if not any(self._ever_held(one, kind) for kind in Kind)]
        return sum(one.standing.earned is Kind.ATTENDANCE for one in none)

    @property
    def lost(self) -> int:
        """Count who can no longer meet what is missing, gets no document and was not told so by a decision."""
        return sum(self.is_lost(one) for one in self.known.trainees)

    @property
    def waiting(self) -> int:
        """Count about whom somebody should decide."""
        return self.ready + self.attended_only + self.lost

    @property
    def open_appeals(self) -> int:
        """Count the appeals that wait for an answer."""
        return sum(one.state == AppealState.OPEN for one in self.appeals)

    @property
    def renewable(self) -> int:
        """Count whose certificate has ended, or ends soon."""
        return sum(may_renew(held.expires_on, self.today) for held in self.current.values())

    @property
    def unanswered(self) -> int:
        """Count who was asked whether the name is right, and has not answered for the name of today; not those who hold the document."""
        open_ones = [one for one in self.known.trainees if not self.holds(one, rules.given_for(one.standing.earned, self.top))]
        return sum(self.answer_of(one) in {Answer.WAITING, Answer.CHANGED} for one in open_ones)

    @property
    def not_asked(self) -> str:
        """Name what the edition demands and nobody keeps, in words."""
        return ", ".join(show(CRITERION_NAMES[one]) if one in set(CRITERION_NAMES) else one for one in self.known.nobody_keeps)

    def answer_of(self, one: Trainee) -> Answer:
        """Say what a trainee said about the name that will be printed."""
        named = self.names.get(one.member.person_id)
        return named.answer if named else Answer.NOT_ASKED

    def holds(self, one: Trainee, kind: Kind | None) -> bool:
        """Say whether a trainee has a document of *kind* that need not be renewed yet; nobody has none."""
        held = self.current.get((one.member.person_id, kind)) if kind else None
        return held is not None and not may_renew(held.expires_on, self.today)

    def is_lost(self, one: Trainee) -> bool:
        """Say whether the whole is out of a trainee's reach, no lesser document is left to give, and no decision has said so yet."""
        denied = self.denied.get(one.member.person_id)
        is_told = denied is not None and denied.stands
        has_rest = one.standing.earned is None or self._ever_held(one, Kind.ATTENDANCE)
        holds_whole = self.holds(one, rules.given_for(one.standing.whole, self.top))
        return one.standing.is_out_of_reach and has_rest and not is_told and not holds_whole

    def is_for_the_first_time(self, one: Trainee, kind: Kind) -> bool:
        """Say whether a document of *kind* was never given, or was taken away wrongly: then it is proposed."""
        wrongly_revoked = {one.certificate_id for one in self.appeals if one.state == AppealState.UPHELD}
        keys = [(one.member.person_id, same) for same in _like(kind)]
        return all(key not in self.current and (key not in self.revoked or self.revoked[key] in wrongly_revoked) for key in keys)

    def _ever_held(self, one: Trainee, kind: Kind) -> bool:
        return any((one.member.person_id, same) in {*self.current, *self.revoked} for same in _like(kind))


def _like(kind: Kind) -> tuple[Kind, ...]:
    """Give the kinds that stand for the same: a scheme may have given one before it gave the other."""
    return TOPS if kind in TOPS else (kind,)


def of(cohort: Cohort) -> Overview:
    """Look at a cohort: evidence and certificates."""
    scheme = evidence.scheme_of(cohort)
    known = evidence.of_cohort(cohort, scheme) if scheme else CohortEvidence((), ())
    current, revoked = queries.current_kinds(cohort.id), queries.revoked_kinds(cohort.id)
    denied, appealed = appeals.refused_in(cohort.id), appeals.in_cohort(cohort.id)
    return Overview(cohort, scheme, known, current, revoked, names.of_cohort(cohort.id), denied, appealed, deciding.today_in(cohort.zone))


def candidates(seen: Overview, *, by: int) -> Candidates:
    """Sort the trainees into those about whom *by* may decide, by document, and those about whom not."""
    teachers = evidence.teachers_of(seen.cohort)
    whole: dict[str, str] = {}
    attendance: dict[str, str] = {}
    refused: dict[str, str] = {}
    barred, proposed = [], []
    for one in seen.known.trainees:
        kind, is_lost = _to_give(seen, one), seen.is_lost(one)
        if kind is None and not is_lost:
            continue
        person_id, name = one.member.person_id, seen.called[one.member.person_id]
        if reason := rules.why_not_decide(person_id, by=by, name=name, graders=one.graders, teachers=teachers):
            barred.append((name, reason))
        elif kind is None:
            refused[str(person_id)] = name
        else:
            (attendance if kind is Kind.ATTENDANCE else whole)[str(person_id)] = _label(seen, one, kind)
            if seen.is_for_the_first_time(one, kind) and seen.answer_of(one) is Answer.CONFIRMED:
                proposed.append(str(person_id))
    return Candidates(whole, attendance, refused, tuple(barred), tuple(one for one in proposed if one in whole))


def _to_give(seen: Overview, one: Trainee) -> Kind | None:
    """Say which document a trainee may get now; None when they have earned none, or hold it."""
    kind = rules.given_for(one.standing.earned, seen.top)
    if kind is Kind.ATTENDANCE and any(seen.holds(one, other) for other in Kind):
        return None
    return None if seen.holds(one, kind) else kind


def _label(seen: Overview, one: Trainee, kind: Kind) -> str:
    """Name a trainee, with what makes the decision about them another one than the first."""
    name, held = seen.called[one.member.person_id], seen.current.get((one.member.person_id, kind))
    if held and held.expires_on:
        return _("{name}, whose certificate is valid until {day}", name=name, day=on_day(held.expires_on, style="date"))
    if seen.answer_of(one) is not Answer.CONFIRMED:
        return _("{name}, who has not confirmed the name", name=name)
    return name
