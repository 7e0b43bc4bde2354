"""GIFT: what is read, what is refused and where, and that writing and reading agree."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspire_lms.plugins.assessment.bank.gift import Question, read
from inspire_lms.plugins.assessment.bank.gift_writing import write


def content_of(text: str) -> tuple[str, dict[str, object]]:
    questions, mistakes = read(f"::Q:: {text}", "en")
    assert mistakes == []
    return questions[0].kind, dict(questions[0].content)


def choice(code: str, text: str, weight: str, feedback: str = "") -> dict[str, object]:
    made: dict[str, object] = {"code": code, "text": {"en": text}, "weight": weight}
    return made | ({"feedback": {"en": feedback}} if feedback else {})


@pytest.mark.parametrize(
    ("text", "kind", "content"),
    [
        (
            "Who decides? {=The council ~The mayor#Not alone ~%25%Both}",
            "single",
            {
                "text": {"en": "Who decides?"},
                "choices": [choice("1", "The council", "100"), choice("2", "The mayor", "0", "Not alone"), choice("3", "Both", "25")],
            },
        ),
        (
            "Which two? {~%50%a ~%50%b ~%-100%c ~d}",
            "multiple",
            {
                "text": {"en": "Which two?"},
                "choices": [choice("1", "a", "50"), choice("2", "b", "50"), choice("3", "c", "-100"), choice("4", "d", "0")],
            },
        ),
        ("Water is wet. {TRUE}", "true_false", {"text": {"en": "Water is wet."}, "truth": "true"}),
        (
            "Fire is cold. {F#It burns.#Right.}",
            "true_false",
            {"text": {"en": "Fire is cold."}, "truth": "false", "feedback_wrong": {"en": "It burns."}, "feedback_right": {"en": "Right."}},
        ),
        ("Pi? {#3.14:0.005}", "numeric", {"text": {"en": "Pi?"}, "numbers": [{"least": "3.135", "most": "3.145", "weight": "100"}]}),
        ("From? {#-1..5}", "numeric", {"text": {"en": "From?"}, "numbers": [{"least": "-1", "most": "5", "weight": "100"}]}),
        (
            "When? {#=1822:0 =%50%1822:2#Nearly ~#No}",
            "numeric",
            {
                "text": {"en": "When?"},
                "numbers": [
                    {"least": "1822", "most": "1822", "weight": "100"},
                    {"least": "1820", "most": "1824", "weight": "50", "feedback": {"en": "Nearly"}},
                ],
                "feedback_wrong": {"en": "No"},
            },
        ),
        (
            "Name it. {=co-creation =%80%cocreation ####Unit 4}",
            "short_text",
            {
                "text": {"en": "Name it."},
                "feedback": {"en": "Unit 4"},
                "accepted": {"en": [{"text": "co-creation", "weight": "100"}, {"text": "cocreation", "weight": "80"}]},
            },
        ),
        (
            "Match. {=IT -> Rome =RO -> Bucharest = -> Paris}",
            "matching",
            {
                "text": {"en": "Match."},
                "pairs": [
                    {"left": {"en": "IT"}, "right": {"en": "Rome"}},
                    {"left": {"en": "RO"}, "right": {"en": "Bucharest"}},
                    {"left": {}, "right": {"en": "Paris"}},
                ],
            },
        ),
        ("Tell us. {}", "essay", {"text": {"en": "Tell us."}}),
        ("The {=mayor ~judge} decides.", "single", {"text": {"en": "The _____ decides."}, "choices": [choice("1", "mayor", "100"), choice("2", "judge", "0")]}),
        (r"[html]<p>A &amp; <b>B</b></p><p>2 \= 2\: \{x\}</p> {T}", "true_false", {"text": {"en": "A & B\n2 = 2: {x}"}, "truth": "true"}),
        (r"Two\nlines, one \~ tilde {T}", "true_false", {"text": {"en": "Two\nlines, one ~ tilde"}, "truth": "true"}),
        ("Wrapped\n  line {T}", "true_false", {"text": {"en": "Wrapped line"}, "truth": "true"}),
    ],
)
def test_each_form_of_question_is_read(text: str, kind: str, content: dict[str, object]) -> None:
    assert content_of(text) == (kind, content)


BROKEN = """// A bank with mistakes.
$CATEGORY: co-creation

::Good:: Fine? {T}

Without title {T}

