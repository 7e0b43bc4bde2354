"""One choice out of several."""

from decimal import Decimal

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.assessment.kinds.choices import chosen, same_weights, weights, why_not_choices, why_not_codes
from inspire_lms.plugins.assessment.kinds.shape import ALL, Answer, Content, share


def check(content: Content) -> Reason | None:
    """Exactly one choice is right as a whole; others may earn a part and never more."""
    if reason := why_not_choices(content):
        return reason
    right = sum(weight == ALL for weight in weights(content).values())
    if right == 0:
        return Reason("No choice is marked as the right one.")
    if right > 1:
        return Reason("Two choices are marked as right. Give each of them a part of the mark, for example %50%, to ask for several.")
    return None


def why_not(content: Content, answer: Answer) -> Reason | None:
    """One code out of the choices."""
    return Reason("Choose one answer only.") if len(answer) != 1 else why_not_codes(content, answer)


def grade(content: Content, answer: Answer | None) -> Decimal:
    """Give the weight of the choice; a negative one counts as 0."""
    return share(weights(content).get(answer[0], Decimal(0))) if answer else Decimal(0)


def describe(content: Content, answer: Answer | None, language: str) -> str:
    """Give the words of the choice."""
    return chosen(content, answer, language)


def same_shape(one: Content, other: Content) -> bool:
    """Say whether the weights are the same, place by place."""
    return same_weights(one, other)
