"""The pages, each through the client and by role."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.plugins.assessment.attempt import queries
from inspire_lms.plugins.assessment.kinds.answering import right
from inspire_lms.plugins.assessment.models import Attempt, Extension, Mark, Question, Response
from tests.builders import a_person, a_trainee, an_edition, staff
from tests.plugins.assessment.builders import CLOSES, ITALIAN, NOW, a_course, answer, sat, start, written

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def trainee(course):
    return a_trainee(course.cohort, language="en")


@pytest.fixture
def visit(client, sign_in_as):
    """Sign somebody in and give the client."""
    return lambda person: sign_in_as(client, person)


def text_of(answer):
    return answer.get_data(as_text=True)


def test_a_trainee_goes_from_the_list_to_the_result_without_scripts(course, trainee, visit):
    browser, window = visit(trainee), course.windows["final-test"]
    assert "Final test" in text_of(browser.get("/assessment/"))
    assert "Start the test" in text_of(browser.get(f"/assessment/{window}"))
    first = browser.post(f"/assessment/{window}")
    attempt_id = session.scalar(select(Attempt.id))
    assert (first.status_code, first.location) == (303, f"/assessment/attempt/{attempt_id}/1")
    assert "Question 1 of 4" in text_of(browser.get(first.location))
    answer(attempt_id, trainee.id, rightly=3, at=NOW)
    onward = browser.post(f"/assessment/attempt/{attempt_id}/4", data={"answer": queries.asked(attempt_id)[3].answer, "go": "check"})
    assert onward.location == f"/assessment/attempt/{attempt_id}/check"
    assert "Everything is answered" in text_of(browser.get(onward.location))
    handed_in = browser.post(onward.location)
    receipt = text_of(browser.get(handed_in.location))
    assert session.get_one(Attempt, attempt_id).receipt in receipt
    result = browser.get(f"/assessment/attempt/{attempt_id}/result")
    assert (result.status_code, "Passed with" in text_of(result)) == (200, True)


def test_the_rubric_is_known_before_anybody_writes(course, trainee, visit):
    page = text_of(visit(trainee).get(f"/assessment/{course.windows['essay']}"))
    assert [part in page for part in ("How it will be marked", "Problem", "5 – level 5", "0 – level 0")] == [True] * 4
    assert "How it will be marked" not in text_of(visit(trainee).get(f"/assessment/{course.windows['final-test']}"))


@pytest.mark.parametrize("language", ["en", "it", "el", "ro"])
def test_every_page_of_a_trainee_speaks_each_language(course, trainee, visit, language):
    browser = visit(trainee)
    sat(course, trainee.id, "pre-test", rightly=1, at=NOW - timedelta(hours=2))
    graded = sat(course, trainee.id, rightly=4, at=NOW - timedelta(hours=1))
    running = start(course, trainee.id)
    essay, _ = written(course, trainee.id, at=NOW - timedelta(hours=1))
    addresses = ["/", "/agenda", "/assessment/", *(f"/assessment/{each}" for each in course.windows.values())]
    addresses += [f"/assessment/attempt/{running}/1", f"/assessment/attempt/{running}/4", f"/assessment/attempt/{running}/check"]
    addresses += [f"/assessment/attempt/{graded}/receipt", f"/assessment/attempt/{graded}/result", f"/assessment/attempt/{essay}/receipt"]
    for address in addresses:
        page = browser.get(f"{address}?language={language}")
        assert (address, page.status_code) == (address, 200)
        assert f'<html lang="{language}">' in text_of(page)


def test_changing_the_language_keeps_what_was_chosen(course, trainee, visit):
    browser, attempt_id = visit(trainee), start(course, trainee.id, "essay")
    page = browser.post(f"/assessment/attempt/{attempt_id}/1", data={"answer": "My text", "_language": "ro"}, follow_redirects=True)
    assert page.request.path == f"/assessment/attempt/{attempt_id}/1"
    assert '<html lang="ro">' in text_of(page)
    assert "My text" in text_of(page)


def test_another_persons_attempt_is_not_there(course, trainee, visit):
    attempt_id = start(course, trainee.id)
    neighbour, greek = a_trainee(course.cohort), a_trainee(a_course("GR").cohort)
    for other in (neighbour, greek):
        browser = visit(other)
        for address in (f"{attempt_id}/1", f"{attempt_id}/check", f"{attempt_id}/receipt", f"{attempt_id}/result", "999/1"):
            assert browser.get(f"/assessment/attempt/{address}").status_code == 404
        assert browser.post(f"/assessment/attempt/{attempt_id}/1", data={"answer": "1"}).status_code == 404
        assert browser.post(f"/assessment/attempt/{attempt_id}/check").status_code == 404
    assert visit(greek).get(f"/assessment/{course.windows['final-test']}").status_code == 404
    assert session.scalar(select(Response.answer).where(Response.attempt_id == attempt_id, Response.position == 1)) is None


def test_a_visitor_is_sent_to_sign_in_and_somebody_without_a_role_is_told(app, course, client, visit):
    assert client.get("/assessment/").status_code == 303
    assert visit(a_person()).get("/assessment/").status_code == 403


def test_a_late_answer_is_refused_with_a_sentence_and_shown_again(course, trainee, visit):
    browser, attempt_id = visit(trainee), start(course, trainee.id, "essay")
    with clock.frozen(CLOSES + timedelta(minutes=1)):
        page = browser.post(f"/assessment/attempt/{attempt_id}/1", data={"answer": "Written too late", "go": "check"})
        assert page.status_code == 409
        assert "The time ended on" in text_of(page)
        assert "Written too late" in text_of(page)
        told = browser.post(f"/assessment/attempt/{attempt_id}/1", data={"answer": "Later"}, headers={"Accept": "application/json"})
        assert told.status_code == 409
        assert "kept aside" in told.json["reason"]
        assert browser.get(f"/assessment/attempt/{attempt_id}/1").location == f"/assessment/attempt/{attempt_id}/receipt"
        assert "What came too late" in text_of(browser.get(f"/assessment/attempt/{attempt_id}/receipt"))


def test_the_script_hears_when_it_was_saved(course, trainee, visit):
    browser, attempt_id = visit(trainee), start(course, trainee.id, "essay")
    told = browser.post(f"/assessment/attempt/{attempt_id}/1", data={"answer": "Text"}, headers={"Accept": "application/json"})
    assert told.json == {"saved": NOW.isoformat(), "elsewhere": None}
    wrong = browser.post(f"/assessment/attempt/{attempt_id}/1", data={"answer": "x" * 501}, headers={"Accept": "application/json"})
    assert (wrong.status_code, wrong.json["reason"]) == (422, "The text has 501 characters; at most 500 are allowed.")


def test_what_people_write_is_never_markup(course, trainee, visit):
    evil = "<script>alert(1)</script>"
    attempt_id, response_id = written(course, trainee.id, evil)
    coordinator, trainer = staff(course.cohort, "coordinator"), staff(course.cohort, "trainer")
    assert evil not in text_of(visit(trainee).get(f"/assessment/attempt/{attempt_id}/receipt"))
    assert evil not in text_of(visit(trainer).get(f"/assessment/marking/{response_id}"))
    assert evil not in text_of(visit(coordinator).get(f"/assessment/review/{attempt_id}"))


def test_a_trainer_marks_an_essay_without_ever_seeing_the_name(course, trainee, visit, outbox):
    attempt_id, response_id = written(course, trainee.id)
    browser = visit(staff(course.cohort, "trainer"))
    pages = [browser.get(address) for address in ("/", "/assessment/", "/assessment/marking", f"/assessment/marking/{response_id}")]
    assert [page.status_code for page in pages] == [200] * 4
    assert not any(part in text_of(page) for page in pages for part in (trainee.family_name, trainee.email))
    incomplete = browser.post(f"/assessment/marking/{response_id}", data={"level_problem": "3"})
    assert (incomplete.status_code, session.get_one(Attempt, attempt_id).state) == (422, "submitted")
    saved = browser.post(f"/assessment/marking/{response_id}", data={"level_problem": "3", "level_people": "2", "comment": "Good"})
    assert saved.location == "/assessment/marking"
    again = browser.post(f"/assessment/marking/{response_id}", data={"level_problem": "0", "level_people": "0"})
    assert "has its mark" in text_of(again)
    result = text_of(visit(trainee).get(f"/assessment/attempt/{attempt_id}/result"))
    assert "Good" in result
    assert "level 3" in result
    assert session.get_one(Attempt, attempt_id).percent == 80


def test_staff_of_another_country_find_nothing(course, trainee, visit):
    attempt_id, response_id = written(course, trainee.id)
    other = a_course("GR").cohort
    for role, addresses in {
        "trainer": (f"marking/{response_id}", f"cohort/{course.cohort_id}", f"cohort/{course.cohort_id}/results.csv"),
        "coordinator": (f"cohort/{course.cohort_id}", f"cohort/{course.cohort_id}/extend", f"review/{attempt_id}", f"review/answer/{response_id}/correct", f"review/answer/{response_id}/accept"),
    }.items():
        browser = visit(staff(other, role))
        assert [browser.get(f"/assessment/{address}").status_code for address in addresses] == [404] * len(addresses)


def test_a_trainer_may_not_open_what_names_people_beside_their_answers(course, trainee, visit):
    attempt_id, response_id = written(course, trainee.id)
    browser = visit(staff(course.cohort, "trainer"))
    for address in (f"review/{attempt_id}", f"review/answer/{response_id}/correct", f"cohort/{course.cohort_id}/extend"):
        assert browser.get(f"/assessment/{address}").status_code == 403


def test_a_coordinator_sees_results_takes_them_away_and_corrects_with_a_reason(course, trainee, visit):
    sat(course, trainee.id, "pre-test", rightly=0, at=NOW - timedelta(hours=3))
    attempt_id = sat(course, trainee.id, rightly=2, at=NOW - timedelta(hours=2))
    browser = visit(staff(course.cohort, "coordinator"))
    results = text_of(browser.get(f"/assessment/cohort/{course.cohort_id}"))
    assert trainee.family_name.replace("'", "&#39;") in results
    csv = text_of(browser.get(f"/assessment/cohort/{course.cohort_id}/results.csv"))
    assert csv.splitlines()[0] == "\ufeffName,E-mail address,Pre-test,Pre-test: attempts,Final test,Final test: attempts,Essay,Essay: attempts,Gain"
    assert trainee.email in csv
    assert browser.get(f"/assessment/cohort/{course.cohort_id}/results.xlsx").data.startswith(b"PK")
    assert browser.get(f"/assessment/cohort/{course.cohort_id}/results.exe").status_code == 404
    last = queries.asked(attempt_id)[3]
    correct = f"/assessment/review/answer/{last.id}/correct"
    assert browser.get(f"/assessment/review/{attempt_id}").status_code == 200
    assert browser.post(correct, data={"points": "1"}).status_code == 422
    assert browser.post(correct, data={"points": "2", "reason": "Key was wrong"}).status_code == 422
    before = session.get_one(Attempt, attempt_id).percent
    session.rollback()
    assert browser.post(correct, data={"points": "1", "reason": "Key was wrong"}).status_code == 303
    assert session.get_one(Attempt, attempt_id).percent > before
    assert session.scalars(select(Mark.reason)).all() == ["Key was wrong"]
    assert "Key was wrong" in text_of(browser.get(f"/assessment/review/{attempt_id}"))


def test_a_coordinator_gives_a_person_more_time(course, trainee, visit):
    attempt_id = start(course, trainee.id)
    browser = visit(staff(course.cohort, "coordinator"))
    data = {"person": str(trainee.id), "test": str(course.windows["final-test"]), "minutes": "15", "attempts": "0", "reason": "Screen reader"}
    assert browser.post(f"/assessment/cohort/{course.cohort_id}/extend", data=data | {"minutes": "0"}).status_code == 409
    granted = browser.post(f"/assessment/cohort/{course.cohort_id}/extend", data=data)
    assert granted.status_code == 303
    assert session.get_one(Attempt, attempt_id).ends_at == NOW + timedelta(minutes=45)
    assert session.scalars(select(Extension.reason)).all() == ["Screen reader"]
    page = text_of(browser.get(granted.location))
    assert "Screen reader" in page
    change = f"/assessment/cohort/{course.cohort_id}/extend?person={trainee.id}&test={course.windows['final-test']}"
    assert change.replace("&", "&amp;") in page
    assert 'value="15"' in text_of(browser.get(change))
    assert browser.post(change, data=data | {"minutes": "", "attempts": "1", "reason": "Power cut"}).status_code == 303
    assert session.execute(select(Extension.minutes, Extension.attempts)).all() == [(15, 1)]


def test_a_late_answer_can_be_accepted_with_a_reason(course, trainee, visit):
    attempt_id = start(course, trainee.id)
    each = next(one for one in queries.asked(attempt_id) if one.kind in ("single", "short_text", "true_false", "numeric"))
    with clock.frozen(NOW + timedelta(minutes=31)):
        visit(trainee).post(f"/assessment/attempt/{attempt_id}/{each.position}", data={"answer": right(each.kind, each.content, "en")})
        visit(trainee).get(f"/assessment/attempt/{attempt_id}/1")
        browser = visit(staff(course.cohort, "coordinator"))
        assert "An answer came late" in text_of(browser.get(f"/assessment/review/{attempt_id}"))
        assert browser.post(f"/assessment/review/answer/{each.id}/accept", data={"reason": "The line was down"}).status_code == 303
        assert browser.post(f"/assessment/review/answer/{each.id}/accept", data={"reason": "Again"}).status_code == 409
    assert session.get_one(Attempt, attempt_id).percent == 25


def test_a_trainer_imports_a_bank_and_gets_every_mistake_with_its_line(course, visit):
    browser = visit(staff(course.cohort, "trainer"))
    address = f"/assessment/bank/{course.framework_id}/import"
    assert browser.get("/assessment/bank").location == f"/assessment/bank/{course.framework_id}"

    def send(content, language="it", **more):
        return browser.post(address, data={"file": (BytesIO(content), "bank.gift"), "language": language, **more}, content_type="multipart/form-data")

    broken = send(b"::E1:: Che? {=a\n\n::X:: Niente\n")
    assert broken.status_code == 422
    assert "Line 1, “E1”: A brace is opened and not closed before the next blank line." in text_of(broken)
    assert "Line 3, “X”: The question has no answers. They stand in braces at its end." in text_of(broken)
    assert "The file is not UTF-8" in text_of(send("::E1:: è {T}".encode("cp1252")))
    assert browser.post(address, data={"language": "it"}).status_code == 422
    good = send(ITALIAN.encode())
    assert (good.status_code, "The file was imported" in text_of(good)) == (200, True)
    question_id = session.scalar(select(Question.id).where(Question.title == "E1"))
    assert "Che cosa è giusto?" in text_of(browser.get(f"/assessment/bank/question/{question_id}?words=it"))


def test_the_bank_can_be_taken_away_looked_through_and_changed(course, trainee, visit):
    start(course, trainee.id)
    browser = visit(staff(course.cohort, "trainer"))
    taken = browser.get(f"/assessment/bank/{course.framework_id}/en.gift")
    assert "::E1:: What is right? {" in text_of(taken)
    assert browser.get(f"/assessment/bank/{course.framework_id}/xx.gift").status_code == 404
    page = text_of(browser.get(f"/assessment/bank/{course.framework_id}?competence=ethics&kind=single"))
    assert ("What is right?" in page, "Which two?" in page) == (True, False)
    used = session.scalar(select(Question.id).where(Question.title == "E3"))
    address = f"/assessment/bank/question/{used}?words=en"
    changed = browser.post(address, data={"text": "::E3:: Sure indeed? {T}"})
    assert changed.status_code == 303
    assert "Sure indeed?" in text_of(browser.get(address))
    assert browser.post(address, data={"text": "::E3:: Broken {"}).status_code == 422
    page = text_of(browser.post(address, data={"text": "::E3:: Sure indeed? {T}"}, follow_redirects=True))
    assert ("nothing has changed" in page, "has been changed" in page) == (True, False)


def test_a_trainee_never_sees_the_bank(course, trainee, visit):
    browser = visit(trainee)
    assert [browser.get(f"/assessment/{each}").status_code for each in ("bank", f"bank/{course.framework_id}", "marking")] == [403, 403, 403]


def test_the_coordinator_is_told_of_essays_that_wait(course, trainee, visit):
    written(course, trainee.id)
    browser = visit(staff(course.cohort, "coordinator"))
    with clock.frozen(NOW + timedelta(days=6)):
        assert "1 essay has no mark yet" in text_of(browser.get("/"))


@pytest.mark.parametrize("people", [2, 12])
def test_the_results_of_many_cost_as_many_statements_as_those_of_two(course, visit, statements, people):
    for _ in range(people):
        sat(course, a_trainee(course.cohort).id, at=NOW - timedelta(hours=1))
    browser = visit(staff(course.cohort, "coordinator"))
    browser.get(f"/assessment/cohort/{course.cohort_id}")
    with statements() as seen:
        browser.get(f"/assessment/cohort/{course.cohort_id}")
    assert len(seen) <= 8, seen


def test_a_page_of_an_attempt_and_a_save_cost_few_statements(course, trainee, visit, statements):
    browser, attempt_id = visit(trainee), start(course, trainee.id, "essay")
    browser.get(f"/assessment/attempt/{attempt_id}/1")
    with statements() as seen:
        browser.get(f"/assessment/attempt/{attempt_id}/1")
    assert len(seen) <= 6, seen
    for text in ("one", "two"):
        with statements() as seen:
            browser.post(f"/assessment/attempt/{attempt_id}/1", data={"answer": text}, headers={"Accept": "application/json"})
        assert len(seen) <= 3, "\n".join(each[:150] for each in seen)


def test_the_bank_belongs_to_its_framework(course, visit):
    browser = visit(staff(course.cohort, "trainer"))
    other = an_edition().framework_id
    assert "0 questions in the bank" in text_of(browser.get(f"/assessment/bank/{other}"))
    assert browser.get("/assessment/bank/9999").status_code == 404
