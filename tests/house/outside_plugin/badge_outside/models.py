"""Badges and who holds them."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from inspire_lms.kernel.db import Base, Id, ref


class Badge(Base):
    """One badge of one person."""

    __tablename__ = "badge_outside_badge"
    __table_args__ = (UniqueConstraint("person_id", "title"), CheckConstraint("title <> ''", name="a_badge_has_a_title"))

    id: Mapped[Id]
    person_id: Mapped[int] = ref("people_person.id")
    title: Mapped[str]
