"""Mail: written in the reader's language, stored with the deed that causes it, sent by a job or kept to be read here."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import JSON, CheckConstraint, ColumnElement, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, mapped_column

from inspire_lms.kernel import clock, i18n, jobs
from inspire_lms.kernel.db import Base, Id, ref, session, transaction
from inspire_lms.kernel.errors import Message, NotThere, Refused
from inspire_lms.kernel.mailing import refused, server

SEND = "kernel.send_mail"
"""The kind of job that sends one mail."""

_LETS_IN = re.compile(r"(/(?:confirm|new-password|authorise|offers)/)[\w.~%=-]+")
"""Links that let in whoever has them."""

ERASED = str(Message("The account was erased."))
"""Why mails of an account that is no more are not sent; pages translate it."""
_SENDER_NAME = "INSPIRE PA"

class MailState(StrEnum):
    """Where a mail is."""

    QUEUED = "queued"
    SENT = "sent"
    KEPT = "kept"
    """No mail server is set; it can be read in the administrator's pages."""
    FAILED = "failed"
    """The mail server refuses this message for good, or there is nobody any more to send it to."""
    REFUSED = "refused"
    """The address is refused; see mailing.refused. It can be sent again once the address is cleared or another one."""
    HELD = "held"
    """It waits until somebody releases it; see mailing.waiting."""
    DROPPED = "dropped"
    """It waited, and had become untrue before somebody released it: it is never sent."""


UNSENT = (MailState.FAILED, MailState.REFUSED)
"""What a mail is that was not taken."""


