"""Calls have quotas, and a published ranking keeps what it was found by."""

import sqlalchemy as sa
from alembic import op

revision = "a17e5c3f90d2"
down_revision = "c94e2ab81d37"
branch_labels = None
depends_on = None

CALL = sa.table(
    "online_call_call",
    *(sa.column("id", sa.Integer), sa.column("chain", sa.JSON), sa.column("seed", sa.String), sa.column("suitable_from", sa.Numeric)),
)
RANKING = sa.table(
    "online_call_ranking",
    *(sa.column("id", sa.Integer), sa.column("call_id", sa.Integer), sa.column("seats", sa.Integer), sa.column("terms", sa.JSON)),
)


def upgrade() -> None:
    op.add_column("online_call_call", sa.Column("quotas", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("online_call_ranking", sa.Column("terms", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("online_call_place", sa.Column("groups", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("online_call_place", sa.Column("moved_by", sa.JSON(), server_default="[]", nullable=False))
    connection = op.get_bind()
    # What a list was ranked by cannot change once somebody has applied: the call still says what it was.
    found = sa.select(RANKING.c.id, RANKING.c.seats, CALL.c.chain, CALL.c.seed, CALL.c.suitable_from)
    for row in connection.execute(found.join_from(RANKING, CALL, RANKING.c.call_id == CALL.c.id)).all():
        terms = {"chain": row.chain, "seed": row.seed, "suitable_from": str(row.suitable_from), "seats": row.seats, "quotas": []}
        connection.execute(sa.update(RANKING).where(RANKING.c.id == row.id).values(terms=terms))


def downgrade() -> None:
    op.drop_column("online_call_place", "moved_by")
    op.drop_column("online_call_place", "groups")
    op.drop_column("online_call_ranking", "terms")
    op.drop_column("online_call_call", "quotas")
