import datetime as dt
from contextlib import nullcontext

import pytest
from sqlalchemy.exc import IntegrityError

from inspire_lms.kernel.db import session, transaction
from inspire_lms.plugins.certificate.models import (
    Appeal,
    Batch,
    Certificate,
    ChecksOfDay,
    NameConfirmation,
    Prolonged,
    Refusal,
    Revocation,
    Scheme,
    Series,
    Standing,
)
from tests.builders import a_trainee
from tests.plugins.certificate.builders import NOW, a_coordinator, a_group, one_issued


@pytest.fixture
def ground(app):
    cohort = a_group()
    coordinator = a_coordinator(cohort)
    with transaction():
        batch = Batch(cohort_id=cohort.id, decided_by_id=coordinator.id, decided_at=NOW, minutes="Minutes.")
        session.add(batch)
        session.flush()
    return {
        "cohort_id": cohort.id, "person_id": a_trainee(cohort).id, "batch_id": batch.id, "edition_id": cohort.edition_id, "coordinator_id": coordinator.id,
    }  # fmt: skip


def a_row(ground, **but):
    facts = {
        "batch_id": ground["batch_id"], "cohort_id": ground["cohort_id"], "person_id": ground["person_id"], "kind": "competence", "state": "decided", "number": "N-1", "code": "c1",
        "short_code": "00000000", "name": "Ana Pop", "family_name": "pop", "issued_on": dt.date(2027, 3, 1), "issued_at": None, "record": {}, "layout": "1", "file_id": None,
        "digest": None, "covered": None, "replaces_id": None,
    }  # fmt: skip
    return Certificate(**facts | but)


@pytest.mark.parametrize(
    ("constraint", "but"),
    [
        (None, {}),
        (None, {"state": "valid", "issued_at": NOW, "digest": "d"}),
        ("ck_certificate_certificate_a_certificate_has_a_kind", {"kind": "diploma"}),
        ("ck_certificate_certificate_a_certificate_has_a_state", {"state": "lost", "issued_at": NOW, "digest": "d"}),
        ("ck_certificate_certificate_what_is_issued_has_a_time", {"state": "valid"}),
        ("ck_certificate_certificate_what_is_issued_has_a_time", {"issued_at": NOW, "digest": "d"}),
        ("ck_certificate_certificate_what_is_issued_has_a_digest", {"state": "valid", "issued_at": NOW}),
        ("ck_certificate_certificate_none_replaces_itself", {"id": 77, "replaces_id": 77}),
        (None, {"kind": "certification", "expires_on": dt.date(2027, 3, 2), "level": "B-LTA"}),
        ("ck_certificate_certificate_it_ends_after_it_began", {"expires_on": dt.date(2027, 3, 1)}),
        ("ck_certificate_certificate_a_seal_has_a_level", {"level": "B-X"}),
    ],
)
@pytest.mark.both_engines
def test_a_certificate_that_must_never_be_is_refused(ground, constraint, but):
    expected = nullcontext() if constraint is None else pytest.raises(IntegrityError, match=constraint)
    with expected, transaction():
        session.add(a_row(ground, **but))
        session.flush()


@pytest.mark.parametrize(
    ("first", "second", "is_refused"),
    [
        ({}, {}, True),
        ({"state": "valid", "issued_at": NOW, "digest": "d1"}, {}, True),
        ({}, {"kind": "attendance"}, False),
        ({"state": "revoked", "issued_at": NOW, "digest": "d1"}, {}, False),
        ({"state": "replaced", "issued_at": NOW, "digest": "d1"}, {"state": "valid", "issued_at": NOW, "digest": "d2"}, False),
        ({"expires_on": dt.date(2028, 2, 29)}, {"expires_on": dt.date(2028, 2, 29)}, True),
        ({"expires_on": dt.date(2028, 2, 29)}, {"expires_on": dt.date(2029, 2, 28)}, False),
    ],
)
@pytest.mark.both_engines
def test_a_person_has_one_current_document_of_a_kind_but_for_one_that_is_renewed(ground, first, second, is_refused):
    with pytest.raises(IntegrityError) if is_refused else nullcontext(), transaction():
        session.add(a_row(ground, **first))
        session.flush()
        session.add(a_row(ground, **{"number": "N-2", "code": "c2", "short_code": "11111111"} | second))
        session.flush()


@pytest.mark.parametrize("same", ["number", "code", "short_code"])
def test_number_and_codes_are_given_once(ground, same):
    other = {"number": "N-2", "code": "c2", "short_code": "11111111", "kind": "attendance"}
    with pytest.raises(IntegrityError), transaction():
        session.add_all([a_row(ground), a_row(ground, **{key: value for key, value in other.items() if key != same})])
        session.flush()


