"""What others know about the trainees of a cohort, asked through the bus and held against what the edition demands."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from inspire_lms.contracts.assessment import BestResults, Chance, Chances, RequiredAssessments
from inspire_lms.contracts.attendance import AttendanceShares, Share
from inspire_lms.contracts.survey import Participation, SurveysOwed
from inspire_lms.kernel import bus
from inspire_lms.kernel.db import Words, session
from inspire_lms.kernel.i18n import languages, speaking
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.programmes.queries import Member
from inspire_lms.plugins.certificate import rules
from inspire_lms.plugins.certificate.models import Scheme
from inspire_lms.plugins.certificate.rules import Criterion, Evidence, Needed, Shown


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


def of_cohort(cohort_id: int, requires: tuple[str, ...]) -> CohortEvidence:
    """Ask about everybody in a cohort: five enquiries, however many people there are."""
    # Gathered and not asked: None, for nobody who keeps it, is another thing than an empty record.
    shares = next(iter(bus.gather(AttendanceShares(cohort_id))), None)
    required = bus.ask(RequiredAssessments(cohort_id), default=())
    results = bus.ask(BestResults(cohort_id), default={})
    chances = next(iter(bus.gather(Chances(cohort_id))), None)
    surveys = next(iter(bus.gather(SurveysOwed(cohort_id))), None)
    needed = tuple(Needed(code, kind, title, mark) for code, kind, title, mark in required if code in requires and mark is not None)
    kept: set[str] = {needed_one.code for needed_one in needed}
    if shares is not None:
        kept.add(Criterion.ATTENDANCE)
    if surveys is not None:
        kept.add(Criterion.SURVEY)
    demanded = frozenset(one for one in (Criterion.ATTENDANCE, Criterion.SURVEY) if one in requires and one in kept)
    trainees = []
    for member in programmes.members(cohort_id):
        evidence = Evidence(
            demanded=demanded,
            share=(shares or {}).get(member.person_id),
            needed=needed,
            results={result.code: result.percent for result in results.get(member.person_id, ())},
            surveys=(surveys or {}).get(member.person_id),
            over=_over(needed, None if chances is None else chances.get(member.person_id, ())),
        )
        own = results.get(member.person_id, ())
        trainees.append(Trainee(member, evidence, rules.standing(evidence), rules.graders_of(own), rules.shown_in(own, needed)))
    ends = [one.until for own in (chances or {}).values() for one in own] + [one.until for one in (surveys or {}).values()]
    next_end = min((end for end in ends if end is not None), default=None)
    return CohortEvidence(tuple(trainees), tuple(one for one in requires if one not in kept), next_end)


def _over(needed: tuple[Needed, ...], chances: tuple[Chance, ...] | None) -> frozenset[str]:
    """Name the assessments in which nothing is possible any more; none when nobody knows (None)."""
    return frozenset() if chances is None else frozenset(one.code for one in needed) - {chance.code for chance in chances}


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
    )


def _plain(surveys: Participation) -> dict[str, int]:
    return {"answered": surveys.answered, "owed": surveys.owed, "closed": surveys.closed}
