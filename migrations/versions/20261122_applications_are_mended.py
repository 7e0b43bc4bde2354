"""What is missing or cannot be read in an application is asked for once; what was there before is kept beside it."""

import sqlalchemy as sa
from alembic import op

from inspire_lms.kernel.db import Moment

revision = "a7c31e58f09d"
down_revision = "64d2a7f0b3c8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    days = sa.CheckConstraint("mend_days BETWEEN 1 AND 30", name=op.f("ck_online_call_call_mending_has_days"))
    op.add_column("online_call_call", sa.Column("mend_days", sa.Integer(), days, server_default="5", nullable=False))
    op.create_table(
        "online_call_mending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("mended_at", Moment(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.CheckConstraint("sentence <> ''", name=op.f("ck_online_call_mending_it_says_what_is_asked")),
        sa.CheckConstraint("asked_at < until", name=op.f("ck_online_call_mending_it_leaves_time")),
        sa.CheckConstraint("mended_at < until", name=op.f("ck_online_call_mending_it_was_mended_in_time")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["online_call_application.id"],
            name=op.f("fk_online_call_mending_application_id_online_call_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people_person.id"], name=op.f("fk_online_call_mending_asked_by_id_people_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_call_mending")),
        sa.UniqueConstraint("application_id", name=op.f("uq_online_call_mending_application_id")),
    )
    op.create_index(op.f("ix_online_call_mending_asked_by_id"), "online_call_mending", ["asked_by_id"], unique=False)
    op.create_table(
        "online_call_earlier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mending_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mending_id"], ["online_call_mending.id"], name=op.f("fk_online_call_earlier_mending_id_online_call_mending"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["kernel_file.id"], name=op.f("fk_online_call_earlier_file_id_kernel_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_call_earlier")),
        sa.UniqueConstraint("mending_id", "question", name=op.f("uq_online_call_earlier_mending_id_question")),
    )
    op.create_index(op.f("ix_online_call_earlier_file_id"), "online_call_earlier", ["file_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_online_call_earlier_file_id"), table_name="online_call_earlier")
    op.drop_table("online_call_earlier")
    op.drop_index(op.f("ix_online_call_mending_asked_by_id"), table_name="online_call_mending")
    op.drop_table("online_call_mending")
    op.drop_column("online_call_call", "mend_days")
