"""What is kept of letters: of which call and kind each is, whether they wait, what is added to them, and what is announced when."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspire_lms.kernel.db import Base, Id, Words, ref
from inspire_lms.kernel.mail import Mail
from inspire_lms.plugins.online_call.models import Call


class Message(Base):
    """Something that is announced by a rule: when, to whom, in what words."""

    __tablename__ = "online_call_message"
    __table_args__ = (
        UniqueConstraint("call_id", "code"),
        CheckConstraint("days BETWEEN -60 AND 60", name="a_rule_is_near_its_day"),
        CheckConstraint("written_at >= due_at", name="nothing_is_written_too_early"),
    )

    id: Mapped[Id]
    call_id: Mapped[int] = ref("online_call_call.id", index=False, ondelete="CASCADE")
    code: Mapped[str]
    days: Mapped[int]
    """After the date of the call; before it when negative."""
    of: Mapped[str]
    """The date of the call, as terms.DATES names it."""
    clock: Mapped[str]
    """Clock time of the country, HH:MM."""
    to: Mapped[str]
    subject: Mapped[Words]
    text: Mapped[Words]
    due_at: Mapped[datetime]
    of_at: Mapped[datetime]
    """When what is announced has come, or its day is over."""
    loaded_at: Mapped[datetime]
    """When this moment was first loaded: what was over then is never written."""
    written_at: Mapped[datetime | None]
    """When the letters had all been written."""

    call: Mapped[Call] = relationship(lazy="joined", innerjoin=True)


class Letter(Base):
    """One mail to an applicant: of which call and kind it is, and what it said before somebody changed it."""

    __tablename__ = "online_call_letter"
    __table_args__ = (
        CheckConstraint("(edited_at IS NULL) = (edited_by_id IS NULL)", name="somebody_edited_it"),
        CheckConstraint("edited_at IS NOT NULL OR text_before = ''", name="only_an_edited_one_was_other"),
        Index("ix_online_call_letter_list", "call_id", "kind"),
    )

    mail_id: Mapped[int] = ref("kernel_mail.id", index=False, ondelete="CASCADE", primary_key=True)
    call_id: Mapped[int] = ref("online_call_call.id", index=False, ondelete="CASCADE")
    kind: Mapped[str]
    """As kinds.KINDS declares it."""
    message_id: Mapped[int | None] = ref("online_call_message.id", ondelete="SET NULL")
    """The rule by which it was announced."""
    edited_at: Mapped[datetime | None]
    edited_by_id: Mapped[int | None] = ref("people_person.id")
    subject_before: Mapped[str] = mapped_column(default="")
    text_before: Mapped[str] = mapped_column(default="")
    """As it was written; emptied with the text of the mail."""

    call: Mapped[Call] = relationship(lazy="joined", innerjoin=True)
    mail: Mapped[Mail] = relationship(lazy="joined", innerjoin=True)

    @property
    def cohort_id(self) -> int:
        """The cohort that the letter is about."""
        return self.call.cohort_id


class Letterbox(Base):
    """Whether letters to the applicants of a call wait until somebody releases them; without a row they go at once."""

    __tablename__ = "online_call_letterbox"

    call_id: Mapped[int] = ref("online_call_call.id", index=False, ondelete="CASCADE", primary_key=True)
    is_closed: Mapped[bool]
    """What may wait waits."""
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = ref("people_person.id")


class Addition(Base):
    """A paragraph that is added to all waiting letters of a kind when they are released, in each of their languages."""

    __tablename__ = "online_call_addition"

    call_id: Mapped[int] = ref("online_call_call.id", index=False, ondelete="CASCADE", primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[Words]
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = ref("people_person.id")
