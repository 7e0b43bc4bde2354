"""People, editions and cohorts that are valid by default; say in `but` what matters to the case.

What a plugin needs beside them is built in tests/plugins/<name>/builders.py.
"""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import insert

from inspire_lms.kernel import clock
from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.curriculum.models import Competence, Framework, LearningOutcome, Level, Unit
from inspire_lms.kernel.db import Words, session, transaction
from inspire_lms.kernel.people import actions as people
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.programmes import actions as programmes
from inspire_lms.kernel.programmes.models import Cohort, Edition, Participation, Programme

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
"""When things were made, where the case does not care."""
PASSWORD = "a quiet walk by the sea"
COUNTRIES = {
    "IT": ("it", "Europe/Rome", {"en": "Italy", "it": "Italia"}, {"en": "Italian time", "it": "ora di Roma"}),
    "GR": ("el", "Europe/Athens", {"en": "Greece", "el": "Ελλάδα"}, {"en": "Greek time", "el": "ώρα Ελλάδας"}),
    "RO": ("ro", "Europe/Bucharest", {"en": "Romania", "ro": "România"}, {"en": "Romanian time", "ro": "ora României"}),
}
"""Language, zone, and the names of country and zone."""
NAMES = (
    ("Nicolò", "D'Angelo"),
    ("Γεώργιος", "Παπαϊωάννου"),
    ("Ștefan", "Țiriac"),
    ("Lucia", "De Santis"),
    ("Ελένη", "Αντωνίου"),
    ("Ioana", "Șerban"),
)
COMPETENCES = ("ethics", "systems")
_numbers = count(1)


def words(text: str) -> Words:
    """One text in four languages, each of which can be told apart."""
    return Words(en=text, it=f"{text} (it)", el=f"{text} (el)", ro=f"{text} (ro)")


def a_person(**but: Any) -> Person:
    """Somebody with an account that works: email, given_name, family_name, language, zone, password."""
    number = next(_numbers)
    given, family = NAMES[number % len(NAMES)]
    facts = {
        "email": f"person{number}@inspire.example",
        "given_name": given,
        "family_name": family,
        "language": "en",
        "zone": None,
        "password": PASSWORD,
    }
    return people.ready(**facts | but)


def an_administrator(**but: Any) -> Person:
    """Somebody who may do everything."""
    person = a_person(**but)
    access.grant(person.id, "administrator", access.system(), by=None)
    return person


def a_framework(*, units: int = 8) -> Framework:
    """Two competences, three levels, and units of 120 minutes with one outcome each."""
    with transaction():
        made = Framework(code=f"framework-{next(_numbers)}", title=words("Framework"))
        session.add(made)
        session.flush()
        levels = [Level(framework_id=made.id, number=n, title=words(f"Level {n}"), about=words("About")) for n in (1, 2, 3)]
        competences = [
            Competence(framework_id=made.id, code=code, place=n, title=words(code.capitalize()), about=words("About"))
            for n, code in enumerate(COMPETENCES, 1)
        ]
        session.add_all([*levels, *competences])
        session.flush()
        for number in range(1, units + 1):
            outcome = LearningOutcome(
                place=1, competence_id=competences[number % 2].id, level_id=levels[1].id, text=words(f"Outcome {number}.1")
            )
            session.add(
                Unit(
                    framework_id=made.id,
                    number=number,
                    title=words(f"Unit {number}"),
                    live_minutes=120,
                    study_minutes=180,
                    outcomes=[outcome],
                )
            )
        session.flush()
        return made


def an_edition(*, units: int = 8, **but: Any) -> Edition:
    """An edition of a programme of its own, without cohorts."""
    number = next(_numbers)
    framework = a_framework(units=units)
    with transaction():
        programme = Programme(
            code=f"programme-{number}",
            title=words("Programme"),
            aim=words("Aim"),
            context_id=access.open_context("programme", access.system()),
        )
        session.add(programme)
        session.flush()
        facts = {
            "programme_id": programme.id, "framework_id": framework.id, "code": f"edition-{number}", "title": words("Pilot course"), "role_title": words("Social Innovation Manager"),
            "about": words("About"), "audience": words("Audience"), "funding": words("Funding"), "starts_on": date(2027, 2, 16), "ends_on": date(2027, 4, 15),
            "is_sample": False, "loaded_at": AT, "loaded_by": None,
        }  # fmt: skip
        made = Edition(**facts | but)
        session.add(made)
        session.flush()
        return made


def a_cohort(country: str = "RO", *, edition: Edition | None = None, **but: Any) -> Cohort:
    """The cohort of a country with 20 seats, none of which is taken."""
    edition = edition or an_edition()
    language, zone, name, zone_name = COUNTRIES[country]
    with transaction():
        programme = session.get_one(Programme, edition.programme_id)
        facts = {
            "edition_id": edition.id, "context_id": access.open_context("cohort", programme.context_id), "country": country, "country_name": Words(name),
            "zone": zone, "zone_name": Words(zone_name), "language": language, "seats": 20, "taken": 0,
        }  # fmt: skip
        made = Cohort(**facts | but)
        session.add(made)
        session.flush()
        return made


def a_trainee(cohort: Cohort, **but: Any) -> Person:
    """Somebody enrolled in a cohort, who reads its language."""
    cohort_id = cohort.id
    person = a_person(**{"language": cohort.language} | but)
    with clock.frozen(AT):
        programmes.enrol(cohort_id, person.id, by=None)
    return person


def many_trainees(cohort: Cohort, n: int) -> list[int]:
    """Enrol *n* people at once, past the actions and past the seats; give their numbers."""
    first = next(_numbers)
    with transaction():
        facts = {
            "language": cohort.language,
            "created_at": AT,
            "verified_at": AT,
            "epoch": 0,
            "latin_given_name": "Ana",
            "latin_family_name": "Pop",
            "given_name": "Ana",
        }
        rows = [
            {
                "email": f"many{first}.{one}@inspire.example",
                "family_name": f"Pop {one}",
                "sort_key": f"pop {one:05}",
                "search": f"ana pop {one}",
                **facts,
            }
            for one in range(n)
        ]
        ids = list(session.scalars(insert(Person).returning(Person.id), rows))
        session.execute(
            insert(Participation), [{"cohort_id": cohort.id, "person_id": one, "state": "enrolled", "since": AT} for one in ids]
        )
        return ids


def staff(cohort: Cohort, role: str, **but: Any) -> Person:
    """Somebody who is trainer, evaluator or coordinator in a cohort."""
    context_id = cohort.context_id
    person = a_person(**but)
    access.grant(person.id, role, context_id, by=None)
    return person
