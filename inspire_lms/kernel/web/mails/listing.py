"""Lists of mails and of refused addresses, for administrators."""

from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.mailing.refused import RefusedAddress
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.people.names import fold

SHOWN = (Mail.id, Mail.written_at, Mail.name, Mail.address, Mail.language, Mail.subject, Mail.state, Mail.sent_at, Mail.error)


def mails(wanted: str = "", *, person_id: int | None = None) -> Select[*tuple[Any, ...]]:
    """Choose mails, the latest first: all, those to one person, or those whose reader fits what is *wanted*.

    Every word of *wanted* must be found in the name, in its Latin form or in the address, as in the list of people; of who
    has no account in the name or the address as they stand in the mail.
    """
    chosen = select(*SHOWN).outerjoin(Person, Person.id == Mail.to_person)
    if person_id is not None:
        chosen = chosen.where(Mail.to_person == person_id)
    for word in wanted.lower().split():
        known = [Person.search.contains(each, autoescape=True) for each in fold(word).split()]
        written = [func.lower(place).contains(word, autoescape=True) for place in (Mail.name, Mail.address)]
        chosen = chosen.where(or_(*([and_(*known)] if known else []), *written))
    return chosen.order_by(Mail.id.desc())


def refused_addresses() -> Select[*tuple[Any, ...]]:
    """Choose the addresses to which nothing is sent, the latest first, with the mail by which that was found."""
    columns = (RefusedAddress.id, RefusedAddress.address, RefusedAddress.since, RefusedAddress.said, RefusedAddress.mail_id)
    chosen = select(*columns, RefusedAddress.is_by_hand, Mail.subject).outerjoin(Mail, Mail.id == RefusedAddress.mail_id)
    return chosen.order_by(RefusedAddress.since.desc(), RefusedAddress.id.desc())
