"""The mail server of this site, as its settings name it."""

import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage

from flask import current_app

PATIENCE = 20
"""Seconds to wait for the mail server."""
_FOR_GOOD = 500
"""From here on an answer of a mail server is final; below, trying later may help (RFC 5321)."""
_ENHANCED = re.compile(r"[ -]5\.(\d{1,3})\.(\d{1,3})\b")
_NOT_THE_READER = {"1": ("7", "8"), "2": ("3",)}
_ADDRESS = frozenset({"550", "551", "553", "556"})


def is_set() -> bool:
    """Say whether there is a mail server."""
    return bool(current_app.config["INSPIRE"].smtp_host)


def sender() -> str:
    """Give the address that mails come from."""
    return str(current_app.config["INSPIRE"].mail_sender)


@contextmanager
def reached() -> Iterator[smtplib.SMTP]:
    """Reach the mail server; raises OSError or SMTPException when that fails."""
    settings = current_app.config["INSPIRE"]
    with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=PATIENCE) as server:
        if settings.smtp_starttls:
            server.starttls()
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        yield server


@dataclass(frozen=True)
class Refusal:
    """That the mail server does not take a mail, for good."""

    said: str
    is_about_address: bool
    """Nothing that we send there would be taken."""


def hand_over(message: EmailMessage) -> Refusal | None:
    """Hand a message to the mail server; say why it is refused for good, None when it is taken.

    Raises OSError or SMTPException when trying later may help, also when the server refuses us and not the reader.
    """
    try:
        with reached() as server:
            server.send_message(message, from_addr=sender(), to_addrs=[message["To"].addresses[0].addr_spec])
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()))
        words = _final(code, said, refused)
        return Refusal(words, is_about_address=is_about_address(words))
    except smtplib.SMTPDataError as refused:
        return Refusal(_final(refused.smtp_code, refused.smtp_error, refused), is_about_address=False)
    return None


def is_about_address(words: str) -> bool:
    """Say whether a final answer to the address of a reader means the address itself, and not us, the message or the way there.

    The enhanced code decides where there is one (RFC 3463): 5.1.x are addresses, but 5.1.7 and 5.1.8 the sender's; 5.2.x are mailboxes,
    but 5.2.3 a message too long for one. Without it the code does (RFC 5321, RFC 7504).
    """
    code, enhanced = words[:3], _ENHANCED.match(words[3:])
    if enhanced is None:
        return code in _ADDRESS
    subject, detail = enhanced.groups()
    return detail not in _NOT_THE_READER.get(subject, (detail,))


def _final(code: int, said: bytes | str, refused: smtplib.SMTPException) -> str:
    """Give the words of a refusal that is final (5xx); raise it again when trying later may help."""
    if code < _FOR_GOOD:
        raise refused
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
