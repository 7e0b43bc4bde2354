"""A real mail server for the tests of the kernel."""

import email
import email.policy
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope


class Post:
    """A mail server that keeps what it gets, or refuses with *answer*."""

    def __init__(self):
        self.got, self.answer, self.seen, self.about_sender, self.about_message = [], "", 0, "", ""

    async def handle_MAIL(self, _server, _session, envelope, address, _options):  # noqa: N802 (the server's own word)
        if self.about_sender:
            return self.about_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 (the server's own word)
        self.seen += 1
        if self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: object, envelope: Envelope):  # noqa: N802
        if self.about_message:
            return self.about_message
        self.got.append(envelope)
        return "250 OK"

    @property
    def messages(self):
        return [email.message_from_bytes(envelope.content, policy=email.policy.default) for envelope in self.got]


@pytest.fixture
def post(app) -> Iterator[Post]:
    """A real mail server on a free port, set in the application's settings."""
    kept = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(kept, hostname="127.0.0.1", port=port, ready_timeout=20)
    server.start()
    app.config["INSPIRE"] = replace(app.config["INSPIRE"], smtp_host="127.0.0.1", smtp_port=port, mail_sender="corsi@inspire.example")
    yield kept
    server.stop()
