"""What stands beside the values of a document: labels, the honest sentences about the seal, names of languages."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import _, pgettext, show, speaking

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
    "expires": Message("Valid until"),
    "place": Message("Place of issue"),
    "signatory": Message("Signed by"),
    "signatory_function": Message("Function"),
    "scheme": Message("Certification scheme"),
    "language": Message("Language of the document"),
}
"""The label of each field that can stand in a list of facts."""
LANGUAGES: Mapping[str, Callable[[], str]] = {
    "en": lambda: _("English"),
    "it": lambda: _("Italian"),
    "el": lambda: _("Greek"),
    "ro": lambda: _("Romanian"),
}


@lru_cache(maxsize=256)
def label_of(field: str, language: str) -> str:
    """Give the label of a field; empty for one that has none."""
    with speaking(language):
        return show(LABELS[field]) if field in LABELS else ""


def listed(entries: Iterable[str]) -> str:
    """Put entries that may hold commas one after another, as the language does it: a semicolon asks a question in Greek."""
    between = pgettext("between the entries of a list", ";")
    return f"{between} ".join(entries)
