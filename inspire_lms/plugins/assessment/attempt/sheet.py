"""How a question looks on the page of an attempt: its words, its choices, what is ticked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inspire_lms.kernel.errors import Message, counted
from inspire_lms.kernel.i18n import Words, _, current, show
from inspire_lms.plugins.assessment.attempt.queries import Asked, Head
from inspire_lms.plugins.assessment.drawing import shuffled
from inspire_lms.plugins.assessment.kinds import essay, matching, short_text

HINTS = {
    "single": Message("Choose one answer."),
    "multiple": Message("Choose every right answer. A wrong one takes marks away, never below zero."),
    "true_false": Message("Is this sentence true or false?"),
    "numeric": Message("Write a number, with a comma or a point before the decimals."),
    "short_text": Message("Write one or a few words. Capital letters make no difference."),
    "matching": Message("Choose for each line what belongs to it."),
    "essay": Message("Write your text. It is saved as you write."),
}


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen."""

    code: str
    text: str
    tongue: str
    """The language of the text when it is not the reader's; else empty."""
    is_chosen: bool


@dataclass(frozen=True)
class Row:
    """One left side of a matching question with what can be chosen for it."""

    text: str
    tongue: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Sheet:
    """One question, ready to be drawn."""

    position: int
    kind: str
    words: str
    tongue: str
    """The language of the question when it is not the reader's; else empty."""
    hint: str
    options: tuple[Option, ...]
    rows: tuple[Row, ...]
    text: str
    """What was written, for kinds that are written."""
    most: int
    """Characters that may be written; 0 for kinds that are not."""
    flagged: bool
    is_answered: bool
    seen: str
    """When the answer that is shown was saved, in ISO form; empty when it never was."""
    is_own: bool
    """Whether it was saved from the device that reads the page."""


def sheets(head: Head, asked: Sequence[Asked], here: int, typed: Sequence[str] | None = None, *, device: str = "") -> list[Sheet]:
    """Lay out all questions of an attempt for a device; *typed* is what could not be saved of the one *here*."""
    hints = {kind: show(hint) for kind, hint in HINTS.items()}
    worth = {most: show(counted("{n} point.", "{n} points.", n=int(most))) for most in {each.most for each in asked}}
    return [
        _sheet(head, each, f"{hints[each.kind]} {worth[each.most]}", typed if each.position == here else None, device) for each in asked
    ]


def _sheet(head: Head, asked: Asked, hint: str, typed: Sequence[str] | None, device: str) -> Sheet:
    answer = list(asked.answer or ()) if typed is None else list(typed)
    content = asked.content
    limits = {"essay": essay.most_letters(content), "short_text": short_text.LONGEST, "numeric": 30}
    words, tongue = _said(content["text"])
    return Sheet(
        position=asked.position,
        kind=asked.kind,
        words=words,
        tongue=tongue,
        hint=hint,
        options=_options(asked, answer),
        rows=_rows(head, asked, answer) if asked.kind == "matching" else (),
        text=answer[0] if answer and asked.kind in limits else "",
        most=limits.get(asked.kind, 0),
        flagged=asked.flagged,
        is_answered=asked.is_answered,
        seen=asked.saved_at.isoformat() if asked.saved_at else "",
        is_own=bool(device) and asked.saved_from == device,
    )


def _said(words: Mapping[str, str]) -> tuple[str, str]:
    """Give a text for the reader, and its language when it is another one than the reader's."""
    text, tongue = Words(words).spoken()
    return text, "" if tongue == current() else tongue


def _options(asked: Asked, answer: Sequence[str]) -> tuple[Option, ...]:
    if asked.kind == "true_false":
        return (Option("true", _("True"), "", "true" in answer), Option("false", _("False"), "", "false" in answer))
    return tuple(Option(each["code"], *_said(each["text"]), each["code"] in answer) for each in asked.content.get("choices", ()))


def _rows(head: Head, asked: Asked, answer: Sequence[str]) -> tuple[Row, ...]:
    """Offer the right sides to each left side, mixed by the seed of the attempt, each wording once."""
    pairs = asked.content["pairs"]
    mixed = shuffled(range(len(pairs)), f"{head.seed}:{asked.position}")
    offered = [place for at, place in enumerate(mixed) if pairs[place]["right"] not in [pairs[one]["right"] for one in mixed[:at]]]
    rows = []
    for at, (_place, pair) in enumerate(matching.lefts(asked.content)):
        given = answer[at] if at < len(answer) else ""
        right = pairs[int(given)]["right"] if given.isdecimal() and int(given) < len(pairs) else None
        options = tuple(Option(str(place), *_said(pairs[place]["right"]), pairs[place]["right"] == right) for place in offered)
        rows.append(Row(*_said(pair["left"]), options))
    return tuple(rows)
