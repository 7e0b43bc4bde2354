"""Against a refusal or a revocation one may appeal; somebody else than who decided answers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import NotThere, Refused
from inspire_lms.plugins.certificate.appealing import actions as appealing
from inspire_lms.plugins.certificate.appealing import rules as appeal_rules
from inspire_lms.plugins.certificate.issuing import changing, overview
from inspire_lms.plugins.certificate.models import Appeal, Revocation, Scheme
from inspire_lms.plugins.certificate.rules import Kind
from tests.builders import a_person, a_trainee, an_administrator, staff
from tests.plugins.certificate.builders import (
    NOW,
    a_coordinator,
    a_group,
    a_group_to_decide,
    appealed,
    decide,
    issued,
    one_issued,
    refusals,
)

UNTIL = datetime(2026, 12, 5, 21, 59, 59, tzinfo=UTC)
"""The end of the fifteenth day after NOW, in Bucharest."""


def text(answer):
    return answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("at", "days", "zone", "until"),
    [
        ("2026-11-20T09:00:00+00:00", 15, "Europe/Bucharest", "2026-12-05T21:59:59+00:00"),
        ("2026-11-20T22:30:00+00:00", 15, "Europe/Bucharest", "2026-12-06T21:59:59+00:00"),
        ("2026-11-20T22:30:00+00:00", 15, "Europe/Rome", "2026-12-05T22:59:59+00:00"),
        ("2027-03-20T09:00:00+00:00", 15, "Europe/Rome", "2027-04-04T21:59:59+00:00"),
        ("2026-10-20T09:00:00+00:00", 15, "Europe/Athens", "2026-11-04T21:59:59+00:00"),
        ("2026-12-31T12:00:00+00:00", 1, "Europe/Rome", "2027-01-01T22:59:59+00:00"),
    ],
    ids=["winter", "after midnight there", "before midnight there", "into summer", "out of summer", "over the year"],
)
def test_the_time_to_appeal_ends_with_a_day_of_the_country(at, days, zone, until):
    assert appeal_rules.last_moment(datetime.fromisoformat(at), days, zone) == datetime.fromisoformat(until)


@pytest.mark.parametrize(
    ("seconds_left", "has_appealed", "says"),
    [(1, False, None), (0, False, None), (-1, False, "The time to appeal ended"), (1, True, "You have appealed already"), (-1, True, "You have appealed already")],
)
def test_one_appeals_once_and_in_time(seconds_left, has_appealed, says):
    reason = appeal_rules.why_not_appeal(UNTIL, "Europe/Bucharest", has_appealed=has_appealed, at=UNTIL - timedelta(seconds=seconds_left))
    assert (reason is None) if says is None else str(reason).startswith(says)


@pytest.mark.parametrize(
    ("by", "state", "says"),
    [
        (9, "open", None),
        (1, "open", "Nobody answers the own appeal."),
        (2, "open", "You took the decision that is appealed against. Somebody else has to answer."),
        (3, "open", "You graded work of this person. Somebody who neither taught nor graded has to answer."),
        (4, "open", "You taught this group. Somebody who neither taught nor graded has to answer."),
        (9, "upheld", "This appeal has been answered already."),
        (9, "dismissed", "This appeal has been answered already."),
    ],
)
def test_who_decided_taught_or_graded_does_not_answer(by, state, says):
    reason = appeal_rules.why_not_answer(by, person_id=1, decided_by=2, graders=(3,), teachers=(4,), state=state)
    assert (None if reason is None else str(reason)) == says


@pytest.fixture
def refused(app, records):
    """Somebody refused: cohort, who decided, the person, the address of the page."""
    group = a_group_to_decide(records)
    cohort, coordinator, people = group
    decide(group, {"attended": Kind.ATTENDANCE})
    person = people["attended"]
    return cohort, coordinator, person, f"/certificate/appeal/decision/{refusals()[person.id].id}"


@pytest.mark.both_engines
def test_the_trainee_reads_what_the_decision_rests_on_and_appeals_in_words(refused, client, sign_in_as, outbox):
    _, _, person, address = refused
    browser = sign_in_as(client, person)
    with clock.frozen(UNTIL):
        page = text(browser.get(address))
        for part in ("41.67%, below the 60% needed; no attempt is possible any more.", "You can appeal until Saturday 5 December 2026, 23:59"):
            assert part in page
        answer = browser.post(address, data={"grounds": "The register is <wrong>.\nI was there."})
        assert answer.status_code == 303
        page = text(browser.get(address))
    assert "Your appeal has been handed in." in page
    assert "<p>The register is &lt;wrong&gt;.</p><p>I was there.</p>" in page
    assert "Waits for an answer" in page
    assert "<textarea" not in page
    made = session.scalars(select(Appeal)).one()
    assert (made.person_id, made.state, made.made_at, made.revocation_id) == (person.id, "open", UNTIL, None)
    assert outbox[-1].subject == "We have received your appeal"
    assert [(line.did, line.by_id, line.after) for line in audit.about(("certificate_appeal", made.id))] == [("certificate.appealed", person.id, None)]
    assert browser.post(address, data={"grounds": "Again."}).status_code == 409


@pytest.mark.parametrize(
    ("grounds", "status", "says"),
    [("", 422, "This is still missing."), ("x" * 4001, 422, "Write at most 4000 characters; there are 4001 now."), ("x" * 4000, 303, "")],
)
def test_an_appeal_has_grounds_of_bearable_length(refused, client, sign_in_as, grounds, status, says):
    _, _, person, address = refused
    with clock.frozen(NOW):
        answer = sign_in_as(client, person).post(address, data={"grounds": grounds})
    assert (answer.status_code, says in text(answer)) == (status, True)


def test_after_the_last_second_nobody_appeals_any_more(refused, client, sign_in_as):
    _, _, person, address = refused
    with clock.frozen(UNTIL + timedelta(seconds=1)):
        browser = sign_in_as(client, person)
        page = text(browser.get(address))
        assert "The time to appeal ended: Saturday 5 December 2026, 23:59" in page
        assert "<textarea" not in page
        assert browser.post(address, data={"grounds": "Late."}).status_code == 409
    assert session.scalar(select(func.count()).select_from(Appeal)) == 0


def test_the_page_of_a_decision_is_only_for_whom_it_concerns(refused, client, sign_in_as):
    cohort, coordinator, person, address = refused
    assert client.get(address).status_code == 303
    for stranger in (a_person(), a_trainee(cohort), coordinator, an_administrator()):
        assert sign_in_as(client, stranger).get(address).status_code == 404
    with pytest.raises(NotThere):
        appealing.appeal_against_refusal(refusals()[person.id].id, grounds="Not mine.", by=coordinator.id)


def test_the_own_pages_lead_to_the_decision_and_say_where_the_appeal_stands(refused, client, sign_in_as):
    _, _, person, address = refused
    browser = sign_in_as(client, person)
    with clock.frozen(NOW):
        home = text(browser.get("/"))
        assert "The decision about your certificate" in home
        assert home.count(f'href="{address}"') == 2
    appealed(person)
    with clock.frozen(NOW + timedelta(hours=2)):
        home = text(browser.get("/"))
        assert "Your appeal waits for an answer" in home
        assert home.count(f'href="{address}"') == 1
    appealing.answer(session.scalars(select(Appeal.id)).one(), is_upheld=False, words="The register is right.", by=an_administrator().id)
    assert "Your appeal was dismissed" in text(browser.get("/"))


def test_whoever_holds_the_whole_afterwards_is_not_led_to_the_old_decision(refused, records, client, sign_in_as):
    cohort, coordinator, person, address = refused
    records.met_by(person)
    issued(cohort, [person], by=coordinator)
    with clock.frozen(NOW):
        assert address not in text(sign_in_as(client, person).get("/"))


@pytest.fixture
def waiting(refused):
    """An open appeal: cohort, who decided, the person, the appeal."""
    cohort, coordinator, person, _ = refused
    return cohort, coordinator, person, appealed(person)


@pytest.mark.parametrize(("is_upheld", "state", "subject"), [(True, "upheld", "Your appeal was upheld"), (False, "dismissed", "Your appeal was dismissed")])
def test_somebody_else_answers_in_words_and_the_trainee_is_told(waiting, client, sign_in_as, outbox, is_upheld, state, subject):
    cohort, _, person, appeal_id = waiting
    other = a_coordinator(cohort, language="en", given_name="Mara", family_name="Ion")
    browser = sign_in_as(client, other)
    page = text(browser.get(f"/certificate/appeal/{appeal_id}"))
    for part in ("Appeal of Dan Pop", "I was there.", "On record on the day of the decision", "On record now"):
        assert part in page
    with clock.frozen(NOW + timedelta(days=2)):
        answer = browser.post(f"/certificate/appeal/{appeal_id}", data={"state": state, "words": "We looked at the <register>."})
    assert answer.status_code == 303
    page = text(browser.get(f"/certificate/appeal/{appeal_id}"))
    assert "We looked at the &lt;register&gt;." in page
    assert "Answered by Mara Ion" in page
    assert ("Decide again" in page, f'href="/certificate/cohort/{cohort.id}/decide"' in page) == (is_upheld, is_upheld)
    held = session.get_one(Appeal, appeal_id)
    assert (held.state, held.answered_by_id, held.answered_at) == (state, other.id, NOW + timedelta(days=2))
    assert (outbox[-1].to_person, outbox[-1].subject) == (person.id, subject)
    assert "We looked at the <register>." in outbox[-1].text
    assert [line.did for line in audit.about(("certificate_appeal", appeal_id))] == ["certificate.appealed", f"certificate.appeal-{state}"]
    assert browser.post(f"/certificate/appeal/{appeal_id}", data={"state": state, "words": "Again."}).status_code == 409


def test_who_decided_sees_the_appeal_and_why_somebody_else_answers(waiting, client, sign_in_as):
    _, coordinator, _, appeal_id = waiting
    browser = sign_in_as(client, coordinator)
    page = text(browser.get(f"/certificate/appeal/{appeal_id}"))
    assert "You took the decision that is appealed against. Somebody else has to answer." in page
    assert "<textarea" not in page
    assert browser.post(f"/certificate/appeal/{appeal_id}", data={"state": "upheld", "words": "Mine."}).status_code == 409


def test_who_graded_the_trainee_does_not_answer(waiting, records):
    cohort, _, person, appeal_id = waiting
    grader = a_coordinator(cohort)
    records.met_by(person, percent="41.67", graders=(grader.id,))
    with pytest.raises(Refused, match="You graded work of this person"):
        appealing.answer(appeal_id, is_upheld=True, words="Yes.", by=grader.id)


def test_who_once_taught_the_group_does_not_answer(waiting, records):
    cohort, _, _, appeal_id = waiting
    once = a_coordinator(cohort)
    records.teachers = (once.id,)
    with pytest.raises(Refused, match="You taught this group"):
        appealing.answer(appeal_id, is_upheld=True, words="Yes.", by=once.id)


@pytest.mark.parametrize(
    ("who", "status"),
    [("coordinator here", 200), ("administrator", 200), ("coordinator elsewhere", 404), ("trainer here", 403), ("the trainee", 403), ("stranger", 403), ("visitor", 303)],
)
def test_only_the_coordinators_of_the_country_open_appeals(waiting, client, sign_in_as, who, status):
    cohort, _, person, appeal_id = waiting
    somebody = {
        "coordinator here": lambda: a_coordinator(cohort),
        "administrator": an_administrator,
        "coordinator elsewhere": lambda: a_coordinator(a_group("IT")),
        "trainer here": lambda: staff(cohort, "trainer"),
        "the trainee": lambda: person,
        "stranger": a_person,
        "visitor": lambda: None,
    }[who]()
    visitor = sign_in_as(client, somebody) if somebody else client
    found = {address: visitor.get(address).status_code for address in (f"/certificate/cohort/{cohort.id}/appeals", f"/certificate/appeal/{appeal_id}")}
    assert set(found.values()) == {status}


def test_the_coordinator_is_told_of_open_appeals_and_sees_them_in_a_list(waiting, client, sign_in_as):
    cohort, coordinator, _, appeal_id = waiting
    browser = sign_in_as(client, coordinator)
    assert "1 appeal waits for an answer" in text(browser.get("/"))
    assert "1 appeal waits for an answer" in text(browser.get(f"/certificate/cohort/{cohort.id}"))
    page = text(browser.get(f"/certificate/cohort/{cohort.id}/appeals"))
    for part in ("Dan Pop", "The decision", "5 Dec 2026, 23:59", "Waits for an answer"):
        assert part in page
    appealing.answer(appeal_id, is_upheld=False, words="No.", by=an_administrator().id)
    assert "appeal waits" not in text(browser.get("/"))
    assert "Every appeal has been answered." in text(browser.get(f"/certificate/cohort/{cohort.id}"))
    assert "Dismissed" in text(browser.get(f"/certificate/cohort/{cohort.id}/appeals"))


@pytest.fixture
def revoked(app, records, outbox):
    """A revoked certificate: cohort, who revoked it, its holder, the address of the page."""
    cohort, coordinator, certificate = one_issued(records, language="en", given_name="Ana", family_name="Pop")
    with clock.frozen(NOW):
        changing.revoke(certificate.id, reason="Somebody else attended.", by=coordinator.id)
    revocation_id = session.scalars(select(Revocation.id)).one()
    holder = session.get(type(coordinator), certificate.person_id)
    return cohort, coordinator, holder, f"/certificate/appeal/revocation/{revocation_id}"


def test_the_holder_appeals_against_a_revocation_and_another_decides_again(revoked, client, sign_in_as, outbox):
    cohort, coordinator, holder, address = revoked
    assert "until Saturday 5 December 2026, 23:59" in outbox[-1].text
    assert address in outbox[-1].text
    browser = sign_in_as(client, holder)
    with clock.frozen(UNTIL):
        assert "Somebody else attended." in text(browser.get(address))
        assert browser.post(address, data={"grounds": "It was me."}).status_code == 303
    appeal_id = session.scalars(select(Appeal.id)).one()
    with pytest.raises(Refused, match="You took the decision"):
        appealing.answer(appeal_id, is_upheld=True, words="Yes.", by=coordinator.id)
    assert str(holder.id) not in overview.candidates(overview.of(cohort), by=coordinator.id).proposed
    other = a_coordinator(cohort, language="en")
    page = text(sign_in_as(client, other).get(f"/certificate/cohort/{cohort.id}/appeals"))
    assert "The revocation of INSPIREPA-RO-" in page
    answer = client.post(f"/certificate/appeal/{appeal_id}", data={"state": "upheld", "words": "It was."})
    assert "A revoked certificate does not become valid again." in text(client.get(answer.location))
    seen = overview.of(cohort)
    (trainee,) = seen.known.trainees
    assert seen.is_for_the_first_time(trainee, Kind.COMPETENCE), "it is proposed again, once the name is confirmed"
    (second,) = issued(cohort, [holder], by=other)
    assert second.state == "valid"


def test_after_the_last_second_nobody_appeals_against_a_revocation(revoked):
    _, _, holder, address = revoked
    with clock.frozen(UNTIL + timedelta(seconds=1)), pytest.raises(Refused, match="The time to appeal ended"):
        appealing.appeal_against_revocation(int(address.rpartition("/")[2]), grounds="Late.", by=holder.id)


def test_a_scheme_that_is_loaded_anew_shortens_no_time_to_appeal_that_was_told(revoked, client, sign_in_as):
    cohort, _, holder, address = revoked
    with transaction():
        session.scalars(select(Scheme).where(Scheme.edition_id == cohort.edition_id)).one().appeal_days = 1
    with clock.frozen(UNTIL):
        browser = sign_in_as(client, holder)
        assert "You can appeal until 5 Dec 2026, 23:59" in text(browser.get("/"))
        assert browser.post(address, data={"grounds": "It was me."}).status_code == 303
        page = text(sign_in_as(client, an_administrator(language="en")).get(f"/certificate/cohort/{cohort.id}/appeals"))
    assert "5 Dec 2026, 23:59" in page


def test_a_certificate_that_was_replaced_is_nothing_to_appeal_against(app, records, client, sign_in_as):
    _, coordinator, certificate = one_issued(records, language="en")
    holder = session.get(type(coordinator), certificate.person_id)
    with transaction():
        session.get_one(type(coordinator), holder.id).given_name = "Ștefania"
    changing.replace(certificate.id, reason="Name.", by=coordinator.id)
    revocation_id = session.scalars(select(Revocation.id)).one()
    assert sign_in_as(client, holder).get(f"/certificate/appeal/revocation/{revocation_id}").status_code == 404
    with pytest.raises(NotThere):
        appealing.appeal_against_revocation(revocation_id, grounds="No.", by=holder.id)


@pytest.mark.both_engines
def test_two_appeals_and_two_answers_at_the_same_moment_are_one_each(app, refused):
    cohort, _, person, _ = refused
    refusal_id, person_id, other_id = refusals()[person.id].id, person.id, a_coordinator(cohort).id
    session.remove()

    def several(deed):
        def there(_):
            with app.app_context(), clock.frozen(NOW):
                try:
                    deed()
                except Refused as no:
                    return str(no)
                finally:
                    session.remove()
            return "done"

        with ThreadPoolExecutor(max_workers=4) as pool:
            return sorted(pool.map(there, range(4)))

    again = "You have appealed already; one appeal is answered once."
    assert several(lambda: appealing.appeal_against_refusal(refusal_id, grounds="I was there.", by=person_id)) == [again] * 3 + ["done"]
    appeal_id = session.scalars(select(Appeal.id)).one()
    session.remove()
    answered = "This appeal has been answered already."
    assert several(lambda: appealing.answer(appeal_id, is_upheld=True, words="Yes.", by=other_id)) == [answered] * 3 + ["done"]
