"""A word or a few, compared with the accepted ones."""

from decimal import Decimal

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.assessment.kinds.shape import ALL, Answer, Content, folded, share

LONGEST = 200
"""Characters of an answer."""


def check(content: Content) -> Reason | None:
    """Each language accepts at least one answer as a whole."""
    accepted = content.get("accepted", {})
    for language in content["text"]:
        if not any(Decimal(each["weight"]) == ALL for each in accepted.get(language, ())):
            return Reason("No answer is accepted as the right one.")
    if any(not each["text"].strip(" *") for answers in accepted.values() for each in answers):
        return Reason("An accepted answer is empty.")
    return None


def why_not(content: Content, answer: Answer) -> Reason | None:
    """One short text."""
    del content
    if len(answer) == 1 and len(answer[0]) <= LONGEST:
        return None
    return Reason("Write at most {most} characters.", most=LONGEST)


def is_accepted(pattern: str, given: str) -> bool:
    """Say whether *given* is *pattern*, in which * stands for any letters; capitals and spaces make no difference."""
    first, *rest = folded(pattern).split("*")
    text = folded(given)
    if not rest:
        return text == first
    *middle, last = rest
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    inner = text[len(first) : len(text) - len(last)]
    for part in middle:
        _before, found, inner = inner.partition(part) if part else ("", "*", inner)
        if not found:
            return False
    return True


def grade(content: Content, answer: Answer | None) -> Decimal:
    """Give the best weight of the accepted answers that fit, in whichever language of the question."""
    if not answer:
        return Decimal(0)
    fitting = (
        Decimal(each["weight"]) for answers in content["accepted"].values() for each in answers if is_accepted(each["text"], answer[0])
    )
    return share(max(fitting, default=Decimal(0)))


def describe(content: Content, answer: Answer | None, language: str) -> str:
    """Give the text as it was written."""
    del content, language
    return answer[0].strip() if answer else ""


def same_shape(one: Content, other: Content) -> bool:
    """Say yes: each language has its own accepted answers, as many as it needs."""
    del one, other
    return True
