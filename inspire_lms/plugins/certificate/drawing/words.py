"""The fields of a layout, in words: from the record, in the language of the page."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from inspire_lms.kernel.i18n import Words, _, current, duration, on_day, percent, show, speaking
from inspire_lms.plugins.certificate import codes
from inspire_lms.plugins.certificate.drawing.labels import LANGUAGES, SEALS, label_of, listed
from inspire_lms.plugins.certificate.drawing.record import Record
from inspire_lms.plugins.certificate.rules import Kind


@dataclass(frozen=True)
class Fact:
    """A label and what stands beside it."""

    field: str
    label: str
    value: str
    language: str = ""
    """The language of the value where it is another than was asked for."""


@dataclass(frozen=True)
class UnitLine:
    """One unit as it is printed."""

    number: str
    title: str
    hours: str
    outcomes: tuple[str, ...]
    language: str = ""
    """The language of title and outcomes where it is another than was asked for."""


@dataclass(frozen=True)
class CompetenceLine:
    """One competence as it is printed."""

    title: str
    reached: str
    language: str = ""
    """The language of the title where it is another than was asked for."""


AS_THEY_ARE = (
    "title", "role_title", "programme", "body", "accreditation", "mode", "assessment", "identity", "grading", "prerequisites", "quality",
    "place", "signatory_function", "funding", "disclaimer",
)  # fmt: skip
"""Fields that people wrote, in several languages."""


PERSONAL = frozenset({"name", "latin_name", "number", "short_code", "attendance", "results", "supplement"})
"""Fields of a layout that differ from certificate to certificate of one batch."""


def fields(record: Record, language: str) -> dict[str, str]:
    """Give the text of every field of *record* in *language*; an empty text when there is nothing to say."""
    with speaking(language):
        as_they_are = {name: getattr(record, name).text() for name in AS_THEY_ARE}
        listed_ = {"competences": listed(f"{one.title}: {one.reached}" for one in _competences(record))}
        return as_they_are | _codes(record) | _figures(record) | _sentences(record) | _personal(record) | listed_


def personal(record: Record, language: str) -> dict[str, str]:
    """Give the text of the fields in PERSONAL; what was reached in each competence is no text of a layout."""
    with speaking(language):
        return _personal(record)


def foreign(record: Record, language: str) -> dict[str, str]:
    """Say which fields speak another language than *language*, and which: nobody translated them."""
    written = {name: getattr(record, name) for name in (*AS_THEY_ARE, "eqf")} | {"country": record.country_name}
    spoken = {name: text.spoken(language)[1] for name, text in written.items()}
    return {name: code for name, code in spoken.items() if code and code != language}


def _personal(record: Record) -> dict[str, str]:
    return {
        "name": record.name,
        "latin_name": record.latin_name if record.latin_name != record.name else "",
        "number": record.number,
        "short_code": codes.grouped(record.short_code),
        "attendance": _attendance(record),
        "results": listed(_result(one.title.text(), one.percent, one.pass_mark) for one in record.results),
        "supplement": _("English supplement to certificate {number}", number=record.number),
    }


def _codes(record: Record) -> dict[str, str]:
    return {
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
        "issued": issued,
        "expires": on_day(record.expires_on, style="date") if record.expires_on else "",
        "issued_place": _("{place}, {day}", place=record.place.text(), day=issued),
    }


def _sentences(record: Record) -> dict[str, str]:
    return {
        "eqf": record.eqf.text() or _("No EQF level is claimed for this programme."),
        "seal": show(SEALS[record.seal]),
        "micro": _micro(record),
        "certifies": _("This is to certify that"),
        "statement": _statement(record),
        "units_heading": _("Content and intended learning outcomes") if record.kind == Kind.ATTENDANCE else _("What was learnt"),
        "assessment": _assessment(record),
        "competences_heading": _("Results by competence and level reached") if record.competences else "",
        "check": _("Check this document"),
    }


def facts(record: Record, language: str, wanted: tuple[str, ...]) -> tuple[Fact, ...]:
    """Give the facts of *record* that have something to say, in the order *wanted*."""
    values, other = fields(record, language), foreign(record, language)
    return tuple(Fact(field, label_of(field, language), values[field], other.get(field, "")) for field in wanted if values.get(field))


def units(record: Record, language: str) -> tuple[UnitLine, ...]:
    """Give the units with their hours and learning outcomes."""
    with speaking(language):
        return tuple(
            UnitLine(
                number=str(unit.number),
                title=unit.title.text(),
                hours=duration(unit.live_minutes + unit.study_minutes),
                outcomes=tuple(text.text() for text in unit.outcomes),
                language=_other(unit.title, language),
            )
            for unit in record.units
        )


def competences(record: Record, language: str) -> tuple[CompetenceLine, ...]:
    """Give the competences, each with the result and the level reached."""
    with speaking(language):
        return _competences(record)


def _competences(record: Record) -> tuple[CompetenceLine, ...]:
    shown = zip(record.competences, reached(record, current()), strict=True)
    return tuple(CompetenceLine(one.title.text(), said, _other(one.title, current())) for one, said in shown)


def reached(record: Record, language: str) -> tuple[str, ...]:
    """Say what was reached in each competence."""
    mark = max((one.pass_mark for one in record.results), default=None)
    return tuple(_reached(one.percent, mark, one.level.text(language), language) for one in record.competences)


def _other(text: Words, language: str) -> str:
    """Give the language of a text where it is another than *language*."""
    code = text.spoken(language)[1]
    return code if code != language else ""


@lru_cache(maxsize=4096)
def _reached(share: str, mark: int | None, level: str, language: str) -> str:
    with speaking(language):
        shown = percent(float(share), mark=mark)
        return _("{share}, {level}", share=shown, level=level) if level else shown


def page_line(number: int, of: int, language: str) -> str:
    """Say which page of how many this is."""
    with speaking(language):
        return _("Page {number} of {of}", number=number, of=of)


def pictures(language: str) -> dict[str, str]:
    """Say what the pictures show, for whoever does not see them."""
    with speaking(language):
        return {"qr": _("QR code: the address of the check of this document"), "emblem": _("Emblem of the European Union")}


def field_name(language: str) -> str:
    """Name the field of the seal."""
    with speaking(language):
        return _("Electronic seal of the awarding body")


def link_name(address: str, language: str) -> str:
    """Say where the link of the document leads."""
    with speaking(language):
        return _("Check this document at {address}", address=address)


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
        share=percent(record.attended_minutes * 100 / record.live_minutes, mark=100),
    )


def _result(title: str, value: str, pass_mark: int) -> str:
    return _("{title}: {share} (pass mark {pass_mark})", title=title, share=percent(float(value)), pass_mark=percent(pass_mark))


def _micro(record: Record) -> str:
    """Say what the document is by Recommendation 2022/C 243/02, for which only assessed outcomes make a micro-credential (point 5a)."""
    if record.kind == Kind.ATTENDANCE:
        return _(
            "This document records attendance. It states the European standard elements of a micro-credential without being one. "
            "Using them does not, in itself, imply official validation or recognition."
        )
    return _(
        "This document states the European standard elements of a micro-credential. "
        "Using them does not, in itself, imply official validation or recognition."
    )


def _assessment(record: Record) -> str:
    """Give the type of assessment, which a document of attendance states too: that there was none."""
    if record.kind == Kind.ATTENDANCE:
        return _("None: no learning outcome was assessed for this document.")
    return record.assessment.text()


def _statement(record: Record) -> str:
    if record.kind == Kind.CERTIFICATION:
        return _(
            "has met the requirements of the certification scheme “{scheme}” on the ground of the programme “{programme}” "
            "and is certified in the role of",
            scheme=record.scheme,
            programme=record.programme.text(),
        )
    if record.kind == Kind.COMPETENCE:
        return _(
            "has attended the programme “{programme}”, has passed its assessments "
            "and has shown the learning outcomes required for the role of",
            programme=record.programme.text(),
        )
    return _("has attended the programme “{programme}” for the hours stated below", programme=record.programme.text())
