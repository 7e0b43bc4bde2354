"""What the tables refuse."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.people.models import FailedSignIns, MailedLink, Membership, Organisation, Person

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
PERSON = {
    "email": "anna@inspire.example", "password_hash": None, "given_name": "Anna", "family_name": "Rossi", "latin_given_name": "Anna",
    "latin_family_name": "Rossi", "language": "it", "zone": None, "sort_key": "rossi anna", "search": "anna rossi", "created_at": AT, "epoch": 0,
}  # fmt: skip
LINK = {"purpose": "verify", "digest": "abc", "made_at": AT, "expires_at": AT + timedelta(days=1)}


def store(*things):
    with transaction():
        session.add_all(things)
        session.flush()


@pytest.mark.parametrize(
    ("constraint", "but"),
    [
        ("an_address_is_folded", {"email": "Anna@inspire.example"}),
        ("somebody_has_a_name", {"family_name": ""}),
        ("an_epoch_only_rises", {"epoch": -1}),
        ("who_is_erased_cannot_sign_in", {"erased_at": AT, "password_hash": "x"}),
    ],
)
def test_a_person_that_cannot_be(app, constraint, but):
    store(Person(**PERSON))
    with pytest.raises(IntegrityError, match=constraint):
        store(Person(**PERSON | {"email": "other@inspire.example"} | but))


def test_an_address_belongs_to_one_person(app):
    store(Person(**PERSON))
    with pytest.raises(IntegrityError, match="email"):
        store(Person(**PERSON))


@pytest.mark.parametrize(
    ("constraint", "but"),
    [("a_link_has_a_purpose", {"purpose": "fun"}), ("a_link_lasts_a_while", {"expires_at": AT})],
)
def test_a_link_that_cannot_be(app, constraint, but):
    person = Person(**PERSON)
    store(person)
    with pytest.raises(IntegrityError, match=constraint):
        store(MailedLink(person_id=person.id, **LINK | but))


def test_a_body_has_a_name(app):
    with pytest.raises(IntegrityError, match="a_body_has_a_name"):
        store(Organisation(name=""))


def test_a_person_works_for_one_body(app):
    person, body = Person(**PERSON), Organisation(name="Comune")
    store(person, body)
    store(Membership(person_id=person.id, organisation_id=body.id, position=""))
    with pytest.raises(IntegrityError, match="person_id"):
        store(Membership(person_id=person.id, organisation_id=body.id, position=""))


def test_a_failure_is_counted(app):
    with pytest.raises(IntegrityError, match="a_failure_is_counted"):
        store(FailedSignIns(subject="x", failures=0, last_at=AT))
