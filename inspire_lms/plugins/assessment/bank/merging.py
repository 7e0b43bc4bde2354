"""What an import does to the bank: decided here as a whole, before anything is written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.assessment.bank.gift import Mistake, Question
from inspire_lms.plugins.assessment.kinds.known import KINDS, languages
from inspire_lms.plugins.assessment.kinds.shape import Content


class Deed(StrEnum):
    """What happens to one question."""

    NEW = "new"
    LANGUAGE = "language"
    """The question was there; it gets this language."""
    CORRECTED = "corrected"
    REPLACED = "replaced"
    """Its answers or weights change."""
    SAME = "same"


@dataclass(frozen=True)
class Known:
    """A question that is in the bank."""

    kind: str
    content: Content
    competence: str


@dataclass(frozen=True)
class Change:
    """What one question of the file becomes."""

    title: str
    deed: Deed
    kind: str
    content: Content
    competence: str
    lost: tuple[str, ...] = ()
    """Languages that have to be imported again, because the question has become another."""


def plan(
    questions: Sequence[Question], bank: Mapping[str, Known], *,
    language: str, competences: Collection[str], spare: str = "", replace: bool = False,
) -> tuple[list[Change], list[Mistake]]:
    """Say what each question becomes, and what stands against it.

    *bank* has what is there by title. A question's competence is the last part of its category, else the one it
    has in the bank, else *spare*. With *replace* a question may get other answers or weights than it has.
    """  # fmt: skip
    changes: list[Change] = []
    mistakes: list[Mistake] = []
    for question in questions:
        known = bank.get(question.title)
        competence = _competence(question, known, competences, spare)
        found = competence if isinstance(competence, Reason) else _change(question, known, competence, language, replace=replace)
        if isinstance(found, Change):
            changes.append(found)
        else:
            mistakes.append(Mistake(question.line, question.title, found))
    return changes, mistakes


def _competence(question: Question, known: Known | None, competences: Collection[str], spare: str) -> str | Reason:
    named = question.category.rpartition("/")[2].strip()
    code = named if named in competences else known.competence if known and not named else spare
    if code in competences:
        return code
    offered = ", ".join(competences)
    if named:
        return Reason("There is no competence {name}. The line $CATEGORY: ends in one of these: {offered}.", name=named, offered=offered)
    return Reason("The question names no competence. A line $CATEGORY: above it ends in one of these: {offered}.", offered=offered)


def _change(question: Question, known: Known | None, competence: str, language: str, *, replace: bool) -> Change | Reason:
    title, kind, new = question.title, question.kind, question.content
    if known is None:
        return Change(title, Deed.NEW, kind, new, competence)
    others = tuple(code for code in languages(known.kind, known.content) if code != language)
    is_same_question = kind == known.kind and KINDS[kind].same_shape(known.content, new)
    merged = joined(_without_feedback(known.content, language), new) if kind == known.kind else new
    if is_same_question:
        if merged == known.content and competence == known.competence:
            return Change(title, Deed.SAME, kind, merged, competence)
        deed = Deed.CORRECTED if language in languages(known.kind, known.content) else Deed.LANGUAGE
        return Change(title, deed, kind, merged, competence)
    if others and not replace:
        return Reason(
            "The bank has this question with other answers or weights, in {languages}. Make them agree, or allow questions to be replaced.",
            languages=", ".join(others),
        )
    if kind == known.kind and KINDS[kind].check(merged) is None and set(others) <= set(languages(kind, merged)):
        return Change(title, Deed.REPLACED, kind, merged, competence)
    return Change(title, Deed.REPLACED, kind, new, competence, lost=others)


def _without_feedback(content: Any, language: str) -> Any:  # noqa: ANN401 (JSON)
    """Leave out the feedback in one language: all that is not said again is to go, and only feedback may be left unsaid."""
    if isinstance(content, list):
        return [_without_feedback(each, language) for each in content]
    if not isinstance(content, Mapping):
        return content
    kept = {key: _without_feedback(value, language) for key, value in content.items() if not key.startswith("feedback")}
    for key in content.keys() - kept.keys():
        if others := {code: words for code, words in content[key].items() if code != language}:
            kept[key] = others
    return kept


def joined(old: Any, new: Any) -> Any:  # noqa: ANN401 (JSON)
    """Lay *new* over *old*: words of other languages stay, lists of one length are joined place by place."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return {key: joined(old[key], new[key]) if key in old and key in new else new.get(key, old.get(key)) for key in {**old, **new}}
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new) and all(isinstance(each, Mapping) for each in old + new):
        return [joined(*pair) for pair in zip(old, new, strict=True)]
    return new
