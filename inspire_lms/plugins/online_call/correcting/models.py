"""What is kept of a correction."""

from sqlalchemy import CheckConstraint, Index, text

from inspire_lms.kernel.db import Base
from inspire_lms.plugins.online_call.seconding.models import ByTwo

_OPEN = text("state IN ('proposed', 'reopened')")


class Correction(ByTwo, Base):
    """That one application is opened again after the final list: proposed by one person, confirmed or sent back by another.

    Its *reason* is a late appeal, the decision of a court, a mistake of our own. It stands in the corrected list and in the minutes.
    """

    __tablename__ = "online_call_correction"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'reopened', 'published', 'sent_back', 'taken_back', 'dropped')", name="state_is_known"),
        CheckConstraint("reason <> ''", name="a_correction_has_a_reason"),
        CheckConstraint("(state = 'proposed') = (answered_at IS NULL)", name="only_a_proposed_one_waits"),
        CheckConstraint("state = 'dropped' OR (state = 'proposed') = (answered_by_id IS NULL)", name="an_answer_is_somebodys"),
        CheckConstraint(
            "state NOT IN ('reopened', 'published', 'sent_back') OR answered_by_id <> proposed_by_id", name="a_second_person_answers"
        ),
        Index("uq_online_call_correction_open", "application_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
