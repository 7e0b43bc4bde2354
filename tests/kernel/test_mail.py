"""Mails are written with the deed, in the reader's language, and reach a real mail server once."""

import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from inspire_lms.kernel import clock, jobs, mail
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Message, NotThere
from inspire_lms.kernel.mail import Letter, Mail
from tests.builders import a_person

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
INVITATION = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:\xc8\x9airiac\r\nEND:VCALENDAR\r\n"


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
    kept = session.scalars(select(Mail)).one()
    assert (kept.state, kept.subject, kept.address) == ("kept", "Webinar 3", "stefan@primaria.example")
    assert "11:00" in kept.text
    assert "http://localhost/webinar/3" in kept.text
    assert 'href="http://localhost/webinar/3"' in kept.html
    assert jobs.run_due() == 0


def test_what_people_wrote_is_harmless_in_the_html_of_a_mail(app):
    queue(lines=(Message("{name} writes.", name="<script>alert(1)</script>"),), to_name="<b>Ana</b>")
    kept = mail.one(session.scalar(select(Mail.id)))
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
    assert states() == [("refused", "550 no such mailbox")]
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
    post.about_message = "554 looks like spam"
    queue()
    jobs.run_due()
    post.about_message = ""
    mail_id = session.scalar(select(Mail.id))
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
    mail.send_again(session.scalar(select(Mail.id)))
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


def test_a_mail_that_nobody_wrote_is_not_there(app):
    with pytest.raises(NotThere):
        mail.one(99)


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
