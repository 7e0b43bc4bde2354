"""What is kept of a decision that two people make."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspire_lms.kernel.db import Base, Id, ref
from inspire_lms.plugins.online_call.models import Application

_OPEN = text("state = 'proposed'")


class Override(Base):
    """A proposal to decide on an application other than the rules did, and what a second person answered."""

    __tablename__ = "online_call_override"
    __table_args__ = (
        CheckConstraint("found IN ('pass', 'fail', 'unknown')", name="finding_is_known"),
        CheckConstraint("state IN ('proposed', 'confirmed', 'sent_back', 'taken_back', 'dropped')", name="state_is_known"),
        CheckConstraint("reason <> ''", name="a_proposal_has_a_reason"),
        CheckConstraint("(state = 'proposed') = (answered_at IS NULL)", name="only_an_open_one_waits"),
        CheckConstraint("(state IN ('proposed', 'dropped')) = (answered_by_id IS NULL)", name="an_answer_is_somebodys"),
        CheckConstraint("state NOT IN ('confirmed', 'sent_back') OR answered_by_id <> proposed_by_id", name="a_second_person_answers"),
        CheckConstraint("state <> 'sent_back' OR answer <> ''", name="sending_back_has_a_reason"),
        Index("uq_online_call_override_open", "application_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[Id]
    application_id: Mapped[int] = ref("online_call_application.id", ondelete="CASCADE")
    is_eligible: Mapped[bool]
    """What is proposed."""
    found: Mapped[str]
    """What the rules had found together."""
    reason: Mapped[str]
    """The applicant reads it once it is confirmed."""
    state: Mapped[str]
    proposed_by_id: Mapped[int] = ref("people_person.id")
    proposed_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = ref("people_person.id")
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    """What the second person wrote to the first; the applicant does not read it."""

    application: Mapped[Application] = relationship(lazy="joined", innerjoin=True)

    @property
    def cohort_id(self) -> int:
        """The cohort that is being selected."""
        return self.application.cohort_id
