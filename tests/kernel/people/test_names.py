"""Names of people, in three alphabets' worth of habits."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspire_lms.kernel.people import names


def shuffled(things):
    return random.Random(7).sample(things, len(things))


UNHARMED = ["Țiriac", "D'Angelo", "Nicolò", "Παπαϊωάννου", "Ștefănescu-Țepeș", "Dell’Acqua", "O'Neill", "Müller", "<b>Rossi</b>"]


@pytest.mark.parametrize("name", UNHARMED)
def test_names_of_the_three_countries_go_through_unharmed(name):
    assert names.tidy(name) == name
    assert names.reason_against(name) is None


@pytest.mark.parametrize(
    ("typed", "language", "kept"),
    [
        ("  Anna   Maria ", "it", "Anna Maria"),
        ("Ştefan", "ro", "Ștefan"),
        ("Constanţa", "ro", "Constanța"),
        ("Şahin", "el", "Şahin"),
        ("Nicolo\u0300", "it", "Nicolò"),
        ("Παπαι\u0308ωα\u0301ννου", "el", "Παπαϊωάννου"),
        ("Ana\u00a0Ioana", "ro", "Ana Ioana"),
    ],
)
def test_a_name_is_kept_in_one_spelling(typed, language, kept):
    assert names.tidy(typed, language) == kept


@pytest.mark.parametrize("name", ["", " ", "-", "42", "Anna\x00", "Anna\u202eMaria", "A" * 101, "Anna\x1b[31m"])
def test_what_cannot_be_a_name_is_refused(name):
    assert names.reason_against(name) is not None


def test_a_name_of_a_hundred_letters_is_still_a_name():
    assert names.reason_against("A" * 100) is None


@pytest.mark.parametrize(
    ("name", "right"), [("Papaioannou", True), ("Țiriac", True), ("D'Angelo", True), ("Παπαϊωάννου", False), ("Pаpa", False)]
)
def test_the_latin_form_holds_latin_letters_only(name, right):
    assert (names.reason_against_latin(name) is None) is right


@pytest.mark.parametrize(
    ("greek", "latin"),
    [
        ("Παπαϊωάννου", "Papaioannou"),
        ("Γεώργιος", "Georgios"),
        ("Χατζηγεωργίου", "Chatzigeorgiou"),
        ("Ευαγγελία", "Evangelia"),
        ("Ευσταθίου", "Efstathiou"),
        ("Αυγέρης", "Avgeris"),
        ("Αυξεντίου", "Afxentiou"),
        ("Μπαλτάς", "Baltas"),
        ("Λάμπρος", "Lampros"),
        ("Ντίνος", "Ntinos"),
        ("Γκίκας", "Gkikas"),
        ("Ψαρρός", "Psarros"),
        ("ΨΑΡΡΟΣ", "PSARROS"),
        ("ΧΑΤΖΗΣ", "CHATZIS"),
        ("Θεοδώρου", "Theodorou"),
        ("Ουρανία", "Ourania"),
        ("Μαΐου", "Maiou"),
        ("Ταΰγετος", "Taygetos"),
        ("Άυλος", "Aylos"),
        ("Ξένη-Μαρία", "Xeni-Maria"),
        ("Αγγελική Σφιγξ", "Angeliki Sfinx"),
        ("Μελαγχρινός", "Melanchrinos"),
    ],
)
def test_greek_is_written_as_in_passports(greek, latin):
    assert names.latin(greek, "el") == latin


@pytest.mark.parametrize("name", ["Țiriac", "D'Angelo", "Nicolò", "Ștefănescu-Țepeș", "McDonald", "ȘTEFAN"])
def test_a_name_in_latin_letters_stays_as_it_is(name):
    assert names.latin(name, "ro") == name


@given(st.text(alphabet="αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ -'", min_size=1, max_size=30))
def test_no_greek_letter_is_left_in_a_latin_form(name):
    assert not [letter for letter in names.latin(name, "el") if unicodedata.name(letter, "").startswith("GREEK")]


@pytest.mark.parametrize(
    ("language", "in_order"),
    [
        ("ro", ["Stan", "Suciu", "Șerban", "Șuteu", "Tudor", "Țepeș", "Țiriac", "Udrea"]),
        ("ro", ["Avram", "Azoiței", "Ăsanu", "Bădescu", "Bătrân", "Iliescu", "Îngeru", "Jianu"]),
        ("it", ["Dalla Costa", "D'Angelo", "Dangelo", "De Luca", "Deluca", "Nicolo", "Nicolò", "Nicolosi"]),
        ("el", ["Αλεξίου", "Άννινος", "Βασιλείου", "Οικονόμου", "Παπαδόπουλος", "Παπαϊωάννου", "Παππάς"]),
    ],
)
def test_names_stand_in_the_order_of_a_directory(language, in_order):
    assert sorted(shuffled(in_order), key=lambda name: names.sort_key(name, language)) == in_order


def test_families_come_before_given_names():
    people = [("Pop", "Zoe"), ("Popa", "Ana"), ("Popa", "Bogdan"), ("Popescu", "Ana")]
    assert sorted(shuffled(people), key=lambda person: names.directory_key(*person, "ro")) == people


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("Παπαϊωάννου", "ΠΑΠΑΙΩΑΝΝΟΥ"),
        ("Παπαϊωάννου", "παπαιωαννου"),
        ("Γεώργιος", "γεωργιοσ"),
        ("Ștefan Țiriac", "stefan tiriac"),
        ("Ștefan", "Ştefan"),
        ("D'Angelo", "d’angelo"),
        ("D'Angelo", "dangelo"),
        ("Nicolò", "NICOLO"),
        ("Ana-Maria", "ana maria"),
    ],
)
def test_a_search_finds_a_name_however_it_is_typed(kept, typed):
    assert names.fold(kept) == names.fold(typed)


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(text):
    assert names.fold(names.fold(text)) == names.fold(text)


@given(st.text(max_size=40))
def test_tidying_twice_changes_nothing_more(text):
    assert names.tidy(names.tidy(text)) == names.tidy(text)


@given(st.text(alphabet=st.characters(categories=("L",)), min_size=1, max_size=20), st.sampled_from(["it", "el", "ro", "en"]))
def test_different_names_never_share_a_place_in_the_order(name, language):
    other = name + "x"
    assert names.sort_key(name, language) != names.sort_key(other, language)


def test_namesakes_are_told_apart_by_their_addresses():
    people = [(1, "Maria Rossi", "maria@comune.example.it"), (2, "Maria Rossi", "m.rossi@provincia.example.it"), (3, "Luca Bianchi", "luca@comune.example.it")]
    assert names.told_apart(people) == {
        1: "Maria Rossi (maria@comune.example.it)",
        2: "Maria Rossi (m.rossi@provincia.example.it)",
        3: "Luca Bianchi",
    }
