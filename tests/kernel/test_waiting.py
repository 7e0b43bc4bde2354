"""A mail that waits goes when it is released, once; what was dropped never goes."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from inspire_lms.kernel import clock, jobs, mail
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.mailing import waiting
from tests.builders import a_person
from tests.kernel.test_mail import AT, letter, states


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
