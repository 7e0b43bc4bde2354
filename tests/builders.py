"""People, editions and cohorts that are valid by default; say in `but` what matters to the case.

What a plugin needs beside them is built in tests/plugins/<name>/builders.py.
"""

from itertools import count
from typing import Any

from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.people import actions as people
from inspire_lms.kernel.people.models import Person

PASSWORD = "a quiet walk by the sea"  # noqa: S105 (it opens nothing but tests)
COUNTRIES = {
    "IT": ("it", "Europe/Rome", {"en": "Italy", "it": "Italia"}, {"en": "Rome time", "it": "ora di Roma"}),
    "GR": ("el", "Europe/Athens", {"en": "Greece", "el": "Ελλάδα"}, {"en": "Athens time", "el": "ώρα Ελλάδας"}),
    "RO": ("ro", "Europe/Bucharest", {"en": "Romania", "ro": "România"}, {"en": "Bucharest time", "ro": "ora României"}),
}
"""Language, zone, and the names of both."""
NAMES = (
    ("Nicolò", "D'Angelo"), ("Γεώργιος", "Παπαϊωάννου"), ("Ștefan", "Țiriac"), ("Lucia", "De Santis"), ("Ελένη", "Αντωνίου"), ("Ioana", "Șerban"),
)
_numbers = count(1)


def a_person(**but: Any) -> Person:
    """Somebody with an account that works: email, given_name, family_name, language, zone, password."""
    number = next(_numbers)
    given, family = NAMES[number % len(NAMES)]
    facts = {"email": f"person{number}@inspire.example", "given_name": given, "family_name": family, "language": "en", "zone": None, "password": PASSWORD} | but
    return people.ready(**facts)


def an_administrator(**but: Any) -> Person:
    """Somebody who may do everything."""
    person = a_person(**but)
    access.grant(person.id, "administrator", access.system(), by=None)
    return person
