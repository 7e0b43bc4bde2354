"""The notice of a call has versions, annexes and a privacy notice; an application records the version it was made under."""

import sqlalchemy as sa
from alembic import op

from inspire_lms.kernel.db import Moment, WordsType

revision = "c5a90e7d41b3"
down_revision = "8f16d2c0b7e4"
branch_labels = None
depends_on = None

NAME = "online_call_notice_version"
DRAFT = "ck_online_call_application_a_draft_is_under_no_version"


def upgrade() -> None:
    op.create_table(
        NAME,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("reason", WordsType(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f(f"ck_{NAME}_counts_from_one")),
        sa.CheckConstraint("length(digest) = 64", name=op.f(f"ck_{NAME}_the_digest_is_whole")),
        sa.ForeignKeyConstraint(["call_id"], ["online_call_call.id"], name=op.f(f"fk_{NAME}_call_id_online_call_call")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{NAME}")),
        sa.UniqueConstraint("call_id", "number", name=op.f(f"uq_{NAME}_call_id_number")),
    )
    op.add_column("online_call_call", sa.Column("annexes", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("online_call_call", sa.Column("privacy", sa.JSON(), server_default="{}", nullable=False))
    with op.batch_alter_table("online_call_application") as batch:
        batch.add_column(sa.Column("notice_version", sa.Integer(), nullable=True))
        batch.create_check_constraint(op.f(DRAFT), "notice_version IS NULL OR submitted_at IS NOT NULL")


def downgrade() -> None:
    with op.batch_alter_table("online_call_application") as batch:
        batch.drop_constraint(op.f(DRAFT), type_="check")
        batch.drop_column("notice_version")
    op.drop_column("online_call_call", "privacy")
    op.drop_column("online_call_call", "annexes")
    op.drop_table(NAME)
