from decimal import Decimal

import pytest

from inspire_lms.kernel.db import session
from inspire_lms.plugins.certificate.issuing import changing, minutes, overview
from inspire_lms.plugins.certificate.rules import Kind
from tests.builders import a_trainee, staff
from tests.plugins.certificate.builders import a_coordinator, a_group, issued, one_issued


def text(answer):
    return answer.get_data(as_text=True)


def test_the_home_page_of_a_trainee_shows_what_is_met_and_the_name_that_will_be_printed(app, client, sign_in_as, records):
    cohort = a_group()
    trainee = records.attended_by(a_trainee(cohort, given_name="Ștefan", family_name="Țiriac", language="en"))
    page = text(sign_in_as(client, trainee).get("/"))
    for part in ("The name that will be printed", "Ștefan Țiriac", "900 of 960 minutes; 768 needed.", "Still missing", "No result yet; 60% needed."):
        assert part in page


def test_the_home_page_of_a_holder_offers_the_download(app, client, sign_in_as, records):
    _, coordinator, certificate = one_issued(records, language="en")
    person = session.get(type(coordinator), certificate.person_id)
    page = text(sign_in_as(client, person).get("/"))
    assert "Your certificate is ready" in page
    assert f"/certificate/mine/{certificate.id}.pdf" in page


def test_the_home_page_of_the_coordinator_says_who_waits(app, client, sign_in_as, records):
    from inspire_lms.plugins.certificate import actions

    cohort = a_group()
    trainee = records.met_by(a_trainee(cohort))
    actions.look_again(cohort.id, [trainee.id])
    page = text(sign_in_as(client, a_coordinator(cohort, language="en")).get("/"))
    assert "1 trainee waits for the decision on the certificate" in page
    trainer = staff(cohort, "trainer", language="en")
    assert "waits for the decision" not in text(sign_in_as(client, trainer).get("/"))


def test_the_figures_count_the_certified_the_days_and_the_reissues(app, records):
    from inspire_lms.contracts.pages import CohortFigures
    from inspire_lms.plugins.certificate import answers

    cohort, coordinator, certificate = one_issued(records)
    with app.test_request_context():
        figures = {one.code: one for one in answers.figures(CohortFigures(cohort.id))}
    assert {code: (one.value, one.target) for code, one in figures.items()} == {"completion": (None, 80), "certified": (1, 1), "days-to-certificate": (0, 5), "certificates-made-again": (0, 2)}
    changing.revoke(certificate.id, reason="A mistake.", by=coordinator.id)
    with app.test_request_context():
        assert {one.code: one.value for one in answers.figures(CohortFigures(cohort.id))}["certified"] == 0
        assert {one.code: one.value for one in answers.figures(CohortFigures(a_group("IT").id))}["days-to-certificate"] is None


def test_what_a_trainee_sees_on_the_own_page_costs_one_statement_where_nothing_was_refused(app, records, statements):
    from inspire_lms.contracts.pages import NextThings, PathParts
    from inspire_lms.plugins.certificate import actions, answers

    cohort, _, certificate = one_issued(records)
    actions.look_again(cohort.id)
    person_id, cohort_id = certificate.person_id, cohort.id
    with app.test_request_context("/"), statements() as seen:
        things = answers.next_things(NextThings(person_id))
        (part,) = answers.path_parts(PathParts(cohort_id, person_id))
    assert [thing.href for thing in things] == [f"/certificate/mine/{certificate.id}.pdf"]
    assert [line.is_met for line in part.shows["certificate"]["lines"]] == [True] * 4
    assert len([one for one in seen if "certificate_" in one]) == 1, "\n".join(seen)


@pytest.fixture
def path_of(client, sign_in_as):
    return lambda person: text(sign_in_as(client, person).get("/"))


EVERYTHING, NAME = "You have met everything.", "The name that will be printed"


def test_a_revoked_certificate_is_shown_with_its_reason_and_what_comes_next(app, records, path_of):
    _, coordinator, certificate = one_issued(records, language="en")
    holder = session.get(type(coordinator), certificate.person_id)
    assert [said in path_of(holder) for said in (EVERYTHING, NAME)] == [False, False]
    changing.revoke(certificate.id, reason="The essay belonged to <somebody> else.", by=coordinator.id)
    page = path_of(holder)
    assert "The essay belonged to &lt;somebody&gt; else." in page
    assert [said in page for said in (EVERYTHING, NAME)] == [True, True]


def test_who_holds_the_certificate_of_attendance_and_then_meets_everything_is_told_what_comes_next(app, records, path_of):
    cohort = a_group()
    trainee = records.attended_by(a_trainee(cohort, language="en"))
    issued(cohort, [trainee], by=a_coordinator(cohort), kind=Kind.ATTENDANCE)
    assert [said in path_of(trainee) for said in (EVERYTHING, NAME)] == [False, False]
    records.met_by(trainee)
    assert [said in path_of(trainee) for said in (EVERYTHING, NAME)] == [True, True]


def test_an_edition_that_asks_for_attendance_only_says_too_when_everything_is_met(app, records, path_of):
    cohort = a_group(requires=["attendance"])
    trainee = records.attended_by(a_trainee(cohort, language="en"))
    assert [said in path_of(trainee) for said in (EVERYTHING, NAME)] == [True, True]


def test_the_letter_says_nothing_about_a_survey_that_nobody_asked_for(app, records, outbox):
    from inspire_lms.plugins.certificate import actions

    cohort = a_group(requires=["final-test"])
    trainee = records.met_by(a_trainee(cohort, language="en"))
    actions.look_again(cohort.id)
    (mail,) = outbox.to(trainee)
    assert "Everything that the certificate of Pilot course asks for is complete." in mail.text
    assert "survey" not in mail.text.lower()


@pytest.mark.parametrize(("has_taught", "has_graded", "is_said"), [(False, False, True), (True, False, False), (False, True, False)])
def test_the_proposed_minutes_say_of_nobody_who_taught_or_graded_that_they_have_not(app, records, has_taught, has_graded, is_said):
    cohort = a_group(requires=["attendance", "essay"])
    decider = staff(cohort, "trainer" if has_taught else "coordinator")
    records.met_by(a_trainee(cohort), graders=(decider.id,) if has_graded else ())
    with app.test_request_context("/"):
        written = minutes.proposed(overview.of(cohort), "Ana Pop", by=decider.id)
    assert ("Decided by: Ana Pop, who has neither taught nor graded." in written) is is_said
    assert "Decided by: Ana Pop" in written
    assert "Looked at: Attendance, Essay." in written


def test_completion_counts_who_met_attendance_and_assessments_among_those_who_take_part(app, records):
    from inspire_lms.contracts.pages import CohortFigures
    from inspire_lms.plugins.certificate import actions, answers

    def completion(cohort):
        actions.look_again(cohort.id)
        with app.test_request_context():
            (found,) = [one for one in answers.figures(CohortFigures(cohort.id)) if one.code == "completion"]
        return found.value, found.target

    cohort = a_group()
    first, second, _ = (a_trainee(cohort) for _ in range(3))
    records.attended_by(first)
    assert completion(cohort) == (None, 80)
    records.met_by(first, answered=0)
    records.met_by(second, percent="59.99")
    assert completion(cohort) == (Decimal("33.33"), 80)
    failed = a_group("IT")
    records.met_by(a_trainee(failed), minutes=10)
    assert completion(failed) == (0, 80)
