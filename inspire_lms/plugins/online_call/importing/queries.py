"""Reads for the import of applications: imports, who is known already, and how an application came."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from inspire_lms.kernel.db import session
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.people.names import fold
from inspire_lms.kernel.programmes.models import Cohort, Participation
from inspire_lms.plugins.online_call.importing.models import Import, Imported
from inspire_lms.plugins.online_call.importing.rules import Known, name_key, some_at_once
from inspire_lms.plugins.online_call.models import Application, Call

AT_ONCE = 500
"""Addresses that one statement asks for."""


@dataclass(frozen=True)
class Came:
    """How an application came that was not written on these pages."""

    source: str
    name: str
    """Of the table."""
    row: int
    entered_at: datetime | None
    entered_by: int | None


def call(cohort_id: int) -> Call | None:
    """Give the call of a cohort."""
    return session.scalar(select(Call).where(Call.cohort_id == cohort_id))


def one(import_id: int) -> Import | None:
    """Give an import."""
    return session.get(Import, import_id)


def imports(call_id: int) -> Select[*tuple[Any, ...]]:
    """Choose the imports of a call, the latest first."""
    of_table = (Import.id, Import.name, Import.digest, Import.read_at, Import.read_by)
    of_deed = (Import.confirmed_at, Import.confirmed_by, Import.written, Import.left_out)
    return select(*of_table, *of_deed).where(Import.call_id == call_id).order_by(Import.id.desc())


def came(application_id: int) -> Came | None:
    """Say through which import an application came; None when it was written here."""
    row = session.execute(
        select(Import.source, Import.name, Imported.line, Import.confirmed_at, Import.confirmed_by)
        .join(Imported, Imported.import_id == Import.id)
        .where(Imported.application_id == application_id)
    ).one_or_none()
    return None if row is None else Came(*row)


def accounts(call_id: int, emails: Iterable[str]) -> dict[str, Known]:
    """Say who has an account with one of these addresses, and an application in the call; in statements of 500 addresses each."""
    found: dict[str, Known] = {}
    for some in some_at_once(sorted(set(emails)), AT_ONCE):
        for row in session.execute(_people(call_id).where(Person.email.in_(some))):
            found[row.email] = _known(row, frozenset(_keys(row)))
    return found


def namesakes(call: Call, keys: Collection[str]) -> dict[str, list[Known]]:
    """Give those with one of these names who have applied, or take part, in the country of the call; in one statement.

    Others with an account are left out: whether somebody has one is nobody's business in another country.
    """
    wanted = set(keys)
    country = call.cohort.country
    applied = select(Application.person_id).join(Call).join(Cohort).where(Cohort.country == country)
    takes_part = select(Participation.person_id).join(Cohort).where(Cohort.country == country)
    chosen = _people(call.id).where(or_(Person.id.in_(applied), Person.id.in_(takes_part)), Person.erased_at.is_(None)).order_by(Person.id)
    found: dict[str, list[Known]] = {}
    for row in session.execute(chosen.execution_options(yield_per=AT_ONCE)):
        own = _keys(row)
        for key in own & wanted:
            found.setdefault(key, []).append(_known(row, frozenset(own)))
    return found


def _people(call_id: int) -> Select[*tuple[Any, ...]]:
    in_the_call = and_(Application.person_id == Person.id, Application.call_id == call_id)
    names = (Person.given_name, Person.family_name, Person.latin_given_name, Person.latin_family_name, Person.language)
    applied = (Application.id.label("application_id"), Application.protocol_number, Application.administration)
    return select(Person.id, Person.email, *names, *applied).outerjoin(Application, in_the_call)


def _keys(row: Any) -> set[str]:  # noqa: ANN401 (a row)
    latin = name_key(row.latin_given_name, row.latin_family_name, row.language)
    return {name_key(row.given_name, row.family_name, row.language), latin}


def _known(row: Any, keys: frozenset[str]) -> Known:  # noqa: ANN401
    return Known(
        person_id=row.id,
        email=row.email,
        keys=keys,
        number=row.protocol_number,
        has_draft=row.application_id is not None and row.protocol_number is None,
        administrations=frozenset({fold(row.administration)} if row.administration else ()),
    )


def drafts(call_id: int, person_ids: Sequence[int]) -> ColumnElement[bool]:
    """Choose the drafts of people in a call."""
    return and_(Application.call_id == call_id, Application.person_id.in_(person_ids), Application.submitted_at.is_(None))


def by_row(import_id: int, first: int, last: int) -> list[Application]:
    """List the applications that came with the rows from *first* to *last* of an import."""
    chosen = select(Application).join(Imported, Imported.application_id == Application.id)
    return list(session.scalars(chosen.where(Imported.import_id == import_id, Imported.line.between(first, last)).order_by(Imported.line)))
