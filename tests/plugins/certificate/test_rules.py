from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from inspire_lms.contracts.survey import Participation
from inspire_lms.plugins.certificate import rules
from inspire_lms.plugins.certificate.rules import Criterion, Evidence, Kind, Needed, Shown, State
from tests.plugins.certificate.builders import NOW, a_result, a_share

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
        (Evidence(frozenset({"survey"}), surveys=ANSWERED), Kind.ATTENDANCE, 0),
        (Evidence(frozenset()), None, 0),
    ],
    ids=["all", "too few minutes", "no essay", "survey unanswered", "no survey yet", "no survey among none", "attendance alone", "no record of attendance",
         "nobody keeps attendance and survey", "an edition of attendance", "an edition that asks for a survey only", "nothing is known"],
)  # fmt: skip
def test_what_is_earned_follows_from_what_is_demanded_and_known(evidence, earned, missing):
    found = rules.standing(evidence)
    assert (found.earned, len(found.missing)) == (earned, missing)


@pytest.mark.parametrize(
    ("by", "graders", "trainers", "says"),
    [
        (1, (), (), "Nobody decides about the own certificate."),
        (2, (2,), (), "You graded work of Ana. Somebody who neither taught nor graded has to decide."),
        (2, (), (2,), "You taught this group. Somebody who neither taught nor graded has to decide."),
        (2, (3,), (4,), None),
    ],
)
def test_who_taught_or_graded_does_not_decide(by, graders, trainers, says):
    reason = rules.why_not_decide(1, by=by, name="Ana", graders=graders, trainers=trainers)
    assert (None if reason is None else str(reason)) == says


@pytest.mark.parametrize(
    ("share", "results", "kind", "has_current", "is_refused"),
    [
        (a_share(), PASSED, Kind.COMPETENCE, False, False),
        (a_share(), PASSED, Kind.ATTENDANCE, False, False),
        (a_share(), {}, Kind.ATTENDANCE, False, False),
        (a_share(), {}, Kind.COMPETENCE, False, True),
        (a_share(minutes=1), PASSED, Kind.ATTENDANCE, False, True),
        (a_share(), PASSED, Kind.COMPETENCE, True, True),
    ],
)
def test_a_document_goes_to_those_who_earned_it_and_do_not_hold_it(share, results, kind, has_current, is_refused):
    found = rules.standing(Evidence(ALL, share, TESTS, results, ANSWERED))
    assert (rules.why_not_award(found, kind, name="Ana", has_current=has_current) is not None) is is_refused


@pytest.mark.parametrize(("state", "may"), [(State.DECIDED, False), (State.VALID, True), (State.REPLACED, False), (State.REVOKED, False)])
def test_only_a_valid_certificate_can_be_revoked_or_replaced(state, may):
    assert (rules.why_not_revoke(state) is None) is may


@pytest.mark.parametrize(("enrolled", "wanted"), [(0, 0), (1, 1), (5, 4), (19, 16), (20, 16), (21, 17)])
def test_four_of_five_should_complete(enrolled, wanted):
    assert rules.wanted_certified(enrolled) == wanted


@pytest.mark.parametrize(("later", "days"), [(timedelta(0), 0), (timedelta(hours=23), 0), (timedelta(days=1), 1), (timedelta(days=5, hours=2), 5)])
def test_days_to_the_certificate_are_whole(later, days):
    decided: datetime = NOW
    assert rules.days_to_issue(decided, decided + later) == days


def test_graders_are_all_who_marked_by_hand():
    assert rules.graders_of([a_result(graders=(3, 4)), a_result("essay", graders=(4, 5))]) == {3, 4, 5}


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
