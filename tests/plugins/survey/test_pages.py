"""The pages of the survey, by person."""

from datetime import timedelta

import pytest

from inspire_lms.kernel import clock
from inspire_lms.kernel.plugin import switch
from inspire_lms.kernel.programmes import actions as programmes
from inspire_lms.plugins.survey import actions, queries
from tests.builders import a_cohort, a_trainee, staff
from tests.plugins.survey.builders import ANSWERS, CLOSES, OPENS, a_survey

FORM = {"s1.useful": "5", "s1.peers": "0", "s2.ethics.before": "2", "s2.ethics.now": "4", "s3.keep": ANSWERS["s3.keep"]}


@pytest.fixture
def cohort(app):
    return a_cohort()


@pytest.fixture
def survey(cohort):
    return a_survey(cohort)


def answered_by(survey, cohort, count):
    survey_id = survey.id
    for number in range(count):
        person = a_trainee(cohort).id
        with clock.frozen(OPENS):
            actions.answer(survey_id, by=person, answers={"s1.useful": number % 5 + 1, "s2.ethics": [1, 3], "s3.keep": f"<i>{number}</i>"})


def test_a_trainee_answers_and_is_thanked(client, sign_in_as, cohort, survey):
    number, person = survey.id, a_trainee(cohort, language="en")
    sign_in_as(client, person)
    with clock.frozen(OPENS):
        assert "How was it?" in client.get(f"/survey/{number}").text
        sent = client.post(f"/survey/{number}", data=FORM, follow_redirects=True)
    assert "Your answers are stored without your name." in sent.text
    assert queries.sheets((number,)) == [ANSWERS]


def test_a_missing_answer_is_named_and_what_was_chosen_is_kept(client, sign_in_as, cohort, survey):
    number = survey.id
    sign_in_as(client, a_trainee(cohort))
    with clock.frozen(OPENS):
        sent = client.post(f"/survey/{number}", data={"s1.useful": "4"})
    assert sent.status_code == 422
    assert "Question peers" in sent.text
    assert 'value="4" checked' in sent.text
    assert queries.who_answered(number) == set()


def test_switching_the_language_keeps_what_was_chosen(client, sign_in_as, cohort, survey):
    number = survey.id
    sign_in_as(client, a_trainee(cohort))
    with clock.frozen(OPENS):
        switched = client.post(f"/survey/{number}", data=FORM | {"_language": "el"})
    assert switched.status_code == 200
    assert '<html lang="el"' in switched.text
    assert "How was it? (el)" in switched.text
    assert 'value="5" checked' in switched.text
    assert queries.who_answered(number) == set()


def test_a_late_answer_is_refused_with_the_time(client, sign_in_as, cohort, survey):
    number = survey.id
    sign_in_as(client, a_trainee(cohort))
    with clock.frozen(CLOSES + timedelta(minutes=1)):
        assert client.post(f"/survey/{number}", data=FORM).status_code == 409


def test_a_trainee_of_another_country_finds_nothing(client, sign_in_as, survey):
    number = survey.id
    sign_in_as(client, a_trainee(a_cohort("IT")))
    assert client.get(f"/survey/{number}").status_code == 404


def test_a_coordinator_sees_results_only_after_the_end(client, sign_in_as, cohort, survey):
    number = survey.id
    answered_by(survey, cohort, 6)
    sign_in_as(client, staff(cohort, "coordinator"))
    with clock.frozen(CLOSES - timedelta(seconds=1)):
        early = client.get(f"/survey/{number}/results")
        assert client.get(f"/survey/{number}/results.csv").status_code == 409
    with clock.frozen(CLOSES):
        late = client.get(f"/survey/{number}/results")
    assert "Mean" not in early.text
    assert "Mean 2.67 of 5, from 6 answers." in late.text
    assert "&lt;i&gt;0&lt;/i&gt;" in late.text


