"""Deeds that hold a call are counted, so that what was found of its evaluations can be kept until the next one."""

import sqlalchemy as sa
from alembic import op

revision = "e7b20c5d914f"
down_revision = "5d0c93ea71b6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("online_call_call", sa.Column("deeds", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_online_call_place_standing", "online_call_place", ["ranking_id", "standing"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_online_call_place_standing", table_name="online_call_place")
    op.drop_column("online_call_call", "deeds")
