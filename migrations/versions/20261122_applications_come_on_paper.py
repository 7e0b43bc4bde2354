"""Applications come on paper: tables of them are imported, and each says that it came so."""

import sqlalchemy as sa
from alembic import op

from inspire_lms.kernel.db import Moment

revision = "8f16d2c0b7e4"
down_revision = "7e21c5d08f4b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "online_call_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("read_at", Moment(), nullable=False),
        sa.Column("read_by", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_online_call_import_whoever_confirms_has_a_name")
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (file_id IS NOT NULL)", name=op.f("ck_online_call_import_the_table_is_kept_until_it_is_confirmed")
        ),
        sa.CheckConstraint("confirmed_at IS NULL OR source <> ''", name=op.f("ck_online_call_import_what_is_confirmed_has_a_source")),
        sa.CheckConstraint(
            "written >= 0 AND left_out >= 0 AND accounts >= 0", name=op.f("ck_online_call_import_rows_are_counted_from_nought")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["online_call_call.id"], name=op.f("fk_online_call_import_call_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["people_person.id"], name=op.f("fk_online_call_import_confirmed_by")),
        sa.ForeignKeyConstraint(["file_id"], ["kernel_file.id"], name=op.f("fk_online_call_import_file_id")),
        sa.ForeignKeyConstraint(["read_by"], ["people_person.id"], name=op.f("fk_online_call_import_read_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_call_import")),
        sa.UniqueConstraint("call_id", "digest", name=op.f("uq_online_call_import_call_id_digest")),
    )
    op.create_index(op.f("ix_online_call_import_confirmed_by"), "online_call_import", ["confirmed_by"])
    op.create_index(op.f("ix_online_call_import_file_id"), "online_call_import", ["file_id"])
    op.create_index(op.f("ix_online_call_import_read_by"), "online_call_import", ["read_by"])

    op.create_table(
        "online_call_imported",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.CheckConstraint("line >= 1", name=op.f("ck_online_call_imported_lines_begin_with_one")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["online_call_application.id"], name=op.f("fk_online_call_imported_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["import_id"], ["online_call_import.id"], name=op.f("fk_online_call_imported_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_call_imported")),
        sa.UniqueConstraint("application_id", name=op.f("uq_online_call_imported_application_id")),
        sa.UniqueConstraint("import_id", "line", name=op.f("uq_online_call_imported_import_id_line")),
    )


def downgrade() -> None:
    op.drop_table("online_call_imported")
    op.drop_index(op.f("ix_online_call_import_read_by"), table_name="online_call_import")
    op.drop_index(op.f("ix_online_call_import_file_id"), table_name="online_call_import")
    op.drop_index(op.f("ix_online_call_import_confirmed_by"), table_name="online_call_import")
    op.drop_table("online_call_import")
