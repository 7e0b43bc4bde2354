"""Several choices out of many."""

from decimal import Decimal

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.assessment.kinds.choices import chosen, same_weights, weights, why_not_choices, why_not_codes
from inspire_lms.plugins.assessment.kinds.shape import ALL, Answer, Content, share

SLACK = Decimal("0.05")
"""Per cent that the right choices together may miss of 100, because thirds cannot be written exactly."""


def check(content: Content) -> Reason | None:
    """Say when the right choices do not make up the whole mark."""
    if reason := why_not_choices(content):
        return reason
    together = sum(weight for weight in weights(content).values() if weight > 0)
    if abs(together - ALL) > SLACK:
        return Reason("The right choices make up {percent} % of the mark instead of 100 %.", percent=together)
    return None


def why_not(content: Content, answer: Answer) -> Reason | None:
    """Any of the choices, each at most once."""
    return Reason("That is not one of the choices.") if len(set(answer)) != len(answer) else why_not_codes(content, answer)


def grade(content: Content, answer: Answer | None) -> Decimal:
    """Add up the weights of what was chosen, never below 0.

    A wrong choice without a weight of its own costs the mark divided by the number of such choices, so
    that choosing everything earns nothing.
    """
    known = weights(content)
    unweighted = sum(weight == 0 for weight in known.values())
    earned = sum((known[code] or -ALL / unweighted for code in set(answer or ()) if code in known), Decimal(0))
    return share(ALL if abs(earned - ALL) <= SLACK else earned)


def describe(content: Content, answer: Answer | None, language: str) -> str:
    """Give the words of what was chosen."""
    return chosen(content, answer, language)


def same_shape(one: Content, other: Content) -> bool:
    """Say whether the weights are the same, place by place."""
    return same_weights(one, other)
