"""A number, right within a tolerance."""

import re
from decimal import Decimal

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.assessment.kinds.shape import ALL, Answer, Content, share

NUMBER = re.compile(r"[+-]?(\d{1,15}([.,]\d{0,10})?|[.,]\d{1,10})")
"""Digits with one decimal mark, a comma or a point; no sign for thousands, which would be ambiguous."""


def number(text: str) -> Decimal | None:
    """Read a number as people write it; None when it is none."""
    tidy = text.strip().replace("\N{MINUS SIGN}", "-").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    return Decimal(tidy.replace(",", ".")) if NUMBER.fullmatch(tidy) else None


def check(content: Content) -> Reason | None:
    """At least one range is right as a whole, and none is upside down."""
    ranges = content.get("numbers", ())
    if any(Decimal(each["least"]) > Decimal(each["most"]) for each in ranges):
        return Reason("The smaller number of a range comes first.")
    if not any(Decimal(each["weight"]) == ALL for each in ranges):
        return Reason("No number is marked as the right one.")
    return None


def why_not(content: Content, answer: Answer) -> Reason | None:
    """One number."""
    del content
    if len(answer) == 1 and number(answer[0]) is not None:
        return None
    return Reason("Write a number, for example 12 or 3.5, without a sign for thousands.")


def grade(content: Content, answer: Answer | None) -> Decimal:
    """Give the best weight of the ranges that hold the number, borders included."""
    given = number(answer[0]) if answer else None
    if given is None:
        return Decimal(0)
    fitting = (Decimal(each["weight"]) for each in content["numbers"] if Decimal(each["least"]) <= given <= Decimal(each["most"]))
    return share(max(fitting, default=Decimal(0)))


def describe(content: Content, answer: Answer | None, language: str) -> str:
    """Give the number as it was written."""
    del content, language
    return answer[0].strip() if answer else ""


def same_shape(one: Content, other: Content) -> bool:
    """Say whether the ranges and their weights are the same."""

    def ranges(content: Content) -> list[tuple[Decimal, ...]]:
        return [(Decimal(each["least"]), Decimal(each["most"]), Decimal(each["weight"])) for each in content["numbers"]]

    return ranges(one) == ranges(other)
