"""What an administrator does about refused addresses: enter one whose mails come back, and clear one."""

from sqlalchemy import select

from inspire_lms.kernel import audit, mail
from inspire_lms.kernel.db import Base, session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason
from inspire_lms.kernel.mail import MailState
from inspire_lms.kernel.mailing import refused
from inspire_lms.kernel.mailing.refused import RefusedAddress
from inspire_lms.kernel.people.rules import folded_address, reason_against_address


def enter(address: str, said: str, *, by: int) -> None:
    """Send nothing more to an address. Raises Invalid when it is none, or when nothing is sent there already."""
    with transaction():
        if reason := reason_against_address(folded_address(address)):
            raise Invalid({"address": reason})
        if not refused.refuse(address, said, None, is_by_hand=True):
            raise Invalid({"address": Reason("Nothing is sent to this address already.")})
        _record("mail.address-refused", address, by)


def came_back(mail_id: int, said: str, *, by: int) -> None:
    """Write down that a mail that was sent has come back: it did not arrive, and nothing more is sent to its address. Raises NotThere."""
    with transaction():
        back = mail.one(mail_id)
        if back.state != MailState.SENT or not back.text:
            raise NotThere
        before = {"state": back.state, "sent_at": back.sent_at.isoformat() if back.sent_at else None}
        back.state, back.sent_at, back.error = MailState.REFUSED, None, said
        audit.record("mail.came-back", ("kernel_mail", mail_id), by=by, before=before, after={"state": back.state}, about=back.to_person)
        if refused.refuse(back.address, said, mail_id, is_by_hand=True):
            _record("mail.address-refused", back.address, by)


def clear(number: int, *, by: int) -> None:
    """Send to an address again from now on; mails that were not sent stay so until somebody sends them again. Raises NotThere."""
    with transaction():
        found = session.get(RefusedAddress, number)
        if found is None:
            raise NotThere
        _record("mail.address-cleared", found.address, by)
        session.delete(found)


def _record(did: str, address: str, by: int) -> None:
    """Keep who did it, and about whom; the address itself would outlive the person."""
    people, folded = Base.metadata.tables["people_person"], folded_address(address)
    number = session.scalars(select(RefusedAddress.id).where(RefusedAddress.address == folded)).one()
    about = session.scalar(select(people.c.id).where(people.c.email == folded))
    audit.record(did, ("kernel_refused_address", number), by=by, about=about)
