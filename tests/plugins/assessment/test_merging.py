"""What an import does to the bank."""

from typing import Any

import pytest

from inspire_lms.plugins.assessment.bank.encoding import decoded
from inspire_lms.plugins.assessment.bank.gift import Question, read
from inspire_lms.plugins.assessment.bank.merging import Change, Deed, Known, plan

CODES = ("ethics", "systems")
ENGLISH = "$CATEGORY: top/ethics\n\n::A:: Who decides? {=The council ~The mayor}"
ITALIAN = "$CATEGORY: ethics\n\n::A:: Chi decide? {=Il consiglio ~Il sindaco}"


def questions(text: str, language: str) -> list[Question]:
    found, mistakes = read(text, language)
    assert mistakes == []
    return found


def known(text: str = ENGLISH, language: str = "en") -> dict[str, Known]:
    return {each.title: Known(each.kind, each.content, "ethics") for each in questions(text, language)}


def changes(text: str, language: str, bank: dict[str, Known], **more: Any) -> list[Change]:
    found, mistakes = plan(questions(text, language), bank, language=language, competences=CODES, **more)
    assert mistakes == []
    return found


def refusals(text: str, language: str, bank: dict[str, Known], **more: Any) -> list[tuple[int, str]]:
    found, mistakes = plan(questions(text, language), bank, language=language, competences=CODES, **more)
    assert found == []
    return [(each.line, str(each.reason)) for each in mistakes]


def test_a_title_that_is_not_there_becomes_a_new_question() -> None:
    assert [(each.deed, each.competence) for each in changes(ENGLISH, "en", {})] == [(Deed.NEW, "ethics")]


def test_the_same_again_changes_nothing() -> None:
    assert [each.deed for each in changes(ENGLISH, "en", known())] == [Deed.SAME]


def test_a_second_language_joins_the_same_question() -> None:
    change = changes(ITALIAN, "it", known())[0]
    assert change.deed is Deed.LANGUAGE
    assert change.content == {
        "text": {"en": "Who decides?", "it": "Chi decide?"},
        "choices": [
            {"code": "1", "text": {"en": "The council", "it": "Il consiglio"}, "weight": "100"},
            {"code": "2", "text": {"en": "The mayor", "it": "Il sindaco"}, "weight": "0"},
        ],
    }


def test_a_language_that_is_there_is_corrected() -> None:
    change = changes(ENGLISH.replace("Who", "Which body"), "en", known())[0]
    assert (change.deed, change.content["text"]) == (Deed.CORRECTED, {"en": "Which body decides?"})


@pytest.mark.parametrize(
    "other",
    [ITALIAN.replace("=Il consiglio ~Il sindaco", "~Il consiglio =Il sindaco"), ITALIAN.replace("~Il sindaco", "~Il sindaco ~Nessuno"), "$CATEGORY: ethics\n\n::A:: Decide? {T}"],
)
def test_another_key_in_a_second_language_is_refused(other: str) -> None:
    sentence = "The bank has this question with other answers or weights, in en. Make them agree, or allow questions to be replaced."
    assert refusals(other, "it", known()) == [(3, sentence)]


def test_a_question_in_one_language_only_may_get_another_key() -> None:
    other = ENGLISH.replace("=The council ~The mayor", "~The council =The mayor")
    assert [(each.deed, each.lost) for each in changes(other, "en", known())] == [(Deed.REPLACED, ())]


def test_replacing_keeps_the_other_languages_when_every_answer_still_has_its_words() -> None:
    bank = {"A": Known("single", changes(ITALIAN, "it", known())[0].content, "ethics")}
    other = ENGLISH.replace("=The council ~The mayor", "~The council =The mayor")
    change = changes(other, "en", bank, replace=True)[0]
    assert (change.deed, change.lost) == (Deed.REPLACED, ())
    assert [(each["weight"], sorted(each["text"])) for each in change.content["choices"]] == [("0", ["en", "it"]), ("100", ["en", "it"])]


