"""A sentence that is right or wrong."""

from decimal import Decimal

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.assessment.kinds.shape import Answer, Content

TRUE, FALSE = "true", "false"


def check(content: Content) -> Reason | None:
    """Say when it is open which of the two it is."""
    return None if content.get("truth") in (TRUE, FALSE) else Reason("The question does not say whether the sentence is true or false.")


def why_not(content: Content, answer: Answer) -> Reason | None:
    """One of the two."""
    del content
    return None if list(answer) in ([TRUE], [FALSE]) else Reason("That is not one of the choices.")


def grade(content: Content, answer: Answer | None) -> Decimal:
    """All or nothing."""
    return Decimal(1) if answer and answer[0] == content["truth"] else Decimal(0)


def describe(content: Content, answer: Answer | None, language: str) -> str:
    """Give "true" or "false" as a code; the page has the words."""
    del content, language
    return answer[0] if answer else ""


def same_shape(one: Content, other: Content) -> bool:
    """Say whether both sentences are true, or both false."""
    return bool(one["truth"] == other["truth"])
