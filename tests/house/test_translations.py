"""Each language that we ship is complete and right: words, forms, braces, letters."""

import re
import string
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.house.tree import ROOT, nothing, plant
from translations import words

FOLDER = ROOT / "translations"
SHIPPED = ("el", "it", "ro")
FORMS = {"el": 2, "it": 2, "ro": 3}
LATIN_IN_GREEK = re.compile(r"(?=\w*[Α-ωά-ώ])(?=\w*[AaBEeHIiKkMNnOoPpTtuvXxYyZz])[^\W\d_]+")
"""A word of Greek and Latin letters, one of which only looks Greek."""
CEDILLA = re.compile("[şţŞŢ]")
MAY_DIFFER: dict[str, str] = {}
"""Source text, and why its translation differs from place to place although it has no context."""


def catalogues(folder: Path) -> Iterator[tuple[str, str, Catalog]]:
    """Read all catalogues: language, component, words."""
    for path in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as stream:
            yield path.parts[-3], path.stem, read_po(stream, locale=path.parts[-3])


def braces(text: str) -> set[str]:
    """List the words in braces."""
    return {name for _text, name, _form, _way in string.Formatter().parse(text) if name is not None}


def said(message: Message) -> tuple[str, ...]:
    """Give the translation, one text for each form of the plural."""
    return message.string if isinstance(message.string, tuple) else (message.string,)


def source(message: Message) -> tuple[str, ...]:
    """Give the English text, two when it counts."""
    return message.id if isinstance(message.id, tuple) else (message.id,)


def complaints(language: str, message: Message) -> Iterator[str]:
    """Say what is wrong with the translation of one message."""
    forms = said(message)
    if message.fuzzy:
        yield "is marked fuzzy: decide, and take the mark away"
    if not all(forms):
        yield "is not translated"
        return
    if message.pluralizable and len(forms) != FORMS.get(language, len(forms)):
        yield f"has {len(forms)} forms of the plural, and the language has {FORMS[language]}"
    wanted = braces(source(message)[-1])
    for form in forms:
        try:
            found = braces(form)
        except ValueError:
            yield "has a brace that is not closed"
            continue
        # A form for exactly one may leave the number out; nothing else may go or come.
        if found - wanted or (wanted - found) - ({"n"} if message.pluralizable else set()):
            yield f"has {sorted(found)} in braces, and the English {sorted(wanted)}"
        if "�" in form or form != unicodedata.normalize("NFC", form):
            yield "has letters that are not composed (NFC)"
        if language == "ro" and CEDILLA.search(form):
            yield "has a letter with a cedilla; Romanian writes ș and ț with a comma below"
        if language == "el" and (mixed := LATIN_IN_GREEK.findall(form)):
            yield f"has Latin letters inside a Greek word: {mixed}"
        if re.search(r"<[a-z/]", form) and not re.search(r"<[a-z/]", "".join(source(message))):
            yield "has mark-up in it"


def wrong(folder: Path) -> list[str]:
    """List what is wrong with any translation."""
    return [
        f"{language}/{component}: “{source(message)[0]}” {complaint}."
        for language, component, catalog in catalogues(folder)
        for message in catalog
        if message.id
        for complaint in complaints(language, message)
    ]


def missing(folder: Path, package: Path) -> list[str]:
    """List messages of the source that a catalogue has not, and those that the source no longer has."""
    found = []
    have = {(language, component): catalog for language, component, catalog in catalogues(folder)}
    for component, files in words.components(package).items():
        wanted = {(source(each), each.context) for each in words.words_of(files) if each.id}
        for language in SHIPPED:
            catalog = have.get((language, component), Catalog(locale=language))
            there = {(source(each), each.context) for each in catalog if each.id}
            found += [
                f"{language}/{component}: “{text[0]}” is missing. Run make words COMPONENT={component}."
                for text, _context in sorted(wanted - there, key=str)
            ]
            found += [
                f"{language}/{component}: “{text[0]}” is no longer said. Run make words COMPONENT={component}."
                for text, _context in sorted(there - wanted, key=str)
            ]
    return found


