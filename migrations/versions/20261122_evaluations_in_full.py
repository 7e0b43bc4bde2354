"""Evaluations in full: labelled levels, what stands beside the total, reasons for extremes, abstaining, phases."""

import sqlalchemy as sa
from alembic import op

revision = "b3d8071fe64a"
down_revision = "c4d2f7a91e36"
branch_labels = None
depends_on = None

STATE = "ck_online_call_review_state_is_known"
TURN = "uq_online_call_review_turn"


def upgrade() -> None:
    op.add_column("online_call_call", sa.Column("explains_extremes", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("online_call_call", sa.Column("phases", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("online_call_criterion", sa.Column("levels", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("online_call_criterion", sa.Column("counts", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("online_call_mark", sa.Column("reason", sa.String(), server_default="", nullable=False))
    _states("'asked', 'done', 'conflict', 'abstained'", "state NOT IN ('conflict', 'abstained')")


def downgrade() -> None:
    # Whoever had abstained has stepped back, which is all that was known before; nobody is asked again.
    op.execute("UPDATE online_call_review SET state = 'conflict' WHERE state = 'abstained'")
    _states("'asked', 'done', 'conflict'", "state <> 'conflict'")
    op.drop_column("online_call_mark", "reason")
    op.drop_column("online_call_criterion", "counts")
    op.drop_column("online_call_criterion", "levels")
    op.drop_column("online_call_call", "phases")
    op.drop_column("online_call_call", "explains_extremes")


def _states(known: str, counted: str) -> None:
    """Let a review be in one of the states *known*, and a turn be taken once by those *counted*."""
    op.drop_index(TURN, table_name="online_call_review")
    # SQLite makes the table anew, and with the old one all marks would go: they hang on its rows.
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        op.execute("CREATE TEMPORARY TABLE kept_marks AS SELECT * FROM online_call_mark")
    with op.batch_alter_table("online_call_review") as batch:
        batch.drop_constraint(op.f(STATE), type_="check")
        batch.create_check_constraint(op.f(STATE), f"state IN ({known})")
    if is_sqlite:
        op.execute("INSERT OR IGNORE INTO online_call_mark SELECT * FROM kept_marks")
        op.execute("DROP TABLE kept_marks")
    where = sa.text(counted)
    columns = ["application_id", "turn"]
    op.create_index(TURN, "online_call_review", columns, unique=True, sqlite_where=where, postgresql_where=where)
