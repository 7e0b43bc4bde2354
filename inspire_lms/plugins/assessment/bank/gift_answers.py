"""The part of a GIFT question between the braces: which kind it is, and its answers.

Errors are raised with the place in the text, from which the reader makes the line.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.assessment.bank.gift_words import plain, show_escapes
from inspire_lms.plugins.assessment.kinds.numeric import number
from inspire_lms.plugins.assessment.kinds.shape import ALL, LONGEST_TEXT

TRUTH = re.compile(r"(T|TRUE|F|FALSE)\s*(?=#|$)", re.IGNORECASE)
WEIGHT = re.compile(r"\s*%([^%\s]*)%")
SIGNS = re.compile(r"[=~]")
GENERAL = "####"


class Wrong(Exception):  # noqa: N818 (it is the reader's own, and never leaves it)
    """A mistake at a place of the text."""

    def __init__(self, place: int, reason: Reason) -> None:
        """Keep both."""
        self.place = place
        self.reason = reason
        super().__init__(str(reason))


@dataclass(frozen=True)
class _Part:
    """One answer: its sign, weight, text and feedback."""

    place: int
    sign: str
    weight: Decimal | None
    text: str
    feedback: str


@dataclass(frozen=True)
class _Speaker:
    """Turns a piece of the file into words of one language."""

    language: str
    is_html: bool

    def words(self, text: str, place: int) -> dict[str, str]:
        said = words(text, place, is_html=self.is_html)
        if len(said) > LONGEST_TEXT:
            raise Wrong(place, Reason("The text has {n} characters; at most {most} are allowed.", n=len(said), most=LONGEST_TEXT))
        return {self.language: said} if said else {}

    def feedback(self, part: _Part) -> dict[str, Any]:
        return {"feedback": said} if (said := self.words(part.feedback, part.place)) else {}


def words(text: str, place: int, *, is_html: bool) -> str:
    """Give the plain text of a piece; raises Wrong when HTML holds what plain text cannot."""
    if match := re.match(r"\s*\[(html|moodle|plain|markdown)\]", text):
        text, is_html = text[match.end() :], match.group(1) == "html"
    if is_html:
        text, lost = plain(text)
        if lost:
            raise Wrong(place, Reason("The text holds the HTML element {name}, which cannot be taken over.", name=lost[0]))
    return show_escapes(text)


def read(text: str, start: int, end: int, language: str, *, is_html: bool) -> tuple[str, dict[str, Any]]:
    """Give the kind and the content that stand in *text* from *start* to *end*."""
    speaker = _Speaker(language, is_html)
    body, sign, general = text[start:end].partition(GENERAL)
    content: dict[str, Any] = {}
    if sign and (said := speaker.words(general, start + len(body))):
        content["feedback"] = said
    lead = len(body) - len(body.lstrip())
    if not body.strip():
        return "essay", content
    if TRUTH.match(body.strip()):
        return "true_false", content | _truth(body, start, speaker)
    if body.lstrip().startswith("#"):
        return "numeric", content | _numbers(body[lead + 1 :], start + lead + 1, speaker)
    parts = _parts(body, start)
    kind, build = _kind(parts)
    return kind, content | build(parts, speaker)


def _truth(body: str, start: int, speaker: _Speaker) -> dict[str, Any]:
    """Read T or F, then the feedback to a wrong answer and to a right one."""
    sign, _, feedback = body.strip().partition("#")
    wrong, _, right = feedback.partition("#")
    content: dict[str, Any] = {"truth": "true" if sign.strip().upper().startswith("T") else "false"}
    for key, text in (("feedback_wrong", wrong), ("feedback_right", right)):
        if said := speaker.words(text, start):
            content[key] = said
    return content


def _parts(body: str, start: int) -> list[_Part]:
    """Divide the answers at their signs."""
    signs = list(SIGNS.finditer(body))
    if not signs or body[: signs[0].start()].strip():
        raise Wrong(start, Reason("An answer starts with = when it is right and with ~ when it is wrong."))
    ends = [sign.start() for sign in signs[1:]] + [len(body)]
    return [_part(sign.group(), body[sign.end() : end], start + sign.start()) for sign, end in zip(signs, ends, strict=True)]


def _part(sign: str, text: str, place: int) -> _Part:
    """Read the weight, the text and the feedback of one answer."""
    place += len(text) - len(text.lstrip()) if "\n" in text[: len(text) - len(text.lstrip())] else 0
    weight = None
    if match := WEIGHT.match(text):
        weight = number(match.group(1))
        if weight is None or not -ALL <= weight <= ALL:
            raise Wrong(place, Reason("The weight {weight} is not a number from -100 to 100.", weight=match.group(1)))
        text = text[match.end() :]
    text, _, feedback = text.partition("#")
    return _Part(place, sign, weight, text, feedback)


def _kind(parts: Sequence[_Part]) -> tuple[str, Callable[[Sequence[_Part], _Speaker], dict[str, Any]]]:
    """Tell the kind from the signs."""
    if any(part.sign == "~" for part in parts):
        is_single = any(part.sign == "=" and part.weight in (None, ALL) for part in parts)
        return ("single" if is_single else "multiple"), _choices
    if any("->" in part.text for part in parts):
        return "matching", _pairs
    return "short_text", _accepted


def _choices(parts: Sequence[_Part], speaker: _Speaker) -> dict[str, Any]:
    choices = []
    for place, part in enumerate(parts, start=1):
        text = speaker.words(part.text, part.place)
        if not text:
            raise Wrong(part.place, Reason("A choice is empty."))
        choices.append({"code": str(place), "text": text, "weight": _written(_weight(part)), **speaker.feedback(part)})
    return {"choices": choices}


def _pairs(parts: Sequence[_Part], speaker: _Speaker) -> dict[str, Any]:
    pairs = []
    for part in parts:
        left, arrow, right = part.text.partition("->")
        if not arrow:
            raise Wrong(part.place, Reason("A pair has the sign -> between its left and its right side."))
        if part.weight is not None or part.feedback:
            raise Wrong(part.place, Reason("A pair has no weight and no feedback of its own."))
        pairs.append({"left": speaker.words(left, part.place), "right": speaker.words(right, part.place)})
    return {"pairs": pairs}


def _accepted(parts: Sequence[_Part], speaker: _Speaker) -> dict[str, Any]:
    answers = []
    for part in parts:
        text = speaker.words(part.text, part.place).get(speaker.language, "")
        if not text:
            raise Wrong(part.place, Reason("An accepted answer is empty."))
        answers.append({"text": text, "weight": _written(_weight(part)), **speaker.feedback(part)})
    return {"accepted": {speaker.language: answers}}


def _numbers(body: str, start: int, speaker: _Speaker) -> dict[str, Any]:
    """Read one number with its tolerance, or several after = with weights."""
    parts = _parts(body, start) if SIGNS.search(body) else [_part("=", body, start)]
    content: dict[str, Any] = {"numbers": []}
    for part in parts:
        if part.sign == "~":
            if part.text.strip():
                raise Wrong(part.place, Reason("A number that earns marks starts with =."))
            if said := speaker.words(part.feedback, part.place):
                content["feedback_wrong"] = said
            continue
        least, most = _range(show_escapes(part.text), part.place)
        content["numbers"].append(
            {"least": _written(least), "most": _written(most), "weight": _written(_weight(part)), **speaker.feedback(part)}
        )
    return content


def _range(text: str, place: int) -> tuple[Decimal, Decimal]:
    """Read 12, 12:0.5 (twelve, give or take a half) or 11..13."""
    low, dots, high = text.partition("..")
    middle, colon, tolerance = text.partition(":")
    first, second = number(low if dots else middle), number(high if dots else tolerance or "0")
    if first is None or second is None or (colon and not tolerance.strip()):
        raise Wrong(place, Reason("“{text}” is not a number. Write 12, or 12:0.5 with a tolerance, or 11..13 for a range.", text=text))
    if dots and first > second:
        raise Wrong(place, Reason("The smaller number of a range comes first."))
    if not dots and second < 0:
        raise Wrong(place, Reason("A tolerance is not negative."))
    return (first, second) if dots else (first - second, first + second)


def _weight(part: _Part) -> Decimal:
    if part.weight is not None:
        return part.weight
    return ALL if part.sign == "=" else Decimal(0)


def _written(value: Decimal) -> str:
    return format(value.normalize() + 0, "f")