def differing(folder: Path) -> list[str]:
    """List messages that are translated in one way here and in another there, without a context that says why."""
    ways: dict[tuple[str, tuple[str, ...], str | None], dict[tuple[str, ...], list[str]]] = defaultdict(lambda: defaultdict(list))
    for language, component, catalog in catalogues(folder):
        for message in catalog:
            if message.id and all(said(message)):
                ways[language, source(message), message.context][said(message)].append(component)
    return [
        f"{language}: “{text[0]}” is "
        + ", but ".join(f"“{way[0]}” in {'/'.join(where)}" for way, where in found.items())
        + ". Choose one, or give a context."
        for (language, text, _context), found in sorted(ways.items(), key=str)
        if len(found) > 1 and text[0] not in MAY_DIFFER
    ]


def test_the_shipped_languages_are_there():
    assert set(SHIPPED) <= set(words.languages(FOLDER))


def test_every_word_that_is_said_is_in_every_catalogue_and_no_other():
    nothing(missing(FOLDER, ROOT / "inspire_lms"))


def test_every_translation_is_complete_and_right():
    nothing(wrong(FOLDER))


def test_the_same_words_are_translated_in_the_same_way():
    nothing(differing(FOLDER))


HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'


@pytest.mark.parametrize(
    ("language", "entry", "complaint"),
    [
        ("it", 'msgid "Seats"\nmsgstr ""', "is not translated"),
        ("it", '#, fuzzy\nmsgid "Seats"\nmsgstr "Posti"', "fuzzy"),
        ("it", 'msgid "Until {when}"\nmsgstr "Fino a {quando}"', "in braces"),
        ("it", 'msgid "Until {when}"\nmsgstr "Fino a {when"', "not closed"),
        ("it", 'msgid "Until {when}"\nmsgstr "Fino"', "in braces"),
        ("it", 'msgid "Seats"\nmsgstr "<b>Posti</b>"', "mark-up"),
        ("ro", 'msgid "Seats"\nmsgstr "Înscrieţi-vă"', "comma below"),
        (
            "ro",
            'msgid "{n} seat"\nmsgid_plural "{n} seats"\nmsgstr[0] "{n} loc"\nmsgstr[1] "{n} locuri"\nmsgstr[2] ""',
            "is not translated",
        ),
        ("el", 'msgid "Call"\nmsgstr "Προσκληση Aίτηση"', "Latin letters inside a Greek word: ['Aίτηση']"),
        ("el", 'msgid "Call"\nmsgstr "Πρ\u03bf\u0301σκληση"', "not composed"),
    ],
)
def test_a_planted_mistake_is_caught(tmp_path, language, entry, complaint):
    folder = plant(tmp_path, {f"{language}/LC_MESSAGES/survey.po": HEAD + "\n" + entry + "\n"})
    found = wrong(folder)
    assert len(found) == 1
    assert complaint in found[0]


def test_what_is_right_is_let_pass(tmp_path):
    entry = 'msgid "{n} seat"\nmsgid_plural "{n} seats"\nmsgstr[0] "un loc"\nmsgstr[1] "{n} locuri"\nmsgstr[2] "{n} de locuri"\n'
    assert wrong(plant(tmp_path, {"ro/LC_MESSAGES/survey.po": HEAD + "\n" + entry})) == []


def test_a_planted_word_without_translation_is_caught(tmp_path):
    package = plant(
        tmp_path / "package",
        {
            "plugins/survey/rules.py": 'WHY = Reason("The survey is closed.")',
            "plugins/survey/templates/survey/a.html": "{{ _('Thank you.') }}",
        },
    )
    folder = plant(tmp_path / "translations", {"it/LC_MESSAGES/survey.po": HEAD + '\nmsgid "Gone"\nmsgstr "Via"\n'})
    found = [each for each in missing(folder, package) if each.startswith("it/")]
    assert [each.split(".")[0] for each in found] == [
        "it/survey: “Thank you",
        "it/survey: “The survey is closed",
        "it/survey: “Gone” is no longer said",
    ]


def test_planted_words_in_two_ways_are_caught(tmp_path):
    entry = '\nmsgid "Seats"\nmsgstr "{}"\n'
    folder = plant(
        tmp_path, {f"it/LC_MESSAGES/{name}.po": HEAD + entry.format(way) for name, way in (("survey", "Posti"), ("webinar", "Sedie"))}
    )
    assert differing(folder) == ["it: “Seats” is “Posti” in survey, but “Sedie” in webinar. Choose one, or give a context."]
