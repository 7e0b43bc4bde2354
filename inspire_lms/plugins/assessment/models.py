"""Tables: the bank with its versions, the assessments of an edition, attempts, answers and marks."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from inspire_lms.kernel.db import Base, Id, Words, ref
from inspire_lms.plugins.assessment.kinds.known import KINDS
from inspire_lms.plugins.assessment.rules import Purpose, State

Maybe = JSON(none_as_null=True)
"""JSON in which nothing is SQL's NULL, so that constraints can see it."""


def _one_of(column: str, words: Any) -> str:  # noqa: ANN401 (anything with names)
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


class Question(Base):
    """One question of the bank; its words and its key are in its versions."""

    __tablename__ = "assessment_question"
    __table_args__ = (
        UniqueConstraint("framework_id", "title"),
        CheckConstraint("title <> ''", name="a_question_has_a_title"),
    )

    id: Mapped[Id]
    framework_id: Mapped[int] = ref("curriculum_framework.id", index=False)
    """The bank is shared by all editions that teach by the same framework."""
    title: Mapped[str] = mapped_column(String(120))
    """The identity across languages and imports; trainees never see it."""


class Version(Base):
    """What a question says, in all its languages, and which answer is right. Once used it never changes."""

    __tablename__ = "assessment_version"
    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        CheckConstraint("number >= 1", name="versions_are_counted_from_1"),
        CheckConstraint(_one_of("kind", KINDS), name="the_kind_is_known"),
    )

    id: Mapped[Id]
    question_id: Mapped[int] = ref("assessment_question.id", index=False)
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    competence_id: Mapped[int] = ref("curriculum_competence.id")
    content: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of kind and content; what is kept in the process is kept under it."""
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = ref("people_person.id")
    """None when an edition file brought it."""
    used_at: Mapped[datetime | None]
    """When it was first drawn for an attempt; from then on a change makes the next version."""


class Assessment(Base):
    """A test or an essay of an edition."""

    __tablename__ = "assessment_assessment"
    __table_args__ = (
        UniqueConstraint("edition_id", "code"),
        CheckConstraint(_one_of("purpose", Purpose), name="the_purpose_is_known"),
        CheckConstraint("pass_mark BETWEEN 1 AND 100", name="the_pass_mark_is_a_percentage"),
        CheckConstraint("purpose <> 'pre' OR pass_mark IS NULL", name="a_pre_test_cannot_be_failed"),
        CheckConstraint("(purpose = 'essay') = (question_id IS NOT NULL)", name="an_essay_has_its_question"),
        CheckConstraint("minutes >= 1", name="an_attempt_lasts_a_minute_at_least"),
        CheckConstraint("attempts >= 1", name="there_is_an_attempt"),
        CheckConstraint("questions_each >= 1", name="there_is_a_question"),
    )

    id: Mapped[Id]
    edition_id: Mapped[int] = ref("programmes_edition.id", index=False)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    purpose: Mapped[str] = mapped_column(String(10))
    title: Mapped[Words]
    about: Mapped[Words]
    """What the person reads before starting."""
    minutes: Mapped[int | None]
    """None: there is time until the window closes."""
    attempts: Mapped[int]
    pass_mark: Mapped[int | None]
    """Per cent; None when the result does not count."""
    questions_each: Mapped[int]
    """How many are drawn from each competence; 1 for an essay."""
    competences: Mapped[list[Any]]
    """Codes of the competences from which questions are drawn; empty for all of the framework."""
    question_id: Mapped[int | None] = ref("assessment_question.id")
    """The one question of an essay."""


class Window(Base):
    """When the trainees of a cohort may take an assessment."""

    __tablename__ = "assessment_window"
    __table_args__ = (
        UniqueConstraint("assessment_id", "cohort_id"),
        CheckConstraint("closes_at > opens_at", name="a_window_closes_after_it_opens"),
    )

    id: Mapped[Id]
    assessment_id: Mapped[int] = ref("assessment_assessment.id", index=False)
    cohort_id: Mapped[int] = ref("programmes_cohort.id")
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]


class Extension(Base):
    """What one person was granted beyond the others, and why."""

    __tablename__ = "assessment_extension"
    __table_args__ = (
        UniqueConstraint("window_id", "person_id"),
        CheckConstraint("minutes >= 0 AND attempts >= 0", name="an_extension_takes_nothing_away"),
        CheckConstraint("minutes > 0 OR attempts > 0 OR until IS NOT NULL", name="an_extension_gives_something"),
        CheckConstraint("reason <> ''", name="an_extension_has_a_reason"),
    )

    id: Mapped[Id]
    window_id: Mapped[int] = ref("assessment_window.id", index=False)
    person_id: Mapped[int] = ref("people_person.id")
    minutes: Mapped[int]
    attempts: Mapped[int]
    until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500))
    granted_by: Mapped[int] = ref("people_person.id")
    granted_at: Mapped[datetime]


class Attempt(Base):
    """One person's going at an assessment, from the start to the marks."""

    __tablename__ = "assessment_attempt"
    __table_args__ = (
        UniqueConstraint("window_id", "person_id", "number"),
        Index(
            "uq_assessment_attempt_open", "window_id", "person_id", unique=True,
            sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'"),
        ),
        Index("ix_assessment_attempt_running_out", "state", "ends_at"),
        CheckConstraint(_one_of("state", State), name="the_state_is_known"),
        CheckConstraint("number >= 1", name="attempts_are_counted_from_1"),
        CheckConstraint("ends_at >= started_at", name="an_attempt_ends_after_it_starts"),
        CheckConstraint("(state = 'open') = (submitted_at IS NULL)", name="only_an_open_one_was_not_submitted"),
        CheckConstraint("(state = 'open') = (receipt IS NULL)", name="only_an_open_one_has_no_receipt"),
        CheckConstraint("(state = 'graded') = (graded_at IS NOT NULL)", name="only_a_graded_one_has_its_moment"),
        CheckConstraint("(state = 'graded') = (percent IS NOT NULL)", name="only_a_graded_one_has_a_result"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="the_result_is_a_percentage"),
    )  # fmt: skip

    id: Mapped[Id]
    window_id: Mapped[int] = ref("assessment_window.id", index=False)
    person_id: Mapped[int] = ref("people_person.id")
    number: Mapped[int]
    seed: Mapped[str] = mapped_column(String(64))
    """From which the questions and their order were drawn."""
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    submitted_at: Mapped[datetime | None]
    by_itself: Mapped[bool] = mapped_column(default=False)
    """True when the end of the time submitted it, not the person."""
    receipt: Mapped[str | None] = mapped_column(String(64))
    """See grading.receipt."""
    percent: Mapped[Decimal | None]
    graded_at: Mapped[datetime | None]


