"""Certificates to be judged: every language, kind of document, hard name, kind of key and way of making the file."""

from dataclasses import replace
from functools import cache
from itertools import product
from typing import Literal, NamedTuple

from inspire_lms.kernel import clock
from inspire_lms.kernel.i18n import Words
from inspire_lms.plugins.certificate.drawing import words
from inspire_lms.plugins.certificate.drawing.record import PrintedCompetence, PrintedUnit, Record, sample
from inspire_lms.plugins.certificate.drawing.tags import ARTIFACT
from inspire_lms.plugins.certificate.issuing.records import layout_of
from inspire_lms.plugins.certificate.rules import TOPS, Kind
from inspire_lms.plugins.certificate.sealing.seal import Algorithm
from tests.plugins.certificate.builders import sealed
from tests.plugins.certificate.gate import authority

Engine = Literal["fast", "pyhanko"]

LANGUAGES = ("it", "el", "ro", "en")
MIXED = ("Ștefania Μουμτζή-Țîrlea D’Avì", "Stefania Moumtzi-Tirlea D’Avi")
NAMES: dict[str, dict[str, tuple[str, str]]] = {
    "shortest": {"it": ("Io Po", "Io Po"), "el": ("Ηώ Ρω", "Io Ro"), "ro": ("Ia Îo", "Ia Io"), "en": ("Jo Ng", "Jo Ng")},
    "longest": {
        "it": (
            "Maria Ludovica Guidobaldi Montefeltro-Della Gherardesca D’Angiò",
            "Maria Ludovica Guidobaldi Montefeltro-Della Gherardesca D’Angiò",
        ),
        "el": (
            "Αικατερίνη-Παναγιώτα Παπακωνσταντινοπούλου-Χατζηκωνσταντίνου",
            "Aikaterini-Panagiota Papakonstantinopoulou-Chatzikonstantinou",
        ),
        "ro": (
            "Ștefania-Antoaneta Țîrlea-Bălășoiu Constantinescu-Hățeganuță",
            "Stefania-Antoaneta Tirlea-Balasoiu Constantinescu-Hateganuta",
        ),
        "en": (
            "Alexandra Featherstonehaugh-Cholmondeley Wriothesley-Beaumont",
            "Alexandra Featherstonehaugh-Cholmondeley Wriothesley-Beaumont",
        ),
    },
    "mixed": dict.fromkeys(LANGUAGES, MIXED),
}
"""Own script and Latin form. The longest have sixty letters; the mixed one has a Greek mu, commas below and two apostrophes in one line."""
TITLES = {
    Kind.COMPETENCE: Words(
        en="Certificate of competence", it="Attestato di competenze", el="Βεβαίωση επάρκειας", ro="Atestat de competențe"
    ),
    Kind.ATTENDANCE: Words(
        en="Certificate of attendance", it="Attestato di partecipazione", el="Βεβαίωση παρακολούθησης", ro="Certificat de participare"
    ),
    Kind.CERTIFICATION: Words(
        en="Certification of persons", it="Certificazione delle competenze", el="Πιστοποίηση προσώπων", ro="Certificarea persoanelor"
    ),
}
PROGRAMME = Words(
    en="Social innovation in public administration", it="Innovazione sociale nella pubblica amministrazione",
    el="Κοινωνική καινοτομία στη δημόσια διοίκηση: ΐ, ΰ, ϊ, ϋ", ro="Inovație socială în administrația publică: ș, ț, ă, â, î",
)  # fmt: skip
BODY = Words(
    en="Metropolitan City of Perugia", it="Città metropolitana di Perugia", el="Περιφέρεια Στερεάς Ελλάδας", ro="Consiliul Județean Timiș"
)
UNIT = Words(
    en="Services that people can trust",
    it="Servizi di cui fidarsi: perché no?",
    el="Υπηρεσίες που εμπνέουν εμπιστοσύνη",
    ro="Servicii în care oamenii au încredere",
)
OUTCOME = Words(
    en="Explains why data must be protected.", it="Spiega perché i dati vanno protetti.", el="Εξηγεί γιατί τα δεδομένα προστατεύονται.", ro="Explică de ce trebuie protejate datele.",
)  # fmt: skip
COMPETENCE = Words(en="Working with others", it="Collaborare con gli altri", el="Συνεργασία με άλλους", ro="Colaborarea cu ceilalți")
LEVEL = Words(en="Intermediate", it="Intermedio", el="Μεσαίο επίπεδο", ro="Nivel intermediar")

CREDENTIAL = f"eyJhbGciOiJFUzI1NiJ9.{'A' * 1500}.{'B' * 86}"
"""As long as a digital credential is; what it says is not judged here."""


class Sample(NamedTuple):
    """One file of the matrix."""

    language: str
    kind: Kind
    name: str
    """shortest, longest or mixed."""
    algorithm: Algorithm
    engine: Engine


MATRIX = [Sample(*one) for one in product(LANGUAGES, Kind, NAMES, ("ES256", "RS256"), ("fast", "pyhanko"))]


@cache
def record(language: str, kind: Kind, name: str) -> Record:
    """Give what a sample says, without two equal texts among its units and competences."""
    certifies = kind in TOPS
    return replace(
        sample(kind, language, *NAMES[name][language]),
        number="INSPIREPA-XX-2027-000123", short_code="7KQFM2XD", code="kT3vQ0a9ZbXyW1mN8pLsRg",
        address="https://pilot.inspire.example/certificate/check/kT3vQ0a9ZbXyW1mN8pLsRg", check_page="pilot.inspire.example/certificate/check",
        title=TITLES[kind], programme=PROGRAMME, body=BODY, signatory="Ștefania Țurcanu",
        units=tuple(PrintedUnit(number, _numbered(UNIT, number), 120, 180, (_numbered(OUTCOME, number),)) for number in range(1, 9)),
        competences=tuple(PrintedCompetence(_numbered(COMPETENCE, number), "82.50", LEVEL) for number in range(1, 9)) if certifies else (),
    )  # fmt: skip


def printed(said: Record) -> tuple[str, ...]:
    """List what must come back letter by letter: every field that its pages say to everybody, and the words of units and competences.

    White space is one space in each. Inside an application, whose words and layouts are used.
    """
    fields = {False: words.fields(said, said.language), True: words.fields(said, "en")}
    boxes = [(box, page.in_english) for page in layout_of(said.kind).pages_in(said.language) for box in page.boxes]
    shown = [fields[in_english][name] for box, in_english in boxes for name in box.named if box.tag != ARTIFACT]
    return tuple(sorted({" ".join(text.split()) for text in (*shown, *spoken(said)) if text}))


def spoken(said: Record) -> dict[str, str]:
    """Give the words that must come back, with the language in which they are to be read aloud."""
    certified = (*said.units, *said.competences) if said.kind in TOPS else ()
    texts = (said.title, said.programme, said.body, *(one.title for one in certified))
    return {one.text(language): language for language in (said.language, "en") for one in texts}


@cache
def conforming(language: str, kind: Kind, name: str, algorithm: Algorithm, engine: Engine = "fast", owner: str = "ours") -> bytes:
    """Make the file of a sample, with the seal of *owner* in it; inside an application, whose typefaces and layouts are used."""
    return sealed(record(language, kind, name), authority.seal(algorithm, owner), engine=engine, credential=CREDENTIAL, at=clock.now())


def _numbered(text: Words, number: int) -> Words:
    return Words({language: f"{one.rstrip('.')} {number}{'.' * one.endswith('.')}" for language, one in text.items()})
