"""Reading who was asked about the own name, and what they said."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from inspire_lms.kernel.db import once_a_page, session
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort, Participation
from inspire_lms.kernel.programmes.rules import HOLDS_A_SEAT
from inspire_lms.kernel.typefaces import missing_letters
from inspire_lms.plugins.certificate import queries as certificates
from inspire_lms.plugins.certificate.models import NameConfirmation, Standing
from inspire_lms.plugins.certificate.naming.rules import Answer, Printed, answer_of, as_printed
from inspire_lms.plugins.certificate.rules import Kind, is_given_for
from inspire_lms.plugins.certificate.validity.rules import may_renew


@dataclass(frozen=True)
class Named:
    """One member of a cohort: how the name would be printed, and what they said about it."""

    person_id: int
    printed: Printed
    answer: Answer
    earned: Kind | None


@dataclass(frozen=True)
class OwnName:
    """What the page about the own name shows."""

    cohort_id: int
    cohort: Cohort
    person: Person
    confirmation: NameConfirmation
    printed: Printed
    answer: Answer
    is_decided: bool
    """Whether the document was given already for what was earned."""


def printed_of(person: Person) -> Printed:
    """Say how the name of an account is printed."""
    return as_printed(person.name, person.latin_name, person.language)


def lacking_letters(printed: Printed) -> set[str]:
    """Name the letters that the typefaces of a certificate lack: the name is set in two of them, its Latin form in a third."""
    return lacking_in_name(printed.name) | lacking_in_latin(printed.latin_name)


def lacking_in_name(text: str) -> set[str]:
    """Name the letters that the typefaces of the name lack."""
    return missing_letters(text, "Display") | missing_letters(text, "Serif")


def lacking_in_latin(text: str) -> set[str]:
    """Name the letters that the typeface of the Latin form lacks."""
    return missing_letters(text, "Sans")


@once_a_page
def of_cohort(cohort_id: int) -> Mapping[int, Named]:
    """Give the members of a cohort whose account was not erased, by person id; one statement."""
    rows = session.execute(
        select(Person.id, Standing.earned, *certificates.NAMED)
        .select_from(Participation)
        .join(Person, Person.id == Participation.person_id)
        .outerjoin(Standing, (Standing.person_id == Person.id) & (Standing.cohort_id == Participation.cohort_id))
        .outerjoin(NameConfirmation, (NameConfirmation.person_id == Person.id) & (NameConfirmation.cohort_id == Participation.cohort_id))
        .where(Participation.cohort_id == cohort_id, Participation.state.in_(HOLDS_A_SEAT), Person.erased_at.is_(None))
    )
    return {
        row.id: Named(row.id, certificates.printed_in(row), certificates.answer_in(row), Kind(row.earned) if row.earned else None)
        for row in rows
    }


def own(cohort_id: int, person_id: int) -> OwnName | None:
    """Find what a person was asked in a cohort; None when nobody has asked, or the person does not take part any more."""
    asked = session.scalar(select(NameConfirmation).where(NameConfirmation.cohort_id == cohort_id, NameConfirmation.person_id == person_id))
    cohort, person = programmes.cohort(cohort_id), session.get(Person, person_id)
    if asked is None or cohort is None or person is None or not programmes.is_member(cohort_id, person_id):
        return None
    printed = printed_of(person)
    confirmed = None if asked.name is None else Printed(asked.name, asked.latin_name or "")
    answer = answer_of(confirmed, printed, was_asked=True)
    return OwnName(cohort_id, cohort, person, asked, printed, answer, person_id in settled(cohort_id))


def settled(cohort_id: int) -> frozenset[int]:
    """Give the members who hold the document for what they have earned; it need not be renewed."""
    held, today = certificates.current_kinds(cohort_id), certificates.today_for(cohort_id)
    lasting = {key for key, one in held.items() if not may_renew(one.expires_on, today)}
    return frozenset(
        one.person_id
        for one in of_cohort(cohort_id).values()
        if any((one.person_id, kind) in lasting and is_given_for(kind, one.earned) for kind in Kind)
    )
