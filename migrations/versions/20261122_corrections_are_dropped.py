"""A correction comes to nothing when its application is withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "e7a41c90b6d2"
down_revision = "e7b20c5d914f"
branch_labels = None
depends_on = None

TABLE, OPEN = "online_call_correction", "uq_online_call_correction_open"
STATE, ANSWER = f"ck_{TABLE}_state_is_known", f"ck_{TABLE}_an_answer_is_somebodys"
BEFORE = "'proposed', 'reopened', 'published', 'sent_back', 'taken_back'"


def upgrade() -> None:
    _rules(f"{BEFORE}, 'dropped'", "state = 'dropped' OR (state = 'proposed') = (answered_by_id IS NULL)")


def downgrade() -> None:
    # What nobody had answered was taken back, in the name of who had proposed it: that is all that was known before.
    op.execute("UPDATE online_call_correction SET answered_by_id = coalesce(answered_by_id, proposed_by_id) WHERE state = 'dropped'")
    op.execute("UPDATE online_call_correction SET state = 'taken_back' WHERE state = 'dropped'")
    _rules(BEFORE, "(answered_at IS NULL) = (answered_by_id IS NULL)")


def _rules(known: str, answer: str) -> None:
    op.drop_index(OPEN, table_name=TABLE)
    with op.batch_alter_table(TABLE) as batch:
        for name, rule in ((STATE, f"state IN ({known})"), (ANSWER, answer)):
            batch.drop_constraint(op.f(name), type_="check")
            batch.create_check_constraint(op.f(name), rule)
    opened = sa.text("state IN ('proposed', 'reopened')")
    op.create_index(OPEN, TABLE, ["application_id"], unique=True, sqlite_where=opened, postgresql_where=opened)
