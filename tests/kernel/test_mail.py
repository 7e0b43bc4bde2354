"""Mails are written with the deed, in the reader's language, and reach a real mail server once."""

import email
import email.policy
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from inspire_lms.kernel import clock, jobs, mail
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Message, NotThere
from inspire_lms.kernel.mail import Letter, Mail
from inspire_lms.kernel.mailing import waiting
from tests.builders import a_person

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
INVITATION = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:\xc8\x9airiac\r\nEND:VCALENDAR\r\n"


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


def letter(**but):
    facts = {
        "to_person": None, "to_address": "stefan@primaria.example", "to_name": "Ștefan Țiriac", "language": "ro", "zone": "Europe/Bucharest", "key": "k1",
        "subject": Message("Webinar {n}", n=3), "lines": (Message("It begins on {when}.", when=AT),),
    }  # fmt: skip
    return Letter(**facts | but)


def queue(**but):
    with clock.frozen(AT), transaction():
        mail.queue(letter(**but))


def states():
    return [(row.state, row.error) for row in session.execute(select(Mail.state, Mail.error).order_by(Mail.id))]


def test_without_a_mail_server_a_mail_is_kept_to_be_read(app):
    queue(button=(Message("Join"), "http://localhost/webinar/3"), facts=((Message("Minutes"), 120),))
    [row] = mail.recent()
    kept = mail.one(row.id)
    assert (row.state, row.subject, row.address) == ("kept", "Webinar 3", "stefan@primaria.example")
    assert "11:00" in kept.text
    assert "http://localhost/webinar/3" in kept.text
    assert 'href="http://localhost/webinar/3"' in kept.html
    assert jobs.run_due() == 0


def test_what_people_wrote_is_harmless_in_the_html_of_a_mail(app):
    queue(lines=(Message("{name} writes.", name="<script>alert(1)</script>"),), to_name="<b>Ana</b>")
    kept = mail.one(mail.recent()[0].id)
    assert "<script>" not in kept.html
    assert "<b>Ana" not in kept.html
    assert "<script>" in kept.text


def test_a_queued_mail_reaches_the_server_with_its_names_unharmed(app, post):
    queue(to_name="Γεώργιος Παπαϊωάννου")
    assert jobs.run_due() == 1
    [message] = post.messages
    assert message["To"].addresses[0].display_name == "Γεώργιος Παπαϊωάννου"
    assert (message["From"], message["Subject"], message["Auto-Submitted"]) == (
        "INSPIRE PA <corsi@inspire.example>",
        "Webinar 3",
        "auto-generated",
    )
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert post.got[0].rcpt_tos == ["stefan@primaria.example"]
    assert states() == [("sent", "")]
    assert all(byte < 128 for byte in post.got[0].content)


def test_the_same_key_is_written_and_sent_once(app, post):
    queue()
    queue(subject=Message("Another"))
    jobs.run_due()
    jobs.run_due()
    assert [message["Subject"] for message in post.messages] == ["Webinar 3"]


def test_it_is_known_with_which_keys_something_was_written(app):
    queue(key="a")
    queue(key="b")
    assert mail.written(["a", "c"]) == {"a"}
    assert mail.written([]) == set()


def test_an_invitation_stands_beside_the_text_and_is_attached_as_well(app, post):
    queue(calendar=INVITATION, calendar_method="REQUEST", attachments=(("Πρόγραμμα.pdf", "application/pdf", b"%PDF-x"),))
    jobs.run_due()
    [message] = post.messages
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics", "application/pdf",
    ]  # fmt: skip
    invitation = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    assert invitation["Content-Type"].params == {"charset": "utf-8", "method": "REQUEST"}
    assert "SUMMARY:Țiriac" in invitation.get_content()
    ics, pdf = message.iter_attachments()
    assert (ics.get_content(), ics.get_filename()) == (INVITATION, "invite.ics")
    assert (pdf.get_content(), pdf.get_filename()) == (b"%PDF-x", "Πρόγραμμα.pdf")