@pytest.mark.parametrize(("count", "shown"), [(4, False), (5, True)])
def test_fewer_than_five_answers_show_nothing(client, sign_in_as, cohort, survey, count, shown):
    number = survey.id
    answered_by(survey, cohort, count)
    sign_in_as(client, staff(cohort, "coordinator"))
    with clock.frozen(CLOSES):
        page = client.get(f"/survey/{number}/results").text
    assert ("Mean" in page) is shown
    assert ("Fewer than 5 people answered" in page) is not shown


def test_comments_of_fewer_than_five_people_are_not_shown(client, sign_in_as, cohort, survey):
    number = survey.id
    answered_by(survey, cohort, 4)
    for _ in range(2):
        person = a_trainee(cohort).id
        with clock.frozen(OPENS):
            actions.answer(number, by=person, answers={"s1.useful": 3})
    sign_in_as(client, staff(cohort, "coordinator"))
    with clock.frozen(CLOSES):
        page = client.get(f"/survey/{number}/results").text
    assert "Mean 2.67 of 5, from 6 answers." in page
    assert "&lt;i&gt;" not in page
    assert "Fewer than 5 people answered" in page


def test_a_withdrawn_person_does_not_make_more_than_all(client, sign_in_as, cohort, survey):
    number = survey.id
    answered_by(survey, cohort, 6)
    gone = a_trainee(cohort).id
    with clock.frozen(OPENS):
        actions.answer(number, by=gone, answers={"s1.useful": 3})
    programmes.withdraw(cohort.id, gone, by=None)
    sign_in_as(client, staff(cohort, "coordinator"))
    with clock.frozen(CLOSES):
        assert "6 of 6 trainees answered" in client.get(f"/survey/{number}/results").text


def test_a_trainer_is_led_to_the_results_from_the_start_page(client, sign_in_as, cohort, survey):
    number = survey.id
    answered_by(survey, cohort, 5)
    sign_in_as(client, staff(cohort, "trainer"))
    for at, said in ((OPENS - timedelta(days=1), "Opens on "), (OPENS, "Open until "), (CLOSES, "Results can be seen")):
        with clock.frozen(at):
            home = client.get("/").text
        assert (f'href="/survey/{number}/results"' in home, said in home) == (True, True)
    with clock.frozen(CLOSES):
        assert "Mean" in client.get(f"/survey/{number}/results").text


def test_a_survey_that_is_switched_off_for_its_edition_is_not_offered_to_the_trainer(client, sign_in_as, cohort, survey):
    switch("survey", on=False, edition_id=cohort.edition_id)
    sign_in_as(client, staff(cohort, "trainer"))
    assert "/survey/" not in client.get("/").text


def test_a_coordinator_of_another_country_finds_nothing(client, sign_in_as, survey):
    number = survey.id
    sign_in_as(client, staff(a_cohort("GR"), "coordinator"))
    assert client.get(f"/survey/{number}/results").status_code == 404


def test_the_counts_come_as_files(client, sign_in_as, cohort, survey):
    number = survey.id
    answered_by(survey, cohort, 5)
    sign_in_as(client, staff(cohort, "coordinator"))
    with clock.frozen(CLOSES):
        csv = client.get(f"/survey/{number}/results.csv")
        xlsx = client.get(f"/survey/{number}/results.xlsx")
    assert csv.data.startswith("\ufeffCode,Question,1,2,3,4,5".encode())
    assert "s1.useful,Question useful,1,1,1,1,1,0,3" in csv.text
    assert xlsx.data.startswith(b"PK")


def test_among_the_dates_a_trainee_is_led_to_the_questions_and_staff_to_the_results(client, sign_in_as, cohort, survey):
    number = survey.id
    trainee, trainer = a_trainee(cohort, language="en"), staff(cohort, "trainer")
    assert f'href="/survey/{number}"' in sign_in_as(client, trainee).get("/agenda").text
    page = sign_in_as(client, trainer).get("/agenda").text
    assert f'href="/survey/{number}/results"' in page
    assert f'href="/survey/{number}"' not in page
    assert client.get(f"/survey/{number}/results").status_code == 200