class Mail(Base):
    """One mail to one person, as it was written."""

    __tablename__ = "kernel_mail"
    __table_args__ = (
        UniqueConstraint("key"),
        UniqueConstraint("message_id"),
        CheckConstraint("state IN ({})".format(", ".join(f"'{each}'" for each in MailState)), name="a_mail_has_a_state"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="what_was_sent_has_a_time"),
        CheckConstraint("(calendar IS NULL) = (calendar_method = '')", name="an_invitation_has_a_method"),
        CheckConstraint("(state = 'held') = (parts IS NOT NULL)", name="what_waits_can_be_made_anew"),
    )

    id: Mapped[Id]
    key: Mapped[str]
    """A second mail with the same key is not written."""
    message_id: Mapped[str]
    """Made from the key: a server that gets the mail twice can tell."""
    to_person: Mapped[int | None] = ref("people_person.id")
    address: Mapped[str]
    name: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    calendar: Mapped[str | None]
    calendar_method: Mapped[str]
    attachments: Mapped[list[Any]]
    """Name, content type and base64 of each."""
    parts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What a mail that waits is made of, in its language, so that it can be made anew: greeting, lines, facts, button."""
    state: Mapped[str]
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    error: Mapped[str]


@dataclass(frozen=True)
class Letter:
    """What is to be written, before it is put into the language of its reader."""

    to_person: int | None
    to_address: str
    to_name: str
    language: str
    zone: str
    """In which moments are shown."""
    key: str
    subject: Message
    lines: tuple[Message, ...]
    facts: tuple[tuple[Message, Any], ...] = ()
    button: tuple[Message, str] | None = None
    """What it says and the address to which it leads."""
    calendar: bytes | None = None
    calendar_method: str = ""
    """REQUEST or CANCEL (RFC 6047), when there is a calendar."""
    attachments: tuple[tuple[str, str, bytes], ...] = field(default=())
    """Name, content type, content."""


def queue(letter: Letter, *, is_held: bool = False) -> int | None:
    """Write *letter* now and have it sent after the commit, or, *is_held*, once it is released; give its number.

    Inside a transaction; a key that was used is ignored and gives None.
    """
    if session.scalar(select(Mail.id).where(Mail.key == letter.key)) is not None:
        return None
    with i18n.speaking(letter.language, letter.zone):
        subject, parts = " ".join(i18n.show(letter.subject).split()), _parts(letter)
    text, html = render(subject, letter.language, parts)
    at_once = MailState.QUEUED if server.is_set() else MailState.KEPT
    mail = Mail(
        key=letter.key, message_id=_message_id(letter.key), to_person=letter.to_person, address=letter.to_address,
        name=" ".join(letter.to_name.split()), language=letter.language, subject=subject, text=text, html=html,
        calendar=letter.calendar.decode() if letter.calendar else None, calendar_method=letter.calendar_method,
        attachments=[[name, kind, base64.b64encode(content).decode()] for name, kind, content in letter.attachments],
        state=MailState.HELD if is_held else at_once, parts=parts if is_held else None, written_at=clock.now(), error="",
    )  # fmt: skip
    session.add(mail)
    session.flush()
    if mail.state == MailState.QUEUED:
        jobs.later(SEND, key=f"mail:{mail.id}", mail_id=mail.id)
    return mail.id


def written(keys: Iterable[str]) -> set[str]:
    """Say which of *keys* have a mail already."""
    return set(session.scalars(select(Mail.key).where(Mail.key.in_(list(keys)))))


def letter_to(person_id: int, *, key: str, subject: Message, lines: tuple[Message, ...], zone: str = "", **more: Any) -> Letter:  # noqa: ANN401 (fields of a Letter)
    """Address a letter to a person, in that person's language; *zone* is the one of the cohort, else the person's own is used.

    Raises NotThere when there is no such person, or the account was erased.
    """
    person = Base.metadata.tables["people_person"]
    columns = (person.c.email, person.c.given_name, person.c.family_name, person.c.language, person.c.zone)
    row = session.execute(select(*columns).where(person.c.id == person_id, person.c.erased_at.is_(None))).one_or_none()
    if row is None:
        raise NotThere
    name = f"{row.given_name} {row.family_name}".strip()
    return Letter(person_id, row.email, name, row.language, zone or row.zone or "UTC", key=key, subject=subject, lines=lines, **more)


def link(endpoint: str, **values: Any) -> str:  # noqa: ANN401 (parts of an address)
    """Give the absolute address of a page, also outside a request."""
    base = str(current_app.config["INSPIRE"].base_url).rstrip("/")
    return base + current_app.url_map.bind("localhost").build(endpoint, values)


@jobs.outside
def send(mail_id: int) -> None:
    """Hand a queued mail to the mail server; the work of kernel.send_mail, run outside any transaction.

    A server that is down or busy, or that refuses us (our password, our sender), raises, so that the job tries again;
    one that refuses the address or the message for good is written down. Killed between sending and
    writing that down, it is sent once more with the same Message-ID.
    """
    mail = one(mail_id)
    if mail.state != MailState.QUEUED:
        return
    is_tried = not refused.is_refused(mail.address)
    refusal: server.Refusal | None = server.Refusal(refused.NOT_TRIED, is_about_address=True)
    if is_tried:
        message = as_message(mail)
        session.rollback()
        refusal = server.hand_over(message)
    with transaction():
        kept = session.get_one(Mail, mail_id, populate_existing=True, with_for_update=True)
        if refusal is None:
            kept.state, kept.sent_at, kept.error = MailState.SENT, clock.now(), ""
            kept.text, kept.html = without_keys(kept.text), without_keys(kept.html)
            return
        # While the server was asked, the account may have been erased: then neither its address nor what was said of it is kept.
        if kept.state != MailState.QUEUED:
            return
        kept.state, kept.error = MailState.REFUSED if refusal.is_about_address else MailState.FAILED, refusal.said
        if is_tried and refusal.is_about_address:
            refused.refuse(kept.address, refusal.said, mail_id)


def without_keys(text: str) -> str:
    """Take out of a text what makes a link let somebody in."""
    return _LETS_IN.sub(r"\1…", text)


def send_again(mail_id: int) -> None:
    """Queue a mail once more that was not taken, to the address that its reader has now; nothing happens to any other. Raises NotThere.

    Nothing happens either when its text is gone with the account. Raises Refused while nothing is sent to the address.
    """
    with transaction():
        mail = one(mail_id, is_held=True)
        if mail.state not in UNSENT or not mail.text:
            return
        mail.address = refused.address_now(mail.to_person, mail.address)
        if reason := refused.why_not_send(mail.address):
            raise Refused(reason)
        mail.state, mail.error = MailState.QUEUED if server.is_set() else MailState.KEPT, ""
        if server.is_set():
            jobs.later(SEND, mail_id=mail_id)


def as_message(mail: Mail) -> EmailMessage:
    """Build the message: text, HTML and the invitation side by side, what is attached beside them (RFC 6047)."""
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    local, _, domain = mail.address.rpartition("@")
    message["Subject"] = mail.subject
    message["From"] = Address(_SENDER_NAME, addr_spec=server.sender())
    message["To"] = Address(mail.name, local, domain)
    message["Date"] = format_datetime(mail.written_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    if mail.calendar:
        message.add_alternative(mail.calendar, subtype="calendar", params={"method": mail.calendar_method})
        message.add_attachment(mail.calendar.encode(), maintype="application", subtype="ics", filename="invite.ics")
    for name, kind, content in mail.attachments:
        main, _, sub = kind.partition("/")
        message.add_attachment(base64.b64decode(content), maintype=main, subtype=sub, filename=name)
    # Last, because what begins with Content- moves into the first part when a second one is added.
    message["Content-Language"] = mail.language
    return message


def one(mail_id: int, *, is_held: bool = False) -> Mail:
    """Give a mail, *is_held* until the transaction ends so that nobody else changes it; raises NotThere."""
    found = session.get(Mail, mail_id, with_for_update=is_held or None, populate_existing=is_held)
    if found is None:
        raise NotThere
    return found


def reduce(mine: ColumnElement[bool], *, address: str | None = None, why: str = ERASED) -> None:
    """Leave of the mails that *mine* chooses that they were written, when and about what; *why* none of them is sent any more.

    *address* takes the place of the one that each went to; None leaves it. Inside a transaction.
    """
    nothing: dict[str, Any] = {"text": "", "html": "", "calendar": None, "calendar_method": "", "attachments": []}
    over = [MailState.QUEUED, MailState.HELD, MailState.REFUSED]
    if address is not None:
        # What a server says names the address most of the time.
        over.append(MailState.FAILED)
        refused.forget(session.scalars(select(Mail.address).where(mine).distinct()))
    session.execute(update(Mail).where(mine, Mail.state.in_(over)).values(state=MailState.FAILED, parts=None, error=why))
    session.execute(update(Mail).where(mine).values(nothing | ({} if address is None else {"name": "", "address": address})))


def reach_server() -> None:
    """Say hello to the mail server; raises OSError or SMTPException when it cannot be reached."""
    with server.reached() as reached:
        reached.noop()


def render(subject: str, language: str, parts: Mapping[str, Any]) -> tuple[str, str]:
    """Make the text and the HTML of a mail from its *parts*."""
    with i18n.speaking(language):
        shown = {"_": i18n._, "language": language, "subject": subject, **parts}
        text, html = (current_app.jinja_env.get_template(name).render(shown) for name in ("mail.txt", "mail.html"))
    return text, html


def _parts(letter: Letter) -> dict[str, Any]:
    return {
        "greeting": i18n.show(Message("Dear {name},", name=letter.to_name)) if letter.to_name else "",
        "lines": [i18n.show(line) for line in letter.lines],
        "facts": [[i18n.show(label), i18n.show(value)] for label, value in letter.facts],
        "button": [i18n.show(letter.button[0]), letter.button[1]] if letter.button else None,
    }


def _message_id(key: str) -> str:
    host = urlsplit(str(current_app.config["INSPIRE"].base_url)).hostname or "inspire"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"

