"""A certificate is renewed before it ends: a person may hold two of a kind, when they end on different days."""

import sqlalchemy as sa
from alembic import op

revision = "b3d1f07c52aa"
down_revision = "5d0a9c3be417"
branch_labels = None
depends_on = None

CURRENT = "state IN ('decided', 'valid')"
NAME = "uq_certificate_certificate_current"
UNTIL = "uq_certificate_certificate_current_until"


def upgrade() -> None:
    op.drop_index(NAME, table_name="certificate_certificate")
    _make(NAME, ["cohort_id", "person_id", "kind"], f"{CURRENT} AND expires_on IS NULL")
    _make(UNTIL, ["cohort_id", "person_id", "kind", "expires_on"], CURRENT)


def downgrade() -> None:
    op.drop_index(UNTIL, table_name="certificate_certificate")
    op.drop_index(NAME, table_name="certificate_certificate")
    _make(NAME, ["cohort_id", "person_id", "kind"], CURRENT)


def _make(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "certificate_certificate", columns, unique=True, sqlite_where=condition, postgresql_where=condition)
