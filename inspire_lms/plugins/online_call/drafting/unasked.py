"""What a page shows of questions that depend on others, and what becomes of answers to questions that are not asked in the end."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_

from inspire_lms.plugins.online_call.applying import attached
from inspire_lms.plugins.online_call.eligibility import rules_of
from inspire_lms.plugins.online_call.models import Application, Attachment
from inspire_lms.plugins.online_call.questions import Answers, Question, Section, all_questions, asked, form_of


@dataclass(frozen=True)
class Dependent:
    """A question on a page that is shown after certain answers to another one on the same page."""

    question: str
    answers: str
    """Parted by spaces: codes have none."""
    is_shown: bool
    """True after what the draft holds now."""


def asked_of(application: Application) -> frozenset[str]:
    """Give the questions that are asked after the answers of an application as they are."""
    return asked(form_of(application.call.form), application.answers)


def rules(application: Application) -> frozenset[str]:
    """Give the rules of eligibility that look at a question that was not asked: they cannot tell."""
    codes = asked_of(application)
    return frozenset(each.code for each in rules_of(application.call.eligibility) if each.question and each.question not in codes)


def on_page(form: Sequence[Section], section: Section, answers: Answers) -> Section:
    """Give *section* with the questions that its page holds: those that are asked, and those that an answer on this page decides about."""
    codes, held = asked(form, answers), set[str]()
    is_asked = section.when is None or section.when.holds(answers, codes)
    for each in section.questions:
        if is_asked and (each.code in codes or (each.when and each.when.question in held)):
            held.add(each.code)
    return replace(section, questions=tuple(each for each in section.questions if each.code in held))


def dependent(form: Sequence[Section], section: Section, answers: Answers) -> dict[str, Dependent]:
    """Give, by code, the questions of a page (see *on_page*) that depend on another one on it."""
    codes, here = asked(form, answers), {each.code for each in section.questions}
    return {
        each.code: Dependent(each.when.question, " ".join(each.when.answers), each.code in codes)
        for each in section.questions
        if each.when and each.when.question in here
    }


def newly_asked(form: Sequence[Section], section: Section, before: Answers, now: Answers) -> str | None:
    """Give the first question of *section* that what was saved has brought, and that has no answer; None when there is none."""
    new = asked(form, now) - asked(form, before)
    return next((each.code for each in section.questions if each.code in new and _is_empty(now.get(each.code))), None)


def answered_unasked(form: Sequence[Section], answers: Answers, files: Collection[str]) -> list[Question]:
    """List the questions that hold an answer or a file and are not asked: on submission they are emptied."""
    codes = asked(form, answers)
    holding = {code for code, value in answers.items() if not _is_empty(value)} | set(files)
    return [each for each in all_questions(form) if each.code in holding - codes]


def drop(application: Application, files: dict[str, Attachment]) -> list[Question]:
    """Empty the questions that are not asked, and say which held something; takes their files out of *files*. Inside a transaction."""
    form = form_of(application.call.form)
    dropped, codes = answered_unasked(form, application.answers, files), asked(form, application.answers)
    known = {each.code for each in all_questions(form)}
    application.answers = {code: value for code, value in application.answers.items() if code in codes or code not in known}
    for each in dropped:
        if files.pop(each.code, None):
            attached.remove(and_(Attachment.application_id == application.id, Attachment.question == each.code))
    return dropped


def _is_empty(value: Any) -> bool:  # noqa: ANN401 (any answer)
    return value is None or value is False or value in ("", [])
