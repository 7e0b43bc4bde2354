"""Who may take part: rules that are data, each with a finding and the reason for it.

A rule never decides alone what it cannot know: then it says unknown, and the coordinator looks.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from inspire_lms.plugins.online_call.questions import Answers, Texts


class Check(StrEnum):
    """How a rule looks at an application."""

    ONE_OF = "one_of"
    """The answer is one of the values."""
    TICKED = "ticked"
    """The declaration was made."""
    ATTACHED = "attached"
    """The file is there."""
    AUTHORISED = "authorised"
    """The file is there, or the superior has said yes by a link."""
    AT_LEAST = "at_least"
    """The number is not below the first value."""
    MAIL_ENDS = "mail_ends"
    """The person's address ends with one of the values; any other address is unknown, not a failure."""


class Finding(StrEnum):
    """What a rule found."""

    PASS = "pass"  # noqa: S105 (not a password)
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Rule:
    """One condition for taking part."""

    code: str
    check: Check
    question: str | None
    """The question it looks at; None when it looks at the address."""
    values: tuple[str, ...]
    unsure: tuple[str, ...]
    """Answers for which the rule cannot tell."""
    title: Texts
    """The condition, as the call states it."""
    reason: Texts
    """What the applicant reads when it is not met."""

    def stored(self) -> dict[str, Any]:
        """Give the rule as plain values, to be kept."""
        return {
            "code": self.code,
            "check": str(self.check),
            "question": self.question,
            "values": list(self.values),
            "unsure": list(self.unsure),
            "title": dict(self.title),
            "reason": dict(self.reason),
        }

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Self:
        """Make the rule from what *stored* gave."""
        return cls(
            code=kept["code"],
            check=Check(kept["check"]),
            question=kept["question"],
            values=tuple(kept["values"]),
            unsure=tuple(kept["unsure"]),
            title=kept["title"],
            reason=kept["reason"],
        )


def rules_of(kept: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Make all rules from what was kept."""
    return tuple(Rule.restored(each) for each in kept)


def find(
    rule: Rule,
    answers: Answers,
    attached: Collection[str],
    email: str,
    by_link: Mapping[str, Finding] | None = None,
    *,
    asked: Collection[str] | None = None,
) -> Finding:
    """Say what *rule* finds in one application. What is not answered is unknown, and so is what was not asked.

    *by_link* says what the words of superiors amount to, by question; where none was asked for nothing stands. *asked* are the
    questions that were asked, None for all.
    """
    if asked is not None and rule.question and rule.question not in asked:
        return Finding.UNKNOWN
    if rule.check is Check.MAIL_ENDS:
        return Finding.PASS if email.casefold().endswith(tuple(value.casefold() for value in rule.values)) else Finding.UNKNOWN
    if rule.check is Check.ATTACHED:
        return Finding.PASS if rule.question in attached else Finding.FAIL
    if rule.check is Check.AUTHORISED:
        return Finding.PASS if rule.question in attached else (by_link or {}).get(rule.question or "", Finding.FAIL)
    answer = answers.get(rule.question or "")
    if rule.check is Check.TICKED:
        return Finding.PASS if answer is True else Finding.FAIL
    if answer is None or answer in ("", []):
        return Finding.UNKNOWN
    if rule.check is Check.AT_LEAST:
        return _passed(met=isinstance(answer, int) and answer >= int(rule.values[0]))
    given = set(answer) if isinstance(answer, list) else {str(answer)}
    if given & set(rule.values):
        return Finding.PASS
    return Finding.UNKNOWN if given & set(rule.unsure) else Finding.FAIL


def overall(findings: Collection[Finding]) -> Finding:
    """Bring the findings together: one failure fails, else one unknown leaves it open."""
    if Finding.FAIL in findings:
        return Finding.FAIL
    return Finding.UNKNOWN if Finding.UNKNOWN in findings else Finding.PASS


def _passed(*, met: bool) -> Finding:
    return Finding.PASS if met else Finding.FAIL
