"""What is kept of an appeal."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspire_lms.kernel.db import Base, Id, ref
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.publishing.models import Publication


class Appeal(Base):
    """An applicant's words against one publication, and the answer."""

    __tablename__ = "online_call_appeal"
    __table_args__ = (
        UniqueConstraint("publication_id", "application_id"),
        UniqueConstraint("publication_id", "number"),
        CheckConstraint("number >= 1", name="appeals_are_numbered_from_one"),
        CheckConstraint("about IN ('eligibility', 'points')", name="about_is_known"),
        CheckConstraint("state IN ('open', 'withdrawn', 'upheld', 'dismissed')", name="state_is_known"),
        CheckConstraint("grounds <> ''", name="an_appeal_says_why"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="only_a_withdrawn_one_was_withdrawn"),
        CheckConstraint("(state IN ('upheld', 'dismissed')) = (answered_at IS NOT NULL)", name="only_an_answered_one_has_a_time"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="an_answer_is_somebodys"),
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="an_answer_has_a_reason"),
    )

    id: Mapped[Id]
    publication_id: Mapped[int] = ref("online_call_publication.id", index=False)
    application_id: Mapped[int] = ref("online_call_application.id", ondelete="CASCADE")
    number: Mapped[int]
    """From 1 in each publication."""
    about: Mapped[str]
    """What it is against: that the application does not take part, or its points."""
    grounds: Mapped[str]
    filed_at: Mapped[datetime]
    state: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = ref("people_person.id")
    answer: Mapped[str] = mapped_column(default="")
    """The applicant reads it; of an upheld one about points, the evaluators too."""

    application: Mapped[Application] = relationship(lazy="joined", innerjoin=True)
    publication: Mapped[Publication] = relationship(lazy="joined", innerjoin=True)

    @property
    def cohort_id(self) -> int:
        """The cohort that is being selected."""
        return self.application.cohort_id

    @property
    def label(self) -> str:
        """The number on the receipt: that of the application, of the list and of the appeal, as in INSPIREPA-IT-2026-000123/1-4."""
        return f"{self.application.protocol_number}/{self.publication.number}-{self.number}"
