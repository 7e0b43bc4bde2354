from decimal import Decimal

import pytest

from inspire_lms.contracts.survey import Participation
from inspire_lms.plugins.certificate.earning import rules
from inspire_lms.plugins.certificate.earning.rules import Criterion, Evidence, Needed, Shown, Wanted
from inspire_lms.plugins.certificate.rules import Kind
from tests.plugins.certificate.builders import a_result, a_share

ALL = frozenset({Criterion.ATTENDANCE.value, Criterion.SURVEY.value})
TESTS = (Needed("final-test", "final", "Final test", 60), Needed("essay", "essay", "Essay", 60))
PASSED = {"final-test": Decimal("82.50"), "essay": Decimal("74.00")}
ANSWERED = Participation(answered=1, owed=1)


@pytest.mark.parametrize(
    ("minutes", "is_met"),
    [(0, False), (767, False), (768, True), (769, True), (960, True)],
)
def test_attendance_counts_from_the_first_minute_of_the_threshold(minutes, is_met):
    (line,) = rules.standing(Evidence(frozenset({"attendance"}), a_share(minutes=minutes))).lines
    assert line.is_met is is_met


@pytest.mark.parametrize(
    ("minutes", "held", "is_open", "says"),
    [
        (600, 840, False, "600 of 960 minutes; 768 were needed and can no longer be reached."),
        (647, 840, False, "647 of 960 minutes; 768 were needed and can no longer be reached."),
        (648, 840, True, "120 more minutes are needed, of 120 that are left."),
        (767, 840, True, "One more minute is needed, of 120 that are left."),
        (0, 0, True, "768 more minutes are needed, of 960 that are left."),
    ],
)
def test_what_is_missing_says_whether_it_can_still_be_reached(minutes, held, is_open, says):
    (line,) = rules.standing(Evidence(frozenset({"attendance"}), a_share(minutes=minutes, held=held))).lines
    assert (line.is_met, line.is_open, str(line.how)) == (False, is_open, says)


@pytest.mark.parametrize(("percent", "is_met"), [("59.99", False), ("60.00", True), ("100", True)])
def test_a_test_is_passed_from_the_pass_mark_on(percent, is_met):
    (line,) = rules.standing(Evidence(frozenset(), needed=TESTS[:1], results={"final-test": Decimal(percent)})).lines
    assert line.is_met is is_met


@pytest.mark.parametrize(
    ("percent", "is_over", "says"),
    [
        (None, False, "No result yet; 60% needed."),
        (None, True, "No result; 60% was needed, and no attempt is possible any more."),
        ("40", False, "40%, below the 60% needed."),
        ("40", True, "40%, below the 60% needed; no attempt is possible any more."),
    ],
)
def test_a_test_that_is_not_passed_says_whether_it_still_can_be(percent, is_over, says):
    results = {"final-test": Decimal(percent)} if percent else {}
    (line,) = rules.standing(Evidence(frozenset(), needed=TESTS[:1], results=results, over=frozenset({"final-test"} if is_over else ()))).lines
    assert (line.is_met, line.is_open, str(line.how)) == (False, not is_over, says)


@pytest.mark.parametrize(
    ("surveys", "is_open", "says"),
    [
        (None, True, "No survey has been opened yet."),
        (Participation(0, 2), True, "2 surveys are still to be answered."),
        (Participation(0, 2, closed=1), False, "One survey has closed without an answer."),
        (Participation(0, 2, closed=2), False, "2 surveys have closed without an answer."),
    ],
)
def test_a_survey_that_closed_unanswered_is_not_still_missing(surveys, is_open, says):
    (line,) = rules.standing(Evidence(frozenset({"survey"}), surveys=surveys)).lines
    assert (line.is_met, line.is_open, str(line.how)) == (False, is_open, says)


