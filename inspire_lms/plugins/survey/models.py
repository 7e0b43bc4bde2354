"""Surveys, their questions, who took part, and sheets of answers that belong to nobody.

Nothing joins a sheet to a person: it has a random key and no time, and each new one moves all others of the
survey, so that neither the order nor the version of rows tells whose it is (features.md SRV-1).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspire_lms.kernel.db import Base, Id, Words, ref
from inspire_lms.plugins.survey.rules import Kind


class Survey(Base):
    """One survey of one cohort."""

    __tablename__ = "survey_survey"
    __table_args__ = (
        UniqueConstraint("cohort_id", "code"),
        CheckConstraint("closes_at > opens_at", name="it_closes_after_it_opens"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[int] = ref("programmes_cohort.id", index=False)
    code: Mapped[str]
    title: Mapped[Words]
    intro: Mapped[Words]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    sections: Mapped[list["Section"]] = relationship(lambda: Section, order_by=lambda: Section.number, cascade="all, delete-orphan")


class Section(Base):
    """Questions of one kind with one scale."""

    __tablename__ = "survey_section"
    __table_args__ = (
        UniqueConstraint("survey_id", "number"),
        CheckConstraint("kind IN ({})".format(", ".join(f"'{each}'" for each in Kind)), name="kind_is_known"),
    )

    id: Mapped[Id]
    survey_id: Mapped[int] = ref("survey_survey.id", index=False)
    number: Mapped[int]
    code: Mapped[str]
    kind: Mapped[str]
    title: Mapped[Words]
    intro: Mapped[Words]
    scale: Mapped[list[Any]]
    """The label of each point, in several languages; empty for comments."""
    questions: Mapped[list["Question"]] = relationship(lambda: Question, order_by=lambda: Question.number, cascade="all, delete-orphan")


class Question(Base):
    """One question; its code is the same in every country and language."""

    __tablename__ = "survey_question"
    __table_args__ = (UniqueConstraint("section_id", "number"), CheckConstraint("code <> ''", name="a_question_has_a_code"))

    id: Mapped[Id]
    section_id: Mapped[int] = ref("survey_section.id", index=False)
    number: Mapped[int]
    code: Mapped[str]
    """section.question; the key of its answer on a sheet."""
    text: Mapped[Words]


class Participation(Base):
    """Whether a person took part. It has no time, and no way to a sheet."""

    __tablename__ = "survey_participation"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 (SQLAlchemy's own form)

    survey_id: Mapped[int] = ref("survey_survey.id", index=False, primary_key=True)
    person_id: Mapped[int] = ref("people_person.id", primary_key=True)
    has_answered: Mapped[bool]


class Sheet(Base):
    """What one unknown person answered."""

    __tablename__ = "survey_sheet"
    __table_args__ = (CheckConstraint("length(id) = 32", name="a_sheet_has_a_random_key"), {"sqlite_with_rowid": False})

    id: Mapped[str] = mapped_column(primary_key=True)
    """128 random bits, in hexadecimal."""
    survey_id: Mapped[int] = ref("survey_survey.id")
    answers: Mapped[dict[str, Any]]
    """By the question's code: a point, two points (before, now), or words."""
