"""What other components hear from the call."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from inspire_lms.contracts.admission import Admission, AdmittedPeople, PlaceAccepted, PlaceGivenUp, RankingPublished
from inspire_lms.contracts.pages import AgendaEntries, CohortFigures, CohortTasks, MenuEntries
from inspire_lms.contracts.people import PeopleMerged, PersonErased
from inspire_lms.kernel import bus, clock, jobs
from inspire_lms.kernel.db import session
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.plugin import switch
from inspire_lms.plugins.online_call import answers
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.models import Application, Attachment, Call
from inspire_lms.plugins.online_call.offering import actions, leaving, merging, publishing
from inspire_lms.plugins.online_call.offering.models import Place
from inspire_lms.plugins.online_call.rules import Standing
from tests.builders import a_person
from tests.plugins.online_call.builders import (
    CLOSED,
    OPEN,
    PUBLISHED,
    a_call,
    a_draft,
    a_selection,
    an_application,
    committee,
    decided,
    judged,
    standings,
)

pytestmark = pytest.mark.usefixtures("app")
LATER = PUBLISHED + timedelta(days=1)


@pytest.fixture
def told(monkeypatch):
    """What is announced."""
    heard = []
    whole = bus.announce

    def listening(fact):
        heard.append(fact)
        whole(fact)

    monkeypatch.setattr(bus, "announce", listening)
    return heard


def test_publishing_accepting_and_leaving_are_announced(app, told):
    call = a_call(seats=1)
    (first, second), coordinator = judged(call, [90, 80])
    cohort_id = call.cohort_id
    people = [session.get(Application, each).person_id for each in (first, second)]
    with app.test_request_context():
        with clock.frozen(PUBLISHED):
            ranking = publishing.publish(call.id, by=coordinator.id)
        with clock.frozen(LATER):
            actions.accept(first, by=people[0])
            leaving.withdraw(first, by=people[0])
    assert told == [
        RankingPublished(cohort_id=cohort_id, ranking_id=ranking, offered=(people[0],)),
        PlaceAccepted(cohort_id=cohort_id, person_id=people[0]),
        PlaceGivenUp(cohort_id=cohort_id, person_id=people[0]),
    ]


def test_who_was_offered_a_place_is_known_with_number_and_moments():
    call, applications = a_selection([90, 80, 70], seats=2)
    with clock.frozen(LATER):
        actions.accept(applications[0].id, by=applications[0].person_id)
    one, other = applications[:2]
    assert answers.admitted_people(AdmittedPeople(call.cohort_id)) == {
        one.person_id: Admission(one.protocol_number, one.submitted_at, LATER),
        other.person_id: Admission(other.protocol_number, other.submitted_at, None),
    }


def test_the_funnel_counts_who_applied_was_eligible_offered_and_enrolled(app):
    call, applications = a_selection([90, 80, 70, 60], seats=2)
    cohort_id = call.cohort_id
    with clock.frozen(LATER):
        actions.accept(applications[0].id, by=applications[0].person_id)
        actions.decline(applications[1].id, by=applications[1].person_id)
        leaving.withdraw(applications[3].id, by=applications[3].person_id)
    with app.test_request_context(), clock.frozen(LATER):
        found = {each.code: each.value for each in answers.figures(CohortFigures(cohort_id))}
    assert found == {
        "applied": 4, "eligible": 4, "offered": 3, "enrolled": 1,
        "applications-per-seat": 2, "seats-filled": 50, "days-to-final-list": 30,
    }  # fmt: skip


def test_before_the_ranking_there_is_nothing_to_measure(app):
    call = a_call()
    with app.test_request_context():
        found = {each.code: each.value for each in answers.figures(CohortFigures(call.cohort_id))}
    assert (found["applied"], found["seats-filled"], found["days-to-final-list"]) == (Decimal(0), None, None)
    assert answers.figures(CohortFigures(999)) == ()


def test_the_coordinator_hears_what_the_selection_waits_for(app):
    call = a_call()
    coordinator = committee(call)[2]
    application = an_application(call)

    def waiting(at):
        with app.test_request_context(), clock.frozen(at):
            return [each.heading for each in answers.tasks(CohortTasks(call.cohort_id))]

    assert waiting(OPEN) == []
    assert waiting(CLOSED) == ["Decide on the eligibility of 1 application"]
    decided(application, coordinator)
    assert waiting(CLOSED) == ["2 evaluations are still to come"]


def test_a_ranking_that_is_ready_is_to_be_published(app):
    call = a_call()
    _ids, coordinator = judged(call, [90])
    with app.test_request_context(), clock.frozen(CLOSED):
        (task,) = answers.tasks(CohortTasks(call.cohort_id))
        assert (task.heading, task.urgency) == ("Publish the ranking", 1)
        publishing.publish(call.id, by=coordinator.id)
        assert answers.tasks(CohortTasks(call.cohort_id)) == ()


def test_the_menu_leads_the_committee_to_its_work(app):
    call = a_call()
    one, _other, coordinator = committee(call)
    with app.test_request_context():
        texts = {person.id: [each.text for each in answers.menu(MenuEntries(person.id))] for person in (one, coordinator, a_person())}
        assert list(texts.values()) == [["Evaluations"], ["Evaluations", "Selection"], []]
        assert answers.menu(MenuEntries(None)) == ()


def test_the_dates_of_the_call_stand_in_the_agenda_of_the_coordinator(app):
    call = a_call()
    one, _other, coordinator = committee(call)
    with app.test_request_context():
        assert [each.starts_at for each in answers.agenda(AgendaEntries(call.cohort_id, coordinator.id))] == [
            call.opens_at, call.closes_at, call.reserve_until
        ]  # fmt: skip
        assert answers.agenda(AgendaEntries(call.cohort_id, one.id)) == ()


def test_of_an_erased_person_nothing_is_left_but_the_number_and_the_place_goes_on():
    _call, applications = a_selection([90, 80], seats=1)
    gone, by = applications[0].id, applications[0].person_id
    draft_id = a_draft(a_call("GR"), session.get_one(type(a_person()), by)).id
    with clock.frozen(LATER):
        actions.accept(gone, by=by)
        for _twice in range(2):
            leaving.forget(PersonErased(by))
            jobs.run_due()
    assert standings(applications) == ["withdrawn", "offered"]
    kept = session.get(Application, gone)
    assert (kept.state, kept.answers, kept.administration, kept.protocol_number is None) == ("withdrawn", {}, "", False)
    assert session.get(Application, draft_id) is None
    assert session.scalar(select(func.count()).select_from(Attachment)) == 0


def test_two_accounts_of_one_person_become_one_applicant():
    one, other = a_person(), a_person()
    italian, greek = a_call("IT"), a_call("GR")
    moved, clashing = an_application(italian, one), an_application(greek, one)
    own = an_application(greek, other)
    for _twice in range(2):
        merging.merge(PeopleMerged(from_id=one.id, to_id=other.id))
    assert [session.get(Application, each).person_id for each in (moved.id, clashing.id, own.id)] == [other.id, one.id, other.id]


def test_a_place_that_was_given_up_twice_calls_up_one():
    call, applications = a_selection([90, 80, 70], seats=1)
    with clock.frozen(LATER):
        actions.accept(applications[0].id, by=applications[0].person_id)
        leaving.withdraw(applications[0].id, by=applications[0].person_id)
        fact = PlaceGivenUp(cohort_id=call.cohort_id, person_id=applications[0].person_id)
        for _again in range(3):
            leaving.heard_that_a_place_was_given_up(fact)
    assert standings(applications) == ["withdrawn", "offered", "reserve"]


def test_a_line_of_the_ranking_keeps_what_was_published_when_a_mark_changes_later():
    call, (one, _other) = a_selection([90, 80], seats=1)
    line = session.scalars(select(Place).where(Place.application_id == one.id)).one()
    assert (line.total, line.points, line.standing) == (Decimal(90), {"motivation": "60.00", "transfer": "30.00"}, Standing.OFFERED)
    assert judging.ranking_of(call.id).seats == 1
    assert session.get(Call, call.id).version == 1


def test_switched_off_for_an_edition_its_call_is_not_there_and_nothing_is_lost(client, sign_in_as):
    call = a_call()
    edition_id = call.cohort.edition_id
    application = an_application(call)
    sign_in_as(client, session.get(Person, application.person_id))
    addresses = ["/online_call/it", f"/online_call/applications/{application.id}"]
    with clock.frozen(OPEN):
        switch("online_call", on=False, edition_id=edition_id)
        assert [client.get(each).status_code for each in addresses] == [404, 404]
        assert "INSPIREPA" not in client.get("/").text
        switch("online_call", on=True, edition_id=edition_id)
        assert [client.get(each).status_code for each in addresses] == [200, 200]
