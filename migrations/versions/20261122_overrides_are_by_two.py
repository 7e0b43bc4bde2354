"""A decision other than what the rules of eligibility found is proposed by one person and confirmed by another."""

import sqlalchemy as sa
from alembic import op

from inspire_lms.kernel.db import Moment

revision = "64d2a7f0b3c8"
down_revision = "1f6b0c9d27e4"
branch_labels = None
depends_on = None

TABLE = "online_call_override"
CHECKS = {
    "finding_is_known": "found IN ('pass', 'fail', 'unknown')",
    "state_is_known": "state IN ('proposed', 'confirmed', 'sent_back', 'taken_back', 'dropped')",
    "a_proposal_has_a_reason": "reason <> ''",
    "only_an_open_one_waits": "(state = 'proposed') = (answered_at IS NULL)",
    "an_answer_is_somebodys": "(state IN ('proposed', 'dropped')) = (answered_by_id IS NULL)",
    "a_second_person_answers": "state NOT IN ('confirmed', 'sent_back') OR answered_by_id <> proposed_by_id",
    "sending_back_has_a_reason": "state <> 'sent_back' OR answer <> ''",
}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("is_eligible", sa.Boolean(), nullable=False),
        sa.Column("found", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{TABLE}_{name}")) for name, rule in CHECKS.items()),
        sa.ForeignKeyConstraint(
            ["application_id"], ["online_call_application.id"], name=op.f(f"fk_{TABLE}_application_id_online_call_application"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["people_person.id"], name=op.f(f"fk_{TABLE}_proposed_by_id_people_person")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people_person.id"], name=op.f(f"fk_{TABLE}_answered_by_id_people_person")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    for column in ("application_id", "proposed_by_id", "answered_by_id"):
        op.create_index(op.f(f"ix_{TABLE}_{column}"), TABLE, [column], unique=False)
    is_open = sa.text("state = 'proposed'")
    op.create_index(f"uq_{TABLE}_open", TABLE, ["application_id"], unique=True, sqlite_where=is_open, postgresql_where=is_open)


def downgrade() -> None:
    op.drop_index(f"uq_{TABLE}_open", table_name=TABLE)
    for column in ("answered_by_id", "proposed_by_id", "application_id"):
        op.drop_index(op.f(f"ix_{TABLE}_{column}"), table_name=TABLE)
    op.drop_table(TABLE)