@pytest.mark.parametrize(
    ("evidence", "earned", "missing"),
    [
        (Evidence(ALL, a_share(), TESTS, PASSED, ANSWERED), Kind.COMPETENCE, 0),
        (Evidence(ALL, a_share(minutes=700), TESTS, PASSED, ANSWERED), None, 1),
        (Evidence(ALL, a_share(), TESTS, {"final-test": Decimal(60)}, ANSWERED), Kind.ATTENDANCE, 1),
        (Evidence(ALL, a_share(), TESTS, PASSED, Participation(answered=0, owed=1)), Kind.ATTENDANCE, 1),
        (Evidence(ALL, a_share(), TESTS, PASSED, None), Kind.ATTENDANCE, 1),
        (Evidence(ALL, a_share(), TESTS, PASSED, Participation(answered=0, owed=0)), Kind.ATTENDANCE, 1),
        (Evidence(ALL, a_share(), TESTS, {}, None), Kind.ATTENDANCE, 3),
        (Evidence(ALL, None, TESTS, PASSED, ANSWERED), None, 1),
        (Evidence(frozenset(), None, TESTS, PASSED, None), Kind.COMPETENCE, 0),
        (Evidence(frozenset({"attendance"}), a_share()), Kind.ATTENDANCE, 0),
        (Evidence(frozenset({"survey"}), surveys=ANSWERED), None, 0),
        (Evidence(frozenset()), None, 0),
    ],
    ids=["all", "too few minutes", "no essay", "survey unanswered", "no survey yet", "no survey among none", "attendance alone", "no record of attendance",
         "nobody keeps attendance and survey", "an edition of attendance", "an edition that asks for a survey only", "nothing is known"],
)  # fmt: skip
def test_what_is_earned_follows_from_what_is_demanded_and_known(evidence, earned, missing):
    found = rules.standing(evidence)
    assert (found.earned, len(found.missing)) == (earned, missing)


def test_what_was_shown_in_a_competence_is_the_mean_of_what_counts_and_reached_from_the_highest_mark_on():
    results = [
        a_result("pre-test", kind="pre", by_competence={"ethics": Decimal(10)}),
        a_result("final-test", by_competence={"ethics": Decimal(70), "systems": Decimal(50), "tools": Decimal("59.99")}),
        a_result("essay", by_competence={"ethics": Decimal("75.01"), "systems": Decimal(70)}),
    ]
    assert rules.shown_in(results, TESTS) == {
        "ethics": Shown(Decimal("72.51"), is_reached=True),
        "systems": Shown(Decimal("60.00"), is_reached=True),
        "tools": Shown(Decimal("59.99"), is_reached=False),
    }
    assert rules.shown_in(results, ()) == {}


@pytest.mark.parametrize(
    ("evidence", "completion"),
    [
        (Evidence(ALL, a_share(), TESTS, PASSED, ANSWERED), "met"),
        (Evidence(ALL, a_share(), TESTS, PASSED, None), "met"),
        (Evidence(ALL, a_share(minutes=700), TESTS, PASSED, ANSWERED), "missed"),
        (Evidence(ALL, a_share(minutes=700), TESTS, PASSED, None), "open"),
        (Evidence(ALL, a_share(), TESTS, {"final-test": Decimal(60)}, ANSWERED), "open"),
        (Evidence(ALL, a_share(), TESTS, {"final-test": Decimal(60)}, ANSWERED, over=frozenset({"essay"})), "missed"),
        (Evidence(frozenset({"survey"}), surveys=ANSWERED), "missed"),
        (Evidence(frozenset()), "open"),
    ],
    ids=["all", "survey unanswered", "too few minutes", "too few minutes, survey open", "no essay yet", "no essay", "a survey alone", "nothing"],
)
def test_completing_means_attendance_and_assessments_and_not_the_survey(evidence, completion):
    assert rules.standing(evidence).completion == completion


WANTED = (Wanted("ethics", {"en": "Ethics"}), Wanted("systems", {"en": "Systems"}))


