"""A certificate as an Open Badges 3.0 credential: the values of the printed record, in the shape that programs know.

The payload of the token is the credential itself (Open Badges 3.0, 8.2.4; W3C VC data model 2.0), with the claims of a
JWT beside it. What a document states of the eleven European standard elements of a micro-credential stands here:

| element | place |
|---|---|
| learner | credentialSubject.identifier, the name as it is printed |
| title | name, achievement.name |
| country, awarding body | issuer.address, issuer.name |
| date of issue | awardedDate |
| learning outcomes | achievement.resultDescription, competences and levels reached; in full at achievement.criteria.id, the check |
| type of assessment | achievement.criteria.narrative |
| workload, EQF level or its absence, form of participation, quality assurance | achievement.description, a line each |

Open Badges allows one string for each text: it is in the language of the document.
"""

import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from inspire_lms.plugins.certificate.credential import texts
from inspire_lms.plugins.certificate.credential.texts import Texts
from inspire_lms.plugins.certificate.drawing.record import PrintedCompetence, Record
from inspire_lms.plugins.certificate.rules import Kind

VC = "https://www.w3.org/ns/credentials/v2"
CONTEXTS = (VC, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json")
TYPES: Mapping[str, str] = {
    Kind.COMPETENCE: "Certificate",
    Kind.CERTIFICATION: "Certification",
    Kind.ATTENDANCE: "ext:AttendanceStatement",
}
"""What kind of achievement. The vocabulary has no word for having been there, and every word near it promises more."""


def claims(record: Record, *, issuer: str, home: str, status: Mapping[str, str], at: datetime) -> dict[str, Any]:
    """Say what the credential of *record* says, issued at *at* by *issuer*, whose site is *home*.

    The holder is named as on the document, in plain words and not as a digest: whoever has the credential has the
    document too, in which it is attached, and a digest of a name is guessed in no time. Nothing else identifies the
    holder; the subject's id is the check of this one document, so that two credentials of a person cannot be joined by it.
    The number stands in the name alone: the only place for one in Open Badges is called a licence number.
    There are no credits, since none are awarded, and no evidence, since what the result rests on stays with us.
    """
    subject, issued = f"{record.address}#holder", at.replace(microsecond=0)
    said: dict[str, Any] = {
        "@context": list(CONTEXTS),
        "id": record.address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{record.title.text(record.language)} {record.number}",
        "issuer": _issuer(record, issuer, home),
        "validFrom": in_utc(issued),
        "awardedDate": in_utc(beginning_of(record.issued_on)),
        "credentialSubject": _subject(record, subject, achievement_of(record, issuer)),
        "credentialStatus": dict(status),
        "iss": issuer,
        "jti": record.address,
        "sub": subject,
        "nbf": int(issued.timestamp()),
    }
    if record.expires_on is not None:
        end = end_of(record.expires_on)
        said |= {"validUntil": in_utc(end), "exp": int(end.timestamp())}
    return said


def achievement_of(record: Record, issuer: str) -> str:
    """Name what was achieved: the same for all who were given the same document of one edition in one country."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{issuer}|{record.edition}|{record.country}|{record.kind}|{record.scheme}").urn


def beginning_of(day: date) -> datetime:
    """Give the moment at which a day begins in UTC."""
    return datetime.combine(day, time(), UTC)


def end_of(day: date) -> datetime:
    """Give the last second of a day in UTC, which comes after its end in every country east of Greenwich."""
    return beginning_of(day + timedelta(days=1)) - timedelta(seconds=1)


def in_utc(at: datetime) -> str:
    """Write a moment of UTC as XML Schema has it: 2027-03-12T09:00:00Z."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _issuer(record: Record, issuer: str, home: str) -> dict[str, Any]:
    address = {"type": ["Address"], "addressCountryCode": record.country, "addressCountry": record.country_name.text(record.language)}
    return {"id": issuer, "type": ["Profile"], "name": record.body.text(record.language), "url": home, "address": address}


def _subject(record: Record, subject: str, achievement: str) -> dict[str, Any]:
    told_in_words = texts.of(record)
    described, results = _results(record, achievement, told_in_words.attendance)
    names = dict.fromkeys((record.name, record.latin_name))
    told: dict[str, Any] = {
        "id": subject,
        "type": ["AchievementSubject"],
        "identifier": [{"type": "IdentityObject", "identityHash": name, "identityType": "name", "hashed": False} for name in names],
        "achievement": _achievement(record, achievement, told_in_words) | ({"resultDescription": described} if described else {}),
    }
    if record.first_day and record.last_day:
        told |= {
            "activityStartDate": in_utc(beginning_of(record.first_day)),
            "activityEndDate": in_utc(beginning_of(record.last_day)),
        }
    return told | ({"result": results} if results else {})


def _achievement(record: Record, achievement: str, told: Texts) -> dict[str, Any]:
    language, certifies = record.language, record.kind != Kind.ATTENDANCE
    what = record.role_title if certifies else record.programme
    said = {
        "id": achievement,
        "type": ["Achievement"],
        "name": f"{record.title.text(language)}: {what.text(language)}",
        "description": told.description,
        "criteria": {"id": record.address, "narrative": told.criteria},
        "achievementType": TYPES[record.kind],
        "inLanguage": language,
        "version": record.scheme,
        "humanCode": record.edition,
    }
    found = [_alignment(*one) for competence in record.competences for one in competence.alignments]
    return said | ({"alignment": found} if found else {})


def _alignment(url: str, name: str, framework: str) -> dict[str, Any]:
    return {"type": ["Alignment"], "targetUrl": url, "targetName": name, "targetFramework": framework}


def _results(record: Record, achievement: str, attendance: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Give what was measured, and what came out: each assessment, each competence, and the hours of attendance."""
    described, results = [], []
    for number, one in enumerate(record.results, start=1):
        described.append(_percent(f"{achievement}#a{number}", one.title.text(record.language)) | {"requiredValue": str(one.pass_mark)})
        results.append({"type": ["Result"], "resultDescription": described[-1]["id"], "value": one.percent})
    for number, competence in enumerate(record.competences, start=1):
        described.append(_competence(f"{achievement}#c{number}", competence, record.language))
        reached = [level["id"] for level in described[-1].get("rubricCriterionLevel", ())]
        results.append(
            {"type": ["Result"], "resultDescription": described[-1]["id"], "value": competence.percent}
            | ({"achievedLevel": reached[0]} if reached else {})
        )
    if record.live_minutes and record.attended_minutes is not None:
        hours = {"resultType": "ext:Hours", "valueMin": "0", "valueMax": _hours(record.live_minutes)}
        described.append({"id": f"{achievement}#hours", "type": ["ResultDescription"], "name": attendance, **hours})
        results.append({"type": ["Result"], "resultDescription": described[-1]["id"], "value": _hours(record.attended_minutes)})
    return described, results


def _percent(name: str, title: str) -> dict[str, Any]:
    return {"id": name, "type": ["ResultDescription"], "name": title, "resultType": "Percent"}


def _competence(name: str, competence: PrintedCompetence, language: str) -> dict[str, Any]:
    said = _percent(name, competence.title.text(language))
    if level := competence.level.text(language):
        said["rubricCriterionLevel"] = [{"id": f"{name}-level", "type": ["RubricCriterionLevel"], "name": level}]
    if competence.alignments:
        said["alignment"] = [_alignment(*one) for one in competence.alignments]
    return said


def _hours(minutes: int) -> str:
    """Write minutes as hours: 15, or 14.75."""
    return f"{(Decimal(minutes) / 60).quantize(Decimal('0.01')):f}".rstrip("0").rstrip(".") if minutes else "0"
