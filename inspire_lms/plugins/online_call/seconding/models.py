"""What is kept of everything that one person proposes and another answers."""

from datetime import datetime

from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from inspire_lms.kernel.db import Id, ref
from inspire_lms.plugins.online_call.models import Application


class ByTwo:
    """A proposal about an application, and what a second person answered.

    Each table says what its states are, and ties them to the columns.
    """

    id: Mapped[Id]
    application_id: Mapped[int] = ref("online_call_application.id", ondelete="CASCADE")
    reason: Mapped[str]
    state: Mapped[str]
    proposed_by_id: Mapped[int] = ref("people_person.id")
    proposed_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = ref("people_person.id")
    """None while it waits, and when it came to nothing before anybody had answered."""
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    """What the second person wrote to the first; the applicant does not read it."""

    @declared_attr
    def application(cls) -> Mapped[Application]:  # noqa: N805 (the class that gets it)
        """Give the application that it is about."""
        return relationship(lazy="joined", innerjoin=True)

    @property
    def cohort_id(self) -> int:
        """The cohort that is being selected."""
        return self.application.cohort_id
