"""A revocation says until when somebody may appeal against it: what the holder was told does not change with the scheme."""

import sqlalchemy as sa
from alembic import op

from inspire_lms.kernel.db import Moment

revision = "c94e2ab81d37"
down_revision = "b3d1f07c52aa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("certificate_revocation", sa.Column("appeal_until", Moment(), nullable=True))


def downgrade() -> None:
    op.drop_column("certificate_revocation", "appeal_until")
