"""Addresses that are refused: nothing is sent to them any more until an administrator clears them.

The site reads no mailbox. What the mail server refuses at once is found by itself; a mail that comes back later is entered by hand.
A refusal belongs to the address and not to the person: who gets another address is written to there.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import Base, Id, db, is_sqlite, ref, session
from inspire_lms.kernel.errors import Message, Reason
from inspire_lms.kernel.people.rules import folded_address

NOT_TRIED = str(Message("The address was refused before: this mail was not tried."))
"""Why a mail was not sent; pages translate it."""


class RefusedAddress(Base):
    """One address to which nothing is sent."""

    __tablename__ = "kernel_refused_address"
    __table_args__ = (
        UniqueConstraint("address"),
        CheckConstraint("address = lower(address)", name="a_refused_address_is_folded"),
        CheckConstraint("said <> ''", name="a_refusal_says_why"),
    )

    id: Mapped[Id]
    address: Mapped[str]
    since: Mapped[datetime]
    said: Mapped[str]
    """What the mail server said, or the reason that was entered by hand."""
    mail_id: Mapped[int | None] = ref("kernel_mail.id", ondelete="SET NULL")
    """The mail that was refused or came back; None when the address was entered without one."""
    is_by_hand: Mapped[bool]


def is_refused(address: str) -> bool:
    """Say whether nothing is sent to this address."""
    return session.scalar(select(RefusedAddress.id).where(RefusedAddress.address == folded_address(address))) is not None


def refuse(address: str, said: str, mail_id: int | None, *, is_by_hand: bool = False) -> bool:
    """Send nothing to this address from now on; False when that was so before. Inside a transaction."""
    insert = sqlite.insert if is_sqlite(db.engine) else postgresql.insert
    row = {"address": folded_address(address), "since": clock.now(), "said": said, "mail_id": mail_id, "is_by_hand": is_by_hand}
    # Two mails to one address can be refused at the same moment.
    kept = insert(RefusedAddress).values(**row).on_conflict_do_nothing(index_elements=["address"]).returning(RefusedAddress.id)
    return session.scalar(kept) is not None


def why_not_send(address: str) -> Reason | None:
    """Say why nothing can be sent to an address; None if it can."""
    if is_refused(address):
        return Reason("Nothing is sent to this address, because it was refused. The administration of the platform can clear it.")
    return None


def address_now(person_id: int | None, address: str) -> str:
    """Give the address that a person has by now; the one that is known where there is no person or no account any more."""
    people = Base.metadata.tables["people_person"]
    found: str | None = session.scalar(select(people.c.email).where(people.c.id == person_id, people.c.erased_at.is_(None)))
    return found or address


def forget(addresses: Iterable[str]) -> None:
    """Keep nothing about these addresses; if one is still in use, the next mail finds out anew. Inside a transaction."""
    folded = sorted({folded_address(each) for each in addresses})
    session.execute(delete(RefusedAddress).where(RefusedAddress.address.in_(folded)))


def told(person_id: int) -> list[Mapping[str, Any]]:
    """Say, in words of JSON, whether and why nothing is sent to a person."""
    people = Base.metadata.tables["people_person"]
    address = select(people.c.email).where(people.c.id == person_id).scalar_subquery()
    rows = session.scalars(select(RefusedAddress).where(RefusedAddress.address == address))
    return [{"address": each.address, "since": each.since.isoformat(), "said": each.said} for each in rows]
