"""What all kinds of question share.

The content of a question is plain data, ready for JSON. Words are kept by language, figures as text.

    text      {"en": "…", "it": "…"}
    feedback  the same, shown with the result; may be absent
    and what the kind itself adds: choices, truth, numbers, accepted, pairs, criteria

An answer is a list of texts, as a form sends it, whatever the kind; None stands for no answer.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol, TypeAlias

from inspire_lms.kernel.errors import Reason

Content: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = Sequence[str]

ALL = Decimal(100)
"""The weight, in per cent, of an answer that is right as a whole."""
TONOS = re.compile("([\u0370-\u03ff]\u0308?)\u0301")
"""A Greek letter and its tonos, in decomposed text."""
LONGEST_TEXT = 2_000
"""Characters of a question, a choice or a short answer."""


class Kind(Protocol):
    """What a module of this folder offers."""

    def check(self, content: Content) -> Reason | None:
        """Say what is wrong with the question itself; None when it can be asked."""

    def why_not(self, content: Content, answer: Answer) -> Reason | None:
        """Say why *answer* cannot be an answer to this question; None when it can, right or wrong."""

    def grade(self, content: Content, answer: Answer | None) -> Decimal | None:
        """Give the share of full marks, 0 to 1, four places; None when only a person can say."""

    def describe(self, content: Content, answer: Answer | None, language: str) -> str:
        """Put *answer* into words of *language*; empty when there is none."""

    def same_shape(self, one: Content, other: Content) -> bool:
        """Say whether the two are the same question in different words."""


def said(words: Mapping[str, str], language: str) -> str:
    """Give the words in *language*, else in English, else in the first language there is."""
    return words.get(language) or words.get("en") or next((text for text in words.values() if text), "")


def share(per_cent: Decimal) -> Decimal:
    """Turn a weight in per cent into a share from 0 to 1, rounded half up to four places."""
    return (min(max(per_cent, Decimal(0)), ALL) / ALL).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def folded(text: str) -> str:
    """Write *text* so that capitals and spaces make no difference; Greek capitals have no tonos, so the tonos makes none either."""
    apart = unicodedata.normalize("NFD", " ".join(text.split()).casefold())
    return unicodedata.normalize("NFC", TONOS.sub(r"\1", apart))
