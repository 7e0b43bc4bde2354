"""The form as data: what is asked after which answers, what a day and a consent are, and what no edition file may ask."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspire_lms.kernel.programmes import sample
from inspire_lms.plugins.online_call import eligibility, questions
from inspire_lms.plugins.online_call.drafting import unasked, versions
from inspire_lms.plugins.online_call.drafting.progress import progress
from inspire_lms.plugins.online_call.eligibility import Check, Finding
from inspire_lms.plugins.online_call.form.conditions import Condition
from inspire_lms.plugins.online_call.questions import TAKEN_BACK, Kind, Section
from tests.builders import words
from tests.plugins.online_call.builders import BRANCHED, a_branching_form, a_question, a_rule
from tests.plugins.online_call.test_opening import FILE, read_file

FORM = a_branching_form()
ALWAYS = {"administration", "employed", "body", "since", "challenge", "authorisation", "adjustments", "declaration", "letters"}


@pytest.mark.parametrize(
    ("answers", "more"),
    [
        ({}, set()),
        ({"body": "state"}, set()),
        ({"body": "other"}, {"which"}),
        ({"body": "town"}, {"mayor", "plan"}),
        ({"body": "town", "mayor": "no"}, {"mayor", "plan", "why"}),
        ({"body": "town", "mayor": "yes"}, {"mayor", "plan"}),
        ({"body": "state", "mayor": "no"}, set()),
        ({"body": ["town"]}, set()),
    ],
)
def test_what_is_asked_follows_from_the_answers_and_what_is_not_asked_decides_nothing(answers, more):
    assert questions.asked(FORM, answers) == ALWAYS | more
    assert {each.code for each in questions.only_asked(FORM, answers)} == {"work", "motivation"} | ({"town"} if "mayor" in more else set())


def forms():
    """Forms of one section in which each question but the first may depend on one of those before it."""
    options = {code: words(code) for code in "abc"}

    def made(drawn):
        asked = [
            a_question(f"q{place}", Kind.CHOICE, options=options, when=Condition(f"q{on % place}", tuple(sorted(which))) if on is not None and place else None)
            for place, (on, which) in enumerate(drawn)
        ]
        return (Section("one", words("One"), tuple(asked[: len(asked) // 2])), Section("two", words("Two"), tuple(asked[len(asked) // 2 :])))

    one = st.tuples(st.none() | st.integers(0, 5), st.sets(st.sampled_from("abc"), min_size=1))
    return st.lists(one, min_size=2, max_size=6).map(made)


@settings(max_examples=60, deadline=None)
@given(form=forms(), data=st.data())
def test_a_question_is_asked_exactly_when_all_that_it_rests_on_is_answered_so_and_no_other_answer_is_kept(form, data):
    every = questions.all_questions(form)
    answers = {each.code: data.draw(st.none() | st.sampled_from("abc"), label=each.code) for each in every}
    by_code = {each.code: each for each in every}

    def is_asked(question):
        return question.when is None or (is_asked(by_code[question.when.question]) and answers[question.when.question] in question.when.answers)

    asked = questions.asked(form, answers)
    assert asked == {each.code for each in every if is_asked(each)}
    # In whatever order the answers were saved, the same is asked.
    backwards = dict(reversed(list(answers.items())))
    assert questions.asked(form, backwards) == asked
    # What is dropped on submission was not asked, and without it the same is asked as with it.
    dropped = {each.code for each in unasked.answered_unasked(form, answers, ())}
    kept = {code: value for code, value in answers.items() if code in asked}
    assert dropped == {code for code, value in answers.items() if value and code not in asked}
    assert questions.asked(form, kept) == asked
    assert set(questions.missing(form, answers, ())) == {code for code in asked if answers[code] is None}


@pytest.mark.parametrize(
    ("check", "question"),
    [(Check.TICKED, "why"), (Check.ATTACHED, "plan"), (Check.ONE_OF, "mayor"), (Check.AT_LEAST, "which"), (Check.AUTHORISED, "plan")],
)
def test_a_rule_about_a_question_that_was_not_asked_cannot_tell(check, question):
    rule, asked = a_rule("r", check, question, "1"), questions.asked(FORM, BRANCHED)
    assert eligibility.find(rule, {}, set(), "", asked=asked) is Finding.UNKNOWN
    assert eligibility.find(rule, {"mayor": "1"}, {"plan"}, "", asked=asked) is Finding.UNKNOWN


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("1980-01-01", None),
        ("2026-11-16", None),
        ("", "Write an answer."),
        ("1979-12-31", "A day from 1980-01-01 to 2026-11-16."),
        ("2026-11-17", "A day from 1980-01-01 to 2026-11-16."),
        ("2026-04-31", "Write a day that exists, for example 15 9 2026."),
        ("2023-02-29", "Write a day that exists, for example 15 9 2026."),
        ("31/12/2020", "Write a day that exists, for example 15 9 2026."),
        (20260101, "Write a day that exists, for example 15 9 2026."),
    ],
)
def test_a_day_exists_and_lies_within_its_limits(value, reason):
    since = next(each for each in questions.all_questions(FORM) if each.code == "since")
    found = questions.why_not_submit_with(since, value)
    assert (str(found) if found else None) == reason


def test_a_day_may_have_one_limit():
    limits = a_question("day", Kind.DATE)
    first, last = datetime(2026, 1, 1, tzinfo=UTC).date(), datetime(2026, 12, 31, tzinfo=UTC).date()
    assert str(questions.why_not_submit_with(replace(limits, earliest=first), "2025-12-31")) == "A day not before 2026-01-01."
    assert str(questions.why_not_submit_with(replace(limits, latest=last), "2027-01-01")) == "A day not after 2026-12-31."
    assert questions.why_not_submit_with(limits, "1900-01-01") is None


@pytest.mark.parametrize("value", [True, False, None, TAKEN_BACK])
def test_nobody_has_to_consent(value):
    assert questions.why_not_submit_with(a_question("letters", Kind.CONSENT), value) is None


def test_a_form_with_conditions_days_and_consents_comes_back_as_it_was_kept():
    assert questions.form_of([section.stored() for section in FORM]) == FORM


def test_progress_counts_what_is_needed_and_asked_in_words():
    def told(answers, attached=()):
        return [(each.code, str(each.text), each.is_done) for each in progress(FORM, answers, attached)]

    assert told({}) == [("work", "0 of 4 needed answers", False), ("motivation", "0 of 3 needed answers", False)]
    town = {"administration": "Comune", "employed": "yes", "body": "town", "since": "2019-03-01", "mayor": "no"}
    assert told(town, {"authorisation"}) == [
        ("work", "4 of 4 needed answers", True), ("town", "1 of 2 needed answers", False), ("motivation", "1 of 3 needed answers", False),
    ]  # fmt: skip
    only_optional = (Section("one", words("One"), (a_question("a", is_optional=True, most=3),)),)
    assert [(str(each.text), each.is_done) for each in progress(only_optional, {"a": "long"}, ())] == [("Nothing in it has to be answered.", False)]


QUESTION = '[[call.section.question]]\ncode = "{code}"\nkind = "{kind}"\ntitle = {{ en = "{title}" }}\n{more}\n'


def with_question(code="more", kind="text", title="More", more=""):
    """The file with one more question at the end of its only section."""
    return FILE.replace("[[call.rule]]", QUESTION.format(code=code, kind=kind, title=title, more=more) + "[[call.rule]]", 1)


def test_when_something_is_asked_is_read_from_the_file():
    second = '[[call.section]]\ncode = "town"\ntitle = { en = "Town" }\nwhen = { question = "sector", is = ["town"] }\n'
    limits = 'least = 1990-01-01\nmost = 2026-12-31\nwhen = { question = "sector", is = ["state", "town"] }'
    text = with_question(kind="date", more=limits).replace("[[call.rule]]", second + QUESTION.format(code="free", kind="consent", title="Free", more="") + "[[call.rule]]", 1)
    part, mistakes = read_file(text)
    assert mistakes == []
    more, free = part.form[0].questions[-1], part.form[1].questions[0]
    assert (more.when, str(more.earliest), str(more.latest)) == (Condition("sector", ("state", "town")), "1990-01-01", "2026-12-31")
    assert (part.form[1].when, free.kind, free.is_optional, part.draft_remind_hours) == (Condition("sector", ("town",)), Kind.CONSENT, True, 48)


@pytest.mark.parametrize(
    ("more", "mistake"),
    [
        ('when = { question = "nobody", is = ["yes"] }', "“nobody” is no question that stands earlier in the form."),
        ('when = { question = "more", is = ["yes"] }', "“more” is no question that stands earlier in the form."),
        ('when = { question = "sector", is = ["county"] }', "The question “sector” has no option “county”."),
        ('when = { question = "sector", is = [] }', "Say after which answers it is asked."),
        ('when = { question = "sector" }', "“is” is missing."),
        ('when = { question = "administration", is = ["x"] }', "What is asked can depend on questions of the kinds choice and yes-no."),
    ],
)
def test_a_condition_looks_at_an_earlier_question_and_its_options(more, mistake):
    _part, mistakes = read_file(with_question(more=more))
    assert any(mistake in said for said in mistakes), mistakes


def test_a_condition_cannot_look_at_what_stands_later_or_may_be_mended_and_the_employer_is_asked_of_all():
    later = FILE.replace('code = "administration"', 'code = "administration"\nwhen = { question = "sector", is = ["state"] }', 1)
    mended = with_question(more='when = { question = "sector", is = ["town"] }').replace('code = "sector"', 'code = "sector"\nmendable = true', 1)
    linked = '[call.section.question.link]\nsentence = { en = "I agree" }\n'
    found = [read_file(each)[1] for each in (later, mended, with_question("extra", "file", more='when = { question = "sector", is = ["town"] }\n' + linked))]
    sentences = ("“sector” is no question that stands earlier", "“sector” may be mended: nothing can depend on it", "This question is asked of everybody")
    for mistakes, sentence in zip(found, sentences, strict=True):
        assert any(sentence in said for said in mistakes), mistakes
    assert any("This question is asked of everybody" in said for said in found[0])


@pytest.mark.parametrize("more", ['criterion = "motivation"', "optional = false", "mendable = true"])
def test_nothing_can_depend_on_a_consent(more):
    _part, mistakes = read_file(with_question("free", "consent", more=more))
    assert any("A consent is free" in said for said in mistakes), mistakes


def test_no_rule_can_ask_for_a_consent():
    text = with_question("free", "consent").replace('question = "sector"\nis = ["state"]', 'question = "free"\ndeclared = true', 1)
    assert any("A consent is free" in said for said in read_file(text)[1])


@pytest.mark.parametrize(("more", "is_refused"), [("optional = true\nprivate = true", False), ("optional = true", True), ("private = true", True)])
def test_what_somebody_needs_to_take_part_is_for_the_coordinator_alone_and_nobody_has_to_say_it(more, is_refused):
    _part, mistakes = read_file(with_question("adjustments", more=more))
    assert any("is for the coordinator alone" in said for said in mistakes) is is_refused


def test_the_sample_asks_for_nothing_that_is_not_collected():
    text = (Path(str(sample.__path__[0])) / "pilot.toml").read_text()
    assert 'kind = "consent"' in text
    assert 'when = { question = "equipment"' in text


@pytest.mark.parametrize(
    ("zone", "closes", "mistake"),
    [
        ("Europe/Rome", "2027-03-28T01:59:59", None),
        ("Europe/Rome", "2027-03-28T02:00:00", "This time does not exist in Europe/Rome"),
        ("Europe/Rome", "2027-03-28T02:59:59", "This time does not exist in Europe/Rome"),
        ("Europe/Rome", "2027-03-28T03:00:00", None),
        ("Europe/Athens", "2027-03-28T02:59:59", None),
        ("Europe/Athens", "2027-03-28T03:30:00", "This time does not exist in Europe/Athens"),
        ("Europe/Bucharest", "2027-03-28T03:00:00", "This time does not exist in Europe/Bucharest"),
        ("Europe/Bucharest", "2027-03-28T04:00:00", None),
        ("Europe/Rome", "2027-10-31T01:59:59", None),
        ("Europe/Rome", "2027-10-31T02:30:00", "twice"),
        ("Europe/Athens", "2027-10-31T03:30:00", "twice"),
        ("Europe/Bucharest", "2027-10-31T03:59:59", "twice"),
        ("Europe/Bucharest", "2027-10-31T04:00:00", None),
    ],
)
def test_a_deadline_in_an_hour_that_is_skipped_or_repeated_is_refused(zone, closes, mistake):
    late = FILE.replace("2026-12-11T12:00:00", closes).replace("2026-12-18", "2027-11-20").replace("2027-01-15", "2027-12-01").replace("2027-02-12", "2027-12-20")
    part, mistakes = read_file(late, zone=zone)
    if mistake:
        assert len(mistakes) == 1
        assert mistake in mistakes[0]
    else:
        assert mistakes == []
        assert f"{part.closes_at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M:%S}" == closes


def held(stored, new, version):
    return versions.merged(stored, new, version)[1]


class TestVersions:
    """What a page has seen of a draft."""

    def test_an_answer_that_was_changed_elsewhere_is_overtaken_and_the_others_are_not(self):
        seen = versions.told(["a", "b", "c"], {"a": "1", "b": "2"})
        stored = {"a": "1", "b": "newer", "c": "new"}
        assert held(stored, {"a": "mine", "b": "mine"}, seen) == {"b": "newer"}
        assert held(stored, {"b": "newer", "c": "new"}, seen) == {}
        assert held(stored, {"b": "mine"}, versions.after(seen, {"b": "newer"})) == {}

    def test_what_a_page_sends_as_it_has_seen_it_changes_nothing(self):
        seen = versions.told(["a", "b"], {"a": "old", "b": "same"})
        assert versions.merged({"a": "newer", "b": "same"}, {"a": "old", "b": "same"}, seen) == ({"b": "same"}, {})

    @pytest.mark.parametrize("empty", [None, "", [], False])
    def test_nothing_is_nothing_in_whatever_way_it_is_written(self, empty):
        assert held({}, {"a": empty}, versions.told(["a"], {"a": "gone since"})) == {}
        assert held({"a": empty}, {"a": "mine"}, versions.told(["a"], {})) == {}

    def test_nought_is_an_answer_and_no_is_one(self):
        assert held({"a": 0}, {"a": 3}, versions.told(["a"], {})) == {"a": 0}
        assert held({"a": "no"}, {"a": "yes"}, versions.told(["a"], {})) == {"a": "no"}

    def test_a_page_that_does_not_say_what_it_has_seen_of_an_answer_writes_over_none(self):
        assert held({"a": "1"}, {"a": "2"}, "nonsense b=1") == {"a": "1"}
        assert held({"a": "1"}, {"a": "2"}, "") == {}

    def test_two_devices_in_any_order_lose_nothing_in_silence(self):
        for order in permutations(["one", "two"]):
            stored, seen, waits = {"a": "start"}, versions.told(["a"], {"a": "start"}), []
            for device in order:
                if held(stored, {"a": device}, seen):
                    waits.append(device)
                else:
                    stored["a"] = device
            assert (stored["a"], waits) == (order[0], [order[1]])
