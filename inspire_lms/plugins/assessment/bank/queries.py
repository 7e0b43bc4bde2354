"""Reading the bank: what is in it, in which languages, and where it has holes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from inspire_lms.kernel.curriculum.models import Competence, Framework
from inspire_lms.kernel.db import Words, session
from inspire_lms.kernel.programmes.models import Edition
from inspire_lms.plugins.assessment.bank.gift import Question as InFile
from inspire_lms.plugins.assessment.bank.merging import Known
from inspire_lms.plugins.assessment.kinds.known import KINDS, languages
from inspire_lms.plugins.assessment.kinds.shape import Content
from inspire_lms.plugins.assessment.models import Assessment, Question, Version

Other = aliased(Version)


def is_newest() -> ColumnElement[bool]:
    """Choose the newest version of each question."""
    return Version.number == select(func.max(Other.number)).where(Other.question_id == Version.question_id).scalar_subquery()


@dataclass(frozen=True)
class Shelf:
    """The bank of one framework."""

    framework_id: int
    title: Words


def shelves() -> list[Shelf]:
    """List the banks, one for each framework, the newest first."""
    return [Shelf(*row) for row in session.execute(select(Framework.id, Framework.title).order_by(Framework.id.desc()))]


def shelf(framework_id: int) -> Shelf | None:
    """Find the bank of a framework."""
    row = session.execute(select(Framework.id, Framework.title).where(Framework.id == framework_id)).one_or_none()
    return Shelf(*row) if row else None


def competences(framework_id: int) -> dict[str, Words]:
    """Give the competences of a framework in their order: code and title."""
    listed = select(Competence.code, Competence.title).where(Competence.framework_id == framework_id).order_by(Competence.place)
    rows = session.execute(listed)
    return {row.code: row.title for row in rows}


def known(framework_id: int, titles: Sequence[str]) -> dict[str, Known]:
    """Give what the bank has under *titles*."""
    rows = session.execute(
        select(Question.title, Version.kind, Version.content, Competence.code)
        .join(Version, Version.question_id == Question.id)
        .join(Competence, Competence.id == Version.competence_id)
        .where(Question.framework_id == framework_id, Question.title.in_(titles), is_newest())
    )
    return {title: Known(kind, content, code) for title, kind, content, code in rows}


def listed(framework_id: int, *, competence: str = "", kind: str = "") -> Select[*tuple[Any, ...]]:
    """Choose the questions of a bank in the order of competences and titles, for paging."""
    chosen = (
        select(
            Question.id, Question.title, Version.kind, Version.number, Version.content, Version.used_at,
            Competence.title.label("competence"),
        )
        .join(Version, Version.question_id == Question.id)
        .join(Competence, Competence.id == Version.competence_id)
        .where(Question.framework_id == framework_id, is_newest())
        .order_by(Competence.place, Question.title)
    )  # fmt: skip
    if competence:
        chosen = chosen.where(Competence.code == competence)
    return chosen.where(Version.kind == kind) if kind in KINDS else chosen


def written(framework_id: int, language: str) -> list[InFile]:
    """Give the questions that speak *language*, as a file would hold them."""
    rows = session.execute(
        select(Question.title, Version.kind, Version.content, Competence.code)
        .join(Version, Version.question_id == Question.id)
        .join(Competence, Competence.id == Version.competence_id)
        .where(Question.framework_id == framework_id, is_newest())
        .order_by(Competence.place, Question.title)
    )
    return [InFile(0, title, code, kind, content) for title, kind, content, code in rows if language in languages(kind, content)]


@dataclass(frozen=True)
class Shown:
    """One question with all its versions, the newest first."""

    id: int
    framework_id: int
    title: str
    versions: Sequence[Any]

    @property
    def newest(self) -> Any:  # noqa: ANN401 (a row)
        """The version that the next attempt gets."""
        return self.versions[0]


def question(question_id: int) -> Shown | None:
    """Find a question with its versions."""
    head = session.execute(select(Question.framework_id, Question.title).where(Question.id == question_id)).one_or_none()
    if head is None:
        return None
    rows = session.execute(
        select(
            Version.number, Version.kind, Version.content, Version.made_at, Version.used_at,
            Competence.title.label("competence"), Competence.code,
        )
        .join(Competence, Competence.id == Version.competence_id)
        .where(Version.question_id == question_id)
        .order_by(Version.number.desc())
    ).all()  # fmt: skip
    return Shown(question_id, head.framework_id, head.title, rows)


def pool(framework_id: int, codes: Sequence[str]) -> dict[str, list[int]]:
    """Give the newest versions that can be drawn, by competence; all competences of the framework when *codes* is empty."""
    rows = session.execute(
        select(Competence.code, Version.id)
        .join(Question, Question.framework_id == Competence.framework_id)
        .join(Version, (Version.question_id == Question.id) & (Version.competence_id == Competence.id))
        .where(Competence.framework_id == framework_id, Version.kind != "essay", is_newest())
        .order_by(Competence.place, Version.question_id)
    )
    wanted = list(codes) or list(competences(framework_id))
    found: dict[str, list[int]] = {code: [] for code in wanted}
    for code, version_id in rows:
        if code in found:
            found[code].append(version_id)
    return found


def task(assessment_id: int) -> Content | None:
    """Give the newest content of an essay's question; None for a test."""
    return session.scalar(
        select(Version.content)
        .join(Assessment, Assessment.question_id == Version.question_id)
        .where(Assessment.id == assessment_id, is_newest())
    )


@dataclass(frozen=True)
class Cover:
    """What the bank has for one competence."""

    code: str
    title: Words
    by_kind: Mapping[str, int]
    by_language: Mapping[str, int]
    needed: int
    """The most questions that an assessment draws from this competence."""

    @property
    def total(self) -> int:
        """Questions that can be drawn."""
        return sum(self.by_kind.values())


def coverage(framework_id: int, speaking: Sequence[str]) -> list[Cover]:
    """Count the questions of each competence by kind and by language of *speaking*; essays are left out."""
    rows = session.execute(listed(framework_id).with_only_columns(Competence.code, Version.kind, Version.content).order_by(None)).all()
    drawing = session.execute(
        select(Assessment.questions_each, Assessment.competences)
        .join(Edition, Edition.id == Assessment.edition_id)
        .where(Assessment.question_id.is_(None), Edition.framework_id == framework_id)
    ).all()
    covers = []
    for code, title in competences(framework_id).items():
        own = [(kind, languages(kind, content)) for found, kind, content in rows if found == code and kind != "essay"]
        by_kind = {kind: sum(each == kind for each, _ in own) for kind in KINDS if kind != "essay"}
        by_language = {language: sum(language in spoken for _, spoken in own) for language in speaking}
        needed = max((each for each, codes in drawing if not codes or code in codes), default=0)
        covers.append(Cover(code, title, by_kind, by_language, needed))
    return covers
