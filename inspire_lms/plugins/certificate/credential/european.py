"""A certificate in the European Learning Model (version 3), as JSON-LD: an export, signed by nobody.

A European Digital Credential counts with the electronic seal of its issuer only. This is what such a credential would
be made of, for whoever has the seal and the software for it, or for a reader of one's own. It names the profile by which
it can be looked at, and does not say that it meets it. What holds is the sealed file and the signed credential.

A competence certificate is a LearningAchievement with its outcomes and assessments. A document of attendance is the
LearningActivity alone: nothing in it can be read as something achieved.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import SOURCE, Words, show
from inspire_lms.plugins.certificate.credential import texts
from inspire_lms.plugins.certificate.credential.badge import achievement_of, beginning_of, end_of, in_utc
from inspire_lms.plugins.certificate.credential.concepts import country, esco_skill, language_of, other_skill
from inspire_lms.plugins.certificate.drawing import words
from inspire_lms.plugins.certificate.drawing.record import PrintedCompetence, Record
from inspire_lms.plugins.certificate.rules import Kind

CONTEXTS = ("https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap")
PROFILE = {"id": "http://data.europa.eu/snb/model/ap/edc-generic-full", "type": "ShaclValidator2017"}
GENERIC = {
    "id": "http://data.europa.eu/snb/credential/e34929035b",
    "type": "Concept",
    "inScheme": {"id": "http://data.europa.eu/snb/credential/25831c2", "type": "ConceptScheme"},
    "prefLabel": {"en": ["Generic"]},
}
UNSIGNED = Message(
    "Unsigned export. Nobody has signed or sealed this file, and anybody could have changed it: "
    "what holds is the sealed document and its digital credential."
)
NOTED = ("mode", "identity", "eqf", "quality", "accreditation", "partners", "scheme")
"""What the model has controlled lists for, or nothing at all: said in words, each under its label."""


def european(record: Record, *, issuer: str, at: datetime) -> dict[str, Any]:
    """Say what *record* says in the European Learning Model, in the language of the document and in English; issued at *at*."""
    body, when = _body(record, issuer), in_utc(at)
    said: dict[str, Any] = {
        "@context": list(CONTEXTS),
        "id": record.address,
        "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
        "credentialSchema": [PROFILE],
        "credentialProfiles": [GENERIC],
        "displayParameter": _display(record),
        "issuer": body,
        "issuanceDate": when,
        "issued": when,
        "validFrom": when,
        "credentialSubject": {
            "id": f"{record.address}#holder",
            "type": "Person",
            "fullName": {SOURCE: [record.latin_name]} | {record.language: [record.name]},
            "hasClaim": [_activity(record, body) if record.kind == Kind.ATTENDANCE else _achievement(record, body, issuer)],
        },
    }
    if record.expires_on is not None:
        end = in_utc(end_of(record.expires_on))
        said |= {"validUntil": end, "expirationDate": end}
    return said


def _display(record: Record) -> dict[str, Any]:
    return {
        "id": f"{record.address}#display",
        "type": "DisplayParameter",
        "title": _in_both(record, record.title, after=f" {record.number}"),
        "description": _unsigned(record),
        "language": [language_of(code) for code in _languages(record)],
        "primaryLanguage": language_of(record.language),
    }


def _achievement(record: Record, body: Mapping[str, Any], issuer: str) -> dict[str, Any]:
    return {
        "id": f"{record.address}#achievement",
        "type": "LearningAchievement",
        "title": _in_both(record, record.role_title),
        "awardedBy": _award(record, body),
        "influencedBy": [_activity(record, body)],
        "provenBy": [*_assessments(record, body), *_by_competence(record, body)],
        "specifiedBy": {
            "id": achievement_of(record, issuer),
            "type": "LearningAchievementSpecification",
            "title": _in_both(record, record.role_title),
            "volumeOfLearning": _hours(record.planned_minutes),
            "language": [language_of(record.language)],
            "learningOutcome": _outcomes(record),
            "additionalNote": _notes(record),
        }
        | ({"entryRequirement": _note(record, record.prerequisites)} if record.prerequisites else {}),
    }


def _activity(record: Record, body: Mapping[str, Any]) -> dict[str, Any]:
    """Say what was taken part in: its volume as planned, and as workload what is on record as attended."""
    said: dict[str, Any] = {
        "id": f"{record.address}#activity",
        "type": "LearningActivity",
        "title": _in_both(record, record.programme),
        "awardedBy": _award(record, body),
        "specifiedBy": {
            "id": f"{record.address}#activity-specification",
            "type": "LearningActivitySpecification",
            "title": _in_both(record, record.programme),
            "volumeOfLearning": _hours(record.planned_minutes),
            "language": [language_of(record.language)],
            "additionalNote": _notes(record),
        },
    }
    if record.attended_minutes is not None:
        said["workload"] = _hours(record.attended_minutes)
    if record.first_day and record.last_day:
        begins, ends = in_utc(beginning_of(record.first_day)), in_utc(end_of(record.last_day))
        said["temporal"] = [{"id": f"{record.address}#period", "type": "PeriodOfTime", "startDate": begins, "endDate": ends}]
    return said


def _assessments(record: Record, body: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for number, one in enumerate(record.results, start=1):
        scheme = {"id": f"{record.address}#grading-{number}", "type": "GradingScheme", "title": _in_both(record, record.grading)}
        specification = {
            "id": f"{record.address}#assessment-specification-{number}",
            "type": "LearningAssessmentSpecification",
            "title": _in_both(record, one.title),
            "description": _in_both(record, record.assessment),
        } | ({"gradingScheme": scheme} if record.grading else {})
        taken = _assessment(record, body, name=f"assessment-{number}", title=one.title, percent=one.percent, level=Words())
        yield taken | {"specifiedBy": specification}


def _by_competence(record: Record, body: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for number, one in enumerate(record.competences, start=1):
        yield _assessment(record, body, name=f"competence-{number}", title=one.title, percent=one.percent, level=one.level)


def _assessment(record: Record, body: Mapping[str, Any], *, name: str, title: Words, percent: str, level: Words) -> dict[str, Any]:
    grades = {code: [f"{percent}%, {level.text(code)}" if level else f"{percent}%"] for code in _languages(record)}
    return {
        "id": f"{record.address}#{name}",
        "type": "LearningAssessment",
        "title": _in_both(record, title),
        "awardedBy": _award(record, body),
        "grade": {"id": f"{record.address}#{name}-grade", "type": "Note", "noteLiteral": grades},
    }


def _outcomes(record: Record) -> list[dict[str, Any]]:
    """List what was learnt: the outcomes of the units, and the competences with where public frameworks describe them."""
    told = [(f"outcome-{unit.number}-{place}", text) for unit in record.units for place, text in enumerate(unit.outcomes, start=1)]
    outcomes = [{"id": f"{record.address}#{name}", "type": "LearningOutcome", "title": _in_both(record, text)} for name, text in told]
    return outcomes + [_aligned(record, number, one) for number, one in enumerate(record.competences, start=1) if one.alignments]


def _aligned(record: Record, number: int, competence: PrintedCompetence) -> dict[str, Any]:
    skills = [skill for one in competence.alignments if (skill := esco_skill(*one))]
    others = [other_skill(*one) for one in competence.alignments if not esco_skill(*one)]
    said = {
        "id": f"{record.address}#outcome-of-competence-{number}",
        "type": "LearningOutcome",
        "title": _in_both(record, competence.title),
    }
    return said | ({"relatedESCOSkill": skills} if skills else {}) | ({"relatedSkill": others} if others else {})


def _body(record: Record, issuer: str) -> dict[str, Any]:
    at = country(record.country, {code: [record.country_name.text(code)] for code in _languages(record)})
    place = {"id": f"{record.address}#address", "type": "Address", "countryCode": at}
    return {
        "id": issuer,
        "type": "Organisation",
        "legalName": _in_both(record, record.body),
        "location": [{"id": f"{record.address}#location", "type": "Location", "address": [place]}],
    }


def _award(record: Record, body: Mapping[str, Any]) -> dict[str, Any]:
    day = in_utc(beginning_of(record.issued_on))
    return {"id": f"{record.address}#award", "type": "AwardingProcess", "awardingBody": [dict(body)], "awardingDate": day}


def _notes(record: Record) -> list[dict[str, Any]]:
    """Say in words what has no field, each with its label, in both languages."""
    said = {code: words.facts(record, code, NOTED) for code in _languages(record)}
    lines = {code: [f"{one.label}: {one.value}" for one in facts] for code, facts in said.items()}
    return [
        {"id": f"{record.address}#unsigned", "type": "Note", "noteLiteral": _unsigned(record)},
        {"id": f"{record.address}#note", "type": "Note", "noteLiteral": lines},
    ]


def _note(record: Record, text: Words) -> dict[str, Any]:
    return {"id": f"{record.address}#prerequisites", "type": "Note", "noteLiteral": _in_both(record, text)}


def _unsigned(record: Record) -> dict[str, list[str]]:
    return {code: [" ".join(show(one, code) for one in (UNSIGNED, *texts.warnings(record)))] for code in _languages(record)}


def _in_both(record: Record, text: Words, *, after: str = "") -> dict[str, list[str]]:
    return {code: [f"{text.text(code)}{after}"] for code in _languages(record)}


def _languages(record: Record) -> tuple[str, ...]:
    return tuple(dict.fromkeys((record.language, SOURCE)))


def _hours(minutes: int) -> str:
    """Write minutes as a duration of ISO 8601: PT40H, PT14H45M."""
    hours, rest = divmod(minutes, 60)
    return f"PT{hours}H{rest}M" if rest else f"PT{hours}H"
