"""The record of one certificate: every value that is printed, as it was on the day of the decision.

It is stored with the certificate and never computed again. The public check shows these very values, so that a
forged level or date is seen by whoever compares.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from inspire_lms.kernel.i18n import Words
from inspire_lms.plugins.certificate.rules import Kind

_ONE_WAY = str.maketrans({"\u00b5": "\u03bc", "\u2011": "-"})


@dataclass(frozen=True)
class PrintedUnit:
    """One unit of the curriculum."""

    number: int
    title: Words
    live_minutes: int
    study_minutes: int
    outcomes: tuple[Words, ...]


@dataclass(frozen=True)
class PrintedResult:
    """One assessment that counted."""

    title: Words
    percent: str
    """A decimal number, as it was graded."""
    pass_mark: int


@dataclass(frozen=True)
class PrintedCompetence:
    """What was shown in one competence."""

    title: Words
    percent: str
    """A decimal number: the mean of the assessments that counted."""
    level: Words
    """The level of its learning outcomes; empty when the results do not reach it."""
    alignments: tuple[tuple[str, str, str], ...] = ()
    """Address, name and framework of where the same is described in public; not printed, but in the digital credential."""


@dataclass(frozen=True)
class Record:
    """What one certificate says. Words are in all the languages that the edition gives."""

    kind: str
    number: str
    code: str
    short_code: str
    address: str
    """The address in the QR code: whole, with the secret code."""
    check_page: str
    """The address that a person types: without protocol and code."""
    language: str
    name: str
    latin_name: str
    title: Words
    programme: Words
    edition: str
    role_title: Words
    country: str
    country_name: Words
    body: Words
    accreditation: Words
    partners: tuple[str, ...]
    first_day: date | None
    """When the edition starts, by its file; None when it does not say."""
    last_day: date | None
    mode: Words
    planned_minutes: int
    """Webinars and study together, by the curriculum."""
    live_minutes: int | None
    """Scheduled minutes of webinars; None when attendance is not on record."""
    attended_minutes: int | None
    units: tuple[PrintedUnit, ...]
    results: tuple[PrintedResult, ...]
    competences: tuple[PrintedCompetence, ...]
    """In the order of the framework; none on a document of attendance, and on what was issued before they were printed."""
    assessment: Words
    identity: Words
    grading: Words
    prerequisites: Words
    quality: Words
    eqf: Words
    place: Words
    issued_on: date
    expires_on: date | None
    """The last day on which it is valid; None: without an end."""
    signatory: str
    signatory_function: Words
    funding: Words
    disclaimer: Words
    scheme: str
    seal: str
    """demo, or own: which honest sentence stands on every page."""

    def stored(self) -> dict[str, Any]:
        """Give plain values for a JSON column."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    def texts(self) -> tuple[str, ...]:
        """Give every text that people wrote: what the typeface has to have letters for."""
        return tuple(_texts(self.stored()))


def read(stored: Mapping[str, Any]) -> Record:
    """Make a record of what was stored."""
    values = dict(stored)
    for name in ("title", "programme", "role_title", "country_name", "body", "accreditation", "mode", "assessment", "identity", "grading",
                 "prerequisites", "quality", "eqf", "place", "signatory_function", "funding", "disclaimer"):  # fmt: skip
        values[name] = Words(values[name])
    for name in ("first_day", "last_day", "issued_on", "expires_on"):
        values[name] = date.fromisoformat(values[name]) if values.get(name) else None
    values["partners"] = tuple(values["partners"])
    values["units"] = tuple(
        PrintedUnit(
            one["number"], Words(one["title"]), one["live_minutes"], one["study_minutes"], tuple(Words(text) for text in one["outcomes"])
        )
        for one in values["units"]
    )
    values["results"] = tuple(PrintedResult(Words(one["title"]), one["percent"], one["pass_mark"]) for one in values["results"])
    values["competences"] = tuple(
        PrintedCompetence(
            Words(one["title"]),
            one["percent"],
            Words(one["level"]),
            tuple((url, name, frame) for url, name, frame in one.get("alignments", ())),
        )
        for one in values.get("competences", ())
    )
    return Record(**values)


def composed(record: Record) -> Record:
    """Write every text of *record* the one way in which it is stored and printed."""
    return read(record.stored())


def title_of(record: Record) -> str:
    """Give the words that a reader's window and a search show for the file."""
    return f"{record.title.text(record.language)} – {record.name} – {record.number}"


def sample(kind: Kind, language: str, name: str, latin_name: str) -> Record:
    """Make a record with invented values in every field, for looking at a layout."""
    same = {"en": "Social Innovation Manager, sample", language: "Social Innovation Manager, sample"}
    unit = PrintedUnit(1, Words(same), 120, 180, (Words(same), Words(same)))
    filled = {field.name: Words(same) for field in fields(Record) if field.type is Words}
    return Record(
        kind=kind, number="SAMPLE-XX-2026-000000", code="sample", short_code="00000000", address="https://example.org/certificate/check/sample",
        check_page="example.org/certificate/check", language=language, name=name, latin_name=latin_name, edition="sample", country="XX",
        partners=("Sample partner",), first_day=date(2027, 1, 12), last_day=date(2027, 3, 2), planned_minutes=2400, live_minutes=960,
        attended_minutes=900, units=tuple(unit for _ in range(8)), results=(PrintedResult(Words(same), "82.50", 60),),
        competences=tuple(PrintedCompetence(Words(same), "82.50", Words(same)) for _ in range(0 if kind is Kind.ATTENDANCE else 8)),
        issued_on=date(2027, 3, 12), expires_on=date(2030, 3, 11), signatory="A. Sample", scheme="sample", seal="demo", **filled,
    )  # fmt: skip


def _plain(value: object) -> object:
    """Turn a printed value into what JSON holds; texts are composed (NFC)."""
    match value:
        case str():
            return _one_way(value)
        case dict():
            return {key: _plain(one) for key, one in value.items()}
        case tuple() | list():
            return [_plain(one) for one in value]
        case date():
            return value.isoformat()
        case PrintedUnit() | PrintedResult() | PrintedCompetence():
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            return value


def _one_way(text: str) -> str:
    """Write letters one way: composed, the Greek mu as Greek, and no space but the plain one and the one that binds.

    Hyphens are plain ones too: no line is broken at any.
    """
    nfc = unicodedata.normalize("NFC", text).translate(_ONE_WAY)
    return "".join(" " if letter.isspace() and letter not in " \n\u00a0" else letter for letter in nfc)


def _texts(value: object) -> list[str]:
    match value:
        case str():
            return [value]
        case dict():
            return [text for one in value.values() for text in _texts(one)]
        case list():
            return [text for one in value for text in _texts(one)]
        case _:
            return []
