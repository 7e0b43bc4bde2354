"""The people of three countries with different rules: what each of them writes, when they submit, and what the evaluators give."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from inspire_lms.kernel.programmes.sample.material import Applicant
from tests.journeys.cast import applicants, country

Marks = tuple[tuple[str, ...], ...]
"""For each evaluation, in the order in which they are given: the points by criterion, in the order of the call."""


@dataclass(frozen=True)
class Figure:
    """One applicant of the story."""

    who: Applicant
    language: str
    on: str
    """When the application is submitted, by the wall clock of the country."""
    answers: Mapping[str, Mapping[str, Any]]
    """By section; the file and the declaration are not among them."""
    marks: Marks


@dataclass(frozen=True)
class Country:
    """A country of the story."""

    code: str
    language: str
    number: int
    """Of its cohort and its call."""
    criteria: tuple[str, str]
    figures: Mapping[int, Figure]
    """By the running number in the protocol, which is the order of submission."""
    evaluators: int
    colleague_of: int
    """The first evaluator works for the administration of this applicant; 0 for nobody."""

    def protocol(self, *numbers: int) -> list[str]:
        """Give the protocol numbers of some applicants."""
        return [f"INSPIREPA-{self.code}-2026-{number:06d}" for number in numbers]


def _figure(code: str, number: int, on: str, administration: str, marks: Marks, answers: Mapping[str, Any]) -> Figure:
    who = replace(applicants(code)[number - 1], administration=administration)
    work, *rest = answers.items()
    told = {work[0]: {"administration": administration, **work[1]}, **dict(rest)}
    return Figure(who, country(code).language, f"2026-11-{on}", told, marks)


def _italian(number: int, on: str, administration: str, region: str, marks: Marks, *, employed: str = "yes", years: str = "5") -> Figure:
    work = {"region": region, "employed": employed, "years": years}
    motivation = {"tasks": "Sportello per i cittadini.", "challenge": f"Un patto con il quartiere, {administration}."}
    return _figure("IT", number, on, administration, marks, {"work": work, "motivation": motivation})


def _greek(number: int, on: str, administration: str, body: str, marks: Marks) -> Figure:
    motivation = {"challenge": "Κοινωνικό παντοπωλείο με τους πολίτες.", "background": "Δύο συμμετοχικά έργα."}
    return _figure("GR", number, on, administration, marks, {"work": {"body": body}, "motivation": motivation})


def _romanian(number: int, on: str, administration: str, marks: Marks, double: str = "no") -> Figure:
    asked = {"role": "citizens", "methods": ["survey", "workshop"], "team": "yes"}
    rest = {"questionnaire": asked, "dossier": {"challenge": "Un buget participativ în cartier."}}
    return _figure("RO", number, on, administration, marks, {"work": {"double-funding": double}, **rest})


ITALY = Country(
    "IT", "it", 1, ("relevance", "motivation"),
    {
        1: _italian(1, "10T10:00:00", "Comune di Viterbo", "lazio", (("35", "53"), ("37", "55"))),
        2: _italian(2, "10T10:05:00", "Comune di Latina", "lazio", (("34", "52"), ("36", "54"))),
        3: _italian(3, "16T10:00:00", "Comune di Rieti", "lazio", (("33", "51"), ("35", "53"))),
        # Two are 25 points apart; the third agrees with the first, and these two count.
        4: _italian(4, "16T10:05:00", "Comune di Lucca", "toscana", (("30", "50"), ("20", "35"), ("30", "50"))),
        5: _italian(5, "16T10:10:00", "Comune di Bergamo", "lombardia", (("29", "49"), ("31", "51"))),
        6: _italian(6, "17T10:00:00", "Comune di Nuoro", "sardegna", (("27", "41"), ("29", "43"))),
        7: _italian(7, "17T10:05:00", "Comune di Pisa", "toscana", (("24", "36"), ("24", "36")), years="0"),
        8: _italian(8, "17T10:10:00", "Comune di Lecco", "lombardia", (("16", "24"), ("16", "24"))),
        9: _italian(9, "17T10:15:00", "Fondazione Arno", "toscana", (), employed="no"),
    },
    evaluators=3, colleague_of=2,
)  # fmt: skip

GREECE = Country(
    "GR", "el", 2, ("motivation", "experience"),
    {
        1: _greek(1, "10T10:00:00", "Δήμος Βόλου", "municipality", (("60.0", "31"), ("60.0", "33"))),
        2: _greek(2, "10T10:05:00", "Δήμος Ιωαννιτών", "municipality", (("60.0", "27"), ("60.0", "29"))),
        3: _greek(3, "16T10:00:00", "Δήμος Καλαμάτας", "municipality", (("60.0", "24"), ("60.0", "24"))),
        4: _greek(4, "16T10:05:00", "Υπουργείο Εσωτερικών", "ministry", (("40.0", "36"), ("40.0", "36"))),
        5: _greek(5, "16T10:10:00", "Περιφέρεια Κρήτης", "region", (("40.0", "24"), ("40.0", "24"))),
        # The same as the one before; after the appeal 26 points for experience in place of 24.
        6: _greek(6, "17T10:00:00", "Περιφέρεια Ηπείρου", "region", (("40.0", "24"), ("40.0", "24"), ("40.0", "26"), ("40.0", "26"))),
        7: _greek(7, "17T10:05:00", "Υπουργείο Πολιτισμού", "ministry", (("20.0", "25"), ("20.0", "25"))),
        8: _greek(8, "17T10:10:00", "Δήμος Χανίων", "municipality", ()),
        9: _greek(9, "17T10:15:00", "Δήμος Πειραιά", "municipality", (("40.0", "20"), ("40.0", "20"))),
    },
    evaluators=2, colleague_of=0,
)  # fmt: skip

ROMANIA = Country(
    "RO", "ro", 3, ("questionnaire", "motivation"),
    {
        1: _romanian(1, "10T10:00:00", "Primăria municipiului Brașov", (("35.0", "49"), ("35.0", "51"))),
        2: replace(_romanian(2, "10T10:05:00", "Primăria municipiului Iași", (("30.0", "49"), ("30.0", "51"))), language="en"),
        3: _romanian(3, "16T10:00:00", "Consiliul Județean Dolj", (("35.0", "44"), ("35.0", "46"))),
        4: _romanian(4, "16T10:05:00", "Primăria municipiului Cluj-Napoca", (("30.0", "40"), ("30.0", "40"))),
        5: _romanian(5, "16T10:10:00", "Primăria municipiului Sibiu", (("20.0", "40"), ("20.0", "40"))),
        6: _romanian(6, "17T10:00:00", "Primăria municipiului Bacău", (), double="yes"),
        7: _romanian(7, "20T09:59:59", "Consiliul Județean Suceava", (("30.0", "50"), ("30.0", "50"))),
    },
    evaluators=2, colleague_of=0,
)  # fmt: skip
LATECOMER = _romanian(8, "20T10:00:00", "Primăria Sectorului 3, București", ())
"""Somebody in Romania who presses the button when the window has just closed."""
