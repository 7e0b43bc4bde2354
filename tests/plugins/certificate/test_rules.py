from datetime import datetime, timedelta

import pytest

from inspire_lms.plugins.certificate import rules
from inspire_lms.plugins.certificate.rules import Kind, State
from tests.plugins.certificate.builders import NOW


@pytest.mark.parametrize(
    ("by", "graders", "teachers", "says"),
    [
        (1, (), (), "Nobody decides about the own certificate."),
        (2, (2,), (), "You graded work of Ana. Somebody who neither taught nor graded has to decide."),
        (2, (), (2,), "You taught this group. Somebody who neither taught nor graded has to decide."),
        (2, (3,), (4,), None),
    ],
)
def test_who_taught_or_graded_does_not_decide(by, graders, teachers, says):
    reason = rules.why_not_decide(1, by=by, name="Ana", graders=graders, teachers=teachers)
    assert (None if reason is None else str(reason)) == says


NOT_MET = "Ana has not met what the Certificate of {} asks for."
NOT_GIVEN = "The scheme of this edition does not give this document: {}."


@pytest.mark.parametrize(
    ("earned", "kind", "top", "has_current", "says"),
    [
        (Kind.COMPETENCE, Kind.COMPETENCE, "competence", False, None),
        (Kind.COMPETENCE, Kind.ATTENDANCE, "competence", False, None),
        (Kind.ATTENDANCE, Kind.ATTENDANCE, "competence", False, None),
        (Kind.ATTENDANCE, Kind.COMPETENCE, "competence", False, NOT_MET.format("competence")),
        (None, Kind.ATTENDANCE, "competence", False, NOT_MET.format("attendance")),
        (Kind.COMPETENCE, Kind.COMPETENCE, "competence", True, "Ana has this document already."),
        (Kind.COMPETENCE, Kind.CERTIFICATION, "certification", False, None),
        (Kind.COMPETENCE, Kind.ATTENDANCE, "certification", False, None),
        (Kind.ATTENDANCE, Kind.CERTIFICATION, "certification", False, "Ana has not met what the Certification of a person asks for."),
        (Kind.COMPETENCE, Kind.COMPETENCE, "certification", False, NOT_GIVEN.format("Certificate of competence")),
        (Kind.COMPETENCE, Kind.CERTIFICATION, "competence", False, NOT_GIVEN.format("Certification of a person")),
    ],
)
def test_a_document_goes_to_those_who_earned_it_and_do_not_hold_it_and_three_are_never_mixed(earned, kind, top, has_current, says):
    reason = rules.why_not_award(earned, kind, top=top, name="Ana", has_current=has_current)
    assert (None if reason is None else str(reason)) == says


@pytest.mark.parametrize(
    ("earned", "top", "kind"),
    [
        (None, "competence", None),
        (Kind.ATTENDANCE, "competence", Kind.ATTENDANCE),
        (Kind.ATTENDANCE, "certification", Kind.ATTENDANCE),
        (Kind.COMPETENCE, "competence", Kind.COMPETENCE),
        (Kind.COMPETENCE, "certification", Kind.CERTIFICATION),
    ],
)
def test_the_scheme_says_which_document_is_given_for_everything_and_attendance_stays_attendance(earned, top, kind):
    assert rules.given_for(earned, top) is kind


@pytest.mark.parametrize(
    ("kind", "earned", "is_given"),
    [
        ("competence", Kind.COMPETENCE, True),
        ("certification", Kind.COMPETENCE, True),
        ("attendance", Kind.COMPETENCE, False),
        ("attendance", Kind.ATTENDANCE, True),
        ("competence", Kind.ATTENDANCE, False),
        ("attendance", None, False),
    ],
)
def test_a_document_belongs_to_what_was_earned_whichever_scheme_gave_it(kind, earned, is_given):
    assert rules.is_given_for(kind, earned) is is_given


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
