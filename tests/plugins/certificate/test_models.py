import datetime as dt
from contextlib import nullcontext

import pytest
from sqlalchemy.exc import IntegrityError

from inspire_lms.kernel.db import session, transaction
from inspire_lms.plugins.certificate.models import Batch, Certificate, Revocation, Scheme, Series, Standing
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
    return {"cohort_id": cohort.id, "person_id": a_trainee(cohort).id, "batch_id": batch.id, "edition_id": cohort.edition_id}


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
    ],
)
@pytest.mark.both_engines
def test_a_person_has_one_current_document_of_a_kind(ground, first, second, is_refused):
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
        ("what_is_earned_is_a_document", lambda g: Standing(cohort_id=g["cohort_id"], person_id=g["person_id"], earned="medal", met=0, demanded=1, evidence={}, looked_at=NOW)),
        ("no_more_is_met_than_is_demanded", lambda g: Standing(cohort_id=g["cohort_id"], person_id=g["person_id"], earned=None, met=2, demanded=1, evidence={}, looked_at=NOW)),
        ("completion_is_known", lambda g: Standing(cohort_id=g["cohort_id"], person_id=g["person_id"], earned=None, met=0, demanded=1, completion="soon", evidence={}, looked_at=NOW)),
        ("a_decision_has_minutes", lambda g: Batch(cohort_id=g["cohort_id"], decided_by_id=g["person_id"], decided_at=NOW, minutes="")),
        ("numbers_count_from_one", lambda g: Series(name="X", last=0)),
    ],
)
@pytest.mark.both_engines
def test_what_must_never_be_is_refused_by_the_tables(ground, constraint, row):
    with pytest.raises(IntegrityError, match=constraint), transaction():
        session.add(row(ground))
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
