"""Badges and who holds them."""

import sqlalchemy as sa
from alembic import op

revision = "badge_outside_1"
down_revision = None
branch_labels = ("badge_outside",)
depends_on = "e76b7c47d947"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "badge_outside_badge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_badge_outside_badge_a_badge_has_a_title")),
        sa.ForeignKeyConstraint(["person_id"], ["people_person.id"], name=op.f("fk_badge_outside_badge_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_outside_badge")),
        sa.UniqueConstraint("person_id", "title", name=op.f("uq_badge_outside_badge_person_id_title")),
    )
    op.create_index(op.f("ix_badge_outside_badge_person_id"), "badge_outside_badge", ["person_id"])


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("badge_outside_badge")
