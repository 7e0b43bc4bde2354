"""The application form as data."""

import pytest

from inspire_lms.plugins.online_call import questions
from inspire_lms.plugins.online_call.drafting.progress import progress
from inspire_lms.plugins.online_call.questions import Kind, Question, Section


def question(kind, **but):
    values = {
        "code": "q", "kind": kind, "label": {"en": "Question"}, "hint": {}, "most": 10, "least": 0,
        "is_optional": False, "options": {"a": {"en": "A"}, "b": {"en": "B"}}, "criterion": None, "is_private": False,
    }  # fmt: skip
    return Question(**(values | but))


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        (Kind.TEXT, "ten chars!", True),
        (Kind.TEXT, "eleven char", False),
        (Kind.LONG, "", True),
        (Kind.LONG, None, True),
        (Kind.TEXT, 7, False),
        (Kind.CHOICE, "a", True),
        (Kind.CHOICE, "c", False),
        (Kind.CHOICE, ["a"], False),
        (Kind.CHOICES, ["a", "b"], True),
        (Kind.CHOICES, ["a", "c"], False),
        (Kind.CHOICES, [], True),
        (Kind.WHOLE, 7, True),
        (Kind.WHOLE, "seven", False),
        (Kind.WHOLE, True, False),
        (Kind.YES_NO, "yes", True),
        (Kind.YES_NO, "maybe", False),
        (Kind.DECLARATION, True, True),
        (Kind.DECLARATION, "yes", False),
        (Kind.FILE, "a.pdf", False),
    ],
)
def test_a_draft_keeps_what_has_the_right_shape_complete_or_not(kind, value, kept):
    assert (questions.why_not_keep(question(kind), value) is None) is kept


@pytest.mark.parametrize(
    ("asked", "value", "enough"),
    [
        (question(Kind.TEXT), "x", True),
        (question(Kind.TEXT), "   ", False),
        (question(Kind.TEXT), None, False),
        (question(Kind.TEXT, is_optional=True), "", True),
        (question(Kind.LONG, least=4), "four", True),
        (question(Kind.LONG, least=4), "thr", False),
        (question(Kind.LONG, least=4), " thr ", False),
        (question(Kind.WHOLE, least=1, most=40), 1, True),
        (question(Kind.WHOLE, least=1, most=40), 0, False),
        (question(Kind.WHOLE, least=1, most=40), 40, True),
        (question(Kind.WHOLE, least=1, most=40), 41, False),
        (question(Kind.CHOICE), "a", True),
        (question(Kind.CHOICE), None, False),
        (question(Kind.CHOICES), [], False),
        (question(Kind.CHOICES, is_optional=True), [], True),
        (question(Kind.DECLARATION), True, True),
        (question(Kind.DECLARATION), False, False),
        (question(Kind.FILE), None, False),
        (question(Kind.FILE, is_optional=True), None, True),
    ],
)
def test_an_application_is_submitted_only_with_everything_that_is_asked_for(asked, value, enough):
    assert (questions.why_not_submit_with(asked, value) is None) is enough


def test_what_is_missing_is_named_in_the_order_of_the_form():
    form = (
        Section("one", {"en": "One"}, (question(Kind.TEXT, code="b"), question(Kind.TEXT, code="a"))),
        Section("two", {"en": "Two"}, (question(Kind.FILE, code="letter"), question(Kind.FILE, code="other"))),
    )
    assert list(questions.missing(form, {"a": "here"}, {"letter"})) == ["b", "other"]
    assert [each.is_done for each in progress(form, {"a": "here", "b": "x"}, {"letter"})] == [True, False]


def test_a_form_that_was_kept_comes_back_as_it_was():
    form = (Section("one", {"en": "One"}, tuple(question(kind, code=str(kind), criterion="motivation") for kind in Kind)),)
    assert questions.form_of([section.stored() for section in form]) == form
