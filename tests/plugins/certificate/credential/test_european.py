"""The export in the European Learning Model: what the document says, and that nobody has signed it."""

import json
import re
from datetime import date

import pytest

from inspire_lms.kernel.db import Words
from inspire_lms.plugins.certificate.credential import european as elm
from inspire_lms.plugins.certificate.credential.concepts import COUNTRIES, LANGUAGES
from inspire_lms.plugins.certificate.drawing.record import PrintedCompetence
from inspire_lms.plugins.certificate.rules import Kind
from tests.builders import words
from tests.plugins.certificate.credential import shapes
from tests.plugins.certificate.credential.builders import AT, CODE, a_record

ISSUER = "did:web:localhost:certificate"
TEXT = dict
HOURS = re.compile(r"PT\d+H(\d+M)?")
CONCEPT = {"type": "Concept", "id?": shapes.ADDRESS, "inScheme?": {"id": shapes.ADDRESS, "type": "ConceptScheme"}, "notation?": str, "prefLabel": TEXT}
NOTE = {"id": shapes.ADDRESS, "type": "Note", "noteLiteral": TEXT}
ADDRESS = {"id": shapes.ADDRESS, "type": "Address", "countryCode": CONCEPT}
BODY = {"id": shapes.DID, "type": "Organisation", "legalName": TEXT, "location": [{"id": shapes.ADDRESS, "type": "Location", "address": [ADDRESS]}]}
AWARD = {"id": shapes.ADDRESS, "type": "AwardingProcess", "awardingBody": [BODY], "awardingDate": shapes.MOMENT}
PERIOD = {"id": shapes.ADDRESS, "type": "PeriodOfTime", "startDate": shapes.MOMENT, "endDate": shapes.MOMENT}
ACTIVITY = {
    "id": shapes.ADDRESS, "type": "LearningActivity", "title": TEXT, "awardedBy": AWARD, "workload?": HOURS, "temporal?": [PERIOD],
    "specifiedBy": {"id": shapes.ADDRESS, "type": "LearningActivitySpecification", "title": TEXT, "volumeOfLearning": HOURS, "language": [CONCEPT], "additionalNote": [NOTE]},
}  # fmt: skip
GRADING = {"id": shapes.ADDRESS, "type": "GradingScheme", "title": TEXT}
ASSESSMENT = {
    "id": shapes.ADDRESS, "type": "LearningAssessment", "title": TEXT, "awardedBy": AWARD, "grade": NOTE,
    "specifiedBy?": {"id": shapes.ADDRESS, "type": "LearningAssessmentSpecification", "title": TEXT, "description": TEXT, "gradingScheme?": GRADING},
}  # fmt: skip
OUTCOME = {"id": shapes.ADDRESS, "type": "LearningOutcome", "title": TEXT, "relatedESCOSkill?": [CONCEPT], "relatedSkill?": [CONCEPT]}
ACHIEVEMENT = {
    "id": shapes.ADDRESS, "type": "LearningAchievement", "title": TEXT, "awardedBy": AWARD, "influencedBy": [ACTIVITY], "provenBy": [ASSESSMENT],
    "specifiedBy": {
        "id": shapes.URN, "type": "LearningAchievementSpecification", "title": TEXT, "volumeOfLearning": HOURS, "language": [CONCEPT], "learningOutcome": [OUTCOME],
        "additionalNote": [NOTE], "entryRequirement?": NOTE,
    },
}  # fmt: skip


def credential(claim):
    return {
        "@context": ["https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"],
        "id": shapes.ADDRESS, "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
        "credentialSchema": [{"id": "http://data.europa.eu/snb/model/ap/edc-generic-full", "type": "ShaclValidator2017"}],
        "credentialProfiles": [CONCEPT],
        "displayParameter": {"id": shapes.ADDRESS, "type": "DisplayParameter", "title": TEXT, "description": TEXT, "language": [CONCEPT], "primaryLanguage": CONCEPT},
        "issuer": BODY, "issuanceDate": shapes.MOMENT, "issued": shapes.MOMENT, "validFrom": shapes.MOMENT, "validUntil?": shapes.MOMENT, "expirationDate?": shapes.MOMENT,
        "credentialSubject": {"id": shapes.ADDRESS, "type": "Person", "fullName": TEXT, "hasClaim": [claim]},
    }  # fmt: skip


def said(record):
    return elm.european(record, issuer=ISSUER, at=AT)


@pytest.mark.parametrize("language", ["en", "it", "el", "ro"])
@pytest.mark.parametrize(("kind", "claim"), [(Kind.COMPETENCE, ACHIEVEMENT), (Kind.CERTIFICATION, ACHIEVEMENT), (Kind.ATTENDANCE, ACTIVITY)])
def test_it_has_the_shape_of_the_model(app, kind, claim, language):
    told = said(a_record(kind, language, expires_on=date(2029, 11, 19)))
    assert shapes.wrong(credential(claim), told) == []
    assert json.loads(json.dumps(told)) == told


