"""Records with the words of a real scheme and an invented person, chosen so that whatever can go wrong goes wrong here."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum

from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message
from inspire_lms.plugins.certificate.drawing.record import PrintedCompetence, PrintedResult, Record, composed, sample
from inspire_lms.plugins.certificate.issuing import records
from inspire_lms.plugins.certificate.issuing.records import Ground
from inspire_lms.plugins.certificate.rules import Kind


class Case(StrEnum):
    """What is tried."""

    LONGEST = "longest"
    SHORTEST = "shortest"
    MIXED = "mixed"
    SPARE = "spare"


CASE_NAMES: Mapping[Case, Message] = {
    Case.LONGEST: Message("The longest name"),
    Case.SHORTEST: Message("The shortest name"),
    Case.MIXED: Message("A name in two scripts"),
    Case.SPARE: Message("Everything missing that may be missing"),
}
_SHORTEST = ("Jo Ng", "Jo Ng")
NAMES: Mapping[str, Mapping[Case, tuple[str, str]]] = {
    "it": {Case.LONGEST: ("Maria Ludovica Guidobaldi Montefeltro-Della Gherardesca D’Angiò",) * 2, Case.SHORTEST: ("Io Po",) * 2},
    "el": {
        Case.LONGEST: (
            "Αικατερίνη-Παναγιώτα Παπακωνσταντινοπούλου-Χατζηδημητρίου",
            "Aikaterini-Panagiota Papakonstantinopoulou-Chatzidimitriou",
        ),
        Case.SHORTEST: ("Ηώ Ρω", "Io Ro"),
    },
    "ro": {Case.LONGEST: ("Ștefania-Antoaneta Țîrlea-Bălășoiu Constantinescu-Hățeganu",) * 2, Case.SHORTEST: ("Ia Io",) * 2},
    "en": {Case.LONGEST: ("Alexandra Featherstonehaugh-Cholmondeley Wriothesley-Beauchamp",) * 2, Case.SHORTEST: _SHORTEST},
}
"""Invented names in the national script and in Latin letters, by language."""
MIXED = ("Ștefania Οικονόμου-D’Avì", "Ștefania Oikonomou-D’Avì")
"""A Romanian given name, a Greek family name and an Italian one."""
_FULL = "92.50"


def record_for(ground: Ground, kind: Kind, case: Case) -> Record:
    """Say what a document of *kind* would say in the cohort of *ground* about the invented person of *case*."""
    cohort = ground.cohort
    own = NAMES.get(cohort.language, NAMES["en"])
    name, latin = MIXED if case is Case.MIXED else own[Case.SHORTEST if case in {Case.SHORTEST, Case.SPARE} else Case.LONGEST]
    made = replace(
        records.common_record(ground, kind, issued_on=date(2027, 12, 30)),
        name=name, latin_name=latin, short_code="00000000", live_minutes=sum(unit.live_minutes for unit in ground.units),
        attended_minutes=sum(unit.live_minutes for unit in ground.units) - 1,
        results=() if kind is Kind.ATTENDANCE else tuple(PrintedResult(title, _FULL, 60) for title in _counting(ground)),
        competences=() if kind is Kind.ATTENDANCE else tuple(PrintedCompetence(one.title, _FULL, one.level) for one in ground.competences),
    )  # fmt: skip
    if not made.title:
        made = replace(made, title=sample(kind, cohort.language, name, latin).title)
    return composed(_without(made) if case is Case.SPARE else made)


def _counting(ground: Ground) -> list[Words]:
    """Give the titles of the assessments whose results are printed."""
    return [title for code, title in ground.titles.items() if code in ground.scheme.requires]


def _without(record: Record) -> Record:
    """Leave out what a document may lack."""
    none = Words()
    return replace(
        record, accreditation=none, partners=(), grading=none, prerequisites=none, eqf=none, first_day=None, last_day=None,
        live_minutes=None, attended_minutes=None, results=(), competences=(), expires_on=None,
    )  # fmt: skip
