"""Accounts: registering, confirming, passwords, invitations."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Invalid, Message, Refused
from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.people import actions, profile, queries
from inspire_lms.kernel.people.models import MailedLink
from inspire_lms.kernel.people.rules import LinkFor
from tests.builders import PASSWORD, a_cohort, a_person, staff

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
ANNA = {
    "email": "Anna.Rossi@Comune.Example",
    "given_name": "Anna",
    "family_name": "D'Angelo",
    "password": "caffè e cornetto",
    "language": "it",
}


def register(**but):
    return actions.register(**ANNA | but)


def mails():
    return list(session.scalars(select(Mail).order_by(Mail.id)))


def token_in(mail):
    return mail.text.split("http://localhost/")[1].split()[0].rpartition("/")[2]


def test_who_registers_gets_a_mail_in_their_language_and_an_account_that_waits(app):
    anna = register()
    [mail] = mails()
    assert (anna.email, anna.name, anna.language, anna.is_active) == ("anna.rossi@comune.example", "Anna D'Angelo", "it", False)
    assert (mail.address, mail.language, mail.state) == (anna.email, "it", "kept")


def test_an_account_works_once_its_address_is_confirmed(app):
    anna = register(wanted="/online_call/it/apply")
    token = token_in(mails()[0])
    assert actions.owner_of(token, LinkFor.VERIFY) == anna
    assert actions.confirm(token, anna.id) == "/online_call/it/apply"
    assert anna.is_active
    with pytest.raises(Refused, match="used already"):
        actions.confirm(token, anna.id)


def test_somebody_elses_link_confirms_nothing(app):
    other = a_person()
    register()
    with pytest.raises(Refused, match="another account"):
        actions.confirm(token_in(mails()[0]), other.id)


@pytest.mark.parametrize(("after", "works"), [(timedelta(days=3, seconds=-1), True), (timedelta(days=3), False)])
def test_the_link_works_for_three_days(app, after, works):
    with clock.frozen(AT):
        anna = register()
    with clock.frozen(AT + after):
        if works:
            actions.confirm(token_in(mails()[0]), anna.id)
        else:
            with pytest.raises(Refused, match="expired"):
                actions.confirm(token_in(mails()[0]), anna.id)
    assert anna.is_active is works


def test_registering_a_known_address_changes_nothing_and_only_the_mail_says_so(app):
    known = a_person(email=ANNA["email"])
    before = known.password_hash
    register()
    [mail] = mails()
    assert (known.password_hash, known.family_name == "D'Angelo" and known.given_name == "Anna") == (before, False)
    assert mail.subject != "Confirm your e-mail address"
    assert "/confirm/" not in mail.text


def test_somebody_who_never_confirmed_may_register_anew(app):
    with clock.frozen(AT):
        register(password="attackers choice", family_name="Rossi")
    with clock.frozen(AT + timedelta(hours=1)):
        anna = register()
    first, second = mails()
    with clock.frozen(AT + timedelta(hours=2)):
        with pytest.raises(Refused):
            actions.owner_of(token_in(first), LinkFor.VERIFY)
        assert actions.owner_of(token_in(second), LinkFor.VERIFY) == anna
    assert anna.family_name == "D'Angelo"


def test_nobodys_mailbox_is_flooded_from_the_register_page(app):
    with clock.frozen(AT):
        for _ in range(5):
            register()
    assert len(mails()) == 1


@pytest.mark.parametrize(
    ("but", "fields"),
    [
        ({"email": "anna"}, {"email"}),
        ({"given_name": "\x00", "family_name": "42"}, {"given_name", "family_name"}),
        ({"language": "xx"}, {"language"}),
        ({"password": "short"}, {"password"}),
        ({"password": "anna.rossi1"}, {"password"}),
    ],
)
def test_what_is_wrong_is_said_field_by_field(app, but, fields):
    with pytest.raises(Invalid) as said:
        register(**but)
    assert set(said.value.reasons) == fields
    assert mails() == []


def test_a_forgotten_password_is_replaced_by_mail_and_all_sessions_end(app):
    anna = a_person()
    key = anna.get_id()
    actions.ask_new_password(anna.email.upper())
    actions.set_password(token_in(mails()[0]), "un tè sul balcone")
    assert queries.by_session_key(key) is None
    assert queries.by_session_key(anna.get_id()) == anna
    assert [mail.subject for mail in mails()] == ["Set a new password", "Your password was changed"]
    with pytest.raises(Refused):
        actions.set_password(token_in(mails()[0]), "un altro tè ancora")


def test_asking_for_an_unknown_address_sends_nothing(app):
    actions.ask_new_password("nobody@inspire.example")
    assert mails() == []


@pytest.mark.parametrize(("after", "sent"), [(timedelta(minutes=2, seconds=-1), 1), (timedelta(minutes=2), 2)])
def test_a_new_password_is_asked_for_every_two_minutes_at_most(app, after, sent):
    person = a_person()
    for at in (AT, AT + after):
        with clock.frozen(at):
            actions.ask_new_password(person.email)
    assert len(mails()) == sent


def test_the_token_itself_is_not_in_the_database(app):
    actions.ask_new_password(a_person().email)
    token = token_in(mails()[0])
    assert token not in {link.digest for link in session.scalars(select(MailedLink))}


def test_links_that_ran_out_are_forgotten_after_some_days(app):
    first, second = a_person(), a_person()
    with clock.frozen(AT):
        actions.ask_new_password(first.email)
    with clock.frozen(AT + timedelta(days=4)):
        actions.ask_new_password(second.email)
    assert [link.person_id for link in session.scalars(select(MailedLink))] == [second.id]


def test_changing_the_password_needs_the_old_one(app):
    anna = a_person()
    with pytest.raises(Invalid) as said:
        actions.change_password(anna.id, "not this one", "un tè sul balcone")
    assert set(said.value.reasons) == {"current"}
    epoch = anna.epoch
    actions.change_password(anna.id, PASSWORD, "un tè sul balcone")
    assert anna.epoch == epoch + 1


def test_signing_out_everywhere_makes_all_sessions_worthless(app):
    anna = a_person()
    key = anna.get_id()
    actions.sign_out_everywhere(anna.id)
    assert queries.by_session_key(key) is None


@pytest.mark.parametrize("key", ["", "x", "1", "1.", ".0", "99999.0", "1.0.0", "-1.0", "²1.0"])
def test_a_forged_session_is_nobodys(app, key):
    a_person()
    assert queries.by_session_key(key) is None


def test_an_invited_trainer_gets_role_mail_and_a_link_to_choose_a_password(app):
    cohort = a_cohort("RO")
    host = staff(cohort, "coordinator")
    invited = actions.invite(
        "ioana@scoala.example",
        "Ioana",
        "Şerban",
        "ro",
        role="trainer",
        title=Message("Trainer"),
        context_id=cohort.context_id,
        place=cohort.country_name,
        by=host.id,
    )
    [mail] = mails()
    assert (invited.family_name, invited.is_active, mail.language) == ("Șerban", False, "ro")
    assert "România" in mail.text
    assert access.people_with_role("trainer", cohort.context_id) == [invited.id]
    actions.set_password(token_in(mail), "o plimbare pe deal")
    assert invited.is_active
    assert len(mails()) == 1


def test_somebody_known_is_told_about_the_new_role_and_keeps_name_and_password(app):
    cohort = a_cohort("IT")
    host, known = staff(cohort, "coordinator"), a_person(given_name="Lucia", family_name="De Santis")
    before = known.password_hash
    actions.invite(
        known.email,
        "L",
        "DS",
        "it",
        role="evaluator",
        title=Message("Evaluator"),
        context_id=cohort.context_id,
        place=cohort.country_name,
        by=host.id,
    )
    assert (known.name, known.password_hash) == ("Lucia De Santis", before)
    assert [mail.subject for mail in mails()] == ["You have a new role in INSPIRE PA"]


def test_an_account_made_ready_works_at_once_and_is_made_once(app):
    first = a_person(email="trainer@inspire.example")
    assert first.is_active
    assert a_person(email="Trainer@inspire.example").id == first.id


def test_the_first_administrator_has_the_whole_site(app):
    person = actions.first_administrator("admin@inspire.example", "Ada", "Neri", "it", "una torre nel bosco")
    assert access.may(person.id, "kernel:administer", access.system_context())
    assert access.is_last_administrator(person.id)


def test_names_keep_their_script_and_get_a_latin_form(app):
    person = a_person(given_name="Γεώργιος", family_name="Παπαϊωάννου", language="el")
    assert (person.name, person.latin_name) == ("Γεώργιος Παπαϊωάννου", "Georgios Papaioannou")


PROFILE = {
    "given_name": "Ştefan",
    "family_name": "Țiriac",
    "latin_given_name": "",
    "latin_family_name": "Tiriac",
    "language": "ro",
    "zone": "Europe/Athens",
}


def test_a_person_changes_names_language_and_zone(app):
    person = a_person()
    profile.change_profile(person.id, **PROFILE)
    assert (person.name, person.latin_name, person.language, person.zone) == ("Ștefan Țiriac", "Ștefan Tiriac", "ro", "Europe/Athens")
    assert [row.id for row in session.execute(queries.directory("stefan tiri"))] == [person.id]


@pytest.mark.parametrize("wrong", [{"given_name": ""}, {"latin_family_name": "Τίριακ"}, {"language": "xx"}, {"zone": "Europe/Atlantis"}])
def test_a_profile_that_cannot_be_is_refused(app, wrong):
    person = a_person()
    with pytest.raises(Invalid) as said:
        profile.change_profile(person.id, **PROFILE | wrong)
    assert set(said.value.reasons) == set(wrong)


def test_two_people_share_one_administration(app):
    first, second = a_person(), a_person()
    profile.change_work(first.id, organisation="Primăria  Cluj", position="Consilier")
    profile.change_work(second.id, organisation="Primăria Cluj", position="")
    profile.change_work(second.id, organisation="Primăria Cluj", position="Șefă de serviciu")
    assert queries.works_of([first.id, second.id]) == {
        first.id: queries.Work("Primăria Cluj", "Consilier"),
        second.id: queries.Work("Primăria Cluj", "Șefă de serviciu"),
    }
    profile.change_work(first.id, organisation="", position="x")
    assert queries.work_of(first.id) == queries.Work()


@pytest.mark.both_engines
def test_registering_twice_at_the_same_moment_makes_one_account(app):
    def register_once(_number):
        with app.app_context():
            return register().id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(register_once, range(4)))) == 1
    assert len(mails()) == 1
