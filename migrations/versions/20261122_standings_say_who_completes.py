"""Standings say who completes the course, so that the figures of a cohort are counted and not worked out person by person."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "4c1d7a90be26"
down_revision = "e76b7c47d947"
branch_labels = None
depends_on = None

STANDING = sa.table("certificate_standing", sa.column("id", sa.Integer), sa.column("completion", sa.String), sa.column("evidence", sa.JSON))


def upgrade() -> None:
    # Within the column, since SQLite adds no condition to a table that is there.
    known = sa.CheckConstraint("completion IN ('met', 'missed', 'open')", name=op.f("ck_certificate_standing_completion_is_known"))
    op.add_column("certificate_standing", sa.Column("completion", sa.String(), known, server_default="open", nullable=False))
    connection = op.get_bind()
    for row in connection.execute(sa.select(STANDING.c.id, STANDING.c.evidence)).all():
        found = _completion(row.evidence)
        connection.execute(sa.update(STANDING).where(STANDING.c.id == row.id).values(completion=found))


def downgrade() -> None:
    op.drop_column("certificate_standing", "completion")


def _completion(evidence: dict[str, Any]) -> str:
    """Find from the evidence as it was kept until now what will be kept beside it from now on."""
    lines = [*_attendance(evidence), *_assessments(evidence)]
    if lines and all(is_met for is_met, _is_open in lines):
        return "met"
    lines += _surveys(evidence)
    return "open" if not lines or any(is_open for _is_met, is_open in lines) else "missed"


def _attendance(evidence: dict[str, Any]) -> list[tuple[bool, bool]]:
    if "attendance" not in evidence["demanded"]:
        return []
    share = evidence["share"]
    if not share or not share["scheduled"]:
        return [(False, True)]
    needed = -(-share["scheduled"] * share["threshold"] // 100)
    is_met = share["minutes"] >= needed
    return [(is_met, not is_met and share["minutes"] + share["scheduled"] - share["held"] >= needed)]


def _assessments(evidence: dict[str, Any]) -> list[tuple[bool, bool]]:
    lines = []
    for code, _kind, _title, mark in evidence["needed"]:
        is_met = code in evidence["results"] and float(evidence["results"][code]) >= mark
        lines.append((is_met, not is_met and code not in evidence.get("over", ())))
    return lines


def _surveys(evidence: dict[str, Any]) -> list[tuple[bool, bool]]:
    if "survey" not in evidence["demanded"]:
        return []
    surveys = evidence["surveys"]
    if not surveys or not surveys["owed"]:
        return [(False, True)]
    is_met = surveys["answered"] >= surveys["owed"]
    return [(is_met, not is_met and not surveys.get("closed", 0))]