def competences(shown, **but):
    facts = {"needed": TESTS, "wanted": WANTED, "least": 60, "shown": {code: Decimal(percent) for code, percent in shown.items()}}
    found = rules.standing(Evidence(frozenset({"competences"}), **facts | but))
    return [line for line in found.lines if line.criterion == "competences"]


@pytest.mark.parametrize(
    ("percent", "is_met", "says"),
    [("59.99", False, "59.99%, below the 60% needed."), ("60", True, "60%; 60% needed."), ("60.00", True, "60.00%; 60% needed."), ("100", True, "100%; 60% needed.")],
)
def test_a_competence_is_reached_from_its_percentage_on(percent, is_met, says):
    (line,) = competences({"ethics": percent}, wanted=WANTED[:1])
    assert (line.is_met, str(line.how)) == (is_met, says)


def test_each_competence_has_a_line_of_its_own_that_says_what_is_missing():
    assert [(line.title.values["title"]["en"], line.is_met, line.is_open, str(line.how)) for line in competences({"ethics": "72.50"})] == [
        ("Ethics", True, False, "72.50%; 60% needed."),
        ("Systems", False, True, "No result yet; 60% needed."),
    ]


@pytest.mark.parametrize(
    ("shown", "over", "is_open", "says"),
    [
        ({}, (), True, "No result yet; 60% needed."),
        ({}, ("essay",), True, "No result yet; 60% needed."),
        ({}, ("essay", "final-test"), False, "No result; 60% was needed, and no attempt is possible any more."),
        ({"ethics": "40"}, ("essay", "final-test"), False, "40%, below the 60% needed; no attempt is possible any more."),
    ],
)
def test_a_competence_can_be_reached_while_any_of_the_assessments_is_open(shown, over, is_open, says):
    line = competences(shown, over=frozenset(over), results=PASSED)[0]
    assert (line.is_met, line.is_open, str(line.how)) == (False, is_open, says)


def test_while_nobody_can_say_which_competences_there_are_one_line_stands_for_all():
    (line,) = competences({}, wanted=())
    assert (str(line.title), line.is_met, line.is_open, str(line.how)) == ("Competences", False, True, "No result yet; 60% needed.")


@pytest.mark.parametrize(
    ("shown", "earned", "completion"),
    [
        ({"ethics": "60", "systems": "60"}, Kind.COMPETENCE, "met"),
        ({"ethics": "60", "systems": "59.99"}, Kind.ATTENDANCE, "open"),
        ({"ethics": "100"}, Kind.ATTENDANCE, "open"),
    ],
)
def test_everything_is_met_only_with_each_competence(shown, earned, completion):
    known = {code: Decimal(percent) for code, percent in shown.items()}
    found = rules.standing(Evidence(ALL | {"competences"}, a_share(), TESTS, PASSED, ANSWERED, wanted=WANTED, least=60, shown=known))
    assert (found.earned, found.completion) == (earned, completion)


@pytest.mark.parametrize(
    ("evidence", "is_out"),
    [
        (Evidence(ALL, a_share(), TESTS, PASSED, ANSWERED), False),
        (Evidence(ALL, a_share(minutes=700), TESTS, PASSED, ANSWERED), True),
        (Evidence(ALL, a_share(minutes=700), TESTS, PASSED, None), True),
        (Evidence(ALL, a_share(), TESTS, {}, ANSWERED), False),
        (Evidence(ALL, a_share(), TESTS, {}, ANSWERED, over=frozenset({"essay"})), True),
        (Evidence(ALL, a_share(), TESTS, PASSED, Participation(answered=0, owed=1, closed=1)), True),
        (Evidence(frozenset()), False),
    ],
    ids=["all", "too few minutes", "too few minutes, survey open", "tests open", "the essay is over", "the survey has closed", "nothing is asked for"],
)
def test_what_can_no_longer_be_met_puts_the_whole_out_of_reach(evidence, is_out):
    assert rules.standing(evidence).is_out_of_reach is is_out
