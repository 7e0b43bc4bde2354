"""What a credential says, and what it does not."""

import json
import re
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspire_lms.kernel.curriculum import queries as curriculum
from inspire_lms.kernel.db import Words, transaction
from inspire_lms.plugins.certificate.credential import badge, texts
from inspire_lms.plugins.certificate.drawing import record as printed
from inspire_lms.plugins.certificate.drawing.record import PrintedCompetence, PrintedResult, Record
from inspire_lms.plugins.certificate.rules import Kind
from tests.builders import a_trainee, words
from tests.plugins.certificate.builders import a_coordinator, a_group, a_result, issued
from tests.plugins.certificate.credential import reader, shapes
from tests.plugins.certificate.credential.builders import AREA, AT, CODE, SKILL, a_credential, a_record

EMAIL = re.compile(r"[^\s\"]+@[^\s\"]+\.[a-z]")


def said(record=None):
    return reader.parts(a_credential(record))[1]


@pytest.mark.parametrize("language", ["en", "it", "el", "ro"])
@pytest.mark.parametrize("kind", Kind)
def test_it_has_the_shape_of_an_open_badge_in_every_language(app, kind, language):
    token = said(a_record(kind, language, expires_on=date(2029, 11, 19)))
    assert shapes.wrong(shapes.BADGE, token) == []
    assert token["credentialSubject"]["achievement"]["inLanguage"] == language


def test_it_says_what_the_document_says(app):
    token = said()
    subject = token["credentialSubject"]
    assert [token[key] for key in ("name", "validFrom", "awardedDate")] == ["Title (el) INSPIREPA-GR-2026-000007", "2026-11-20T09:30:15Z", "2026-11-20T00:00:00Z"]
    assert [token["issuer"][key] for key in ("id", "name")] == ["did:web:localhost:certificate", "Body (el)"]
    assert [one["identityHash"] for one in subject["identifier"]] == ["Ελένη Αντωνίου", "Eleni Antoniou"]
    assert (subject["activityStartDate"], subject["activityEndDate"]) == ("2027-01-12T00:00:00Z", "2027-03-02T00:00:00Z")
    achieved = subject["achievement"]
    assert (achieved["name"], achieved["achievementType"], achieved["version"]) == ("Title (el): Role (el)", "Certificate", "sample")
    described = {one["id"]: one for one in achieved["resultDescription"]}
    results = [(described[one["resultDescription"]], one) for one in subject["result"]]
    assert [(what["name"], one["value"], what["resultType"], what.get("valueMax") or what.get("requiredValue")) for what, one in results] == [
        ("Social Innovation Manager, sample", "82.50", "Percent", "60"),
        ("Partnership (el)", "75.00", "Percent", None),
        ("Systems (el)", "59.60", "Percent", None),
        ("Παρακολούθηση διαδικτυακών σεμιναρίων", "15", "ext:Hours", "16"),
    ]
    levels = [[level["name"] for level in what.get("rubricCriterionLevel", ()) if level["id"] == one.get("achievedLevel")] for what, one in results]
    assert levels == [[], ["Advanced (el)"], [], []]


def test_all_elements_of_a_micro_credential_are_in_it(app):
    achieved = said(a_record(language="en"))["credentialSubject"]["achievement"]
    for line in ("Workload: 40 hours", "Form of participation: Online", "EQF level: Social Innovation Manager, sample", "Quality assurance: "):
        assert line in achieved["description"]
    assert achieved["description"].endswith("does not, in itself, imply official validation or recognition.")
    assert achieved["criteria"]["narrative"].startswith("- Type of assessment: Test\n- Supervision and identity: ")
    assert achieved["criteria"]["id"] == a_record().address


