"""Each kind of question: when it can be asked, what may be answered, and what the answer earns."""

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspire_lms.plugins.assessment.kinds import essay, short_text
from inspire_lms.plugins.assessment.kinds.known import KINDS, TITLES, languages
from inspire_lms.plugins.assessment.kinds.shape import folded


def choices(*weights: str) -> dict[str, Any]:
    return {"text": {"en": "?"}, "choices": [{"code": str(at), "text": {"en": f"choice {at}"}, "weight": weight} for at, weight in enumerate(weights, 1)]}


SINGLE = choices("100", "0", "50", "-25")
MULTIPLE = choices("50", "50", "0", "0")
PENALTY = choices("50", "50", "-50", "-100")
THIRDS = choices("33.33", "33.33", "33.33", "0")
TRUE = {"text": {"en": "?"}, "truth": "true"}
NUMERIC = {"text": {"en": "?"}, "numbers": [{"least": "9.5", "most": "10.5", "weight": "100"}, {"least": "9", "most": "11", "weight": "50"}]}
SHORT = {
    "text": {"en": "?", "it": "?"},
    "accepted": {"en": [{"text": "co-creation", "weight": "100"}, {"text": "co*", "weight": "40"}], "it": [{"text": "co-creazione", "weight": "100"}]},
}
MATCHING = {
    "text": {"en": "?"},
    "pairs": [
        {"left": {"en": "Rome"}, "right": {"en": "Italy"}},
        {"left": {"en": "Milan"}, "right": {"en": "Italy"}},
        {"left": {}, "right": {"en": "Spain"}},
        {"left": {"en": "Athens"}, "right": {"en": "Greece"}},
    ],
}
RUBRIC = {
    "text": {"en": "?"},
    "most_letters": 20,
    "criteria": [
        {"code": "a", "competence": "systems", "title": {"en": "A"}, "levels": [{"points": str(at), "text": {"en": str(at)}} for at in (0, 1, 3, 5)]},
        {"code": "b", "competence": "ethics", "title": {"en": "B"}, "levels": [{"points": "0", "text": {"en": "0"}}, {"points": "2.5", "text": {"en": "x"}}]},
    ],
}


@pytest.mark.parametrize(
    ("kind", "content", "answer", "share"),
    [
        ("single", SINGLE, None, "0"),
        ("single", SINGLE, ["1"], "1"),
        ("single", SINGLE, ["2"], "0"),
        ("single", SINGLE, ["3"], "0.5"),
        ("single", SINGLE, ["4"], "0"),
        ("single", SINGLE, ["9"], "0"),
        ("multiple", MULTIPLE, None, "0"),
        ("multiple", MULTIPLE, [], "0"),
        ("multiple", MULTIPLE, ["1"], "0.5"),
        ("multiple", MULTIPLE, ["1", "2"], "1"),
        ("multiple", MULTIPLE, ["2", "1"], "1"),
        ("multiple", MULTIPLE, ["1", "2", "3"], "0.5"),
        ("multiple", MULTIPLE, ["1", "2", "3", "4"], "0"),
        ("multiple", PENALTY, ["1", "3"], "0"),
        ("multiple", PENALTY, ["1", "2", "3"], "0.5"),
        ("multiple", THIRDS, ["1", "2", "3"], "1"),
        ("multiple", THIRDS, ["1", "2"], "0.6666"),
        ("true_false", TRUE, ["true"], "1"),
        ("true_false", TRUE, ["false"], "0"),
        ("true_false", TRUE, None, "0"),
        ("numeric", NUMERIC, ["9.4999"], "0.5"),
        ("numeric", NUMERIC, ["9.5"], "1"),
        ("numeric", NUMERIC, ["10,5"], "1"),
        ("numeric", NUMERIC, ["10.5001"], "0.5"),
        ("numeric", NUMERIC, ["11"], "0.5"),
        ("numeric", NUMERIC, ["11.0001"], "0"),
        ("numeric", NUMERIC, ["−10"], "0"),
        ("numeric", NUMERIC, ["ten"], "0"),
        ("numeric", NUMERIC, None, "0"),
        ("short_text", SHORT, ["Co-Creation"], "1"),
        ("short_text", SHORT, ["  co-creation "], "1"),
        ("short_text", SHORT, ["CO-CREAZIONE"], "1"),
        ("short_text", SHORT, ["co-design"], "0.4"),
        ("short_text", SHORT, ["creation"], "0"),
        ("short_text", SHORT, None, "0"),
        ("matching", MATCHING, ["0", "1", "3"], "1"),
        ("matching", MATCHING, ["1", "0", "3"], "1"),
        ("matching", MATCHING, ["0", "2", "3"], "0.6667"),
        ("matching", MATCHING, ["", "", "3"], "0.3333"),
        ("matching", MATCHING, ["2", "2", "2"], "0"),
        ("matching", MATCHING, None, "0"),
        ("essay", RUBRIC, None, "0"),
        ("essay", RUBRIC, ["  "], "0"),
    ],
)
def test_an_answer_earns_its_share(kind: str, content: dict[str, Any], answer: list[str] | None, share: str) -> None:
    assert KINDS[kind].grade(content, answer) == Decimal(share)


