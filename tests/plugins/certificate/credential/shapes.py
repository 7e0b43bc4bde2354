"""A small schema of our own: what a JSON value has to look like.

A type stands for a value of it, a pattern for a text that it fits, a list of one shape for a list of such, a dictionary for an object with these
keys and no others; a key that ends in ? may be absent, and Any is anything.
"""

import re
from typing import Any

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
ADDRESS = re.compile(r"https?://[^\s]+")
PERCENT = re.compile(r"\d{1,3}(\.\d+)?")
URN = re.compile(r"urn:uuid:[0-9a-f-]{36}(#[a-z0-9-]+)?")
DID = re.compile(r"did:web:[A-Za-z0-9.%-]+(:[A-Za-z0-9._-]+)*")

ALIGNMENT = {"type": ["Alignment"], "targetUrl": ADDRESS, "targetName": str, "targetFramework": str}
RESULT = {"type": ["Result"], "resultDescription": URN, "value": PERCENT, "achievedLevel?": URN}
DESCRIPTION = {
    "id": URN, "type": ["ResultDescription"], "name": str, "resultType": re.compile("Percent|ext:Hours"), "valueMin?": PERCENT, "valueMax?": PERCENT,
    "requiredValue?": PERCENT, "alignment?": [ALIGNMENT], "rubricCriterionLevel?": [{"id": URN, "type": ["RubricCriterionLevel"], "name": str}],
}  # fmt: skip
ACHIEVEMENT = {
    "id": URN, "type": ["Achievement"], "name": str, "description": str, "criteria": {"id": ADDRESS, "narrative": str}, "achievementType": str, "inLanguage": re.compile("[a-z]{2}"),
    "version": str, "humanCode": str, "alignment?": [ALIGNMENT], "resultDescription?": [DESCRIPTION],
}  # fmt: skip
BADGE = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
    "id": ADDRESS,
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": str,
    "issuer": {"id": DID, "type": ["Profile"], "name": str, "url": ADDRESS, "address": {"type": ["Address"], "addressCountryCode": re.compile("[A-Z]{2}"), "addressCountry": str}},
    "validFrom": MOMENT,
    "validUntil?": MOMENT,
    "awardedDate": MOMENT,
    "credentialSubject": {
        "id": ADDRESS, "type": ["AchievementSubject"], "identifier": [{"type": "IdentityObject", "identityHash": str, "identityType": "name", "hashed": False}],
        "achievement": ACHIEVEMENT, "activityStartDate?": MOMENT, "activityEndDate?": MOMENT, "result?": [RESULT],
    },
    "credentialStatus": {
        "id": ADDRESS, "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": re.compile(r"\d+"), "statusListCredential": ADDRESS,
    },
    "iss": DID, "jti": ADDRESS, "sub": ADDRESS, "nbf": int, "exp?": int,
}  # fmt: skip
"""An Open Badges 3.0 credential as the payload of a token."""


def wrong(shape: Any, value: Any, where: str = "$") -> list[str]:
    """List where *value* does not have the *shape*."""
    match shape:
        case dict():
            return _object(shape, value, where)
        case [dict() as one] if isinstance(value, list):
            return [found for number, each in enumerate(value) for found in wrong(one, each, f"{where}[{number}]")]
        case re.Pattern():
            return [] if isinstance(value, str) and shape.fullmatch(value) else [f"{where}: {value!r}"]
        case type():
            return [] if type(value) is shape else [f"{where}: {value!r}"]
    return [] if value == shape or shape is Any else [f"{where}: {value!r}"]


def _object(shape: dict[str, Any], value: Any, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where}: {value!r}"]
    known = {key.removesuffix("?"): one for key, one in shape.items()}
    missing = [f"{where}.{key} is missing" for key in shape if not key.endswith("?") and key not in value]
    unknown = [f"{where}.{key} is not known" for key in value if key not in known]
    return missing + unknown + [found for key, one in known.items() if key in value for found in wrong(one, value[key], f"{where}.{key}")]
