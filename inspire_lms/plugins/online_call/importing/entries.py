"""One row of a table as an application: each cell is taken, or said to be wrong and what to write instead."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from inspire_lms.kernel.clock import aware
from inspire_lms.kernel.errors import Invalid, Reason, When
from inspire_lms.kernel.i18n import languages
from inspire_lms.kernel.people import profile
from inspire_lms.plugins.online_call import questions
from inspire_lms.plugins.online_call.importing.columns import E_MAIL, EXAMPLE, FAMILY, GIVEN, LANGUAGE, RECEIVED
from inspire_lms.plugins.online_call.importing.sheets.table import Line, place
from inspire_lms.plugins.online_call.questions import ON_PAPER, Kind, Question, Section
from inspire_lms.plugins.online_call.rules import Window

YES, NO = "yes", "no"
_FIELDS = {"email": E_MAIL, "given_name": GIVEN, "family_name": FAMILY, "language": LANGUAGE}
_CLOCK = r"[ T]+([0-9]{1,2})[:.]([0-9]{2})(?::([0-9]{2})(?:\.0+)?)?"
_YEAR_FIRST = re.compile("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})" + _CLOCK)
_DAY_FIRST = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4}),?" + _CLOCK)
# A cell of the kind date comes out of a workbook with a clock at midnight.
_DAY_ALONE = re.compile(r"(?:([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})|([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4}))(?:[ T]00:00(?::00)?)?")


@dataclass(frozen=True)
class Entry:
    """An application as a row of the table tells it."""

    row: int
    email: str
    given: str
    family: str
    language: str
    received_at: datetime
    answers: Mapping[str, Any]
    """By question code; ON_PAPER for a document that is with the paper."""

    @property
    def on_paper(self) -> frozenset[str]:
        """The questions whose document is with the paper."""
        return frozenset(code for code, value in self.answers.items() if value == ON_PAPER)


@dataclass(frozen=True)
class Wrong:
    """What is wrong in a row: where, and what to write instead."""

    row: int
    column: str
    """The letter and the heading."""
    reason: Reason


def taken(
    line: Line, columns: Mapping[str, int], form: Sequence[Section], *, window: Window, language: str, at: datetime
) -> tuple[Entry | None, list[Wrong]]:
    """Take a row as an application that is entered at *at*; or None, with everything that is wrong in it.

    *language* is that of the country.
    """
    wrong = {name: cell for name, cell in line.cells.items() if isinstance(cell, Reason)}
    told = {name: cell for name, cell in line.cells.items() if isinstance(cell, str)}
    person, against = _person(told, language)
    wrong = against | wrong
    answers, reasons = _answers(form, told)
    wrong = reasons | wrong
    received, reason = _received(told.get(RECEIVED, ""), window, at)
    if reason:
        wrong.setdefault(RECEIVED, reason)
    found = [Wrong(line.number, f"{place(columns[name])} ({name})" if name in columns else name, why) for name, why in wrong.items()]
    found += [Wrong(line.number, place(each), Reason("This column has no heading. Delete what stands here.")) for each in line.beside]
    if found or received is None:
        return None, sorted(found, key=lambda each: each.column)
    return Entry(line.number, *person, received, {code: value for code, value in answers.items() if value is not None}), []


def _answers(form: Sequence[Section], told: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Reason]]:
    """Read the answers of a row, and say what is wrong with them; what is not asked after the others stays empty."""
    answers, wrong = dict[str, Any](), dict[str, Reason]()
    for question in questions.all_questions(form):
        answers[question.code], reason = _answer(question, told.get(question.code, ""))
        if reason:
            wrong[question.code] = reason
    asked = questions.asked(form, answers)
    for question in questions.all_questions(form):
        value = answers[question.code]
        if question.code in asked:
            reason = questions.why_not_submit_with(question, value, is_attached=value == ON_PAPER)
        else:
            answers[question.code] = None
            reason = Reason("This is not asked after the other answers: leave it empty.") if told.get(question.code) else None
        if reason:
            wrong.setdefault(question.code, reason)
    return answers, wrong


def _person(told: Mapping[str, str], language: str) -> tuple[tuple[str, str, str, str], dict[str, Reason]]:
    chosen = told.get(LANGUAGE, "").lower() or language
    try:
        address, given, family = profile.checked(told.get(E_MAIL, ""), told.get(GIVEN, ""), told.get(FAMILY, ""), chosen)
    except Invalid as wrong:
        reasons = {_FIELDS[name]: reason for name, reason in wrong.reasons.items()}
        if LANGUAGE in reasons:
            reasons[LANGUAGE] = Reason("Write one of these codes: {codes}.", codes=", ".join(languages()))
        return ("", "", "", ""), reasons
    return (address, given, family, chosen), {}


def _answer(question: Question, said: str) -> tuple[Any, Reason | None]:
    """Give the answer that a cell tells, None for an empty one; or why it is none."""
    if not said:
        return (False if question.kind in {Kind.DECLARATION, Kind.CONSENT} else None), None
    return _READERS[question.kind](question, said)


def _as_typed(_question: Question, said: str) -> tuple[Any, Reason | None]:
    return "".join(letter for letter in said if letter.isprintable() or letter == "\n"), None


def _whole(_question: Question, said: str) -> tuple[Any, Reason | None]:
    return (int(said), None) if re.fullmatch("-?[0-9]{1,9}", said) else (None, Reason("Write a whole number, for example 12."))


def _date(_question: Question, said: str) -> tuple[Any, Reason | None]:
    found = _DAY_ALONE.fullmatch(said)
    if found is None:
        return None, Reason("Write a day, for example {example}.", example=EXAMPLE.partition(" ")[0])
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        return date(int(year), int(month), int(day)).isoformat(), None
    except ValueError:
        return None, Reason("The date {date} does not exist.", date=said)


def _choice(question: Question, said: str) -> tuple[Any, Reason | None]:
    codes = {code.casefold(): code for code in question.options}
    chosen = codes.get(said.casefold())
    return (chosen, None) if chosen else (None, _one_of(question.options))


def _choices(question: Question, said: str) -> tuple[Any, Reason | None]:
    codes = {code.casefold(): code for code in question.options}
    named = [each.strip().casefold() for each in re.split("[;,|\n]", said) if each.strip()]
    if any(each not in codes for each in named):
        return None, _one_of(question.options)
    return [code for folded, code in codes.items() if folded in named], None


def _yes_no(_question: Question, said: str) -> tuple[Any, Reason | None]:
    return (said.casefold(), None) if said.casefold() in {YES, NO} else (None, _one_of((YES, NO)))


def _declared(_question: Question, said: str) -> tuple[Any, Reason | None]:
    return (said.casefold() == YES, None) if said.casefold() in {YES, NO} else (False, _one_of((YES, NO)))


def _on_paper(_question: Question, said: str) -> tuple[Any, Reason | None]:
    return (ON_PAPER if said.casefold() == YES else None, None) if said.casefold() in {YES, NO} else (None, _one_of((YES, NO)))


_READERS: Mapping[Kind, Callable[[Question, str], tuple[Any, Reason | None]]] = {
    Kind.TEXT: _as_typed,
    Kind.LONG: _as_typed,
    Kind.WHOLE: _whole,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no,
    Kind.DECLARATION: _declared,
    Kind.CONSENT: _declared,
    Kind.DATE: _date,
    Kind.FILE: _on_paper,
}


def _one_of(codes: Sequence[str] | Mapping[str, Any]) -> Reason:
    return Reason("Write one of these codes: {codes}.", codes=", ".join(codes))


def _received(said: str, window: Window, at: datetime) -> tuple[datetime | None, Reason | None]:
    """Read when an application was received on the clocks of the country; it counts only within the window and not in the future."""
    parts = _moment(said)
    if parts is None:
        return None, Reason("Write day and time, for example {example}.", example=EXAMPLE)
    try:
        received = aware(datetime(*parts), window.zone)  # noqa: DTZ001 (the clock of the country, which aware knows)
    except ValueError as wrong:
        return None, wrong.args[0] if isinstance(wrong.args[0], Reason) else Reason("This day or time does not exist.")
    if received < window.opens_at:
        return None, Reason("It was received before the call opened on {opens}.", opens=When(window.opens_at, window.zone))
    if received >= window.closes_at:
        return None, Reason("It was received after the call closed on {deadline}.", deadline=When(window.closes_at, window.zone))
    if received > at:
        return None, Reason("This moment is still to come.")
    return received, None


def _moment(said: str) -> tuple[int, int, int, int, int, int] | None:
    if found := _YEAR_FIRST.fullmatch(said):
        year, month, day = found[1], found[2], found[3]
    elif found := _DAY_FIRST.fullmatch(said):
        day, month, year = found[1], found[2], found[3]
    else:
        return None
    return int(year), int(month), int(day), int(found[4]), int(found[5]), int(found[6] or 0)
