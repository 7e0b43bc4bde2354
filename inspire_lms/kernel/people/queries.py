"""Reading about people."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import g
from sqlalchemy import Select, bindparam, select

from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.access.models import Context, Grant
from inspire_lms.kernel.db import session
from inspire_lms.kernel.people.models import Membership, Organisation, Person
from inspire_lms.kernel.people.names import fold
from inspire_lms.kernel.people.rules import folded_address
from inspire_lms.kernel.plugin import site_version

_SESSION = (
    select(Person, site_version(), Grant.role, Context.path)
    .outerjoin(Grant, Grant.person_id == Person.id)
    .outerjoin(Context, Context.id == Grant.context_id)
    .where(Person.id == bindparam("number"))
)


@dataclass(frozen=True)
class PersonName:
    """Who a person is, for lists, mails and sorting."""

    id: int
    name: str
    sort_key: str
    email: str
    language: str
    zone: str | None


@dataclass(frozen=True)
class Work:
    """For whom a person works, and as what; empty when not told."""

    organisation: str = ""
    position: str = ""


def person(person_id: int) -> Person | None:
    """Give the person with this number."""
    return session.get(Person, person_id)


def by_email(email: str) -> Person | None:
    """Give the person with this e-mail address, however it is typed."""
    return session.scalar(select(Person).where(Person.email == folded_address(email)))


def by_session_key(key: str) -> Person | None:
    """Give the person whose session this is; None once all sessions were ended, or the account was erased.

    The version of the site and what the person was granted come along, so that a request needs no statements of its own for them.
    """
    number, _, epoch = key.partition(".")
    rows = session.execute(_SESSION, {"number": int(number)}).all() if number.isdecimal() else ()
    if not rows:
        return None
    found: Person = rows[0][0]
    g.site_version = rows[0][1] or 0
    access.keep_grants(found.id, ((row.role, row.path) for row in rows if row.role))
    return found if found.is_active and str(found.epoch) == epoch else None


def by_emails(emails: Iterable[str]) -> dict[str, int]:
    """Give the person's number for each known address; keys are the addresses as they are kept, folded."""
    wanted = {folded_address(email) for email in emails}
    return {row.email: row.id for row in session.execute(select(Person.id, Person.email).where(Person.email.in_(wanted)))}


def names(person_ids: Iterable[int]) -> dict[int, PersonName]:
    """Give the names of several people at once."""
    columns = (Person.id, Person.given_name, Person.family_name, Person.sort_key, Person.email, Person.language, Person.zone)
    rows = session.execute(select(*columns).where(Person.id.in_(set(person_ids))))
    return {
        row.id: PersonName(row.id, f"{row.given_name} {row.family_name}".strip(), row.sort_key, row.email, row.language, row.zone)
        for row in rows
    }


def work_of(person_id: int) -> Work:
    """Say for whom a person works."""
    return works_of([person_id]).get(person_id, Work())


def works_of(person_ids: Iterable[int]) -> dict[int, Work]:
    """Say for whom several people work; those who have not told are left out."""
    columns = (Membership.person_id, Organisation.name, Membership.position)
    rows = session.execute(select(*columns).join(Organisation).where(Membership.person_id.in_(set(person_ids))))
    return {row.person_id: Work(row.name, row.position) for row in rows}


def directory(wanted: str = "", *, among: Select[int] | None = None) -> Select[*tuple[Any, ...]]:
    """Choose people in the order of a directory: those in *among* (a select of person ids; None means all) who fit what is *wanted*.

    Every word of *wanted* must be found in the name, in its Latin form or in the address.
    """
    columns = (
        Person.id,
        Person.given_name,
        Person.family_name,
        Person.email,
        Person.language,
        Person.verified_at,
        Organisation.name.label("organisation"),
    )
    chosen = select(*columns).join(Membership, Membership.person_id == Person.id, isouter=True)
    chosen = chosen.join(Organisation, Organisation.id == Membership.organisation_id, isouter=True).where(Person.erased_at.is_(None))
    if among is not None:
        chosen = chosen.where(Person.id.in_(among))
    for word in fold(wanted).split():
        chosen = chosen.where(Person.search.contains(word, autoescape=True))
    return chosen.order_by(Person.sort_key, Person.id)
