"""Two windows, two hands: a link is used once, a request goes out once, and an answer is never lost to a submission."""

import pytest

from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.applying import actions as applying
from inspire_lms.plugins.online_call.applying import queries
from inspire_lms.plugins.online_call.authorising import actions
from tests.plugins.online_call.builders import OPEN
from tests.plugins.online_call.superiors import QUESTION, SUPERIOR, a_draft_without_a_file, a_linked_call, ask, request_of
from tests.plugins.online_call.test_at_the_same_moment import at_once

pytestmark = pytest.mark.both_engines


def test_a_link_that_is_followed_in_many_windows_is_answered_once(app):
    draft = a_draft_without_a_file(a_linked_call())
    number, token = draft.id, ask(draft)
    answers = at_once(app, [lambda given=given: actions.answer(token, is_given=given, note=str(given), by=None) for given in (True, False) * 4], at=OPEN)
    assert sorted(map(str, answers)) == ["None", *["refused"] * 7]
    kept = request_of(number)
    assert (kept.state, kept.note) in {("given", "True"), ("refused", "False")}


def test_a_request_that_is_sent_in_many_windows_is_one_mail(app, outbox):
    draft = a_draft_without_a_file(a_linked_call())
    number, by = draft.id, draft.person_id
    asked = at_once(app, [lambda: actions.ask(number, QUESTION, by=by, **SUPERIOR)] * 5, at=OPEN)
    assert (asked.count("refused"), len(outbox), request_of(number).times) == (4, 1, 1)


def test_an_answer_in_the_moment_of_the_submission_reaches_the_rules(app):
    draft = a_draft_without_a_file(a_linked_call())
    number, by, token = draft.id, draft.person_id, ask(draft)
    deeds = [lambda: applying.submit(number, by=by), lambda: actions.answer(token, is_given=True, note="", by=None)]
    assert at_once(app, deeds, at=OPEN) == [None, None]
    session.rollback()
    assert {each.rule: str(each.finding) for each in queries.outcomes(number)}["authorised"] == "pass"