def test_an_essay_waits_for_a_person() -> None:
    assert KINDS["essay"].grade(RUBRIC, ["A text"]) is None


@pytest.mark.parametrize(
    ("kind", "content", "answer", "reason"),
    [
        ("single", SINGLE, ["1"], None),
        ("single", SINGLE, ["1", "2"], "Choose one answer only."),
        ("single", SINGLE, ["7"], "That is not one of the choices."),
        ("multiple", MULTIPLE, ["1", "4"], None),
        ("multiple", MULTIPLE, ["1", "1"], "That is not one of the choices."),
        ("multiple", MULTIPLE, ["<script>"], "That is not one of the choices."),
        ("true_false", TRUE, ["true"], None),
        ("true_false", TRUE, ["maybe"], "That is not one of the choices."),
        ("numeric", NUMERIC, ["3,5"], None),
        ("numeric", NUMERIC, ["1.234,5"], "Write a number, for example 12 or 3.5, without a sign for thousands."),
        ("numeric", NUMERIC, ["ten"], "Write a number, for example 12 or 3.5, without a sign for thousands."),
        ("numeric", NUMERIC, ["NaN"], "Write a number, for example 12 or 3.5, without a sign for thousands."),
        ("short_text", SHORT, ["x" * 200], None),
        ("short_text", SHORT, ["x" * 201], "Write at most 200 characters."),
        ("matching", MATCHING, ["0", "", "3"], None),
        ("matching", MATCHING, ["0", "3"], "That is not one of the choices."),
        ("matching", MATCHING, ["0", "4", "3"], "That is not one of the choices."),
        ("essay", RUBRIC, ["x" * 20], None),
        ("essay", RUBRIC, ["x" * 21], "The text has 21 characters; at most 20 are allowed."),
    ],
)
def test_an_answer_that_cannot_be_one_is_refused(kind: str, content: dict[str, Any], answer: list[str], reason: str | None) -> None:
    said = KINDS[kind].why_not(content, answer)
    assert (said and str(said)) == reason


