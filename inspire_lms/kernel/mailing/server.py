"""The mail server of this site, as its settings name it."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app

PATIENCE = 20
"""Seconds to wait for the mail server."""
_FOR_GOOD = 500
"""From here on an answer of a mail server is final; below, trying later may help (RFC 5321)."""


def is_set() -> bool:
    """Say whether there is a mail server."""
    return bool(current_app.config["INSPIRE"].smtp_host)


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


def refusal(code: int, said: bytes | str, refused: smtplib.SMTPException) -> str:
    """Give the words of a refusal that is final (5xx); raise it again when trying later may help."""
    if code < _FOR_GOOD:
        raise refused
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