def test_where_no_competence_tells_what_was_learnt_the_outcomes_do(app):
    narratives = [said(a_record(language="en", **but))["credentialSubject"]["achievement"]["criteria"]["narrative"] for but in ({}, {"competences": ()})]
    told = "\n\n**What was learnt**\n\n1. Social Innovation Manager, sample (5 hours)\n   - Social Innovation Manager, sample\n   - Social Innovation Manager, sample"
    assert [narrative.endswith(told) for narrative in narratives] == [False, True]


def test_no_level_of_the_eqf_is_claimed_unless_the_scheme_says_one(app):
    achieved = said(a_record(language="en", eqf=Words()))["credentialSubject"]["achievement"]
    assert "EQF level: No EQF level is claimed for this programme." in achieved["description"]


def test_a_document_of_attendance_cannot_be_read_as_one_of_competence(app):
    achieved = said(a_record(Kind.ATTENDANCE, "en"))["credentialSubject"]
    assert achieved["achievement"]["achievementType"] == "ext:AttendanceStatement"
    assert achieved["achievement"]["name"] == "Title: Programme"
    assert achieved["achievement"]["criteria"]["narrative"].startswith("Whoever attended is given this statement. No learning outcome was assessed for it.")
    assert "micro-credential" not in achieved["achievement"]["description"]
    assert "alignment" not in achieved["achievement"]
    assert [(one["value"]) for one in achieved["result"]] == ["15"]


def test_a_demonstration_says_so_and_an_own_seal_does_not(app):
    sentence = "This is a demonstration. It proves nothing about the issuer."
    assert [sentence in json.dumps(said(a_record(language="en", seal=seal))) for seal in ("demo", "own")] == [True, False]


def test_public_frameworks_are_named_where_the_competence_says_so(app):
    achieved = said()["credentialSubject"]["achievement"]
    named = [{"type": ["Alignment"], "targetUrl": url, "targetName": name, "targetFramework": framework} for url, name, framework in (SKILL, AREA)]
    assert achieved["alignment"] == named
    assert [one.get("alignment") for one in achieved["resultDescription"]] == [None, named, None, None]
    bare = a_record(competences=(PrintedCompetence(words("Systems"), "60.00", Words()),))
    assert "alignment" not in json.dumps(said(bare))


def test_what_a_competence_is_aligned_with_comes_from_the_curriculum_into_the_credential(app, records):
    cohort = a_group("GR")
    ethics, _ = curriculum.competences(cohort.edition.framework_id)
    with transaction():
        ethics.alignments = [dict(zip(("url", "name", "framework"), one, strict=True)) for one in (SKILL, AREA)]
    trainee = records.met_by(a_trainee(cohort))
    shown = {"ethics": Decimal("75.00"), "systems": Decimal("59.60")}
    records.results[trainee.id] = (a_result("final-test", by_competence=shown), a_result("essay"))
    (certificate,) = issued(cohort, [trainee], by=a_coordinator(cohort))
    record = printed.read(certificate.record)
    assert [one.alignments for one in record.competences] == [(SKILL, AREA), ()]
    assert [one["targetUrl"] for one in said(record)["credentialSubject"]["achievement"]["alignment"]] == [SKILL[0], AREA[0]]
    older = certificate.record | {"competences": [{key: value for key, value in one.items() if key != "alignments"} for one in certificate.record["competences"]]}
    assert [one.alignments for one in printed.read(older).competences] == [(), ()]


def test_whoever_was_given_the_same_achieved_the_same(app):
    one, another = a_record(), a_record(name="Γεώργιος", number="INSPIREPA-GR-2026-000008", code="x", address="http://localhost/certificate/check/x")
    names = [said(record)["credentialSubject"]["achievement"]["id"] for record in (one, another, a_record(Kind.CERTIFICATION), a_record(country="CY"))]
    assert (names[0] == names[1], len(set(names))) == (True, 3)
    assert said(one)["sub"] != said(another)["sub"]


@pytest.mark.parametrize(("minutes", "hours"), [(0, "0"), (1, "0.02"), (30, "0.5"), (60, "1"), (600, "10"), (885, "14.75"), (6000, "100")])
def test_attendance_is_told_in_hours(minutes, hours):
    assert badge._hours(minutes) == hours


