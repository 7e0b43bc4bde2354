"""The printed titles of documents: safe ones for the countries that we know, and those that only a body with a licence may print.

Source: domain.md 3.1 and 3.4. A country whose language is not here says its titles in the file.
"""

from collections.abc import Mapping

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.people.names import fold
from inspire_lms.plugins.certificate.rules import Kind

SAFE: Mapping[str, Mapping[str, str]] = {
    Kind.COMPETENCE: {
        "en": "Certificate of competence",
        "it": "Attestato di competenze",
        "el": "Βεβαίωση επάρκειας",
        "ro": "Atestat de competențe",
    },
    Kind.ATTENDANCE: {
        "en": "Certificate of attendance",
        "it": "Attestato di partecipazione",
        "el": "Βεβαίωση παρακολούθησης",
        "ro": "Certificat de participare",
    },
}
"""Titles that claim nothing more than the document shows, by kind and language. None for certifications: their title is their licence."""
LICENSED: Mapping[str, tuple[str, ...]] = {
    "it": ("certificato di competenze", "certificato delle competenze", "certificazione di competenze", "certificazione delle competenze"),
    "ro": ("certificat de absolvire", "certificat de calificare"),
}
"""Titles that the law keeps for authorised bodies, by language: D.lgs. 13/2013 and the decree of 30 June 2015; OG 129/2000."""


def safe(kind: Kind, languages: tuple[str, ...]) -> Mapping[str, str] | None:
    """Give the title of a kind of document in *languages*; None when we know none in one of them."""
    known = SAFE.get(kind, {})
    return {language: known[language] for language in languages} if known.keys() >= set(languages) else None


def why_not_print(title: Mapping[str, str], *, is_accredited: bool) -> Reason | None:
    """Say why a body may not print *title*, by language; None when it may."""
    if is_accredited:
        return None
    for language, kept_back in LICENSED.items():
        for words in kept_back:
            if fold(words) in fold(title.get(language, "")):
                return Reason(
                    "Only an authorised body may print “{words}”. Choose another title, such as “{safe}”, or say by whom "
                    "the body is authorised (accreditation).",
                    words=words,
                    safe=SAFE[Kind.COMPETENCE][language],
                )
    return None