def test_it_says_that_nobody_has_signed_it_in_the_language_of_the_document_and_in_english(app):
    told = said(a_record(language="ro"))["displayParameter"]["description"]
    assert told["en"][0].startswith("Unsigned export. Nobody has signed or sealed this file")
    assert told["ro"][0].startswith("Export nesemnat.")
    assert told["en"][0].endswith("This is a demonstration. It proves nothing about the issuer.")
    assert "demonstration" not in json.dumps(said(a_record(language="ro", seal="own")))
    assert not {"proof", "signature"} & set(said(a_record()))


def test_it_says_what_the_document_says(app):
    told = said(a_record(planned_minutes=2415))
    holder, (claim,) = told["credentialSubject"], told["credentialSubject"]["hasClaim"]
    assert holder["fullName"] == {"en": ["Eleni Antoniou"], "el": ["Ελένη Αντωνίου"]}
    assert told["displayParameter"]["title"] == {"el": ["Title (el) INSPIREPA-GR-2026-000007"], "en": ["Title INSPIREPA-GR-2026-000007"]}
    assert told["displayParameter"]["primaryLanguage"]["id"] == "http://publications.europa.eu/resource/authority/language/ELL"
    assert told["issuer"]["legalName"] == {"el": ["Body (el)"], "en": ["Body"]}
    assert told["issuer"]["location"][0]["address"][0]["countryCode"]["id"] == "http://publications.europa.eu/resource/authority/country/GRC"
    (activity,) = claim["influencedBy"]
    assert (activity["workload"], activity["specifiedBy"]["volumeOfLearning"], claim["specifiedBy"]["volumeOfLearning"]) == ("PT15H", "PT40H15M", "PT40H15M")
    assert (activity["temporal"][0]["startDate"], activity["temporal"][0]["endDate"]) == ("2027-01-12T00:00:00Z", "2027-03-02T23:59:59Z")
    assert [(one["title"]["en"][0], one["grade"]["noteLiteral"]["el"][0]) for one in claim["provenBy"]] == [
        ("Social Innovation Manager, sample", "82.50%"), ("Partnership", "75.00%, Advanced (el)"), ("Systems", "59.60%"),
    ]  # fmt: skip
    assert claim["awardedBy"]["awardingDate"] == "2026-11-20T00:00:00Z"
    unsigned, notes = claim["specifiedBy"]["additionalNote"]
    assert unsigned["noteLiteral"]["en"] == told["displayParameter"]["description"]["en"]
    assert "Form of participation: Online" in notes["noteLiteral"]["en"]
    assert any(line.startswith("EQF level: ") for line in notes["noteLiteral"]["en"])


def test_skills_of_esco_stand_in_their_own_place(app):
    (claim,) = said(a_record())["credentialSubject"]["hasClaim"]
    aligned = [one for one in claim["specifiedBy"]["learningOutcome"] if "relatedSkill" in one]
    assert [(one["title"]["en"], [skill["id"][-12:] for skill in one["relatedESCOSkill"]], [skill["id"] for skill in one["relatedSkill"]]) for one in aligned] == [
        (["Partnership"], ["40042f7f2f0d"], ["https://example.org/digcomp/2.4"])
    ]


def test_a_document_of_attendance_is_an_activity_and_nothing_achieved(app):
    told = json.dumps(said(a_record(Kind.ATTENDANCE)))
    assert not any(word in told for word in ("LearningAchievement", "LearningOutcome", "LearningAssessment", "Qualification"))


def test_what_is_not_on_record_is_not_told(app):
    bare = a_record(
        live_minutes=None, attended_minutes=None, first_day=None, prerequisites=Words(), grading=Words(), competences=(PrintedCompetence(words("Systems"), "60.00", Words()),)
    )
    (claim,) = said(bare)["credentialSubject"]["hasClaim"]
    told = json.dumps(claim)
    assert not any(f'"{key}"' in told for key in ("workload", "temporal", "entryRequirement", "gradingScheme", "relatedSkill", "relatedESCOSkill"))


def test_it_carries_no_secret_but_the_address_of_the_check_and_ends_with_the_document(app):
    told = said(a_record(expires_on=date(2029, 11, 19)))
    text = json.dumps(told, ensure_ascii=False)
    assert CODE not in text.replace(a_record().address, "")
    assert (a_record().short_code in text, a_record().signatory in text, "@inspire" in text) == (False, False, False)
    assert (told["validUntil"], told["expirationDate"]) == ("2029-11-19T23:59:59Z", "2029-11-19T23:59:59Z")


@pytest.mark.parametrize(("country", "language", "names"), [("SI", "sl", ("SVN", "SLV")), ("AL", "sq", (None, None))])
def test_another_member_state_has_its_name_too_and_who_is_none_stands_without(app, country, language, names):
    told = said(a_record(country=country, language=language))
    found = (told["issuer"]["location"][0]["address"][0]["countryCode"], told["displayParameter"]["primaryLanguage"])
    assert tuple(one.get("id", "").rpartition("/")[2] or None for one in found) == names
    assert [one["notation"] for one in found] == [country, language]


def test_every_member_state_and_every_official_language_is_named_once():
    assert (len(COUNTRIES), len(set(COUNTRIES.values())), len(LANGUAGES), len(set(LANGUAGES.values()))) == (27, 27, 24, 24)