@pytest.mark.parametrize(
    ("expires_on", "ends"), [(None, (None, None)), (date(2029, 11, 19), ("2029-11-19T23:59:59Z", 1889827199))]
)
def test_it_ends_when_the_document_does(app, expires_on, ends):
    token = said(a_record(expires_on=expires_on))
    assert (token.get("validUntil"), token.get("exp")) == ends


def test_without_attendance_on_record_no_hours_are_told(app):
    assert "ext:Hours" not in json.dumps(said(a_record(live_minutes=None, attended_minutes=None)))


TOLD = [
    *({name: words("Another")} for name in ("programme", "mode", "prerequisites", "eqf", "quality", "accreditation", "assessment", "identity", "grading")),
    {"planned_minutes": 60}, {"seal": "own"}, {"kind": Kind.ATTENDANCE}, {"language": "ro"}, {"competences": ()},
]  # fmt: skip


@pytest.mark.parametrize("but", TOLD, ids=lambda but: next(iter(but)))
def test_what_is_put_into_words_once_is_put_into_words_again_when_it_differs(app, but):
    before, after = texts.of(a_record()), texts.of(replace(a_record(), **but))
    assert before != after
    texts._of.cache_clear()
    assert texts.of(replace(a_record(), **but)) == after


@pytest.mark.parametrize("but", [{"kind": Kind.ATTENDANCE}, {"competences": ()}], ids=["attendance", "no competences"])
def test_units_are_put_into_words_again_when_they_differ(app, but):
    one = a_record(**but)
    assert texts.of(one) != texts.of(replace(one, units=one.units * 2))


LETTERS = st.text(st.characters(codec="utf-8", exclude_characters="@", exclude_categories=("Cs",)), min_size=1, max_size=40)
TEXTS = st.builds(lambda text: Words(en=text, el=text[::-1]), LETTERS)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
MINUTES = st.none() | st.integers(0, 6000)
PERCENTS = st.decimals(0, 100, places=2).map(str)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), kind=st.sampled_from(Kind), language=st.sampled_from(["en", "el", "it", "ro", "sl"]))
def test_any_record_comes_through_whole_and_gives_nothing_away(app, data, kind, language):
    drawn = {each.name: data.draw(TEXTS, each.name) for each in fields(Record) if each.type is Words}
    drawn |= {name: data.draw(LETTERS, name) for name in ("name", "latin_name", "number", "edition", "scheme")}
    drawn |= {name: data.draw(MINUTES, name) for name in ("live_minutes", "attended_minutes")}
    drawn |= {name: data.draw(st.none() | DAYS, name) for name in ("first_day", "last_day", "expires_on")} | {"issued_on": data.draw(DAYS)}
    results = st.builds(PrintedResult, TEXTS, PERCENTS, st.integers(0, 100))
    competences = st.builds(PrintedCompetence, TEXTS, PERCENTS, st.just(Words()) | TEXTS, st.sampled_from([(), (SKILL,)]))
    drawn |= {"results": tuple(data.draw(st.lists(results, max_size=3))), "competences": tuple(data.draw(st.lists(competences, max_size=3)))}
    record = a_record(kind, language, **drawn)
    token = said(record)
    entry = {"id": "http://localhost/certificate/status/0#7", "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "7"}
    status = entry | {"statusListCredential": "http://localhost/certificate/status/0"}
    assert token == badge.claims(record, issuer="did:web:localhost:certificate", home="http://localhost/", status=status, at=AT)
    assert shapes.wrong(shapes.BADGE, token) == []
    text = json.dumps(token, ensure_ascii=False)
    assert EMAIL.findall(text) == []
    assert CODE not in text.replace(record.address, "")
    assert (record.short_code in text, record.signatory in text) == (False, False)
