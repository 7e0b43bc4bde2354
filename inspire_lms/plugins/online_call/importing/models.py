"""What is kept of an import: the table that was read, and which applications came through it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspire_lms.kernel.db import Base, Id, ref
from inspire_lms.plugins.online_call.models import Call


class Import(Base):
    """One table of applications that was handed in for a call; nothing of it is written before it is confirmed."""

    __tablename__ = "online_call_import"
    __table_args__ = (
        UniqueConstraint("call_id", "digest"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="whoever_confirms_has_a_name"),
        CheckConstraint("(confirmed_at IS NULL) = (file_id IS NOT NULL)", name="the_table_is_kept_until_it_is_confirmed"),
        CheckConstraint("confirmed_at IS NULL OR source <> ''", name="what_is_confirmed_has_a_source"),
        CheckConstraint("written >= 0 AND left_out >= 0 AND accounts >= 0", name="rows_are_counted_from_nought"),
    )

    id: Mapped[Id]
    call_id: Mapped[int] = ref("online_call_call.id", index=False)
    digest: Mapped[str]
    """SHA-256 of the table, in hexadecimal: the same one writes nothing twice."""
    name: Mapped[str]
    size: Mapped[int]
    """Bytes."""
    file_id: Mapped[int | None] = ref("kernel_file.id")
    answers: Mapped[dict[str, Any]]
    """What was answered about doubtful rows: the row's number, and a key of rules.Doubt.options. Empty once it is confirmed."""
    read_at: Mapped[datetime]
    read_by: Mapped[int] = ref("people_person.id")
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = ref("people_person.id")
    source: Mapped[str] = mapped_column(default="")
    """Where the applications come from and why they are entered so, in the words of whoever confirmed."""
    written: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    accounts: Mapped[int] = mapped_column(default=0)
    """How many accounts were prepared."""

    call: Mapped[Call] = relationship(lazy="joined", innerjoin=True)

    @property
    def cohort_id(self) -> int:
        """The cohort for which people apply."""
        return self.call.cohort_id


class Imported(Base):
    """Says of an application that it came through an import."""

    __tablename__ = "online_call_imported"
    __table_args__ = (
        UniqueConstraint("application_id"),
        UniqueConstraint("import_id", "line"),
        CheckConstraint("line >= 1", name="lines_begin_with_one"),
    )

    id: Mapped[Id]
    application_id: Mapped[int] = ref("online_call_application.id", index=False, ondelete="CASCADE")
    import_id: Mapped[int] = ref("online_call_import.id", index=False)
    line: Mapped[int]
    """Of the table, as the spreadsheet shows it."""