@pytest.mark.parametrize(
    ("kind", "content", "reason"),
    [
        ("single", SINGLE, None),
        ("single", choices("100"), "A question with choices needs at least two of them."),
        ("single", choices(*["100"] + ["0"] * 20), "More than 20 choices are too many."),
        ("single", choices("0", "50"), "No choice is marked as the right one."),
        ("multiple", THIRDS, None),
        ("multiple", choices("50", "49.95"), None),
        ("multiple", choices("50", "49.94"), "The right choices make up 99.94 % of the mark instead of 100 %."),
        ("multiple", {"text": {"en": "?", "it": "?"}, "choices": MULTIPLE["choices"]}, "A choice is empty."),
        ("true_false", {"text": {}, "truth": "yes"}, "The question does not say whether the sentence is true or false."),
        ("numeric", NUMERIC, None),
        ("numeric", {"numbers": [{"least": "2", "most": "1", "weight": "100"}]}, "The smaller number of a range comes first."),
        ("numeric", {"numbers": [{"least": "1", "most": "1", "weight": "99"}]}, "No number is marked as the right one."),
        ("short_text", SHORT, None),
        ("short_text", {"text": {"en": "?"}, "accepted": {"en": [{"text": "a", "weight": "90"}]}}, "No answer is accepted as the right one."),
        ("short_text", {"text": {}, "accepted": {"en": [{"text": " * ", "weight": "100"}]}}, "An accepted answer is empty."),
        ("matching", MATCHING, None),
        ("matching", {"text": {"en": "?"}, "pairs": MATCHING["pairs"][1:3]}, "Matching needs at least two pairs."),
        ("essay", RUBRIC, None),
        ("essay", {}, None),
        (
            "essay",
            {"criteria": [{"code": "a", "title": {}, "levels": [{"points": "1", "text": {}}, {"points": "1", "text": {}}]}]},
            "Each criterion needs at least two levels, with rising points from 0.",
        ),
    ],
)
def test_a_question_that_cannot_be_asked_says_why(kind: str, content: dict[str, Any], reason: str | None) -> None:
    said = KINDS[kind].check(content)
    assert (said and str(said)) == reason


@pytest.mark.parametrize(
    ("kind", "content", "answer", "words"),
    [
        ("single", SINGLE, ["2"], "choice 2"),
        ("multiple", MULTIPLE, ["3", "1"], "choice 1\nchoice 3"),
        ("true_false", TRUE, ["false"], "false"),
        ("numeric", NUMERIC, [" 3,5 "], "3,5"),
        ("short_text", SHORT, [" a b "], "a b"),
        ("matching", MATCHING, ["2", "", "3"], "Rome – Spain\nAthens – Greece"),
        ("essay", RUBRIC, ["Text"], "Text"),
        ("essay", RUBRIC, None, ""),
    ],
)
def test_an_answer_can_be_put_into_words(kind: str, content: dict[str, Any], answer: list[str] | None, words: str) -> None:
    assert KINDS[kind].describe(content, answer, "en") == words


def test_an_essay_without_a_rubric_is_marked_as_a_whole() -> None:
    assert [criterion.code for criterion in essay.criteria({})] == ["whole"]
    assert essay.most_points({}) == 4


@pytest.mark.parametrize(
    ("levels", "reason"),
    [({"a": 0, "b": 0}, None), ({"a": 3, "b": 1}, None), ({"a": 3}, "!"), ({"a": 4, "b": 0}, "!"), ({"a": -1, "b": 0}, "!"), ({}, "!")],
)
def test_every_criterion_needs_one_of_its_levels(levels: dict[str, int], reason: str | None) -> None:
    said = next((no for each in essay.criteria(RUBRIC) if (no := essay.why_not_level(each, levels))), None)
    assert (str(said) if said else None) == (reason and "Choose a level for each criterion.")


def test_the_points_of_an_essay_are_those_of_the_levels() -> None:
    assert essay.points(RUBRIC, {"a": 2, "b": 1}) == Decimal("5.5")
    assert essay.most_points(RUBRIC) == Decimal("7.5")
    assert essay.earned(RUBRIC, {"a": 2, "b": 1}) == [("systems", Decimal(3), Decimal(5)), ("ethics", Decimal("2.5"), Decimal("2.5"))]


def test_a_language_counts_when_the_whole_question_speaks_it() -> None:
    half = {"text": {"en": "?", "it": "?"}, "choices": [{"code": "1", "text": {"en": "a", "it": "b"}, "weight": "100"}, {"code": "2", "text": {"en": "c"}, "weight": "0"}]}
    assert languages("single", half) == ("en",)
    assert languages("short_text", SHORT) == ("en", "it")
    assert languages("matching", MATCHING) == ("en",)