def test_replacing_says_which_languages_have_to_come_again() -> None:
    bank = {"A": Known("single", changes(ITALIAN, "it", known())[0].content, "ethics")}
    change = changes(ENGLISH.replace("~The mayor", "~The mayor ~Nobody"), "en", bank, replace=True)[0]
    assert (change.deed, change.lost, list(change.content["text"])) == (Deed.REPLACED, ("it",), ["en"])


@pytest.mark.parametrize(
    ("text", "spare", "outcome"),
    [
        ("::A:: Sure? {T}", "systems", "systems"),
        ("::A:: Sure? {T}", "", "The question names no competence. A line $CATEGORY: above it ends in one of these: ethics, systems."),
        ("$CATEGORY: cooking\n\n::A:: Sure? {T}", "", "There is no competence cooking. The line $CATEGORY: ends in one of these: ethics, systems."),
        ("$CATEGORY: a/b/systems\n\n::A:: Sure? {T}", "ethics", "systems"),
    ],
)
def test_each_question_belongs_to_a_competence(text: str, spare: str, outcome: str) -> None:
    if outcome in CODES:
        assert changes(text, "en", {}, spare=spare)[0].competence == outcome
    else:
        assert [reason for _, reason in refusals(text, "en", {}, spare=spare)] == [outcome]


def test_a_question_without_category_keeps_the_competence_it_has() -> None:
    assert changes("::A:: Who decides? {=The council ~The mayor}", "en", known(), spare="systems")[0].competence == "ethics"


@pytest.mark.parametrize(
    ("raw", "language", "text"),
    [
        ("Ναι".encode(), "el", "Ναι"),
        ("\ufeffSì".encode(), "it", "Sì"),
        ("Țară".encode("utf-16"), "ro", "Țară"),
        ("a\nΝαι".encode("cp1253"), "el", "The file is not UTF-8: line 2 has a letter that looks like Windows-1253. Save it as UTF-8."),
        ("Sì".encode("cp1252"), "it", "The file is not UTF-8: line 1 has a letter that looks like Windows-1252. Save it as UTF-8."),
        ("Țară".encode("utf-16-le"), "ro", "This is not a text file, or it is UTF-16 without its mark at the start. Save it as UTF-8."),
        (b"\xff\xfea\xd8\x00", "ro", "The file starts as UTF-16 and is broken further on. Save it as UTF-8."),
        ("Perché è così, è più?".encode().decode("cp1252", "ignore").encode(), "it", "The file was turned into UTF-8 twice: see line 1. Take the file from its source again."),
        ("ok\nlost \ufffd".encode(), "en", "Letters were lost before: line 2 has a replacement sign. Take the file from its source again."),
        (b"%PDF-1.7\x00\x01", "en", "This is not a text file, or it is UTF-16 without its mark at the start. Save it as UTF-8."),
    ],
)
def test_the_encoding_of_a_file_is_found_out_or_explained(raw: bytes, language: str, text: str) -> None:
    assert str(decoded(raw, language)) == text


FED_BACK = {
    "in general": ("::A:: Who decides? {{=The council ~The mayor {}}}", "####Read section two."),
    "of a choice": ("::A:: Who decides? {{=The council ~The mayor {}}}", "#He proposes."),
    "of true and false": ("::A:: The council decides. {{T{}}}", "#It does."),
}


@pytest.mark.parametrize("which", FED_BACK)
def test_feedback_that_is_not_said_again_goes_in_its_language_and_stays_in_the_others(which: str) -> None:
    frame, feedback = FED_BACK[which]
    english = known(frame.format(feedback))
    joined = changes(frame.format("####In italiano."), "it", english)[0]
    both = {"A": Known(joined.kind, joined.content, "ethics")}
    emptied = changes(frame.format(""), "en", both)[0]
    assert emptied.deed is Deed.CORRECTED
    assert feedback.strip("#") not in str(emptied.content)
    assert emptied.content["feedback"] == {"it": "In italiano."}
    alone = changes(frame.format(""), "en", english)[0]
    assert (alone.deed, "feedback" in str(alone.content)) == (Deed.CORRECTED, False)
