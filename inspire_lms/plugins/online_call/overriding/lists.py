"""Decisions by two people as a table: both are named."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.tables import Cell, Column, Table
from inspire_lms.plugins.online_call.overriding.rules import OverrideState

STATES: Mapping[str, tuple[str, Message]] = {
    OverrideState.PROPOSED: ("now", Message("Waits for a second person")),
    OverrideState.CONFIRMED: ("ok", Message("Confirmed by a second person")),
    OverrideState.SENT_BACK: ("bad", Message("Sent back")),
    OverrideState.TAKEN_BACK: ("bad", Message("Taken back")),
    OverrideState.DROPPED: ("bad", Message("Dropped: the application was withdrawn")),
}
"""Shape and word of each state."""
DECISIONS = {True: Message("It takes part in the selection"), False: Message("It does not take part")}
FINDINGS = {
    "pass": Message("All conditions met"),
    "fail": Message("A condition is not met"),
    "unknown": Message("A rule could not tell"),
}


def overrides(rows: Sequence[Any]) -> Table:
    """List proposals as queries.of_call gives them."""
    return Table(
        columns=(
            Column("application", Message("Applicant")),
            Column("decision", Message("Decision")),
            Column("first", Message("Proposed by")),
            Column("second", Message("Answered by")),
            Column("state", Message("State")),
        ),
        rows=[_row(each) for each in rows],
        empty=Message("Nobody has proposed to decide other than the rules."),
    )


def _row(row: Any) -> dict[str, Any]:  # noqa: ANN401 (a row)
    kind, text = STATES[row.state]
    applicant = f"{row.applicant_family}, {row.applicant_given}" if row.applicant_given else row.applicant_family
    second = f"{row.second_given} {row.second_family}".strip() if row.second_family else "–"
    return {
        "application": Cell(applicant, href=url_for("online_call.answer_override", override_id=row.id), note=row.protocol_number),
        "decision": Cell(DECISIONS[row.is_eligible], note=row.reason),
        "first": f"{row.first_given} {row.first_family}".strip(),
        "second": Cell(second, note=row.answer or None),
        "state": Cell(text, status=kind),
    }
