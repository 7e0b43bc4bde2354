"""Letters to applicants can wait until somebody releases them, be edited, and be announced by a rule."""

import sqlalchemy as sa
from alembic import op

from inspire_lms.kernel.db import Moment, WordsType

revision = "5d0c93ea71b6"
down_revision = "c41d7a90e6b3"
branch_labels = None
depends_on = None

STATE = "ck_kernel_mail_a_mail_has_a_state"
ANEW = "ck_kernel_mail_what_waits_can_be_made_anew"


def upgrade() -> None:
    with op.batch_alter_table("kernel_mail") as batch:
        batch.add_column(sa.Column("parts", sa.JSON(), nullable=True))
        batch.drop_constraint(op.f(STATE), type_="check")
        batch.create_check_constraint(op.f(STATE), "state IN ('queued', 'sent', 'kept', 'failed', 'held', 'dropped')")
        batch.create_check_constraint(op.f(ANEW), "(state = 'held') = (parts IS NOT NULL)")
    op.create_table(
        "online_call_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("of", sa.String(), nullable=False),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("subject", WordsType(), nullable=False),
        sa.Column("text", WordsType(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("of_at", Moment(), nullable=False),
        sa.Column("loaded_at", Moment(), nullable=False),
        sa.Column("written_at", Moment(), nullable=True),
        sa.CheckConstraint("days BETWEEN -60 AND 60", name=op.f("ck_online_call_message_a_rule_is_near_its_day")),
        sa.CheckConstraint("written_at >= due_at", name=op.f("ck_online_call_message_nothing_is_written_too_early")),
        sa.ForeignKeyConstraint(["call_id"], ["online_call_call.id"], name=op.f("fk_online_call_message_call_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_call_message")),
        sa.UniqueConstraint("call_id", "code", name=op.f("uq_online_call_message_call_id_code")),
    )
    op.create_table(
        "online_call_letter",
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("edited_at", Moment(), nullable=True),
        sa.Column("edited_by_id", sa.Integer(), nullable=True),
        sa.Column("subject_before", sa.String(), nullable=False),
        sa.Column("text_before", sa.String(), nullable=False),
        sa.CheckConstraint("(edited_at IS NULL) = (edited_by_id IS NULL)", name=op.f("ck_online_call_letter_somebody_edited_it")),
        sa.CheckConstraint("edited_at IS NOT NULL OR text_before = ''", name=op.f("ck_online_call_letter_only_an_edited_one_was_other")),
        sa.ForeignKeyConstraint(["mail_id"], ["kernel_mail.id"], name=op.f("fk_online_call_letter_mail_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["call_id"], ["online_call_call.id"], name=op.f("fk_online_call_letter_call_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["message_id"], ["online_call_message.id"], name=op.f("fk_online_call_letter_message_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["edited_by_id"], ["people_person.id"], name=op.f("fk_online_call_letter_edited_by_id")),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_online_call_letter")),
    )
    op.create_index("ix_online_call_letter_list", "online_call_letter", ["call_id", "kind"], unique=False)
    op.create_index(op.f("ix_online_call_letter_message_id"), "online_call_letter", ["message_id"], unique=False)
    op.create_index(op.f("ix_online_call_letter_edited_by_id"), "online_call_letter", ["edited_by_id"], unique=False)
    op.create_table(
        "online_call_letterbox",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["online_call_call.id"], name=op.f("fk_online_call_letterbox_call_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people_person.id"], name=op.f("fk_online_call_letterbox_changed_by_id")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_online_call_letterbox")),
    )
    op.create_index(op.f("ix_online_call_letterbox_changed_by_id"), "online_call_letterbox", ["changed_by_id"], unique=False)
    op.create_table(
        "online_call_addition",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", WordsType(), nullable=False),
        sa.Column("written_at", Moment(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["online_call_call.id"], name=op.f("fk_online_call_addition_call_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["written_by_id"], ["people_person.id"], name=op.f("fk_online_call_addition_written_by_id")),
        sa.PrimaryKeyConstraint("call_id", "kind", name=op.f("pk_online_call_addition")),
    )
    op.create_index(op.f("ix_online_call_addition_written_by_id"), "online_call_addition", ["written_by_id"], unique=False)


def downgrade() -> None:
    for table in ("online_call_addition", "online_call_letterbox", "online_call_letter", "online_call_message"):
        op.drop_table(table)
    # The older version knows neither state: what waited is not sent without being looked at, what was dropped stays unsent.
    op.execute("UPDATE kernel_mail SET state = 'failed', error = 'It waited to be released.' WHERE state = 'held'")
    op.execute("UPDATE kernel_mail SET state = 'failed', text = '', html = '' WHERE state = 'dropped'")
    with op.batch_alter_table("kernel_mail") as batch:
        batch.drop_constraint(op.f(ANEW), type_="check")
        batch.drop_constraint(op.f(STATE), type_="check")
        batch.create_check_constraint(op.f(STATE), "state IN ('queued', 'sent', 'kept', 'failed')")
        batch.drop_column("parts")
