"""A coordinator can declare a conflict of interest about an application."""

import sqlalchemy as sa
from alembic import op

from inspire_lms.kernel.db import Moment

revision = "c4d09e6b71f3"
down_revision = "a90c53e7d1f4"
branch_labels = None
depends_on = None

TABLE = "online_call_recusal"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("declared_at", Moment(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.CheckConstraint("what <> ''", name=op.f(f"ck_{TABLE}_it_says_what_the_conflict_is")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["online_call_application.id"], name=op.f(f"fk_{TABLE}_application_id_online_call_application"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people_person.id"], name=op.f(f"fk_{TABLE}_person_id_people_person")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("application_id", "person_id", name=op.f(f"uq_{TABLE}_application_id_person_id")),
    )
    op.create_index(op.f(f"ix_{TABLE}_person_id"), TABLE, ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f(f"ix_{TABLE}_person_id"), table_name=TABLE)
    op.drop_table(TABLE)
