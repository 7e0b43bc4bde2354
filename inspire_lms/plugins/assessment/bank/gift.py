"""Reads a bank of questions in GIFT, Moodle's text format, into our own content.

What is read: titles ::x::, formats [html] and so on, = and ~ with weights, numbers with tolerance or range,
pairs, true and false, short texts, essays, feedback, escapes, comments and $CATEGORY. Each mistake is
reported with its line and the title of its question, and reading goes on with the next one.
Source: Moodle's description of the format, "GIFT format".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.assessment.bank import gift_answers
from inspire_lms.plugins.assessment.bank.gift_words import BREAK, FORMATS, HIDDEN, hide_escapes, show_escapes
from inspire_lms.plugins.assessment.kinds.known import KINDS
from inspire_lms.plugins.assessment.kinds.shape import LONGEST_TEXT, Content

LONGEST_TITLE = 120
MOST_QUESTIONS = 2_000
CATEGORY = re.compile(r"\s*\$CATEGORY:(.*)", re.IGNORECASE)
TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
FORMAT = re.compile(rf"\s*\[({'|'.join(FORMATS)})\]")
PRIVATE = re.compile(f"[{chr(HIDDEN)}-{BREAK}\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Letters that no text needs, and that stand for something else while we read."""
BLANK = " _____ "
"""What is shown where the answer belongs in the middle of a sentence."""


@dataclass(frozen=True)
class Question:
    """One question as the file has it, in one language."""

    line: int
    title: str
    category: str
    kind: str
    content: Content


@dataclass(frozen=True)
class Mistake:
    """What is wrong, and where."""

    line: int
    title: str
    """Empty when the question has none yet."""
    reason: Reason


@dataclass
class _Block:
    """The lines between two blank ones, comments left out."""

    category: str
    numbers: list[int] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def line_of(self, text: str, place: int) -> int:
        return self.numbers[min(text.count("\n", 0, max(place, 0)), len(self.numbers) - 1)]


def read(text: str, language: str) -> tuple[list[Question], list[Mistake]]:
    """Give the questions, their words in *language*, and the mistakes; there is at least one of either."""
    questions: list[Question] = []
    mistakes: list[Mistake] = []
    seen: dict[str, int] = {}
    for block in _blocks(PRIVATE.sub("", text)):
        found = _question(block, language)
        if isinstance(found, Mistake):
            mistakes.append(found)
        elif found.title in seen:
            reason = Reason("The title stands at line {line} already. Each question has its own.", line=seen[found.title])
            mistakes.append(Mistake(found.line, found.title, reason))
        else:
            seen[found.title] = found.line
            questions.append(found)
    if not questions and not mistakes:
        mistakes.append(Mistake(1, "", Reason("The file holds no question.")))
    if len(questions) > MOST_QUESTIONS:
        mistakes.append(Mistake(1, "", Reason("The file holds more than {most} questions. Divide it.", most=MOST_QUESTIONS)))
    return questions, mistakes


def _blocks(text: str) -> Iterator[_Block]:
    """Divide the file at its blank lines."""
    category = ""
    block = _Block(category)
    for number, line in enumerate(text.splitlines(), start=1):
        if match := CATEGORY.fullmatch(line):
            category = match.group(1).strip()
        if not line.strip() or match:
            if block.lines:
                yield block
            block = _Block(category)
        elif not line.lstrip().startswith("//"):
            block.numbers.append(number)
            block.lines.append(line)
    if block.lines:
        yield block


def _question(block: _Block, language: str) -> Question | Mistake:
    """Read one block; the first mistake ends the reading."""
    text = hide_escapes("\n".join(block.lines))
    titled = TITLE.match(text)
    title = show_escapes(titled.group(1)) if titled else ""
    try:
        _check_title(title)
        kind, content = _asked(text, titled.end() if titled else 0, language)
    except gift_answers.Wrong as wrong:
        return Mistake(block.line_of(text, wrong.place), title, wrong.reason)
    return Question(block.numbers[0], title, block.category, kind, content)


def _check_title(title: str) -> None:
    if not title:
        reason = Reason("The question has no title. Write one before it, between two pairs of colons, for example ::Budget 1::.")
        raise gift_answers.Wrong(0, reason)
    if len(title) > LONGEST_TITLE:
        reason = Reason("The title has {n} characters; at most {most} are allowed.", n=len(title), most=LONGEST_TITLE)
        raise gift_answers.Wrong(0, reason)


def _asked(text: str, start: int, language: str) -> tuple[str, Content]:
    """Take the stem and the answers apart; *start* is where the title ends."""
    opened, closed = _braces(text, start)
    after = text[closed + 1 :]
    stem = text[start:opened] + (BLANK + after if after.strip() else "")
    is_html = False
    if match := FORMAT.match(stem):
        stem, is_html = stem[match.end() :], match.group(1) == "html"
    kind, content = gift_answers.read(text, opened + 1, closed, language, is_html=is_html)
    words = gift_answers.words(stem, start, is_html=is_html)
    if not words:
        raise gift_answers.Wrong(start, Reason("The question has no text."))
    if len(words) > LONGEST_TEXT:
        raise gift_answers.Wrong(start, Reason("The text has {n} characters; at most {most} are allowed.", n=len(words), most=LONGEST_TEXT))
    whole: dict[str, object] = {"text": {language: words}, **content}
    if reason := KINDS[kind].check(whole):
        raise gift_answers.Wrong(opened, reason)
    return kind, whole


def _braces(text: str, start: int) -> tuple[int, int]:
    """Find the one pair of braces with the answers."""
    opened, closed = text.find("{", start), text.find("}", start)
    if opened < 0 and closed < 0:
        raise gift_answers.Wrong(start, Reason("The question has no answers. They stand in braces at its end."))
    if closed < 0:
        reason = Reason("A brace is opened and not closed before the next blank line.")
        raise gift_answers.Wrong(opened, reason)
    if opened < 0 or closed < opened:
        raise gift_answers.Wrong(closed, Reason("A brace is closed that was not opened."))
    for sign in "{}":
        if (second := text.find(sign, (opened if sign == "{" else closed) + 1)) >= 0:
            reason = Reason("A question has one pair of braces. Write a backslash before a brace that is meant as a letter.")
            raise gift_answers.Wrong(second, reason)
    return opened, closed