class Response(Base):
    """A question of an attempt, the answer to it, and the points it earned."""

    __tablename__ = "assessment_response"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position"),
        CheckConstraint("position >= 1", name="questions_are_counted_from_1"),
        CheckConstraint("most > 0", name="a_question_is_worth_something"),
        CheckConstraint("points BETWEEN 0 AND most", name="points_stay_within_the_question"),
        CheckConstraint("(late_at IS NULL) = (late_answer IS NULL)", name="a_late_answer_has_its_moment"),
    )

    id: Mapped[Id]
    attempt_id: Mapped[int] = ref("assessment_attempt.id", index=False)
    position: Mapped[int]
    version_id: Mapped[int] = ref("assessment_version.id")
    digest: Mapped[str] = mapped_column(String(64))
    """Of the version: what the person was asked, and the key under which the process keeps it."""
    most: Mapped[Decimal]
    answer: Mapped[list[Any] | None] = mapped_column(Maybe)
    flagged: Mapped[bool] = mapped_column(default=False)
    """The person wants to come back to it."""
    saved_at: Mapped[datetime | None]
    saved_from: Mapped[str] = mapped_column(String(32), default="")
    """The opened page from which the answer came, so that two devices notice each other."""
    before_at: Mapped[datetime | None]
    before_from: Mapped[str] = mapped_column(String(32), default="")
    """The same of the save before."""
    late_answer: Mapped[list[Any] | None] = mapped_column(Maybe)
    """What came after the time had ended; it earns nothing unless a person decides so."""
    late_at: Mapped[datetime | None]
    points: Mapped[Decimal | None]
    """None until it is marked."""


class Mark(Base):
    """Points that a person gave: the first mark of an essay, or a correction. The latest one counts."""

    __tablename__ = "assessment_mark"
    __table_args__ = (
        UniqueConstraint("response_id", "number"),
        CheckConstraint("number >= 1", name="marks_are_counted_from_1"),
        CheckConstraint("number = 1 OR reason IS NOT NULL", name="a_later_mark_has_a_reason"),
        CheckConstraint("points >= 0", name="a_mark_is_not_negative"),
    )

    id: Mapped[Id]
    response_id: Mapped[int] = ref("assessment_response.id", index=False)
    number: Mapped[int]
    levels: Mapped[dict[str, Any]]
    """The place of the chosen level by criterion; empty when the points were given directly."""
    points: Mapped[Decimal]
    comment: Mapped[str] = mapped_column(String(4000), default="")
    reason: Mapped[str | None] = mapped_column(String(500))
    marked_by: Mapped[int] = ref("people_person.id")
    marked_at: Mapped[datetime]
