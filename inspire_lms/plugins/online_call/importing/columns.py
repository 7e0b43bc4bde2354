"""The columns of a table of applications: who applies, when it was received, and one for each question of the call's form."""

from collections.abc import Mapping, Sequence
from typing import Any

from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import languages, show
from inspire_lms.kernel.web.tables import Column, Table
from inspire_lms.plugins.online_call.importing.sheets.table import ASIDE
from inspire_lms.plugins.online_call.questions import Kind, Question

E_MAIL, GIVEN, FAMILY, RECEIVED, LANGUAGE = "e_mail", "given_name", "family_name", "received_at", "reading_language"
"""The columns about the person. The codes of a form have no underscore, so none of them can be called so."""

PERSON = (E_MAIL, GIVEN, FAMILY, RECEIVED)
OPTIONAL = (LANGUAGE,)

EXAMPLE = "2026-12-01 10:30"

_ABOUT_PERSON: Mapping[str, Message] = {
    E_MAIL: Message("E-mail address of the applicant; the receipt goes there."),
    GIVEN: Message("Given name, as the applicant writes it."),
    FAMILY: Message("Family name, as the applicant writes it."),
    RECEIVED: Message("When it was received on paper: day and time of the country, for example {example}.", example=EXAMPLE),
}


def headings(form: Sequence[Question]) -> tuple[str, ...]:
    """List the headings that a table must have."""
    return (*PERSON, *(question.code for question in form))


def template(form: Sequence[Question], language: str) -> Table:
    """Make the template: the headings, and below them a row that explains each, in the reader's language.

    *language* is that of the country, in which an applicant without one is written to.
    """
    about: dict[str, Any] = {name: show(text) for name, text in _ABOUT_PERSON.items()}
    said = Message("In which language mails are written: {codes}. Empty: {language}.", codes=", ".join(languages()), language=language)
    about |= {LANGUAGE: show(said)} | {question.code: show(_about(question)) for question in form}
    about[E_MAIL] = f"{ASIDE} {about[E_MAIL]} {show(Message('Rows that begin with {mark} are not read.', mark=ASIDE))}"
    return Table(columns=[Column(name, name) for name in (*PERSON, *OPTIONAL, *(each.code for each in form))], rows=[about])


def _about(question: Question) -> Message:
    about = _told(question)
    if question.when is None:
        return about
    when = ", ".join(question.when.answers)
    return Message("{about}; only when {question} is: {answers}", about=about, question=question.when.question, answers=when)


def _told(question: Question) -> Message:
    values: dict[str, Any] = {"question": Words(question.label), "must": Message("optional") if question.is_optional else Message("needed")}
    match question.kind:
        case Kind.TEXT | Kind.LONG:
            return Message("{question} ({must}; at most {most} characters)", most=question.most, **values)
        case Kind.WHOLE:
            return Message("{question} ({must}; a whole number from {least} to {most})", least=question.least, most=question.most, **values)
        case Kind.YES_NO:
            return Message("{question} ({must}; yes or no)", **values)
        case Kind.DATE:
            return Message("{question} ({must}; a day, for example {example})", example=EXAMPLE.partition(" ")[0], **values)
        case Kind.CONSENT:
            return Message("{question} ({must}; yes when the consent is given on paper)", **values)
        case Kind.DECLARATION:
            return Message("{question} ({must}; yes when it is signed on paper)", **values)
        case Kind.FILE:
            return Message("{question} ({must}; yes when the document is with the paper)", **values)
        case Kind.CHOICE:
            return Message("{question} ({must}; one of these codes: {codes})", codes=_codes(question), **values)
        case Kind.CHOICES:
            return Message("{question} ({must}; codes with a semicolon between them: {codes})", codes=_codes(question), **values)


def _codes(question: Question) -> str:
    return "; ".join(f"{code} = {show(Words(texts))}" for code, texts in question.options.items())
