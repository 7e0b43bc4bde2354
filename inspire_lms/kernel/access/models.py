"""Contexts, grants, and what an administrator changed about a role."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspire_lms.kernel.db import Base, Id, ref


class Context(Base):
    """A place in the tree in which roles are granted."""

    __tablename__ = "access_context"
    __table_args__ = (
        CheckConstraint("kind IN ('system', 'programme', 'cohort', 'activity')", name="kind_is_known"),
        CheckConstraint("(kind = 'system') = (parent_id IS NULL)", name="only_the_system_has_nothing_above"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    parent_id: Mapped[int | None] = ref("access_context.id")
    path: Mapped[str] = mapped_column(index=True)
    """The numbers of the contexts above it and its own, as in /1/4/9/."""


class Grant(Base):
    """A role that a person holds in a context."""

    __tablename__ = "access_grant"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "context_id"),
        CheckConstraint("role IN ('trainee', 'trainer', 'evaluator', 'coordinator', 'administrator')", name="role_is_known"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = ref("people_person.id")
    role: Mapped[str]
    context_id: Mapped[int] = ref("access_context.id")
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None] = ref("people_person.id")
    """None for what the system granted by itself."""


class Override(Base):
    """A capability that an administrator gave to a role or took from it."""

    __tablename__ = "access_override"
    __table_args__ = (UniqueConstraint("role", "capability"),)

    id: Mapped[Id]
    role: Mapped[str]
    capability: Mapped[str]
    is_given: Mapped[bool]
