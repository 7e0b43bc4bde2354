"""Frameworks of competences, and the units in which they are taught."""

from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspire_lms.kernel.db import Base, Id, Words, ref


class Framework(Base):
    """Competences, levels and units that belong together; editions share it."""

    __tablename__ = "curriculum_framework"
    __table_args__ = (UniqueConstraint("code"), CheckConstraint("code <> ''", name="a_framework_has_a_code"))

    id: Mapped[Id]
    code: Mapped[str]
    title: Mapped[Words]


class Level(Base):
    """One step of proficiency, the same for all competences of a framework."""

    __tablename__ = "curriculum_level"
    __table_args__ = (UniqueConstraint("framework_id", "number"), CheckConstraint("number >= 1", name="levels_count_from_one"))

    id: Mapped[Id]
    framework_id: Mapped[int] = ref("curriculum_framework.id", index=False)
    number: Mapped[int]
    title: Mapped[Words]
    about: Mapped[Words]
    """What somebody at this level does."""


class Competence(Base):
    """Something that a person can learn and show."""

    __tablename__ = "curriculum_competence"
    __table_args__ = (
        UniqueConstraint("framework_id", "code"),
        CheckConstraint("place >= 1", name="competences_count_from_one"),
        CheckConstraint("code <> ''", name="a_competence_has_a_code"),
    )

    id: Mapped[Id]
    framework_id: Mapped[int] = ref("curriculum_framework.id", index=False)
    code: Mapped[str]
    place: Mapped[int]
    """Its place in the framework, from 1."""
    title: Mapped[Words]
    about: Mapped[Words]
    alignments: Mapped[list[Any]] = mapped_column(server_default="[]")
    """Where public frameworks describe the same: each with url, name and framework, such as ESCO."""


class Unit(Base):
    """One unit of the course, taught in one webinar and studied around it."""

    __tablename__ = "curriculum_unit"
    __table_args__ = (
        UniqueConstraint("framework_id", "number"),
        CheckConstraint("number >= 1", name="units_count_from_one"),
        CheckConstraint("live_minutes >= 0 AND study_minutes >= 0", name="time_is_not_negative"),
    )

    id: Mapped[Id]
    framework_id: Mapped[int] = ref("curriculum_framework.id", index=False)
    number: Mapped[int]
    title: Mapped[Words]
    live_minutes: Mapped[int]
    study_minutes: Mapped[int]
    outcomes: Mapped[list["LearningOutcome"]] = relationship(
        order_by="LearningOutcome.place", lazy="selectin", cascade="all, delete-orphan", back_populates="unit"
    )


class LearningOutcome(Base):
    """What a person can do after a unit."""

    __tablename__ = "curriculum_learning_outcome"
    __table_args__ = (
        UniqueConstraint("unit_id", "place"),
        CheckConstraint("place >= 1", name="outcomes_count_from_one"),
    )

    id: Mapped[Id]
    unit_id: Mapped[int] = ref("curriculum_unit.id", index=False)
    place: Mapped[int]
    """Its place in the unit, from 1: outcome 2 of unit 3 is shown as 3.2."""
    competence_id: Mapped[int] = ref("curriculum_competence.id")
    level_id: Mapped[int] = ref("curriculum_level.id")
    text: Mapped[Words]
    unit: Mapped[Unit] = relationship(back_populates="outcomes")
    competence: Mapped[Competence] = relationship(lazy="joined", innerjoin=True)
    level: Mapped[Level] = relationship(lazy="joined", innerjoin=True)
