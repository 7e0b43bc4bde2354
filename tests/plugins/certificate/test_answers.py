from inspire_lms.plugins.certificate.issuing import changing
from tests.builders import a_trainee, staff
from tests.plugins.certificate.builders import a_coordinator, a_group, one_issued


def text(answer):
    return answer.get_data(as_text=True)


def test_the_home_page_of_a_trainee_shows_what_is_met_and_the_name_that_will_be_printed(app, client, sign_in_as, records):
    cohort = a_group()
    trainee = records.attended_by(a_trainee(cohort, given_name="Ștefan", family_name="Țiriac", language="en"))
    page = text(sign_in_as(client, trainee).get("/"))
    for part in ("The name that will be printed", "Ștefan Țiriac", "900 of 960 minutes; 768 needed.", "Still missing", "No result yet; 60% needed."):
        assert part in page


def test_the_home_page_of_a_holder_offers_the_download(app, client, sign_in_as, records):
    from inspire_lms.kernel.db import session

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
    assert {code: (one.value, one.target) for code, one in figures.items()} == {"certified": (1, 1), "days-to-certificate": (0, 5), "certificates-made-again": (0, 2)}
    changing.revoke(certificate.id, reason="A mistake.", by=coordinator.id)
    with app.test_request_context():
        assert answers.figures(CohortFigures(cohort.id))[0].value == 0
        assert answers.figures(CohortFigures(a_group("IT").id))[1].value is None


def test_what_a_trainee_sees_on_the_own_page_costs_one_statement(app, records, statements):
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
