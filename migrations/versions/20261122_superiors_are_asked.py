"""An employer's authorisation may be given by a mailed link."""

import sqlalchemy as sa
from alembic import op

from inspire_lms.kernel.db import Moment, WordsType

revision = "7e21c5d08f4b"
down_revision = "a7c31e58f09d"
branch_labels = None
depends_on = None

NAME = "online_call_authorisation"


def upgrade() -> None:
    op.create_table(
        NAME,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("sentence", WordsType(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("reminder_digest", sa.String(), nullable=True),
        sa.Column("asked_at", Moment(timezone=True), nullable=False),
        sa.Column("expires_at", Moment(timezone=True), nullable=False),
        sa.Column("remind_at", Moment(timezone=True), nullable=True),
        sa.Column("reminded_at", Moment(timezone=True), nullable=True),
        sa.Column("answered_at", Moment(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("(reminder_digest IS NULL) = (reminded_at IS NULL)", name=op.f(f"ck_{NAME}_a_reminder_has_a_link")),
        sa.CheckConstraint("(state IN ('given', 'refused')) = (answered_at IS NOT NULL)", name=op.f(f"ck_{NAME}_only_an_answer_has_a_time")),
        sa.CheckConstraint("expires_at > asked_at", name=op.f(f"ck_{NAME}_a_link_works_for_a_while")),
        sa.CheckConstraint("state IN ('asked', 'given', 'refused', 'expired')", name=op.f(f"ck_{NAME}_state_is_known")),
        sa.CheckConstraint("times >= 1", name=op.f(f"ck_{NAME}_it_was_asked_once_at_least")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["online_call_application.id"],
            name=op.f(f"fk_{NAME}_application_id_online_call_application"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{NAME}")),
        sa.UniqueConstraint("application_id", "question", name=op.f(f"uq_{NAME}_application_id_question")),
        sa.UniqueConstraint("digest", name=op.f(f"uq_{NAME}_digest")),
        sa.UniqueConstraint("reminder_digest", name=op.f(f"uq_{NAME}_reminder_digest")),
    )
    op.create_index(f"ix_{NAME}_due", NAME, ["state", "expires_at"])
    op.create_index(op.f(f"ix_{NAME}_email"), NAME, ["email"])


def downgrade() -> None:
    op.drop_table(NAME)
