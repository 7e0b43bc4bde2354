"""The application form as data: sections, questions, and whether an answer will do.

A draft keeps whatever a person types, as long as it fits; only when the application is submitted must everything be there.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Self

from inspire_lms.kernel.errors import Reason, counted
from inspire_lms.plugins.online_call.authorising.terms import ByLink
from inspire_lms.plugins.online_call.form.conditions import Condition

Answers = Mapping[str, Any]
Texts = Mapping[str, str]


class Kind(StrEnum):
    """What a question asks for."""

    TEXT = "text"
    LONG = "long-text"
    WHOLE = "whole"
    DATE = "date"
    """A day, kept as YYYY-MM-DD."""
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes-no"
    DECLARATION = "declaration"
    """A sentence to be ticked; without it nothing is submitted."""
    CONSENT = "consent"
    """Free: the application is submitted without it too, and it may be taken back as long as the application lives."""
    FILE = "file"


YES_OR_NO = frozenset({"yes", "no"})

ON_PAPER = "on-paper"
"""The answer to a question for a file, when the document is with an application that came on paper."""

TAKEN_BACK = "taken-back"
"""The answer to a consent that was given and then taken back."""


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
    when: Condition | None = None
    """When it is asked; None for a question that everybody is asked."""
    earliest: date | None = None
    latest: date | None = None
    """The first and the last day that will do, for a date; None without such a limit."""

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
            **({"when": self.when.stored()} if self.when else {}),
            **({"earliest": self.earliest.isoformat()} if self.earliest else {}),
            **({"latest": self.latest.isoformat()} if self.latest else {}),
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
            when=Condition.restored(kept.get("when")),
            earliest=_day(kept.get("earliest")),
            latest=_day(kept.get("latest")),
        )


@dataclass(frozen=True)
class Section:
    """One step of the form."""

    code: str
    title: Texts
    questions: tuple[Question, ...]
    when: Condition | None = None
    """When its questions are asked; None for a section that everybody fills in."""

    def stored(self) -> dict[str, Any]:
        """Give the section as plain values, to be kept."""
        kept = {"code": self.code, "title": dict(self.title), "questions": [question.stored() for question in self.questions]}
        return {**kept, "when": self.when.stored()} if self.when else kept

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Self:
        """Make the section from what *stored* gave."""
        questions = tuple(Question.restored(each) for each in kept["questions"])
        return cls(code=kept["code"], title=kept["title"], questions=questions, when=Condition.restored(kept.get("when")))


def form_of(kept: Sequence[Mapping[str, Any]]) -> tuple[Section, ...]:
    """Make the whole form from what was kept."""
    return tuple(Section.restored(each) for each in kept)


def section_of(form: Sequence[Section], code: str) -> Section | None:
    """Find a section by its code."""
    return next((section for section in form if section.code == code), None)


def all_questions(form: Sequence[Section]) -> tuple[Question, ...]:
    """Give the questions of all sections, in order."""
    return tuple(question for section in form for question in section.questions)


def asked(form: Sequence[Section], answers: Answers) -> frozenset[str]:
    """Give the codes of the questions that are asked of somebody with these *answers*.

    A condition looks at an earlier question, and holds only when that one is asked itself: so one walk through the form settles it.
    """
    found: set[str] = set()
    for section in form:
        if section.when is None or section.when.holds(answers, found):
            for question in section.questions:
                if question.when is None or question.when.holds(answers, found):
                    found.add(question.code)
    return frozenset(found)


def only_asked(form: Sequence[Section], answers: Answers) -> tuple[Section, ...]:
    """Give the form as somebody with these *answers* is asked it; sections of which nothing is asked are left out."""
    codes = asked(form, answers)
    cut = (replace(each, questions=tuple(one for one in each.questions if one.code in codes)) for each in form)
    return tuple(each for each in cut if each.questions)


def why_not_keep(question: Question, value: object) -> Reason | None:
    """Say why *value* cannot even be kept in a draft: it is too long, or not one of the options."""
    if value is None or value in ("", []):
        return None
    match question.kind:
        case Kind.TEXT | Kind.LONG:
            return _too_long(question, value)
        case Kind.WHOLE:
            return None if isinstance(value, int) and not isinstance(value, bool) else Reason("Write a whole number, for example 12.")
        case Kind.DATE:
            return None if _day(value) else Reason("Write a day that exists, for example 15 9 2026.")
        case Kind.CHOICE:
            return None if isinstance(value, str) and value in question.options else Reason("Choose one of the options.")
        case Kind.CHOICES:
            known = isinstance(value, list) and all(isinstance(each, str) and each in question.options for each in value)
            return None if known else Reason("Choose from the options.")
        case Kind.YES_NO:
            return None if value in YES_OR_NO else Reason("Choose one of the options.")
        case Kind.DECLARATION | Kind.CONSENT:
            return None if isinstance(value, bool) else Reason("Choose one of the options.")
        case Kind.FILE:
            return Reason("A file is attached, not written.")


def missing(form: Sequence[Section], answers: Answers, attached: Collection[str]) -> dict[str, Reason]:
    """Say what stands in the way of submitting, by question code, in the order of the form; of what is not asked nothing is.

    *attached* are the questions with a file, and those that a superior answers in place of one.
    """
    wrong: dict[str, Reason] = {}
    for question in all_questions(only_asked(form, answers)):
        reason = why_not_submit_with(question, answers.get(question.code), is_attached=question.code in attached)
        if reason:
            wrong[question.code] = reason
    return wrong


def why_not_submit_with(question: Question, value: object, *, is_attached: bool = False) -> Reason | None:
    """Say why an application cannot be submitted with *value* as the answer to *question*."""
    if question.kind is Kind.FILE:
        return None if is_attached or question.is_optional else _no_file(question)
    if question.kind is Kind.CONSENT:
        return None
    if question.kind is Kind.DECLARATION:
        return None if value is True or question.is_optional else Reason("This declaration is needed.")
    if value is None or value == [] or (isinstance(value, str) and not value.strip()):
        return None if question.is_optional else _needed(question)
    return why_not_keep(question, value) or _too_little(question, value)


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
    return _out_of_days(question, _day(value)) if question.kind is Kind.DATE else None


def _out_of_days(question: Question, day: date | None) -> Reason | None:
    if day is None or ((question.earliest or day) <= day <= (question.latest or day)):
        return None
    if question.earliest and question.latest:
        return Reason("A day from {least} to {most}.", least=question.earliest, most=question.latest)
    if question.earliest:
        return Reason("A day not before {least}.", least=question.earliest)
    return Reason("A day not after {most}.", most=question.latest)


def _day(value: object) -> date | None:
    """Read a day written as YYYY-MM-DD; None for anything else, also for a day that does not exist."""
    if not isinstance(value, str) or not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
