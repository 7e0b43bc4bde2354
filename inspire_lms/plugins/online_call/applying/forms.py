"""The sections of an application as forms. A draft may have gaps: what is missing is not asked for while it is written."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import url_for
from werkzeug.datastructures import FileStorage, MultiDict

from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.files import PDF
from inspire_lms.kernel.web.fields.picked import DAY_PARTS
from inspire_lms.kernel.web.forms import Choice, Choices, DayField, Field, Form, Kept, LongText, Text, Tick, Upload, Whole
from inspire_lms.plugins.online_call.drafting import versions
from inspire_lms.plugins.online_call.form import reading
from inspire_lms.plugins.online_call.models import Attachment
from inspire_lms.plugins.online_call.questions import Answers, Kind, Question, Section

YES_OR_NO = {"yes": Message("Yes"), "no": Message("No")}


class IsoDay(DayField):
    """A day that is kept as text, as JSON wants it; of any year that somebody living could name."""

    years = reading.YEARS

    def show_value(self, value: str | None) -> None:
        """Show a day that was kept."""
        super().show_value(date.fromisoformat(value) if value else None)

    def read(self, form: "MultiDict[str, str]", files: "MultiDict[str, FileStorage]") -> str | None:
        """Give the day as YYYY-MM-DD."""
        day = super().read(form, files)
        return day.isoformat() if day else None


class SectionForm(Form):
    """A section of the application. What is empty is taken as it is; only what is there must have the right shape."""

    version = ""
    """Names what the draft held when the form was shown; sent along when it is saved as one types."""

    def accepted(self) -> bool:
        """Read what was sent, as if every field were optional."""
        asked = [each for each in self.fields if not each.optional]
        for each in asked:
            each.optional = True
        taken = super().accepted()
        for each in asked:
            each.optional = False
        return taken


def section_form(section: Section, application_id: int, answers: Answers, attached: Mapping[str, Attachment]) -> SectionForm:
    """Make the form of a section, filled with what the draft holds."""
    fields = {each.code: field_of(each, _kept(application_id, attached.get(each.code))) for each in section.questions}
    form = SectionForm.built(fields, initial={each.code: answers.get(each.code) for each in section.questions})
    form.version = versions.told((each.code for each in section.questions if each.kind is not Kind.FILE), answers)
    return form


def some_of(asked: Iterable[Question]) -> SectionForm:
    """Make a form of the questions that were changed, for saving as one types."""
    return SectionForm.built({each.code: field_of(each, None) for each in asked})


def field_of(question: Question, kept: Kept | None) -> Field:
    """Make the field for a question."""
    label = Message("{words}", words=Words(question.label))
    hint = Message("{words}", words=Words(question.hint)) if question.hint else None
    told: dict[str, Any] = {"hint": hint, "optional": question.is_optional}
    options = {code: Message("{words}", words=Words(texts)) for code, texts in question.options.items()}
    match question.kind:
        case Kind.TEXT:
            return Text(label, most=question.most, **told)
        case Kind.LONG:
            return LongText(label, most=question.most, rows=8, **told)
        case Kind.WHOLE:
            return Whole(label, least=question.least, most=question.most, **told)
        case Kind.YES_NO:
            return Choice(label, options=YES_OR_NO, **told)
        case Kind.CHOICE:
            return Choice(label, options=options, **told)
        case Kind.CHOICES:
            return Choices(label, options=options, **told)
        case Kind.DATE:
            return IsoDay(label, **told)
        case Kind.DECLARATION | Kind.CONSENT:
            return Tick(label, **told)
        case Kind.FILE:
            return Upload(label, allow=(PDF,), kept=kept, **told)


def names_of(question: Question) -> set[str]:
    """Give the names of the inputs in which a question is answered."""
    return {f"{question.code}_{part}" for part in DAY_PARTS} if question.kind is Kind.DATE else {question.code}


def _kept(application_id: int, attachment: Attachment | None) -> Kept | None:
    if attachment is None:
        return None
    href = url_for("online_call.own_file", application_id=application_id, question=attachment.question)
    return Kept(attachment.name, attachment.size, href=href, remove=f"{href}/remove")
