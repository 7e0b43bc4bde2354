"""What others know about the trainees of a cohort, asked through the bus and held against what the edition demands."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from inspire_lms.contracts.assessment import BestResults, Chance, Chances, Graders, RequiredAssessments, Result
from inspire_lms.contracts.attendance import AttendanceShares, Share, Teachers
from inspire_lms.contracts.survey import Participation, SurveysOwed
from inspire_lms.kernel import bus
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.curriculum import queries as curriculum
from inspire_lms.kernel.db import Words, session
from inspire_lms.kernel.i18n import languages, speaking
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.programmes.queries import Member
from inspire_lms.plugins.certificate.earning import rules
from inspire_lms.plugins.certificate.earning.rules import Criterion, Evidence, Needed, Shown, Wanted
from inspire_lms.plugins.certificate.models import Scheme

_BY_NAME = (Criterion.ATTENDANCE, Criterion.COMPETENCES, Criterion.SURVEY)
"""The criteria that an edition asks for by their own names; the others are codes of assessments."""


@dataclass(frozen=True)
class Trainee:
    """One member of a cohort, with the evidence and where it puts them."""

    member: Member
    evidence: Evidence
    standing: rules.Standing
    graders: frozenset[int]
    shown: Mapping[str, Shown]
    """What the results say by competence."""


@dataclass(frozen=True)
class CohortEvidence:
    """All that is known about a cohort."""

    trainees: tuple[Trainee, ...]
    nobody_keeps: tuple[str, ...]
    """What the edition demands and no plugin keeps any evidence of: it is not demanded, and the decision says so."""
    look_again_at: datetime | None = None
    """When something that somebody could still do ends, at the earliest; None when nothing does."""

    def of(self, person_id: int) -> Trainee | None:
        """Give one trainee."""
        return next((one for one in self.trainees if one.member.person_id == person_id), None)


def scheme_of(cohort: Cohort) -> Scheme | None:
    """Give what certificates of this cohort say; None when its edition certifies nothing."""
    return session.scalar(select(Scheme).where(Scheme.edition_id == cohort.edition_id, Scheme.country == cohort.country))


@dataclass(frozen=True)
class _Told:
    """What others told about a cohort, by person id; None where nobody is there who would know."""

    shares: Mapping[int, Share] | None
    required: tuple[tuple[str, str, str, int | None], ...]
    results: Mapping[int, tuple[Result, ...]]
    chances: Mapping[int, tuple[Chance, ...]] | None
    surveys: Mapping[int, Participation] | None
    graders: Mapping[int, tuple[int, ...]]

    @property
    def next_end(self) -> datetime | None:
        """Give when something that somebody could still do ends, at the earliest."""
        ends = [one.until for own in (self.chances or {}).values() for one in own] + [one.until for one in (self.surveys or {}).values()]
        return min((end for end in ends if end is not None), default=None)


def _told(cohort_id: int) -> _Told:
    """Ask about everybody in a cohort: six enquiries, however many people there are."""
    # Gathered and not asked: None, for nobody who keeps it, is another thing than an empty record.
    return _Told(
        shares=next(iter(bus.gather(AttendanceShares(cohort_id))), None),
        required=bus.ask(RequiredAssessments(cohort_id), default=()),
        results=bus.ask(BestResults(cohort_id), default={}),
        chances=next(iter(bus.gather(Chances(cohort_id))), None),
        surveys=next(iter(bus.gather(SurveysOwed(cohort_id))), None),
        graders=bus.ask(Graders(cohort_id), default={}),
    )


def of_cohort(cohort: Cohort, scheme: Scheme) -> CohortEvidence:
    """Hold what is known about everybody in a cohort against what its *scheme* asks for."""
    told, requires = _told(cohort.id), scheme.requires
    needed = tuple(Needed(code, kind, title, mark) for code, kind, title, mark in told.required if code in requires and mark is not None)
    kept = _kept_by_somebody(told, needed)
    demanded = frozenset(one for one in _BY_NAME if one in requires and one in kept)
    wanted = _wanted(cohort, scheme, told, needed) if Criterion.COMPETENCES in demanded else ()
    trainees = []
    for member in programmes.members_with_account(cohort.id):
        own = told.results.get(member.person_id, ())
        shown = rules.shown_in(own, needed)
        evidence = Evidence(
            demanded=demanded,
            share=(told.shares or {}).get(member.person_id),
            needed=needed,
            results={result.code: result.percent for result in own},
            surveys=(told.surveys or {}).get(member.person_id),
            over=_over(needed, None if told.chances is None else told.chances.get(member.person_id, ())),
            wanted=wanted,
            least=scheme.competence_percent or 0,
            shown={code: one.percent for code, one in shown.items()},
        )
        trainees.append(Trainee(member, evidence, rules.standing(evidence), frozenset(told.graders.get(member.person_id, ())), shown))
    return CohortEvidence(tuple(trainees), tuple(one for one in requires if one not in kept), told.next_end)


def _kept_by_somebody(told: _Told, needed: tuple[Needed, ...]) -> frozenset[str]:
    """Name the criteria of which somebody keeps evidence; competences show in the assessments that are asked for."""
    there = {Criterion.ATTENDANCE: told.shares is not None, Criterion.SURVEY: told.surveys is not None, Criterion.COMPETENCES: bool(needed)}
    return frozenset({one.code for one in needed} | {name.value for name, is_there in there.items() if is_there})


def _wanted(cohort: Cohort, scheme: Scheme, told: _Told, needed: tuple[Needed, ...]) -> tuple[Wanted, ...]:
    """List the competences that have to be reached, in the order of the framework.

    Where the scheme names none, those that the assessments have shown of anybody in the cohort: what was assessed of one counts for all.
    """
    counted_in = {one.code for one in needed}
    assessed = {code for own in told.results.values() for one in own if one.code in counted_in for code in one.by_competence}
    codes = set(scheme.core_competences) or assessed
    return tuple(Wanted(one.code, Words(one.title)) for one in curriculum.competences(cohort.edition.framework_id) if one.code in codes)


def _over(needed: tuple[Needed, ...], chances: tuple[Chance, ...] | None) -> frozenset[str]:
    """Name the assessments in which nothing is possible any more; none when nobody knows (None)."""
    return frozenset() if chances is None else frozenset(one.code for one in needed) - {chance.code for chance in chances}


def teachers_of(cohort: Cohort) -> frozenset[int]:
    """Give everybody who teaches or has taught a cohort: its trainers, and who leads or led a webinar, whatever their role is now."""
    led = bus.ask(Teachers(cohort.id), default=())
    return frozenset((*access.people_with_role("trainer", cohort.context_id), *led))


def graders_of(cohort: Cohort, person_id: int) -> frozenset[int]:
    """Give everybody who marked something of one trainee by hand."""
    return frozenset(bus.ask(Graders(cohort.id), default={}).get(person_id, ()))


def titles_of_assessments(cohort_id: int) -> Mapping[str, Words]:
    """Give the titles of the assessments in every language of the instance, by code: the enquiry speaks one at a time."""
    titles: dict[str, Words] = {}
    for language in languages():
        with speaking(language):
            for code, _, title, _ in bus.ask(RequiredAssessments(cohort_id), default=()):
                titles.setdefault(code, Words())[language] = title
    return titles


def kept(evidence: Evidence, titles: Mapping[str, Words]) -> dict[str, Any]:
    """Give the evidence as plain values, with the titles of the assessments in every language."""
    return {
        "demanded": sorted(evidence.demanded),
        "share": asdict(evidence.share) if evidence.share else None,
        "needed": [[one.code, one.kind, titles.get(one.code, Words(en=one.title)), one.pass_mark] for one in evidence.needed],
        "results": {code: str(percent) for code, percent in evidence.results.items()},
        "surveys": _plain(evidence.surveys) if evidence.surveys else None,
        "over": sorted(evidence.over),
        "wanted": [[one.code, dict(one.title)] for one in evidence.wanted],
        "least": evidence.least,
        "shown": {code: str(percent) for code, percent in evidence.shown.items()},
    }


def read(plain: Mapping[str, Any]) -> Evidence:
    """Make evidence of what was kept; the titles in the reader's language."""
    return Evidence(
        demanded=frozenset(plain["demanded"]),
        share=Share(**plain["share"]) if plain["share"] else None,
        needed=tuple(Needed(code, kind, Words(title).text(), mark) for code, kind, title, mark in plain["needed"]),
        results={code: Decimal(percent) for code, percent in plain["results"].items()},
        surveys=Participation(**plain["surveys"]) if plain["surveys"] else None,
        over=frozenset(plain.get("over", ())),
        wanted=tuple(Wanted(code, Words(title)) for code, title in plain.get("wanted", ())),
        least=plain.get("least", 0),
        shown={code: Decimal(percent) for code, percent in plain.get("shown", {}).items()},
    )


def _plain(surveys: Participation) -> dict[str, int]:
    return {"answered": surveys.answered, "owed": surveys.owed, "closed": surveys.closed}
