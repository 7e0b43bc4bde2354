"""The notice as plain values: taken from the tables, whole, and turned into what the pages show again.

Every column of a call and of its criteria belongs to it, unless it is named here as left out: a column that somebody adds is
part of the notice from then on by itself.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flask import current_app
from sqlalchemy import Column, Date
from sqlalchemy.orm import make_transient

from inspire_lms.kernel.db import Base, Exact, Moment, Words, WordsType
from inspire_lms.kernel.i18n import languages, show
from inspire_lms.kernel.plugin import plugins
from inspire_lms.kernel.programmes.models import Cohort, Edition
from inspire_lms.plugins.online_call.announcing.changes import canonical
from inspire_lms.plugins.online_call.models import Call, Criterion

LEFT_OUT: Mapping[type[Base], frozenset[str]] = {
    Call: frozenset({"id", "cohort_id", "version", "deeds"}),
    Criterion: frozenset({"id", "call_id", "position"}),
}
"""Columns that say nothing to an applicant; the position of a criterion is its place in the list."""
OF_THE_COHORT = ("country", "country_name", "zone", "zone_name", "language", "seats")
"""What of the cohort an applicant reads."""
HELD = "held"
"""What is kept of persons, as the plugin declares it: it changes with the program, not with the file."""


def columns(table: type[Base]) -> dict[str, Column[Any]]:
    """List the columns of *table* that belong to the notice."""
    return {column.key: column for column in table.__table__.columns if column.key not in LEFT_OUT[table]}  # type: ignore[misc]


def taken(call: Call, criteria: Sequence[Criterion]) -> dict[str, Any]:
    """Take the whole notice of *call* as plain values; inside the transaction that has changed it, after the flush."""
    cohort = call.cohort
    found = {name: getattr(call, name) for name in columns(Call)}
    found |= {name: getattr(cohort, name) for name in OF_THE_COHORT}
    found |= {"course_title": cohort.edition.title, "starts_on": cohort.edition.starts_on}
    found["criteria"] = [{name: _plain(getattr(one, name)) for name in columns(Criterion)} for one in criteria]
    found[HELD] = _held()
    plain: dict[str, Any] = json.loads(canonical({name: _plain(value) for name, value in found.items()}))
    return plain


def digest(before: str, number: int, published_at: datetime, reason: Mapping[str, str], snapshot: Mapping[str, Any]) -> str:
    """Give the fingerprint of a version, which holds that of the one before; empty for the first."""
    said = (before, str(number), _plain(published_at), canonical(_plain(Words(reason))), canonical(snapshot))
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def call_of(snapshot: Mapping[str, Any], call: Call) -> Call:
    """Make *call* as the notice said it then, for the pages to show; it is in no session and can never be stored.

    A column that came later has its default.
    """
    shown = Call(id=call.id, cohort_id=call.cohort_id, version=call.version, **_values(Call, snapshot))
    edition = Edition(title=Words(snapshot["course_title"]), starts_on=date.fromisoformat(snapshot["starts_on"]))
    cohort = Cohort(id=call.cohort_id, **{name: snapshot[name] for name in OF_THE_COHORT})
    cohort.country_name, cohort.zone_name, cohort.edition = Words(snapshot["country_name"]), Words(snapshot["zone_name"]), edition
    shown.cohort = cohort
    for each in (shown, cohort, edition):
        make_transient(each)
    return shown


def criteria_of(snapshot: Mapping[str, Any]) -> list[Criterion]:
    """Make the criteria as the notice said them then."""
    return [Criterion(position=place, **_values(Criterion, one)) for place, one in enumerate(snapshot["criteria"], start=1)]


def typed(column: Column[Any], value: Any) -> Any:  # noqa: ANN401 (whatever a column holds)
    """Turn a plain value into what *column* holds."""
    if value is None:
        return None
    match column.type:
        case Moment():
            return datetime.fromisoformat(value)
        case Date():
            return date.fromisoformat(value)
        case Exact():
            return Decimal(value)
        case WordsType():
            return Words(value)
        case _:
            return value


def _values(table: type[Base], snapshot: Mapping[str, Any]) -> dict[str, Any]:
    return {name: typed(column, snapshot.get(name, _default(column))) for name, column in columns(table).items()}


def _default(column: Column[Any]) -> Any:  # noqa: ANN401
    """Give what a column holds when nobody says anything."""
    said = column.server_default
    if said is None:
        return None
    text = str(getattr(said, "arg", ""))
    return text if column.type.python_type is str else json.loads(text)


def _plain(value: Any) -> Any:  # noqa: ANN401 (a value of a column in, JSON out)
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value.normalize():f}"
        case Words():
            return {code: text for code, text in sorted(value.items()) if text}
        case _:
            return value


def _held() -> list[dict[str, Words]]:
    """Say in every language what the plugin keeps of persons; each purpose once."""
    kept: dict[str, list[dict[str, Words]]] = current_app.extensions.setdefault("online_call_held", {})
    if "all" not in kept:
        declared = next((one.privacy for one in plugins() if one.name == "online_call"), ())
        said = dict.fromkeys((one.purpose, one.basis, one.keep) for one in declared)
        names = ("purpose", "basis", "keep")
        spoken = [tuple(Words({code: show(text, code) for code in languages()}) for text in texts) for texts in said]
        kept["all"] = [dict(zip(names, texts, strict=True)) for texts in spoken]
    return kept["all"]
