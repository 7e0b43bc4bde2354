"""Lists are published first provisionally and then finally; applicants appeal; the public list has a last day."""

import sqlalchemy as sa
from alembic import op

from inspire_lms.kernel.db import Moment

revision = "c41d7a90e6b3"
down_revision = "b3d8071fe64a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    days = sa.CheckConstraint("appeal_days BETWEEN 0 AND 30", name=op.f("ck_online_call_call_appeals_have_days"))
    op.add_column("online_call_call", sa.Column("appeal_days", sa.Integer(), days, server_default="0", nullable=False))
    op.add_column("online_call_call", sa.Column("public_until", sa.Date(), nullable=True))
    _publications()
    _appeals()
    _corrections()


def _publications() -> None:
    op.create_table(
        "online_call_publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.Column("appeal_until", Moment(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("follows", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.JSON(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_online_call_publication_publications_are_numbered_from_one")),
        sa.CheckConstraint("kind IN ('provisional', 'final', 'corrected')", name=op.f("ck_online_call_publication_kind_is_known")),
        sa.CheckConstraint(
            "(kind = 'provisional') = (appeal_until IS NOT NULL)",
            name=op.f("ck_online_call_publication_only_a_provisional_one_waits"),
        ),
        sa.CheckConstraint("(number = 1) = (follows = '')", name=op.f("ck_online_call_publication_each_follows_the_one_before")),
        sa.CheckConstraint("(kind = 'corrected') = (reason <> '')", name=op.f("ck_online_call_publication_a_correction_has_a_reason")),
        sa.ForeignKeyConstraint(["call_id"], ["online_call_call.id"], name=op.f("fk_online_call_publication_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_call_publication")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_online_call_publication_call_id_number")),
    )
    once = sa.text("kind <> 'corrected'")
    op.create_index(
        "uq_online_call_publication_kind", "online_call_publication", ["call_id", "kind"], unique=True, sqlite_where=once, postgresql_where=once
    )


def _appeals() -> None:
    op.create_table(
        "online_call_appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("grounds", sa.String(), nullable=False),
        sa.Column("filed_at", Moment(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_online_call_appeal_appeals_are_numbered_from_one")),
        sa.CheckConstraint("about IN ('eligibility', 'points')", name=op.f("ck_online_call_appeal_about_is_known")),
        sa.CheckConstraint("state IN ('open', 'withdrawn', 'upheld', 'dismissed')", name=op.f("ck_online_call_appeal_state_is_known")),
        sa.CheckConstraint("grounds <> ''", name=op.f("ck_online_call_appeal_an_appeal_says_why")),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_online_call_appeal_only_a_withdrawn_one_was_withdrawn")
        ),
        sa.CheckConstraint(
            "(state IN ('upheld', 'dismissed')) = (answered_at IS NOT NULL)",
            name=op.f("ck_online_call_appeal_only_an_answered_one_has_a_time"),
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)", name=op.f("ck_online_call_appeal_an_answer_is_somebodys")
        ),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f("ck_online_call_appeal_an_answer_has_a_reason")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people_person.id"], name=op.f("fk_online_call_appeal_answered_by_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["online_call_application.id"], name=op.f("fk_online_call_appeal_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["publication_id"], ["online_call_publication.id"], name=op.f("fk_online_call_appeal_publication_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_call_appeal")),
        sa.UniqueConstraint("publication_id", "application_id", name=op.f("uq_online_call_appeal_publication_id_application_id")),
        sa.UniqueConstraint("publication_id", "number", name=op.f("uq_online_call_appeal_publication_id_number")),
    )
    for column in ("application_id", "answered_by_id"):
        op.create_index(op.f(f"ix_online_call_appeal_{column}"), "online_call_appeal", [column])


def _corrections() -> None:
    op.create_table(
        "online_call_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'reopened', 'published', 'sent_back', 'taken_back')",
            name=op.f("ck_online_call_correction_state_is_known"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_online_call_correction_a_correction_has_a_reason")),
        sa.CheckConstraint("(state = 'proposed') = (answered_at IS NULL)", name=op.f("ck_online_call_correction_only_a_proposed_one_waits")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)", name=op.f("ck_online_call_correction_an_answer_is_somebodys")
        ),
        sa.CheckConstraint(
            "state NOT IN ('reopened', 'published', 'sent_back') OR answered_by_id <> proposed_by_id",
            name=op.f("ck_online_call_correction_a_second_person_answers"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["online_call_application.id"], name=op.f("fk_online_call_correction_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["people_person.id"], name=op.f("fk_online_call_correction_proposed_by_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people_person.id"], name=op.f("fk_online_call_correction_answered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_call_correction")),
    )
    for column in ("application_id", "proposed_by_id", "answered_by_id"):
        op.create_index(op.f(f"ix_online_call_correction_{column}"), "online_call_correction", [column])
    opened = sa.text("state IN ('proposed', 'reopened')")
    op.create_index(
        "uq_online_call_correction_open", "online_call_correction", ["application_id"], unique=True, sqlite_where=opened, postgresql_where=opened
    )


def downgrade() -> None:
    op.drop_index("uq_online_call_correction_open", table_name="online_call_correction")
    for column in ("answered_by_id", "proposed_by_id", "application_id"):
        op.drop_index(op.f(f"ix_online_call_correction_{column}"), table_name="online_call_correction")
    op.drop_table("online_call_correction")
    for column in ("answered_by_id", "application_id"):
        op.drop_index(op.f(f"ix_online_call_appeal_{column}"), table_name="online_call_appeal")
    op.drop_table("online_call_appeal")
    op.drop_index("uq_online_call_publication_kind", table_name="online_call_publication")
    op.drop_table("online_call_publication")
    op.drop_column("online_call_call", "public_until")
    op.drop_column("online_call_call", "appeal_days")
