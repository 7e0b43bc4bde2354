"""Certificates in full: schemes last, seals have levels, names are confirmed, decisions are appealed, checks counted."""

import sqlalchemy as sa
from alembic import op

from inspire_lms.kernel.db import Moment, WordsType

revision = "772ba343cfdb"
down_revision = "4c1d7a90be26"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate_checks_of_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_certificate_checks_of_day_checks_are_counted_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_checks_of_day")),
        sa.UniqueConstraint("day", "way", "answer", name=op.f("uq_certificate_checks_of_day_day_way_answer")),
    )
    op.create_table(
        "certificate_name_confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("latin_name", sa.String(), nullable=True),
        sa.CheckConstraint("(confirmed_at IS NULL) = (name IS NULL)", name=op.f("ck_certificate_name_confirmation_an_answer_is_a_name")),
        sa.CheckConstraint("(name IS NULL) = (latin_name IS NULL)", name=op.f("ck_certificate_name_confirmation_both_forms_or_none")),
        sa.ForeignKeyConstraint(["cohort_id"], ["programmes_cohort.id"], name=op.f("fk_certificate_name_confirmation_cohort_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people_person.id"], name=op.f("fk_certificate_name_confirmation_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_name_confirmation")),
        sa.UniqueConstraint("cohort_id", "person_id", name=op.f("uq_certificate_name_confirmation_cohort_id_person_id")),
    )
    op.create_index(op.f("ix_certificate_name_confirmation_person_id"), "certificate_name_confirmation", ["person_id"])

    op.create_table(
        "certificate_refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("appeal_until", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["certificate_batch.id"], name=op.f("fk_certificate_refusal_batch_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people_person.id"], name=op.f("fk_certificate_refusal_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_refusal")),
        sa.UniqueConstraint("batch_id", "person_id", name=op.f("uq_certificate_refusal_batch_id_person_id")),
    )
    op.create_index(op.f("ix_certificate_refusal_person_id"), "certificate_refusal", ["person_id"])

    op.create_table(
        "certificate_prolonged",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=True),
        sa.CheckConstraint("level IN ('B-B', 'B-T', 'B-LTA')", name=op.f("ck_certificate_prolonged_a_form_has_a_level")),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate_certificate.id"], name=op.f("fk_certificate_prolonged_certificate_id")),
        sa.ForeignKeyConstraint(["file_id"], ["kernel_file.id"], name=op.f("fk_certificate_prolonged_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_prolonged")),
        sa.UniqueConstraint("certificate_id", "level", "made_at", name=op.f("uq_certificate_prolonged_certificate_id_level_made_at")),
        sa.UniqueConstraint("digest", name=op.f("uq_certificate_prolonged_digest")),
    )
    op.create_index(op.f("ix_certificate_prolonged_file_id"), "certificate_prolonged", ["file_id"])

    op.create_table(
        "certificate_appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("refusal_id", sa.Integer(), nullable=True),
        sa.Column("revocation_id", sa.Integer(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("grounds", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.CheckConstraint("(state = 'open') = (answered_at IS NULL)", name=op.f("ck_certificate_appeal_what_is_answered_has_a_time")),
        sa.CheckConstraint("grounds <> ''", name=op.f("ck_certificate_appeal_an_appeal_has_grounds")),
        sa.CheckConstraint("state IN ('open', 'upheld', 'dismissed')", name=op.f("ck_certificate_appeal_an_appeal_has_a_state")),
        sa.CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name=op.f("ck_certificate_appeal_an_answer_has_words")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)", name=op.f("ck_certificate_appeal_an_answer_has_somebody_who_gave_it")
        ),
        sa.CheckConstraint(
            "(refusal_id IS NULL) <> (revocation_id IS NULL)", name=op.f("ck_certificate_appeal_an_appeal_is_against_one_thing")
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people_person.id"], name=op.f("fk_certificate_appeal_answered_by_id")),
        sa.ForeignKeyConstraint(["cohort_id"], ["programmes_cohort.id"], name=op.f("fk_certificate_appeal_cohort_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people_person.id"], name=op.f("fk_certificate_appeal_person_id")),
        sa.ForeignKeyConstraint(["refusal_id"], ["certificate_refusal.id"], name=op.f("fk_certificate_appeal_refusal_id")),
        sa.ForeignKeyConstraint(["revocation_id"], ["certificate_revocation.id"], name=op.f("fk_certificate_appeal_revocation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_appeal")),
        sa.UniqueConstraint("refusal_id", name=op.f("uq_certificate_appeal_refusal_id")),
        sa.UniqueConstraint("revocation_id", name=op.f("uq_certificate_appeal_revocation_id")),
    )
    op.create_index(op.f("ix_certificate_appeal_answered_by_id"), "certificate_appeal", ["answered_by_id"])
    op.create_index(op.f("ix_certificate_appeal_cohort_id"), "certificate_appeal", ["cohort_id"])
    op.create_index(op.f("ix_certificate_appeal_person_id"), "certificate_appeal", ["person_id"])

    # Conditions stand within the columns, since SQLite adds none to a table that is there; the kind is the one that changes.
    _kinds("'competence', 'attendance', 'certification'")
    op.add_column(
        "certificate_certificate",
        sa.Column(
            "level",
            sa.String(),
            sa.CheckConstraint("level IN ('B-B', 'B-T', 'B-LTA')", name=op.f("ck_certificate_certificate_a_seal_has_a_level")),
            server_default="B-B",
            nullable=False,
        ),
    )
    op.add_column(
        "certificate_certificate",
        sa.Column(
            "expires_on",
            sa.Date(),
            sa.CheckConstraint(
                "expires_on IS NULL OR expires_on > issued_on", name=op.f("ck_certificate_certificate_it_ends_after_it_began")
            ),
            nullable=True,
        ),
    )
    op.add_column("certificate_certificate", sa.Column("credential", sa.String(), nullable=True))

    op.add_column("certificate_scheme", sa.Column("core_competences", sa.JSON(), server_default="[]", nullable=False))
    op.add_column(
        "certificate_scheme",
        sa.Column(
            "competence_percent",
            sa.Integer(),
            sa.CheckConstraint(
                "competence_percent BETWEEN 1 AND 100", name=op.f("ck_certificate_scheme_a_competence_asks_for_a_percentage")
            ),
            nullable=True,
        ),
    )
    op.add_column(
        "certificate_scheme",
        sa.Column(
            "top",
            sa.String(),
            sa.CheckConstraint(
                "top IN ('competence', 'certification')", name=op.f("ck_certificate_scheme_who_has_met_all_gets_a_document")
            ),
            server_default="competence",
            nullable=False,
        ),
    )
    op.add_column(
        "certificate_scheme",
        sa.Column(
            "validity_months",
            sa.Integer(),
            sa.CheckConstraint("validity_months BETWEEN 1 AND 600", name=op.f("ck_certificate_scheme_validity_is_counted_in_months")),
            nullable=True,
        ),
    )
    op.add_column(
        "certificate_scheme",
        sa.Column(
            "appeal_days",
            sa.Integer(),
            sa.CheckConstraint("appeal_days BETWEEN 1 AND 365", name=op.f("ck_certificate_scheme_an_appeal_has_its_days")),
            server_default="15",
            nullable=False,
        ),
    )
    op.add_column("certificate_scheme", sa.Column("certification_title", WordsType(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("certificate_scheme", "certification_title")
    op.drop_column("certificate_scheme", "appeal_days")
    op.drop_column("certificate_scheme", "validity_months")
    op.drop_column("certificate_scheme", "top")
    op.drop_column("certificate_scheme", "competence_percent")
    op.drop_column("certificate_scheme", "core_competences")

    op.drop_column("certificate_certificate", "credential")
    op.drop_column("certificate_certificate", "expires_on")
    op.drop_column("certificate_certificate", "level")

    op.drop_index(op.f("ix_certificate_appeal_person_id"), table_name="certificate_appeal")
    op.drop_index(op.f("ix_certificate_appeal_cohort_id"), table_name="certificate_appeal")
    op.drop_index(op.f("ix_certificate_appeal_answered_by_id"), table_name="certificate_appeal")

    op.drop_table("certificate_appeal")
    op.drop_index(op.f("ix_certificate_prolonged_file_id"), table_name="certificate_prolonged")

    op.drop_table("certificate_prolonged")
    op.drop_index(op.f("ix_certificate_refusal_person_id"), table_name="certificate_refusal")

    op.drop_table("certificate_refusal")
    op.drop_index(op.f("ix_certificate_name_confirmation_person_id"), table_name="certificate_name_confirmation")

    op.drop_table("certificate_name_confirmation")
    op.drop_table("certificate_checks_of_day")
    _kinds("'competence', 'attendance'")


def _kinds(listed: str) -> None:
    """Let a certificate be of one of the kinds *listed*."""
    name = op.f("ck_certificate_certificate_a_certificate_has_a_kind")
    with op.batch_alter_table("certificate_certificate") as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, f"kind IN ({listed})")
