"""What is kept of a mending: what was asked for, and what had been there before."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from inspire_lms.kernel.db import Base, Id, ref


class Mending(Base):
    """That an applicant was asked to mend an application; there is one at most for each."""

    __tablename__ = "online_call_mending"
    __table_args__ = (
        UniqueConstraint("application_id"),
        CheckConstraint("sentence <> ''", name="it_says_what_is_asked"),
        CheckConstraint("asked_at < until", name="it_leaves_time"),
        CheckConstraint("mended_at < until", name="it_was_mended_in_time"),
    )

    id: Mapped[Id]
    application_id: Mapped[int] = ref("online_call_application.id", index=False, ondelete="CASCADE")
    asked_by_id: Mapped[int] = ref("people_person.id")
    asked_at: Mapped[datetime]
    until: Mapped[datetime]
    questions: Mapped[list[Any]]
    """Codes, in the order of the form."""
    sentence: Mapped[str]
    """What the coordinator writes to the applicant."""
    mended_at: Mapped[datetime | None]
    before: Mapped[dict[str, Any]]
    """The answers as they had been, by question; empty until it is mended. Files are in Earlier."""
    found: Mapped[dict[str, Any]]
    """What the rules had found before, by rule."""


class Earlier(Base):
    """A file that was there before the application was mended."""

    __tablename__ = "online_call_earlier"
    __table_args__ = (UniqueConstraint("mending_id", "question"),)

    id: Mapped[Id]
    mending_id: Mapped[int] = ref("online_call_mending.id", index=False, ondelete="CASCADE")
    question: Mapped[str]
    file_id: Mapped[int] = ref("kernel_file.id")
    name: Mapped[str]
    size: Mapped[int]
    """Bytes."""
