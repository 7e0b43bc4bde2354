"""An address that is refused for good gets nothing more until it is cleared; nothing that was written is lost."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from inspire_lms.kernel import audit, jobs, mail
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, Message, NotThere, Refused
from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.mailing import refused, refusing, server
from inspire_lms.kernel.mailing.refused import RefusedAddress
from inspire_lms.kernel.people import erasing
from inspire_lms.kernel.people.models import Person
from tests.builders import a_person, an_administrator

SAID = "550 5.1.1 no such mailbox"


def write(person, *keys):
    with transaction():
        for key in keys:
            mail.queue(mail.letter_to(person.id, key=key, subject=Message("Letter {key}", key=key), lines=(Message("Good day."),)))
    jobs.run_due()


def states():
    return [(row.key, row.state, row.error) for row in session.execute(select(Mail.key, Mail.state, Mail.error).order_by(Mail.id))]


def addresses():
    return [(row.address, row.said, row.is_by_hand) for row in session.scalars(select(RefusedAddress).order_by(RefusedAddress.id))]


def mail_number(key):
    return session.scalar(select(Mail.id).where(Mail.key == key))


def only_number():
    return session.scalars(select(RefusedAddress.id)).one()


@pytest.mark.parametrize(
    ("words", "is_the_address"),
    [
        ("550 no such mailbox", True),
        ("550 5.1.1 <ana@gov.example>: user unknown", True),
        ("550-5.1.1 The account does not exist", True),
        ("556 5.1.10 recipient null MX", True),
        ("550 5.2.1 mailbox disabled", True),
        ("552 5.2.2 mailbox full for months", True),
        ("551 user not local", True),
        ("553 mailbox name not allowed", True),
        ("550 5.1.7 bad sender", False),
        ("550 5.1.8 sender address does not resolve", False),
        ("552 5.2.3 message too long", False),
        ("550 5.7.1 relaying denied", False),
        ("554 5.7.1 blocked by a list of addresses", False),
        ("554 transaction failed", False),
        ("530 sign in first", False),
        ("501 5.5.4 syntax", False),
    ],
)
def test_a_final_answer_means_the_address_or_something_else(words, is_the_address):
    assert server.is_about_address(words) is is_the_address


def test_what_is_written_to_a_refused_address_is_not_tried_and_waits(app, post):
    ana, ivo = a_person(), a_person()
    post.answer = SAID
    write(ana, "a")
    write(ana, "b")
    post.answer = ""
    write(ivo, "c")
    assert states() == [("a", "refused", SAID), ("b", "refused", refused.NOT_TRIED), ("c", "sent", "")]
    assert (post.seen, addresses()) == (2, [(ana.email, SAID, False)])
    assert session.scalar(select(RefusedAddress.mail_id)) == mail_number("a")
    assert jobs.failed() == []


@pytest.mark.parametrize(
    ("what", "answer", "state"),
    [
        ("answer", "550 5.7.1 relaying denied", "failed"),
        ("about_message", "554 5.6.0 malformed", "failed"),
        ("about_message", "550 5.1.1 said too late", "failed"),
        ("answer", "450 greylisted", "queued"),
        ("about_sender", "553 5.1.8 unknown sender", "queued"),
    ],
)
def test_what_says_nothing_about_the_address_leaves_it_alone(app, post, what, answer, state):
    setattr(post, what, answer)
    write(a_person(), "a")
    assert ([each[1] for each in states()], addresses()) == ([state], [])


def test_what_was_not_sent_goes_after_the_address_was_cleared(app, post):
    ana, admin = a_person(), an_administrator()
    post.answer = SAID
    write(ana, "a", "b")
    post.answer = ""
    with pytest.raises(Refused, match="Nothing is sent to this address"):
        mail.send_again(mail_number("b"))
    refusing.clear(number := only_number(), by=admin.id)
    mail.send_again(mail_number("b"))
    jobs.run_due()
    assert states() == [("a", "refused", SAID), ("b", "sent", "")]
    assert [message["Subject"] for message in post.messages] == ["Letter b"]
    [line] = audit.about(("kernel_refused_address", number))
    assert (line.did, line.by_id, line.about_id) == ("mail.address-cleared", admin.id, ana.id)
    assert ana.email not in f"{line.before}{line.after}"
    with pytest.raises(NotThere):
        refusing.clear(number, by=admin.id)


def test_who_has_another_address_is_written_to_there(app, post):
    ana = a_person()
    post.answer = SAID
    write(ana, "a")
    post.answer = ""
    with transaction():
        session.execute(update(Person).where(Person.id == ana.id).values(email="new@gov.example"))
    write(ana, "b")
    mail.send_again(mail_number("a"))
    jobs.run_due()
    assert [each[1] for each in states()] == ["sent", "sent"]
    assert [envelope.rcpt_tos for envelope in post.got] == [["new@gov.example"], ["new@gov.example"]]


def test_an_address_whose_mails_come_back_is_entered_by_hand(app, post):
    ana, admin = a_person(email="ana@gov.example"), an_administrator()
    refusing.enter(" Ana@Gov.example", "It came back: mailbox unknown", by=admin.id)
    write(ana, "a")
    assert (states(), post.seen) == ([("a", "refused", refused.NOT_TRIED)], 0)
    assert addresses() == [("ana@gov.example", "It came back: mailbox unknown", True)]
    [line] = audit.about(("kernel_refused_address", only_number()))
    assert (line.did, line.by_id, line.about_id) == ("mail.address-refused", admin.id, ana.id)


@pytest.mark.parametrize("address", ["ana", "", "ANA@gov.example"])
def test_only_an_address_that_is_not_refused_yet_is_entered(app, address):
    admin = an_administrator()
    refusing.enter("ana@gov.example", "Unknown", by=admin.id)
    with pytest.raises(Invalid):
        refusing.enter(address, "Unknown", by=admin.id)
    assert len(addresses()) == 1


def test_a_mail_that_came_back_counts_as_not_arrived_and_stops_the_next_one(app, post):
    ana, admin = a_person(), an_administrator()
    write(ana, "a")
    refusing.came_back(mail_number("a"), "Mailbox unknown", by=admin.id)
    write(ana, "b")
    assert states() == [("a", "refused", "Mailbox unknown"), ("b", "refused", refused.NOT_TRIED)]
    assert addresses() == [(ana.email, "Mailbox unknown", True)]
    [line] = audit.about(("kernel_mail", mail_number("a")))
    assert (line.did, line.before["state"], line.about_id) == ("mail.came-back", "sent", ana.id)
    with pytest.raises(NotThere):
        refusing.came_back(mail_number("b"), "Again", by=admin.id)


def test_a_refused_address_is_handed_out_to_its_person_and_erased_with_it(app, post):
    ana, ivo = a_person(password="correct horse battery"), a_person()
    post.answer = f"550 5.1.1 <{ana.email}> unknown"
    write(ana, "a")
    post.answer = SAID
    write(ivo, "b")
    kept, address = addresses(), ana.email
    assert [row["address"] for row in refused.told(ana.id)] == [address]
    erasing.erase(ana.id, "correct horse battery")
    assert (addresses(), refused.told(ana.id)) == (kept[1:], [])
    assert states() == [("a", "failed", mail.ERASED), ("b", "refused", SAID)]
    assert address not in "".join(session.scalars(select(Mail.address + Mail.error)))


def test_an_address_is_not_kept_when_its_account_is_erased_while_the_server_answers(app, post):
    ana = a_person()

    async def erase(_server, _session, _envelope, _address, _options):
        with app.app_context(), transaction():
            mail.reduce(Mail.to_person == ana.id, address="erased@erased.invalid")
        return SAID

    post.handle_RCPT = erase
    write(ana, "a")
    assert addresses() == []
    assert states() == [("a", "failed", mail.ERASED)]


def test_without_a_mail_server_a_mail_to_a_refused_address_is_kept_to_be_read(app):
    ana, admin = a_person(), an_administrator()
    app.config["INSPIRE"] = replace(app.config["INSPIRE"], smtp_host="")
    refusing.enter(ana.email, "Unknown", by=admin.id)
    write(ana, "a")
    assert states() == [("a", "kept", "")]
