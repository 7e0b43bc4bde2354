"""What is kept of a conflict of interest that a coordinator has declared."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from inspire_lms.kernel.db import Base, Id, ref


class Recusal(Base):
    """That somebody who decides in a country does not decide about one application, by the own word. It is not taken back."""

    __tablename__ = "online_call_recusal"
    __table_args__ = (
        UniqueConstraint("application_id", "person_id"),
        CheckConstraint("what <> ''", name="it_says_what_the_conflict_is"),
    )

    id: Mapped[Id]
    application_id: Mapped[int] = ref("online_call_application.id", index=False, ondelete="CASCADE")
    person_id: Mapped[int] = ref("people_person.id")
    declared_at: Mapped[datetime]
    what: Mapped[str]
    """In a few words, for the minutes; on the pages of the committee only that there is a conflict."""
