"""What the pages show of a mending, and the list of a country."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.tables import Cell, Column, Table
from inspire_lms.plugins.online_call.applying.queries import shown
from inspire_lms.plugins.online_call.mending import queries
from inspire_lms.plugins.online_call.mending.models import Earlier, Mending
from inspire_lms.plugins.online_call.models import Application, Attachment
from inspire_lms.plugins.online_call.questions import Kind

STATES = {
    queries.OPEN: ("now", Message("Can still be mended")),
    queries.MENDED: ("ok", Message("Mended")),
    queries.OVER: ("bad", Message("Not mended in time")),
}


@dataclass(frozen=True)
class Line:
    """One question that was asked for again."""

    code: str
    label: Words
    before: Any
    now: Any
    earlier: Earlier | None
    """The file that was there before."""


@dataclass(frozen=True)
class Shown:
    """A mending, for a page."""

    mending: Mending
    what: str
    status: tuple[str, Message]
    lines: tuple[Line, ...]


def mending(application: Application, attached: Mapping[str, Attachment], *, only: Collection[str] | None = None) -> Shown | None:
    """Lay out the mending of an application: each question, what was there before and what is there now.

    *only* names the questions to show, None means all.
    """
    found = queries.mending_of(application.id)
    if found is None:
        return None
    what = queries.what(found.mended_at, found.until, clock.now())
    before = {**application.answers, **found.before}
    earlier = queries.earlier(found.id) if found.mended_at else {}
    lines = []
    for each in queries.asked_for(found, application.call):
        if only is not None and each.code not in only:
            continue
        old = earlier.get(each.code)
        was = old.name if old else shown(each, before.get(each.code), None if found.mended_at else attached.get(each.code))
        is_new = found.mended_at is not None and (each.kind is not Kind.FILE or old is not None or each.code in attached)
        now = shown(each, application.answers.get(each.code), attached.get(each.code)) if is_new else None
        lines.append(Line(each.code, Words(each.label), was, now, old))
    return Shown(found, what, STATES[what], tuple(lines))


def mendings(rows: Sequence[Any], at: datetime) -> Table:
    """List mendings as queries.of_call gives them."""
    return Table(
        columns=(
            Column("name", Message("Applicant")),
            Column("sentence", Message("What was asked for")),
            Column("until", Message("Until")),
            Column("state", Message("State")),
        ),
        rows=[_row(each, at) for each in rows],
        empty=Message("Nobody is asked to mend an application that waits for a decision."),
    )


def _row(row: Any, at: datetime) -> dict[str, Any]:  # noqa: ANN401 (a row)
    kind, text = STATES[queries.what(row.mended_at, row.until, at)]
    name = f"{row.family_name}, {row.given_name}" if row.given_name else row.family_name
    href = url_for("online_call.file", application_id=row.application_id, _anchor="mending")
    return {
        "name": Cell(name, href=href, note=row.protocol_number),
        "sentence": row.sentence,
        "until": row.until,
        "state": Cell(text, status=kind),
    }
