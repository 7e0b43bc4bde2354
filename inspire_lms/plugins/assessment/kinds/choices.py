"""What single and multiple choice share: a list of choices, each with a code, words and a weight."""

from collections.abc import Sequence
from decimal import Decimal

from inspire_lms.kernel.errors import Reason, counted
from inspire_lms.plugins.assessment.kinds.shape import Answer, Content, said

FEWEST = 2
MOST = 20


def weights(content: Content) -> dict[str, Decimal]:
    """Give the weight of each choice in per cent, by its code."""
    return {choice["code"]: Decimal(choice["weight"]) for choice in content["choices"]}


def why_not_choices(content: Content) -> Reason | None:
    """Say what is wrong with the list of choices, whatever the weights."""
    choices = content.get("choices", ())
    if len(choices) < FEWEST:
        return Reason("A question with choices needs at least two of them.")
    if len(choices) > MOST:
        return counted("More than {n} choice is too many.", "More than {n} choices are too many.", n=MOST)
    for language in content["text"]:
        texts = [choice["text"].get(language, "").strip() for choice in choices]
        if not all(texts):
            return Reason("A choice is empty.")
        if len(set(texts)) < len(texts):
            return Reason("Two choices say the same.")
    return None


def why_not_codes(content: Content, answer: Answer) -> Reason | None:
    """Say when something was chosen that is not among the choices."""
    return None if set(answer) <= set(weights(content)) else Reason("That is not one of the choices.")


def chosen(content: Content, answer: Sequence[str] | None, language: str) -> str:
    """Put the chosen texts under each other, in the order of the question."""
    wanted = set(answer or ())
    return "\n".join(said(choice["text"], language) for choice in content["choices"] if choice["code"] in wanted)


def same_weights(one: Content, other: Content) -> bool:
    """Say whether both have the same number of choices with the same weights in the same places."""
    return list(weights(one).values()) == list(weights(other).values())
