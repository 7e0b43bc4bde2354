"""Letters wait until somebody releases exactly those that were shown; what has become untrue never goes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from inspire_lms.kernel import audit, clock, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Refused
from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.people import erasing
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.judging import deciding
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering import actions as offering
from inspire_lms.plugins.online_call.offering import leaving, publishing
from inspire_lms.plugins.online_call.posting import actions, queries
from inspire_lms.plugins.online_call.posting.models import Addition, Letter
from inspire_lms.plugins.online_call.posting.queries import Chosen
from inspire_lms.plugins.online_call.retention import thinning
from inspire_lms.plugins.online_call.rules import KEPT
from tests.builders import PASSWORD
from tests.plugins.online_call.builders import CLOSED, PUBLISHED, a_call, an_application, committee, judged
from tests.plugins.online_call.test_at_the_same_moment import at_once

pytestmark = pytest.mark.usefixtures("app")
LATER = PUBLISHED + timedelta(hours=1)
ALL = Chosen()


@pytest.fixture
def held():
    """A ranking of four for one seat, published while letters wait: one offer went, two on the reserve list and one unsuitable wait."""
    call = a_call(seats=1)
    ids, coordinator = judged(call, [90, 80, 70, 20])
    languages = ("it", "el", "en", "el")
    with transaction():
        for application_id, language in zip(ids, languages, strict=True):
            person = session.get_one(Person, session.get_one(Application, application_id).person_id)
            person.language = language
    by = coordinator.id
    with clock.frozen(PUBLISHED):
        actions.let_wait(call.id, is_closed=True, by=by)
        publishing.publish(call.id, by=by)
    return {"call": call.id, "cohort": call.cohort_id, "by": by, "ids": ids}


def waiting(held, chosen=ALL, at=LATER):
    session.rollback()
    return queries.waiting(session.get(Call, held["call"]), chosen, at=at)


def release(held, chosen=ALL, at=LATER, **but):
    found = waiting(held, chosen, at)
    with clock.frozen(at):
        return actions.release(held["call"], chosen, **{"number": len(found.letters), "seal": found.seal, "by": held["by"]} | but)


def letters(held):
    """Kind, language and state of each letter about the ranking, in order."""
    session.rollback()
    chosen = select(Letter.kind, Mail.language, Mail.state).join(Mail).where(Letter.call_id == held["call"])
    return [tuple(row) for row in session.execute(chosen.order_by(Mail.id))]


def mail_of(held, number):
    """The mail to the person of an application of the ranking."""
    person_id = session.get(Application, held["ids"][number]).person_id
    return session.scalars(select(Mail).where(Mail.to_person == person_id).order_by(Mail.id.desc())).first()


@pytest.mark.both_engines
def test_an_offer_goes_at_once_and_the_others_wait_until_they_are_released(held):
    assert letters(held) == [("offer", "it", "kept"), ("reserve", "el", "held"), ("reserve", "en", "held"), ("unsuitable", "el", "held")]
    found = waiting(held)
    assert (found.people, found.counts, found.untrue) == (3, [("reserve", "el", 1), ("reserve", "en", 1), ("unsuitable", "el", 1)], [])
    assert release(held, Chosen("reserve", "el")) == 1
    assert [state for _kind, _language, state in letters(held)] == ["kept", "kept", "held", "held"]
    assert release(held) == 2
    assert queries.number_waiting(held["call"]) == 0
    with pytest.raises(Refused, match="Nothing of this waits any more"):
        release(held)
    [first, second] = [line for line in audit.about(("call", held["call"])) if line.did == "online_call.letters-released"]
    assert (first.by_id, first.after, second.after) == (
        held["by"],
        {"letters": 1, "people": 1, "kinds": ["reserve"]},
        {"letters": 2, "people": 2, "kinds": ["reserve", "unsuitable"]},
    )


def test_without_the_switch_letters_go_at_once_and_what_waits_waits_on(held):
    with clock.frozen(LATER):
        actions.let_wait(held["call"], is_closed=False, by=held["by"])
        actions.let_wait(held["call"], is_closed=False, by=held["by"])
    assert [state for *_rest, state in letters(held)] == ["kept", "held", "held", "held"]
    done = [(line.did, line.by_id) for line in audit.about(("call", held["call"])) if line.did.startswith("online_call.letters-")]
    assert done == [("online_call.letters-held", held["by"]), ("online_call.letters-at-once", held["by"])]


@pytest.mark.parametrize(
    ("but", "said"),
    [({"number": 2}, "the number has changed: 3 letters wait now"), ({"seal": "other"}, "the letters have changed")],
)
def test_what_was_not_confirmed_is_not_sent(held, but, said):
    with pytest.raises(Refused, match=said):
        release(held, **but)
    assert queries.number_waiting(held["call"]) == 3


@pytest.mark.both_engines
def test_two_coordinators_at_once_release_each_letter_once(held, app):
    found = waiting(held)

    def deed():
        return actions.release(held["call"], ALL, number=3, seal=found.seal, by=held["by"])

    assert sorted(map(str, at_once(app, [deed] * 3))) == ["3", "refused", "refused"]
    assert [state for *_rest, state in letters(held)] == ["kept"] * 4


def test_who_withdrew_or_was_called_up_gets_no_letter_about_the_reserve_list(held):
    one, other = (session.get(Application, each) for each in held["ids"][1:3])
    seen = waiting(held)
    with clock.frozen(PUBLISHED + timedelta(minutes=30)):
        leaving.withdraw(other.id, by=other.person_id)
        offering.decline(held["ids"][0], by=session.get(Application, held["ids"][0]).person_id)
    with pytest.raises(Refused, match="the number has changed: 1 letter waits now"):
        release(held, number=len(seen.letters), seal=seen.seal)
    assert [(row.kind, str(why)) for row, why in waiting(held).untrue] == [
        ("reserve", "The application is not on the reserve list any more."),
        ("reserve", "The application was withdrawn."),
    ]
    assert release(held) == 1
    assert [(kind, state) for kind, _language, state in letters(held)][1:4] == [
        ("reserve", "dropped"), ("reserve", "dropped"), ("unsuitable", "kept"),
    ]  # fmt: skip
    assert session.scalars(select(Mail.error).where(Mail.state == "dropped", Mail.to_person == one.person_id)).one().startswith("The application is not")


def test_what_has_become_untrue_is_dropped_by_itself(held):
    last = session.get(Application, held["ids"][3])
    with clock.frozen(LATER):
        leaving.withdraw(last.id, by=last.person_id)
        actions.drop_untrue()
        actions.drop_untrue()
    assert [state for *_rest, state in letters(held)][:4] == ["kept", "held", "held", "dropped"]
    about = [line.did for line in audit.about_person(last.person_id)]
    assert about.count("online_call.letter-dropped") == 1


def test_who_is_erased_gets_nothing(held):
    person_id = session.get(Application, held["ids"][1]).person_id
    with clock.frozen(LATER):
        erasing.erase(person_id, PASSWORD)
        jobs.run_due()
    assert release(held) == 2
    assert session.scalar(select(Mail.state).join(Letter).where(Mail.to_person == person_id, Letter.kind == "reserve")) == "failed"


def test_who_has_not_read_a_rejection_that_no_longer_holds_is_told_of_neither():
    call = a_call()
    coordinator, application = committee(call)[2], an_application(call, employed="no")
    number, by, call_id = application.id, coordinator.id, call.id
    with clock.frozen(CLOSED), transaction():
        deciding.settle(session.get(Application, number), is_eligible=False, note="No.", by=by)
    with clock.frozen(CLOSED):
        actions.let_wait(call_id, is_closed=True, by=by)
    with clock.frozen(CLOSED + timedelta(minutes=1)), transaction():
        deciding.settle(session.get(Application, number), is_eligible=True, note="Yes.", by=by)
    held = {"call": call_id}
    assert [(kind, state) for kind, _language, state in letters(held)] == [("receipt", "kept"), ("not-eligible", "kept"), ("eligible", "held")]
    with clock.frozen(CLOSED + timedelta(minutes=2)), transaction():
        deciding.settle(session.get(Application, number), is_eligible=False, note="No.", by=by)
    with clock.frozen(CLOSED + timedelta(minutes=3)), transaction():
        deciding.settle(session.get(Application, number), is_eligible=True, note="Yes.", by=by)
    assert [(kind, state) for kind, _language, state in letters(held)][2:] == [("eligible", "dropped"), ("not-eligible", "dropped")]


def test_a_paragraph_goes_into_every_letter_of_its_kind_in_its_language_and_not_into_the_next_ones(held):
    call_id, by = held["call"], held["by"]
    with clock.frozen(LATER):
        with pytest.raises(Invalid, match="Write it in this language too"):
            actions.add(call_id, "reserve", {"en": "One more thing.", "el": " "}, by=by)
        seen = waiting(held)
        actions.add(call_id, "reserve", {"en": "One more thing.", "el": "Κάτι ακόμη."}, by=by)
        with pytest.raises(Refused, match="the letters have changed"):
            release(held, number=3, seal=seen.seal)
        assert release(held) == 3
    greek, english, other = (mail_of(held, number) for number in (1, 2, 3))
    assert ["Κάτι ακόμη." in greek.text, "Κάτι ακόμη." in greek.html, "One more thing." in english.text] == [True] * 3
    assert "Κάτι" not in other.text
    kept = session.get(Letter, greek.id)
    assert (kept.edited_by_id, kept.text_before, kept.text_before in greek.text) == (by, kept.text_before, False)
    assert "Κάτι" not in kept.text_before
    assert session.get(Letter, other.id).text_before == ""
    assert session.scalars(select(Addition)).all() == []


def test_a_paragraph_that_lacks_the_language_of_a_new_letter_holds_all_of_them_up(held):
    with clock.frozen(LATER):
        actions.add(held["call"], "reserve", {"en": "One more thing.", "el": "Κάτι ακόμη."}, by=held["by"])
    with transaction():
        mail_of(held, 2).language = "ro"
    with pytest.raises(Refused, match="the added paragraph is missing in Romanian"):
        release(held)
    with clock.frozen(LATER):
        actions.add(held["call"], "reserve", {"en": "", "el": "", "ro": ""}, by=held["by"])
    assert release(held) == 3


def test_of_one_letter_the_words_can_be_changed_and_what_it_said_is_kept_until_the_text_goes(held):
    number = mail_of(held, 3).id
    before, by = mail_of(held, 3).text, held["by"]
    with clock.frozen(LATER):
        actions.rewrite(number, subject="Θέμα", greeting="Αγαπητή κυρία,", text="Πρώτο.\n\nΔεύτερο.", by=by)
        actions.rewrite(number, subject="Θέμα δύο", greeting="Αγαπητή κυρία,", text="Πρώτο.\n\nΔεύτερο.", by=by)
        with pytest.raises(Invalid):
            actions.rewrite(number, subject="Θέμα", greeting="", text=" \n ", by=by)
        release(held)
        with pytest.raises(Refused, match="does not wait any more"):
            actions.rewrite(number, subject="S", greeting="", text="T", by=by)
        with pytest.raises(NotThere):
            actions.rewrite(99999, subject="S", greeting="", text="T", by=by)
    changed, kept = session.get(Mail, number), session.get(Letter, number)
    assert (changed.subject, changed.text.startswith("Αγαπητή κυρία,\n\nΠρώτο.\n\nΔεύτερο.\n\n")) == ("Θέμα δύο", True)
    assert (kept.text_before, kept.edited_by_id, kept.edited_at) == (before, by, LATER)
    [told] = queries.first_words(changed.to_person)
    assert told == {"subject_before": kept.subject_before, "text_before": before, "edited_at": LATER.isoformat()}
    with clock.frozen(PUBLISHED + KEPT):
        thinning.thin_out()
    session.rollback()
    assert session.get(Letter, number).text_before == before, "of a letter about points nothing is deleted with the answers"


def test_what_a_letter_said_before_goes_with_its_text():
    call = a_call()
    coordinator, application = committee(call)[2], an_application(call, employed="no")
    number, person_id, by = application.id, application.person_id, coordinator.id
    with clock.frozen(CLOSED):
        actions.let_wait(call.id, is_closed=True, by=by)
        deciding.decide(number, is_eligible=False, note="", by=by)
        mail_id = session.scalars(select(Letter.mail_id).where(Letter.kind == "not-eligible")).one()
        actions.rewrite(mail_id, subject="Subject", greeting="Dear all,", text="Text.", by=by)
        leaving.withdraw(number, by=person_id)
        thinning.erase_own(number, by=person_id)
    session.rollback()
    kept = session.get(Letter, mail_id)
    assert (kept.text_before, kept.subject_before, kept.mail.text, kept.mail.state) == ("", "", "", "failed")
