"""The list of the kinds, with the words for them."""

from collections.abc import Mapping

from inspire_lms.kernel.errors import Message
from inspire_lms.plugins.assessment.kinds import essay, matching, multiple, numeric, short_text, single, true_false
from inspire_lms.plugins.assessment.kinds.shape import Content, Kind

KINDS: Mapping[str, Kind] = {
    "single": single,
    "multiple": multiple,
    "true_false": true_false,
    "numeric": numeric,
    "short_text": short_text,
    "matching": matching,
    "essay": essay,
}

TITLES: Mapping[str, Message] = {
    "single": Message("One right answer"),
    "multiple": Message("Several right answers"),
    "true_false": Message("True or false"),
    "numeric": Message("A number"),
    "short_text": Message("A few words"),
    "matching": Message("Pairs"),
    "essay": Message("A longer text"),
}


def languages(kind: str, content: Content) -> tuple[str, ...]:
    """Give the languages in which the question can be asked as a whole, in alphabetical order."""
    return tuple(sorted(language for language in content["text"] if _is_whole(kind, content, language)))


def _is_whole(kind: str, content: Content, language: str) -> bool:
    if not content["text"].get(language, "").strip():
        return False
    if kind in ("single", "multiple"):
        return all(choice["text"].get(language) for choice in content["choices"])
    if kind == "matching":
        return all(pair["right"].get(language) for pair in content["pairs"])
    if kind == "short_text":
        return bool(content["accepted"].get(language))
    return True
