"""Marks, corrections, extensions, imports, and what this plugin answers to others."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from inspire_lms.contracts.assessment import BestResults, RequiredAssessments
from inspire_lms.contracts.pages import AgendaEntries, CohortFigures, CohortTasks, MenuEntries, NextThings, PathParts
from inspire_lms.contracts.people import PeopleMerged, PersonErased
from inspire_lms.kernel import bus, clock, jobs
from inspire_lms.kernel.audit import AuditLine
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, Refused
from inspire_lms.kernel.jobs import Job
from inspire_lms.kernel.programmes import actions as programmes
from inspire_lms.plugins.assessment.attempt import actions, queries
from inspire_lms.plugins.assessment.bank import actions as bank
from inspire_lms.plugins.assessment.bank import queries as shelf
from inspire_lms.plugins.assessment.marking import actions as marking
from inspire_lms.plugins.assessment.marking import queries as marks
from inspire_lms.plugins.assessment.models import Attempt, Extension, Mark, Question, Response, Version
from tests.builders import a_person, a_trainee, an_administrator, staff
from tests.plugins.assessment.builders import BANK, CLOSES, ITALIAN, NOW, a_course, sat, start, written

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def trainer(course):
    return staff(course.cohort, "trainer").id


@pytest.fixture
def asks(app):
    """Ask as a page would, and without remembering the answer as a GET does."""

    def ask(enquiry):
        with app.test_request_context(method="POST"):
            return [each for answers in bus.gather(enquiry) for each in answers]

    return ask


def facts_told():
    return [job.payload["told"] for job in session.scalars(select(Job)) if "AttemptGraded" in job.payload.get("fact", "")]


@pytest.mark.both_engines
def test_a_mark_finishes_the_attempt_and_is_kept_in_the_audit(course, person, trainer):
    attempt_id, response_id = written(course, person)
    marking.mark(response_id, levels={"problem": 2, "people": 3}, comment="Good", by=trainer)
    attempt = session.get_one(Attempt, attempt_id)
    assert (attempt.state, attempt.percent, attempt.graded_at) == ("graded", 80, NOW)
    line = session.scalars(select(AuditLine).where(AuditLine.did == "assessment.marked")).one()
    assert (line.by_id, line.thing_id, line.after) == (trainer, response_id, {"points": "8", "reason": None})


def test_a_colleague_who_is_slower_is_refused(course, person, trainer):
    _, response_id = written(course, person)
    marking.mark(response_id, levels={"problem": 0, "people": 0}, comment="", by=trainer)
    with pytest.raises(Refused, match="has its mark already"):
        marking.mark(response_id, levels={"problem": 3, "people": 3}, comment="", by=staff(course.cohort, "trainer").id)
    assert session.scalars(select(Mark.points)).all() == [0]


def test_a_mark_needs_every_criterion_and_an_attempt_that_was_handed_in(course, person, trainer):
    attempt_id = start(course, person, "essay")
    response_id = queries.asked(attempt_id)[0].id
    with pytest.raises(Refused, match="still running"):
        marking.mark(response_id, levels={"problem": 0, "people": 0}, comment="", by=trainer)
    actions.save(attempt_id, 1, ["Text"], by=person)
    actions.submit(attempt_id)
    with pytest.raises(Invalid, match="level_people"):
        marking.mark(response_id, levels={"problem": 0}, comment="", by=trainer)


def test_the_queue_holds_only_what_waits_and_only_ones_own_country(course, person, trainer):
    _, response_id = written(course, person)
    greek = a_course("GR")
    written(greek, a_trainee(greek.cohort).id)
    assert [each.id for each in marks.waiting([course.cohort_id])] == [response_id]
    assert marks.count_waiting([course.cohort_id, greek.cohort_id]) == 2
    marking.mark(response_id, levels={"problem": 0, "people": 0}, comment="", by=trainer)
    assert marks.waiting([course.cohort_id]) == []
    assert marks.waiting([]) == []


def test_a_correction_keeps_the_first_mark_and_announces_the_new_result(course, person, trainer):
    attempt_id, response_id = written(course, person)
    marking.mark(response_id, levels={"problem": 0, "people": 0}, comment="First", by=trainer)
    coordinator = staff(course.cohort, "coordinator").id
    with pytest.raises(Refused, match="Write why"):
        marking.correct(response_id, points=None, levels={"problem": 3, "people": 3}, reason=" ", by=coordinator)
    marking.correct(response_id, points=None, levels={"problem": 3, "people": 3}, reason="Appeal", by=coordinator)
    assert [(each.number, each.points, each.reason) for each in marks.marks([response_id])[response_id]] == [(1, 0, None), (2, 10, "Appeal")]
    assert session.get_one(Attempt, attempt_id).percent == 100


def test_a_late_essay_that_is_accepted_goes_back_into_the_queue(course, person, trainer):
    attempt_id = start(course, person, "essay")
    response_id = queries.asked(attempt_id)[0].id
    actions.save(attempt_id, 1, ["In time"], by=person)
    with clock.frozen(CLOSES + timedelta(minutes=1)):
        with pytest.raises(Refused):
            actions.save(attempt_id, 1, ["Late"], by=person)
        actions.close_finished()
        jobs.run_due()
        marking.mark(response_id, levels={"problem": 0, "people": 0}, comment="", by=trainer)
        marking.accept_late(response_id, reason="The line was down", by=trainer)
        assert (session.get_one(Attempt, attempt_id).state, queries.asked(attempt_id)[0].answer) == ("submitted", ["Late"])
        marking.mark(response_id, levels={"problem": 3, "people": 3}, comment="", by=trainer)
    assert session.get_one(Attempt, attempt_id).percent == 100
    assert [each.number for each in marks.marks([response_id])[response_id]] == [1, 2]


@pytest.mark.parametrize(
    ("minutes", "attempts", "until", "ends"),
    [(15, 0, None, NOW + timedelta(minutes=45)), (0, 1, None, NOW + timedelta(minutes=30)), (0, 0, CLOSES + timedelta(days=1), NOW + timedelta(minutes=30))],
)
def test_a_running_attempt_gets_its_new_end_at_once(course, person, trainer, minutes, attempts, until, ends):
    attempt_id = start(course, person)
    marking.extend(course.windows["final-test"], person, minutes=minutes, attempts=attempts, until=until, reason="Why", by=trainer)
    assert session.get_one(Attempt, attempt_id).ends_at == ends


def test_one_attempt_more_can_be_started(course, person, trainer):
    sat(course, person, rightly=0, at=NOW - timedelta(hours=2))
    sat(course, person, rightly=0, at=NOW - timedelta(hours=1))
    marking.extend(course.windows["final-test"], person, minutes=0, attempts=1, until=None, reason="Power cut", by=trainer)
    assert start(course, person)
    line = session.scalars(select(AuditLine).where(AuditLine.did == "assessment.extended")).one()
    assert (line.about_id, line.after["reason"]) == (person, "Power cut")


def test_granting_more_takes_nothing_away(course, person, trainer):
    final, later = course.windows["final-test"], CLOSES + timedelta(days=1)
    marking.extend(final, person, minutes=30, attempts=None, until=None, reason="Screen reader", by=trainer)
    marking.extend(final, person, minutes=None, attempts=1, until=None, reason="Power cut", by=trainer)
    marking.extend(final, person, minutes=None, attempts=None, until=later, reason="Ill", by=trainer)
    rows = session.execute(select(Extension.minutes, Extension.attempts, Extension.until, Extension.reason)).all()
    assert rows == [(30, 1, later, "Ill")]
    marking.extend(final, person, minutes=15, attempts=0, until=None, reason="A slip of the pen", by=trainer)
    assert session.execute(select(Extension.minutes, Extension.attempts, Extension.until)).all() == [(15, 0, later)]


def test_an_attempt_more_after_the_end_needs_a_later_end(course, person, trainer):
    final = course.windows["final-test"]
    with clock.frozen(CLOSES + timedelta(days=1)):
        with pytest.raises(Refused, match="Give a later one"):
            marking.extend(final, person, minutes=0, attempts=1, until=None, reason="Ill", by=trainer)
        marking.extend(final, person, minutes=0, attempts=1, until=CLOSES + timedelta(days=2), reason="Ill", by=trainer)
        assert actions.start(final, person)


@pytest.mark.both_engines
def test_a_second_language_joins_and_a_used_version_stays_as_it_was(course, person, trainer):
    start(course, person)
    start(course, person, "pre-test", seed="another")
    used = session.scalar(select(func.count()).where(Version.used_at.is_not(None)))
    report = bank.bring_in(course.framework_id, ITALIAN.encode(), language="it", by=trainer)
    versions = session.execute(select(Version.number, Version.content).join(Question).where(Question.title == "E1").order_by(Version.number)).all()
    assert report.counts == {"language": 1}
    assert versions[-1].content["text"] == {"en": "What is right?", "it": "Che cosa è giusto?"}
    assert used
    assert all(version.content["text"] == {"en": "What is right?"} for version in versions[:-1])


def test_importing_the_same_again_changes_nothing(course, trainer):
    before = session.execute(select(Version.id, Version.digest)).all()
    assert bank.bring_in(course.framework_id, BANK.encode(), language="en", by=trainer).counts == {"same": 8}
    assert session.execute(select(Version.id, Version.digest)).all() == before


def test_one_mistake_keeps_the_whole_file_out(course, trainer):
    before = session.scalar(select(func.count()).select_from(Version))
    with pytest.raises(Invalid) as caught:
        bank.bring_in(course.framework_id, (BANK.replace("E1", "New") + "\n::Bad:: {").encode(), language="en", by=trainer)
    assert [str(reason) for reason in caught.value.reasons.values()] == ["Line 21, “Bad”: A brace is opened and not closed before the next blank line."]
    assert session.scalar(select(func.count()).select_from(Version)) == before


def test_romanian_letters_are_written_with_a_comma_below(course, trainer):
    bank.bring_in(course.framework_id, "$CATEGORY: ethics\n\n::E3:: Eşti sigur, ţărănește? {T}".encode(), language="ro", by=trainer)
    assert shelf.known(course.framework_id, ["E3"])["E3"].content["text"]["ro"] == "Ești sigur, țărănește?"


def test_the_coverage_shows_the_holes(course):
    covers = shelf.coverage(course.framework_id, ("en", "it"))
    assert [(each.code, each.total, each.needed, dict(each.by_language)) for each in covers] == [
        ("ethics", 4, 2, {"en": 4, "it": 0}),
        ("systems", 4, 2, {"en": 4, "it": 0}),
    ]


def test_what_another_bank_needs_is_no_hole_of_this_one(course, app):
    other = a_course("GR", questions_each=4)
    assert other.framework_id != course.framework_id
    assert {each.needed for each in shelf.coverage(course.framework_id, ("en",))} == {2}


def test_the_best_graded_result_counts(course, person, trainer):
    sat(course, person, rightly=1, at=NOW - timedelta(hours=3))
    better = sat(course, person, rightly=4, at=NOW - timedelta(hours=2))
    _, response_id = written(course, person)
    marking.mark(response_id, levels={"problem": 3, "people": 2}, comment="", by=trainer)
    results = bus.ask(BestResults(course.cohort_id), default={})[person]
    final, essay = results
    assert (final.code, final.kind, final.percent, final.pass_mark, final.first_attempt, final.is_passed) == ("final-test", "final", 100, 60, False, True)
    assert final.by_competence == {"ethics": 100, "systems": 100}
    assert final.graded_at == session.get_one(Attempt, better).graded_at
    assert (essay.code, essay.percent, essay.by_competence) == ("essay", 80, {"systems": Decimal(100), "ethics": Decimal(60)})


def test_other_plugins_learn_what_an_edition_asks_for(course):
    assert bus.ask(RequiredAssessments(course.cohort_id), default=()) == (
        ("pre-test", "pre", "Pre-test", None),
        ("final-test", "final", "Final test", 60),
        ("essay", "essay", "Essay", 60),
    )


def test_a_trainee_is_told_what_is_open_and_what_is_running(course, person, asks):
    headings = [(thing.heading, thing.urgency) for thing in asks(NextThings(person)) if "test" in thing.heading.lower() or "Essay" in thing.heading]
    assert headings == [("Pre-test is open", 1), ("Final test is open", 1), ("Essay is open", 1)]
    start(course, person, "pre-test")
    sat(course, person, rightly=0, at=NOW - timedelta(hours=1))
    headings = [(thing.heading, thing.urgency) for thing in asks(NextThings(person)) if "test" in thing.heading.lower()]
    assert headings == [("Pre-test: your attempt is running", 0), ("Final test: you may try again", 2)]


def test_nothing_is_asked_of_those_who_passed_or_wait_or_are_too_late(course, person, asks):
    sat(course, person, rightly=4, at=NOW - timedelta(hours=1))
    sat(course, person, "pre-test", rightly=4, at=NOW - timedelta(hours=1))
    written(course, person, at=NOW - timedelta(hours=1))
    assert [thing for thing in asks(NextThings(person)) if "/assessment/" in thing.href] == []
    other = a_trainee(course.cohort).id
    with clock.frozen(CLOSES + timedelta(seconds=1)):
        assert [thing for thing in asks(NextThings(other)) if "/assessment/" in thing.href] == []


def test_trainers_and_coordinators_are_told_of_essays_that_wait(course, person, trainer, asks):
    written(course, person)
    assert [thing.heading for thing in asks(NextThings(trainer)) if "essay" in thing.heading] == ["1 essay waits for its mark"]
    assert [thing for thing in asks(CohortTasks(course.cohort_id)) if "essay" in thing.heading] == []
    with clock.frozen(CLOSES + timedelta(days=1)):
        assert [thing.heading for thing in asks(CohortTasks(course.cohort_id)) if "essay" in thing.heading] == ["1 essay has no mark yet"]


def test_an_administrator_is_no_trainee(course, asks):
    chief = an_administrator()
    assert [thing for thing in asks(NextThings(chief.id)) if "/assessment/" in thing.href] == []
    assert [part for part in asks(PathParts(course.cohort_id, chief.id)) if part.template.startswith("assessment/")] == []


def test_the_path_shows_the_tests_and_the_agenda_the_windows(course, person, trainer, asks):
    marking.extend(course.windows["essay"], person, minutes=0, attempts=0, until=CLOSES + timedelta(days=2), reason="Why", by=trainer)
    parts = [part for part in asks(PathParts(course.cohort_id, person)) if part.template == "assessment/path.html"]
    assert [stand.code for stand in parts[0].shows["stands"]] == ["pre-test", "final-test", "essay"]
    own = [(entry.text, entry.ends_at) for entry in asks(AgendaEntries(course.cohort_id, person)) if "/assessment/" in entry.href]
    assert own[-1] == ("Essay", CLOSES + timedelta(days=2))
    of_staff = [(entry.text, entry.ends_at) for entry in asks(AgendaEntries(course.cohort_id, trainer)) if "/assessment/" in entry.href]
    assert of_staff == [("Pre-test", CLOSES), ("Final test", CLOSES), ("Essay", CLOSES)]


def test_the_menu_shows_tests_to_those_who_have_some(course, person, trainer, asks):
    def has_tests(person_id):
        return any(entry.href == "/assessment/" for entry in asks(MenuEntries(person_id)))

    assert [has_tests(each) for each in (person, trainer, a_person().id, None)] == [True, True, False, False]


def test_the_figures_of_a_cohort(course, asks):
    people = [a_trainee(course.cohort).id for _ in range(3)]
    for each, before, after in zip(people, (0, 0, 4), (4, 0, 4), strict=True):
        sat(course, each, "pre-test", rightly=before, at=NOW - timedelta(hours=4))
        sat(course, each, rightly=after, at=NOW - timedelta(hours=3))
    found = {figure.code: figure for figure in asks(CohortFigures(course.cohort_id))}
    assert (found["assessed"].value, found["first-pass"].value) == (3, Decimal("66.67"))
    assert found["learning-gain"].value is not None
    assert found["learning-gain"].target == Decimal("0.3")


def test_who_withdrew_is_in_no_figure(course, asks):
    stays, leaves = (a_trainee(course.cohort).id for _ in range(2))
    for each in (stays, leaves):
        sat(course, each, at=NOW - timedelta(hours=3))
    programmes.withdraw(course.cohort_id, leaves, by=None)
    found = {figure.code: figure.value for figure in asks(CohortFigures(course.cohort_id))}
    assert found["assessed"] == 1


def test_the_figures_are_empty_before_anybody_was_assessed(course, asks):
    found = {figure.code: figure.value for figure in asks(CohortFigures(course.cohort_id))}
    assert (found["assessed"], found["learning-gain"], found["first-pass"]) == (0, None, None)


def test_a_graded_attempt_is_announced(course, person):
    sat(course, person, at=NOW - timedelta(hours=1))
    told = facts_told()
    assert told == [] or told[0]["person_id"] == person


def test_erasing_a_person_takes_the_texts_and_leaves_the_results(course, person, trainer):
    attempt_id, response_id = written(course, person)
    marking.mark(response_id, levels={"problem": 3, "people": 3}, comment="About the person", by=trainer)
    with transaction():
        bus.announce(PersonErased(person))
    jobs.run_due()
    assert session.get_one(Response, response_id).answer is None
    assert session.scalars(select(Mark.comment)).all() == [""]
    assert session.get_one(Attempt, attempt_id).percent == 100


def test_merging_two_accounts_counts_the_attempts_on(course, person):
    other = a_trainee(course.cohort).id
    sat(course, person, rightly=0, at=NOW - timedelta(hours=2))
    sat(course, other, rightly=4, at=NOW - timedelta(hours=1))
    for _ in range(2):
        with transaction():
            bus.announce(PeopleMerged(from_id=person, to_id=other))
        jobs.run_due()
    assert session.execute(select(Attempt.person_id, Attempt.number).order_by(Attempt.number)).all() == [(other, 1), (other, 2)]