@pytest.mark.parametrize(
    ("constraint", "row"),
    [
        ("a_country_has_two_letters", lambda g: scheme(g, country="ITA")),
        ("numbers_have_a_prefix", lambda g: scheme(g, country="IT", number_prefix="")),
        ("a_competence_asks_for_a_percentage", lambda g: scheme(g, competence_percent=0)),
        ("a_competence_asks_for_a_percentage", lambda g: scheme(g, competence_percent=101)),
        ("who_has_met_all_gets_a_document", lambda g: scheme(g, top="attendance")),
        ("validity_is_counted_in_months", lambda g: scheme(g, validity_months=0)),
        ("validity_is_counted_in_months", lambda g: scheme(g, validity_months=601)),
        ("an_appeal_has_its_days", lambda g: scheme(g, appeal_days=0)),
        ("an_appeal_has_its_days", lambda g: scheme(g, appeal_days=366)),
        ("what_is_earned_is_a_document", lambda g: Standing(cohort_id=g["cohort_id"], person_id=g["person_id"], earned="medal", met=0, demanded=1, evidence={}, looked_at=NOW)),
        ("no_more_is_met_than_is_demanded", lambda g: Standing(cohort_id=g["cohort_id"], person_id=g["person_id"], earned=None, met=2, demanded=1, evidence={}, looked_at=NOW)),
        ("completion_is_known", lambda g: Standing(cohort_id=g["cohort_id"], person_id=g["person_id"], earned=None, met=0, demanded=1, completion="soon", evidence={}, looked_at=NOW)),
        ("a_decision_has_minutes", lambda g: Batch(cohort_id=g["cohort_id"], decided_by_id=g["person_id"], decided_at=NOW, minutes="")),
        ("numbers_count_from_one", lambda g: Series(name="X", last=0)),
        ("checks_are_counted_from_one", lambda g: ChecksOfDay(day=NOW.date(), way="code", answer="valid", number=0)),
        ("an_answer_is_a_name", lambda g: named(g, confirmed_at=NOW)),
        ("an_answer_is_a_name", lambda g: named(g, name="Ana Pop", latin_name="Ana Pop")),
        ("both_forms_or_none", lambda g: named(g, confirmed_at=NOW, name="Ana Pop")),
        ("an_appeal_is_against_one_thing", lambda g: appeal(g, refusal_id=None)),
        ("an_appeal_is_against_one_thing", lambda g: appeal(g, revocation_id=g["revocation_id"])),
        ("an_appeal_has_grounds", lambda g: appeal(g, grounds="")),
        ("an_appeal_has_a_state", lambda g: appeal(g, state="lost", **answer(g))),
        ("what_is_answered_has_a_time", lambda g: appeal(g, state="upheld")),
        ("what_is_answered_has_a_time", lambda g: appeal(g, **answer(g))),
        ("an_answer_has_somebody_who_gave_it", lambda g: appeal(g, state="upheld", **answer(g) | {"answered_by_id": None})),
        ("an_answer_has_words", lambda g: appeal(g, state="upheld", **answer(g) | {"answer": None})),
        ("a_form_has_a_level", lambda g: Prolonged(certificate_id=g["certificate_id"], level="B-X", digest="d", made_at=NOW)),
    ],
)
@pytest.mark.both_engines
def test_what_must_never_be_is_refused_by_the_tables(ground, constraint, row):
    with transaction():
        revoked = a_row(ground, state="revoked", issued_at=NOW, digest="d0")
        refusal = Refusal(batch_id=ground["batch_id"], person_id=ground["person_id"], evidence={}, appeal_until=NOW)
        session.add_all([revoked, refusal])
        session.flush()
        revocation = Revocation(certificate_id=revoked.id, at=NOW, by_id=ground["coordinator_id"], reason="A mistake.")
        session.add(revocation)
        session.flush()
        more = {"certificate_id": revoked.id, "refusal_id": refusal.id, "revocation_id": revocation.id}
    with pytest.raises(IntegrityError, match=constraint), transaction():
        session.add(row(ground | more))
        session.flush()


@pytest.mark.parametrize(
    "row",
    [
        lambda g: named(g, confirmed_at=None),
        lambda g: named(g, confirmed_at=NOW, name="Ана Pop", latin_name="Ana Pop"),
        lambda g: scheme(g, competence_percent=100, top="certification", validity_months=600, appeal_days=365),
    ],
)
@pytest.mark.both_engines
def test_what_may_be_is_kept(ground, row):
    with transaction():
        session.add(row(ground))
        session.flush()


@pytest.mark.both_engines
def test_nobody_is_refused_twice_in_one_decision_nor_asked_twice_for_the_name(ground):
    for make in (named, lambda g: Refusal(batch_id=g["batch_id"], person_id=g["person_id"], evidence={}, appeal_until=NOW)):
        with pytest.raises(IntegrityError), transaction():
            session.add_all([make(ground), make(ground)])
            session.flush()


def test_a_revocation_has_a_reason(app, records):
    _, coordinator, certificate = one_issued(records)
    with pytest.raises(IntegrityError, match="a_revocation_has_a_reason"), transaction():
        session.add(Revocation(certificate_id=certificate.id, at=NOW, by_id=coordinator.id, reason=""))
        session.flush()


def scheme(ground, **but):
    empty = {name: {} for name in ("competence_title", "attendance_title", "body", "accreditation", "mode", "assessment", "identity", "grading", "prerequisites", "quality", "eqf", "place", "signatory_function")}
    facts = {"edition_id": ground["edition_id"], "country": "IT", "number_prefix": "X", "version": "1", "requires": [], "partners": [], "signatory": "A", **empty}
    return Scheme(**facts | but)


def named(ground, **but):
    return NameConfirmation(cohort_id=ground["cohort_id"], person_id=ground["person_id"], asked_at=NOW, **but)


def appeal(ground, **but):
    facts = {"cohort_id": ground["cohort_id"], "person_id": ground["person_id"], "refusal_id": ground["refusal_id"], "made_at": NOW, "grounds": "I was there.", "state": "open"}
    return Appeal(**facts | but)


def answer(ground):
    return {"answered_at": NOW, "answered_by_id": ground["coordinator_id"], "answer": "The register was wrong."}
