"""The name that will be printed: asked once, confirmed or corrected by its bearer, seen by whoever decides."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from inspire_lms.contracts.people import PeopleMerged
from inspire_lms.contracts.survey import SurveyAnswered
from inspire_lms.kernel import audit, bus, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Refused
from inspire_lms.kernel.people import profile
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.plugin import switch
from inspire_lms.kernel.programmes import actions as programmes
from inspire_lms.plugins.certificate import actions
from inspire_lms.plugins.certificate.issuing import minutes, overview
from inspire_lms.plugins.certificate.models import NameConfirmation
from inspire_lms.plugins.certificate.naming import actions as naming
from inspire_lms.plugins.certificate.naming import queries as names
from inspire_lms.plugins.certificate.naming import rules
from inspire_lms.plugins.certificate.naming.rules import Answer, Printed
from inspire_lms.plugins.certificate.rules import Kind
from tests.builders import a_cohort, a_person, a_trainee
from tests.plugins.certificate.builders import NOW, a_coordinator, a_group, issued, work

ANA = Printed("Ana Pop", "Ana Pop")
FULL = {"given_name": "Ștefania", "family_name": "Țurcanu", "latin_given_name": "Stefania", "latin_family_name": "Turcanu"}


def text(answer):
    return answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("confirmed", "was_asked", "answer"),
    [(None, False, "not-asked"), (None, True, "waiting"), (ANA, True, "confirmed"), (Printed("Ana Pop", "Anna Pop"), True, "changed"), (Printed("Anna Pop", "Ana Pop"), True, "changed")],
)
def test_a_confirmation_counts_for_both_forms_as_they_were_shown(confirmed, was_asked, answer):
    assert rules.answer_of(confirmed, ANA, was_asked=was_asked) == answer


@pytest.mark.parametrize(
    ("name", "latin", "language", "printed"),
    [
        ("Ştefan  Ţiriac", "Stefan Tiriac", "ro", Printed("Ștefan Țiriac", "Stefan Tiriac")),
        ("Şener Pop", "", "it", Printed("Şener Pop", "Şener Pop")),
        ("Έλενα Οικονόμου", "Elena Oikonomou", "el", Printed("Έλενα Οικονόμου", "Elena Oikonomou")),
    ],
)
def test_a_name_is_compared_as_it_is_printed(name, latin, language, printed):
    assert rules.as_printed(name, latin, language) == printed


@pytest.mark.parametrize(
    ("shown", "is_decided", "says"),
    [(ANA, False, None), (Printed("Ana Pop", "Anna Pop"), False, "has changed since this page was opened"), (ANA, True, "has been decided about")],
)
def test_what_is_confirmed_is_what_was_shown_and_only_before_the_decision(shown, is_decided, says):
    reason = rules.why_not_confirm(shown, ANA, is_decided=is_decided)
    assert (reason is None) if says is None else (says in str(reason))


@pytest.fixture
def asked(app, records):
    """A trainee who attended enough and was asked about the name just now."""
    cohort = a_group()
    trainee = records.attended_by(a_trainee(cohort, language="en", given_name="Ana", family_name="Pop"))
    with clock.frozen(NOW):
        actions.look_again(cohort.id)
    return cohort, trainee


def answer(cohort, trainee):
    session.rollback()
    return names.of_cohort(cohort.id)[trainee.id].answer


@pytest.mark.parametrize(
    ("requires", "met", "subjects"),
    [
        (["attendance", "final-test"], {"minutes": 0}, []),
        (["attendance", "final-test"], {"percent": "10"}, ["Is this the name for your certificate?"]),
        (["attendance", "final-test"], {}, ["You have met all that the certificate asks for"]),
        (["final-test"], {"percent": "10"}, []),
        (["final-test"], {}, ["You have met all that the certificate asks for"]),
        (["attendance"], {}, ["You have met all that the certificate asks for"]),
    ],
    ids=["nothing earned", "attendance earned", "everything at once", "a test failed", "a test passed", "attendance is everything"],
)
def test_who_has_earned_a_document_is_asked_in_one_letter_and_nobody_else(app, records, outbox, requires, met, subjects):
    cohort = a_group(requires=requires)
    trainee = records.met_by(a_trainee(cohort, language="en", given_name="Ana", family_name="Pop"), **met)
    for _ in range(3):
        actions.look_again(cohort.id)
        naming.ask_all()
    assert [mail.subject for mail in outbox.to(trainee)] == subjects
    assert (answer(cohort, trainee) is Answer.WAITING) is bool(subjects)
    for mail in outbox:
        assert "Ana Pop" in mail.text
        assert f"/certificate/name/{cohort.id}" in mail.text


def test_who_was_asked_before_is_not_asked_again_when_everything_is_met(asked, records, outbox):
    cohort, trainee = asked
    records.met_by(trainee)
    actions.look_again(cohort.id)
    assert [mail.subject for mail in outbox.to(trainee)] == ["Is this the name for your certificate?", "You have met all that the certificate asks for"]
    assert "/certificate/name/" not in outbox[-1].text


def test_nobody_is_asked_in_an_edition_that_certifies_nothing(app, records, outbox):
    cohort = a_cohort()
    records.met_by(a_trainee(cohort))
    actions.look_again(cohort.id)
    naming.ask_all()
    assert (len(outbox), session.scalar(select(NameConfirmation.id))) == (0, None)


def test_who_holds_the_document_already_is_not_asked(app, records, outbox):
    cohort = a_group()
    trainee = records.met_by(a_trainee(cohort))
    issued(cohort, [trainee], by=a_coordinator(cohort))
    actions.look_again(cohort.id)
    naming.ask_all()
    assert session.scalar(select(NameConfirmation.id)) is None


@pytest.mark.parametrize("why", ["switched off", "withdrawn"])
def test_who_takes_part_no_more_and_where_certificates_are_off_nobody_is_asked(asked, outbox, why):
    cohort, trainee = asked
    with transaction():
        session.delete(session.scalars(select(NameConfirmation)).one())
    if why == "switched off":
        switch("certificate", on=False, edition_id=cohort.edition_id)
    else:
        programmes.withdraw(cohort.id, trainee.id, by=None)
    before = len(outbox)
    naming.ask_all()
    assert len(outbox) == before


def test_who_was_overlooked_is_asked_the_next_day(asked, outbox):
    cohort, trainee = asked
    with transaction():
        session.delete(session.scalars(select(NameConfirmation)).one())
    naming.ask_all()
    assert answer(cohort, trainee) is Answer.WAITING


@pytest.mark.both_engines
def test_the_page_shows_both_forms_and_keeps_exactly_what_was_shown(asked, client, sign_in_as):
    cohort, trainee = asked
    browser = sign_in_as(client, trainee)
    page = text(browser.get(f"/certificate/name/{cohort.id}"))
    assert "Is this the name for your certificate?" in page
    assert 'name="name" value="Ana Pop"' in page
    sent = {"name": "Ana Pop", "latin_name": "Ana Pop"}
    with clock.frozen(NOW + timedelta(hours=1)):
        assert browser.post(f"/certificate/name/{cohort.id}/right", data=sent).status_code == 303
    kept = session.scalars(select(NameConfirmation)).one()
    assert (kept.name, kept.latin_name, kept.asked_at, kept.confirmed_at) == ("Ana Pop", "Ana Pop", NOW, NOW + timedelta(hours=1))
    assert [(line.did, line.by_id, line.before, line.after) for line in audit.about(("certificate_name_confirmation", kept.id))] == [("certificate.name-confirmed", trainee.id, None, None)]
    page = text(browser.get(f"/certificate/name/{cohort.id}"))
    assert "Confirmed on Friday 20 November 2026" in page
    assert "This is right" not in page


def test_a_name_that_has_changed_meanwhile_is_not_confirmed_unseen(asked, client, sign_in_as):
    cohort, trainee = asked
    browser = sign_in_as(client, trainee)
    answered = browser.post(f"/certificate/name/{cohort.id}/right", data={"name": "Ana Popa", "latin_name": "Ana Pop"})
    assert (answered.status_code, "has changed since this page was opened" in text(answered)) == (409, True)
    assert answer(cohort, trainee) is Answer.WAITING


def test_a_correction_changes_the_account_and_is_confirmed_with_it(asked, client, sign_in_as):
    cohort, trainee = asked
    answered = sign_in_as(client, trainee).post(f"/certificate/name/{cohort.id}", data=FULL | {"given_name": "Ştefania"})
    assert answered.status_code == 303
    kept, person = session.scalars(select(NameConfirmation)).one(), session.get_one(Person, trainee.id)
    assert (kept.name, kept.latin_name) == (person.name, person.latin_name) == ("Ștefania Țurcanu", "Stefania Turcanu")
    assert answer(cohort, trainee) is Answer.CONFIRMED
    assert [line.did for line in audit.about(("people_person", trainee.id))][-1] == "people.changed"


@pytest.mark.parametrize(
    ("but", "field", "says"),
    [
        ({"given_name": "Նարեկ"}, "given_name", "“Ն” (U+0546)"),
        ({"family_name": "Иванова"}, "family_name", "“И” (U+0418)"),
        ({"latin_family_name": "Ṭurcanu"}, "latin_family_name", "“Ṭ” (U+1E6C)"),
        ({"latin_given_name": "Στεφανία"}, "latin_given_name", "Write this form of the name in Latin letters, as in the passport."),
        ({"given_name": ""}, "given_name", "This is still missing."),
        ({"latin_given_name": ""}, "latin_given_name", "This is still missing."),
    ],
)
def test_a_letter_that_cannot_be_printed_is_refused_at_once_and_named(asked, client, sign_in_as, but, field, says):
    cohort, trainee = asked
    answered = sign_in_as(client, trainee).post(f"/certificate/name/{cohort.id}", data=FULL | but)
    page = text(answered)
    assert answered.status_code == 422
    assert says in page.split(f'id="f-{field}-error"')[1].split("</p>")[0]
    assert session.get_one(Person, trainee.id).name == "Ana Pop"
    assert answer(cohort, trainee) is Answer.WAITING


def test_a_name_that_cannot_be_printed_cannot_be_confirmed_as_it_is(app, records, client, sign_in_as):
    cohort = a_group()
    trainee = records.attended_by(a_trainee(cohort, language="en", given_name="Նարեկ", family_name="Pop"))
    actions.look_again(cohort.id)
    page = text(sign_in_as(client, trainee).get(f"/certificate/name/{cohort.id}"))
    assert "A letter of this name cannot be printed" in page
    assert "This is right" not in page
    with pytest.raises(Refused, match="This cannot be printed:"):
        naming.confirm(cohort.id, trainee.id, names.own(cohort.id, trainee.id).printed)


def test_the_page_is_only_for_who_was_asked(asked, client, sign_in_as, records):
    cohort, trainee = asked
    address = f"/certificate/name/{cohort.id}"
    assert client.get(address).status_code == 303
    for stranger in (a_person(), a_trainee(cohort), a_coordinator(cohort)):
        assert sign_in_as(client, stranger).get(address).status_code == 404
    assert sign_in_as(client, trainee).get(address).status_code == 200
    programmes.withdraw(cohort.id, trainee.id, by=None)
    assert client.get(address).status_code == 404
    for deed in (lambda: naming.confirm(cohort.id, trainee.id, ANA), lambda: naming.correct(cohort.id, trainee.id, **FULL)):
        with pytest.raises(NotThere):
            deed()


def rename(person, given):
    profile.change_profile(person.id, given_name=given, family_name="Pop", latin_given_name="", latin_family_name="", language="en", zone=None)


def test_after_a_change_of_the_account_the_confirmation_is_stale_and_one_is_asked_once_more(asked, outbox):
    cohort, trainee = asked
    naming.confirm(cohort.id, trainee.id, ANA)
    rename(trainee, "Anna")
    assert answer(cohort, trainee) is Answer.CHANGED
    for _ in range(3):
        naming.ask_all()
    rename(trainee, "Annamaria")
    naming.ask_all()
    assert [mail.subject for mail in outbox.to(trainee)][1:] == ["Your name has changed: is this the name for your certificate?"]
    naming.confirm(cohort.id, trainee.id, Printed("Annamaria Pop", "Annamaria Pop"))
    assert answer(cohort, trainee) is Answer.CONFIRMED


def test_a_change_back_makes_the_confirmation_good_again(asked):
    cohort, trainee = asked
    naming.confirm(cohort.id, trainee.id, ANA)
    for given, expected in (("Anna", Answer.CHANGED), ("Ana", Answer.CONFIRMED)):
        rename(trainee, given)
        assert answer(cohort, trainee) is expected


def later_on(**after):
    with clock.frozen(NOW + timedelta(**after)):
        work()


@pytest.mark.both_engines
def test_who_does_not_answer_is_reminded_once_after_five_days(asked, outbox):
    told = []
    for after in ({"days": 4, "hours": 23}, {"days": 5}, {"days": 6}, {"days": 60}):
        before = len(outbox)
        later_on(**after)
        told.append([mail.subject for mail in list(outbox)[before:]])
    assert told == [[], ["Please confirm the name for your certificate"], [], []]


@pytest.mark.parametrize("what", ["confirmed", "certified", "withdrawn"])
def test_who_has_answered_or_was_decided_about_is_not_reminded(asked, records, outbox, what):
    cohort, trainee = asked
    if what == "confirmed":
        naming.confirm(cohort.id, trainee.id, ANA)
    elif what == "certified":
        issued(cohort, [trainee], by=a_coordinator(cohort), kind=Kind.ATTENDANCE)
    else:
        programmes.withdraw(cohort.id, trainee.id, by=None)
    before = len(outbox)
    later_on(days=5)
    assert [mail.subject for mail in list(outbox)[before:] if mail.key.startswith("certificate.")] == []


def test_after_the_decision_the_name_is_not_confirmed_any_more(app, records, client, sign_in_as):
    cohort = a_group()
    trainee = records.met_by(a_trainee(cohort, language="en", given_name="Ana", family_name="Pop"))
    actions.look_again(cohort.id)
    issued(cohort, [trainee], by=a_coordinator(cohort))
    page = text(sign_in_as(client, trainee).get(f"/certificate/name/{cohort.id}"))
    assert "Your certificate has been decided about." in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    for deed in (lambda: naming.confirm(cohort.id, trainee.id, ANA), lambda: naming.correct(cohort.id, trainee.id, **FULL)):
        with pytest.raises(Refused, match="has been decided about"):
            deed()


def test_the_own_pages_ask_until_one_has_answered(asked, client, sign_in_as):
    cohort, trainee = asked
    home = text(sign_in_as(client, trainee).get("/"))
    assert home.count(f'href="/certificate/name/{cohort.id}"') == 2
    assert "You have not confirmed it yet" in home
    naming.confirm(cohort.id, trainee.id, ANA)
    home = text(client.get("/"))
    assert home.count(f'href="/certificate/name/{cohort.id}"') == 1
    assert "You have confirmed it" in home


def test_the_coordinator_sees_who_has_not_answered_and_how_many(app, records, client, sign_in_as):
    cohort = a_group()
    people = [records.met_by(a_trainee(cohort, given_name=given, family_name="Pop", language="en")) for given in ("Ana", "Dan", "Ion", "Mia")]
    a_trainee(cohort, given_name="Zoe", family_name="Pop")
    actions.look_again(cohort.id)
    naming.confirm(cohort.id, people[0].id, ANA)
    naming.confirm(cohort.id, people[1].id, Printed("Dan Pop", "Dan Pop"))
    rename(people[1], "Daniel")
    coordinator = a_coordinator(cohort, language="en")
    issued(cohort, people[3:], by=coordinator)
    browser = sign_in_as(client, coordinator)
    page = text(browser.get(f"/certificate/cohort/{cohort.id}"))
    assert "2 trainees have not said whether the name is right" in page
    with app.test_request_context("/"):
        seen = overview.of(cohort)
        written = minutes.proposed(seen, "Ana", by=coordinator.id)
    assert {one.member.name: seen.answer_of(one).value for one in seen.known.trainees} == {
        "Ana Pop": "confirmed", "Daniel Pop": "changed", "Ion Pop": "waiting", "Mia Pop": "waiting", "Zoe Pop": "not-asked",
    }  # fmt: skip
    assert "Names that are to be printed and were not confirmed: 2." in written
    for said in ("Confirmed", "Changed since it was confirmed", "No answer yet", "Not asked yet"):
        assert said in page


def test_who_has_not_answered_is_marked_and_left_for_later_unless_the_coordinator_says_otherwise(app, records, client, sign_in_as):
    cohort = a_group()
    first, second = (records.met_by(a_trainee(cohort, given_name=given, family_name="Pop", language="en")) for given in ("Ana", "Ion"))
    actions.look_again(cohort.id)
    naming.confirm(cohort.id, first.id, ANA)
    browser = sign_in_as(client, a_coordinator(cohort, language="en"))
    page = text(browser.get(f"/certificate/cohort/{cohort.id}/decide"))
    assert [f'value="{one.id}" checked' in page for one in (first, second)] == [True, False]
    assert "Ion Pop, who has not confirmed the name" in page
    sent = {"competence": [str(second.id)], "minutes": "Decided.", "independent": "yes"}
    assert browser.post(f"/certificate/cohort/{cohort.id}/decide", data=sent).status_code == 303


def test_looking_again_costs_no_more_for_many_who_were_asked(app, records, statements):
    cohort = a_group()
    seen = {}
    for people in (2, 6):
        for _ in range(people):
            records.attended_by(a_trainee(cohort))
        actions.look_again(cohort.id)
        with statements() as counted:
            actions.look_again(cohort.id)
        seen[people] = len([one for one in counted if one.startswith("SELECT")])
    assert seen[6] == seen[2]


def test_a_merged_account_keeps_the_answer_that_was_given(asked, records):
    cohort, trainee = asked
    naming.confirm(cohort.id, trainee.id, ANA)
    other = records.attended_by(a_trainee(cohort, given_name="Ana", family_name="Pop", language="en"))
    with transaction():
        bus.announce(PeopleMerged(from_id=trainee.id, to_id=other.id))
        bus.announce(SurveyAnswered(cohort_id=cohort.id, person_id=other.id))
    work()
    assert answer(cohort, other) is Answer.CONFIRMED


def test_an_unfinished_correction_is_not_kept_in_part(asked):
    cohort, trainee = asked
    with pytest.raises(Invalid):
        naming.correct(cohort.id, trainee.id, **FULL | {"latin_given_name": "Στεφανία"})
    assert answer(cohort, trainee) is Answer.WAITING
    assert session.get_one(Person, trainee.id).name == "Ana Pop"