def test_each_kind_has_a_title() -> None:
    assert list(TITLES) == list(KINDS)


weights = st.lists(st.sampled_from(["100", "50", "33.33", "0", "-10", "-100"]), min_size=2, max_size=8)


@given(weights, st.data())
def test_marks_stay_between_nothing_and_all(given_weights: list[str], data: st.DataObject) -> None:
    content = choices(*given_weights)
    codes = data.draw(st.lists(st.sampled_from([str(at) for at in range(1, len(given_weights) + 3)]), max_size=8))
    for kind in ("single", "multiple"):
        share = KINDS[kind].grade(content, codes)
        assert share is not None
        assert 0 <= share <= 1


@given(weights, st.data())
def test_the_order_of_ticks_makes_no_difference(given_weights: list[str], data: st.DataObject) -> None:
    content = choices(*given_weights)
    ticked = data.draw(st.lists(st.sampled_from([str(at) for at in range(1, len(given_weights) + 1)]), unique=True))
    mixed = data.draw(st.permutations(ticked))
    assert KINDS["multiple"].grade(content, ticked) == KINDS["multiple"].grade(content, mixed)


@given(st.integers(1, 5), st.integers(1, 5))
def test_exactly_the_right_ticks_earn_everything_and_all_ticks_nothing(right: int, wrong: int) -> None:
    part = str((Decimal(100) / right).quantize(Decimal("0.01")))
    content = choices(*[part] * right, *["0"] * wrong)
    assert KINDS["multiple"].grade(content, [str(at) for at in range(1, right + 1)]) == 1
    everything = KINDS["multiple"].grade(content, [str(at) for at in range(1, right + wrong + 1)])
    assert everything is not None
    assert everything <= Decimal("0.0005")


@given(st.text(max_size=30))
def test_any_text_in_place_of_a_number_is_graded_or_refused(text: str) -> None:
    assert KINDS["numeric"].grade(NUMERIC, [text]) is not None
    KINDS["numeric"].why_not(NUMERIC, [text])


@given(st.text(max_size=30), st.text(alphabet="ab*.?([", max_size=10).filter(lambda text: text.strip(" *")))
def test_a_star_stands_for_any_letters_and_nothing_else_is_special(text: str, pattern: str) -> None:
    content = {"text": {"en": "?"}, "accepted": {"en": [{"text": pattern, "weight": "100"}]}}
    plain = pattern.replace("*", "x")
    assert KINDS["short_text"].grade(content, [plain]) == 1
    assert KINDS["short_text"].grade(content, [text]) in (0, 1)


@given(st.text(alphabet="ab ", max_size=8), st.text(alphabet="ab *", max_size=8))
def test_patterns_fit_as_the_letters_say(given_text: str, pattern: str) -> None:
    expected = re.fullmatch(".*".join(re.escape(part) for part in folded(pattern).split("*")), folded(given_text)) is not None
    assert short_text.is_accepted(pattern, given_text) is expected


@pytest.mark.parametrize(
    ("accepted", "given", "expected"),
    [
        ("Συνδημιουργία", "ΣΥΝΔΗΜΙΟΥΡΓΙΑ", True),
        ("προϋπολογισμός", "ΠΡΟΫΠΟΛΟΓΙΣΜΟΣ", True),
        ("Μαΐου", "μαϊου", True),
        ("città", "CITTÀ", True),
        ("città", "citta", False),
        ("țară", "tara", False),
    ],
)
def test_greek_capitals_have_no_tonos_and_other_letters_keep_their_marks(accepted, given, expected):
    assert short_text.is_accepted(accepted, given) is expected


def test_a_pattern_of_many_stars_is_answered_at_once() -> None:
    assert short_text.is_accepted("a*" * 60 + "b", "a" * 200) is False