@pytest.mark.parametrize("bad", ["Hello\r\nBcc: all@inspire.example", "Hello\nX-Evil: 1", "Hello\r\n\r\nbody"])
def test_nothing_typed_can_become_a_header(app, post, bad):
    queue(subject=Message("{typed}", typed=bad), to_name=bad)
    jobs.run_due()
    [message] = post.messages
    assert set(message.keys()) == {
        "Subject", "From", "To", "Date", "Message-ID", "Content-Language", "Auto-Submitted", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert post.got[0].rcpt_tos == ["stefan@primaria.example"]


def test_a_server_that_is_down_is_tried_again_later(app, post):
    real, closed = app.config["INSPIRE"], replace(app.config["INSPIRE"], smtp_port=1)
    app.config["INSPIRE"] = closed
    queue()
    with clock.frozen(AT + timedelta(seconds=1)):
        jobs.run_due()
    assert states() == [("queued", "")]
    assert "ConnectionRefusedError" in jobs.failed()[0].error
    app.config["INSPIRE"] = real
    with clock.frozen(AT + timedelta(minutes=1)):
        jobs.run_due()
    assert (states(), len(post.got), jobs.failed()) == ([("sent", "")], 1, [])


def test_a_server_that_is_busy_is_tried_again_later(app, post):
    post.answer = "451 try later"
    queue()
    with clock.frozen(AT + timedelta(seconds=1)):
        jobs.run_due()
    post.answer = ""
    with clock.frozen(AT + timedelta(minutes=1)):
        jobs.run_due()
    assert (states(), len(post.got)) == ([("sent", "")], 1)


def test_an_address_that_is_refused_for_good_is_written_down_and_not_tried_again(app, post):
    post.answer = "550 no such mailbox"
    queue()
    jobs.run_due()
    jobs.run_due()
    assert states() == [("failed", "550 no such mailbox")]
    assert post.seen == 1


def test_a_message_that_is_refused_for_good_is_written_down(app, post):
    post.about_message = "554 looks like spam"
    queue()
    jobs.run_due()
    assert states() == [("failed", "554 looks like spam")]


def test_a_server_that_refuses_us_and_not_the_reader_is_tried_again_later(app, post):
    post.about_sender = "553 this sender is not known"
    queue()
    with clock.frozen(AT + timedelta(seconds=1)):
        jobs.run_due()
    assert states() == [("queued", "")]
    assert "SMTPSenderRefused" in jobs.failed()[0].error
    post.about_sender = ""
    with clock.frozen(AT + timedelta(minutes=1)):
        jobs.run_due()
    assert (states(), len(post.got)) == ([("sent", "")], 1)


def test_a_password_that_the_server_refuses_loses_no_mail(app):
    class Signer:
        async def auth_PLAIN(self, _server, _arguments):  # noqa: N802 (the server's own word)
            return AuthResult(success=False, handled=False, message="535 5.7.8 wrong password")

        auth_LOGIN = auth_PLAIN  # noqa: N815

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(Signer(), hostname="127.0.0.1", port=port, ready_timeout=20, auth_require_tls=False)
    server.start()
    signed = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_user": "corsi", "smtp_password": "yesterday"}
    app.config["INSPIRE"] = replace(app.config["INSPIRE"], **signed)
    queue()
    jobs.run_due()
    server.stop()
    assert states() == [("queued", "")]
    assert "SMTPAuthenticationError" in jobs.failed()[0].error


def test_a_mail_that_was_refused_can_be_sent_again(app, post):
    post.answer = "550 no such mailbox"
    queue()
    jobs.run_due()
    post.answer = ""
    mail_id = mail.recent()[0].id
    mail.send_again(mail_id)
    mail.send_again(mail_id)
    jobs.run_due()
    assert (states(), len(post.got)) == ([("sent", "")], 1)
    with pytest.raises(NotThere):
        mail.send_again(99)


def test_a_link_that_lets_in_whoever_has_it_lies_in_a_mail_only_until_it_has_gone(app, post):
    doors = [mail.link(f"sign_in.{page}", token="Abc-12_x.y") for page in ("confirm", "new_password")]
    for key, door in zip("ab", doors, strict=True):
        queue(key=key, button=(Message("Open"), door))
    jobs.run_due()
    assert [door in message.get_body(("plain",)).get_content() for door, message in zip(doors, post.messages, strict=True)] == [True, True]
    for kept, door in zip(session.scalars(select(Mail).order_by(Mail.id)), doors, strict=True):
        assert "Abc-12_x.y" not in kept.text + kept.html
        assert door.replace("Abc-12_x.y", "…") in kept.text


def test_a_mail_to_an_erased_person_is_not_sent_again(app, post):
    person = a_person()
    queue(to_person=person.id)
    with transaction():
        mail.reduce(mail.Mail.to_person == person.id, address="erased@erased.invalid")
    mail.send_again(mail.recent()[0].id)
    jobs.run_due()
    assert (states(), post.got) == ([("failed", "The account was erased.")], [])


def test_killed_between_sending_and_writing_that_down_it_is_sent_again_as_the_same_message(app, post):
    queue()
    jobs.run_due()
    with transaction():
        session.execute(update(Mail).values(state="queued", sent_at=None))
        session.execute(update(jobs.Job).values(done_at=None, lease_until=None))
    jobs.run_due()
    first, second = post.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert states() == [("sent", "")]


def test_no_transaction_is_open_while_the_server_is_waited_for(app, post):
    queue()
    seen = []
    handle = post.handle_DATA

    async def watch(*rest):
        with app.app_context(), transaction():
            seen.append(session.scalar(select(Mail.state)))
        return await handle(*rest)

    post.handle_DATA = watch
    jobs.run_due()
    assert seen == ["queued"]


def test_a_letter_to_a_person_takes_address_name_and_language_from_the_account(app):
    person = a_person(given_name="Ελένη", family_name="Αντωνίου", language="el", zone="Europe/Athens")
    made = mail.letter_to(person.id, key="k", subject=Message("Hello"), lines=())
    assert (made.to_address, made.to_name, made.language, made.zone) == (person.email, "Ελένη Αντωνίου", "el", "Europe/Athens")
    assert mail.letter_to(person.id, key="k", subject=Message("Hello"), lines=(), zone="Europe/Rome").zone == "Europe/Rome"
    with pytest.raises(NotThere):
        mail.letter_to(99, key="k", subject=Message("Hello"), lines=())


def test_a_link_in_a_mail_is_absolute_outside_a_request(app):
    assert mail.link("sign_in.confirm", token="abc") == "http://localhost/confirm/abc"


def test_the_server_can_be_greeted(app, post):
    mail.reach_server()
    app.config["INSPIRE"] = replace(app.config["INSPIRE"], smtp_port=1)
    with pytest.raises(OSError, match="refused"):
        mail.reach_server()


def test_the_latest_mails_come_first_fifty_a_page(app):
    for number in range(51):
        queue(key=f"k{number}", subject=Message("Mail {n}", n=number))
    assert [row.subject for row in mail.recent(1)][:2] == ["Mail 50", "Mail 49"]
    assert [row.subject for row in mail.recent(2)] == ["Mail 0"]
    with pytest.raises(NotThere):
        mail.one(99)


def hold(**but):
    """Write a mail that waits; give its number."""
    with clock.frozen(AT), transaction():
        return mail.queue(letter(**but), is_held=True)


def release(*ids):
    with clock.frozen(AT + timedelta(days=1)), transaction():
        return waiting.release(ids)


@pytest.mark.both_engines
def test_what_waits_is_not_sent_however_often_the_work_runs_and_what_is_released_is_sent_once(app, post):
    person = a_person(email="old@inspire.example")
    first, second = hold(key="a", to_person=person.id), hold(key="b")
    with clock.frozen(AT + timedelta(days=3)):
        jobs.tick()
        jobs.run_due()
        mail.send(first)
    assert (post.got, states()) == ([], [("held", ""), ("held", "")])
    with transaction():
        session.execute(update(type(person)).where(type(person).id == person.id).values(email="new@inspire.example"))
    assert [release(first), release(first)] == [1, 0]
    jobs.run_due()
    assert states() == [("sent", ""), ("held", "")]
    [message] = post.messages
    assert (message["To"].addresses[0].addr_spec, message["Date"].datetime) == ("new@inspire.example", AT + timedelta(days=1))
    assert mail.one(second).state == "held"


def test_killed_after_the_release_it_is_sent_once_by_who_takes_over(app, post):
    number = hold()
    release(number)
    later = AT + timedelta(days=2)
    with clock.frozen(later):
        assert len(jobs._claim(10)) == 1
        assert (jobs.run_due(), post.got) == (0, [])
    with clock.frozen(later + jobs.LEASE + timedelta(seconds=1)):
        jobs.run_due()
        jobs.run_due()
    assert (len(post.got), states()) == (1, [("sent", "")])


def test_other_words_are_put_into_both_parts_of_a_mail_that_waits_and_what_is_not_words_stays(app, post):
    number = hold(button=(Message("Open"), "http://localhost/x"), facts=((Message("Length"), 120),))
    with transaction():
        waiting.rewrite(mail.one(number), subject="Altele\ncuvinte", greeting="Stimată doamnă,", lines=["Unu.", "<b>Doi</b>."])
    assert "Trei." in waiting.text_with(mail.one(number), "Trei.")
    release(number)
    jobs.run_due()
    [message] = post.messages
    plain, html = message.get_body(("plain",)).get_content(), message.get_body(("html",)).get_content()
    assert message["Subject"] == "Altele cuvinte"
    assert plain.replace("\r\n", "\n").startswith("Stimată doamnă,\n\nUnu.\n\n<b>Doi</b>.\n\nLength: 120\n\nOpen:\nhttp://localhost/x\n")
    assert ["Stimată doamnă," in html, "&lt;b&gt;Doi&lt;/b&gt;." in html, 'href="http://localhost/x"' in html] == [True] * 3


def test_what_was_dropped_or_whose_person_was_erased_is_never_sent(app, post):
    person = a_person()
    dropped, erased = hold(key="a"), hold(key="b", to_person=person.id)
    with transaction():
        assert waiting.drop([dropped], "It was decided anew.") == 1
        mail.reduce(mail.Mail.to_person == person.id, address="erased@erased.invalid")
    assert release(dropped, erased) == 0
    mail.send_again(dropped)
    mail.send_again(erased)
    jobs.run_due()
    assert (post.got, states()) == ([], [("dropped", "It was decided anew."), ("failed", "The account was erased.")])


def test_without_a_mail_server_what_is_released_is_kept_to_be_read(app):
    assert (release(hold()), jobs.run_due(), states()) == (1, 0, [("kept", "")])


@pytest.mark.parametrize(
    ("constraint", "but"),
    [
        ("a_mail_has_a_state", {"state": "lost"}),
        ("what_was_sent_has_a_time", {"state": "sent"}),
        ("an_invitation_has_a_method", {"calendar": "BEGIN"}),
        ("what_waits_can_be_made_anew", {"state": "held"}),
        ("what_waits_can_be_made_anew", {"parts": {}}),
    ],
)
def test_a_mail_that_cannot_be(app, constraint, but):
    queue()
    with pytest.raises(IntegrityError, match=constraint), transaction():
        session.execute(update(Mail).values(**but))
