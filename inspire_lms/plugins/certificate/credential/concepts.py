"""Names of the European Union's lists: countries, languages and skills, as its data models want them."""

from collections.abc import Mapping, Sequence
from typing import Any

from babel import Locale

AUTHORITY = "http://publications.europa.eu/resource/authority"
ESCO = "http://data.europa.eu/esco/skill/"
ESCO_SCHEME = "http://data.europa.eu/esco/concept-scheme/skills"
COUNTRIES: Mapping[str, str] = {
    "AT": "AUT", "BE": "BEL", "BG": "BGR", "CY": "CYP", "CZ": "CZE", "DE": "DEU", "DK": "DNK", "EE": "EST", "ES": "ESP", "FI": "FIN",
    "FR": "FRA", "GR": "GRC", "HR": "HRV", "HU": "HUN", "IE": "IRL", "IT": "ITA", "LT": "LTU", "LU": "LUX", "LV": "LVA", "MT": "MLT",
    "NL": "NLD", "PL": "POL", "PT": "PRT", "RO": "ROU", "SE": "SWE", "SI": "SVN", "SK": "SVK",
}  # fmt: skip
"""The member states: two letters as we have them, three as the list has them."""
LANGUAGES: Mapping[str, str] = {
    "bg": "BUL", "cs": "CES", "da": "DAN", "de": "DEU", "el": "ELL", "en": "ENG", "es": "SPA", "et": "EST", "fi": "FIN", "fr": "FRA",
    "ga": "GLE", "hr": "HRV", "hu": "HUN", "it": "ITA", "lt": "LIT", "lv": "LAV", "mt": "MLT", "nl": "NLD", "pl": "POL", "pt": "POR",
    "ro": "RON", "sk": "SLK", "sl": "SLV", "sv": "SWE",
}  # fmt: skip
"""The official languages."""


def country(code: str, name: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Name a country; one outside the list stands with its own two letters and no address."""
    return _concept("country", COUNTRIES.get(code)) | {
        "notation": code,
        "prefLabel": {language: list(said) for language, said in name.items()},
    }


def language_of(code: str) -> dict[str, Any]:
    """Name a language, with its English name."""
    name = Locale("en").languages.get(code, code)
    return _concept("language", LANGUAGES.get(code)) | {"notation": code, "prefLabel": {"en": [name]}}


def esco_skill(url: str, name: str, framework: str) -> dict[str, Any] | None:
    """Name a skill of ESCO; None for an address that is none of ESCO's."""
    if not url.startswith(ESCO):
        return None
    return other_skill(url, name, framework) | {"inScheme": {"id": ESCO_SCHEME, "type": "ConceptScheme"}}


def other_skill(url: str, name: str, framework: str) -> dict[str, Any]:
    """Name a skill of any framework; its name is the one that the framework gives it in English."""
    return {"id": url, "type": "Concept", "prefLabel": {"en": [name]}, "notation": framework}


def _concept(scheme: str, name: str | None) -> dict[str, Any]:
    there = {"id": f"{AUTHORITY}/{scheme}/{name}", "inScheme": {"id": f"{AUTHORITY}/{scheme}", "type": "ConceptScheme"}} if name else {}
    return {"type": "Concept"} | there
