"""Changing the bank: importing a file, putting a question's next version there."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.curriculum.models import Competence
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, Reason
from inspire_lms.kernel.people.names import tidy
from inspire_lms.plugins.assessment import grading
from inspire_lms.plugins.assessment.bank import gift, queries
from inspire_lms.plugins.assessment.bank.encoding import decoded
from inspire_lms.plugins.assessment.bank.merging import Change, Deed, plan
from inspire_lms.plugins.assessment.models import Question, Version

MOST_TOLD = 100
"""Mistakes that one page lists."""


@dataclass(frozen=True)
class Report:
    """What an import did."""

    counts: Mapping[str, int]
    """Questions by deed."""
    lost: Mapping[str, tuple[str, ...]]
    """Languages that have to be imported again, by title."""


def bring_in(framework_id: int, raw: bytes, *, language: str, spare: str = "", replace: bool = False, by: int | None) -> Report:
    """Import a GIFT file whose words are in *language*; *spare* is the competence of questions that name none.

    Raises Invalid with every mistake, its line and its question; nothing is imported then.
    """
    text = decoded(raw, language)
    if isinstance(text, Reason):
        raise Invalid({"file": text})
    return bring_in_text(framework_id, text, language=language, spare=spare, replace=replace, by=by)


def bring_in_text(framework_id: int, text: str, *, language: str, spare: str = "", replace: bool = False, by: int | None) -> Report:
    """Import questions that were written in a page; see bring_in."""
    questions, mistakes = gift.read(_tidied(text, language), language)
    with transaction():
        bank = queries.known(framework_id, [question.title for question in questions])
        codes = list(queries.competences(framework_id))
        changes, more = plan(questions, bank, language=language, competences=codes, spare=spare, replace=replace)
        if mistakes or more:
            raise _as_invalid(sorted([*mistakes, *more], key=lambda mistake: mistake.line))
        put(framework_id, [change for change in changes if change.deed is not Deed.SAME], by=by)
        counts = Counter(change.deed.value for change in changes)
        audit.record("assessment.imported", ("curriculum_framework", framework_id), by=by, after={"language": language, **counts})
    return Report(counts, {change.title: change.lost for change in changes if change.lost})


def _tidied(text: str, language: str) -> str:
    """Use composed letters, and Romanian letters with a comma below; the lines stay where they are."""
    return "\n".join(tidy(line, language) for line in text.splitlines())


def _as_invalid(mistakes: Sequence[gift.Mistake]) -> Invalid:
    told = [
        Reason("Line {line}, {title}: {what}", line=each.line, title=f"“{each.title}”", what=each.reason)
        if each.title
        else Reason("Line {line}: {what}", line=each.line, what=each.reason)
        for each in mistakes[:MOST_TOLD]
    ]
    if len(mistakes) > MOST_TOLD:
        told.append(Reason("And {n} more.", n=len(mistakes) - MOST_TOLD))
    return Invalid({str(number): reason for number, reason in enumerate(told)})


def put(framework_id: int, changes: Sequence[Change], *, by: int | None) -> list[Version]:
    """Write the questions of *changes*: a new one, the newest version again while nobody has used it, or the next version.

    Whoever is drawing one of them for a first attempt at this moment is waited for: an attempt keeps the version that it was given.
    """
    with transaction():
        titles = [change.title for change in changes]
        codes = select(Competence.code, Competence.id).where(Competence.framework_id == framework_id)
        numbers = {code: number for code, number in session.execute(codes)}  # noqa: C416 (rows are no pairs to a type checker)
        questions = {
            each.title: each
            for each in session.scalars(select(Question).where(Question.framework_id == framework_id, Question.title.in_(titles)))
        }
        newest = {
            each.question_id: each
            for each in session.scalars(
                select(Version).join(Question, Question.id == Version.question_id)
                .where(Question.framework_id == framework_id, Question.title.in_(titles), queries.is_newest())
                .order_by(Version.id)
                .with_for_update(of=Version)
                .execution_options(populate_existing=True)
            )
        }  # fmt: skip
        for title in titles:
            if title not in questions:
                questions[title] = Question(framework_id=framework_id, title=title)
                session.add(questions[title])
        session.flush()
        made = [_put(change, questions[change.title], newest, numbers[change.competence], by) for change in changes]
        session.flush()
        return made


def _put(change: Change, question: Question, newest: Mapping[int, Version], competence_id: int, by: int | None) -> Version:
    content, digest = dict(change.content), grading.digest(change.kind, change.content)
    version = newest.get(question.id)
    if version is not None and (version.digest, version.competence_id) == (digest, competence_id):
        return version
    if version is None or version.used_at is not None:
        number = 1 if version is None else version.number + 1
        version = Version(question_id=question.id, number=number)
        session.add(version)
    version.kind, version.content, version.digest, version.competence_id = change.kind, content, digest, competence_id
    version.made_at, version.made_by = clock.now(), by
    return version
