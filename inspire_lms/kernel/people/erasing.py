"""What we hold about a person, handed out on request; the end of an account, by erasing or by merging it into another."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Table, delete, or_, select, update

from inspire_lms.contracts.people import PeopleMerged, PersonErased
from inspire_lms.kernel import audit, bus, clock, mail
from inspire_lms.kernel.access.models import Grant
from inspire_lms.kernel.db import Base, session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused
from inspire_lms.kernel.files import StoredFile
from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.mailing import refused
from inspire_lms.kernel.people import passwords, rules
from inspire_lms.kernel.people.models import MailedLink, Membership, Person
from inspire_lms.kernel.plugin import Held

NEVER_HANDED_OUT = frozenset({"password_hash", "digest", "reminder_digest", "token", "subject_digest", "sort_key", "search", "epoch"})
"""Columns that secure an account or that we derive; they are nobody's data to read."""


IS_ABOUT = frozenset({"person_id", "to_person", "about_id", "kept_by"})
"""Columns by which a row is about the person; by any other (marked_by, read_by) it is that person's deed about somebody else."""


def held_about(person_id: int, held: Iterable[Held]) -> dict[str, Any]:
    """Gather every row that points at a person and what hangs on it, by table, in words of JSON.

    *held* is what the manifests declare; columns that hold personal data without pointing at a person come with their
    row, or as they tell themselves. Of rows that are about somebody else, only what this person did and when is given;
    who has judged this person is not. Raises NotThere.
    """
    if session.get(Person, person_id) is None:
        raise NotThere
    wanted: dict[str, set[str]] = {}
    declared = list(held)
    for each in declared:
        name, _, column = each.column.partition(".")
        table = Base.metadata.tables.get(name)
        if table is not None and column in table.c and (each.column == "people_person.id" or _points_at_a_person(table.c[column])):
            wanted.setdefault(name, set()).add(column)
    found = {name: _rows(Base.metadata.tables[name], sorted(pointing), person_id) for name, pointing in wanted.items()}
    for each in declared:
        for name, rows in _parts(each, person_id):
            found.setdefault(name, []).extend(rows)
        if each.told:
            found[each.column] = [dict(row) for row in each.told(person_id)]
    return dict(sorted(found.items()))


def _parts(held: Held, person_id: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Give the rows of each part of what is held about a person, without those who judged it."""
    if not held.parts:
        return
    name, _, column = held.column.partition(".")
    whole = Base.metadata.tables[name]
    reached = {name: select(whole.c.id).where(whole.c[column] == person_id)}
    for part in held.parts:
        name, _, column = part.partition(".")
        table = Base.metadata.tables[name]
        (key,) = table.c[column].foreign_keys
        hangs_on_it = table.c[column].in_(reached[key.column.table.name])
        reached[name] = select(table.c.id).where(hangs_on_it)
        told = [each for each in table.c if each.name not in NEVER_HANDED_OUT and not _points_at_a_person(each)]
        rows = session.execute(select(*told).where(hangs_on_it).order_by(table.c.id)).mappings()
        yield name, [{key: _plain(value) for key, value in row.items()} for row in rows]


def _points_at_a_person(column: Column[Any]) -> bool:
    return any(key.target_fullname == "people_person.id" for key in column.foreign_keys)


def _rows(table: Table, pointing: list[str], person_id: int) -> list[dict[str, Any]]:
    matches = or_(*(table.c[column] == person_id for column in pointing))
    rows = session.execute(select(table).where(matches).order_by(*table.primary_key.columns)).mappings()
    return [_told(row, pointing, person_id) for row in rows]


def _told(row: Mapping[Any, Any], pointing: list[str], person_id: int) -> dict[str, Any]:
    is_about = pointing == ["id"] or any(row.get(name) == person_id for name in IS_ABOUT)
    mine = {name for name in pointing if row[name] == person_id}
    return {
        name: _plain(value)
        for name, value in row.items()
        if name not in NEVER_HANDED_OUT and (is_about or name == "id" or name in mine or isinstance(value, datetime))
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 (whatever a column holds)
    match value:
        case None | bool() | int() | float() | str() | list():
            return value
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return dict(value)
        case bytes():
            return f"{len(value)} bytes"
        case _:
            return str(value)


def erase(person_id: int, password: str, *, why_not: Callable[[int], Reason | None] = lambda _person: None) -> None:
    """Erase one's own account: nothing is left to sign in with, names and mails go, and every plugin hears of it.

    *why_not* says what stands against it. Raises Invalid when the password is wrong, Refused with the reason.
    """
    person = session.get(Person, person_id)
    if person is None or person.erased_at:
        raise NotThere
    if not passwords.is_right(password, person.password_hash):
        raise Invalid({"password": Reason("This is not your password.")})
    with transaction():
        if reason := why_not(person_id):
            raise Refused(reason)
        _empty(session.get_one(Person, person_id))
        audit.record("people.erased", ("people_person", person_id), by=person_id)
        bus.announce(PersonErased(person_id=person_id))


def merge(from_id: int, to_id: int, *, by: int, why_not: Callable[[int], Reason | None] = lambda _person: None) -> None:
    """Let one person who has two accounts keep the second: what the first one holds goes over, and nothing is left of it.

    *why_not* says what stands against giving the first one up. Raises NotThere, or Refused with the reason.
    """
    with transaction():
        leaving, staying = session.get(Person, from_id), session.get(Person, to_id)
        if leaving is None or leaving.erased_at or staying is None or staying.erased_at:
            raise NotThere
        reason = Reason("This is one and the same account.") if leaving is staying else why_not(from_id)
        if reason:
            raise Refused(reason)
        session.execute(update(Mail).where(Mail.to_person == from_id).values(to_person=to_id))
        session.execute(update(StoredFile).where(StoredFile.kept_by == from_id).values(kept_by=to_id))
        _empty(leaving)
        for person_id in (from_id, to_id):
            audit.record("people.merged", ("people_person", person_id), by=by, after={"from": from_id, "to": to_id})
        bus.announce(PeopleMerged(from_id=from_id, to_id=to_id))


def _empty(person: Person) -> None:
    """Take away the names, whatever one can sign in with, and what the kernel keeps for this account alone."""
    refused.forget([person.email])
    for name, value in rules.after_erasing(person.id).items():
        setattr(person, name, value)
    person.erased_at = clock.now()
    person.epoch += 1
    for table in (Grant, Membership, MailedLink):
        session.execute(delete(table).where(table.person_id == person.id))
    mail.reduce(Mail.to_person == person.id, address=person.email)
