"""Reads for the pages of the call and of one's own application."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from inspire_lms.kernel.db import Words, once_a_page, session
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.online_call import rules
from inspire_lms.plugins.online_call.models import Application, Attachment, Call, Criterion, Outcome
from inspire_lms.plugins.online_call.offering.models import Place
from inspire_lms.plugins.online_call.questions import ON_PAPER, TAKEN_BACK, Answers, Kind, Question, form_of, only_asked


def call_of(country: str, at: datetime) -> Call | None:
    """Give the call of a country that matters at *at*, by its code in small letters; None when there is none."""
    if country != country.lower():
        return None
    return next(iter(_by_importance(Cohort.country == country.upper(), at=at)), None)


def calls(at: datetime) -> list[Call]:
    """List the calls of the editions in which this plugin is on, in order of their countries; of each, the one that matters first."""
    return sorted(_by_importance(at=at), key=lambda call: call.cohort.country)


def _by_importance(*which: ColumnElement[bool], at: datetime) -> list[Call]:
    found = session.scalars(select(Call).join(Cohort, Call.cohort_id == Cohort.id).where(*which).order_by(Call.id))
    on = [call for call in found if is_on_for_cohort("online_call", call.cohort_id)]
    return sorted(on, key=lambda call: rules.importance(call.window, at=at))


def call_of_cohort(cohort_id: int) -> Call | None:
    """Give the call of a cohort."""
    return session.scalar(select(Call).where(Call.cohort_id == cohort_id))


@once_a_page
def criteria(call_id: int) -> list[Criterion]:
    """List the criteria of a call, in order."""
    return list(session.scalars(select(Criterion).where(Criterion.call_id == call_id).order_by(Criterion.position)))


def application(application_id: int) -> Application | None:
    """Give an application that was submitted; drafts are nobody's business but their owner's."""
    return session.scalar(select(Application).where(Application.id == application_id, Application.submitted_at.is_not(None)))


def own_application(application_id: int, person_id: int) -> Application | None:
    """Give a person's own application."""
    return session.scalar(select(Application).where(Application.id == application_id, Application.person_id == person_id))


def own_in(call_id: int, person_id: int) -> Application | None:
    """Give a person's application in a call."""
    return session.scalar(select(Application).where(Application.call_id == call_id, Application.person_id == person_id))


def attachments(application_id: int) -> dict[str, Attachment]:
    """Give the files of an application, by question."""
    rows = session.scalars(select(Attachment).where(Attachment.application_id == application_id))
    return {each.question: each for each in rows}


def outcomes(application_id: int) -> list[Outcome]:
    """List what the rules found in an application, in their order."""
    return list(session.scalars(select(Outcome).where(Outcome.application_id == application_id).order_by(Outcome.id)))


def place(application_id: int) -> Place | None:
    """Give the line of an application in the published ranking."""
    return session.scalar(select(Place).where(Place.application_id == application_id))


@dataclass(frozen=True)
class Answered:
    """One section of a copy of an application."""

    title: Words
    lines: tuple[tuple[Words, Any], ...]
    """Each question with what can be shown as its answer."""


def copy_of(
    kept_form: Sequence[Mapping[str, Any]],
    answers: Answers,
    attached: Mapping[str, Attachment],
    *,
    only: Collection[str] | None = None,
    by_link: Collection[str] = (),
    file_name: Message | None = None,
) -> tuple[Answered, ...]:
    """Lay out the answers for reading, in the order of the form; *only* names the questions to show, None means all.

    Questions that are not asked after the answers have no line. *by_link* are the questions that a superior answers in
    place of a file. *file_name* stands for the name of every file; None shows what its sender called it.
    """

    def answered(each: Question) -> Any:  # noqa: ANN401 (whatever can be shown)
        if each.code in attached and file_name is not None:
            return file_name
        if each.code in by_link and each.code not in attached:
            return BY_LINK
        return shown(each, answers.get(each.code), attached.get(each.code))

    found = []
    for section in only_asked(form_of(kept_form), answers):
        asked = [each for each in section.questions if only is None or each.code in only]
        lines = tuple((Words(each.label), answered(each)) for each in asked)
        if lines:
            found.append(Answered(Words(section.title), lines))
    return tuple(found)


BY_LINK = Message("The superior answers by a link")
"""What stands in a copy in place of a file."""


def shown(question: Question, value: Any, attachment: Attachment | None) -> Any:  # noqa: ANN401 (whatever can be shown)
    """Give what can be shown as the answer to *question*."""
    if question.kind is Kind.FILE:
        return attachment.name if attachment else Message("Handed in on paper") if value == ON_PAPER else Message("No file")
    if question.kind is Kind.DECLARATION:
        return Message("Declared") if value else Message("Not declared")
    if question.kind is Kind.CONSENT:
        return Message("Consent taken back") if value == TAKEN_BACK else Message("Consent given") if value else Message("No consent given")
    if value is None or value in ("", []):
        return Message("No answer")
    if question.kind is Kind.DATE:
        return date.fromisoformat(value)
    if question.kind is Kind.YES_NO:
        return Message("Yes") if value == "yes" else Message("No")
    if question.kind is Kind.CHOICE:
        return Words(question.options.get(value, {}))
    if question.kind is Kind.CHOICES:
        return one_after_the_other([Words(question.options.get(each, {})) for each in value])
    return value


def one_after_the_other(words: Sequence[Words]) -> Message:
    """Say several texts in a row."""
    places = {f"part{place}": each for place, each in enumerate(words)}
    in_a_row = "; ".join(f"{{{name}}}" for name in places)
    return Message(in_a_row, **places)
