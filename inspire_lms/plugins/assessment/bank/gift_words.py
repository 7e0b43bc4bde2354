"""The letters of GIFT: which have a meaning, and how they are written when they should have none."""

import re
from html.parser import HTMLParser

SPECIAL = "\\~=#{}:"
FORMATS = ("html", "moodle", "plain", "markdown")
LOST = frozenset({"img", "script", "iframe", "object", "embed", "video", "audio", "table", "svg", "math", "form", "input"})
"""Elements that plain text cannot take over."""
LINES = frozenset({"br", "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "pre"})
HIDDEN = 0xE000
"""Start of the private letters that stand for escaped ones while a question is taken apart."""


BREAK = chr(HIDDEN + len(SPECIAL))
"""Stands for a line break that was written as one, not for one that only wraps the line."""


def hide_escapes(text: str) -> str:
    """Put a private letter in the place of each escaped letter, so that it is not taken for a sign."""
    return re.sub(r"\\([\\~=#{}:n])", lambda match: BREAK if match.group(1) == "n" else chr(HIDDEN + SPECIAL.index(match.group(1))), text)


def show_escapes(text: str) -> str:
    """Put the real letters back, and a line break where one was written; other white space becomes one space."""
    lines = "\n".join(" ".join(part.split()) for part in text.split(BREAK))
    return re.sub(f"[{chr(HIDDEN)}-{BREAK}]", lambda match: SPECIAL[ord(match.group()) - HIDDEN], lines).strip()


def escape(text: str) -> str:
    """Write *text* so that no letter of it has a meaning in GIFT."""
    return re.sub(r"([\\~=#{}:])", r"\\\1", text).replace("\n", "\\n")


class _Plain(HTMLParser):
    """Takes the text out of HTML and notes what would be lost."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.lost: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in LOST:
            self.lost.add(tag)
        if tag in LINES:
            self.parts.append(BREAK)

    def handle_data(self, data: str) -> None:
        self.parts.append(data.replace("\n", " "))


def plain(markup: str) -> tuple[str, tuple[str, ...]]:
    """Give the text of *markup* without its elements, and the names of the elements that would be lost."""
    reader = _Plain()
    reader.feed(markup)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split(BREAK))
    return BREAK.join(line for line in lines if line), tuple(sorted(reader.lost))
