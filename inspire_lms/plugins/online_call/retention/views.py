"""The addresses of what is kept: the list of what goes next, and the applicant's own erasing."""

from collections.abc import Sequence
from typing import Any

from flask import g, url_for

from inspire_lms.kernel.errors import Message, When
from inspire_lms.kernel.i18n import size
from inspire_lms.kernel.web import tables
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.kernel.web.tables import Cell, Column, Table
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.judging.lists import STANDINGS, STATES
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.retention import private, queries, thinning
from inspire_lms.plugins.online_call.rules import State
from inspire_lms.plugins.online_call.views import pages

DRAFT = ("wait", Message("Draft"))


@pages.get("/rooms/<int:cohort_id>/retention")
@needs("online_call:select", of=judging.call)
def retention(call: Call) -> Any:  # noqa: ANN401 (what a view returns)
    """List what of the applications of a country is deleted, and from when on, 50 a page."""
    g.where = call.cohort.country_name.text()
    chosen = tables.paged(queries.listed(call.id))
    shown: dict[str, Any] = {"counted": queries.counted(call.id), "moment": queries.deleted_from(call)}
    shown |= {"private": _private(call), "private_moment": private.deleted_from(call)}
    return page("online_call/retention.html", call=call, paged=chosen, table=_listed(chosen.rows, call), **shown)


@pages.post("/applications/<int:application_id>/erase")
@needs("online_call:apply", own=applying.own_application)
def erase_own(application: Application) -> Any:  # noqa: ANN401
    """Erase the answers and files of one's own withdrawn application."""
    application_id = application.id
    thinning.erase_own(application_id, by=me())
    return done(Message("Your answers and files are erased."), to=url_for("online_call.follow", application_id=application_id))


def _private(call: Call) -> Table:
    return Table(
        columns=(Column("number", Message("Protocol number")), Column("labels", Message("Private answers"))),
        rows=[
            {
                "number": Cell(each.protocol_number, href=url_for("online_call.file", application_id=each.application_id)),
                "labels": applying.one_after_the_other(each.labels),
            }
            for each in private.listed(call)
        ],
        empty=Message("No participant’s private answer is kept."),
    )


def _listed(rows: Sequence[Any], call: Call) -> Table:
    return Table(
        columns=(
            Column("number", Message("Protocol number")),
            Column("state", Message("State")),
            Column("files", Message("Files"), "num"),
            Column("size", Message("Size"), "num"),
        ),
        rows=[_row(each, call) for each in rows],
        empty=Message("Nothing is left to delete."),
    )


def _row(row: Any, call: Call) -> dict[str, Any]:  # noqa: ANN401 (a row)
    kind, text = _state(row)
    begun = Cell(Message("Begun on {moment}", moment=When(row.begun_at, call.cohort.zone)))
    number = Cell(row.protocol_number, href=url_for("online_call.file", application_id=row.id)) if row.protocol_number else begun
    return {"number": number, "state": Cell(text, status=kind), "files": row.files, "size": size(row.size) if row.files else "–"}


def _state(row: Any) -> tuple[str, Message]:  # noqa: ANN401
    if row.state == State.DRAFT:
        return DRAFT
    return STANDINGS[row.standing] if row.standing else STATES[row.state]
