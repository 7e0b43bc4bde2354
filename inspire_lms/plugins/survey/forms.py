"""From a survey to a form, and from the form to the answers of a sheet."""

from collections.abc import Mapping
from typing import Any

from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.forms import Choice, Field, Form, LongText
from inspire_lms.plugins.survey.models import Question, Section, Survey
from inspire_lms.plugins.survey.rules import MOST_WORDS, NOT_APPLICABLE, Kind

BEFORE, NOW = "before", "now"


def form_of(survey: Survey, titles: Mapping[str, Words]) -> Form:
    """Make the form of a survey; *titles* names the competences by code."""
    fields: dict[str, Field] = {}
    for section in survey.sections:
        for question in section.questions:
            fields |= _fields(section, question, titles)
    return Form.built(fields)


def _fields(section: Section, question: Question, titles: Mapping[str, Words]) -> dict[str, Field]:
    match section.kind:
        case Kind.SCALE:
            none = {str(NOT_APPLICABLE): Message("Does not apply to me")}
            return {question.code: Choice(_asked(question.text), options=_points(section) | none)}
        case Kind.GAIN:
            title = titles.get(question.code.partition(".")[2], Words(en=question.code))
            return {
                f"{question.code}.{BEFORE}": Choice(
                    Message("{competence}: before the course", competence=title), options=_points(section), optional=True
                ),
                f"{question.code}.{NOW}": Choice(Message("{competence}: now", competence=title), options=_points(section), optional=True),
            }
    return {question.code: LongText(_asked(question.text), most=MOST_WORDS, optional=True)}


def _asked(text: Words) -> Message:
    return Message("{question}", question=text)


def _points(section: Section) -> dict[str, Any]:
    return {str(number): Words(label) for number, label in enumerate(section.scale, start=1)}


def answers_of(survey: Survey, values: Mapping[str, Any]) -> dict[str, Any]:
    """Turn what the form gave into the answers of a sheet."""
    answers: dict[str, Any] = {}
    for section in survey.sections:
        for question in section.questions:
            if section.kind == Kind.GAIN:
                pair = [_point(values.get(f"{question.code}.{part}")) for part in (BEFORE, NOW)]
                answers[question.code] = pair if any(pair) else None
            elif section.kind == Kind.SCALE:
                answers[question.code] = _point(values.get(question.code))
            else:
                answers[question.code] = values.get(question.code)
    return answers


def _point(code: str | None) -> int | None:
    return None if code is None else int(code)
