"""Names of people: tidied, sorted, searched, and written in Latin letters. Nothing here touches a database."""

import unicodedata
from collections import Counter
from collections.abc import Iterable

from inspire_lms.kernel.errors import Reason

LONGEST_NAME = 100
"""Most characters of a given or a family name."""

_COMMA_BELOW = str.maketrans("şŞţŢ", "șȘțȚ")
_IGNORED_IN_ORDER = frozenset("-'’ʼ‘` .")
_IGNORED_IN_SEARCH = frozenset("'’ʼ‘`.")
_ROMANIAN = str.maketrans({"ă": "a\uf8f0", "â": "a\uf8f1", "î": "i\uf8f1", "ș": "s\uf8f1", "ş": "s\uf8f1", "ț": "t\uf8f1", "ţ": "t\uf8f1"})

_GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l", "μ": "m",
    "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip
_GREEK_PAIRS = {"γγ": "ng", "γξ": "nx", "γχ": "nch", "ου": "ou"}
_BEFORE_A_VOICED_SOUND = frozenset("αβγδεζηιλμνορυω")


def tidy(name: str, language: str = "ro") -> str:
    """Write *name* the one way we keep it: composed letters, single spaces, Romanian letters with comma below.

    The cedilla is taken for a slip in Romanian only, and where no language is known; in a name of
    another language it may be a Turkish letter.
    """
    composed = " ".join(unicodedata.normalize("NFC", name).split())
    return composed.translate(_COMMA_BELOW) if language == "ro" else composed


def reason_against(name: str) -> Reason | None:
    """Say why *name* cannot be the given or family name of a person; None when it can."""
    if not any(unicodedata.category(letter).startswith("L") for letter in name):
        return Reason("Write the name as it should stand on a certificate.")
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cs", "Cn"} for letter in name):
        return Reason("The name holds a character that cannot be printed. Please type it instead of pasting it.")
    if len(name) > LONGEST_NAME:
        return Reason("The name may have at most {most} characters.", most=LONGEST_NAME)
    return None


def reason_against_latin(name: str) -> Reason | None:
    """Say why *name* cannot be the Latin form of a name; None when it can."""
    if reason := reason_against(name):
        return reason
    if not all(unicodedata.name(letter, "").startswith("LATIN") for letter in name if letter.isalpha()):
        return Reason("Write this form of the name in Latin letters, as in the passport.")
    return None


def sort_key(name: str, language: str) -> str:
    """Make a text by which names stand in the order of a directory of *language*, compared letter by letter.

    Accents, hyphens, spaces and apostrophes count only between names that are otherwise the same; in
    Romanian ă, â, î, ș and ț are letters of their own. Agrees with ICU on the samples in the tests.
    """
    return " ".join(_levels(name, language))


def directory_key(family_name: str, given_name: str, language: str) -> str:
    """Make the key of a person: all families in order, and within one the given names."""
    family, given = _levels(family_name, language), _levels(given_name, language)
    return " ".join(level for pair in zip(family, given, strict=True) for level in pair)


def fold(text: str) -> str:
    """Reduce *text* to what a search compares: no case, no accents, ς as σ, no apostrophes, hyphens as spaces."""
    plain = "".join(
        " " if letter == "-" else letter
        for letter in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        if not unicodedata.combining(letter) and letter not in _IGNORED_IN_SEARCH
    )
    return " ".join(plain.replace("ς", "σ").split())


def latin(name: str, language: str) -> str:
    """Propose *name* in Latin letters: Greek as in passports (ELOT 743), any other name as it is."""
    tidied = tidy(name, language)
    return " ".join("-".join(_latin_word(part) for part in word.split("-")) for word in tidied.split(" "))


def _levels(name: str, language: str) -> tuple[str, str, str]:
    composed = unicodedata.normalize("NFC", name)
    low = composed.casefold()
    distinct = low.translate(_ROMANIAN) if language == "ro" else low
    base = "".join(
        letter for letter in unicodedata.normalize("NFD", distinct) if not unicodedata.combining(letter) and letter not in _IGNORED_IN_ORDER
    )
    return base.replace("ς", "σ"), low, composed.swapcase()


def _latin_word(word: str) -> str:
    """Transliterate one word; letters that are not Greek stay, a word in capitals stays in capitals."""
    letters = [(letter, *_plain(letter)) for letter in unicodedata.normalize("NFC", word)]
    written: list[str] = []
    at = 0
    while at < len(letters):
        taken, text = _next_sound(letters, at)
        shouted = letters[at][0].isupper()
        followed = letters[min(at + taken, len(letters) - 1)][0]
        loud = shouted and (followed.isupper() if len(letters) > 1 else False)
        written.append(text.upper() if loud else text.capitalize() if shouted else text)
        at += taken
    return "".join(written)


def _plain(letter: str) -> tuple[str, bool, bool]:
    """Take a letter apart: without marks and in lower case; has it a tonos; has it dialytika. Not for other scripts."""
    parts = unicodedata.normalize("NFD", letter)
    low, marks = parts[0].lower(), parts[1:]
    return (low, "\u0301" in marks, "\u0308" in marks) if low in _GREEK else (letter, False, False)


def _next_sound(letters: list[tuple[str, str, bool, bool]], at: int) -> tuple[int, str]:
    """Say how many letters from *at* make one sound, and how it is written in lower case."""
    letter, plain, tonos, _ = letters[at]
    if plain not in _GREEK:
        return 1, letter
    if at + 1 < len(letters):
        _, following, _, parted = letters[at + 1]
        pair = plain + following
        if pair == "μπ" and (at == 0 or at + 2 == len(letters)):
            return 2, "b"
        if pair in _GREEK_PAIRS and not (parted or tonos):
            return 2, _GREEK_PAIRS[pair]
        if pair in {"αυ", "ευ", "ηυ"} and not (parted or tonos):
            voiced = at + 2 < len(letters) and letters[at + 2][1] in _BEFORE_A_VOICED_SOUND
            return 2, _GREEK[plain] + ("v" if voiced else "f")
    return 1, _GREEK[plain]


def told_apart(people: Iterable[tuple[int, str, str]]) -> dict[int, str]:
    """Name people (id, name, e-mail) so that namesakes can be told apart: those who share a name get their address beside it."""
    listed = list(people)
    times = Counter(name for _id, name, _email in listed)
    return {person_id: name if times[name] == 1 else f"{name} ({email})" for person_id, name, email in listed}
