"""The tables of corrections: those of a call, and what the corrected list would move."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import number
from inspire_lms.kernel.web.tables import Cell, Column, Paged, Table
from inspire_lms.plugins.online_call.confirming.paging import one_page
from inspire_lms.plugins.online_call.correcting.models import Correction
from inspire_lms.plugins.online_call.correcting.moves import Corrected, Move
from inspire_lms.plugins.online_call.correcting.rules import CorrectionState
from inspire_lms.plugins.online_call.judging.lists import STANDINGS

STATES: Mapping[str, tuple[str, Message]] = {
    CorrectionState.PROPOSED: ("wait", Message("Waits for a second person")),
    CorrectionState.REOPENED: ("now", Message("Opened again")),
    CorrectionState.PUBLISHED: ("ok", Message("In a corrected list")),
    CorrectionState.SENT_BACK: ("bad", Message("Sent back")),
    CorrectionState.TAKEN_BACK: ("bad", Message("Taken back")),
    CorrectionState.DROPPED: ("bad", Message("Dropped: the application was withdrawn")),
}
"""Shape and word of each state."""


def corrections(found: Sequence[Correction]) -> Table:
    """List the corrections of a call."""
    return Table(
        columns=(
            Column("application", Message("Application")),
            Column("reason", Message("The reason")),
            Column("at", Message("Proposed on")),
            Column("state", Message("State")),
        ),
        rows=[_row(each) for each in found],
        empty=Message("No application was opened again so far."),
    )


def _row(correction: Correction) -> dict[str, Any]:
    kind, text = STATES[correction.state]
    href = url_for("online_call.answer_correction", correction_id=correction.id)
    return {
        "application": Cell(correction.application.protocol_number, href=href),
        "reason": correction.reason,
        "at": correction.proposed_at,
        "state": Cell(text, status=kind, note=correction.answer or None),
    }


def moves(found: Corrected, path: str) -> tuple[Table, Paged]:
    """List the lines that would move, with what becomes of them and who gets a mail, 50 a page at the address *path*."""
    rows, paged = one_page(found.changed, lambda each: _move(each, found.called_next), path=path, anchor="moves")
    table = Table(
        columns=(
            Column("application", Message("Application")),
            Column("before", Message("Position now"), kind="num"),
            Column("after", Message("Position then"), kind="num"),
            Column("total", Message("Total then"), kind="num"),
            Column("stands", Message("What becomes of it")),
            Column("mail", Message("Mail")),
        ),
        rows=rows,
        empty=Message("No line would move."),
    )
    return table, paged


def _move(move: Move, called_next: str | None) -> dict[str, Any]:
    kind, text = STANDINGS[move.stands]
    note = Message("Keeps the place") if move.keeps_place else Message("Gets the next place") if move.number == called_next else None
    return {
        "application": Cell(move.number, href=url_for("online_call.file", application_id=move.application_id)),
        "before": move.before if move.before is not None else "–",
        "after": move.after.position,
        "total": number(move.after.entry.total, 2),
        "stands": Cell(text, status=kind, note=note),
        "mail": Message("Gets a mail") if move.is_told else Message("Gets none"),
    }
