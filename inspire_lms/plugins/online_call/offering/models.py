"""What is kept of a published ranking and of the places that it gives."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspire_lms.kernel.db import Base, Id, ref
from inspire_lms.plugins.online_call.models import one_of
from inspire_lms.plugins.online_call.rules import Standing


class Ranking(Base):
    """A published ranking: its lines are stored, not computed on view, since it is this list that people answer to."""

    __tablename__ = "online_call_ranking"
    __table_args__ = (CheckConstraint("held BETWEEN 0 AND seats", name="never_more_than_the_seats"),)

    id: Mapped[Id]
    call_id: Mapped[int] = ref("online_call_call.id", index=False, unique=True)
    published_at: Mapped[datetime]
    seats: Mapped[int]
    held: Mapped[int]
    """Places offered or accepted now."""
    digest: Mapped[str]
    """Fingerprint of the list as it was published; see ranking.order.digest."""
    terms: Mapped[dict[str, Any]]
    """What it was found by, as ranking.terms.Terms.stored gives it: with the lines it is enough to find it again."""


class Place(Base):
    """One line of a published ranking and what became of it."""

    __tablename__ = "online_call_place"
    __table_args__ = (
        UniqueConstraint("ranking_id", "position"),
        UniqueConstraint("application_id"),
        CheckConstraint(one_of("standing", Standing), name="standing_is_known"),
        CheckConstraint(
            "standing NOT IN ('offered', 'accepted', 'declined', 'lapsed') OR offered_at IS NOT NULL", name="an_answer_needs_an_offer"
        ),
        CheckConstraint("(offered_at IS NULL) = (offer_until IS NULL)", name="an_offer_has_a_deadline"),
        CheckConstraint("standing NOT IN ('accepted', 'declined') OR answered_at IS NOT NULL", name="an_answer_has_a_time"),
        Index("ix_online_call_place_due", "standing", "offer_until"),
        Index("ix_online_call_place_standing", "ranking_id", "standing"),
    )

    id: Mapped[Id]
    ranking_id: Mapped[int] = ref("online_call_ranking.id", index=False)
    application_id: Mapped[int] = ref("online_call_application.id", index=False)
    position: Mapped[int]
    total: Mapped[Decimal]
    points: Mapped[dict[str, Any]]
    """By criterion code, as texts with two places."""
    groups: Mapped[list[Any]] = mapped_column(default=list)
    """The groups of quotas that the application belonged to when the list was published."""
    moved_by: Mapped[list[Any]] = mapped_column(default=list)
    """The groups that brought it in, or kept it out, at first, other than the order alone would have."""
    settled_by: Mapped[str | None]
    """The step that separated it from the line above with the same total."""
    standing: Mapped[str]
    offered_at: Mapped[datetime | None]
    offer_until: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
