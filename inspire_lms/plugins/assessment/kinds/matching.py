"""Pairs that belong together.

A pair without left words is a decoy: it is offered on the right and belongs to nothing. The answer has one
entry for each left side, in the order of the question: the place of the chosen right side, counted from 0,
or nothing.
"""

from decimal import Decimal
from typing import Any

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.assessment.kinds.shape import ALL, Answer, Content, folded, said, share

FEWEST = 2


def lefts(content: Content) -> list[tuple[int, Any]]:
    """Give the pairs that have a left side, each with its place."""
    return [(place, pair) for place, pair in enumerate(content["pairs"]) if any(pair["left"].values())]


def check(content: Content) -> Reason | None:
    """At least two pairs, each with a right side, no left side twice."""
    pairs = content.get("pairs", ())
    if len(lefts(content) if pairs else ()) < FEWEST:
        return Reason("Matching needs at least two pairs.")
    for language in content["text"]:
        if not all(pair["right"].get(language, "").strip() for pair in pairs):
            return Reason("A pair has nothing on its right side.")
        words = [folded(pair["left"].get(language, "")) for _, pair in lefts(content)]
        if not all(words) or len(set(words)) < len(words):
            return Reason("Each left side is there once, and not empty.")
    return None


def why_not(content: Content, answer: Answer) -> Reason | None:
    """One right side, or nothing, for each left side."""
    places = {str(place) for place in range(len(content["pairs"]))} | {""}
    fits = len(answer) == len(lefts(content)) and set(answer) <= places
    return None if fits else Reason("That is not one of the choices.")


def grade(content: Content, answer: Answer | None) -> Decimal:
    """Give the share of left sides whose right side was found; equal right sides are as good as one another."""
    if not answer:
        return Decimal(0)
    wanted = lefts(content)
    found = sum(_is_right(content, place, given) for (place, _), given in zip(wanted, answer, strict=False))
    return share(ALL * found / len(wanted))


def _is_right(content: Content, place: int, given: str) -> bool:
    pairs = content["pairs"]
    return given.isdecimal() and int(given) < len(pairs) and bool(pairs[int(given)]["right"] == pairs[place]["right"])


def describe(content: Content, answer: Answer | None, language: str) -> str:
    """Write each pair as it was put together."""
    pairs = content["pairs"]
    return "\n".join(
        f"{said(pair['left'], language)} – {said(pairs[int(given)]['right'], language)}"
        for (_, pair), given in zip(lefts(content), answer or (), strict=False)
        if given.isdecimal() and int(given) < len(pairs)
    )


def same_shape(one: Content, other: Content) -> bool:
    """Say whether both have the same number of pairs, with the decoys in the same places."""
    return [place for place, _ in lefts(one)] == [place for place, _ in lefts(other)] and len(one["pairs"]) == len(other["pairs"])
