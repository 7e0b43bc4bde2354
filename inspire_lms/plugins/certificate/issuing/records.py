"""From evidence to record: everything that one certificate will say, fixed at the decision."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from inspire_lms.kernel.curriculum import queries as curriculum
from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Invalid, Reason
from inspire_lms.kernel.i18n import languages
from inspire_lms.kernel.mail import link
from inspire_lms.kernel.people import names
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.typefaces import FACES, missing_letters
from inspire_lms.plugins.certificate import layout as layouts
from inspire_lms.plugins.certificate.drawing.page import why_not_draw
from inspire_lms.plugins.certificate.drawing.record import PrintedCompetence, PrintedResult, PrintedUnit, Record, composed, sample
from inspire_lms.plugins.certificate.earning.evidence import Trainee
from inspire_lms.plugins.certificate.models import Scheme
from inspire_lms.plugins.certificate.rules import Kind
from inspire_lms.plugins.certificate.validity.rules import last_day

LAYOUTS: Mapping[Kind, str] = {
    Kind.COMPETENCE: "completion.toml",
    Kind.ATTENDANCE: "attendance.toml",
    Kind.CERTIFICATION: "certification.toml",
}
_SENTENCE_END = re.compile(r"(?<=[.;])\s+")


@dataclass(frozen=True)
class Named:
    """The codes by which a certificate is found."""

    number: str
    code: str
    short_code: str


NOT_ISSUED = Named("–", "preview", "00000000")
"""What stands in a preview in place of number and codes."""


@dataclass(frozen=True)
class Aimed:
    """A competence and the highest level of its learning outcomes."""

    code: str
    title: Words
    level: Words
    """Empty when no unit teaches it."""
    alignments: tuple[tuple[str, str, str], ...] = ()
    """Address, name and framework."""


@dataclass(frozen=True)
class Ground:
    """What the certificates of a cohort have in common."""

    cohort: Cohort
    scheme: Scheme
    units: tuple[PrintedUnit, ...]
    competences: tuple[Aimed, ...]
    titles: Mapping[str, Words]
    """Of the assessments, by code."""
    seal: str
    """The kind of the seal: demo or own."""


def layout_of(kind: str) -> layouts.Layout:
    """Give the layout of a kind of document; it is read once. Raises Invalid when the file is wrong."""
    return _layout(current_app.extensions["inspire_top"]("certificates") / "layouts" / LAYOUTS[Kind(kind)])


def read_layouts(top: Callable[[str], Path]) -> None:
    """Read every layout, so that an instance with a wrong one does not start. Raises Invalid with the lines."""
    for name in LAYOUTS.values():
        _layout(top("certificates") / "layouts" / name)


@lru_cache(maxsize=8)
def _layout(path: Path) -> layouts.Layout:
    return layouts.read(path.read_text(encoding="utf-8"))


def what_is_wrong_with_layouts() -> str | None:
    """Say what is wrong with the layouts or the typefaces, for the doctor; None when every kind of document can be drawn."""
    try:
        for kind, language in product(LAYOUTS, languages()):
            record = sample(kind, language, "Ștefan Παπαϊωάννου D’Angelò", "Stefan Papaioannou D’Angelo")
            if reason := why_not_drawable(record):
                return str(reason)
    except (Invalid, OSError, ModuleNotFoundError) as error:
        return str(error)
    return None


def units_of(cohort: Cohort) -> tuple[PrintedUnit, ...]:
    """Give the units of the curriculum as they are printed."""
    return tuple(
        PrintedUnit(unit.number, Words(unit.title), unit.live_minutes, unit.study_minutes, tuple(Words(one.text) for one in unit.outcomes))
        for unit in curriculum.units(cohort.edition.framework_id)
    )


def competences_of(cohort: Cohort) -> tuple[Aimed, ...]:
    """Give the competences of the curriculum in their order, each with the level that its outcomes are written for."""
    framework_id, levels = cohort.edition.framework_id, {}
    outcomes = [one for unit in curriculum.units(framework_id) for one in unit.outcomes]
    for one in sorted(outcomes, key=lambda outcome: outcome.level.number):
        levels[one.competence_id] = Words(one.level.title)
    return tuple(
        Aimed(
            one.code,
            Words(one.title),
            levels.get(one.id, Words()),
            tuple((it["url"], it["name"], it["framework"]) for it in one.alignments),
        )
        for one in curriculum.competences(framework_id)
    )


def record_of(ground: Ground, trainee: Trainee, kind: Kind, named: Named, *, issued_on: date) -> Record:
    """Say everything that the certificate of *trainee* will say."""
    share, passed = trainee.evidence.share, trainee.evidence.results
    person = person_of(trainee.member.person_id)
    results = tuple(
        PrintedResult(ground.titles.get(one.code, Words(en=one.title)), str(passed[one.code]), one.pass_mark)
        for one in trainee.evidence.needed
        if one.code in passed
    )
    competences = tuple(
        PrintedCompetence(one.title, str(shown.percent), one.level if shown.is_reached else Words(), one.alignments)
        for one in ground.competences
        if (shown := trainee.shown.get(one.code))
    )
    return composed(replace(
        common_record(ground, kind, issued_on=issued_on),
        number=named.number, code=named.code, short_code=named.short_code, address=address_of(named),
        name=names.tidy(person.name, person.language), latin_name=names.tidy(person.latin_name or person.name, "en"),
        live_minutes=share.scheduled if share else None, attended_minutes=min(share.minutes, share.scheduled) if share else None,
        results=() if kind is Kind.ATTENDANCE else results, competences=() if kind is Kind.ATTENDANCE else competences,
    ))  # fmt: skip


def common_record(ground: Ground, kind: Kind, *, issued_on: date) -> Record:
    """Say what the documents of a cohort say, and nothing about a person yet."""
    cohort, scheme = ground.cohort, ground.scheme
    funding, disclaimer = _split(cohort.edition.funding)
    # That somebody attended does not end.
    months = None if kind is Kind.ATTENDANCE else scheme.validity_months
    assessment, identity, grading = (Words(one) for one in (scheme.assessment, scheme.identity, scheme.grading))
    if kind is Kind.ATTENDANCE:
        assessment = identity = grading = Words()
    return Record(
        kind=kind, number=NOT_ISSUED.number, code=NOT_ISSUED.code, short_code=NOT_ISSUED.short_code, address=address_of(NOT_ISSUED),
        check_page=check_page(), language=cohort.language, name="", latin_name="", title=title_of(scheme, kind),
        programme=_both(cohort.edition.programme.title, cohort.edition.title), edition=cohort.edition.code,
        role_title=Words(cohort.edition.role_title), country=cohort.country, country_name=Words(cohort.country_name),
        body=Words(scheme.body), accreditation=Words(scheme.accreditation), partners=tuple(scheme.partners),
        first_day=cohort.edition.starts_on, last_day=cohort.edition.ends_on, mode=Words(scheme.mode),
        planned_minutes=sum(unit.live_minutes + unit.study_minutes for unit in ground.units), live_minutes=None, attended_minutes=None,
        units=ground.units, results=(), competences=(), assessment=assessment, identity=identity, grading=grading,
        prerequisites=Words(scheme.prerequisites), quality=Words(scheme.quality), eqf=Words(scheme.eqf),
        place=Words(scheme.place), issued_on=issued_on, expires_on=last_day(issued_on, months) if months else None,
        signatory=scheme.signatory,
        signatory_function=Words(scheme.signatory_function), funding=funding, disclaimer=disclaimer,
        scheme=scheme.version, seal=ground.seal,
    )  # fmt: skip


def title_of(scheme: Scheme, kind: Kind) -> Words:
    """Give the printed title of a kind of document."""
    titles = {
        Kind.COMPETENCE: scheme.competence_title,
        Kind.ATTENDANCE: scheme.attendance_title,
        Kind.CERTIFICATION: scheme.certification_title,
    }
    return Words(titles[kind])


def address_of(named: Named) -> str:
    """Give the address that stands in the QR code."""
    return link("certificate.by_code", code=named.code)


def check_page() -> str:
    """Give the address of the check page as a person types it."""
    parts = urlsplit(link("certificate.check"))
    return f"{parts.netloc}{parts.path}"


def why_not_printable(record: Record) -> Reason | None:
    """Name the letters that one of the typefaces lacks: a layout may set any text in any of them. None when every letter is there."""
    letters = "".join(set("".join(record.texts())))
    lacking = sorted({letter for face in FACES for letter in missing_letters(letters, face)})
    if not lacking:
        return None
    shown = ", ".join(f"“{letter}” (U+{ord(letter):04X})" for letter in lacking)
    return Reason("{name}: the typeface has no {letters}.", name=record.name, letters=shown)


def why_not_drawable(record: Record) -> Reason | None:
    """Say why a document cannot be printed: a letter that is missing, or a text too long for its place. None when it can."""
    return why_not_printable(record) or why_not_draw(layout_of(record.kind), record)


def person_of(person_id: int) -> Person:
    """Give the account whose name is printed."""
    person = people.person(person_id)
    if person is None:
        msg = f"There is no person {person_id}."
        raise LookupError(msg)
    return person


def _both(first: Words, second: Words) -> Words:
    return Words({code: f"{first.text(code)}, {second.text(code)}" for code in {*first, *second}})


def _split(funding: Words) -> tuple[Words, Words]:
    """Part the statement on funding into its first sentence and the rest, which is set smaller."""
    parts = {code: _SENTENCE_END.split(text, maxsplit=1) for code, text in funding.items()}
    return (
        Words({code: one[0].rstrip(".") for code, one in parts.items()}),
        Words({code: one[1] if len(one) > 1 else "" for code, one in parts.items()}),
    )
