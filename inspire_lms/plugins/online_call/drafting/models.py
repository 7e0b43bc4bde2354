"""What is kept about drafts beside the draft itself."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from inspire_lms.kernel.db import Base, Id, ref


class DraftReminder(Base):
    """That somebody wants to be reminded, before the call closes, of an application that is still a draft then."""

    __tablename__ = "online_call_draft_reminder"
    __table_args__ = (UniqueConstraint("application_id"),)

    id: Mapped[Id]
    application_id: Mapped[int] = ref("online_call_application.id", index=False, ondelete="CASCADE")
    reminded_for: Mapped[datetime | None]
    """The deadline that the mail was about; None before the first. When a call is prolonged there is another."""
