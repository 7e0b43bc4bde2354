"""Reading what the credentials need: which documents do not hold any more, and one's own."""

from sqlalchemy import select

from inspire_lms.kernel.db import session
from inspire_lms.plugins.certificate import queries
from inspire_lms.plugins.certificate.credential.status import LENGTH
from inspire_lms.plugins.certificate.models import Certificate, Revocation
from inspire_lms.plugins.certificate.rules import State

ENDED = (State.REVOKED, State.REPLACED)


def ended_in(number: int) -> list[int]:
    """Give the places, in the list *number*, of the documents that were revoked or replaced; one statement.

    It begins with the revocations, of which there are few: a list has room for 131,072 documents.
    """
    first = number * LENGTH
    chosen = (
        select(Certificate.id)
        .join(Revocation, Revocation.certificate_id == Certificate.id)
        .where(Revocation.certificate_id.between(first, first + LENGTH - 1), Certificate.state.in_(ENDED))
        .order_by(Certificate.id)
    )
    return [found - first for found in session.scalars(chosen)]


def own_with_credential(certificate_id: int, person_id: int) -> Certificate | None:
    """Find a certificate that this person holds and that has a digital credential."""
    found = queries.own_certificate(certificate_id, person_id)
    return found if found and found.credential else None
