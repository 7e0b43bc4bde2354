"""Each call says how long the answers of those without a place, and the private ones of participants, are kept."""

import sqlalchemy as sa
from alembic import op

revision = "a90c53e7d1f4"
down_revision = "b83f1d62c0a9"
branch_labels = None
depends_on = None

COLUMNS = (
    ("kept_days", "kept_days BETWEEN 60 AND 1825", "what_is_kept_has_days", "365"),
    ("private_days", "private_days BETWEEN 0 AND 365", "what_is_private_has_days", "30"),
)


def upgrade() -> None:
    for name, rule, said, default in COLUMNS:
        check = sa.CheckConstraint(rule, name=op.f(f"ck_online_call_call_{said}"))
        op.add_column("online_call_call", sa.Column(name, sa.Integer(), check, server_default=default, nullable=False))


def downgrade() -> None:
    # Each rule stands with its column and goes with it.
    for name, _rule, _said, _default in COLUMNS:
        op.drop_column("online_call_call", name)
