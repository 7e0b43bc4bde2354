"""What is kept of a request to a superior. It holds data of a third person: no more than is needed, and no longer than the application."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspire_lms.kernel.db import Base, Id, Words, ref
from inspire_lms.plugins.online_call.authorising.rules import Asked, RequestState
from inspire_lms.plugins.online_call.models import Application


class Authorisation(Base):
    """One question of one application that a superior was asked to answer; asking again writes over it, so that the old link dies."""

    __tablename__ = "online_call_authorisation"
    __table_args__ = (
        UniqueConstraint("application_id", "question"),
        UniqueConstraint("digest"),
        UniqueConstraint("reminder_digest"),
        CheckConstraint("state IN ('asked', 'given', 'refused', 'expired')", name="state_is_known"),
        CheckConstraint("(state IN ('given', 'refused')) = (answered_at IS NOT NULL)", name="only_an_answer_has_a_time"),
        CheckConstraint("times >= 1", name="it_was_asked_once_at_least"),
        CheckConstraint("expires_at > asked_at", name="a_link_works_for_a_while"),
        CheckConstraint("(reminder_digest IS NULL) = (reminded_at IS NULL)", name="a_reminder_has_a_link"),
        Index("ix_online_call_authorisation_due", "state", "expires_at"),
    )

    id: Mapped[Id]
    application_id: Mapped[int] = ref("online_call_application.id", index=False, ondelete="CASCADE")
    question: Mapped[str]
    state: Mapped[str]
    times: Mapped[int]
    """How often the applicant has asked so far."""
    name: Mapped[str]
    email: Mapped[str] = mapped_column(index=True)
    """Folded, so that requests to one address can be counted."""
    language: Mapped[str]
    sentence: Mapped[Words]
    """What the superior confirms, as it read when the request was made."""
    digest: Mapped[str]
    """Of the token in the mail, which is kept nowhere."""
    reminder_digest: Mapped[str | None]
    """Of the token in the reminder: it works beside the first one."""
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    remind_at: Mapped[datetime | None]
    """None when the link dies too soon for a reminder."""
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")
    """What the superior wrote; applicant and coordinator read it."""

    application: Mapped[Application] = relationship(lazy="joined", innerjoin=True)

    @property
    def asked(self) -> Asked:
        """Give what the rules look at."""
        return Asked(RequestState(self.state), self.times, self.asked_at, self.expires_at)
