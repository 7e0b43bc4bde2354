"""The fields of a layout, in words: from the record, in the language of the page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import _, duration, on_day, percent, show, speaking
from inspire_lms.plugins.certificate import codes
from inspire_lms.plugins.certificate.drawing.record import Record
from inspire_lms.plugins.certificate.rules import Kind

SEALS: Mapping[str, Message] = {
    "demo": Message("Demonstration seal, not qualified: it shows that the file has not been changed, and proves nothing about the issuer."),
    "own": Message("Electronic seal of the issuer, not qualified under Regulation (EU) No 910/2014 (eIDAS)."),
}
"""What every page says about the seal, by the kind of key."""

LABELS: Mapping[str, Message] = {
    "name": Message("Name"),
    "latin_name": Message("In Latin letters"),
    "title": Message("Document"),
    "number": Message("Number"),
    "role_title": Message("Role"),
    "programme": Message("Programme"),
    "edition": Message("Edition"),
    "country": Message("Country"),
    "body": Message("Awarding body"),
    "accreditation": Message("Accreditation"),
    "partners": Message("Partners"),
    "period": Message("Period"),
    "mode": Message("Form of participation"),
    "hours": Message("Workload"),
    "attendance": Message("Attendance at webinars"),
    "results": Message("Results"),
    "competences": Message("Results by competence"),
    "assessment": Message("Type of assessment"),
    "identity": Message("Supervision and identity"),
    "grading": Message("Grading scale"),
    "prerequisites": Message("Prerequisites"),
    "quality": Message("Quality assurance"),
    "eqf": Message("EQF level"),
    "issued": Message("Date of issue"),
    "place": Message("Place of issue"),
    "signatory": Message("Signed by"),
    "signatory_function": Message("Function"),
    "scheme": Message("Certification scheme"),
    "language": Message("Language of the document"),
}
"""The label of each field that can stand in a list of facts."""


@dataclass(frozen=True)
class Fact:
    """A label and what stands beside it."""

    field: str
    label: str
    value: str


@dataclass(frozen=True)
class UnitLine:
    """One unit as it is printed."""

    number: str
    title: str
    hours: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class CompetenceLine:
    """One competence as it is printed."""

    title: str
    reached: str


AS_THEY_ARE = (
    "title", "role_title", "programme", "body", "accreditation", "mode", "assessment", "identity", "grading", "prerequisites", "quality",
    "place", "signatory_function", "funding", "disclaimer",
)  # fmt: skip
"""Fields that people wrote, in several languages."""


def fields(record: Record, language: str) -> dict[str, str]:
    """Give the text of every field of *record* in *language*; an empty text when there is nothing to say."""
    with speaking(language):
        return {name: getattr(record, name).text() for name in AS_THEY_ARE} | _codes(record) | _figures(record) | _sentences(record)


def _codes(record: Record) -> dict[str, str]:
    return {
        "name": record.name,
        "latin_name": record.latin_name if record.latin_name != record.name else "",
        "number": record.number,
        "short_code": codes.grouped(record.short_code),
        "edition": record.edition,
        "country": record.country_name.text(),
        "partners": ", ".join(record.partners),
        "signatory": record.signatory,
        "scheme": record.scheme,
        "language": LANGUAGES[record.language]() if record.language in LANGUAGES else record.language,
        "address": record.check_page,
    }


def _figures(record: Record) -> dict[str, str]:
    issued = on_day(record.issued_on, style="date")
    return {
        "period": _period(record.first_day, record.last_day),
        "hours": duration(record.planned_minutes),
        "attendance": _attendance(record),
        "results": "; ".join(_result(one.title.text(), one.percent, one.pass_mark) for one in record.results),
        "competences": "; ".join(f"{one.title}: {one.reached}" for one in _competences(record)),
        "issued": issued,
        "issued_place": _("{place}, {day}", place=record.place.text(), day=issued),
    }


def _sentences(record: Record) -> dict[str, str]:
    return {
        "eqf": record.eqf.text() or _("No EQF level is claimed for this programme."),
        "seal": show(SEALS[record.seal]),
        "micro": _(
            "This document states the European standard elements of a micro-credential. "
            "Using them does not, in itself, imply official validation or recognition."
        ),
        "certifies": _("This is to certify that"),
        "statement": _statement(record),
        "supplement": _("English supplement to {title} {number}", title=record.title.text(record.language), number=record.number),
        "units_heading": _("What was learnt"),
        "competences_heading": _("Results by competence and level reached") if record.competences else "",
        "check": _("Check this document"),
    }


LANGUAGES: Mapping[str, Callable[[], str]] = {
    "en": lambda: _("English"),
    "it": lambda: _("Italian"),
    "el": lambda: _("Greek"),
    "ro": lambda: _("Romanian"),
}


def facts(record: Record, language: str, wanted: tuple[str, ...]) -> tuple[Fact, ...]:
    """Give the facts of *record* that have something to say, in the order *wanted*."""
    values = fields(record, language)
    with speaking(language):
        return tuple(Fact(field, show(LABELS[field]) if field in LABELS else "", values[field]) for field in wanted if values.get(field))


def units(record: Record, language: str) -> tuple[UnitLine, ...]:
    """Give the units with their hours and learning outcomes."""
    with speaking(language):
        return tuple(
            UnitLine(
                number=str(unit.number),
                title=unit.title.text(),
                hours=duration(unit.live_minutes + unit.study_minutes),
                outcomes=tuple(text.text() for text in unit.outcomes),
            )
            for unit in record.units
        )


def competences(record: Record, language: str) -> tuple[CompetenceLine, ...]:
    """Give the competences, each with the result and the level reached."""
    with speaking(language):
        return _competences(record)


def _competences(record: Record) -> tuple[CompetenceLine, ...]:
    mark = max((one.pass_mark for one in record.results), default=None)
    return tuple(
        CompetenceLine(one.title.text(), _reached(percent(float(one.percent), mark=mark), one.level.text())) for one in record.competences
    )


def _reached(share: str, level: str) -> str:
    return _("{share}, {level}", share=share, level=level) if level else share


def page_line(number: int, of: int, language: str) -> str:
    """Say which page of how many this is."""
    with speaking(language):
        return _("Page {number} of {of}", number=number, of=of)


def specimen(language: str) -> str:
    """Name a preview as what it is."""
    with speaking(language):
        return _("Preview, not valid")


def _period(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return ""
    if first == last:
        return on_day(first, style="date")
    return _("from {first} to {last}", first=on_day(first, style="date"), last=on_day(last, style="date"))


def _attendance(record: Record) -> str:
    if record.live_minutes is None or record.attended_minutes is None or record.live_minutes == 0:
        return ""
    return _(
        "{attended} of {planned} ({share})",
        attended=duration(record.attended_minutes),
        planned=duration(record.live_minutes),
        share=percent(record.attended_minutes * 100 / record.live_minutes),
    )


def _result(title: str, value: str, pass_mark: int) -> str:
    return _("{title}: {share} (pass mark {pass_mark})", title=title, share=percent(float(value)), pass_mark=percent(pass_mark))


def _statement(record: Record) -> str:
    if record.kind == Kind.COMPETENCE:
        return _(
            "has attended the programme “{programme}”, has passed its assessments "
            "and has shown the learning outcomes required for the role of",
            programme=record.programme.text(),
        )
    return _("has attended the programme “{programme}” for the hours stated below", programme=record.programme.text())