::Open:: Never closed {=a ~b

::No answers:: Just words.

::Two right:: Which?
{
=a
=b
~c
}

::Bad weight:: Which?
{
~%50%a
~%fifty%b
}

::Thirds:: Which? {~%50%a ~%40%b ~c}

::Good:: Again? {F}

::Upside down:: How many? {#5..1}

::Not a number:: How many? {#many}

::Picture:: [html]See <img src="x"> {T}

::Pair:: Match {=a -> b =c}

::One pair:: Match {=a -> b}

::Two braces:: One {T} and {F}

::Same:: Which? {=a ~a}

::Empty:: {T}
"""


def test_each_mistake_is_told_with_its_line_and_its_question() -> None:
    questions, mistakes = read(BROKEN, "en")
    assert [(question.line, question.title, question.category) for question in questions] == [(4, "Good", "co-creation")]
    assert [(mistake.line, mistake.title, str(mistake.reason)) for mistake in mistakes] == [
        (6, "", "The question has no title. Write one before it, between two pairs of colons, for example ::Budget 1::."),
        (8, "Open", "A brace is opened and not closed before the next blank line."),
        (10, "No answers", "The question has no answers. They stand in braces at its end."),
        (13, "Two right", "Two choices are marked as right. Give each of them a part of the mark, for example %50%, to ask for several."),
        (22, "Bad weight", "The weight fifty is not a number from -100 to 100."),
        (25, "Thirds", "The right choices make up 90 % of the mark instead of 100 %."),
        (27, "Good", "The title stands at line 4 already. Each question has its own."),
        (29, "Upside down", "The smaller number of a range comes first."),
        (31, "Not a number", "“many” is not a number. Write 12, or 12:0.5 with a tolerance, or 11..13 for a range."),
        (33, "Picture", "The text holds the HTML element img, which cannot be taken over."),
        (35, "Pair", "A pair has the sign -> between its left and its right side."),
        (37, "One pair", "Matching needs at least two pairs."),
        (39, "Two braces", "A question has one pair of braces. Write a backslash before a brace that is meant as a letter."),
        (41, "Same", "Two choices say the same."),
        (43, "Empty", "The question has no text."),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "// only a comment\n", "$CATEGORY: x\n"])
def test_a_file_without_questions_is_a_mistake(text: str) -> None:
    questions, mistakes = read(text, "en")
    assert (questions, [str(mistake.reason) for mistake in mistakes]) == ([], ["The file holds no question."])


letters = st.characters(blacklist_categories=("Cs", "Co", "Cc", "Zl", "Zp", "Zs", "Cn"))
word = st.text(letters, min_size=1, max_size=8).filter(lambda text: not text.startswith(("//", "$", "%", "[")) and "->" not in text)
phrase = st.lists(word, min_size=1, max_size=4).map(" ".join)
words = st.fixed_dictionaries({"en": phrase})
maybe = st.one_of(st.just({}), words.map(lambda said: {"feedback": said}))
decimals = st.decimals(min_value=-9999, max_value=9999, places=2, allow_nan=False).map(lambda value: format(Decimal(value).normalize() + 0, "f"))


def with_codes(parts: list[tuple[str, str, dict[str, object]]]) -> list[dict[str, object]]:
    return [{"code": str(place), "text": {"en": text}, "weight": weight, **more} for place, (text, weight, more) in enumerate(parts, start=1)]


@st.composite
def choices(draw: st.DrawFn, right: tuple[str, ...]) -> dict[str, object]:
    texts = draw(st.lists(phrase, min_size=len(right) + 1, max_size=6, unique=True))
    weights = [*right, *draw(st.lists(st.sampled_from(["0", "-50", "-12.5"]), min_size=len(texts) - len(right), max_size=len(texts) - len(right)))]
    parts = [(text, weight, draw(maybe)) for text, weight in zip(texts, weights, strict=True)]
    return {"choices": with_codes(draw(st.permutations(parts)))}


@st.composite
def ranges(draw: st.DrawFn) -> dict[str, object]:
    low, high = sorted((draw(decimals), draw(decimals)), key=Decimal)
    more = draw(st.one_of(st.just({}), words.map(lambda said: {"feedback_wrong": said})))
    return {"numbers": [{"least": low, "most": high, "weight": "100", **draw(maybe)}], **more}


@st.composite
def pairs(draw: st.DrawFn) -> dict[str, object]:
    lefts = draw(st.lists(phrase, min_size=2, max_size=5, unique_by=lambda text: text.casefold()))
    made: list[dict[str, object]] = [{"left": {"en": left}, "right": {"en": draw(phrase)}} for left in lefts]
    if draw(st.booleans()):
        made.append({"left": {}, "right": {"en": draw(phrase)}})
    return {"pairs": made}


accepted = st.lists(st.tuples(phrase, maybe), min_size=1, max_size=3).map(
    lambda answers: {"accepted": {"en": [{"text": text, "weight": "100", **more} for text, more in answers]}}
)
truths = st.tuples(st.sampled_from(["true", "false"]), st.one_of(st.just({}), words.map(lambda said: {"feedback_right": said}))).map(
    lambda pair: {"truth": pair[0], **pair[1]}
)
contents = st.one_of(
    st.tuples(st.just("single"), choices(("100",))),
    st.tuples(st.just("multiple"), choices(("50", "50"))),
    st.tuples(st.just("multiple"), choices(("33.33", "33.33", "33.33"))),
    st.tuples(st.just("true_false"), truths),
    st.tuples(st.just("numeric"), ranges()),
    st.tuples(st.just("short_text"), accepted),
    st.tuples(st.just("matching"), pairs()),
    st.tuples(st.just("essay"), st.just({})),
)


@st.composite
def banks(draw: st.DrawFn) -> list[Question]:
    titles = draw(st.lists(phrase, min_size=1, max_size=4, unique=True))
    made = []
    for title in titles:
        kind, answers = draw(contents)
        made.append(Question(0, title, draw(st.sampled_from(["a", "b/c"])), kind, {"text": draw(words), **draw(maybe), **answers}))
    return made


@given(banks())
def test_what_is_written_is_read_back_as_it_was(bank: list[Question]) -> None:
    questions, mistakes = read(write(bank, "en"), "en")
    assert mistakes == []
    assert [(each.title, each.category, each.kind, each.content) for each in questions] == [
        (each.title, each.category, each.kind, each.content) for each in bank
    ]


@given(st.text(alphabet=st.sampled_from(list("::{}=~#%-> .\\\n/T$5ab\N{GREEK SMALL LETTER ALPHA}")), max_size=120))
def test_any_text_is_read_or_explained_and_never_breaks_the_reader(text: str) -> None:
    questions, mistakes = read(text, "en")
    assert questions or mistakes
    assert all(1 <= mistake.line <= text.count("\n") + 1 for mistake in mistakes)
