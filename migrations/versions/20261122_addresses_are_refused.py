"""Addresses that a mail server refuses are kept, and nothing more is sent to them."""

import sqlalchemy as sa
from alembic import op

from inspire_lms.kernel.db import Moment

revision = "b83f1d62c0a9"
down_revision = "e7a41c90b6d2"
branch_labels = None
depends_on = None

STATE = "ck_kernel_mail_a_mail_has_a_state"
BEFORE = "'queued', 'sent', 'kept', 'failed', 'held', 'dropped'"
TABLE = "kernel_refused_address"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("is_by_hand", sa.Boolean(), nullable=False),
        sa.CheckConstraint("address = lower(address)", name=op.f(f"ck_{TABLE}_a_refused_address_is_folded")),
        sa.CheckConstraint("said <> ''", name=op.f(f"ck_{TABLE}_a_refusal_says_why")),
        sa.ForeignKeyConstraint(["mail_id"], ["kernel_mail.id"], name=op.f(f"fk_{TABLE}_mail_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("address", name=op.f(f"uq_{TABLE}_address")),
    )
    op.create_index(op.f(f"ix_{TABLE}_mail_id"), TABLE, ["mail_id"], unique=False)
    _states(f"{BEFORE}, 'refused'")


def downgrade() -> None:
    op.execute("UPDATE kernel_mail SET state = 'failed' WHERE state = 'refused'")
    _states(BEFORE)
    op.drop_table(TABLE)


def _states(known: str) -> None:
    with op.batch_alter_table("kernel_mail") as batch:
        batch.drop_constraint(op.f(STATE), type_="check")
        batch.create_check_constraint(op.f(STATE), f"state IN ({known})")
