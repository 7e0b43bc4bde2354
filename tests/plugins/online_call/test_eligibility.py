"""Rules of eligibility, which are data."""

import pytest

from inspire_lms.plugins.online_call import eligibility
from inspire_lms.plugins.online_call.eligibility import Check, Finding, Rule

PASS, FAIL, UNKNOWN = Finding.PASS, Finding.FAIL, Finding.UNKNOWN


def rule(check, question="q", values=(), unsure=()):
    return Rule("r", check, question, tuple(values), tuple(unsure), {"en": "The condition"}, {"en": "Why not"})


@pytest.mark.parametrize(
    ("asked", "answers", "finding"),
    [
        (rule(Check.ONE_OF, values=["state", "region"], unsure=["other"]), {"q": "state"}, PASS),
        (rule(Check.ONE_OF, values=["state", "region"], unsure=["other"]), {"q": "company"}, FAIL),
        (rule(Check.ONE_OF, values=["state", "region"], unsure=["other"]), {"q": "other"}, UNKNOWN),
        (rule(Check.ONE_OF, values=["state"]), {}, UNKNOWN),
        (rule(Check.ONE_OF, values=["state"], unsure=["other"]), {"q": ["other", "state"]}, PASS),
        (rule(Check.ONE_OF, values=["state"]), {"q": []}, UNKNOWN),
        (rule(Check.TICKED), {"q": True}, PASS),
        (rule(Check.TICKED), {"q": False}, FAIL),
        (rule(Check.TICKED), {}, FAIL),
        (rule(Check.AT_LEAST, values=["3"]), {"q": 3}, PASS),
        (rule(Check.AT_LEAST, values=["3"]), {"q": 2}, FAIL),
        (rule(Check.AT_LEAST, values=["3"]), {}, UNKNOWN),
        (rule(Check.ATTACHED, "letter"), {}, PASS),
        (rule(Check.ATTACHED, "other"), {}, FAIL),
        (rule(Check.MAIL_ENDS, None, ["@comune.example", ".gov.example"]), {}, PASS),
        (rule(Check.MAIL_ENDS, None, ["@regione.example"]), {}, UNKNOWN),
    ],
)
def test_each_rule_passes_fails_or_says_that_it_cannot_know(asked, answers, finding):
    assert eligibility.find(asked, answers, {"letter"}, "anna@COMUNE.example") is finding


@pytest.mark.parametrize(
    ("findings", "together"),
    [([PASS, PASS], PASS), ([PASS, UNKNOWN], UNKNOWN), ([UNKNOWN, FAIL], FAIL), ([], PASS)],
)
def test_one_failure_fails_and_one_doubt_leaves_it_to_the_coordinator(findings, together):
    assert eligibility.overall(findings) is together


def test_a_rule_that_was_kept_comes_back_as_it_was():
    asked = rule(Check.ONE_OF, values=["a"], unsure=["b"])
    assert eligibility.rules_of([asked.stored()]) == (asked,)
