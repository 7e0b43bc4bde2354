"""The table of what an evaluator was asked for."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask import url_for

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import number
from inspire_lms.kernel.web.tables import Cell, Column, Table
from inspire_lms.plugins.online_call.rules import ReviewState
from inspire_lms.plugins.online_call.seeing.veil import Veil

STATES = {
    ReviewState.ASKED: ("now", Message("To be evaluated")),
    ReviewState.DONE: ("ok", Message("Evaluated")),
    ReviewState.CONFLICT: ("bad", Message("Conflict of interest declared")),
    ReviewState.ABSTAINED: ("half", Message("Abstained")),
}
"""Shape and word of each state."""


def own_reviews(rows: Sequence[Any], veils: Mapping[int, Veil], listed: Collection[int]) -> Table:
    """List the applications that a person was asked to evaluate, as queries.own_reviews gives them, under the veil of each call.

    *listed* are the calls with a published list: what is asked for in them was opened again, and waits for no phase.
    """
    return Table(
        columns=(
            Column("name", Message("Applicant")),
            Column("number", Message("Protocol number")),
            Column("administration", Message("Administration")),
            Column("total", Message("Your points"), kind="num"),
            Column("state", Message("State")),
        ),
        rows=[_review(row, veils[row.call_id], is_listed=row.call_id in listed) for row in rows],
        empty=Message("Nobody has asked you for an evaluation yet."),
    )


def _review(row: Any, veil: Veil, *, is_listed: bool) -> dict[str, Any]:  # noqa: ANN401 (a row)
    kind, text = STATES[ReviewState(row.state)]
    if row.state == ReviewState.ASKED and not veil.sight.may_mark and not is_listed:
        kind, text = "wait", Message("Cannot be evaluated in this phase")
    name: Any = f"{row.family_name}, {row.given_name}" if row.given_name else row.family_name
    if veil.hides_names:
        name = Message("Application {number}", number=row.protocol_number)
    return {
        "name": Cell(name, href=url_for("online_call.review", review_id=row.id)),
        "number": row.protocol_number,
        "administration": veil.administration(row.administration),
        "total": None if row.total is None else number(row.total, 1),
        "state": Cell(text, status=kind),
    }
