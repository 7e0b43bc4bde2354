"""The application form as data: sections, questions, and whether an answer will do.

A draft keeps whatever a person types, as long as it fits; only when the application is submitted must everything be there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from inspire_lms.kernel.errors import Reason, counted
from inspire_lms.plugins.online_call.authorising.terms import ByLink

Answers = Mapping[str, Any]
Texts = Mapping[str, str]


class Kind(StrEnum):
    """What a question asks for."""

    TEXT = "text"
    LONG = "long-text"
    WHOLE = "whole"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes-no"
    DECLARATION = "declaration"
    """A sentence to be ticked; without it nothing is submitted."""
    FILE = "file"


YES_OR_NO = frozenset({"yes", "no"})

ON_PAPER = "on-paper"
"""The answer to a question for a file, when the document is with an application that came on paper."""


@dataclass(frozen=True)
class Question:
    """One question of the form."""

    code: str
    kind: Kind
    label: Texts
    hint: Texts
    most: int
    """Characters of a text; the largest whole number."""
    least: int
    """Characters of a text; the smallest whole number."""
    is_optional: bool
    options: Mapping[str, Texts]
    """By code, for a choice."""
    criterion: str | None
    """The criterion that the answer is judged by; None for the others."""
    is_private: bool
    """True when only the coordinator reads the answer; evaluators do not."""
    is_mendable: bool = False
    """True when the coordinator may ask for it once more after the call has closed."""
    tells_name: bool = False
    """True when the answer tells who the applicant is: evaluators do not see it while names are hidden."""
    link: ByLink | None = None
    """How a superior may answer by a mailed link in place of a file; None when only a file will do."""

    def stored(self) -> dict[str, Any]:
        """Give the question as plain values, to be kept."""
        return {
            "code": self.code,
            "kind": str(self.kind),
            "label": dict(self.label),
            "hint": dict(self.hint),
            "most": self.most,
            "least": self.least,
            "optional": self.is_optional,
            "options": [[code, dict(texts)] for code, texts in self.options.items()],
            "criterion": self.criterion,
            "private": self.is_private,
            # Left out when it is not so: a call that was opened before there was mending still has the same form.
            **({"mendable": True} if self.is_mendable else {}),
            **({"tells_name": True} if self.tells_name else {}),
            # Only where there is one: a call that was opened before there were links has not changed.
            **({"link": self.link.stored()} if self.link else {}),
        }

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Self:
        """Make the question from what *stored* gave."""
        return cls(
            code=kept["code"],
            kind=Kind(kept["kind"]),
            label=kept["label"],
            hint=kept["hint"],
            most=kept["most"],
            least=kept["least"],
            is_optional=kept["optional"],
            options=dict(kept["options"]),
            criterion=kept["criterion"],
            is_private=kept["private"],
            is_mendable=kept.get("mendable", False),
            tells_name=kept.get("tells_name", False),
            link=ByLink.restored(kept.get("link")),
        )


@dataclass(frozen=True)
class Section:
    """One step of the form."""

    code: str
    title: Texts
    questions: tuple[Question, ...]

    def stored(self) -> dict[str, Any]:
        """Give the section as plain values, to be kept."""
        return {"code": self.code, "title": dict(self.title), "questions": [question.stored() for question in self.questions]}

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Self:
        """Make the section from what *stored* gave."""
        return cls(code=kept["code"], title=kept["title"], questions=tuple(Question.restored(each) for each in kept["questions"]))


def form_of(kept: Sequence[Mapping[str, Any]]) -> tuple[Section, ...]:
    """Make the whole form from what was kept."""
    return tuple(Section.restored(each) for each in kept)


def section_of(form: Sequence[Section], code: str) -> Section | None:
    """Find a section by its code."""
    return next((section for section in form if section.code == code), None)


def all_questions(form: Sequence[Section]) -> tuple[Question, ...]:
    """Give the questions of all sections, in order."""
    return tuple(question for section in form for question in section.questions)


def why_not_keep(question: Question, value: object) -> Reason | None:
    """Say why *value* cannot even be kept in a draft: it is too long, or not one of the options."""
    if value is None or value in ("", []):
        return None
    match question.kind:
        case Kind.TEXT | Kind.LONG:
            return _too_long(question, value)
        case Kind.WHOLE:
            return None if isinstance(value, int) and not isinstance(value, bool) else Reason("Write a whole number, for example 12.")
        case Kind.CHOICE:
            return None if isinstance(value, str) and value in question.options else Reason("Choose one of the options.")
        case Kind.CHOICES:
            known = isinstance(value, list) and all(isinstance(each, str) and each in question.options for each in value)
            return None if known else Reason("Choose from the options.")
        case Kind.YES_NO:
            return None if value in YES_OR_NO else Reason("Choose one of the options.")
        case Kind.DECLARATION:
            return None if isinstance(value, bool) else Reason("Choose one of the options.")
        case Kind.FILE:
            return Reason("A file is attached, not written.")


def missing(form: Sequence[Section], answers: Answers, attached: Collection[str]) -> dict[str, Reason]:
    """Say what stands in the way of submitting, by question code, in the order of the form.

    *attached* are the questions with a file, and those that a superior answers in place of one.
    """
    wrong: dict[str, Reason] = {}
    for question in all_questions(form):
        reason = why_not_submit_with(question, answers.get(question.code), is_attached=question.code in attached)
        if reason:
            wrong[question.code] = reason
    return wrong


def why_not_submit_with(question: Question, value: object, *, is_attached: bool = False) -> Reason | None:
    """Say why an application cannot be submitted with *value* as the answer to *question*."""
    if question.kind is Kind.FILE:
        return None if is_attached or question.is_optional else _no_file(question)
    if question.kind is Kind.DECLARATION:
        return None if value is True or question.is_optional else Reason("This declaration is needed.")
    if value is None or value == [] or (isinstance(value, str) and not value.strip()):
        return None if question.is_optional else _needed(question)
    return why_not_keep(question, value) or _too_little(question, value)


def is_complete(section: Section, answers: Answers, attached: Collection[str]) -> bool:
    """Say whether nothing is missing in a section."""
    return not missing((section,), answers, attached)


def _no_file(question: Question) -> Reason:
    return Reason("Attach the file, or ask your superior to confirm it by a link.") if question.link else Reason("Attach the file.")


def _needed(question: Question) -> Reason:
    if question.kind in {Kind.CHOICE, Kind.CHOICES, Kind.YES_NO}:
        return Reason("Choose one of the options.")
    return Reason("Write an answer.")


def _too_long(question: Question, value: object) -> Reason | None:
    if not isinstance(value, str):
        return Reason("Write an answer.")
    over = len(value) - question.most
    if over > 0:
        return counted("One character too many; at most {most}.", "{n} characters too many; at most {most}.", n=over, most=question.most)
    return None


def _too_little(question: Question, value: object) -> Reason | None:
    if question.kind in {Kind.TEXT, Kind.LONG}:
        lacking = question.least - len(str(value).strip())
        if lacking > 0:
            return counted("One more character is needed.", "{n} more characters are needed.", n=lacking)
    if question.kind is Kind.WHOLE and isinstance(value, int) and not question.least <= value <= question.most:
        return Reason("A number from {least} to {most}.", least=question.least, most=question.most)
    return None
