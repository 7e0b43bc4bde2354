"""The table of appeals, and their states in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.tables import Cell, Column, Table
from inspire_lms.plugins.online_call.appealing.rules import About, AppealState

STATES: Mapping[str, tuple[str, Message]] = {
    AppealState.OPEN: ("now", Message("Waits for an answer")),
    AppealState.WITHDRAWN: ("bad", Message("Withdrawn")),
    AppealState.UPHELD: ("ok", Message("Upheld")),
    AppealState.DISMISSED: ("bad", Message("Dismissed")),
}
"""Shape and word of each state."""
ABOUT: Mapping[str, Message] = {
    About.ELIGIBILITY: Message("That the application does not meet a condition"),
    About.POINTS: Message("The points"),
}


def appeals(rows: Sequence[Any]) -> Table:
    """List appeals, as queries.of_call gives them."""
    return Table(
        columns=(
            Column("application", Message("Application")),
            Column("number", Message("Appeal")),
            Column("about", Message("Against what")),
            Column("filed", Message("Received")),
            Column("state", Message("State")),
        ),
        rows=[_row(row) for row in rows],
        empty=Message("Nobody has appealed so far."),
    )


def _row(row: Any) -> dict[str, Any]:  # noqa: ANN401 (a row)
    kind, text = STATES[row.state]
    name = f"{row.given_name} {row.family_name}".strip() or row.protocol_number
    return {
        "application": Cell(name, href=url_for("online_call.answer_appeal", appeal_id=row.id), note=row.protocol_number),
        "number": f"{row.list}-{row.number}",
        "about": ABOUT[row.about],
        "filed": row.filed_at,
        "state": Cell(text, status=kind),
    }
