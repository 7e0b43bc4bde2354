"""The table of the appeals of a cohort."""

from collections.abc import Mapping

from flask import url_for

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import _, when
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.web.tables import Cell, Column, Table
from inspire_lms.plugins.certificate.appealing import queries
from inspire_lms.plugins.certificate.rules import AppealState

STATE_LOOKS: Mapping[str, tuple[str, Message]] = {
    AppealState.OPEN: ("wait", Message("Waits for an answer")),
    AppealState.UPHELD: ("ok", Message("Upheld")),
    AppealState.DISMISSED: ("bad", Message("Dismissed")),
}


def appeals(cohort: Cohort) -> Table:
    """Make the table: who, against what, when, until when one could, and where it stands."""
    columns = (
        Column("name", Message("Name")),
        Column("against", Message("Against")),
        Column("made", Message("Appealed on"), kind="inl"),
        Column("until", Message("Possible until"), kind="inl"),
        Column("state", Message("Status"), kind="inl"),
    )
    rows = []
    for row in queries.in_cohort(cohort.id):
        look, text = STATE_LOOKS[row.state]
        name = f"{row.given_name} {row.family_name}".strip()
        rows.append(
            {
                "name": Cell(name, href=url_for("certificate.answer", appeal_id=row.id)),
                "against": _("The revocation of {number}", number=row.number) if row.number else _("The decision"),
                "made": when(row.made_at, style="short"),
                "until": when(row.until, style="short"),
                "state": Cell(text, status=look),
            }
        )
    return Table(columns, rows, empty=Message("Nobody has appealed."))
