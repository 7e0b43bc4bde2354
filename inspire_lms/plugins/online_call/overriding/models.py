"""What is kept of a decision that two people make."""

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped

from inspire_lms.kernel.db import Base
from inspire_lms.plugins.online_call.seconding.models import ByTwo

_OPEN = text("state = 'proposed'")


class Override(ByTwo, Base):
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

    is_eligible: Mapped[bool]
    """What is proposed; its *reason* is read by the applicant once it is confirmed."""
    found: Mapped[str]
    """What the rules had found together."""
