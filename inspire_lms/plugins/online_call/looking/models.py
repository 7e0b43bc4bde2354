"""What is kept of a look at an application."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from inspire_lms.kernel.db import Base, Id, ref


class Office(StrEnum):
    """As what somebody looked."""

    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    EVALUATOR = "evaluator"
    """The applicant reads the office and never the name: who evaluates stays unknown."""


class What(StrEnum):
    """What was looked at; each is the name of a column."""

    ANSWERS = "saw_answers"
    DOCUMENT = "saw_document"
    EXPORT = "was_exported"


class Look(Base):
    """That one person looked at one application on one day, and at what of it."""

    __tablename__ = "online_call_look"
    __table_args__ = (
        UniqueConstraint("application_id", "by_id", "day"),
        CheckConstraint("office IN ('coordinator', 'administrator', 'evaluator')", name="office_is_known"),
        CheckConstraint("saw_answers OR saw_document OR was_exported", name="a_look_saw_something"),
    )

    id: Mapped[Id]
    application_id: Mapped[int] = ref("online_call_application.id", index=False, ondelete="CASCADE")
    by_id: Mapped[int] = ref("people_person.id")
    day: Mapped[date]
    """The day in the zone of the country."""
    first_at: Mapped[datetime]
    """The first look of the day."""
    office: Mapped[str]
    saw_answers: Mapped[bool]
    saw_document: Mapped[bool]
    was_exported: Mapped[bool]
    """True when it stood in a file that was taken away."""
