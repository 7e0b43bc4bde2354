"""Competences say where public frameworks describe the same, for the digital credential."""

import sqlalchemy as sa
from alembic import op

revision = "5d0a9c3be417"
down_revision = "772ba343cfdb"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("curriculum_competence", sa.Column("alignments", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("curriculum_competence", "alignments")
