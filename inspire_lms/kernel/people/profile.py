"""What is known of a person: names, language, time zone, and for whom the person works."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, insert, select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason
from inspire_lms.kernel.i18n import is_zone, languages
from inspire_lms.kernel.people import names, rules
from inspire_lms.kernel.people.models import Membership, Organisation, Person
from inspire_lms.kernel.people.signing_in import at_most_twice


def change_profile(person_id: int, *, zone: str | None, **told: str) -> Person:
    """Change what a person says of themselves; raises Invalid.

    *told* holds given_name, family_name, latin_given_name, latin_family_name and language; an empty Latin form is made
    by transliteration.
    """
    if reasons := _reasons_against_profile(told, zone):
        raise Invalid(reasons)
    with transaction():
        person = load(person_id)
        before = _profile_of(person)
        person.language, person.zone = told["language"], zone
        latin = {"latin_given": told["latin_given_name"], "latin_family": told["latin_family_name"]}
        rename(person, told["given_name"], told["family_name"], person.language, **latin)
        changed = sorted(name for name, value in _profile_of(person).items() if before[name] != value)
        if changed:
            # Which fields, not what they held: the audit outlives the account.
            audit.record("people.changed", ("people_person", person_id), by=person_id, after={"changed": changed})
        return person


def change_work(person_id: int, *, organisation: str, position: str) -> None:
    """Say for whom a person works and as what; an empty *organisation* takes it back."""
    at_most_twice(lambda: _change_work(person_id, names.tidy(organisation), names.tidy(position)))


def _change_work(person_id: int, organisation: str, position: str) -> None:
    with transaction():
        load(person_id)
        held = session.scalar(select(Membership).where(Membership.person_id == person_id))
        if not organisation:
            session.execute(delete(Membership).where(Membership.person_id == person_id))
        else:
            body = session.scalar(select(Organisation).where(Organisation.name == organisation))
            if body is None:
                body = Organisation(name=organisation)
                session.add(body)
                session.flush()
            if held is None:
                session.add(Membership(person_id=person_id, organisation_id=body.id, position=position))
            else:
                held.organisation_id, held.position = body.id, position
        audit.record("people.work-told", ("people_person", person_id), by=person_id)


def _reasons_against_profile(told: Mapping[str, str], zone: str | None) -> Mapping[str, Reason]:
    language = told["language"]
    reasons = {name: names.reason_against(names.tidy(told[name], language)) for name in ("given_name", "family_name")}
    for name in ("latin_given_name", "latin_family_name"):
        reasons[name] = names.reason_against_latin(names.tidy(told[name], language)) if told[name] else None
    reasons["language"] = reason_against_language(language)
    reasons["zone"] = None if zone is None or is_zone(zone) else Reason("Choose one of the time zones offered.")
    return {field: reason for field, reason in reasons.items() if reason}


def _profile_of(person: Person) -> dict[str, Any]:
    kept = ("given_name", "family_name", "latin_given_name", "latin_family_name", "language", "zone")
    return {name: getattr(person, name) for name in kept}


def load(person_id: int) -> Person:
    """Give the person with an account; raises NotThere."""
    person = session.get(Person, person_id)
    if person is None or person.erased_at:
        raise NotThere
    return person


def checked(email: str, given_name: str, family_name: str, language: str) -> tuple[str, str, str]:
    """Give address and names in the spelling that is kept; raises Invalid."""
    address = rules.folded_address(email)
    reasons = {"email": rules.reason_against_address(address), "language": reason_against_language(language)}
    given, family = names.tidy(given_name, language), names.tidy(family_name, language)
    reasons |= {"given_name": names.reason_against(given), "family_name": names.reason_against(family)}
    found = {field: reason for field, reason in reasons.items() if reason}
    if found:
        raise Invalid(found)
    return address, given, family


def reason_against_language(language: str) -> Reason | None:
    """Say why a language cannot be chosen; None when it is spoken here."""
    return None if language in languages() else Reason("Choose one of the languages offered.")


def add(address: str, given: str, family: str, language: str, zone: str | None) -> Person:
    """Add a person without a password. Inside a transaction."""
    person = _made(address, given, family, language, zone)
    session.add(person)
    session.flush()
    return person


def add_all(told: Iterable[tuple[str, str, str, str]]) -> dict[str, int]:
    """Add people without a password, as *checked* gives address and names, with a language; give their numbers by address.

    All in one statement, inside a transaction.
    """
    columns = [each.name for each in Person.__table__.columns if each.name != "id"]
    made = [_made(*each, None) for each in told]
    rows = [{name: getattr(person, name) for name in columns} for person in made]
    if not rows:
        return {}
    return {row.email: row.id for row in session.execute(insert(Person).returning(Person.id, Person.email), rows)}


def _made(address: str, given: str, family: str, language: str, zone: str | None) -> Person:
    person = Person(
        email=address, password_hash=None, language=language, zone=zone, created_at=clock.now(), verified_at=None, epoch=0, erased_at=None
    )
    rename(person, given, family, language)
    return person


def rename(person: Person, given: str, family: str, language: str, *, latin_given: str = "", latin_family: str = "") -> None:
    """Write the names and all that follows from them."""
    person.given_name, person.family_name = names.tidy(given, language), names.tidy(family, language)
    person.latin_given_name = names.tidy(latin_given, language) or names.latin(person.given_name, language)
    person.latin_family_name = names.tidy(latin_family, language) or names.latin(person.family_name, language)
    person.sort_key = names.directory_key(person.family_name, person.given_name, language)
    person.search = names.fold(f"{person.name} {person.latin_name} {person.email}")
