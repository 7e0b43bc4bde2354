"""Who looked at an application is kept beside it, one line for each person and day."""

import sqlalchemy as sa
from alembic import op

from inspire_lms.kernel.db import Moment

revision = "1f6b0c9d27e4"
down_revision = "a17e5c3f90d2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "online_call_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("first_at", Moment(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("saw_answers", sa.Boolean(), nullable=False),
        sa.Column("saw_document", sa.Boolean(), nullable=False),
        sa.Column("was_exported", sa.Boolean(), nullable=False),
        sa.CheckConstraint("office IN ('coordinator', 'administrator', 'evaluator')", name=op.f("ck_online_call_look_office_is_known")),
        sa.CheckConstraint("saw_answers OR saw_document OR was_exported", name=op.f("ck_online_call_look_a_look_saw_something")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["online_call_application.id"], name=op.f("fk_online_call_look_application_id_online_call_application"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people_person.id"], name=op.f("fk_online_call_look_by_id_people_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_call_look")),
        sa.UniqueConstraint("application_id", "by_id", "day", name=op.f("uq_online_call_look_application_id_by_id_day")),
    )
    op.create_index(op.f("ix_online_call_look_by_id"), "online_call_look", ["by_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_online_call_look_by_id"), table_name="online_call_look")
    op.drop_table("online_call_look")
