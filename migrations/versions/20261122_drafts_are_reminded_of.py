"""Whoever wants it is reminded of a draft before a call closes."""

import sqlalchemy as sa
from alembic import op

from inspire_lms.kernel.db import Moment

revision = "c4d2f7a91e36"
down_revision = "c5a90e7d41b3"
branch_labels = None
depends_on = None

NAME = "online_call_draft_reminder"


def upgrade() -> None:
    op.add_column("online_call_call", sa.Column("draft_remind_hours", sa.Integer(), server_default="48", nullable=False))
    op.create_table(
        NAME,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("reminded_for", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["online_call_application.id"], name=op.f(f"fk_{NAME}_application_id_online_call_application"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{NAME}")),
        sa.UniqueConstraint("application_id", name=op.f(f"uq_{NAME}_application_id")),
    )


def downgrade() -> None:
    op.drop_table(NAME)
    op.drop_column("online_call_call", "draft_remind_hours")
